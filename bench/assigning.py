"""Assigning in the application: propose, keep, announce for a whole province, and the pages of the secretary.

python -m bench.assigning 62887 1000      prints its lines as JSON; some minutes on SQLite
"""

import dataclasses
import json
import logging
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench import large_round
from bench.measure import Person, Row, of
from config import Config
from evaluator.app import create_app
from evaluator.assignment import queries as assignments
from evaluator.assignment.models import ReviewerProfile
from evaluator.assignment.proposals import doing
from evaluator.assignment.proposals.finding import Wishes
from evaluator.core import schema
from evaluator.core.clock import SystemClock
from evaluator.core.db import db
from evaluator.initiatives.models import Author, Initiative
from evaluator.people.models import Account, RoleGrant
from evaluator.policy import OPERATOR
from evaluator.rounds import presets
from evaluator.rounds.models import Round
from evaluator.rules.dossier import FIELDS
from evaluator.rules.lifecycle import InitiativeState
from evaluator.units.models import Unit

TIMES = 5
BASE = f"/rounds/{large_round.CODE}/assignment"


def fill(dossiers: int, reviewers: int, *, seed: int = 1) -> None:
    """Fill the database with accepted dossiers and reviewers of one to three fields, nothing assigned yet."""
    chance = random.Random(seed)
    accepted = ({**row, "state": InitiativeState.ACCEPTED} for row in large_round.initiatives(chance, dossiers))
    judges = ({**row, "unit_id": 2 + row["id"] % 290} for row in large_round.accounts(chance, reviewers))
    large_round.bulk(Unit, large_round.units())
    large_round.bulk(Account, judges)
    large_round.bulk(RoleGrant, large_round.grants(reviewers))
    large_round.bulk(Round, [large_round.the_round(next(iter(presets.rubrics())), takes=False)])
    large_round.bulk(Initiative, accepted)
    large_round.bulk(Author, large_round.authors(chance, dossiers))
    large_round.bulk(ReviewerProfile, _profiles(chance, reviewers))
    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _profiles(chance: random.Random, reviewers: int) -> Iterator[dict[str, Any]]:
    for number in range(reviewers):
        yield {
            "account_id": 10 + number,
            "fields": chance.sample(FIELDS, chance.randint(1, 3)),
            "keywords": large_round.words.sentence(chance, 12),
            "relatives": [],
            "is_available": True,
            "version": 1,
        }


@contextmanager
def _timed() -> Iterator[Callable[[], tuple[float, float]]]:
    """Yield what tells, at the end, processor milliseconds and wall seconds since the beginning."""
    cpu, wall = time.process_time(), time.perf_counter()
    yield lambda: ((time.process_time() - cpu) * 1000, time.perf_counter() - wall)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _step(what: str, size: int, act: Callable[[], Any]) -> Row:
    with _timed() as told:
        result = act()
    cost, wall = told()
    return Row(what, size, cost, cost, note=f"{wall:.1f} s wall, peak {_peak():.0f} MB, {result}")


def rows(dossiers: int, reviewers: int) -> Iterator[Row]:
    """Measure on a SQLite file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(Config.test(database_url=f"sqlite:///{instance / 'b.sqlite3'}", instance_dir=instance))
        logging.disable(logging.INFO)
        with app.app_context():
            schema.upgrade()
            fill(dossiers, reviewers)
            yield from _measured(app, dossiers)
            db.session.remove()
            db.engine.dispose()


def _measured(app: Any, size: int) -> Iterator[Row]:
    secretary = Person(app, "secretary@example.org", large_round.PASSWORD)

    def page(what: str, path: str) -> Row:
        return of(what, size, lambda: secretary.ask(BASE + path), times=TIMES)

    yield page("assignment: start", "")
    yield page("assignment: who remains", "/remaining")
    yield _step("propose and keep", size, lambda: _do(doing.propose, doing.as_params(large_round.CODE, Wishes())))
    yield page("assignment: proposal", "/proposal")
    yield page("assignment: proposal, by code", "/proposal?q=DKST-2026-0004")
    yield page("assignment: one dossier", "/proposal/dossiers/DKST-2026-00007")
    yield page("assignment: before announcing", "/proposal/announcement")
    yield page("assignment: reviewers", "/reviewers")
    yield _step("announce", size, lambda: _do(doing.announce, {"round": large_round.CODE}))
    yield page("assignment: given", "/given")
    a_round = db.session.get_one(Round, 1)
    given = assignments.overview(a_round, actor=OPERATOR).given
    yield page(f"assignment: start, {given} given", "")


def _do(act: Callable[..., dict[str, Any]], params: dict[str, Any]) -> str:
    told: list[str] = []

    def progress(done: int, total: int, message: str = "", **_values: object) -> None:
        told.append(f"{done}/{total} {message} [{time.strftime('%T')}]")

    result = act(params, by=OPERATOR, clock=SystemClock(), progress=progress)
    return f"{result.get('pairs')} pairs; {'; '.join(told)}"


def main() -> None:
    """Measure and print one JSON document per line."""
    for row in rows(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(dataclasses.asdict(row), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
