"""Reading the spreadsheets that were handed in."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.initiatives.models import IntakeSheet
from evaluator.policy import Action, Actor


def get(code: str, *, actor: Actor) -> IntakeSheet:
    """Return one spreadsheet with its findings.

    Raises:
        NotFound: there is none.
        Forbidden: the actor takes no lists.
    """
    policy.require(actor, Action.INITIATIVE_IMPORT)
    sheet: IntakeSheet | None = db.session.scalar(
        select(IntakeSheet).where(IntakeSheet.code == code).options(undefer(IntakeSheet.findings))
    )
    if sheet is None:
        raise NotFound
    return sheet


def newest_first(*, actor: Actor, limit: int = 20) -> list[IntakeSheet]:
    """Return the spreadsheets handed in last."""
    policy.require(actor, Action.INITIATIVE_IMPORT)
    return list(db.session.scalars(select(IntakeSheet).order_by(IntakeSheet.id.desc()).limit(limit)))
