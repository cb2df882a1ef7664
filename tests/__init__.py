"""The tests: unit, property, integration, browser, architecture."""
