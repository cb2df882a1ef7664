"""Writing the history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from evaluator import policy
from evaluator.audit.chain import GENESIS, link, plain
from evaluator.audit.models import HISTORY, SEALED, TAKEN, Entry
from evaluator.core.db import db
from evaluator.policy import Action, Actor
from evaluator.rules.vietnamese import clean, fold

_PENDING = "audit.pending"
_LOCK = 5_230_519_177  # any number nobody else locks by


def record(event: str, *, about: Any, by: Actor, now: datetime, **facts: Any) -> None:
    """Note that something happened; the row is sealed into the chain when the transaction commits.

    ``about`` is a model (its table, id and ``code`` are noted), a text, or None. Facts are JSON values, moments,
    enums or exact numbers. Nothing is written if the transaction is rolled back.

    The seal waits for the commit so that the lock on the chain is the last one taken (writers cannot block one
    another in a ring) and is held only for two short statements, however many rows there are.
    """
    row = {"at": now, "event": event, "actor_id": by.id, "actor": by.label, "facts": plain(facts)}
    db.session().info.setdefault(_PENDING, []).append((about, row | _about(about)))


def take_along(reason: str = "", *, by: Actor, now: datetime) -> None:
    """Put on record that somebody takes the history along as a file: it is full of names.

    Raises:
        Forbidden: he or she may not read it.
    """
    policy.require(by, Action.AUDIT_READ)
    record(TAKEN, about=HISTORY, by=by, now=now, reason=clean(reason))


def _about(about: Any) -> dict[str, Any]:
    """Return kind and code of a thing; its id may come only with the flush."""
    if about is None or isinstance(about, str):
        return {"about_kind": "", "about": about or ""}
    return {"about_kind": about.__tablename__, "about": str(getattr(about, "code", "") or "")[:200]}


@sqlalchemy_event.listens_for(db.session, "before_commit")
def _seal(session: Session) -> None:
    """Give the waiting rows their numbers and hashes and insert them at once."""
    waiting = session.info.pop(_PENDING, [])
    if not waiting:
        return
    session.flush()  # new things need their ids
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    # On SQLite the transaction holds the write lock from its first statement on.
    head = session.execute(select(Entry.id, Entry.hash).order_by(Entry.id.desc()).limit(1)).one_or_none()
    session.execute(insert(Entry), list(_linked(waiting, *(head or (0, GENESIS)))))


def _linked(waiting: list[Any], number: int, head: str) -> Iterator[dict[str, Any]]:
    """Yield the rows in order, each with its number and its hash over the one before."""
    for number_here, (about, noted) in enumerate(waiting, start=number + 1):
        about_id = getattr(about, "id", None)
        row = noted | {"id": number_here, "about_id": about_id, "about": noted["about"] or str(about_id or "")}
        head = link(head, {name: row[name] for name in SEALED})
        yield row | {"hash": head, "search": fold(f"{row['actor']} {row['about']}")[:400]}


@sqlalchemy_event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    """What was rolled back did not happen."""
    session.info.pop(_PENDING, None)
