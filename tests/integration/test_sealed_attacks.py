"""Whoever holds the database, its log, a dump or the service's log learns nothing of a sealed vote.

The attacks are those that undo an "anonymous" table of ballots in one step: replaying the write-ahead log, the order of
rows on the disk, and PostgreSQL's ``xmin``. They are tried twice: before the opening for any trace of a choice, and
after it for a pairing of members and ballots.
"""

import json
import logging
import random
import re
import secrets
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from evaluator.core.db import db
from evaluator.council.models import CouncilRole
from evaluator.council.sealed import purging
from evaluator.policy import SYSTEM
from evaluator.rules import sealing
from tests.factories_council import SEATS, a_council, a_session, an_item
from tests.factories_sealed import a_sealed_vote
from tests.harness import POSTGRES

SIZE = 24
OWN = {"dump", "log"}  # what a PostgreSQL server keeps besides is shared with other tests' databases


@pytest.fixture
def held(app):
    return a_session(a_council(seats=[*SEATS, *[CouncilRole.MEMBER] * (SIZE - len(SEATS))]))


@pytest.fixture
def cast_vote(held, clock, caplog):
    """Every member casts, in an order drawn by lot; the choices alternate in that order. Nothing is opened yet."""
    caplog.set_level(logging.DEBUG)
    vote = a_sealed_vote(held, [an_item(held)], now=clock.now(), publication="tracked").give_keys().freeze().open()
    vote.known = f"na mít khế {secrets.token_hex(8)}"  # beside one ballot: nothing else in the world is spelled so
    order = list(range(SIZE))
    random.Random(5).shuffle(order)  # noqa: S311 - any order but that of the seats
    for turn, place in enumerate(order):
        choice = ("yes", "no")[turn % 2]
        vote.cast(place, {1: choice}, tracker=words_of(vote, turn))
    vote.order = order
    return vote


def words_of(vote, turn: int) -> str:
    """The words beside the ballot that was cast as the n-th."""
    return f"từ số {turn} ở đây" if turn else vote.known


def on_disk(storehouse) -> dict[str, bytes]:
    """Everything the database keeps: the files of SQLite with its log, or a dump and the log of PostgreSQL's writes."""
    if db.engine.dialect.name == "sqlite":
        folder = storehouse.folder
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    address = make_url(POSTGRES).set(drivername="postgresql", database=storehouse.name)
    dump = subprocess.run(
        ["pg_dump", "--dbname", address.render_as_string(hide_password=False)], capture_output=True, check=True
    ).stdout
    db.session.execute(text("CHECKPOINT"))
    data = Path(db.session.execute(text("SHOW data_directory")).scalar_one())
    db.session.rollback()
    logs = {path.name: path.read_bytes() for path in (data / "pg_wal").iterdir() if path.is_file()}
    files = data / "base"
    return {"dump": dump, **logs, **{path.name: path.read_bytes() for path in files.rglob("*") if path.is_file()}}


def test_nothing_on_disk_or_in_the_logs_tells_a_choice_before_the_opening(cast_vote, storehouse, caplog):
    known = cast_vote.known
    plain = sealing.written(cast_vote.sealed.poll_hash, 1, "yes", pad=256, tracker=known).rstrip(b"\0")
    words = [known.encode(), json.dumps(known).encode().strip(b'"'), plain, plain.hex().encode()]

    kept = on_disk(storehouse) | {"log": caplog.text.encode()}

    found = [(name, word) for name, content in kept.items() for word in words if word in content]
    assert found == []
    own = kept if db.engine.dialect.name == "sqlite" else {name: kept[name] for name in OWN}
    assert [name for name, content in own.items() if b'"choice"' in content] == []
    assert any(cast_vote.sealed.poll_hash.encode() in content for content in kept.values())  # the search does find


def test_a_known_choice_in_the_database_is_found_by_the_search(cast_vote, storehouse):
    db.session.execute(text("UPDATE sealed_roll SET request = :known"), {"known": cast_vote.known})
    db.session.commit()

    assert any(cast_vote.known.encode() in content for content in on_disk(storehouse).values())


def opened_in_order(vote) -> list[str]:
    """The opened ballots in every order the database can be made to give, as the words beside them."""
    rows = db.session.execute(text("SELECT content FROM sealed_list WHERE layer = 'B'")).scalars().all()
    content = json.loads(rows[0]) if isinstance(rows[0], str) else rows[0]
    return [tracker for tracker, _choice in content]


def right_guesses(vote, guessed: list[str], order: list[int]) -> int:
    """How many members are paired with their own ballot when the n-th row is taken for the n-th who voted."""
    own = {place: words_of(vote, turn) for turn, place in enumerate(order)}
    return sum(own[place] == tracker for place, tracker in zip(order, guessed, strict=True))


def rows_by(column: str) -> list[int]:
    """The members in the order of their envelopes on the disk."""
    return list(db.session.execute(text(f"SELECT member_id FROM sealed_envelope ORDER BY {column}")).scalars())


def test_the_order_of_rows_pairs_no_member_with_a_ballot_after_the_opening(cast_vote):
    cast_vote.shut().open_all()
    column = "rowid" if db.engine.dialect.name == "sqlite" else "ctid"
    members = [member.id for member in cast_vote.session.members]
    cast_order = [members.index(each) for each in rows_by(column)]

    assert cast_order == cast_vote.order  # the attacker does learn who voted when…
    guesses = right_guesses(cast_vote, opened_in_order(cast_vote), cast_order)
    assert guesses <= 4  # …and pairs no more than chance: of a shuffle, one on average, five in 270 tries


@pytest.mark.engines("postgresql")
def test_xmin_joins_no_opened_ballot_to_a_member(cast_vote):
    cast_vote.shut().open_all()

    joined = db.session.execute(
        text("SELECT count(*) FROM sealed_envelope e JOIN sealed_list l ON l.xmin = e.xmin")
    ).scalar_one()
    by_xmin = rows_by("xmin::text::bigint")
    members = [member.id for member in cast_vote.session.members]

    assert joined == 0
    assert [members.index(each) for each in by_xmin] == cast_vote.order
    assert right_guesses(cast_vote, opened_in_order(cast_vote), cast_vote.order) <= 4


@pytest.mark.engines("sqlite")
def test_replaying_the_log_pairs_no_member_with_a_ballot(cast_vote, storehouse):
    """The log has one commit per ballot, in order: each holds one more envelope, and nothing beside it but hashes."""
    envelopes = dict(db.session.execute(text("SELECT member_id, content FROM sealed_envelope")).all())
    db.session.rollback()
    log = next(content for name, content in on_disk(storehouse).items() if name.endswith("-wal"))
    members = [member.id for member in cast_vote.session.members]
    replayed = sorted(envelopes, key=lambda member: log.find(envelopes[member]))

    cast_vote.shut().open_all()

    assert [members.index(each) for each in replayed] == cast_vote.order  # the replay works…
    assert right_guesses(cast_vote, opened_in_order(cast_vote), cast_vote.order) <= 4  # …and leads to ciphertexts only
    assert [*pairwise(opened_in_order(cast_vote))] == [*pairwise(sorted(opened_in_order(cast_vote)))]


def test_a_table_in_the_order_of_casting_would_be_found_out(cast_vote):
    in_order = [words_of(cast_vote, turn) for turn in range(SIZE)]

    assert right_guesses(cast_vote, in_order, cast_vote.order) == SIZE


def test_the_ledger_names_no_member_beside_a_ballot_and_no_moment_of_casting(cast_vote):
    rows = db.session.execute(
        text("SELECT kind, body, at FROM council_ledger_entry WHERE kind IN ('cast', 'replace')")
    ).all()
    bodies = [json.loads(body) if isinstance(body, str) else body for _kind, body, _at in rows]

    assert {frozenset(body) for body in bodies} == {frozenset({"poll", "commit"})}
    assert len({at for _kind, _body, at in rows}) == 1
    seen = db.session.execute(
        text("SELECT count(*) FROM audit_entry WHERE event LIKE 'ballot.%' AND actor_id IS NOT NULL")
    )
    about = db.session.execute(text("SELECT DISTINCT event FROM audit_entry")).scalars().all()
    assert seen.scalar_one() == 2 + 1 + 1  # keys twice, prepared, opened: nobody's casting
    assert "poll.vote-cast" not in about


def test_after_the_purge_no_envelope_is_left_in_the_tables(cast_vote, storehouse):
    envelopes = list(db.session.execute(text("SELECT content FROM sealed_envelope")).scalars())
    db.session.rollback()
    assert any(envelopes[0] in content for content in on_disk(storehouse).values())
    cast_vote.shut().open_all()

    assert purging.purge(by=SYSTEM, now=cast_vote.now + sealing.COMPLAINTS) == 1

    db.session.remove()
    logs = re.compile(r"[0-9A-F]{24}")  # the write-ahead log of PostgreSQL expires by its own rule
    left = [
        name
        for name, content in on_disk(storehouse).items()
        if not logs.fullmatch(name) and any(bytes(envelope)[65:] in content for envelope in envelopes)
    ]
    assert left == []
