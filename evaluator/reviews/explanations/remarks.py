"""Reviewers' remarks as an author may read them: looked through for who wrote them, and masked where they tell."""

from dataclasses import dataclass

from sqlalchemy import select

from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.reviews.models import ScoreSheet
from evaluator.rules.precheck import Needles, find, masked, needles


@dataclass(frozen=True, slots=True)
class Remark:
    """What one reviewer remarked, under the number of the sheet; the name only where the round tells it."""

    number: int
    reviewer: str
    text: str


def for_author(initiative: Initiative) -> tuple[Remark, ...]:
    """Return the remarks on signed sheets, without what gives a reviewer away unless the round names reviewers."""
    names = unblinding.names_reviewers(initiative)
    wanted = None if names else _reviewers_of(initiative)
    rows = db.session.execute(
        select(Account.name, ScoreSheet.remark)
        .select_from(Assignment)
        .join(Account, Account.id == Assignment.reviewer_id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(
            Assignment.initiative_id == initiative.id,
            Assignment.ended_at.is_(None),
            ScoreSheet.signed_at.is_not(None),
        )
        .order_by(Assignment.id)
    )
    return tuple(
        Remark(number, name if names else "", remark if wanted is None else _without(remark, wanted))
        for number, (name, remark) in enumerate(rows, start=1)
        if remark.strip()
    )


def without_reviewers(initiative: Initiative, text: str) -> str:
    """Return any text an author is to read without what gives a reviewer of the initiative away."""
    return text if unblinding.names_reviewers(initiative) else _without(text, _reviewers_of(initiative))


def _reviewers_of(initiative: Initiative) -> Needles:
    """Return what gives away whoever has, or had, the initiative to review."""
    people = db.session.scalars(
        select(Account).where(
            Account.id.in_(select(Assignment.reviewer_id).where(Assignment.initiative_id == initiative.id))
        )
    ).all()
    return needles(
        [each.name for each in people],
        [each.unit.name for each in people if each.unit is not None],
        [each.email for each in people],
    )


def _without(text: str, wanted: Needles) -> str:
    return masked(text, find(text, wanted))
