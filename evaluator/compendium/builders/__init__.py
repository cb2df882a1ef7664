"""The book in every format: one function from an edition to bytes for each."""
