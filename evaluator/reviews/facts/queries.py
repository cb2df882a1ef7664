"""Reading public votes and categories."""

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor, require
from evaluator.reviews.models import ScoringFact
from evaluator.reviews.rubrics import rubric_of
from evaluator.rounds.models import Round


def written(a_round: Round, *, actor: Actor) -> str:
    """Return what has been entered, as the lines it can be typed in."""
    require(actor, Action.SCORING_CLOSE)
    labels = {each.key: each.label for each in rubric_of(a_round).categories}
    found = db.session.execute(
        select(Initiative.code, ScoringFact.votes, ScoringFact.category)
        .join(Initiative, Initiative.id == ScoringFact.initiative_id)
        .where(Initiative.round_id == a_round.id)
        .order_by(Initiative.code)
    )
    lines = (
        " | ".join((row.code, "" if row.votes is None else str(row.votes), labels.get(row.category, "")))
        for row in found
    )
    return "\n".join(line.rstrip(" |") for line in lines)


def categories(a_round: Round) -> list[str]:
    """Return the categories of authors the rubric of a round knows."""
    return [category.label for category in rubric_of(a_round).categories]
