"""Reading the outbox."""

from enum import StrEnum

from sqlalchemy import Select, and_, false, func, select

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.notices.models import Notice
from evaluator.policy import Action, Actor
from evaluator.rules.roles import Role


class Box(StrEnum):
    """The messages of the outbox by what became of them."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"


_WAITS = and_(Notice.sent_at.is_(None), Notice.handed_over_at.is_(None), Notice.withdrawn_at.is_(None))
CONDITIONS = {
    Box.WAITING: and_(_WAITS, Notice.failure == ""),
    Box.FAILED: and_(_WAITS, Notice.failure != ""),
    Box.SENT: ~_WAITS,
}


def visible_to(actor: Actor) -> Select[Notice]:
    """Return the messages the actor may read: the policy's NOTICE_READ, said to the database."""
    notices = select(Notice)
    if actor.has(Role.ADMIN):
        return notices
    return notices.where(Notice.is_secret.is_(False) if actor.has(Role.SECRETARY) else false())


def listed(actor: Actor, *, box: Box, text: str = "", mark: str = "", size: int = 25) -> Page[Notice]:
    """Return one page of messages, the newest first, narrowed by a part of an address."""
    policy.require(actor, Action.NOTICE_LIST)
    notices = visible_to(actor).where(CONDITIONS[box])
    if text:
        notices = notices.where(Notice.address.contains(text.strip().lower(), autoescape=True))
    return page_by_key(db.session(), notices, keys=(Notice.id,), mark=mark, descending=True, size=size, scalars=True)


def get(code: str, *, actor: Actor) -> Notice:
    """Return one message.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    notice: Notice | None = db.session.scalar(visible_to(actor).where(Notice.code == code))
    if notice is None:
        raise NotFound
    return notice


def by_id(notice_id: int) -> Notice:
    """Return a message as it stands in the database now."""
    return db.session.get_one(Notice, notice_id, populate_existing=True)


def newest_to(account_id: int, template: str) -> Notice:
    """Return the newest message of one kind to an account.

    Raises:
        NotFound: there is none.
    """
    wanted = select(Notice).where(Notice.account_id == account_id, Notice.template == template)
    notice: Notice | None = db.session.scalar(wanted.order_by(Notice.id.desc()).limit(1))
    if notice is None:
        raise NotFound
    return notice


def newest_id() -> int:
    """Return the id of the newest message, 0 when there is none."""
    return db.session.scalar(select(func.max(Notice.id))) or 0


def about_since(known: int, *, kind: str, about_id: int) -> list[Notice]:
    """Return the messages about one thing that are newer than an id, in the order they were queued."""
    newer = select(Notice).where(Notice.id > known, Notice.about_kind == kind, Notice.about_id == about_id)
    return list(db.session.scalars(newer.order_by(Notice.id)))


def with_dead_secrets() -> list[str]:
    """Return the codes of messages that are done with but still hold the secret of their link."""
    done = select(Notice).where(Notice.is_secret, ~_WAITS)
    return [notice.code for notice in db.session.scalars(done) if "secret" in notice.params]
