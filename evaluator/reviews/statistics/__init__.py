"""Honest statistics of a round beside its results: agreement, leniency, calibrated scores, progress of the sheets."""
