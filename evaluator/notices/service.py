"""Putting messages into the outbox, and noting what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import insert, select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.audit.chain import plain
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Conflict
from evaluator.core.text import N_
from evaluator.notices.models import Notice
from evaluator.notices.templates import TEMPLATES
from evaluator.policy import Action, Actor

# Minutes until the next attempt; after the last one a person must act.
PATIENCE = (1, 5, 15, 60, 240, 720, 1440)


class Addressee(Protocol):
    """Whom a message goes to: an account, or a co-author who has none."""

    @property
    def id(self) -> Any:
        """The account's id, or None."""

    @property
    def email(self) -> Any:
        """The address; empty when none is known."""

    @property
    def name(self) -> Any:
        """The full name."""

    @property
    def language(self) -> Any:
        """The language the person reads."""


@dataclass(frozen=True, slots=True)
class Person:
    """An addressee without an account."""

    name: str
    email: str = ""
    language: str = "vi"
    id: None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message of many that differ: to whom, about what, with which facts."""

    to: Addressee
    about: Any
    params: dict[str, Any]


def queue(template: str, *, to: Addressee | Iterable[Addressee], about: Any, now: datetime, **params: Any) -> int:
    """Put a message for one or many people into the outbox of this transaction; return for how many.

    ``params`` fill the placeholders of the template. Moments are shown in the reader's language and the council's
    time: give ``at`` and ``until`` as moments or days, not as text.

    Raises:
        KeyError: there is no such template, or a placeholder was not given (a mistake in our code).
    """
    people = to if isinstance(to, Iterable) else (to,)
    return queue_each(template, [Envelope(each, about, params) for each in people], now=now)


def queue_each(template: str, envelopes: Iterable[Envelope], *, now: datetime) -> int:
    """Put messages of one kind that differ in their facts into the outbox with one statement; return how many.

    Raises:
        KeyError: as for ``queue``.
    """
    needs = TEMPLATES[template].needs
    rows = []
    for envelope in envelopes:
        missing = needs - envelope.params.keys()
        if missing:
            raise KeyError(f"{template} lacks {sorted(missing)}")
        rows.append(
            {
                "code": random_code(12),
                "template": template,
                "is_secret": TEMPLATES[template].secret,
                "params": {name: _typed(value) for name, value in envelope.params.items()},
                "language": envelope.to.language,
                "address": envelope.to.email or "",
                "name": envelope.to.name,
                "account_id": envelope.to.id,
                "about_kind": getattr(envelope.about, "__tablename__", ""),
                "about_id": getattr(envelope.about, "id", None),
                "queued_at": now,
                "next_try_at": now,
                "attempts": 0,
                "failure": "",
                "subject": "",
                "body": "",
            }
        )
    if rows:
        db.session.execute(insert(Notice), rows)
    return len(rows)


def claim(*, limit: int, by: Actor, now: datetime) -> list[int]:
    """Take messages that are due, so that no other sender takes them; return their ids.

    A claim is an attempt: should the sender die, the message is due again after the pause.
    """
    policy.require(by, Action.NOTICE_SEND)
    due = db.session.scalars(
        select(Notice)
        .where(Notice.next_try_at <= now, Notice.address != "")
        .order_by(Notice.next_try_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for notice in due:
        notice.next_try_at = now + timedelta(minutes=PATIENCE[min(notice.attempts, len(PATIENCE) - 1)])
        notice.attempts += 1
    return [notice.id for notice in due]


def mark_sent(notice: Notice, *, subject: str, body: str, by: Actor, now: datetime) -> None:
    """The mail server has taken the message; keep its words, but no secret link."""
    policy.require(by, Action.NOTICE_SEND)
    notice.sent_at, notice.next_try_at, notice.failure = now, None, ""
    notice.subject, notice.body = subject, body
    _drop_secret(notice)


def mark_failed(notice: Notice, *, reason: str, by: Actor, now: datetime) -> None:
    """The mail server has refused the message; it is tried again until patience ends."""
    policy.require(by, Action.NOTICE_SEND)
    notice.failure = reason[:300]
    if notice.attempts > len(PATIENCE):
        notice.next_try_at = None
        audit.record("notice.given-up", about=notice, by=by, now=now, template=notice.template)


def hand_over(notice: Notice, *, by: Actor, now: datetime) -> None:
    """A person has told the addressee by telephone, Zalo or on paper; no mail goes out any more.

    Raises:
        Conflict: it was sent or handed over already.
    """
    policy.require(by, Action.NOTICE_READ, notice)
    if not notice.is_waiting:
        raise Conflict(N_("This message has already reached the person."))
    notice.handed_over_at, notice.next_try_at = now, None
    _drop_secret(notice)
    audit.record("notice.handed-over", about=notice, by=by, now=now, template=notice.template)


def try_again(notice: Notice, *, by: Actor, now: datetime) -> None:
    """Start over with a message that could not be sent.

    Raises:
        Conflict: it was sent or handed over already.
    """
    policy.require(by, Action.NOTICE_READ, notice)
    if not notice.is_waiting:
        raise Conflict(N_("This message has already reached the person."))
    notice.attempts, notice.next_try_at, notice.failure = 0, now, ""
    audit.record("notice.retried", about=notice, by=by, now=now, template=notice.template)


def withdraw(template: str, *, account_id: int, now: datetime) -> None:
    """Take messages of one kind to one account back while they wait: their link is dead."""
    waiting = select(Notice).where(
        Notice.template == template,
        Notice.account_id == account_id,
        Notice.sent_at.is_(None),
        Notice.handed_over_at.is_(None),
        Notice.withdrawn_at.is_(None),
    )
    for notice in db.session.scalars(waiting):
        notice.withdrawn_at, notice.next_try_at = now, None
        _drop_secret(notice)


def _typed(value: Any) -> Any:
    """Keep the type of moments and days, so that each reader gets them in the own language."""
    return {"date": plain(value)} if hasattr(value, "isoformat") else plain(value)


def _drop_secret(notice: Notice) -> None:
    """A link that opens a door is not kept."""
    secret = notice.params.get("secret")
    if secret:
        notice.body = notice.body.replace(secret, "…")
        notice.params = {name: value for name, value in notice.params.items() if name != "secret"}
