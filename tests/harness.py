"""What a test of the whole may ask for: the application on a fresh database, a clock that stands still, a person at the pages."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from config import Config
from evaluator import invariants
from evaluator.app import create_app
from evaluator.core import schema
from evaluator.core.clock import FixedClock
from evaluator.core.db import db
from tests.page_client import PageClient

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
ENGINES = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, nine in the morning in Thanh Hóa


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever touches a database once on each engine there is."""
    if "engine" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("engines")
        wanted = marker.args if marker else ENGINES
        metafunc.parametrize("engine", [each for each in ENGINES if each in wanted], scope="session")


class Storehouse:
    """One application for all tests of an engine; for each of them the database is new and the files are gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instance = folder / "instance"
        self.instance.mkdir()
        self.app = create_app(Config.test(database_url=self.address(), instance_dir=self.instance))

    def address(self) -> str:
        """Return the address of the database that tests use."""
        raise NotImplementedError

    def build(self) -> None:
        """Make the template by the migrations."""
        with self.app.app_context():
            schema.upgrade()
            db.session.remove()
            db.engine.dispose()
        self._keep()

    def renew(self) -> None:
        """Put a copy of the template in the place of what the last test left."""
        with self.app.app_context():
            db.engine.dispose()
        shutil.rmtree(self.instance)
        self.instance.mkdir()
        self._renew()

    def close(self) -> None:
        """Leave nothing behind."""
        with self.app.app_context():
            db.engine.dispose()

    def _keep(self) -> None:
        raise NotImplementedError

    def _renew(self) -> None:
        raise NotImplementedError


class SqliteStorehouse(Storehouse):
    """A file, copied."""

    @property
    def file(self) -> Path:
        return self.folder / "test.sqlite3"

    def address(self) -> str:
        return f"sqlite:///{self.file}"

    def _keep(self) -> None:
        self.file.rename(self.folder / "template.sqlite3")

    def _renew(self) -> None:
        for leftover in self.folder.glob("test.sqlite3*"):
            leftover.unlink()
        shutil.copyfile(self.folder / "template.sqlite3", self.file)


_houses = count(1)


class PostgresStorehouse(Storehouse):
    """A database: emptied where a test has only written rows (a few ms), copied anew where it changed the tables."""

    RELATIONS = (
        "SELECT count(*), sum(hashtext(relname)::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    EMPTY = """
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
                LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
            FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
                LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', name); END LOOP;
        END $$
    """

    def __init__(self, folder: Path) -> None:
        # Each conftest that takes the fixture over has a storehouse of its own: the names must differ.
        own = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}_{next(_houses)}"
        self.name, self.template = f"test_{own}", f"template_{own}"
        self.server = self._connect(make_url(POSTGRES).database or "postgres")
        self.server.execute(f"CREATE DATABASE {self.name}")
        self.room: psycopg.Connection[Any] | None = None
        self.relations: Any = None
        super().__init__(folder)

    def address(self) -> str:
        return make_url(POSTGRES).set(database=self.name).render_as_string(hide_password=False)

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        address = make_url(POSTGRES).set(drivername="postgresql", database=database)
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)

    def _keep(self) -> None:
        self.server.execute(f"ALTER DATABASE {self.name} RENAME TO {self.template}")

    def _renew(self) -> None:
        if self.room is not None and self.room.execute(self.RELATIONS).fetchone() == self.relations:
            self.room.execute(self.EMPTY)
            return
        if self.room is not None:
            self.room.close()
        self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.server.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.template} STRATEGY file_copy")
        self.room = self._connect(self.name)
        self.room.execute("SET session_replication_role = replica")  # the order of the tables does not matter
        self.relations = self.room.execute(self.RELATIONS).fetchone()

    def close(self) -> None:
        super().close()
        if self.room is not None:
            self.room.close()
        self.server.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.server.execute(f"DROP DATABASE IF EXISTS {self.template}")
        self.server.close()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until the test moves it."""
    return FixedClock(START)


@pytest.fixture(scope="session")
def storehouse(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storehouse]:
    """The database of one engine: built once by the migrations, given out as fresh copies."""
    kind = PostgresStorehouse if engine == "postgresql" else SqliteStorehouse
    house = kind(tmp_path_factory.mktemp(engine))
    house.build()
    yield house
    house.close()


@pytest.fixture
def app(storehouse: Storehouse, clock: FixedClock) -> Iterator[Flask]:
    """The application on a database of its own for this test, its context pushed; the invariants hold at the end."""
    app = storehouse.app
    storehouse.renew()
    app.extensions["clock"] = clock
    with app.app_context():
        yield app
        db.session.rollback()
        broken = {name: codes for name, codes in invariants.check().items() if codes}
        db.session.remove()
    assert broken == {}, f"invariants broken at the end of the test: {broken}"


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Somebody at the pages who has not signed in."""
    return PageClient(app)
