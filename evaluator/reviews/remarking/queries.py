"""Reading requests for re-marking."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor, allows, require
from evaluator.reviews.models import Remarking
from evaluator.rounds.models import Round

MOST = 500


def own(code: str, *, actor: Actor) -> Initiative:
    """Return a decided initiative of the actor's own.

    Raises:
        NotFound: there is none.
    """
    initiative: Initiative | None = db.session.scalar(
        select(Initiative).where(Initiative.code == code).options(lazyload(Initiative.authors))
    )
    if initiative is None or not allows(actor, Action.RESULT_OWN, initiative):
        raise NotFound
    return initiative


def of_round(a_round: Round, *, actor: Actor) -> list[Remarking]:
    """Return the requests of a round, the open ones first; never those on a dossier of the reader's own."""
    require(actor, Action.RESULT_LIST)
    found = db.session.scalars(
        select(Remarking)
        .join(Remarking.initiative)
        .where(Initiative.round_id == a_round.id, Initiative.id.not_in(actor.stakes))
        .options(joinedload(Remarking.initiative).lazyload(Initiative.authors))
        .order_by(Remarking.answered_at.is_not(None), Remarking.asked_at, Remarking.id)
        .limit(MOST)
    )
    return list(found)


def get(code: str, a_round: Round, *, actor: Actor) -> Remarking:
    """Return the request on an initiative.

    Raises:
        NotFound: there is none, or it is not the actor's to decide.
    """
    found: Remarking | None = db.session.scalar(
        select(Remarking)
        .join(Remarking.initiative)
        .where(Initiative.code == code, Initiative.round_id == a_round.id)
        .options(joinedload(Remarking.initiative).lazyload(Initiative.authors))
    )
    if found is None or not allows(actor, Action.REMARKING_DECIDE, found.initiative):
        raise NotFound
    return found
