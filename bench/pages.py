"""The most used pages of a large round: what each costs the server.

python -m bench.pages 5000        prints its lines as JSON, for bench to put into the table
"""

import dataclasses
import json
import logging
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import large_round
from bench.measure import Person, Row, of
from config import Config
from evaluator.app import create_app
from evaluator.core import schema
from evaluator.core.db import db

TIMES = 40
ROUND = large_round.CODE
SORTS = ("submitted", "code", "title", "author", "unit", "field")
ASK = Callable[[], tuple[float, int, int, str]]


def rows(size: int, *, url: str = "") -> Iterator[Row]:
    """Fill a database of its own with so many dossiers and measure."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(
            Config.test(database_url=url or f"sqlite:///{instance / 'bench.sqlite3'}", instance_dir=instance)
        )
        logging.disable(logging.INFO)
        with app.app_context():
            schema.upgrade()
            begun = time.process_time()
            large_round.fill(size)
            print(f"filled {size:,} in {time.process_time() - begun:.0f} s", file=sys.stderr)
            yield from _measured(app, size)
            db.session.remove()
            db.engine.dispose()


def _measured(app: Any, size: int) -> Iterator[Row]:
    reviewer = Person(app, "reviewer.0@example.org", large_round.PASSWORD)
    secretary = Person(app, "secretary@example.org", large_round.PASSWORD)
    yield of("reviewer: list", size, lambda: reviewer.ask("/reviews/"), times=TIMES, aim="8 ms; 1.3 of 1,000")
    codes = re.findall(r'href="/reviews/(B\d{7})"', reviewer.ask("/reviews/")[3])
    yield of("reviewer: open a dossier to score", size, _each(reviewer, "/reviews/{}", codes), times=TIMES, aim="5 ms")
    yield of(
        "reviewer: save a sheet (form)", size, _saves(reviewer, codes), times=TIMES, aim="8 ms; 12 SQL with its form"
    )
    yield of("reviewer: autosave", size, _keeps(reviewer, codes), times=TIMES)
    for door in (f"/register/rounds/{ROUND}/names", "/register/DKST-2026-00007/authors"):
        _open_names(secretary, door)  # once a day, on record
    for sort in SORTS:
        start = f"/register/?round={ROUND}&sort={sort}"
        yield of(
            f"secretary: register by {sort}",
            size,
            lambda at=start: secretary.ask(at),
            times=TIMES // 2,
            aim="15 ms; 64 kB",
        )  # type: ignore[misc]  # the default binds the address of this turn
    deep = _deep_page(secretary, f"/register/?round={ROUND}&sort=title", steps=20)
    yield of("secretary: register, a deep page", size, lambda: secretary.ask(deep), times=TIMES, aim="15 ms; 64 kB")
    for words in ("năng lượng mặt trời", "tuoi tiet kiem", "DKST-2026-00777"):
        path = f"/register/?round={ROUND}&q={words}"
        yield of(f"secretary: search “{words}”", size, lambda at=path: secretary.ask(at), times=TIMES // 2, aim="20 ms")  # type: ignore[misc]  # the same
    yield of("secretary: results", size, lambda: secretary.ask(f"/results/{ROUND}"), times=TIMES, aim="15 ms")
    first = re.findall(rf'href="(/results/{ROUND}/of/[^"]+)"', secretary.ask(f"/results/{ROUND}")[3])
    yield of("secretary: result of one dossier", size, _each(secretary, "{}", first), times=TIMES)
    yield of("secretary: one dossier", size, lambda: secretary.ask("/initiatives/DKST-2026-00007"), times=TIMES)
    yield of("secretary: start page", size, lambda: secretary.ask("/"), times=TIMES)
    yield of("secretary: the round", size, lambda: secretary.ask(f"/rounds/{ROUND}"), times=TIMES)
    yield _scores(secretary, size)


def _open_names(person: Person, door: str) -> None:
    """Press the button behind which the names of authors are."""
    token = person.ask(door)[3].split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    person.ask(door, data={"csrf_token": token})


def _each(person: Person, path: str, codes: list[str]) -> ASK:
    """Return a way to ask for one after the other."""
    turn = iter(range(1_000_000))
    return lambda: person.ask(path.format(codes[next(turn) % len(codes)]))


def _saves(person: Person, codes: list[str]) -> ASK:
    """Return a way to send the form of one sheet after the other, as it stands with another remark."""
    turn = iter(range(1_000_000))

    def save() -> tuple[float, int, int, str]:
        number = next(turn)
        path = f"/reviews/{codes[number % len(codes)]}"
        cost, sql, _size, page = person.ask(path)
        fields = dict(re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', page))
        own = {
            name: value for name, value in fields.items() if "-" not in name and name not in {"next", "language", "do"}
        }
        del cost
        saved = person.ask(path, data={**own, "remark": f"Nhận xét lần {number}"})
        return saved[0], saved[1] + sql, saved[2], saved[3]

    return save


def _keeps(person: Person, codes: list[str]) -> ASK:
    turn = iter(range(1_000_000))

    def keep() -> tuple[float, int, int, str]:
        number = next(turn)
        path = f"/api/v1/score-sheets/{codes[number % len(codes)]}"
        version = json.loads(person.ask(path)[3])["version"]
        return person.ask(path, json={"version": version, "points": {}, "remark": f"Tự lưu lần {number}"}, method="PUT")

    return keep


def _deep_page(person: Person, path: str, *, steps: int) -> str:
    """Go on by the pager's own link so many times."""
    for _ in range(steps):
        following = re.findall(r'href="([^"]+)"[^>]*rel="next"|rel="next"[^>]*href="([^"]+)"', person.ask(path)[3])
        if not following:
            return path
        path = "".join(following[0]).replace("&amp;", "&")
        path = path if path.startswith("/") else f"/register/{path}"
    return path


def _scores(person: Person, size: int) -> Row:
    """The file of all scores: fetched once, as it is streamed; its own memory is what the peak grows by."""
    _open_names(person, f"/rounds/{ROUND}/files/scores")  # on record: a file with names is taken along
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost, sql, length = person.stream(f"/results/{ROUND}/scores.csv")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Row(
        "secretary: .csv of all scores", size, cost, cost, sql, length, note=f"+{grown:.0f} MB", aim="1,500 ms; +16 MB"
    )


if __name__ == "__main__":
    print(json.dumps([dataclasses.asdict(row) for row in rows(int(sys.argv[1]), url=(sys.argv[2:] or [""])[0])]))
