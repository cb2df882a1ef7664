"""Commands after the vote: draft the letters, release them in one act, undo the draft; say who may see what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council.models import Council
from evaluator.council.papers.queries import ready
from evaluator.council.release import queries
from evaluator.council.release.models import Letter, Release
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.notices.service import Envelope, Person
from evaluator.policy import Action, Actor
from evaluator.rules.audience import Openness

TEMPLATES = {True: "initiative-selected", False: "initiative-not-selected"}
AT_ONCE = 1_000
NOT_LOCKED = N_("The results of scoring are not locked. Close scoring first; letters tell of what no longer changes.")
NOTHING_NEW = N_("Every decided dossier has its letter already.")
DRAFTED = N_("Letters are drafted already. Release them, or undo the draft.")
NOT_A_DRAFT = N_("These letters are not drafts any more.")
MOVED_ON = N_("Something has changed since the letters were drafted. Undo the draft and draft them anew.")


@dataclass(frozen=True, slots=True)
class _Recipient:
    """Whom a letter goes to, as the outbox takes it."""

    id: int | None
    email: str
    name: str
    language: str


def draft(council: Council, *, by: Actor, now: datetime) -> Release:
    """Draft a letter to every author of each decided dossier that has none yet. Nobody hears of it.

    Raises:
        Conflict: a session runs, results are not locked, a draft is waiting, or there is nothing new to tell.
    """
    policy.require(by, Action.RESULTS_RELEASE, council)
    ready(council)
    lock = queries.lock_number(council.round)
    if lock is None:
        raise Conflict(NOT_LOCKED)
    earlier = queries.releases_of(council)
    if any(each.is_draft for each in earlier):
        raise Conflict(DRAFTED)
    made = Release(council=council, number=len(earlier) + 1, lock_number=lock, drafted_at=now)
    db.session.add(made)
    db.session.flush()  # the letters need its id
    count = _write_letters(made, queries.decided_without_letter(council))
    if not count:
        raise Conflict(NOTHING_NEW)
    audit.record("release.drafted", about=made, by=by, now=now, count=count)
    return made


def release(made: Release, *, by: Actor, now: datetime) -> int:
    """Send every letter of a draft in this one transaction: results are declared from this moment on.

    Returns how many messages wait in the outbox.

    Raises:
        Conflict: they are no drafts any more; or the results were unlocked, or a decision changed, since.
    """
    policy.require(by, Action.RESULTS_RELEASE, made.council)
    if not made.is_draft:
        raise Conflict(NOT_A_DRAFT)
    a_round = made.council.round
    if queries.lock_number(a_round) != made.lock_number or queries.letters_overtaken(made):
        raise Conflict(MOVED_ON)
    told = 0
    for is_selected, template in TEMPLATES.items():
        told += notices.queue_each(template, _envelopes(made, is_selected=is_selected), now=now)
    made.released_at = now
    a_round.released_at = a_round.released_at or now
    audit.record("release.released", about=made, by=by, now=now, count=told)
    return told


def undo(made: Release, *, by: Actor, now: datetime) -> None:
    """Take the drafts back; nobody has heard of them.

    Raises:
        Conflict: they were released, or undone, already.
    """
    policy.require(by, Action.RESULTS_RELEASE, made.council)
    if not made.is_draft:
        raise Conflict(NOT_A_DRAFT)
    db.session.execute(delete(Letter).where(Letter.release_id == made.id))
    made.undone_at = now
    audit.record("release.undone", about=made, by=by, now=now)


def open_to(council: Council, openness: Openness, *, by: Actor, now: datetime) -> None:
    """Set who may see the result, the points, the rank and the reasons, and from when.

    Raises:
        Invalid: the openings contradict each other; or they would take away what people know already.
    """
    policy.require(by, Action.RESULTS_RELEASE, council)
    openness.check()
    a_round = council.round
    if a_round.released_at is not None and not openness.is_no_narrower_than(a_round.openness):
        raise Invalid(N_("The results are released. What people may see can be widened now, but not narrowed."))
    before = a_round.openness.as_document()
    a_round.audience = openness.as_document()
    audit.record(
        "round.audience-set", about=a_round, by=by, now=now, before=_short(before), after=_short(a_round.audience)
    )


def _short(document: Mapping[str, Mapping[str, str]]) -> str:
    return ", ".join(f"{facet}: {each['audience']}/{each['since']}" for facet, each in document.items())


def _write_letters(made: Release, ids: Sequence[int]) -> int:
    """Write the letters of a draft, a thousand dossiers at a time."""
    count, left = 0, iter(ids)
    while lot := list(islice(left, AT_ONCE)):
        rows = [row for initiative in queries.with_people(lot) for row in _letters(made, initiative)]
        db.session.execute(insert(Letter), rows)
        count += len(rows)
    return count


def _letters(made: Release, initiative: Initiative) -> list[dict[str, Any]]:
    """Return a letter for each person of a dossier: who holds the pen, and every author who can be reached."""
    shared = {"release_id": made.id, "initiative_id": initiative.id, "is_selected": queries.is_selected(initiative)}
    people: dict[Any, dict[str, Any]] = {}
    if initiative.owner is not None:
        people[initiative.owner.email or initiative.owner.id] = _to(initiative.owner)
    for author in initiative.authors:
        if author.email:
            people.setdefault(author.email, _to(Person(name=author.name, email=author.email)))
    if not people:  # a list from paper: somebody must tell the first author
        people[""] = _to(Person(name=initiative.author_name))
    return [shared | person for person in people.values()]


def _to(person: Any) -> dict[str, Any]:
    return {
        "account_id": person.id,
        "name": person.name,
        "address": person.email or "",
        "language": person.language,
    }


def _envelopes(made: Release, *, is_selected: bool) -> Iterator[Envelope]:
    title = made.council.round.title
    for letter in queries.letters_of(made, is_selected=is_selected):
        initiative = letter.initiative
        yield Envelope(
            _Recipient(letter.account_id, letter.address, letter.name, letter.language),
            initiative,
            {"code": initiative.code, "title": initiative.title, "round": title},
        )
