"""Asking for long work, taking it up, telling how far it is."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from evaluator.core.clock import Clock
from evaluator.core.codes import random_code
from evaluator.core.db import db, transaction
from evaluator.core.errors import EvaluatorError
from evaluator.core.text import N_
from evaluator.policy import Actor
from evaluator.work.models import JobRun, Work, WorkState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3

Progress = Callable[..., None]
Doing = Callable[..., dict[str, Any]]


def ask(kind: str, *, about: str, params: dict[str, Any], by: Actor, now: datetime) -> Work:
    """Put a piece of work into the table; an unfinished one of the same kind about the same thing is returned instead."""
    unfinished: Work | None = db.session.scalar(
        select(Work).where(
            Work.kind == kind, Work.about == about, Work.state.in_([WorkState.WAITING, WorkState.RUNNING])
        )
    )
    if unfinished is not None:
        return unfinished
    work = Work(
        code=random_code(10),
        kind=kind,
        about=about,
        params=params,
        asked_by=by.id,
        asked_by_label=by.label,
        created_at=now,
    )
    db.session.add(work)
    db.session.flush()  # the caller shows its address
    return work


def take_up_abandoned(*, by: Actor, now: datetime) -> int:
    """Give work whose process died back to the queue; after three attempts it has failed."""
    del by  # nobody's right is asked: the clock does this
    stale = [Work.state == WorkState.RUNNING, or_(Work.lease_until.is_(None), Work.lease_until < now)]
    db.session.execute(
        update(Work)
        .where(*stale, Work.attempts >= MOST_ATTEMPTS)
        .values(
            state=WorkState.FAILED, finished_at=now, message=N_("It was interrupted several times. Ask for it again.")
        )
    )
    result = db.session.execute(update(Work).where(*stale).values(state=WorkState.WAITING))
    return int(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE returns a cursor


def run(code: str, *, kinds: Mapping[str, Doing], clock: Clock) -> Work | None:
    """Do one piece of work to its end, in transactions of its own; None if somebody else has it.

    The doing is called with ``params``, ``by``, ``clock`` and ``progress(done, total, message)`` and
    returns a result (plain data). An expected failure is kept as the work's message.
    """
    with transaction():
        started = clock.now()
        claimed = db.session.execute(
            update(Work)
            .where(Work.code == code, Work.state == WorkState.WAITING)
            .values(
                state=WorkState.RUNNING,
                attempts=Work.attempts + 1,
                lease_until=started + LEASE,
                started_at=started,
            )
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]  # an UPDATE returns a cursor
            return None
    work = db.session.scalars(select(Work).where(Work.code == code)).one()
    by = Actor(id=work.asked_by, label=work.asked_by_label, is_service=True)

    def progress(done: int, total: int, message: str = "", **values: Any) -> None:
        with transaction():
            db.session.execute(
                update(Work)
                .where(Work.code == code)
                .values(done=done, total=total, message=message, values=values, lease_until=clock.now() + LEASE)
            )

    try:
        result = kinds[work.kind](dict(work.params), by=by, clock=clock, progress=progress)
    except EvaluatorError as error:
        return _finish(code, WorkState.FAILED, clock, message=error.sentence.message, values=error.sentence.values)
    except Exception:
        log.exception("work failed", extra={"work": code})
        _finish(
            code,
            WorkState.FAILED,
            clock,
            message=N_("A fault of ours stopped it. Nothing was half-saved; ask for it again."),
        )
        raise
    return _finish(code, WorkState.DONE, clock, result=result)


def claim(job: str, *, slot: int, now: datetime) -> bool:
    """Take a firing of a job; False when this slot, or a later one, has been taken."""
    known = db.session.scalar(select(JobRun.id).where(JobRun.name == job))
    if known is None:
        db.session.add(JobRun(name=job, slot=slot, started_at=now))
        return True
    claimed = db.session.execute(
        update(JobRun)
        .where(JobRun.name == job, JobRun.slot < slot)
        .values(slot=slot, started_at=now, finished_at=None, done=0, failure="")
    )
    return bool(claimed.rowcount)  # type: ignore[attr-defined]  # an UPDATE returns a cursor


def note_run(job: str, *, now: datetime, done: int = 0, failure: str = "") -> None:
    """Write down how a run ended."""
    db.session.execute(update(JobRun).where(JobRun.name == job).values(finished_at=now, done=done, failure=failure))


def _finish(code: str, state: WorkState, clock: Clock, **columns: Any) -> Work:
    """Write down the end."""
    with transaction():
        db.session.execute(
            update(Work)
            .where(Work.code == code)
            .values(state=state, finished_at=clock.now(), lease_until=None, **columns)
        )
    return db.session.scalars(select(Work).where(Work.code == code)).one()
