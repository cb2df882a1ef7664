"""Reading what a reviewer may choose among, and what reviewers said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from evaluator import policy
from evaluator.assignment import queries as assignments
from evaluator.assignment import standards
from evaluator.assignment.models import AssignmentRules, ReviewerWish
from evaluator.core.db import db
from evaluator.core.errors import Closed, NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.core.text import N_
from evaluator.initiatives.blind import BLIND_TITLE, HAS_COPY
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Wish
from evaluator.rules.lifecycle import RoundState


@dataclass(frozen=True, slots=True)
class Offer:
    """A dossier as a reviewer meets it before anything is assigned: no text, no names, no unit."""

    code: str
    title: str
    field: str
    wish: Wish | None


def require_open(a_round: Round, *, actor: Actor, now: datetime) -> None:
    """Refuse whoever may not say wishes in a round at this moment.

    Raises:
        NotFound: the round does not ask its reviewers.
        Forbidden: no reviewer, or the round does not run.
        Closed: before the first or after the last day.
    """
    policy.require(actor, Action.WISH_SAY, a_round)
    asked = standards.of(a_round.id)
    if not asked.asks_wishes:
        raise NotFound
    if not asked.takes_wishes(now):
        raise Closed(N_("Reviewers may say what they would like to read only on the days the round has set for it."))


def has_signed(a_round: Round, *, actor: Actor) -> bool:
    """Return whether the reviewer has signed the statement on conflicts of interest: before it no title is shown."""
    return assignments.maybe_statement(actor.id, a_round.id) is not None


def offers(
    a_round: Round, *, actor: Actor, now: datetime, field: str = "", mark: str = "", size: int = 25
) -> Page[Offer]:
    """Return one page of the dossiers a reviewer may choose among, in the order of blind codes, which tells nothing."""
    require_open(a_round, actor=actor, now=now)
    own = (ReviewerWish.initiative_id == Initiative.id) & (ReviewerWish.account_id == actor.id)
    dossiers = (
        select(Initiative.blind_code, BLIND_TITLE, Initiative.field, ReviewerWish.wish)
        .outerjoin(ReviewerWish, own)
        .where(*_offered(a_round, actor))
    )
    if field:
        dossiers = dossiers.where(Initiative.field == field)
    page = page_by_key(db.session(), dossiers, keys=(Initiative.blind_code,), mark=mark, size=size)
    return Page([Offer(*row[:4]) for row in page.rows], page.next, page.previous)


def offered_ids(a_round: Round, codes: list[str], *, actor: Actor) -> dict[str, int]:
    """Return the ids of dossiers by blind code, those alone that the reviewer may choose among."""
    rows = db.session.execute(
        select(Initiative.blind_code, Initiative.id).where(*_offered(a_round, actor), Initiative.blind_code.in_(codes))
    )
    return {str(row[0]): int(row[1]) for row in rows}


def _offered(a_round: Round, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Initiative.round_id == a_round.id,
        Initiative.state.in_(assignments.IN_HAND),
        Initiative.blind_code.is_not(None),
        HAS_COPY,
        Initiative.id.not_in(actor.authored | actor.conflicts),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """How many wishes a reviewer has said in a round, and among how many dossiers."""

    wishes: int
    dossiers: int


def said(a_round: Round, *, actor: Actor) -> Said:
    """Return how far a reviewer is."""
    mine = select(func.count()).where(ReviewerWish.round_id == a_round.id, ReviewerWish.account_id == actor.id)
    offered = select(func.count()).select_from(Initiative).where(*_offered(a_round, actor))
    return Said(db.session.scalar(mine) or 0, db.session.scalar(offered) or 0)


def asking(actor: Actor, *, now: datetime) -> list[Round]:
    """Return the rounds that ask this reviewer now."""
    if not policy.allows(actor, Action.SHEET_LIST):
        return []
    rounds = (
        select(Round)
        .join(AssignmentRules, AssignmentRules.round_id == Round.id)
        .where(
            Round.state == RoundState.OPEN,
            AssignmentRules.wishes_open_at <= now,
            AssignmentRules.wishes_close_at > now,
        )
        .order_by(Round.id)
    )
    return [each for each in db.session.scalars(rounds) if policy.allows(actor, Action.WISH_SAY, each)]


def count_people(a_round: Round) -> int:
    """Return how many reviewers have said anything."""
    people = select(func.count(ReviewerWish.account_id.distinct())).where(ReviewerWish.round_id == a_round.id)
    return db.session.scalar(people) or 0


def of_round(a_round: Round) -> dict[tuple[int, int], Wish]:
    """Return every wish of a round, by reviewer id and initiative id."""
    rows = db.session.execute(
        select(ReviewerWish.account_id, ReviewerWish.initiative_id, ReviewerWish.wish).where(
            ReviewerWish.round_id == a_round.id
        )
    )
    return {(int(account_id), int(initiative_id)): wish for account_id, initiative_id, wish in rows}
