"""Reading rounds."""

from sqlalchemy import Select, false, select

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.policy import Action, Actor, allows
from evaluator.rounds.models import Round
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.roles import Role


def visible_to(actor: Actor) -> Select[Round]:
    """Return the rounds an actor may see: those in preparation only the secretary."""
    statement = select(Round)
    if actor.is_service or actor.has(Role.SECRETARY):
        return statement
    if actor.id is None:
        return statement.where(false())
    return statement.where(Round.state != RoundState.DRAFT)


def get(code: str, *, actor: Actor) -> Round:
    """Return the round of a code.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    a_round: Round | None = db.session.scalar(select(Round).where(Round.code == code))
    if a_round is None or not allows(actor, Action.ROUND_READ, a_round):
        raise NotFound
    return a_round


def announced(code: str) -> Round:
    """Return a round whose results are released: what of them a reader may see is asked row by row.

    Raises:
        NotFound: there is none, or its results are provisional.
    """
    a_round: Round | None = db.session.scalar(select(Round).where(Round.code == code))
    if a_round is None or a_round.released_at is None:
        raise NotFound
    return a_round


def newest_first(actor: Actor, *, limit: int = 200) -> list[Round]:
    """Return the rounds an actor may see, the newest first. A council has a few a year."""
    return list(
        db.session.scalars(visible_to(actor).order_by(Round.submission_opens_at.desc(), Round.id.desc()).limit(limit))
    )


def maybe_current(actor: Actor) -> Round | None:
    """Return the round most people mean: the newest open one, else the newest visible one."""
    rounds = newest_first(actor, limit=20)
    return next((each for each in rounds if each.state is RoundState.OPEN), rounds[0] if rounds else None)


def in_hand(actor: Actor) -> list[Round]:
    """Return the rounds that are prepared or run, the oldest first; a council has one or two at a time."""
    unfinished = visible_to(actor).where(Round.state != RoundState.CLOSED)
    return list(db.session.scalars(unfinished.order_by(Round.submission_opens_at, Round.id).limit(10)))


def open_rounds() -> list[Round]:
    """Return the rounds that run."""
    return list(db.session.scalars(select(Round).where(Round.state == RoundState.OPEN).order_by(Round.id)))
