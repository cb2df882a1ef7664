"""What scoring comes to: one row per initiative, the ranking, the spread, what is outstanding."""
