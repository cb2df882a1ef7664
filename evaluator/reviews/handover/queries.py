"""What a reviewer has signed of the dossiers that would be taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from evaluator import policy
from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ScoreSheet
from evaluator.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed sheet that would no longer count."""

    initiative_id: int
    code: str
    signed_at: datetime


def signed_on(present: Assignment, *, actor: Actor) -> list[Signed]:
    """Return the signed sheet of one assignment, or nothing."""
    policy.require(actor, Action.ASSIGNMENT_SEE)
    return _signed(Assignment.id == present.id)


def signed_of(account: Account, a_round: Round, *, actor: Actor) -> list[Signed]:
    """Return what a reviewer has signed in a round, in the order of codes, without what the reader stands near."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    return [each for each in all_signed_of(account, a_round) if each.initiative_id not in actor.near]


def all_signed_of(account: Account, a_round: Round) -> list[Signed]:
    """Return all a reviewer has signed in a round: for counting anew, never for a page."""
    return _signed(Assignment.reviewer_id == account.id, Assignment.round_id == a_round.id)


def _signed(*conditions: object) -> list[Signed]:
    rows = db.session.execute(
        select(Initiative.id, Initiative.code, ScoreSheet.signed_at)
        .join(Assignment, Assignment.initiative_id == Initiative.id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.ended_at.is_(None), ScoreSheet.signed_at.is_not(None), *conditions)  # type: ignore[arg-type]  # comparisons
        .order_by(Initiative.code)
    )
    return [Signed(id_, code, signed_at) for id_, code, signed_at in rows if signed_at is not None]


def named(signed: Sequence[Signed], most: int = 10) -> str:
    """Return the codes of signed sheets for one sentence."""
    codes = ", ".join(each.code for each in signed[:most])
    return f"{codes} …" if len(signed) > most else codes
