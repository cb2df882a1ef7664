"""A save that was answered is there, whatever happens to the server. ``python -m bench.durability`` kills more often."""

import os

import psycopg
import pytest
from sqlalchemy import make_url

from bench import durability


@pytest.fixture
def url(engine):
    """The address of an empty database of its own; empty for SQLite, which takes a file of the instance."""
    if engine == "sqlite":
        yield ""
        return
    server = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql")
    name = f"durability_{os.getpid()}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_every_answered_save_is_there_after_the_server_was_killed(tmp_path, url):
    outcome = durability.run(tmp_path, url=url, people=64, kills=3)

    assert (outcome.lost, outcome.faults) == ([], [])
    assert outcome.saved > 0


@pytest.mark.engines("sqlite")
def test_a_lost_save_is_noticed(tmp_path, url):
    sheets = durability.prepare(tmp_path, url, people=2)
    promised = durability.Sheet(sheets[0][0].code, sheets[0][0].assignment_id, sent=["lần một", "lần hai"], answered=1)

    assert durability.lost(tmp_path, [promised]) == [f"{promised.code}: None instead of 'lần hai'"]
