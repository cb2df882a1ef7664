"""Reading releases: their letters, what waits, and who may see what of a result once they are out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.core.text import Sentence
from evaluator.council import told
from evaluator.council.models import Council, Decision, Session, SessionState
from evaluator.council.papers.queries import DECIDED, SELECTED
from evaluator.council.queries import hundredths
from evaluator.council.release.models import Letter, Release
from evaluator.initiatives.models import Author, Initiative
from evaluator.policy import Action, Actor, allows, require
from evaluator.reviews.models import ResultLock, ScoreResult, Scoring
from evaluator.rounds.models import Round
from evaluator.rules.audience import Audience, Facet, Shown
from evaluator.rules.lifecycle import InitiativeState as State

_A_FEW = 5


def is_selected(initiative: Initiative) -> bool:
    """Return whether the council selected it."""
    return initiative.state in SELECTED


def lock_number(a_round: Round) -> int | None:
    """Return which locking of the results is in force, 0 for one from before they were counted; None if unlocked."""
    closed = db.session.scalar(select(Scoring.closed_at).where(Scoring.round_id == a_round.id))
    if closed is None:
        return None
    standing = select(func.max(ResultLock.number)).where(
        ResultLock.round_id == a_round.id, ResultLock.unlocked_at.is_(None)
    )
    return db.session.scalar(standing) or 0


def releases_of(council: Council) -> Sequence[Release]:
    """Return the releases of a council, the first one first."""
    return db.session.scalars(select(Release).where(Release.council_id == council.id).order_by(Release.number)).all()


def waits(a_round: Round) -> bool:
    """Return whether a round is decided, its council not in session, and nobody has been told."""
    if a_round.released_at is not None:
        return False
    council = db.session.scalar(select(Council).where(Council.round_id == a_round.id).options(lazyload("*")))
    if council is None:
        return False
    runs = exists().where(Session.council_id == council.id, Session.state != SessionState.CLOSED)
    decided = exists().where(Initiative.round_id == a_round.id, Initiative.state.in_(DECIDED))
    return bool(db.session.scalar(select(and_(~runs, decided))))


def council_of(code: str) -> Council:
    """Return the council of a round whose results are released, for whoever may know one of them.

    Raises:
        NotFound: there is none, or its results are provisional.
    """
    wanted = select(Council).join(Round, Round.id == Council.round_id)
    found: Council | None = db.session.scalar(wanted.where(Round.code == code, Round.released_at.is_not(None)))
    if found is None:
        raise NotFound
    return found


def own(council: Council, code: str, *, actor: Actor) -> Initiative:
    """Return an author's own initiative of a released round.

    Raises:
        NotFound: there is none, or its result is none of the actor's business.
    """
    found: Initiative | None = db.session.scalar(
        select(Initiative).where(Initiative.round_id == council.round_id, Initiative.code == code)
    )
    if found is None:
        raise NotFound
    require(actor, Action.RESULT_OWN, found)
    return found


def draft_of(council: Council) -> Release:
    """Return the draft that waits.

    Raises:
        NotFound: there is none.
    """
    found = next((each for each in releases_of(council) if each.is_draft), None)
    if found is None:
        raise NotFound
    return found


def decided_without_letter(council: Council) -> Sequence[int]:
    """Return the decided initiatives that no letter tells of."""
    return db.session.scalars(select(Initiative.id).where(*_not_told(council)).order_by(Initiative.id)).all()


def count_without_letter(council: Council) -> int:
    """Return how many decided initiatives no letter tells of."""
    return db.session.scalar(select(func.count()).select_from(Initiative).where(*_not_told(council))) or 0


def count_letters(release: Release) -> int:
    """Return how many letters a release has."""
    return db.session.scalar(select(func.count()).where(Letter.release_id == release.id)) or 0


def _not_told(council: Council) -> tuple[ColumnElement[bool], ...]:
    told_of = exists().where(Letter.initiative_id == Initiative.id)
    return (Initiative.round_id == council.round_id, Initiative.state.in_(DECIDED), ~told_of)


def with_people(ids: Sequence[int]) -> Sequence[Initiative]:
    """Return initiatives with their owner and authors."""
    wanted = select(Initiative).where(Initiative.id.in_(ids)).order_by(Initiative.id)
    return db.session.scalars(wanted.options(joinedload(Initiative.owner))).all()


def letters_of(release: Release, *, is_selected: bool) -> Iterator[Letter]:
    """Yield the letters of one outcome with their initiatives, in order."""
    wanted = (
        select(Letter)
        .where(Letter.release_id == release.id, Letter.is_selected == is_selected)
        .order_by(Letter.id)
        .options(joinedload(Letter.initiative).lazyload(Initiative.authors))
    )
    yield from db.session.scalars(wanted)


def letters_overtaken(release: Release) -> int:
    """Return how many letters no longer say what was decided."""
    selected = Initiative.state.in_(SELECTED)
    wanted = (
        select(func.count())
        .select_from(Letter)
        .join(Initiative, Initiative.id == Letter.initiative_id)
        .where(
            Letter.release_id == release.id,
            or_(and_(Letter.is_selected, ~selected), and_(~Letter.is_selected, Initiative.state != State.NOT_SELECTED)),
        )
    )
    return db.session.scalar(wanted) or 0


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter as its list shows it."""

    id: int
    code: str
    title: str
    is_selected: bool
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a release would tell, and what would be left."""

    decided: int  # without a letter
    undecided: int
    letters: int
    selected: int
    without_address: int


def waiting(council: Council, draft: Release | None) -> Waiting:
    """Return the figures of the page of a release."""
    undecided = select(func.count()).where(
        Initiative.round_id == council.round_id, Initiative.state.in_((State.IN_REVIEW, State.REVIEWED))
    )
    letters, selected, without = (
        db.session.execute(
            select(
                func.count(), func.count().filter(Letter.is_selected), func.count().filter(Letter.address == "")
            ).where(Letter.release_id == draft.id)
        ).one()
        if draft is not None
        else (0, 0, 0)
    )
    return Waiting(
        decided=count_without_letter(council),
        undecided=db.session.scalar(undecided) or 0,
        letters=letters,
        selected=selected,
        without_address=without,
    )


def letters(release: Release, *, mark: str = "") -> Page[LetterRow]:
    """Return one page of letters."""
    statement = (
        select(Letter.id, Initiative.code, Initiative.title, Letter.is_selected, Letter.name, Letter.address)
        .join(Initiative, Initiative.id == Letter.initiative_id)
        .where(Letter.release_id == release.id)
    )
    page = page_by_key(db.session(), statement, keys=(Letter.id,), mark=mark)
    rows = [LetterRow(row.id, row.code, row.title, row.is_selected, row.name, row.address) for row in page.rows]
    return Page(rows, page.next, page.previous)


# --- what is announced --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Announced:
    """A result as one reader may know it; what is not for this reader is None."""

    code: str
    title: str
    unit: str
    is_selected: bool
    points: int | None  # hundredths
    rank: int | None
    reasons: tuple[Sentence, ...] | None


ACTIONS = {
    Facet.RESULT: Action.ANNOUNCED_RESULT,
    Facet.POINTS: Action.ANNOUNCED_POINTS,
    Facet.RANK: Action.ANNOUNCED_RANK,
    Facet.REASONS: Action.ANNOUNCED_REASONS,
}


def announced(a_round: Round, *, actor: Actor, now: datetime, mark: str = "") -> Page[Announced]:
    """Return one page of what a reader may know of the results of a round, selected first.

    Raises:
        NotFound: results are not released, or there is nothing for this reader.
    """
    open_to = a_round.open_to(now)
    statement = _visible(a_round, actor, open_to)
    page = page_by_key(
        db.session(),
        statement,
        keys=(_ORDER, Initiative.title_key, Initiative.id),
        mark=mark,
    )
    if not page.rows:
        raise NotFound
    rows = [_announced(row, actor, open_to) for row in page.rows]
    return Page(rows, page.next, page.previous)


_ORDER = (Initiative.state == State.NOT_SELECTED).label("is_refused")


def _visible(a_round: Round, actor: Actor, open_to: dict[Facet, Audience]) -> Select[*tuple[Any, ...]]:
    """Return ANNOUNCED_RESULT said to the database."""
    return (
        select(
            Initiative.id,
            Initiative.code,
            Initiative.title,
            Initiative.title_key,
            Initiative.unit_id,
            Initiative.unit_name,
            Initiative.state,
            _ORDER,
            ScoreResult.score,
            ScoreResult.rank,
            Decision.why,
        )
        .outerjoin(ScoreResult, ScoreResult.initiative_id == Initiative.id)
        .outerjoin(Decision, Decision.initiative_id == Initiative.id)
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(DECIDED), _may_see(actor, open_to[Facet.RESULT]))
    )


def _may_see(actor: Actor, audience: Audience) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [Initiative.state.in_(SELECTED)] if audience is Audience.PUBLIC else []
    if audience.holds(Audience.AUTHORS) and actor.id is not None:
        written = select(Author.initiative_id).where(Author.account_id == actor.id)
        ways += [Initiative.owner_id == actor.id, Initiative.id.in_(written)]
    if audience.holds(Audience.UNITS) and actor.unit_id is not None:
        ways.append(Initiative.unit_id == actor.unit_id)
    return or_(*ways) if ways else false()


def _announced(row: Any, actor: Actor, open_to: dict[Facet, Audience]) -> Announced:
    shown = Shown(row.id, row.state in SELECTED, row.unit_id, open_to)
    sees = {facet: allows(actor, action, shown) for facet, action in ACTIONS.items()}
    return Announced(
        code=row.code,
        title=row.title,
        unit=row.unit_name,
        is_selected=row.state in SELECTED,
        points=hundredths(row.score or "") if sees[Facet.POINTS] else None,
        rank=row.rank if sees[Facet.RANK] else None,
        reasons=tuple(told.from_document(row.why or [])) if sees[Facet.REASONS] else None,
    )


# --- invariants ---------------------------------------------------------------------------------


def released_without_moment() -> list[str]:
    """Return the codes of rounds whose letters are out though the round does not say so."""
    wanted = (
        select(Round.code)
        .join(Council, Council.round_id == Round.id)
        .join(Release, Release.council_id == Council.id)
        .where(Release.released_at.is_not(None), Round.released_at.is_(None))
        .limit(_A_FEW)
    )
    return list(db.session.scalars(wanted))
