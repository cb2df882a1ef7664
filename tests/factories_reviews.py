"""Reviewers at their desks, and signed sheets."""

from datetime import datetime

from evaluator.core.db import db, transaction
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.reviews import queries
from evaluator.reviews import service as reviews
from evaluator.reviews.queries import Desk
from evaluator.rounds.models import Round
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from tests.factories import START, a_round, actor_of, an_initiative
from tests.factories_assignment import a_reviewer, a_statement, an_assignment

GOOD = {"novelty": "27", "application": "24", "benefit": "36"}  # 87, every floor of R1 met
POOR = {"novelty": "16", "application": "16", "benefit": "20"}  # 52, no floor met


def a_round_in_review() -> Round:
    """A round of R1 whose sheets may be filled in at START."""
    return a_round(phase=Phase.REVIEW, rubric="r01-provincial")


def a_dossier_for(*reviewers: Account, in_round: Round) -> Initiative:
    """A dossier in review, in the hands of reviewers who have signed their statements."""
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    for reviewer in reviewers:
        an_assignment(initiative, reviewer)
    return initiative


def reviewers_of(in_round: Round, count: int) -> list[Account]:
    """Reviewers who have signed the conflict statement of a round."""
    people = [a_reviewer() for _ in range(count)]
    for each in people:
        a_statement(each, in_round)
    return people


def desk_of(initiative: Initiative, reviewer: Account) -> Desk:
    """The reviewer's place at a dossier, read anew."""
    db.session.expire_all()
    return queries.desk(initiative.blind_code or "", actor=actor_of(reviewer))


def fill_in(initiative: Initiative, reviewer: Account, texts: dict[str, str], *, now: datetime = START) -> Desk:
    """Keep a draft, as the reviewer would."""
    with transaction():
        place = desk_of(initiative, reviewer)
        version = place.sheet.version if place.sheet else 0
        return reviews.fill_in(place, texts, remark="Rõ ràng.", read_version=version, by=actor_of(reviewer), now=now)


def sign(initiative: Initiative, reviewer: Account, texts: dict[str, str] = GOOD, *, now: datetime = START) -> None:
    """Fill in and sign, as the reviewer would."""
    fill_in(initiative, reviewer, texts, now=now)
    with transaction():
        reviews.sign(desk_of(initiative, reviewer), by=actor_of(reviewer), now=now)
