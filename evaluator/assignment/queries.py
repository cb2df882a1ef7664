"""Reading assignments and conflicts."""

from sqlalchemy import select

from evaluator.assignment.models import Assignment, Conflict
from evaluator.core.db import db


def assigned_ids(account_id: int) -> frozenset[int]:
    """Return the ids of the initiatives a reviewer has at present."""
    return frozenset(
        db.session.scalars(
            select(Assignment.initiative_id).where(Assignment.reviewer_id == account_id, Assignment.ended_at.is_(None))
        )
    )


def conflicted_ids(account_id: int) -> frozenset[int]:
    """Return the ids of the initiatives on which a person declared a conflict."""
    return frozenset(db.session.scalars(select(Conflict.initiative_id).where(Conflict.account_id == account_id)))
