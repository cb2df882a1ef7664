"""Initiatives: drafting, intake from spreadsheets, files, checking, supplements, blind values."""
