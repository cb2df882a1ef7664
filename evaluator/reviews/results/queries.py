"""Reading results of scoring: the list of a round, one dossier with everything that led to its result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, false, func, select, true
from sqlalchemy.orm import lazyload

from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor, require
from evaluator.reviews.models import ScoreResult, ScoreSheet, Scoring, Standing
from evaluator.reviews.results.dossiers import dossiers, key_of, season_of
from evaluator.reviews.results.service import Subject
from evaluator.reviews.rubrics import rubric_of, scorer_of
from evaluator.rounds.models import Round
from evaluator.rules.roles import Role
from evaluator.rules.rubric import Rubric
from evaluator.rules.scoring.outcome import Outcome

LOT = 1000  # sheets fetched and sent at a time by the export

ORDERS: dict[str, Any] = {
    "rank": ScoreResult.rank_order,
    "points": ScoreResult.score_order,
    "spread": ScoreResult.spread,
    "outstanding": ScoreResult.outstanding,
    "received": ScoreResult.initiative_id,
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the list of results. Points are hundredths; -1 where there are none."""

    code: str
    title: str
    unit_name: str
    standing: Standing
    sheets: int
    outstanding: int
    score: int | None
    spread: int | None
    is_flagged: bool
    rank: int | None
    is_tied: bool
    totals: tuple[int, ...]


def may_read(actor: Actor, *, is_closed: bool) -> ColumnElement[bool]:
    """Return the condition behind the list: the policy's RESULT_READ, said to the database."""
    if actor.is_service:
        return true()
    if not actor.has(Role.SECRETARY) and not (actor.has(Role.MEMBER, Role.CHAIR) and is_closed):
        return false()
    hidden = actor.stakes if is_closed else actor.near
    return ScoreResult.initiative_id.not_in(hidden) if hidden else true()


NOBODY = 0  # no single initiative


@dataclass(frozen=True, slots=True)
class ScoringState:
    """Where the scoring of a round stands as a whole."""

    ranked_at: datetime | None
    closed_at: datetime | None
    histogram: tuple[int, ...]
    is_close_race: bool = False  # the rubric asks for a second round
    initiative_id: int = NOBODY  # one in which the reader has a stake: sums over the round would tell of it

    @property
    def is_closed(self) -> bool:
        """Whether sheets change no more and the council may read the results."""
        return self.closed_at is not None


def scoring_for(a_round: Round, actor: Actor) -> ScoringState:
    """Return where the scoring of a round stands, without sums from which the reader could subtract.

    Whoever sees every score but the own can read the own off a distribution of all.
    """
    scoring = scoring_of(a_round)
    hidden = actor.stakes if scoring.is_closed else actor.near
    if not hidden:
        return scoring
    found = select(ScoreResult.initiative_id).where(
        ScoreResult.round_id == a_round.id, ScoreResult.initiative_id.in_(hidden)
    )
    own = db.session.scalar(found.limit(1))
    return replace(scoring, histogram=(), is_close_race=False, initiative_id=own) if own else scoring


def scoring_of(a_round: Round) -> ScoringState:
    """Return where the scoring of a round stands."""
    row = db.session.execute(
        select(Scoring.ranked_at, Scoring.closed_at, Scoring.summary).where(Scoring.round_id == a_round.id)
    ).first()
    if row is None:
        return ScoringState(None, None, ())
    return ScoringState(row[0], row[1], tuple(row[2].get("histogram", ())), bool(row[2].get("close_race")))


def listed(
    a_round: Round, *, actor: Actor, sort: str = "rank", standing: str = "", flagged: bool = False, mark: str = ""
) -> Page[ResultRow]:
    """Return one page of the results of a round; ``sort`` is a key of ORDERS, with a minus for downwards."""
    require(actor, Action.RESULT_LIST)
    is_closed = scoring_of(a_round).is_closed
    statement = (
        select(
            Initiative.code,
            unblinding.title_column(a_round, actor, is_scored=is_closed).label("title"),
            unblinding.unit_column(a_round, actor, is_scored=is_closed).label("unit_name"),
            *(getattr(ScoreResult, name) for name in _COLUMNS),
        )
        .join(Initiative, Initiative.id == ScoreResult.initiative_id)
        .where(ScoreResult.round_id == a_round.id, may_read(actor, is_closed=is_closed))
    )
    if standing in set(Standing):
        statement = statement.where(ScoreResult.standing == Standing(standing))
    if flagged:
        statement = statement.where(ScoreResult.is_flagged)
    key = ORDERS.get(sort.lstrip("-"), ScoreResult.rank_order)
    keys = [key] if key is ORDERS["received"] else [key, ORDERS["received"]]
    page = page_by_key(db.session(), statement, keys=keys, mark=mark, descending=sort.startswith("-"))
    return Page([_row(row) for row in page.rows], page.next, page.previous)


_COLUMNS = ("standing", "sheets", "outstanding", "score_order", "spread", "is_flagged", "rank", "is_tied", "totals")


def _row(row: Any) -> ResultRow:
    return ResultRow(
        code=row.code,
        title=row.title,
        unit_name=row.unit_name,
        standing=row.standing,
        sheets=row.sheets,
        outstanding=row.outstanding,
        score=None if row.score_order < 0 else (row.score_order + 5_000) // 10_000,
        spread=None if row.spread < 0 else row.spread,
        is_flagged=row.is_flagged,
        rank=row.rank,
        is_tied=row.is_tied,
        totals=tuple(row.totals),
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many initiatives of a round stand where."""

    waiting: int
    passed: int
    failed: int
    unscored: int
    flagged: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.waiting + self.passed + self.failed + self.unscored


def counts(a_round: Round, *, actor: Actor) -> Counts:
    """Return the counts of what the actor may read: one pass over an index."""
    rows = db.session.execute(
        select(ScoreResult.standing, ScoreResult.is_flagged, func.count())
        .where(ScoreResult.round_id == a_round.id, may_read(actor, is_closed=scoring_of(a_round).is_closed))
        .group_by(ScoreResult.standing, ScoreResult.is_flagged)
    ).all()
    by_standing = {standing: sum(count for each, _flag, count in rows if each is standing) for standing in Standing}
    return Counts(
        waiting=by_standing[Standing.WAITING],
        passed=by_standing[Standing.PASSED],
        failed=by_standing[Standing.FAILED],
        unscored=by_standing[Standing.UNSCORED],
        flagged=sum(count for _standing, is_flagged, count in rows if is_flagged),
    )


# --- one dossier ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet as the council reads it; the reviewer's name only for those who may know it."""

    number: int
    reviewer: str
    assignment_id: int
    reviewer_code: str
    blind_code: str
    points: dict[str, Any]
    remark: str
    signed_at: datetime | None
    asked_time_at: datetime | None
    asked_time_for: str
    open_until: datetime | None

    @property
    def key(self) -> str:
        """The name of the sheet in an outcome."""
        return key_of(self.assignment_id)


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result with everything that led to it; title and unit as the reader may know them."""

    initiative: Initiative
    title: str
    unit_name: str
    result: ScoreResult | None
    sheets: tuple[SheetView, ...]
    outcome: Outcome | None
    is_closed: bool


def view(code: str, a_round: Round, *, actor: Actor) -> ResultView:
    """Return the result of one initiative, recomputed from its sheets.

    Raises:
        NotFound: there is none, or the actor may not read it.
    """
    initiative = db.session.scalar(
        select(Initiative)
        .where(Initiative.code == code, Initiative.round_id == a_round.id)
        .options(lazyload(Initiative.authors))
    )
    if initiative is None:
        raise NotFound
    is_closed = scoring_of(a_round).is_closed
    require(actor, Action.RESULT_READ, Subject(initiative.id, is_closed))
    sheets = tuple(_sheets(initiative, knows_names=actor.has(Role.SECRETARY, Role.CHAIR) or actor.is_service))
    dossier = next(dossiers([initiative.id])).dossier
    return ResultView(
        initiative=initiative,
        title=unblinding.title_for(initiative, actor, is_scored=is_closed),
        unit_name=unblinding.unit_for(initiative, actor, is_scored=is_closed),
        result=db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative.id)),
        sheets=sheets,
        outcome=scorer_of(a_round).outcome(dossier, season_of(a_round)) if dossier.sheets else None,
        is_closed=is_closed,
    )


def _sheets(initiative: Initiative, *, knows_names: bool) -> Iterator[SheetView]:
    rows = db.session.execute(
        select(Assignment.id, Account.name, Account.code, ScoreSheet)
        .join(Account, Account.id == Assignment.reviewer_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.initiative_id == initiative.id, Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    for number, (assignment_id, name, reviewer_code, found) in enumerate(rows, start=1):
        sheet: ScoreSheet | None = found  # nothing was marked yet
        signed_at = sheet.signed_at if sheet else None
        yield SheetView(
            number=number,
            reviewer=name if knows_names else "",
            assignment_id=assignment_id,
            reviewer_code=reviewer_code if knows_names else "",
            blind_code=initiative.blind_code or "",
            points=sheet.points if sheet and signed_at else {},
            remark=sheet.remark if sheet and signed_at else "",
            signed_at=signed_at,
            asked_time_at=sheet.asked_time_at if sheet else None,
            asked_time_for=sheet.asked_time_for if sheet else "",
            open_until=sheet.open_until if sheet else None,
        )


# --- reviewers of a round ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """How far one reviewer is."""

    code: str
    name: str
    email: str
    given: int
    signed: int
    begun: int
    last_saved_at: datetime | None
    asks_for_time: int

    @property
    def left(self) -> int:
        """Sheets still to sign."""
        return self.given - self.signed


def reviewers(a_round: Round, *, actor: Actor, mark: str = "") -> Page[ReviewerRow]:
    """Return the reviewers of a round by name, and how far each is: two reads whatever the size of the round."""
    require(actor, Action.SCORING_CLOSE)
    hidden = actor.stakes if scoring_of(a_round).is_closed else actor.near  # nobody subtracts
    visible = (Assignment.round_id == a_round.id, Assignment.initiative_id.not_in(hidden))
    has_work = select(Assignment.id).where(Assignment.reviewer_id == Account.id, *visible).exists()
    statement = select(Account.id, Account.code, Account.name, Account.email).where(has_work)
    page = page_by_key(db.session(), statement, keys=[Account.sort_key, Account.id], mark=mark)
    done = {row.reviewer_id: row for row in db.session.execute(_work_of([row.id for row in page.rows], visible))}
    rows = [
        ReviewerRow(row.code, row.name, row.email, each.given, each.signed, each.begun, each.last_saved_at, each.asks)
        for row in page.rows
        if (each := done.get(row.id)) is not None
    ]
    return Page(rows, page.next, page.previous)


def _work_of(reviewer_ids: list[int], visible: Sequence[ColumnElement[bool]]) -> Select[Any, Any, Any, Any, Any, Any]:
    return (
        select(
            Assignment.reviewer_id,
            func.count(Assignment.id).label("given"),
            func.count(ScoreSheet.signed_at).label("signed"),
            func.count(ScoreSheet.id).label("begun"),
            func.max(ScoreSheet.saved_at).label("last_saved_at"),
            func.count(ScoreSheet.asked_time_at).label("asks"),
        )
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.reviewer_id.in_(reviewer_ids), *visible, Assignment.ended_at.is_(None))
        .group_by(Assignment.reviewer_id)
    )


def all_sheets(a_round: Round, *, actor: Actor) -> Iterator[Sequence[Any]]:
    """Return every signed sheet of a round in the order of the dossiers, in lots, straight from the database.

    A line is code, blind code, reviewer, moment of signing, points as JSON, and remark.
    """
    require(actor, Action.SCORING_CLOSE)
    hidden = actor.stakes if scoring_of(a_round).is_closed else actor.near
    statement = (
        select(
            Initiative.code,
            Initiative.blind_code,
            Account.name,
            ScoreSheet.signed_at,
            cast(ScoreSheet.points, Text),
            ScoreSheet.remark,
        )
        .select_from(Assignment)
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .join(Account, Account.id == Assignment.reviewer_id)
        .where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None), ScoreSheet.signed_at.is_not(None))
        .order_by(Assignment.initiative_id, Assignment.id)
        .execution_options(yield_per=LOT)
    )
    if hidden:
        statement = statement.where(Initiative.id.not_in(hidden))
    return _lots(statement)


def _lots(statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Run a statement when the first lot is asked for: what is streamed outlives the transaction of its view."""
    yield from db.session.connection().execute(statement).partitions()


def rubric_for(a_round: Round) -> Rubric:
    """Return the rubric by which the sheets of a round were filled in."""
    return rubric_of(a_round)
