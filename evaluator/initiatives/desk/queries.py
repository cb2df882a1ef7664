"""The register of a round: any order, any page, any filter, at the same cost; and what waits to be checked."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import Forbidden, Invalid
from evaluator.core.paging import PAGE_SIZE, Page, page_by_key
from evaluator.core.text import N_
from evaluator.initiatives.indexing import INDEX, scope_of
from evaluator.initiatives.models import Initiative
from evaluator.initiatives.queries import is_not_judged_by
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.dossier import Kind
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vietnamese import fold, nfc
from evaluator.units.models import Unit

ORDERS = {
    "submitted": Initiative.submitted_at,
    "code": Initiative.code,
    "title": Initiative.title_key,
    "author": Initiative.author_key,
    "unit": Initiative.unit_key,
    "field": Initiative.field_key,
}
MOST_FOUND = 100
MOST_COUNTED = 10_000  # the chips show "10.000+" beyond: counting further would cost more than the list itself
CHECKABLE = (State.SUBMITTED, State.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked the register for; the empty value asks for all."""

    q: str = ""
    state: str = ""
    field: str = ""
    unit: str = ""  # the code of a unit
    sort: str = ""
    mark: str = ""

    @property
    def order(self) -> str:
        """Return the column that orders, without the sign that turns it round."""
        return self.sort.removeprefix("-")

    @property
    def needs_names(self) -> bool:
        """Return whether the answer would tell whose a dossier is: words are searched in names too."""
        return bool(self.q.strip()) or self.order == "author"


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """One line of the register."""

    code: str
    title: str
    field: str
    kind: Kind | None
    state: State
    unit_name: str
    unit_code: str
    author_name: str
    receipt_number: int | None
    submitted_at: datetime


_COLUMNS = (
    Initiative.id,
    Initiative.code,
    Initiative.title,
    Initiative.field,
    Initiative.kind,
    Initiative.state,
    Initiative.unit_name,
    Unit.code.label("unit_code"),
    Initiative.author_name,
    Initiative.receipt_number,
    Initiative.submitted_at,
)


def register(a_round: Round, wanted: Wanted, *, actor: Actor, shows_names: bool) -> Page[InitiativeRow]:
    """Return one page of the register, with the lead authors or without.

    Ordered by a column, pages go by key. A search without an order gives what fits best first, at most
    ``MOST_FOUND``; where the words were typed with marks, titles that bear the same marks come first.

    Raises:
        Invalid: an order, a state or a mark that we do not know.
        Forbidden: names are wanted that are not to be shown.
    """
    policy.require(actor, Action.INITIATIVE_LIST)
    if wanted.needs_names and not shows_names:
        raise Forbidden(N_("Open the names of the register first."))
    statement = _filtered(wanted).where(is_not_judged_by(actor))
    if wanted.q.strip():
        # What was found is of this round already; naming the round once more would lead SQLite to read all of it.
        found = INDEX.best(wanted.q, scope=scope_of(a_round.id), limit=MOST_FOUND)
        if not found:
            return Page([])
        statement = statement.where(Initiative.id.in_(found))
        if not wanted.sort:
            return _best_first(statement, found, wanted)
    elif wanted.unit:
        # A unit has few dossiers: the sum keeps SQLite from walking along the order past everybody else's.
        statement = statement.where(Initiative.round_id + 0 == a_round.id)
    else:
        statement = statement.where(Initiative.round_id == a_round.id)
    order = wanted.order or "submitted"
    if order not in ORDERS:
        raise Invalid(N_("The list has no such order."))
    page = page_by_key(
        db.session(),
        statement,
        keys=(ORDERS[order], Initiative.id),
        mark=wanted.mark,
        descending=wanted.sort.startswith("-"),
    )
    rows = [_row(each) for each in page.rows]
    return replace(page, rows=rows if shows_names else [replace(each, author_name="") for each in rows])


def _filtered(wanted: Wanted) -> Any:
    statement: Any = select(*_COLUMNS).outerjoin(Unit, Unit.id == Initiative.unit_id)
    if wanted.state:
        if wanted.state not in {each.value for each in State if each is not State.DRAFT}:
            raise Invalid(N_("There is no such state."))
        statement = statement.where(Initiative.state == State(wanted.state))
    else:
        statement = statement.where(Initiative.state != State.DRAFT)
    if wanted.field:
        statement = statement.where(Initiative.field == wanted.field)
    if wanted.unit:
        statement = statement.where(
            Initiative.unit_id == select(Unit.id).where(Unit.code == wanted.unit).scalar_subquery()
        )
    return statement


def _best_first(statement: Select[Any], found: list[int], wanted: Wanted) -> Page[InitiativeRow]:
    """Return a page of what was found in its order; the mark counts rows, the whole is short."""
    rows = {row.id: row for row in db.session.execute(statement)}
    ordered = [rows[each] for each in found if each in rows]
    if has_marks(wanted.q):
        ordered.sort(key=lambda row: not _bears_the_marks(row.title, wanted.q))
    start = int(wanted.mark) if wanted.mark.isdigit() else 0
    return Page(
        [_row(each) for each in ordered[start : start + PAGE_SIZE]],
        next=str(start + PAGE_SIZE) if start + PAGE_SIZE < len(ordered) else "",
        previous=str(max(0, start - PAGE_SIZE)) if start else "",
    )


def has_marks(query: str) -> bool:
    """Return whether a query was typed with Vietnamese marks."""
    return fold(query) != nfc(query).lower()


def _bears_the_marks(title: str, query: str) -> bool:
    return nfc(query).lower().strip(' "“”') in title.lower()


def _row(row: Any) -> InitiativeRow:
    return InitiativeRow(
        row.code,
        row.title,
        row.field,
        row.kind,
        row.state,
        row.unit_name,
        row.unit_code or "",
        row.author_name,
        row.receipt_number,
        row.submitted_at,
    )


def counts(a_round: Round, *, actor: Actor) -> dict[State, int]:
    """Return how many dossiers of a round stand in each state, drafts left out; none is counted beyond ``MOST_COUNTED``."""
    policy.require(actor, Action.INITIATIVE_LIST)
    states = [state for state in State if state is not State.DRAFT]
    some = [
        select(func.count()).select_from(
            select(Initiative.id)
            .where(Initiative.round_id == a_round.id, Initiative.state == state)
            .limit(MOST_COUNTED)
            .subquery()
        )
        for state in states
    ]
    found = db.session.execute(select(*(each.scalar_subquery() for each in some))).one()
    return {state: count for state, count in zip(states, found, strict=True) if count}


def maybe_next_to_check(a_round_id: int, *, after: Initiative | None, actor: Actor) -> Initiative | None:
    """Return the dossier to check next, the one submitted first; never one in which the actor has a stake."""
    policy.require(actor, Action.INITIATIVE_LIST)
    waiting = select(Initiative).where(
        Initiative.round_id == a_round_id,
        Initiative.state == State.SUBMITTED,
        or_(Initiative.owner_id.is_(None), Initiative.owner_id != actor.id),
        Initiative.id.not_in(actor.stakes),
    )
    order = (Initiative.submitted_at, Initiative.id)
    if after is not None and after.submitted_at is not None:
        later = or_(
            Initiative.submitted_at > after.submitted_at,
            and_(Initiative.submitted_at == after.submitted_at, Initiative.id > after.id),
        )
        beyond: Initiative | None = db.session.scalar(waiting.where(later).order_by(*order).limit(1))
        if beyond is not None:
            return beyond
        waiting = waiting.where(Initiative.id != after.id)
    first: Initiative | None = db.session.scalar(waiting.order_by(*order).limit(1))
    return first
