"""What an author does with a dossier: begin, save, attach, submit, complete, withdraw."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Closed, Conflict, Invalid
from evaluator.core.text import N_
from evaluator.initiatives import indexing
from evaluator.initiatives.files import MOST_FILES, Upload
from evaluator.initiatives.models import Attachment, Author, Initiative, Supplement
from evaluator.notices import service as notices
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules import dossier, lifecycle
from evaluator.rules.calendar import Phase, day_of
from evaluator.rules.dossier import MOST_AUTHORS, TEXT_NAMES, WHOLE_SHARE, Kind
from evaluator.rules.lifecycle import Event, RoundState
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vietnamese import clean, clean_line, name_key, sort_key
from evaluator.units import queries as units

KEY_LENGTH = 120  # letters of a title that take part in its order; more would only fatten the index


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorDraft:
    """One author as typed; ``share`` in hundredths of a percent, None while it is empty."""

    name: str
    share: int | None = None
    birth_date: date | None = None
    workplace: str = ""
    job_title: str = ""
    qualification: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A dossier as typed so far; anything may still be missing."""

    title: str = ""
    kind: Kind | None = None
    field: str = ""
    unit_name: str = ""
    applied_on: date | None = None
    money_benefit: int | None = None
    scope: str = ""
    applier: str = ""
    investor: str = ""
    nominated_by: str = ""
    advised_by: str = ""
    is_state_funded: bool = False
    texts: Mapping[str, str] = made(default_factory=dict)
    authors: tuple[AuthorDraft, ...] = ()


def start_draft(a_round: Round, *, once: str, by: Actor, now: datetime) -> Initiative:
    """Begin a dossier; its owner is its first author. The same form sent twice begins it once.

    Raises:
        Closed: the round does not take dossiers at this moment.
    """
    policy.require(by, Action.INITIATIVE_CREATE)
    begun: Initiative | None = db.session.scalar(
        select(Initiative).where(Initiative.once == once, Initiative.owner_id == by.id)
    )
    if begun is not None:
        return begun
    check_open(a_round, now=now)
    account = db.session.get_one(Account, by.id)
    initiative = Initiative(
        code=random_code(),
        round_id=a_round.id,
        owner_id=by.id,
        once=once,
        title="",
        field="",
        created_at=now,
        updated_at=now,
    )
    initiative.authors = [
        Author(
            position=1,
            name=account.name,
            unit_id=account.unit_id,
            workplace=account.unit.name if account.unit else "",
            job_title=account.job_title,
            email=account.email,
            account_id=account.id,
            share=WHOLE_SHARE,
        )
    ]
    initiative.unit_id, initiative.unit_name = account.unit_id, account.unit.name if account.unit else ""
    set_order_keys(initiative)
    db.session.add(initiative)
    db.session.flush()  # the page that follows shows its address
    audit.record("initiative.begun", about=initiative, by=by, now=now, round=a_round.code)
    return initiative


def save_draft(initiative: Initiative, draft: Draft, *, read_version: int, by: Actor, now: datetime) -> Initiative:
    """Keep what was typed so far, complete or not.

    Raises:
        Conflict: somebody saved it after ``read_version`` was read.
        Closed: the round, or the term for the supplement, is over.
        Invalid: on ``authors``, more authors than a dossier can have.
    """
    policy.require(by, Action.INITIATIVE_EDIT, initiative)
    check_pen_is_free(initiative, now=now)
    if read_version != initiative.version:
        raise Conflict(
            N_(
                "This dossier was saved in another window or by somebody else. What you typed stands here: compare before saving again."
            )
        )
    if len(draft.authors) > MOST_AUTHORS:
        raise Invalid.on("authors", N_("A dossier can have %(most)s authors."), most=MOST_AUTHORS)
    was_indexed = initiative.is_indexed
    indexing.remove(initiative)
    _write(initiative, draft)
    initiative.updated_at = now
    db.session.flush()  # the index needs what was written, the form the new version
    if was_indexed:
        indexing.put([initiative])
    return initiative


def submit(initiative: Initiative, *, by: Actor, now: datetime) -> Initiative:
    """Hand the dossier in: it gets its receipt number, its time and the hash of its content.

    Raises:
        Conflict: it has been submitted already.
        Closed: the deadline has passed.
        Invalid: something is missing, field by field (Circular 18/2013, Appendix I).
    """
    if initiative.state is State.SUBMITTED:
        policy.require(by, Action.INITIATIVE_READ, initiative)
        raise Conflict(
            N_("This dossier was already submitted, under the number %(receipt)s. Nothing was sent twice."),
            receipt=initiative.receipt_number,
        )
    policy.require(by, Action.INITIATIVE_SUBMIT, initiative)
    check_pen_is_free(initiative, now=now)
    found = dossier.problems(initiative.facts(), on=day_of(now))
    if found:
        raise Invalid(N_("The dossier is not complete yet. It was kept as a draft."), fields=found)
    if initiative.state is State.SUPPLEMENT:
        return _answer_supplement(initiative, by=by, now=now)
    initiative.state = lifecycle.after(initiative.state, Event.SUBMIT)
    initiative.submitted_at = now
    initiative.receipt_number = next_receipts(initiative.round_id, 1)
    initiative.content_hash = content_hash(initiative)
    db.session.flush()  # the index needs its id and its words
    indexing.put([initiative])
    audit.record(
        "initiative.submitted",
        about=initiative,
        by=by,
        now=now,
        receipt=initiative.receipt_number,
        content=initiative.content_hash,
    )
    if initiative.owner is not None:
        notices.queue(
            "initiative-submitted",
            to=initiative.owner,
            about=initiative,
            now=now,
            code=initiative.code,
            title=initiative.title,
            at=now,
            receipt=initiative.receipt_number,
        )
    return initiative


def withdraw(initiative: Initiative, *, reason: str, by: Actor, now: datetime) -> Initiative:
    """Take a dossier back; it stays on record.

    Raises:
        Conflict: the reviews are complete, or it was withdrawn before.
    """
    policy.require(by, Action.INITIATIVE_WITHDRAW, initiative)
    initiative.state = lifecycle.after(initiative.state, Event.WITHDRAW)
    initiative.withdrawn_at = now
    initiative.reason = clean(reason)
    audit.record("initiative.withdrawn", about=initiative, by=by, now=now, reason=initiative.reason)
    return initiative


def attach(initiative: Initiative, upload: Upload, *, by: Actor, now: datetime) -> Attachment:
    """Add a file to the dossier.

    Raises:
        Invalid: on ``file``: the same file again, or more files than a dossier can have.
        Closed: the round, or the term for the supplement, is over.
    """
    policy.require(by, Action.INITIATIVE_EDIT, initiative)
    check_pen_is_free(initiative, now=now)
    if any(each.sha256 == upload.sha256 for each in initiative.attachments):
        raise Invalid.on("file", N_("This file is already part of the dossier."))
    if len(initiative.attachments) >= MOST_FILES:
        raise Invalid.on("file", N_("A dossier can have %(most)s files. Remove one first."), most=MOST_FILES)
    attachment = Attachment(
        code=random_code(),
        position=max((each.position for each in initiative.attachments), default=0) + 1,
        name=upload.name,
        kind=upload.kind,
        size=upload.size,
        sha256=upload.sha256,
        stored_as=upload.stored_as,
        blind_stored_as=upload.blind_stored_as,
        blind_size=upload.blind_size,
        reading=upload.reading.as_document(),
        uploaded_at=now,
    )
    initiative.attachments.append(attachment)
    initiative.updated_at = now
    audit.record("initiative.file-added", about=initiative, by=by, now=now, sha256=upload.sha256, size=upload.size)
    return attachment


def remove_attachment(initiative: Initiative, attachment: Attachment, *, by: Actor, now: datetime) -> None:
    """Take a file out of the dossier again.

    Raises:
        Closed: the round, or the term for the supplement, is over.
    """
    policy.require(by, Action.INITIATIVE_EDIT, initiative)
    check_pen_is_free(initiative, now=now)
    initiative.attachments.remove(attachment)
    initiative.updated_at = now
    audit.record("initiative.file-removed", about=initiative, by=by, now=now, sha256=attachment.sha256)


# --- what the commands share ------------------------------------------------------------------


def check_open(a_round: Round, *, now: datetime) -> None:
    """Do nothing while the round takes dossiers.

    Raises:
        Closed: it does not, with the date.
    """
    if a_round.state is not RoundState.OPEN or a_round.phase(now) is Phase.BEFORE:
        raise Closed(N_("This round takes dossiers from %(from)s on."), **{"from": a_round.submission_opens_at})
    if a_round.phase(now) is not Phase.SUBMISSION:
        raise Closed(
            N_(
                "This round took dossiers until %(until)s. Your draft is kept; ask the secretariat whether the term was extended."
            ),
            until=a_round.submission_closes_at,
        )


def check_pen_is_free(initiative: Initiative, *, now: datetime) -> None:
    """Do nothing while the author may still write: before the deadline, or within the term of a supplement.

    Raises:
        Closed: the time for it is over, with the date.
    """
    supplement = open_supplement(initiative)
    if supplement is None:
        check_open(initiative.round, now=now)
    elif now > supplement.until:
        raise Closed(N_("The supplement was due by %(until)s. Ask the secretariat."), until=supplement.until)


def open_supplement(initiative: Initiative) -> Supplement | None:
    """Return what was asked and not answered yet."""
    if initiative.state is not State.SUPPLEMENT:
        return None
    return next((each for each in reversed(initiative.supplements) if each.answered_at is None), None)


def next_receipts(round_id: int, count: int) -> int:
    """Return the first of ``count`` receipt numbers of a round; the row of the round settles races."""
    last = db.session.scalar(
        update(Round)
        .where(Round.id == round_id)
        .values(last_receipt=Round.last_receipt + count)
        .returning(Round.last_receipt)
        .execution_options(synchronize_session=False)
    )
    return int(last or count) - count + 1


def set_order_keys(initiative: Initiative) -> None:
    """Bring the columns by which lists are ordered in step with what they order."""
    first = initiative.authors[0].name if initiative.authors else ""
    initiative.author_name = first
    initiative.title_key = order_key(initiative.title)
    initiative.unit_key = order_key(initiative.unit_name)
    initiative.field_key = order_key(initiative.field)
    initiative.author_key = name_key(first)[:400]


def order_key(text: str) -> str:
    """Return the key of a text in Vietnamese order, no longer than its column."""
    return sort_key(text[:KEY_LENGTH])[:400]


def content_hash(initiative: Initiative) -> str:
    """Return the SHA-256, in hexadecimal, of everything that was submitted, files included."""
    content: dict[str, Any] = {
        "title": initiative.title,
        "kind": initiative.kind,
        "field": initiative.field,
        "unit": initiative.unit_name,
        "applied_on": initiative.applied_on.isoformat() if initiative.applied_on else None,
        "money_benefit": initiative.money_benefit,
        "scope": initiative.scope,
        "applier": initiative.applier,
        "investor": initiative.investor,
        "texts": initiative.texts(),
        "authors": [
            [each.name, each.birth_date.isoformat() if each.birth_date else None, each.workplace, each.share]
            for each in initiative.authors
        ],
        "files": [each.sha256 for each in initiative.attachments],
    }
    # What most dossiers do not have is left out: the fingerprints of those stay what they were.
    near = {"nominated_by": initiative.nominated_by, "advised_by": initiative.advised_by}
    content |= {name: text for name, text in near.items() if text}
    if initiative.is_state_funded:
        content["state_funded"] = True
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _answer_supplement(initiative: Initiative, *, by: Actor, now: datetime) -> Initiative:
    supplement = open_supplement(initiative)
    initiative.state = lifecycle.after(initiative.state, Event.ANSWER_SUPPLEMENT)
    initiative.content_hash = content_hash(initiative)
    if supplement is not None:
        supplement.answered_at = now
    audit.record("initiative.supplemented", about=initiative, by=by, now=now, content=initiative.content_hash)
    return initiative


def _write(initiative: Initiative, draft: Draft) -> None:
    """Take over what was typed, cleaned; authors keep their account while their e-mail stays."""
    initiative.title = clean_line(draft.title)
    initiative.kind = draft.kind
    initiative.field = clean_line(draft.field)
    initiative.applied_on = draft.applied_on
    initiative.money_benefit = draft.money_benefit
    initiative.scope = clean_line(draft.scope)
    initiative.applier = clean_line(draft.applier)
    initiative.investor = clean_line(draft.investor)
    initiative.nominated_by = clean(draft.nominated_by)
    initiative.advised_by = clean(draft.advised_by)
    initiative.is_state_funded = draft.is_state_funded
    for name in TEXT_NAMES:
        setattr(initiative, name, clean(draft.texts.get(name, "")))
    known = units.matcher()
    initiative.unit_name = clean_line(draft.unit_name)
    match = known.match(initiative.unit_name) if initiative.unit_name else None
    initiative.unit_id = match.key if match else None
    accounts = {each.email: each.account_id for each in initiative.authors if each.email}
    initiative.authors.clear()
    db.session.flush()  # the old rows go before the new ones take their positions
    for position, typed in enumerate(draft.authors, 1):
        workplace = clean_line(typed.workplace)
        match = known.match(workplace) if workplace else None
        email = clean_line(typed.email).lower()
        initiative.authors.append(
            Author(
                position=position,
                name=clean_line(typed.name),
                birth_date=typed.birth_date,
                unit_id=match.key if match else None,
                workplace=workplace,
                job_title=clean_line(typed.job_title),
                qualification=clean_line(typed.qualification),
                share=typed.share,
                phone=clean_line(typed.phone),
                email=email,
                account_id=accounts.get(email),
            )
        )
    set_order_keys(initiative)
