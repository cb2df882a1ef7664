"""Reading score sheets: a reviewer's list, one place at the desk, how far a person is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import lazyload, selectinload, undefer_group

from evaluator.assignment.models import Assignment, ConflictStatement
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.initiatives import blind as dossiers
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor, require
from evaluator.reviews.blind import BlindSheet, QueueRow, Section, SoFar, sections_of, so_far_of
from evaluator.reviews.models import ScoreSheet, Scoring
from evaluator.reviews.results.service import Subject
from evaluator.reviews.rubrics import rubric_of, typed_points
from evaluator.rounds.models import Round
from evaluator.rules.amounts import points_text
from evaluator.rules.lifecycle import RoundState

UNBOUND = (lazyload(Assignment.initiative), lazyload(Round.unit))


@dataclass(frozen=True, slots=True)
class Desk:
    """A reviewer's place at one dossier: what the policy is asked about and what the commands change."""

    assignment: Assignment
    sheet: ScoreSheet | None
    round: Round
    statement_at: datetime | None
    closed_at: datetime | None

    @property
    def reviewer_id(self) -> int:
        """Whose place it is."""
        return self.assignment.reviewer_id

    @property
    def initiative_id(self) -> int:
        """Which dossier lies on it."""
        return self.assignment.initiative_id

    @property
    def has_statement(self) -> bool:
        """Whether the reviewer signed the conflict statement of the round."""
        return self.statement_at is not None

    @property
    def closes_at(self) -> datetime:
        """The last moment at which points can be given here."""
        later = self.sheet.open_until if self.sheet else None
        return max(later, self.round.review_closes_at) if later else self.round.review_closes_at

    def is_open(self, now: datetime) -> bool:
        """Return whether points can be given at a moment."""
        return self.round.state is RoundState.OPEN and self.closed_at is None and now <= self.closes_at


def _desks() -> Select[Assignment, ScoreSheet, Round, datetime, datetime | None]:
    return (
        select(Assignment, ScoreSheet, Round, ConflictStatement.signed_at, Scoring.closed_at)
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .join(Round, Round.id == Assignment.round_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .outerjoin(
            ConflictStatement,
            and_(
                ConflictStatement.account_id == Assignment.reviewer_id,
                ConflictStatement.round_id == Assignment.round_id,
            ),
        )
        .outerjoin(Scoring, Scoring.round_id == Assignment.round_id)
        .where(Assignment.ended_at.is_(None))
        .options(*UNBOUND)
    )


# Statements that run at every step of a reviewer are built once.
OWN_DESK = _desks().where(Initiative.blind_code == bindparam("code"), Assignment.reviewer_id == bindparam("me"))


def desk(code: str, *, actor: Actor) -> Desk:
    """Return the actor's own place at the dossier of a blind code, in one read.

    Raises:
        NotFound: it is not given to this person (any more), or there is no such dossier.
    """
    found = db.session.execute(OWN_DESK, {"code": code, "me": actor.id}).first()
    if found is None:
        raise NotFound
    place = Desk(*found)
    require(actor, Action.SHEET_SEE, place)
    return place


def sections(place: Desk) -> tuple[Section, ...]:
    """Return the criteria of a sheet with what has been given, without the dossier."""
    return sections_of(rubric_of(place.round), place.sheet.points if place.sheet else {})


@dataclass(frozen=True, slots=True)
class SheetStanding:
    """A sheet without its dossier: what was kept, and where it stands."""

    version: int
    points: dict[str, str]
    remark: str
    saved_at: datetime | None
    signed_at: datetime | None
    so_far: SoFar


def standing(place: Desk, *, actor: Actor) -> SheetStanding:
    """Return what is kept of a sheet and where it stands.

    Raises:
        Forbidden: as for ``blind_sheet``.
    """
    require(actor, Action.SHEET_READ, place)
    sheet = place.sheet
    points = sheet.points if sheet else {}
    return SheetStanding(
        version=sheet.version if sheet else 0,
        points={key: points_text(value) if isinstance(value, int) else value for key, value in points.items()},
        remark=sheet.remark if sheet else "",
        saved_at=sheet.saved_at if sheet else None,
        signed_at=sheet.signed_at if sheet else None,
        so_far=so_far_of(rubric_of(place.round), points),
    )


def blind_sheet(place: Desk, *, actor: Actor, now: datetime, texts: dict[str, str] | None = None) -> BlindSheet:
    """Return what the page of a sheet shows; ``texts`` are those of a form that was refused.

    Raises:
        Forbidden: the conflict statement is not signed, or a conflict was declared.
    """
    require(actor, Action.SHEET_READ, place)
    sheet, rubric = place.sheet, rubric_of(place.round)
    dossier = _dossier(place.initiative_id)
    kept = sheet.points if sheet else {}
    given = kept if texts is None else typed_points(rubric, texts)[0]
    return BlindSheet(
        initiative=dossiers.blind(dossier),
        round_title=place.round.title,
        sections=sections_of(rubric, given),
        so_far=so_far_of(rubric, given),
        remark=sheet.remark if sheet else "",
        saved_at=sheet.saved_at if sheet else None,
        signed_at=sheet.signed_at if sheet else None,
        reopened_at=sheet.reopened_at if sheet else None,
        asked_time_at=sheet.asked_time_at if sheet else None,
        closes_at=place.closes_at,
        is_open=place.is_open(now),
        version=sheet.version if sheet else 0,
        authors=unblinding.authors_for_reviewers(dossier),
    )


def file_key(place: Desk, name: str, *, actor: Actor) -> str:
    """Return where the scrubbed bytes behind a neutral file name are stored.

    Raises:
        NotFound: the dossier has no such file.
        Forbidden: as for ``blind_sheet``.
    """
    require(actor, Action.SHEET_READ, place)
    return dossiers.blind_bytes_key(_dossier(place.initiative_id), name)


def _dossier(initiative_id: int) -> Initiative:
    """Return a dossier with its texts and files, and without its authors."""
    return db.session.scalars(DOSSIER, {"id": initiative_id}).one()


DOSSIER = (
    select(Initiative)
    .where(Initiative.id == bindparam("id"))
    .options(undefer_group("texts"), lazyload(Initiative.authors), selectinload(Initiative.attachments))
)


# --- a reviewer's list ------------------------------------------------------------------------

NEED = case((ScoreSheet.signed_at.is_not(None), 2), (ScoreSheet.id.is_not(None), 0), else_=1)


# A declared conflict ends the assignment, so what is not ended may be opened.
MINE = (Assignment.reviewer_id == bindparam("me"), Assignment.ended_at.is_(None), Round.state == RoundState.OPEN)


def queue(actor: Actor, *, signed: bool = False, mark: str = "") -> Page[QueueRow]:
    """Return a reviewer's dossiers, what needs him or her most first: begun, then untouched, by deadline.

    Raises:
        Forbidden: the actor is no reviewer.
    """
    require(actor, Action.SHEET_LIST)
    statement = (
        select(
            Initiative.blind_code,
            dossiers.BLIND_TITLE.label("title"),
            Initiative.field,
            Assignment.round_id,
            ScoreSheet.points,
            ScoreSheet.signed_at,
            ScoreSheet.saved_at,
            ScoreSheet.reopened_at,
            ScoreSheet.asked_time_at,
            ScoreSheet.open_until,
        )
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .join(Round, Round.id == Assignment.round_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(*MINE, dossiers.HAS_COPY)
        .where(ScoreSheet.signed_at.is_not(None) if signed else ScoreSheet.signed_at.is_(None))
    )
    page = page_by_key(
        db.session(), statement.params(me=actor.id), keys=[NEED, Round.review_closes_at, Assignment.id], mark=mark
    )
    rounds = {each.id: each for each in _rounds({row.round_id for row in page.rows})}
    return Page([_queue_row(row, rounds[row.round_id]) for row in page.rows], page.next, page.previous)


def _rounds(ids: set[int]) -> Sequence[Round]:
    return db.session.scalars(select(Round).where(Round.id.in_(ids)).options(lazyload(Round.unit))).all() if ids else []


def _queue_row(row: Any, a_round: Round) -> QueueRow:
    rubric = rubric_of(a_round)
    points = row.points or {}
    return QueueRow(
        code=row.blind_code,
        title=row.title,
        field=row.field,
        round_code=a_round.code,
        closes_at=max(filter(None, (row.open_until, a_round.review_closes_at))),
        marked=sum(criterion.key in points for criterion in rubric.criteria),
        criteria=len(rubric.criteria),
        signed_at=row.signed_at,
        saved_at=row.saved_at,
        reopened_at=row.reopened_at,
        asked_time_at=row.asked_time_at,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reviewer is, over all rounds that run."""

    signed: int
    given: int

    @property
    def left(self) -> int:
        """Sheets still to sign."""
        return self.given - self.signed


def progress(actor: Actor) -> Progress:
    """Return how many dossiers a reviewer has, and how many sheets are signed."""
    signed, given = db.session.execute(PROGRESS, {"me": actor.id}).one()
    return Progress(signed, given)


PROGRESS = (
    select(func.count(ScoreSheet.signed_at), func.count(Assignment.id))
    .select_from(Assignment)
    .join(Round, Round.id == Assignment.round_id)
    .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .where(*MINE)
)


def maybe_next_code(actor: Actor, *, after: str = "") -> str | None:
    """Return the blind code of the dossier that needs a reviewer most, other than the one just left."""
    return db.session.scalar(NEXT, {"me": actor.id, "after": after})


NEXT = (
    select(Initiative.blind_code)
    .join(Assignment, Assignment.initiative_id == Initiative.id)
    .join(Round, Round.id == Assignment.round_id)
    .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .where(*MINE, ScoreSheet.signed_at.is_(None), Initiative.blind_code != bindparam("after"))
    .order_by(NEED, Round.review_closes_at, Assignment.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Pending:
    """A round whose conflict statement a reviewer has not signed yet."""

    code: str
    title: str
    council_name: str
    closes_at: datetime
    dossiers: int


def unsigned_statements(actor: Actor) -> list[Pending]:
    """Return the rounds in which a reviewer has dossiers and has not signed the conflict statement."""
    rows = db.session.execute(
        select(Round.code, Round.title, Round.council_name, Round.review_closes_at, func.count(Assignment.id))
        .join(Assignment, Assignment.round_id == Round.id)
        .outerjoin(
            ConflictStatement,
            and_(ConflictStatement.account_id == Assignment.reviewer_id, ConflictStatement.round_id == Round.id),
        )
        .where(*MINE, ConflictStatement.id.is_(None))
        .group_by(Round.id)
        .order_by(Round.review_closes_at, Round.id),
        {"me": actor.id},
    )
    return [Pending(*row) for row in rows]


def titles_of(actor: Actor, a_round: Round) -> list[tuple[str, str]]:
    """Return blind code and title of a reviewer's dossiers in a round: what the statement is made about."""
    rows = db.session.execute(
        select(Initiative.blind_code, dossiers.BLIND_TITLE)
        .join(Assignment, Assignment.initiative_id == Initiative.id)
        .join(Round, Round.id == Assignment.round_id)
        .where(*MINE, Assignment.round_id == a_round.id, dossiers.HAS_COPY)
        .order_by(Assignment.id),
        {"me": actor.id},
    )
    return [(code or "", title) for code, title in rows]


def sheets_of(initiative_ids: Collection[int]) -> Select[int]:
    """Return the ids of all sheets on some initiatives, ended assignments too: for whoever must leave them out."""
    return (
        select(ScoreSheet.id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .where(Assignment.initiative_id.in_(initiative_ids))
    )


def place_of(code: str, reviewer_code: str, *, actor: Actor) -> Desk:
    """Return a reviewer's place at a dossier, for the secretary.

    Raises:
        NotFound: there is none, or the result of the dossier is none of the actor's business.
    """
    found = db.session.execute(
        _desks()
        .join(Account, Account.id == Assignment.reviewer_id)
        .where(Initiative.code == code, Account.code == reviewer_code)
    ).first()
    if found is None:
        raise NotFound
    place = Desk(*found)
    require(actor, Action.RESULT_READ, Subject(place.initiative_id, place.closed_at is not None))
    return place
