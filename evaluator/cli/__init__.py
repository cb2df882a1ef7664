"""Operators' commands: each a thin door to the same verbs the pages use. ``everything`` has the list."""
