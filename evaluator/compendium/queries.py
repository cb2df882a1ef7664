"""Reading compendia: the editors' side, the edition as a value, and what the public may read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, false, func, select
from sqlalchemy.orm import defer, joinedload, selectinload

from evaluator.compendium import assembly, document
from evaluator.compendium.edition import Edition, Entry, Figures, Share
from evaluator.compendium.models import BuiltFile, Compendium, EditorialText, PublishedBook, PublishedEntry
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.council.models import Council, Decision
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor, allows, require
from evaluator.rounds.models import Round
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vietnamese import nfc, search_key, sort_key, words

MOST_UNITS = 12  # in the figures of the edition
NOT_ACCEPTED = (State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.REFUSED, State.WITHDRAWN)
SCORED = (State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED)
CHOSEN = (State.SELECTED, State.PUBLISHED)


# --- the editors' side ------------------------------------------------------------------------


def visible_to(actor: Actor) -> Select[Compendium]:
    """Return the books an actor may work on."""
    books = select(Compendium)
    return books if allows(actor, Action.COMPENDIUM_READ) else books.where(false())


def get(code: str, *, actor: Actor) -> Compendium:
    """Return the book of a round by its code.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    book = maybe_of(code)
    if book is None:
        raise NotFound
    require(actor, Action.COMPENDIUM_READ, book)
    return book


def maybe_of(round_code: str) -> Compendium | None:
    """Return the book of a round, if one was opened."""
    return db.session.scalar(select(Compendium).join(Round).where(Round.code == round_code))


def newest_first(actor: Actor) -> list[Compendium]:
    """Return the books an actor may work on; a council has a few a year."""
    return list(db.session.scalars(visible_to(actor).order_by(Compendium.id.desc()).limit(100)))


def rounds_without_book(actor: Actor) -> Sequence[Round]:
    """Return the rounds in which something was selected and for which no book was opened."""
    if not allows(actor, Action.COMPENDIUM_READ):
        return []
    decided = select(Decision.round_id).where(Decision.is_selected)
    begun = select(Compendium.round_id)
    statement = select(Round).where(Round.id.in_(decided), Round.id.not_in(begun)).order_by(Round.id.desc()).limit(20)
    return db.session.scalars(statement).all()


def texts_of(book: Compendium, *, with_words: bool = False) -> Sequence[EditorialText]:
    """Return the works of a book in the order of decision, with their initiatives."""
    authors = joinedload(EditorialText.initiative)
    statement = select(EditorialText).where(EditorialText.compendium_id == book.id).order_by(EditorialText.number)
    statement = statement.options(authors.selectinload(Initiative.authors) if with_words else authors)
    return db.session.scalars(statement).all()


def text_of(book: Compendium, code: str) -> EditorialText:
    """Return one work of a book by the code of its initiative.

    Raises:
        NotFound: the book has no such work.
    """
    found: EditorialText | None = db.session.scalar(
        select(EditorialText)
        .join(EditorialText.initiative)
        .where(EditorialText.compendium_id == book.id, Initiative.code == code)
    )
    if found is None:
        raise NotFound
    return found


def neighbours(text: EditorialText) -> tuple[str, str]:
    """Return the codes of the work before and the next one that waits for approval ('' where there is none)."""
    same_book = select(Initiative.code).join(EditorialText).where(EditorialText.compendium_id == text.compendium_id)
    before = db.session.scalar(
        same_book.where(EditorialText.number < text.number).order_by(EditorialText.number.desc()).limit(1)
    )
    waiting = same_book.where(EditorialText.approved_at.is_(None), EditorialText.id != text.id)
    order = (EditorialText.number < text.number, EditorialText.number)
    after = db.session.scalar(waiting.order_by(*order).limit(1))
    return before or "", after or ""


def council_of(a_round: Round) -> Council | None:
    """Return the council of a round."""
    return db.session.scalar(select(Council).where(Council.round_id == a_round.id).options(selectinload(Council.seats)))


def selected(a_round: Round) -> Sequence[Decision]:
    """Return the decisions of a round that selected something, best first."""
    return db.session.scalars(
        select(Decision)
        .where(Decision.round_id == a_round.id, Decision.is_selected)
        .order_by(Decision.rank.is_(None), Decision.rank, Decision.id)
        .options(joinedload(Decision.initiative).undefer_group("texts"))
    ).all()


def edition_of(book: Compendium) -> Edition:
    """Return the book as a value: as it was published, or as it stands now."""
    return published_edition(book) if book.is_published else assembled(book)


def assembled(book: Compendium) -> Edition:
    """Return the book as its rows stand now."""
    return assembly.edition(
        book,
        texts_of(book, with_words=True),
        council=council_of(book.round),
        decided=_decided(book.round),
        figures=_figures(book.round),
    )


def preview(text: EditorialText) -> Entry:
    """Return one work as the book will print it."""
    moment = db.session.scalar(select(Decision.decided_at).where(Decision.initiative_id == text.initiative_id))
    return assembly.entry(text, number=text.number, decided_at=moment)


def files_of(book: Compendium) -> dict[str, BuiltFile]:
    """Return the newest built file of each format."""
    return {
        each.format: each for each in db.session.scalars(select(BuiltFile).where(BuiltFile.compendium_id == book.id))
    }


def _decided(a_round: Round) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Decision.initiative_id, Decision.decided_at).where(Decision.round_id == a_round.id, Decision.is_selected)
    )
    return {row.initiative_id: row.decided_at for row in rows}


def _figures(a_round: Round) -> Figures:
    """Count the way from what came in to what was selected, and by field and unit."""
    came_in = Initiative.round_id == a_round.id, Initiative.state != State.DRAFT
    counts = db.session.execute(
        select(
            func.count(),
            func.sum(case((Initiative.state.not_in(NOT_ACCEPTED), 1), else_=0)),
            func.sum(case((Initiative.state.in_(SCORED), 1), else_=0)),
            func.sum(case((Initiative.state.in_(CHOSEN), 1), else_=0)),
        ).where(*came_in)
    ).one()
    received, accepted, scored, recognised = (int(each or 0) for each in counts)
    fields = {share.name: share for share in _shares(Initiative.field, came_in)}
    ordered = [
        fields[name]
        for name in assembly.fields_in_order(a_round.fields, sorted(fields, key=sort_key))
        if name in fields
    ]
    units = sorted(_shares(Initiative.unit_name, came_in), key=lambda each: (-each.recognised, sort_key(each.name)))
    return Figures(
        received,
        accepted,
        scored,
        recognised,
        tuple(ordered),
        tuple(each for each in units if each.recognised)[:MOST_UNITS],
    )


def _shares(column: Any, came_in: tuple[Any, ...]) -> list[Share]:
    chosen = func.sum(case((Initiative.state.in_(CHOSEN), 1), else_=0))
    rows = db.session.execute(select(column, func.count(), chosen).where(*came_in).group_by(column))
    return [Share(name, received, int(recognised or 0)) for name, received, recognised in rows if name]


def not_as_published() -> list[str]:
    """Return the codes of published books whose kept edition is not the one that was sealed."""
    return [book.code for book in published() if document.digest(published_edition(book)) != book.digest]


def published_without_book() -> list[str]:
    """Return the codes of entries that stand on public pages though their book is not published."""
    return list(
        db.session.scalars(
            select(PublishedEntry.code).join(Compendium).where(Compendium.published_at.is_(None)).limit(10)
        )
    )


# --- what the public may read -----------------------------------------------------------------


def published() -> Sequence[Compendium]:
    """Return the published books, the newest first."""
    return db.session.scalars(
        select(Compendium)
        .where(Compendium.published_at.is_not(None))
        .order_by(Compendium.year.desc(), Compendium.id.desc())
        .limit(100)
    ).all()


def published_book(code: str) -> Compendium:
    """Return a published book.

    Raises:
        NotFound: there is none under this code, or it is not published.
    """
    book: Compendium | None = db.session.scalar(
        select(Compendium).join(Round).where(Round.code == code, Compendium.published_at.is_not(None))
    )
    if book is None:
        raise NotFound
    return book


def published_edition(book: Compendium) -> Edition:
    """Return the edition as it was published.

    Raises:
        NotFound: it was taken back.
    """
    rows = db.session.scalars(
        select(PublishedEntry.document).where(PublishedEntry.compendium_id == book.id).order_by(PublishedEntry.number)
    )
    return document.from_document({**_front(book), "entries": rows.all()})


def published_front(book: Compendium) -> Edition:
    """Return a published edition without its entries: what its page needs of it.

    Raises:
        NotFound: it was taken back.
    """
    return document.from_document({**_front(book), "entries": []})


def published_contents(book: Compendium) -> Sequence[PublishedEntry]:
    """Return the entries of a published book in its order, without their texts."""
    return db.session.scalars(
        select(PublishedEntry)
        .where(PublishedEntry.compendium_id == book.id)
        .order_by(PublishedEntry.number)
        .options(defer(PublishedEntry.exact), defer(PublishedEntry.folded))
    ).all()


def _front(book: Compendium) -> dict[str, Any]:
    statement = select(PublishedBook.document).where(PublishedBook.compendium_id == book.id)
    kept: dict[str, Any] | None = db.session.scalar(statement)
    if kept is None:
        raise NotFound
    return kept


def published_entry(book: Compendium, code: str) -> Entry:
    """Return an entry of a published book.

    Raises:
        NotFound: it has no such entry.
    """
    kept = db.session.scalar(
        select(PublishedEntry.document).where(PublishedEntry.compendium_id == book.id, PublishedEntry.code == code)
    )
    if kept is None:
        raise NotFound
    return document.entry_from(kept)


def beside(book: Compendium, number: int) -> tuple[PublishedEntry | None, PublishedEntry | None]:
    """Return the entries before and after a number."""
    found = {
        row.number: row
        for row in db.session.scalars(
            select(PublishedEntry).where(
                PublishedEntry.compendium_id == book.id, PublishedEntry.number.in_((number - 1, number + 1))
            )
        )
    }
    return found.get(number - 1), found.get(number + 1)


def search(
    text: str = "", *, book: str = "", field: str = "", unit: str = "", year: str = "", mark: str = ""
) -> Page[PublishedEntry]:
    """Return published entries that hold a word beginning with each given one, marks or not; exact spellings first.

    Raises:
        Invalid: the mark of the page is none of ours.
    """
    statement = select(PublishedEntry).join(Compendium).options(joinedload(PublishedEntry.compendium))
    statement = statement.where(Compendium.published_at.is_not(None))
    if book:
        statement = statement.join(Round, Round.id == Compendium.round_id).where(Round.code == book)
    if field:
        statement = statement.where(PublishedEntry.field == field)
    if unit:
        statement = statement.where(PublishedEntry.unit_name == unit)
    if year.isdigit():
        statement = statement.where(PublishedEntry.year == int(year))
    for word in search_key(text).split():
        statement = statement.where(PublishedEntry.folded.contains(f" {word}", autoescape=True))
    exact = [PublishedEntry.exact.contains(f" {word}", autoescape=True) for word in words(nfc(text).lower())]
    keys = [-PublishedEntry.year, PublishedEntry.compendium_id, PublishedEntry.number]
    if exact:
        condition = exact[0]
        for each in exact[1:]:
            condition = condition & each
        keys.insert(0, case((condition, 0), else_=1))
    return page_by_key(db.session, statement, keys=keys, mark=mark, scalars=True)  # type: ignore[arg-type]  # the scoped session is a session


def choices() -> dict[str, list[Any]]:
    """Return the fields, units and years there is something published under, each as (value, words)."""
    found: dict[str, list[Any]] = {}
    for name, column in (
        ("fields", PublishedEntry.field),
        ("units", PublishedEntry.unit_name),
        ("years", PublishedEntry.year),
    ):
        found[name] = list(db.session.scalars(select(column).distinct()))
    found["fields"].sort(key=sort_key)
    found["units"].sort(key=sort_key)
    found["years"].sort(reverse=True)
    return {name: [(value, str(value)) for value in values] for name, values in found.items()}


def public_file(book: Compendium, name: str) -> BuiltFile:
    """Return a file built from the very edition that was published.

    Raises:
        NotFound: nobody has built this format from it.
    """
    found = files_of(book).get(name)
    if found is None or found.digest != book.digest:
        raise NotFound
    return found
