"""Votes of a council: put, cast by name or counted from papers, closed, decided."""
