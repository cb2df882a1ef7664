"""Fifty members cast forty items at the same second; the server is killed; every receipt given is in the box."""

import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from bench import ballots, processes
from config import Config
from evaluator.app import create_app
from evaluator.core import schema
from evaluator.core.db import db
from evaluator.council.models import CouncilRole, LedgerEntry
from evaluator.council.sealed.models import Envelope, RollLine
from evaluator.people.passwords import passwords
from evaluator.rules import sealing
from tests.factories import PASSWORD, START
from tests.factories_council import SEATS, a_council, a_session, account_of, an_item
from tests.factories_sealed import SECRET, an_open_sealed_vote, enclosed


class Crowd:
    """An open box in a database of its own, and the members at their browsers."""

    def __init__(self, instance: Path, url: str, *, members: int = 50, items: int = 40) -> None:
        self.instance, self.url, self.items, self.port = instance, url, items, processes.free_port()
        os.environ["SECRET_KEY"] = SECRET
        self.app = create_app(Config.development({"INSTANCE_DIR": str(instance), "SECRET_KEY": SECRET, **self._url()}))
        passwords.configure(memory_kib=64, rounds=1)  # not the slowness of hashes is looked at here
        with self.app.app_context():
            schema.upgrade()
            held = a_session(a_council(seats=[*SEATS, *[CouncilRole.MEMBER] * (members - len(SEATS))]))
            agenda = [an_item(held, number=number) for number in range(1, items + 1)]
            vote = an_open_sealed_vote(held, agenda, now=START)
            self.poll_hash, self.pad = vote.sealed.poll_hash, vote.sealed.pad
            self.layers = vote.poll.definition["sealed"]["layers"]
            path = f"/council/{held.council.code}/sessions/1/sealed/1/cast"
            emails = [account_of(member).email for member in held.members]
            self._leave()
        self.members = [
            ballots.Member(email, PASSWORD, path, self.seal, place, self.port) for place, email in enumerate(emails)
        ]

    def _url(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url} if self.url else {}

    def _leave(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def seal(self, place: int) -> dict[str, Any]:
        """One more ballot of a member, sealed as a browser does it."""
        envelopes = {}
        for part in range(1, self.items + 1):
            plain = sealing.written(self.poll_hash, part, ballots.CHOICES[(place + part) % 3], pad=self.pad)
            envelopes[part] = enclosed(plain, self.layers, self.poll_hash, part)
        return ballots.ballot_of(self.poll_hash, envelopes)

    def faults(self) -> list[str]:
        return [fault for member in self.members for fault in member.faults]

    def box(self) -> dict[int, dict[int, str]]:
        """The hashes in the box by member and part."""
        inside: dict[int, dict[int, str]] = {}
        with self.app.app_context():
            lines = db.session.query(RollLine).order_by(RollLine.member_id).all()
            places = {line.member_id: place for place, line in enumerate(lines)}
            for envelope in db.session.query(Envelope):
                inside.setdefault(places[envelope.member_id], {})[envelope.part] = envelope.hash
            self._leave()
        return inside

    def lost(self) -> list[str]:
        """Say which receipts do not stand: its entry is not in the ledger, or the box holds something older."""
        inside, found = self.box(), []
        with self.app.app_context():
            ledger = {entry.number: entry.hash for entry in db.session.query(LedgerEntry)}
            self._leave()
        for member in self.members:
            found += [
                f"{member.email}: entry {receipt['entry']}"
                for receipt in member.receipts
                if ledger.get(receipt["entry"]) != receipt["head"]
            ]
            sent = [
                {part["part"]: sealing.hash_of(bytes.fromhex(part["envelope"])) for part in each["parts"]}
                for each in member.sent
            ]
            answered = [hashes for hashes in sent if sorted(hashes.items()) == self._last(member)]
            if not answered or inside.get(member.number) not in sent[sent.index(answered[-1]) :]:
                found.append(f"{member.email}: the box holds something else than the last ballot")
        return found

    def _last(self, member: ballots.Member) -> list[tuple[int, str]]:
        return [(part, name) for part, name in member.receipts[-1]["envelopes"]] if member.receipts else []


@pytest.fixture
def crowd(engine, tmp_path, monkeypatch):
    """A box for fifty, on a database of its own."""
    monkeypatch.setenv("SECRET_KEY", SECRET)
    if engine == "sqlite":
        yield Crowd(tmp_path, "")
        return
    server = make_url(os.environ["TEST_POSTGRES_URL"]).set(drivername="postgresql")
    name = f"crowd_{os.getpid()}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield Crowd(
            tmp_path, server.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_fifty_members_cast_forty_items_at_once_and_no_receipt_is_lost_when_the_server_is_killed(crowd):
    with ballots.server(crowd.instance, crowd.port, crowd.url) as running:
        seconds = ballots.all_at_once(crowd.members)
        inside = crowd.box()

        assert crowd.faults() == []
        assert [len(member.receipts) for member in crowd.members] == [1] * 50
        assert {len(parts) for parts in inside.values()} == {40}
        assert len({name for parts in inside.values() for name in parts.values()}) == 50 * 40
        assert len({receipt["entry"] for member in crowd.members for receipt in member.receipts}) == 50
        assert crowd.lost() == []
        assert seconds < 30, "nobody waits for an answer like that"

        ballots.again_and_again(crowd.members, crowd.instance, crowd.port, crowd.url, kills=1, running=running)

    assert crowd.faults() == []
    assert sum(len(member.receipts) for member in crowd.members) > 50
    assert crowd.lost() == []
    assert len(crowd.box()) == 50


def test_a_lost_ballot_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", SECRET)
    crowd = Crowd(tmp_path, "", members=7, items=2)
    for member in crowd.members:
        ballot = member.seal(member.number)
        hashes = [[part["part"], sealing.hash_of(bytes.fromhex(part["envelope"]))] for part in ballot["parts"]]
        member.sent.append(ballot)
        member.receipts.append({"entry": 99, "head": "0" * 64, "envelopes": hashes})

    assert len(crowd.lost()) == 14
