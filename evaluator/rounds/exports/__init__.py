"""Files with names in them: whoever takes one along has said so first, on record."""
