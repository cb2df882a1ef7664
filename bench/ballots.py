"""Does a sealed ballot survive a crowd and a server that dies? Fifty members cast forty items at the same second.

``python -m bench.ballots`` lets them cast, then cast again and again while the server is killed, and looks at the box.
"""

import argparse
import http.client
import json
import os
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import processes

PATIENCE = 0.05
BETWEEN_KILLS = 1.5
CHOICES = ("yes", "no", "abstain")

Seal = Callable[[int], dict[str, Any]]  # one more ballot of a member, as a browser would send it


@dataclass
class Member:
    """A member as a browser knows it: every ballot sent, and every receipt that came back."""

    email: str
    password: str
    path: str
    seal: Seal
    number: int
    port: int
    sent: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    cookie: str = ""
    took: float = 0.0

    def sign_in(self) -> None:
        """Sign in as a person does."""
        self.cookie = ""
        _status, page = self._ask("GET", "/login")
        token = page.decode().split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        form = {"email": self.email, "password": self.password, "csrf_token": token}
        status, page = self._ask("POST", "/login", urlencode(form), "application/x-www-form-urlencoded")
        if status != 303:
            self.faults.append(f"sign in: {status}: {page[:200]!r}")

    def cast(self, ballot: dict[str, Any] | None = None) -> None:
        """Send one ballot, and the same again while nobody answers."""
        ballot = ballot or self.seal(self.number)
        self.sent.append(ballot)
        begun = time.perf_counter()
        while True:
            try:
                status, body = self._ask("POST", self.path, json.dumps(ballot), "application/json")
            except (OSError, http.client.HTTPException):
                time.sleep(PATIENCE)
                continue
            if status == 503:  # busy: safe to try again, and it says so
                continue
            self.took = time.perf_counter() - begun
            if status == 200:
                self.receipts.append(json.loads(body))
            else:
                self.faults.append(f"{status}: {body[:300].decode(errors='replace')}")
            return

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {
                "Cookie": self.cookie,
                "Accept": "text/html" if not kind.endswith("json") else "application/json",
            }
            if kind:
                headers["Content-Type"] = kind
            line.request(method, path, body=body, headers=headers)
            answer = line.getresponse()
            content = answer.read()
            if answer.getheader("Set-Cookie"):
                self.cookie = str(answer.getheader("Set-Cookie")).split(";", 1)[0]
            return answer.status, content
        finally:
            line.close()


@contextmanager
def server(instance: Path, port: int, url: str) -> Iterator[list[Any]]:
    """Run the service; the yielded list holds the process, so that a killer can put another in its place."""
    running = [processes.start(instance, port, url=url)]
    processes.until_it_answers(f"http://127.0.0.1:{port}", time.perf_counter())
    try:
        yield running
    finally:
        os.killpg(running[0].pid, signal.SIGKILL)
        running[0].wait()


def all_at_once(members: list[Member]) -> float:
    """Let everybody cast at the same moment; return the seconds until the last was answered."""
    for member in members:
        member.sign_in()
    ballots = [member.seal(member.number) for member in members]
    start = threading.Barrier(len(members))

    def go(member: Member, ballot: dict[str, Any]) -> None:
        start.wait()
        member.cast(ballot)

    begun = time.perf_counter()
    threads = [threading.Thread(target=go, args=pair) for pair in zip(members, ballots, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def again_and_again(
    members: list[Member], instance: Path, port: int, url: str, *, kills: int, running: list[Any]
) -> None:
    """Let everybody cast without pause while the server is killed so many times and started again."""
    stop = threading.Event()

    def go(member: Member) -> None:
        while not stop.is_set():
            member.cast()

    threads = [threading.Thread(target=go, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(BETWEEN_KILLS)
        os.killpg(running[0].pid, signal.SIGKILL)
        running[0].wait()
        running[0] = processes.start(instance, port, url=url)
        processes.until_it_answers(f"http://127.0.0.1:{port}", time.perf_counter())
    time.sleep(BETWEEN_KILLS)
    stop.set()
    for thread in threads:
        thread.join()


def ballot_of(poll_hash: str, envelopes: dict[int, bytes]) -> dict[str, Any]:
    """Return a ballot as a browser sends it."""
    parts = [{"part": part, "envelope": content.hex()} for part, content in sorted(envelopes.items())]
    return {"poll_hash": poll_hash, "request": secrets.token_hex(16), "parts": parts}


def main() -> None:
    """Run once on SQLite, or on an empty PostgreSQL database, and say what came of it."""
    from tests.integration.test_sealed_crowd import Crowd  # noqa: PLC0415 - the box is prepared by the tests' factories

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        crowd = Crowd(Path(folder), given.url)
        with server(crowd.instance, crowd.port, given.url) as running:
            seconds = all_at_once(crowd.members)
            print(f"{len(crowd.members)} members, {crowd.items} items: answered within {seconds:.1f} s")
            again_and_again(crowd.members, crowd.instance, crowd.port, given.url, kills=given.kills, running=running)
        receipts = sum(len(member.receipts) for member in crowd.members)
        print(f"{given.kills} kills, {receipts} receipts, {len(crowd.lost())} lost, {len(crowd.faults())} faults")
        raise SystemExit(1 if crowd.lost() or crowd.faults() else 0)


if __name__ == "__main__":
    main()
