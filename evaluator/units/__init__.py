"""The tree of organisations, each with the dates between which it exists."""
