"""Reading dossiers: which a person may see, one of them, rows for lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, false, func, or_, select, true

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.initiatives.models import Attachment, Author, Initiative
from evaluator.policy import Action, Actor, allows, require
from evaluator.rounds.models import Round
from evaluator.rules.dossier import WHOLE_SHARE
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.unblinding import DECIDED

# The initiatives a person owns, and those he or she is an author of; the parameter is an account's id.
OWNED_IDS = select(Initiative.id).where(Initiative.owner_id == bindparam("account_id"))
AUTHORED_IDS = select(Author.initiative_id).where(Author.account_id == bindparam("account_id"))


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Return the condition behind ``visible_to``: the policy's INITIATIVE_READ, said to the database."""
    if actor.is_service:
        return true()
    ways: list[ColumnElement[bool]] = []
    if actor.id is not None:
        ways.append(Initiative.owner_id == actor.id)
    if actor.authored:
        ways.append(Initiative.id.in_(actor.authored))
    if allows(actor, Action.INITIATIVE_LIST):
        ways.append(and_(Initiative.state != State.DRAFT, is_not_judged_by(actor)))
    return or_(*ways) if ways else false()


def is_not_judged_by(actor: Actor) -> ColumnElement[bool]:
    """Return the policy's ``is_not_its_judge``, said to the database."""
    if not actor.assigned:
        return true()
    return or_(Initiative.id.not_in(actor.assigned), Initiative.state.in_(DECIDED))


def visible_to(actor: Actor) -> Select[Initiative]:
    """Return the initiatives a person may open with their authors: compose and order it."""
    return select(Initiative).where(may_see(actor))


def get(code: str, *, actor: Actor) -> Initiative:
    """Return one initiative by its public code.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    initiative: Initiative | None = db.session.scalar(select(Initiative).where(Initiative.code == code))
    if initiative is None:
        raise NotFound
    require(actor, Action.INITIATIVE_READ, initiative)
    return initiative


def own(actor: Actor) -> Sequence[Initiative]:
    """Return the dossiers of an author, newest first."""
    mine = or_(Initiative.owner_id == actor.id, Initiative.id.in_(actor.authored))
    return db.session.scalars(select(Initiative).where(mine).order_by(Initiative.id.desc())).all()


def attachment(initiative: Initiative, code: str) -> Attachment:
    """Return one file of an initiative the caller has already been allowed to see.

    Raises:
        NotFound: it is no file of this initiative.
    """
    found: Attachment | None = db.session.scalar(
        select(Attachment).where(Attachment.initiative_id == initiative.id, Attachment.code == code)
    )
    if found is None:
        raise NotFound
    return found


def in_state(a_round: Round, *states: State) -> Select[Initiative]:
    """Return the initiatives of a round that stand in one of the states, in the order of their receipts."""
    return (
        select(Initiative)
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(states))
        .order_by(Initiative.receipt_number, Initiative.id)
    )


def how_many_handed_in(a_round: Round) -> int:
    """Return how many dossiers of a round are no drafts."""
    handed_in = select(func.count()).where(Initiative.round_id == a_round.id, Initiative.state != State.DRAFT)
    return db.session.scalar(handed_in) or 0


# --- what must always be true -----------------------------------------------------------------

_CHECKED = (State.ACCEPTED, State.IN_REVIEW, State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED)
_HANDED_IN = (State.SUBMITTED, State.SUPPLEMENT, State.REFUSED, *_CHECKED)
_A_FEW = 5


def without_receipt() -> list[str]:
    """Return codes of dossiers that were handed in and have no number or no time of it."""
    lacking = or_(Initiative.receipt_number.is_(None), Initiative.submitted_at.is_(None))
    return list(
        db.session.scalars(select(Initiative.code).where(Initiative.state.in_(_HANDED_IN), lacking).limit(_A_FEW))
    )


def without_blind_code() -> list[str]:
    """Return codes of dossiers that reviewers may read and that have no blind code."""
    return list(
        db.session.scalars(
            select(Initiative.code).where(Initiative.state.in_(_CHECKED), Initiative.blind_code.is_(None)).limit(_A_FEW)
        )
    )


def without_blind_copy() -> list[str]:
    """Return codes of dossiers that were accepted and have no text of their own for reviewers."""
    lacking = or_(
        Initiative.blind_title == "", Initiative.blind_copy.is_(None), _written(Initiative.blind_copy) == "null"
    )
    return list(
        db.session.scalars(select(Initiative.code).where(Initiative.state.in_(_CHECKED), lacking).limit(_A_FEW))
    )


def _written(document: Any) -> ColumnElement[str]:
    """Return a document as the database wrote it: nothing may also be written as "null"."""
    return cast(document, String)


def with_wrong_shares() -> list[str]:
    """Return codes of dossiers in review or beyond whose shares do not make a whole."""
    return list(
        db.session.scalars(
            select(Initiative.code)
            .join(Author, Author.initiative_id == Initiative.id)
            .where(Initiative.state.in_(_CHECKED))
            .group_by(Initiative.code)
            .having(func.coalesce(func.sum(Author.share), 0) != WHOLE_SHARE)
            .limit(_A_FEW)
        )
    )
