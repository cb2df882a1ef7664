"""After the window for complaints: envelopes are deleted, their pages rewritten; holders state that keys are gone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db, is_sqlite, transaction
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council.models import Poll, PollState, SessionState
from evaluator.council.sealed import queries
from evaluator.council.sealed.keys import is_signed
from evaluator.council.sealed.models import Envelope, Lock, OpenedList, RollLine, SealedPoll, Stage
from evaluator.policy import Action, Actor
from evaluator.rules.evidence import digest
from evaluator.rules.sealing import COMPLAINTS, DESTROYED, Layer

TABLES = ("sealed_envelope", "sealed_list", "sealed_roll")


def purge(*, by: Actor, now: datetime) -> int:
    """Destroy the envelopes of every vote whose window for complaints is over; return how many votes there were.

    What was cast, replaced and opened stays provable by the ledger; nobody can open an envelope any more, not even
    with the keys. The tables are written anew, so that nothing deleted is left on their pages. Opens transactions of
    its own, because a table is not rewritten inside one. Running it twice does nothing more.
    """
    with transaction():
        policy.require(by, Action.BALLOT_PURGE)
        due = db.session.scalars(_due(now)).all()
        for sealed in due:
            _forget(sealed)
            sealed.purged_at = now
            audit.record("ballot.purged", about=sealed, by=by, now=now)
    if due:
        _rewrite()
    return len(due)


def _due(now: datetime) -> Any:
    over = select(Poll.id).where(Poll.state != PollState.OPEN, Poll.closed_at <= now - COMPLAINTS)
    return (
        select(SealedPoll).where(SealedPoll.poll_id.in_(over), SealedPoll.purged_at.is_(None)).order_by(SealedPoll.id)
    )


def _forget(sealed: SealedPoll) -> None:
    """Delete the envelopes, the inner ones, and what links a member to the marks of the ledger."""
    db.session.execute(delete(Envelope).where(Envelope.sealed_id == sealed.id))
    inner = OpenedList.layer == Layer.OUTER
    if len(sealed.locks) > 1:
        db.session.execute(delete(OpenedList).where(OpenedList.sealed_id == sealed.id, inner))
    for line in db.session.scalars(select(RollLine).where(RollLine.sealed_id == sealed.id)):
        line.commit, line.nonce, line.request, line.entry = "", "", "", 0


def _rewrite() -> None:
    """Write the tables anew, and empty the write-ahead log of SQLite: deleted rows would lie there for a while."""
    is_file = is_sqlite()
    db.session.remove()
    if is_file:
        raw = db.engine.raw_connection()  # the session's connections begin a transaction by themselves
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(statement)
        finally:
            raw.close()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in TABLES:
            connection.execute(text(f"VACUUM FULL {table}"))


def state_destroyed(lock: Lock, document: Mapping[str, Any], *, by: Actor, now: datetime) -> Lock:
    """Take a holder's statement that the own copy of a key is destroyed; the tool wrote and signed it.

    Raises:
        Conflict: the vote is not opened yet: its key is still needed.
        Invalid: it is not the statement of this holder about this key.
    """
    policy.require(by, Action.KEY_HOLD, lock)
    sealed = lock.sealed
    if sealed.stage is not Stage.OPENED and not sealed.is_over:
        raise Conflict(N_("The key is still needed: this vote is not opened yet."))
    if sealed.session.state is not SessionState.CLOSED:
        raise Conflict(N_("The session still runs. Keep the key until its window for complaints is over."))
    seat = queries.seat_of(sealed, by)
    place = lock.holders.index(seat.id) if seat and seat.id in lock.holders else -1
    statement = {name: value for name, value in document.items() if name != "signature"}
    expected = {
        "format": "evaluator-sealed-destroyed", "v": 1, "vote": sealed.key, "layer": str(lock.layer),
        "holder": place + 1, "public_key": lock.public_key,
    }  # fmt: skip
    signature = str(document.get("signature"))
    if (
        place < 0
        or statement != expected
        or not is_signed(digest(DESTROYED, statement), signature, lock.signing_keys[place])
    ):
        raise Invalid(N_("This is not your statement that this key is destroyed."))
    lock.destroyed = sorted({*lock.destroyed, lock.holders[place]})
    audit.record(
        "ballot.key-destroyed", about=sealed, by=by, now=now, layer=str(lock.layer), member=lock.holders[place]
    )
    return lock
