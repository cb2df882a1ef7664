"""What holds for every test: no network but this machine's own, and nothing skipped where nothing may be missing.

The fixtures that need the application stand in ``tests/harness.py``, so that the tests of the rules load neither
Flask nor SQLAlchemy.
"""

import os
import socket
from collections.abc import Iterator

import pytest

# With these set (CI does) a test that finds no browser or no PostgreSQL fails instead of being skipped.
REQUIRED = {name for name in ("REQUIRE_BROWSER", "REQUIRE_POSTGRES") if os.environ.get(name)}
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - an address to allow, not to listen on


def pytest_configure(config: pytest.Config) -> None:
    if "REQUIRE_POSTGRES" in REQUIRED and not os.environ.get("TEST_POSTGRES_URL"):
        pytest.exit("REQUIRE_POSTGRES is set and TEST_POSTGRES_URL is not", returncode=4)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be missing, a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRED and reporter is not None and exitstatus == 0 and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Let no test reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(this: socket.socket, address: object) -> None:
        if this.family in {socket.AF_INET, socket.AF_INET6} and not str(address[0]).startswith(LOOPBACK):  # type: ignore[index]
            raise PermissionError(f"a test tried to reach {address}")
        connect(this, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]
