"""Reading the table of long work."""

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.policy import Action, Actor, allows
from evaluator.work.models import JobRun, Work, WorkState


def get(code: str, *, actor: Actor) -> Work:
    """Return a piece of work that the actor asked for or may oversee.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    work: Work | None = db.session.scalar(select(Work).where(Work.code == code))
    if work is None or not (allows(actor, Action.WORK_SEE, work) or work.asked_by == actor.id):
        raise NotFound
    return work


def maybe_latest(kind: str, about: str) -> Work | None:
    """Return the newest work of a kind about a thing."""
    return db.session.scalar(
        select(Work).where(Work.kind == kind, Work.about == about).order_by(Work.id.desc()).limit(1)
    )


def waiting_codes(limit: int = 10) -> list[str]:
    """Return the codes of work that nobody has begun, oldest first."""
    return list(
        db.session.scalars(select(Work.code).where(Work.state == WorkState.WAITING).order_by(Work.id).limit(limit))
    )


def job_runs() -> dict[str, JobRun]:
    """Return the newest run of each job by its name."""
    return {run.name: run for run in db.session.scalars(select(JobRun))}
