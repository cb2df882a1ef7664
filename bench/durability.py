"""Many people save score sheets at once while the server is killed again and again: no answered save may be lost.

python -m bench.durability [--people 64] [--kills 20] [--url postgresql+psycopg://…]
"""

import argparse
import http.client
import json
import os
import random
import signal
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench import large_round, processes
from config import Config
from evaluator.app import create_app
from evaluator.core import schema
from evaluator.core.db import db
from evaluator.people.passwords import passwords
from evaluator.reviews.models import ScoreSheet

BETWEEN_KILLS = 1.5  # seconds of work between the first answer of a server and its end
PATIENCE = 0.1


@dataclass(slots=True)
class Outcome:
    """What was answered, and what is missing."""

    people: int
    kills: int
    saved: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(slots=True)
class Sheet:
    """One sheet as its reviewer knows it: every remark sent, and the place of the last one that was answered."""

    code: str
    assignment_id: int
    sent: list[str] = field(default_factory=list)
    answered: int = -1


class Reviewer(threading.Thread):
    """Signs in once, then saves without pause until told to stop."""

    def __init__(self, number: int, port: int, sheets: list[Sheet], stop: threading.Event, outcome: Outcome) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.sheets, self.stop_now, self.outcome = number, port, sheets, stop, outcome
        self.cookie, self.is_signed_in = "", False
        self.line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Work until told to stop; a server that is gone is waited for."""
        chance = random.Random(self.number)
        while not self.stop_now.is_set():
            try:
                if not self.is_signed_in:
                    self._sign_in()
                self._save(chance.choice(self.sheets))
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(PATIENCE)
        self._hang_up()

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def _save(self, sheet: Sheet) -> None:
        path = f"/api/v1/score-sheets/{sheet.code}"
        status, body = self._ask("GET", path)
        if status != 200:
            self._note(status, body)
            return
        remark = f"{sheet.code} lần {len(sheet.sent)}"
        place = len(sheet.sent)
        sheet.sent.append(remark)
        document = {"version": json.loads(body)["version"], "points": {}, "remark": remark}
        status, body = self._ask("PUT", path, json.dumps(document), "application/json")
        if status == 200:
            sheet.answered = place
            self.outcome.saved += 1
        else:
            self._note(status, body)

    def _note(self, status: int, body: bytes) -> None:
        if status == 503:  # busy: safe to try again, and it says so
            self.outcome.refused += 1
        else:
            self.outcome.faults.append(f"{status}: {body[:200].decode(errors='replace')}")

    def _sign_in(self) -> None:
        self.cookie = ""
        _status, page = self._ask("GET", "/login")
        token = page.decode().split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        form = {"email": f"reviewer.{self.number}@example.org", "password": large_round.PASSWORD, "csrf_token": token}
        status, page = self._ask("POST", "/login", urlencode(form), "application/x-www-form-urlencoded")
        self.is_signed_in = status == 303
        if not self.is_signed_in:
            self._note(status, page)

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> tuple[int, bytes]:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Accept": "text/html, application/json"}
        if kind:
            headers["Content-Type"] = kind
        self.line.request(method, path, body=body, headers=headers)
        answer = self.line.getresponse()
        content = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = str(answer.getheader("Set-Cookie")).split(";", 1)[0]
        return answer.status, content


def run(instance: Path, *, url: str = "", people: int = 64, kills: int = 20) -> Outcome:
    """Fill an empty database, let people save while the server dies so many times, and look what is there."""
    outcome = Outcome(people, kills)
    sheets = prepare(instance, url, people)
    port, stop = processes.free_port(), threading.Event()
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    server = processes.start(instance, port, url=url)
    processes.until_it_answers(address, begun)
    reviewers = [Reviewer(number, port, sheets[number], stop, outcome) for number in range(people)]
    for reviewer in reviewers:
        reviewer.start()
    try:
        for _ in range(kills):
            time.sleep(BETWEEN_KILLS)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            server = processes.start(instance, port, url=url)
            processes.until_it_answers(address, time.perf_counter())
        time.sleep(BETWEEN_KILLS)
    finally:
        stop.set()
        for reviewer in reviewers:
            reviewer.join(timeout=90)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    outcome.seconds = time.perf_counter() - begun
    outcome.lost = lost(instance, [sheet for each in sheets for sheet in each], url=url)
    return outcome


def _config(instance: Path, url: str) -> Config:
    return Config.development({"INSTANCE_DIR": str(instance), **({"DATABASE_URL": url} if url else {})})


def prepare(instance: Path, url: str, people: int) -> list[list[Sheet]]:
    """Return, for each reviewer, the sheets that are still open."""
    app = create_app(_config(instance, url))
    passwords.configure(memory_kib=64, rounds=1)  # not the slowness of hashes is looked at here
    with app.app_context():
        schema.upgrade()
        large_round.fill(people * large_round.PER_REVIEWER // large_round.REVIEWS)
        db.session.remove()
        db.engine.dispose()
    sheets: list[list[Sheet]] = [[] for _ in range(people)]
    for number in range(people * large_round.PER_REVIEWER):
        if number % 3 == 2:  # the third reviewer of each dossier has not begun yet
            sheets[number % people].append(Sheet(f"B{1 + number // large_round.REVIEWS:07}", number + 1))
    return sheets


def lost(instance: Path, sheets: list[Sheet], *, url: str = "") -> list[str]:
    """Return the sheets that hold something older than the last save that was answered."""
    app = create_app(_config(instance, url))
    with app.app_context():
        remarks = dict(db.session.query(ScoreSheet.assignment_id, ScoreSheet.remark).all())
        db.session.remove()
        db.engine.dispose()
    return [
        f"{sheet.code}: {remarks.get(sheet.assignment_id)!r} instead of {sheet.sent[sheet.answered]!r}"
        for sheet in sheets
        if sheet.answered >= 0 and remarks.get(sheet.assignment_id) not in sheet.sent[sheet.answered :]
    ]


def report(url: str = "", *, people: int = 64, kills: int = 20) -> bool:
    """Run once in a folder that is thrown away, say what came of it, and return whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), url=url, people=people, kills=kills)
    name = urlsplit(url).scheme.split("+")[0] or "sqlite"
    print(
        f"{name}: {outcome.people} people, {outcome.kills} kills, {outcome.seconds:.0f} s: {outcome.saved} saves "
        f"answered, {len(outcome.lost)} lost, {outcome.refused} told to try again, {len(outcome.faults)} faults"
    )
    for line in (*outcome.lost[:10], *sorted(set(outcome.faults))[:10]):
        print(" ", line)
    return not (outcome.lost or outcome.faults)


def main() -> None:
    """Run once as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=64)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of SQLite")
    given = parser.parse_args()
    raise SystemExit(0 if report(given.url, people=given.people, kills=given.kills) else 1)


if __name__ == "__main__":
    main()
