"""Reading sealed votes: one of a session, its roll, its envelopes; never who sent which of them to whom may not know."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, except_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload, undefer

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.council import queries as councils
from evaluator.council.models import Item, Member, Poll, PollItem, Session
from evaluator.council.sealed.models import Envelope, Lock, OpenedList, RollLine, SealedPoll, Strip
from evaluator.policy import Actor
from evaluator.rules.sealing import PUBLISHED_FROM, Layer, Publication


def get(code: str, session: int, number: int, *, actor: Actor) -> SealedPoll:
    """Return one sealed vote of a session with the definition of its poll. Raises NotFound."""
    held = councils.session(code, session, actor=actor)
    return _found(SealedPoll.session_id == held.id, SealedPoll.number == number)


def to_cast(code: str, session: int, number: int, *, actor: Actor) -> SealedPoll:
    """Return a sealed vote for casting: fifty members wait for one another, so nothing is read that is not needed."""
    held = councils.session(code, session, actor=actor)
    wanted = select(SealedPoll).where(SealedPoll.session_id == held.id, SealedPoll.number == number)
    poll = joinedload(SealedPoll.poll).options(lazyload(Poll.lines), lazyload(Poll.session))
    sealed: SealedPoll | None = db.session.scalar(wanted.options(poll, lazyload(SealedPoll.session)))
    if sealed is None:
        raise NotFound
    return sealed


def of_vote(code: str, session: int, which: int, *, actor: Actor) -> SealedPoll:
    """Return the sealed vote behind a vote of a session. Raises NotFound."""
    poll = councils.poll(code, session, which, actor=actor)
    return _found(SealedPoll.poll_id == poll.id)


def _found(*where: ColumnElement[bool]) -> SealedPoll:
    lines = joinedload(SealedPoll.poll).selectinload(Poll.lines).joinedload(PollItem.item).joinedload(Item.initiative)
    wanted = (
        select(SealedPoll).where(*where).options(joinedload(SealedPoll.poll).options(undefer(Poll.definition)), lines)
    )
    sealed: SealedPoll | None = db.session.scalar(wanted)
    if sealed is None:
        raise NotFound
    return sealed


def of_session(held: Session) -> Sequence[SealedPoll]:
    """Return the sealed votes of a session, in their order."""
    wanted = select(SealedPoll).where(SealedPoll.session_id == held.id).order_by(SealedPoll.number)
    return db.session.scalars(wanted.options(joinedload(SealedPoll.poll), selectinload(SealedPoll.locks))).all()


def lock(sealed: SealedPoll, layer: str) -> Lock:
    """Return one lock. Raises NotFound."""
    found = next((each for each in sealed.locks if each.layer == layer), None)
    if found is None:
        raise NotFound
    return found


def items_of(sealed: SealedPoll) -> list[Item]:
    """Return the items it is about, in the order of the agenda."""
    wanted = select(Item).where(Item.id.in_(sealed.items)).order_by(Item.number)
    return list(db.session.scalars(wanted.options(joinedload(Item.initiative), selectinload(Item.recusals))))


def member(sealed: SealedPoll, member_id: int) -> Member:
    """Return a member of the session. Raises NotFound."""
    found = next((each for each in sealed.session.members if each.id == member_id), None)
    if found is None:
        raise NotFound
    return found


def seat_of(sealed: SealedPoll, actor: Actor) -> Member | None:
    """Return the seat an actor sits on, if any."""
    sitting = sealed.session.sitting
    return next((each for each in sealed.session.members if sitting.get(each.id) == actor.id), None)


def roll(sealed: SealedPoll) -> Sequence[RollLine]:
    """Return the roll in the order of the seats."""
    wanted = select(RollLine).where(RollLine.sealed_id == sealed.id).join(RollLine.member).order_by(Member.position)
    return db.session.scalars(wanted).all()


def roll_line(sealed: SealedPoll, member_id: int) -> RollLine:
    """Return one member's line of the roll. Raises NotFound."""
    found = db.session.get(RollLine, (sealed.id, member_id), populate_existing=True)
    if found is None:
        raise NotFound
    return found


def envelopes(sealed: SealedPoll) -> Sequence[Envelope]:
    """Return the envelopes in the box, by their hash."""
    return db.session.scalars(select(Envelope).where(Envelope.sealed_id == sealed.id).order_by(Envelope.hash)).all()


def envelopes_of(sealed: SealedPoll, member_id: int) -> Sequence[Envelope]:
    """Return one member's envelopes, part by part."""
    wanted = select(Envelope).where(Envelope.sealed_id == sealed.id, Envelope.member_id == member_id)
    return db.session.scalars(wanted.order_by(Envelope.part)).all()


def strips(sealed: SealedPoll, layer: Layer) -> Sequence[Strip]:
    """Return what the holders of a lock have handed in."""
    wanted = select(Strip).where(Strip.sealed_id == sealed.id, Strip.layer == layer)
    return db.session.scalars(wanted.order_by(Strip.member_id)).all()


def opened(sealed: SealedPoll, layer: Layer) -> dict[int, OpenedList]:
    """Return, by part, what came out when a lock was taken off."""
    wanted = select(OpenedList).where(OpenedList.sealed_id == sealed.id, OpenedList.layer == layer)
    return {each.part: each for each in db.session.scalars(wanted)}


def out_of_step() -> list[str]:
    """Return the codes of sealed votes in which somebody has a mark in the ledger and no envelope, or one without it."""
    inside = select(Envelope.sealed_id, Envelope.member_id).distinct()
    marked = select(RollLine.sealed_id, RollLine.member_id).where(RollLine.commit != "")
    differing = (except_(inside, marked), except_(marked, inside))
    wrong = {sealed_id for each in differing for sealed_id, _member in db.session.execute(each)}
    found = select(SealedPoll).where(SealedPoll.id.in_(wrong)).order_by(SealedPoll.id).limit(5)
    return [sealed.code for sealed in db.session.scalars(found)]


def shown(poll: Poll) -> list[dict[str, Any]]:
    """Return the opened ballots of a counted vote as far as they are published, part by part."""
    sealed = db.session.scalars(select(SealedPoll).where(SealedPoll.poll_id == poll.id)).one()
    if sealed.publication is Publication.TOTALS:
        return []
    totals = {each["part"]: each for each in poll.totals["parts"]}
    least = PUBLISHED_FROM if sealed.publication is Publication.BALLOTS else 0
    found = opened(sealed, sealed.locks[-1].layer)
    return [
        {"part": part, "ballots": found[part].content}
        for part in sorted(found)
        if totals[part]["valid"] - totals[part]["paper_valid"] >= least
    ]
