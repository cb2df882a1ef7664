"""Commands that take dossiers from a reviewer, with what follows for the results of scoring."""

from collections.abc import Sequence
from datetime import datetime

from evaluator import policy
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.core.errors import Closed, Invalid
from evaluator.core.text import N_
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.reviews.handover import queries, recounting
from evaluator.reviews.handover.queries import Signed
from evaluator.reviews.results import service as results
from evaluator.rounds.models import Round

CLOSED = N_("Scoring is closed: who reviewed what is part of the result. Open it again first.")


def replace(present: Assignment, reviewer: Account, *, is_sure: bool, by: Actor, now: datetime) -> Assignment:
    """Another reviewer takes one dossier over; nobody else's work changes.

    Raises:
        Invalid: the present reviewer has signed and nobody said that this is meant; or as ``assignment.replace``.
        Closed: scoring is closed.
        Conflict: the present assignment has ended already.
    """
    policy.require(by, Action.ASSIGNMENT_END, present)
    a_round = db.session.get_one(Round, present.round_id)
    signed = queries.signed_on(present, actor=by)
    _check(signed, a_round, present.reviewer, is_sure=is_sure)
    fresh = assignment.replace(present, reviewer, by=by, now=now)
    recounting.recount([each.initiative_id for each in signed], a_round, now=now)
    return fresh


def release(account: Account, a_round: Round, *, is_sure: bool, by: Actor, now: datetime) -> int:
    """A reviewer leaves the round; return how many dossiers need another one.

    Raises:
        Invalid: sheets are signed and nobody said that this is meant.
        Closed: scoring is closed.
    """
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    _check(queries.signed_of(account, a_round, actor=by), a_round, account, is_sure=is_sure)
    signed = queries.all_signed_of(account, a_round)
    number = assignment.release(account, a_round, by=by, now=now)
    recounting.recount([each.initiative_id for each in signed], a_round, now=now)
    return number


def _check(signed: Sequence[Signed], a_round: Round, account: Account, *, is_sure: bool) -> None:
    closed_at = results.scoring_of(a_round).closed_at
    if closed_at is not None:
        raise Closed(CLOSED, at=closed_at)
    if signed and not is_sure:
        raise Invalid.on(
            "is_sure",
            N_(
                "%(name)s has signed %(count)s sheets that would no longer count: %(codes)s. Tick the box if this is "
                "meant."
            ),
            name=account.name,
            count=len(signed),
            codes=queries.named(signed),
        )
