"""What scoring needs besides the sheets: the count of public votes, the category of the author."""
