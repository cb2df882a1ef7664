"""Reviewers say what they would like to read, on titles without names, before anything is assigned."""
