"""What the papers of a session are made of, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from evaluator.core.db import db
from evaluator.core.errors import Conflict
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.models import Decision, Item, Opinion, Poll, PollItem, PollState, Session, SessionState
from evaluator.rules.vote_rule import Mode


@dataclass(frozen=True, slots=True)
class Record:
    """One item with its last counted vote, all votes held on it, its prize, and what members want in the minutes."""

    item: Item
    vote: tuple[PollItem, Poll] | None
    opinions: Sequence[Opinion]
    votes: Sequence[tuple[PollItem, Poll]] = ()
    prize: str = ""


def closed(held: Session) -> Session:
    """Return the session if its papers can be made.

    Raises:
        Conflict: it still runs; its minutes would not be the last word.
    """
    if held.state is not SessionState.CLOSED:
        raise Conflict(N_("The session is still open. Close it first; then its papers can be printed."))
    return held


def records_of(held: Session) -> list[Record]:
    """Return the items of a session in the order of its agenda, in five statements."""
    items = db.session.scalars(
        select(Item)
        .where(Item.session_id == held.id)
        .order_by(Item.number)
        .options(joinedload(Item.initiative), selectinload(Item.recusals))
    ).all()
    votes: dict[int, tuple[PollItem, Poll]] = {}
    held_on: dict[int, list[tuple[PollItem, Poll]]] = defaultdict(list)
    voted = (
        select(PollItem, Poll)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(Poll.session_id == held.id, Poll.state != PollState.OPEN)
        .order_by(Poll.number)
        .options(joinedload(PollItem.item), undefer(Poll.definition))
    )
    for line, poll in db.session.execute(voted):
        held_on[line.item_id].append((line, poll))
        if poll.state is PollState.COUNTED and line.withdrawn_at is None:
            votes[line.item_id] = (line, poll)
    prizes = dict(
        db.session.execute(
            select(Decision.initiative_id, Decision.tier).where(
                Decision.initiative_id.in_([each.initiative_id for each in items]), Decision.tier != ""
            )
        ).all()
    )
    opinions: dict[int, list[Opinion]] = defaultdict(list)
    for opinion in db.session.scalars(
        select(Opinion).join(Item, Item.id == Opinion.item_id).where(Item.session_id == held.id).order_by(Opinion.id)
    ):
        opinions[opinion.item_id].append(opinion)
    return [
        Record(
            each,
            votes.get(each.id),
            opinions[each.id],
            votes=held_on[each.id],
            prize=prizes.get(each.initiative_id, ""),
        )
        for each in items
    ]


def paper_polls(held: Session) -> Sequence[Poll]:
    """Return the counted paper ballots of a session, each with its lines and their initiatives."""
    return db.session.scalars(
        select(Poll)
        .where(Poll.session_id == held.id, Poll.mode == Mode.PAPER, Poll.state == PollState.COUNTED)
        .order_by(Poll.number)
        .options(selectinload(Poll.lines).joinedload(PollItem.item).joinedload(Item.initiative))
    ).all()


def taken_back(held: Session) -> dict[int, list[str]]:
    """Return, by item number, what was undone: votes that were broken off and decisions taken back, with the reason."""
    found: dict[int, list[str]] = defaultdict(list)
    broken_off = (
        select(Item.number, Poll.number, Poll.reason)
        .join(PollItem, PollItem.item_id == Item.id)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(Poll.session_id == held.id, Poll.state == PollState.ANNULLED)
        .order_by(Poll.number, Item.number)
    )
    for item, poll, reason in db.session.execute(broken_off):
        found[item].append(f"lượt biểu quyết số {poll} bị hủy vì {reason.rstrip('. ')}.")
    for entry in ledger.entries_of(held):
        if entry.kind == "reconsider":
            body = entry.body
            found[body["item"]].append(
                f"quyết định theo lượt biểu quyết số {body['poll']} được thu hồi vì {body['reason'].rstrip('. ')}; "
                "Hội đồng biểu quyết lại."
            )
    return found
