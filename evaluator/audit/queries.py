"""Reading the history, and proving that nobody has touched it since."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, false, not_, or_, select

from evaluator import policy
from evaluator.audit.chain import GENESIS, link
from evaluator.audit.models import HISTORY, TAKEN, Entry
from evaluator.core.db import db
from evaluator.core.paging import Page, page_by_key
from evaluator.policy import Action, Actor
from evaluator.rules.calendar import end_of_day, start_of_day
from evaluator.rules.vietnamese import fold

OPEN_FOR = timedelta(hours=8)  # a working day, as for every look behind the blind


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the history: words of a name or a code, a kind of event, days from and to, both included."""

    words: str = ""
    event: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What recomputing the chain has shown."""

    rows: int
    head: str  # the hash of the last row that holds; print it in minutes to pin the history
    broken_at: int | None  # the number of the first row that does not hold

    @property
    def holds(self) -> bool:
        """Return whether every row is as it was written."""
        return self.broken_at is None


# How to find the things of a kind that belong to some initiatives: ids of initiatives to ids of things. The features
# above say so when the service is made (app.py).
BELONGING: dict[str, Callable[[Collection[int]], Select[int]]] = {}


def visible_to(actor: Actor) -> Select[Entry]:
    """Return the history, for those who may read it, without what others did about initiatives the reader stands near.

    Who judges the own work, and what a colleague gave beside whom one judges, stands in the history as well.
    """
    entries = select(Entry)
    if not policy.allows(actor, Action.AUDIT_READ):
        return entries.where(false())
    if not actor.near:
        return entries
    near = [and_(Entry.about_kind == "initiative", Entry.about_id.in_(actor.near))]
    near += [and_(Entry.about_kind == kind, Entry.about_id.in_(of(actor.near))) for kind, of in BELONGING.items()]
    return entries.where(or_(not_(or_(*near)), Entry.actor_id == actor.id))


def listed(actor: Actor, question: Question, *, mark: str = "", size: int = 50) -> Page[Entry]:
    """Return one page of the history, the newest first."""
    policy.require(actor, Action.AUDIT_READ)
    found = _narrowed(visible_to(actor), question)
    return page_by_key(db.session(), found, keys=(Entry.id,), mark=mark, descending=True, size=size, scalars=True)


def exported(actor: Actor, question: Question) -> Iterator[Any]:
    """Yield the columns of the history from its beginning, a few rows at a time in memory."""
    policy.require(actor, Action.AUDIT_READ)
    columns = _narrowed(visible_to(actor), question).with_only_columns(*Entry.__table__.columns).order_by(Entry.id)
    with closing(db.session.execute(columns.execution_options(yield_per=500))) as rows:
        yield from rows  # closed also when the reader goes away half-way


def latest(event: str, *, about: Any, by: Actor, since: datetime) -> Entry | None:
    """Return the newest entry of somebody about a thing or a text, not older than a moment."""
    thing = (
        (Entry.about_kind == "", Entry.about == about)
        if isinstance(about, str)
        else (Entry.about_kind == about.__tablename__, Entry.about_id == about.id)
    )
    entry: Entry | None = db.session.scalar(
        select(Entry)
        .where(
            *thing,
            Entry.event == event,
            Entry.actor_id == by.id,
            Entry.at > since,
        )
        .order_by(Entry.id.desc())
        .limit(1)
    )
    return entry


def is_open(actor: Actor, *, now: datetime) -> bool:
    """Return whether somebody has put on record that he or she takes the history along as a file."""
    return actor.is_service or latest(TAKEN, about=HISTORY, by=actor, since=now - OPEN_FOR) is not None


def verify() -> Verification:
    """Recompute every hash from the first row on."""
    rows, head = 0, GENESIS
    every = select(Entry).order_by(Entry.id).execution_options(yield_per=1000)
    with closing(db.session.scalars(every)) as entries:  # the database's cursor must not stay open behind us
        for entry in entries:
            db.session.expunge(entry)  # a long history must not fill the memory
            if entry.id != rows + 1 or entry.hash != link(head, entry.content()):
                return Verification(rows, head, broken_at=rows + 1)
            rows, head = entry.id, entry.hash
    return Verification(rows, head, broken_at=None)


def broken_seals() -> list[str]:
    """Return the number of the first row that is not as it was written, if there is one."""
    found = verify()
    return [] if found.holds else [str(found.broken_at)]


def _narrowed(entries: Select[Any], question: Question) -> Select[Any]:
    for word in fold(question.words).split():
        entries = entries.where(Entry.search.contains(word, autoescape=True))
    if question.event:
        entries = entries.where(Entry.event == question.event)
    if question.since is not None:
        entries = entries.where(Entry.at >= start_of_day(question.since))
    if question.until is not None:
        entries = entries.where(Entry.at <= end_of_day(question.until))
    return entries
