"""Commands on a compendium: open, edit, approve, keep what was built, publish, take back."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.compendium import assembly, confidential, document, queries
from evaluator.compendium.edition import Edition
from evaluator.compendium.models import BuiltFile, Compendium, EditorialText, PublishedBook, PublishedEntry
from evaluator.compendium.words import PARENT, PREFACE, PUBLICATION, SECTIONS, SUBTITLE, TITLE
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.council.models import CouncilRole
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.papers.letterhead import place_of
from evaluator.people import queries as people
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules import lifecycle
from evaluator.rules.calendar import local
from evaluator.rules.lifecycle import Event
from evaluator.rules.vietnamese import clean, clean_line, search_key, words
from evaluator.work import service as work
from evaluator.work.models import Work

BUILDING = "build-compendium"

# How long a section should be so that an entry stands on one page; an advice, not a rule.
ADVISED = {"problem": 500, "solution": 900, "novelty": 350, "conditions": 300, "benefit": 400}
MOST_TITLE = 500
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An entry as an editor words it."""

    title: str
    field: str
    problem: str
    solution: str
    novelty: str
    conditions: str
    benefit: str
    money_benefit: int | None = None
    in_full: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands before and around the entries."""

    title: str
    subtitle: str
    year: int
    parent_name: str
    unit_name: str
    council_name: str
    place: str
    preface: str
    preface_name: str
    preface_office: str
    announcement: str
    publication: tuple[tuple[str, str], ...]
    editors: tuple[tuple[str, str], ...]


def open_edition(a_round: Round, *, by: Actor, now: datetime) -> Compendium:
    """Begin the book of a round: one editorial text for each selected initiative, without confidential passages.

    Raises:
        Conflict: it was begun already, or nothing has been selected yet.
    """
    policy.require(by, Action.COMPENDIUM_OPEN, a_round)
    if queries.maybe_of(a_round.code) is not None:
        raise Conflict(N_("The book of this round has already been begun."))
    decisions = queries.selected(a_round)
    if not decisions:
        raise Conflict(N_("Nothing has been selected in this round yet. The book begins with the council's decisions."))
    book = _new_book(a_round, now)
    db.session.add(book)
    db.session.flush()  # the texts need its id
    initiatives = [decision.initiative for decision in decisions]
    fields = assembly.fields_in_order(a_round.fields, (each.field for each in initiatives))
    ordered = sorted(initiatives, key=lambda each: fields.index(each.field))  # within a field by rank
    db.session.add_all(_first_wording(book, each, number) for number, each in enumerate(ordered, 1))
    audit.record("compendium.opened", about=book, by=by, now=now, works=len(ordered))
    return book


def edit_front(book: Compendium, front: FrontMatter, *, read_version: int, by: Actor, now: datetime) -> Compendium:
    """Change title, preface and the other front matter.

    Raises:
        Conflict: somebody else changed it since ``read_version``.
    """
    policy.require(by, Action.COMPENDIUM_EDIT, book)
    if read_version != book.version:
        raise Conflict
    if not front.title.strip():
        raise Invalid.on("title", N_("A book has a title."))
    for name, value in asdict(front).items():
        cleaned = (
            clean(value)
            if isinstance(value, str)
            else [list(line) for line in value]
            if isinstance(value, tuple)
            else value
        )
        setattr(book, name, cleaned)
    audit.record("compendium.front-edited", about=book, by=by, now=now)
    return book


def edit_entry(text: EditorialText, wording: Wording, *, read_version: int, by: Actor, now: datetime) -> EditorialText:
    """Word an entry anew; it must be approved again.

    Raises:
        Conflict: somebody else changed it since ``read_version``.
        Invalid: no title, too long, or a passage the author asked to keep confidential.
    """
    policy.require(by, Action.ENTRY_EDIT, text)
    if read_version != text.version:
        raise Conflict
    _check(text, wording)
    text.title, text.field = clean_line(wording.title), clean_line(wording.field)
    for name in SECTIONS:
        setattr(text, name, clean(getattr(wording, name)))
    text.money_benefit, text.in_full = wording.money_benefit, wording.in_full
    text.edited_at, text.approved_at, text.approved_by_name = now, None, ""
    audit.record("entry.edited", about=text, by=by, now=now)
    return text


def approve_entry(text: EditorialText, *, by: Actor, now: datetime) -> EditorialText:
    """Release an entry for print.

    Raises:
        Invalid: it has no text, or still holds a confidential passage.
    """
    policy.require(by, Action.ENTRY_APPROVE, text)
    _check(text, _wording_of(text))
    if text.in_full and not text.solution.strip():
        raise Invalid.on("solution", N_("An entry in full says what the solution is. Write it, or list the work only."))
    text.approved_at, text.approved_by_name = now, by.label
    audit.record("entry.approved", about=text, by=by, now=now)
    return text


def approve_all(book: Compendium, *, by: Actor, now: datetime) -> int:
    """Release every entry that still waits and that the actor may release; returns how many.

    Raises:
        Invalid: one of them cannot be printed as it stands; its title is named.
    """
    policy.require(by, Action.COMPENDIUM_EDIT, book)
    waiting = [text for text in queries.texts_of(book) if not text.is_approved]
    allowed = [text for text in waiting if policy.allows(by, Action.ENTRY_APPROVE, text)]
    for text in allowed:
        try:
            approve_entry(text, by=by, now=now)
        except Invalid as error:
            raise Invalid(N_("“%(title)s” cannot be released yet. Open it to see why."), title=text.title) from error
    return len(allowed)


def ask_build(book: Compendium, *, by: Actor, now: datetime) -> Work:
    """Ask for the book in every format; the work goes on by itself."""
    policy.require(by, Action.COMPENDIUM_BUILD, book)
    audit.record("compendium.build-asked", about=book, by=by, now=now)
    return work.ask(BUILDING, about=book.code, params={"code": book.code}, by=by, now=now)


def keep_build(book: Compendium, built: BuiltFile, *, by: Actor, now: datetime) -> BuiltFile:
    """Keep a file that was built as the newest of its format."""
    policy.require(by, Action.COMPENDIUM_BUILD, book)
    db.session.execute(delete(BuiltFile).where(BuiltFile.compendium_id == book.id, BuiltFile.format == built.format))
    built.compendium_id, built.built_at = book.id, now
    db.session.add(built)
    return built


def publish(book: Compendium, *, by: Actor, now: datetime) -> Edition:
    """Freeze the edition and show it to everybody; the authors are told.

    Raises:
        Conflict: the results are not released, an entry has not been approved, or it is published already.
    """
    policy.require(by, Action.COMPENDIUM_PUBLISH, book)
    if book.round.released_at is None:
        raise Conflict(N_("The results are not released yet. Authors hear of them before everybody reads the book."))
    texts = queries.texts_of(book, with_words=True)
    waiting = [text for text in texts if not text.is_approved]
    if waiting:
        raise Conflict(
            N_("%(count)s entries wait for approval. Approve them first; the first is “%(title)s”."),
            count=len(waiting),
            title=waiting[0].title,
        )
    edition = queries.assembled(book)
    book.published_at, book.digest = now, document.digest(edition)
    front = {key: value for key, value in document.as_document(edition).items() if key != "entries"}
    db.session.add(PublishedBook(compendium_id=book.id, document=front))
    db.session.add_all(_published(book, edition))
    for text in texts:
        text.initiative.state = lifecycle.after(text.initiative.state, Event.PUBLISH)
    audit.record("compendium.published", about=book, by=by, now=now, digest=book.digest, entries=len(edition.entries))
    _tell_authors(book, [text.initiative for text in texts], now)
    work.ask(BUILDING, about=book.code, params={"code": book.code}, by=by, now=now)
    return edition


def take_back(book: Compendium, *, reason: str, by: Actor, now: datetime) -> Compendium:
    """Take a published book off the public pages, with the reason; it can be edited and published again.

    Raises:
        Invalid: no reason is given.
    """
    policy.require(by, Action.COMPENDIUM_TAKE_BACK, book)
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why the book is taken back; people will ask."))
    db.session.execute(delete(PublishedEntry).where(PublishedEntry.compendium_id == book.id))
    db.session.execute(delete(PublishedBook).where(PublishedBook.compendium_id == book.id))
    for text in queries.texts_of(book):
        text.initiative.state = lifecycle.after(text.initiative.state, Event.UNPUBLISH)
    audit.record("compendium.taken-back", about=book, by=by, now=now, digest=book.digest, reason=reason)
    book.published_at, book.digest = None, ""
    return book


def _new_book(a_round: Round, now: datetime) -> Compendium:
    council = queries.council_of(a_round)
    chair = next((who for who in council.members if who.role is CouncilRole.CHAIR), None) if council else None
    return Compendium(
        round=a_round,
        title=TITLE,
        subtitle=SUBTITLE,
        year=local(a_round.council_at).year,
        unit_name=a_round.unit_name,
        parent_name=PARENT,
        council_name=a_round.council_name,
        place=place_of(a_round.unit_name),
        preface=PREFACE,
        preface_name=chair.name if chair else "",
        preface_office="Chủ tịch Hội đồng" if chair else "",
        announcement=f"Các công trình trong tuyển tập được {a_round.council_name} công nhận trong {a_round.title}.",
        publication=[
            [label, a_round.unit_name if not place else value] for place, (label, value) in enumerate(PUBLICATION)
        ],
        opened_at=now,
    )


def _first_wording(book: Compendium, initiative: Initiative, number: int) -> EditorialText:
    """Begin with the author's own words, without what is confidential."""
    texts = {name: confidential.without(text, initiative.confidential) for name, text in initiative.texts().items()}
    benefits = (texts["benefit_author"], texts["benefit_applier"])
    return EditorialText(
        compendium_id=book.id,
        initiative_id=initiative.id,
        number=number,
        title=initiative.title,
        field=initiative.field,
        problem=texts["problem"],
        solution=texts["solution"],
        novelty=texts["novelty"],
        conditions=texts["conditions"],
        benefit="\n\n".join(each for each in benefits if each),
        money_benefit=initiative.money_benefit,
    )


def _wording_of(text: EditorialText) -> Wording:
    return Wording(
        title=text.title,
        field=text.field,
        money_benefit=text.money_benefit,
        in_full=text.in_full,
        **{name: getattr(text, name) for name in SECTIONS},
    )


def _check(text: EditorialText, wording: Wording) -> None:
    """Refuse what cannot be printed."""
    problems: dict[str, list[str | Sentence]] = {}
    if not wording.title.strip() or len(wording.title) > MOST_TITLE:
        problems["title"] = [sentence(N_("A title has between 1 and %(most)s letters."), most=MOST_TITLE)]
    if not wording.field.strip():
        problems["field"] = [sentence(N_("Choose the field under which the work stands."))]
    for name in SECTIONS:
        typed = getattr(wording, name)
        hidden = confidential.leaks(typed, text.initiative.confidential)
        if len(typed) > MOST_TEXT:
            problems[name] = [sentence(N_("At most %(most)s letters."), most=MOST_TEXT)]
        elif hidden:
            problems[name] = [
                sentence(N_("The author asked to keep this confidential: “%(words)s”. Take it out."), words=hidden[0])
            ]
    if problems:
        raise Invalid(fields=problems)


def _published(book: Compendium, edition: Edition) -> list[PublishedEntry]:
    return [
        PublishedEntry(
            compendium_id=book.id,
            code=entry.code,
            number=entry.number,
            title=entry.title,
            field=entry.field,
            unit_name=entry.unit,
            authors=", ".join(author.name for author in entry.authors),
            year=edition.year,
            exact=" " + " ".join(words((text := _searched(entry)).lower())),
            folded=f" {search_key(text)}",
            document=asdict(entry),
        )
        for entry in edition.entries
    ]


def _searched(entry: object) -> str:
    """Return everything of an entry that is searched."""
    document_of = asdict(entry)  # type: ignore[call-overload]  # an entry is a dataclass
    parts = [document_of["title"], document_of["unit"], document_of["field"]]
    parts += [author["name"] for author in document_of["authors"]]
    parts += [section["text"] for section in document_of["sections"]]
    return clean_line(" ".join(parts))


def _tell_authors(book: Compendium, initiatives: list[Initiative], now: datetime) -> None:
    ids = {author.account_id for each in initiatives for author in each.authors if author.account_id is not None}
    ids |= {each.owner_id for each in initiatives if each.owner_id is not None}
    accounts = list(people.by_ids(ids).values())
    if accounts:
        notices.queue("edition-published", to=accounts, about=book, now=now, code=book.code, title=book.title)
