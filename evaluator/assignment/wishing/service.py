"""Saying what one would like to read."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from evaluator import policy
from evaluator.assignment import nearness
from evaluator.assignment.models import ReviewerWish
from evaluator.assignment.wishing import queries
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Forbidden
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Wish


def say(
    a_round: Round, wishes: Mapping[str, Wish], *, conflicts: Collection[str] = (), by: Actor, now: datetime
) -> int:
    """Keep what a reviewer would like, by blind code; ``conflicts`` are declared at once. Return how many were kept.

    A code that is not offered to this reviewer is passed over in silence: nothing may be learned from it.

    Raises:
        Closed: outside the days of the round.
        Forbidden: the statement on conflicts of interest is not signed yet.
    """
    policy.require(by, Action.WISH_SAY, a_round)
    queries.require_open(a_round, actor=by, now=now)
    if not queries.has_signed(a_round, actor=by):
        raise Forbidden(N_("Sign the statement on conflicts of interest first."))
    ids = queries.offered_ids(a_round, [*wishes, *conflicts], actor=by)
    wanted = {ids[code]: wish for code, wish in wishes.items() if code in ids and code not in conflicts}
    kept = select(ReviewerWish).where(ReviewerWish.account_id == by.id, ReviewerWish.initiative_id.in_(wanted.keys()))
    before = {row.initiative_id: row for row in db.session.scalars(kept)}
    for initiative_id, wish in wanted.items():
        if initiative_id in before:
            before[initiative_id].wish, before[initiative_id].made_at = wish, now
        else:
            db.session.add(
                ReviewerWish(round_id=a_round.id, account_id=by.id, initiative_id=initiative_id, wish=wish, made_at=now)
            )
    for code in conflicts:
        if code in ids:
            _step_aside(db.session.get_one(Initiative, ids[code]), by=by, now=now)
    if wanted:
        audit.record("wishes.said", about=a_round, by=by, now=now, count=len(wanted))
    return len(wanted)


def _step_aside(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    """Declare a conflict on a dossier of which only the title was seen."""
    db.session.execute(
        delete(ReviewerWish).where(ReviewerWish.account_id == by.id, ReviewerWish.initiative_id == initiative.id)
    )
    declared = nearness.note_conflict(initiative, by.id, "", by=by, now=now)
    nearness.tell_secretaries("conflict-declared", initiative, by=by, now=now, reason=declared.note)
