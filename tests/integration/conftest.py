"""The fixtures of the whole application."""

from tests.harness import app, client, clock, pytest_generate_tests, storehouse

__all__ = ["app", "client", "clock", "pytest_generate_tests", "storehouse"]
