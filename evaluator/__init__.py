"""The service with which a council selects, edits and publishes outstanding initiatives."""

__version__ = "0.1.0"
