"""What every part may use: errors, the database session, the clock, codes, files, text."""
