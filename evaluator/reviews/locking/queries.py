"""Reading the lockings of a round and what changed from one to the next."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor, require
from evaluator.reviews.models import LockedOutcome, ResultLock, ScoreResult, Scoring
from evaluator.rounds.models import Round
from evaluator.rules.amounts import HUNDREDTHS, rounded


@dataclass(frozen=True, slots=True)
class Kept:
    """The result of an initiative in one locking."""

    score: int | None  # hundredths, as shown
    class_key: str
    passed: bool
    rank: int | None


@dataclass(frozen=True, slots=True)
class ChangedOutcome:
    """One initiative whose result is not the same in two lockings; ``None`` where it had none."""

    code: str
    title: str
    before: Kept | None
    after: Kept | None

    @property
    def is_decisive(self) -> bool:
        """Whether it passed in one and not in the other, or has another class."""
        return _decision(self.before) != _decision(self.after)


def _decision(kept: Kept | None) -> tuple[bool, str] | None:
    return None if kept is None else (kept.passed, kept.class_key)


def locks(a_round: Round, *, actor: Actor) -> list[ResultLock]:
    """Return the lockings of a round, the newest first."""
    require(actor, Action.RESULT_LIST)
    return list(
        db.session.scalars(
            select(ResultLock).where(ResultLock.round_id == a_round.id).order_by(ResultLock.number.desc())
        )
    )


def lock(a_round: Round, number: int, *, actor: Actor) -> ResultLock:
    """Return one locking of a round.

    Raises:
        NotFound: there is none of this number.
    """
    found = next((each for each in locks(a_round, actor=actor) if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def changes(
    before: ResultLock, after: ResultLock, *, actor: Actor, with_ranks: bool = False, mark: str = ""
) -> Page[ChangedOutcome]:
    """Return one page of the initiatives whose results differ between two lockings, by code.

    A rank that moved only because others did is left out unless ``with_ranks``.
    """
    require(actor, Action.RESULT_LIST)
    old, new = aliased(LockedOutcome), aliased(LockedOutcome)
    looked_at = _KEPT if with_ranks else _KEPT[:-1]
    statement = (
        select(
            Initiative.code,
            unblinding.title_column(before.round, actor, is_scored=True).label("title"),
            Initiative.id.label("initiative_id"),
            *(getattr(old, name).label(f"old_{name}") for name in _KEPT),
            *(getattr(new, name).label(f"new_{name}") for name in _KEPT),
        )
        .outerjoin(old, and_(old.initiative_id == Initiative.id, old.lock_id == before.id))
        .outerjoin(new, and_(new.initiative_id == Initiative.id, new.lock_id == after.id))
        .where(
            Initiative.round_id == after.round_id,
            or_(
                *(getattr(old, name).is_distinct_from(getattr(new, name)) for name in looked_at),
            ),
        )
    )
    hidden = actor.stakes
    if hidden:
        statement = statement.where(Initiative.id.not_in(hidden))
    page = page_by_key(db.session(), statement, keys=[Initiative.code, Initiative.id], mark=mark)
    rows = [
        ChangedOutcome(
            row.code,
            row.title,
            _kept(row.old_score, row.old_class_key, row.old_rank, passed=row.old_passed),
            _kept(row.new_score, row.new_class_key, row.new_rank, passed=row.new_passed),
        )
        for row in page.rows
    ]
    return Page(rows, page.next, page.previous)


_KEPT = ("score", "class_key", "passed", "rank")


def _kept(score: str | None, class_key: str | None, rank: int | None, *, passed: bool | None) -> Kept | None:
    if passed is None:
        return None
    return Kept(shown_score(score or ""), class_key or "", passed, rank)


def shown_score(text: str) -> int | None:
    """Return a kept score in hundredths, as it is shown; None where there is none."""
    return int(rounded(Fraction(text), 2) * HUNDREDTHS) if text else None


def not_as_locked() -> list[str]:
    """Return codes of initiatives whose result is locked and yet not what was locked (none, unless data was forced)."""
    return list(
        db.session.scalars(
            select(Initiative.code)
            .join(LockedOutcome, LockedOutcome.initiative_id == Initiative.id)
            .join(ResultLock, ResultLock.id == LockedOutcome.lock_id)
            .join(Scoring, Scoring.round_id == ResultLock.round_id)
            .join(ScoreResult, ScoreResult.initiative_id == Initiative.id)
            .where(
                ResultLock.unlocked_at.is_(None),
                Scoring.closed_at.is_not(None),
                or_(
                    ScoreResult.score.is_distinct_from(LockedOutcome.score),
                    ScoreResult.rank.is_distinct_from(LockedOutcome.rank),
                ),
            )
            .limit(20)
        )
    )
