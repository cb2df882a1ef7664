"""Reading the statistics of a round, as they were measured at its last ranking."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import func, select

from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.core.text import Sentence
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor, require
from evaluator.reviews.models import ScoreSheet, Scoring
from evaluator.reviews.results import queries as results
from evaluator.rounds.models import Round
from evaluator.rules.calendar import day_of


@dataclass(frozen=True, slots=True)
class LeniencyRow:
    """One reviewer against the colleagues on the same initiatives; points, positive is mild."""

    name: str
    sheets: int
    shared: int
    raw: float | None
    points: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class AtTheLine:
    """One initiative near the pass mark: its plain mean, and the corrected one or its standard error."""

    code: str
    title: str
    raw: float
    other: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything the page shows. ``alpha`` is None where it is not defined."""

    measured_at: datetime
    marks: int
    alpha: float | None
    words: str
    noise: float
    doubts: tuple[Sentence, ...]
    reviewers: tuple[LeniencyRow, ...]
    line: float | None
    changed: tuple[AtTheLine, ...]
    changed_count: int
    near: tuple[AtTheLine, ...]
    near_count: int

    @property
    def scale(self) -> float:
        """The widest reach of a leniency, for drawing."""
        return max((abs(each.points) + each.uncertainty for each in self.reviewers), default=0.0) or 1.0


def of_round(a_round: Round, *, actor: Actor) -> Statistics | None:
    """Return the statistics of a round; None before its first ranking.

    Raises:
        Forbidden: the actor may not look at how others mark now, or has a stake in the round.
    """
    row = db.session.execute(
        select(Scoring.ranked_at, Scoring.closed_at, Scoring.summary).where(Scoring.round_id == a_round.id)
    ).first()
    require(actor, Action.STATISTICS_READ, results.scoring_for(a_round, actor))
    kept: dict[str, Any] = row.summary.get("statistics", {}) if row else {}
    if row is None or not kept:
        return None
    return Statistics(
        measured_at=row.ranked_at,
        marks=kept["marks"],
        alpha=kept["alpha"],
        words=kept["words"],
        noise=kept["noise"],
        doubts=tuple(Sentence(message, values) for message, values in kept["doubts"]),
        reviewers=_reviewers(kept["reviewers"]),
        line=kept["line"],
        changed=_at_the_line(kept["changed"], a_round, actor),
        changed_count=kept["changed_count"],
        near=_at_the_line(kept["near"], a_round, actor),
        near_count=kept["near_count"],
    )


def _reviewers(rows: list[list[Any]]) -> tuple[LeniencyRow, ...]:
    """Return the reviewers by name, the mildest first."""
    ids = [int(row[0]) for row in rows]
    names = dict(db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())
    found = (LeniencyRow(names[int(who)], *rest) for who, *rest in rows)
    return tuple(sorted(found, key=lambda each: -each.points))


def _at_the_line(rows: list[list[Any]], a_round: Round, actor: Actor) -> tuple[AtTheLine, ...]:
    """Return the initiatives, without those of the reader's own."""
    ids = [row[0] for row in rows if row[0] not in actor.stakes]
    title = unblinding.title_column(a_round, actor, is_scored=True).label("title")
    named = {
        found.id: found
        for found in db.session.execute(select(Initiative.id, Initiative.code, title).where(Initiative.id.in_(ids)))
    }
    return tuple(
        AtTheLine(named[number].code, named[number].title, raw, other) for number, raw, other in rows if number in named
    )


def signed_by_day(a_round: Round) -> tuple[tuple[date, int], ...]:
    """Return how many sheets of a round had been signed by the end of each day, in council time."""
    moments = db.session.scalars(
        select(ScoreSheet.signed_at)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None), ScoreSheet.signed_at.is_not(None))
        .order_by(ScoreSheet.signed_at)
        .execution_options(yield_per=5000)
    )
    days: dict[date, int] = {}
    for moment in moments:
        if moment is not None:
            day = day_of(moment)
            days[day] = days.get(day, 0) + 1
    return tuple(zip(days, accumulate(days.values()), strict=True))


def sheets_wanted(a_round: Round) -> int:
    """Return how many sheets are given out in a round."""
    wanted = select(func.count(Assignment.id)).where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None))
    return db.session.scalar(wanted) or 0
