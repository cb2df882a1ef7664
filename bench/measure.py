"""Asks a page of the application in this process again and again, and notes what it cost the server."""

import statistics
import time
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from evaluator.core.db import db

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report; times in milliseconds of the processor unless the name says otherwise."""

    what: str
    size: int
    median: float
    p95: float
    sql: int | None = None
    bytes: int | None = None
    note: str = ""
    aim: str = ""


class Person:
    """Somebody signed in, whose requests are measured; each runs in a context of its own, as on a server."""

    def __init__(self, app: Flask, email: str, password: str) -> None:
        self.app = app
        self.client = Client(app)
        page = Context().run(self.client.get, "/login").text
        token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        form = {"email": email, "password": password, "csrf_token": token}
        answer = Context().run(lambda: self.client.post("/login", data=form))
        assert answer.status_code == 303, f"{email} could not sign in: {answer.status_code}"
        Context().run(self.client.get, "/")  # the first page puts the secret of the forms into the session
        self.cookie = "; ".join(f"{each.key}={each.value}" for each in self.client._cookies.values())  # noqa: SLF001 - no other way to read them

    def ask(
        self, path: str, *, data: dict[str, Any] | None = None, json: Any = None, method: str = ""
    ) -> tuple[float, int, int, str]:
        """Return the processor time in ms, the number of statements, the bytes, and the body."""
        environ = self._environ(path, method or ("GET" if data is None else "POST"), data=data, json=json)
        with counting() as statements:
            before = time.process_time()
            body, status, _headers = Context().run(run_wsgi_app, self.app, environ, buffered=True)
            taken = (time.process_time() - before) * 1000
        content = b"".join(body)
        assert status[:3] in {"200", "303"}, f"{path} answered {status}: {content[:300]!r}"
        return taken, statements[0], len(content), content.decode(errors="replace")

    def stream(self, path: str) -> tuple[float, int, int]:
        """Fetch something long piece by piece and keep none of it."""
        environ = self._environ(path, "GET")
        with counting() as statements:
            before = time.process_time()
            status, length = Context().run(self._streamed, environ)
            taken = (time.process_time() - before) * 1000
        assert status.startswith("200"), f"{path} answered {status}"
        return taken, statements[0], length

    def _streamed(self, environ: Any) -> tuple[str, int]:
        body, status, _headers = run_wsgi_app(self.app, environ)
        return status, sum(len(piece) for piece in body)

    def _environ(self, path: str, method: str, **content: Any) -> Any:
        builder = EnvironBuilder(path=path, method=method, **content)
        builder.headers["Cookie"] = self.cookie
        return builder.get_environ()


class counting:  # noqa: N801 - a context manager that reads like a word
    """Count the statements that run inside, without BEGIN, COMMIT and PRAGMA."""

    def __enter__(self) -> list[int]:
        self.count = [0]
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.count

    def __exit__(self, *_error: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            self.count[0] += 1


def of(what: str, size: int, ask: Callable[[], tuple[float, int, int, str]], *, times: int, aim: str = "") -> Row:
    """Ask so many times after a warm-up and return the line of the report."""
    for _ in range(WARM_UP):
        ask()
    samples = [ask() for _ in range(times)]
    costs = [sample[0] for sample in samples]
    return Row(
        what,
        size,
        statistics.median(costs),
        percentile(costs, 95),
        sql=max(sample[1] for sample in samples),
        bytes=max(sample[2] for sample in samples),
        aim=aim,
    )


def percentile(values: Iterable[float], percent: int) -> float:
    """Return the value that so many per cent of them do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


def table(rows: Iterable[Row]) -> str:
    """Return the report as a Markdown table, with the ratio to the smallest size of the same thing."""
    rows = list(rows)
    first: dict[str, Row] = {}
    lines = [
        "| what | size | median | p95 | ratio | SQL | bytes | aim | note |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ]
    for row in rows:
        base = first.setdefault(row.what, row)
        ratio = f"{row.median / base.median:.2f}" if base is not row and base.median else ""
        sql = "" if row.sql is None else str(row.sql)
        size = "" if row.bytes is None else f"{row.bytes:,}"
        lines.append(
            f"| {row.what} | {row.size:,} | {row.median:,.1f} | {row.p95:,.1f} | {ratio} | {sql} | {size} "
            f"| {row.aim} | {row.note} |"
        )
    return "\n".join(lines)
