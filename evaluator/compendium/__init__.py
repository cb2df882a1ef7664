"""Editing and publishing: editorial text, editions, and the book in every format."""
