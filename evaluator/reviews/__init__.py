"""Blind reading, score sheets, signing, and the results of scoring."""
