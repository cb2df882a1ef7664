"""Reminding reviewers: by hand, and by the clock in the last days before the deadline."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from evaluator import policy
from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.core.errors import Conflict, NotFound
from evaluator.core.text import N_
from evaluator.notices import service as notices
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ScoreSheet
from evaluator.rounds import queries as rounds
from evaluator.rounds.models import Round

DAYS_BEFORE = 3
NOTHING_LEFT = N_("This reviewer has signed everything.")


def remind(a_round: Round, reviewer_code: str, *, by: Actor, now: datetime) -> int:
    """Remind one reviewer of the sheets still to be signed; return how many they are.

    Raises:
        NotFound: nobody of that code.
        Conflict: nothing is left to sign.
    """
    policy.require(by, Action.SCORING_CLOSE)
    reviewer = db.session.scalar(select(Account).where(Account.code == reviewer_code))
    if reviewer is None:
        raise NotFound
    left = _counts(_left(a_round).where(Assignment.reviewer_id == reviewer.id))
    if not left:
        raise Conflict(NOTHING_LEFT)
    _queue(a_round, reviewer, left[reviewer.id], now=now)
    return int(left[reviewer.id])


def remind_late(*, by: Actor, now: datetime) -> int:
    """Remind every reviewer with unsigned sheets in the last days before a deadline; return how many people."""
    policy.require(by, Action.SCORING_CLOSE)
    told = 0
    for a_round in rounds.open_rounds():
        if not timedelta(0) <= a_round.review_closes_at - now <= timedelta(days=DAYS_BEFORE + 1):
            continue
        left = _counts(_left(a_round))
        for reviewer in db.session.scalars(
            select(Account).where(Account.id.in_(left), Account.deactivated_at.is_(None))
        ):
            _queue(a_round, reviewer, left[reviewer.id], now=now)
            told += 1
    return told


def _left(a_round: Round) -> Select[int, int]:
    """Return a statement of reviewers with how many sheets each still has to sign."""
    return (
        select(Assignment.reviewer_id, func.count(Assignment.id))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None), ScoreSheet.signed_at.is_(None))
        .group_by(Assignment.reviewer_id)
    )


def _counts(statement: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _queue(a_round: Round, reviewer: Account, left: int, *, now: datetime) -> None:
    notices.queue(
        "review-reminder",
        to=reviewer,
        about=a_round,
        now=now,
        round=a_round.title,
        count=left,
        until=a_round.review_closes_at,
    )
