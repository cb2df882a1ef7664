"""What follows for results when a signed sheet falls away."""

from collections.abc import Iterable
from datetime import datetime

from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.reviews.results import service as results
from evaluator.rounds.models import Round
from evaluator.rules import lifecycle
from evaluator.rules.lifecycle import Event
from evaluator.rules.lifecycle import InitiativeState as State


def recount(initiative_ids: Iterable[int], a_round: Round, *, now: datetime) -> None:
    """Compute results anew from which a signed sheet fell away; these dossiers are in review again."""
    if results.scoring_of(a_round).closed_at is not None:
        return  # a closed result is evidence: opening it again is a decision of its own
    for initiative_id in initiative_ids:
        results.update_result(initiative_id, a_round, now=now)
        initiative = db.session.get_one(Initiative, initiative_id)
        if initiative.state is State.REVIEWED:
            initiative.state = lifecycle.after(initiative.state, Event.REOPEN_REVIEWS)
