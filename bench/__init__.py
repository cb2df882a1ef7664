"""Measures how fast and how large the service is: ``make bench``."""
