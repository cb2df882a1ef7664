"""Reading the rubrics of the house."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.policy import Action, Actor
from evaluator.rounds.rubrics.models import RubricVersion, SavedRubric

MOST = 500  # a council keeps a handful; nobody scrolls further


def get(code: str, *, actor: Actor) -> SavedRubric:
    """Return the rubric of a code.

    Raises:
        Forbidden: the actor does not work on rubrics.
        NotFound: there is none.
    """
    policy.require(actor, Action.RUBRIC_READ)
    rubric: SavedRubric | None = db.session.scalar(select(SavedRubric).where(SavedRubric.code == code))
    if rubric is None:
        raise NotFound
    return rubric


def newest_first(actor: Actor) -> list[tuple[SavedRubric, int]]:
    """Return the rubrics with the number of their newest version (0 without any), the last changed first."""
    policy.require(actor, Action.RUBRIC_READ)
    newest = select(RubricVersion.rubric_id, func.max(RubricVersion.number).label("number"))
    newest_of = newest.group_by(RubricVersion.rubric_id).subquery()
    found = db.session.execute(
        select(SavedRubric, func.coalesce(newest_of.c.number, 0))
        .outerjoin(newest_of, newest_of.c.rubric_id == SavedRubric.id)
        .order_by(SavedRubric.changed_at.desc(), SavedRubric.id.desc())
        .limit(MOST)
    )
    return [(rubric, number) for rubric, number in found]


def versions(rubric: SavedRubric) -> list[RubricVersion]:
    """Return the versions of a rubric, the newest first."""
    return list(
        db.session.scalars(
            select(RubricVersion)
            .where(RubricVersion.rubric_id == rubric.id)
            .order_by(RubricVersion.number.desc())
            .options(joinedload(RubricVersion.saved_by))
        )
    )


def version(code: str, number: int, *, actor: Actor) -> RubricVersion:
    """Return one saved version.

    Raises:
        Forbidden: the actor does not work on rubrics.
        NotFound: there is none.
    """
    rubric = get(code, actor=actor)
    found: RubricVersion | None = db.session.scalar(
        select(RubricVersion).where(RubricVersion.rubric_id == rubric.id, RubricVersion.number == number)
    )
    if found is None:
        raise NotFound
    return found


def newest_versions(actor: Actor) -> list[RubricVersion]:
    """Return the newest version of each rubric that has one, by title: what a round may choose."""
    policy.require(actor, Action.RUBRIC_READ)
    newest = select(func.max(RubricVersion.id)).group_by(RubricVersion.rubric_id)
    return list(
        db.session.scalars(
            select(RubricVersion)
            .join(RubricVersion.rubric)
            .where(RubricVersion.id.in_(newest))
            .order_by(SavedRubric.title)
        )
    )
