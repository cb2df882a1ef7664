"""Whose a dossier is, for those who judge it: told from the moment on that the round fixed, and not before."""

from sqlalchemy import ColumnElement, case, literal, or_, true

from evaluator.initiatives.models import Initiative
from evaluator.policy import Actor
from evaluator.rounds.models import Round
from evaluator.rules.roles import Role
from evaluator.rules.unblinding import DECIDED, Moment, has_come


def is_blind(actor: Actor) -> bool:
    """Return whether somebody reads results without knowing the authors: everybody but the secretariat."""
    return not (actor.is_service or actor.has(Role.SECRETARY))


def is_open_to_council(initiative: Initiative, *, is_scored: bool) -> bool:
    """Return whether the council may know whose a dossier is."""
    return has_come(initiative.round.unblinding.council, initiative.state, is_scored=is_scored)


def title_for(initiative: Initiative, actor: Actor, *, is_scored: bool) -> str:
    """Return the title as a person who reads results may know it."""
    is_open = not is_blind(actor) or is_open_to_council(initiative, is_scored=is_scored)
    return initiative.title if is_open else initiative.blind_title


def unit_for(initiative: Initiative, actor: Actor, *, is_scored: bool) -> str:
    """Return the unit as a person who reads results may know it; "" while it is hidden."""
    is_open = not is_blind(actor) or is_open_to_council(initiative, is_scored=is_scored)
    return initiative.unit_name if is_open else ""


def title_column(a_round: Round, actor: Actor, *, is_scored: bool) -> ColumnElement[str]:
    """Return ``title_for`` said to the database, for lists."""
    return case((_open_to(a_round, actor, is_scored=is_scored), Initiative.title), else_=Initiative.blind_title)


def unit_column(a_round: Round, actor: Actor, *, is_scored: bool) -> ColumnElement[str]:
    """Return ``unit_for`` said to the database, for lists."""
    return case((_open_to(a_round, actor, is_scored=is_scored), Initiative.unit_name), else_=literal(""))


def _open_to(a_round: Round, actor: Actor, *, is_scored: bool) -> ColumnElement[bool]:
    decided = Initiative.state.in_(DECIDED)
    if not is_blind(actor):
        return true()
    return or_(decided, literal(is_scored)) if a_round.unblinding.council is Moment.SCORED else decided


def authors_for_reviewers(initiative: Initiative) -> tuple[str, ...]:
    """Return the authors' names for somebody who marked the dossier; none before the moment, if it ever comes."""
    if not has_come(initiative.round.unblinding.reviewers, initiative.state, is_scored=True):
        return ()
    return tuple(each.name for each in initiative.authors)


def authors_for_council(initiative: Initiative) -> tuple[str, ...]:
    """Return the authors' names for a member who reads released scores; none before the moment."""
    is_open = is_open_to_council(initiative, is_scored=True)
    return tuple(each.name for each in initiative.authors) if is_open else ()


def names_reviewers(initiative: Initiative) -> bool:
    """Return whether the authors of a dossier are told who marked it."""
    return has_come(initiative.round.unblinding.authors, initiative.state, is_scored=True)
