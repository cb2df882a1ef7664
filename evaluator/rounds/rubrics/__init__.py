"""Rubrics made on pages: a draft that may hold mistakes, and the versions rounds may use."""
