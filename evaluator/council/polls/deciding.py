"""Commands that end an item: declare its decision by score and vote, give prizes, take a decision back, vote again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence
from evaluator.council import ledger, queries, told
from evaluator.council.models import Decision, Item, ItemState, PollItem, Session, SessionState
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.rules import lifecycle
from evaluator.rules.lifecycle import Event
from evaluator.rules.vote_rule import VoteRule
from evaluator.rules.voting import Verdict

REASON = N_("Say why; the reason stands in the minutes.")
Counted = Sequence[tuple[Item, PollItem]]


def decide(item: Item, *, by: Actor, now: datetime) -> Decision:
    """Declare the decision on a counted item: selected only if it passed both gates, score and vote.

    Raises:
        Conflict: it is not counted, or decided already; or prizes are given, which is done for all items at once.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    if item.state is not ItemState.COUNTED:
        raise Conflict(N_("This item is not counted; there is nothing to declare."))
    if _rule_of(item.session).tiers:
        raise Conflict(N_("Prizes are filled by score and vote among all items; declare the decisions together."))
    return _declare([(item, queries.lines_of([item])[item.id])], {}, by=by, now=now)[0]


def decide_all(session: Session, *, by: Actor, now: datetime) -> list[Decision]:
    """Declare the decisions on all counted items of a session; where the rule has prizes, fill them.

    Raises:
        Conflict: prizes are to be filled and an item still waits, or some are tied for the last of a prize.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    counted = select(Item).where(Item.session_id == session.id, Item.state == ItemState.COUNTED).order_by(Item.number)
    items = db.session.scalars(counted.options(joinedload(Item.initiative).lazyload(Initiative.authors))).all()
    lines = queries.lines_of(items)
    pairs = [(item, lines[item.id]) for item in items]
    rule = _rule_of(session)
    prizes = _prizes(session, rule, pairs) if rule.tiers and pairs else {}
    return _declare(pairs, prizes, by=by, now=now)


def _prizes(session: Session, rule: VoteRule, counted: Counted) -> dict[int, str]:
    open_states = (ItemState.WAITING, ItemState.AT_VOTE)
    waiting = select(Item.number).where(Item.session_id == session.id, Item.state.in_(open_states)).limit(1)
    if db.session.scalar(waiting) is not None:
        raise Conflict(N_("Prizes are filled when every item is counted or set aside; some still wait."))
    found = queries.allotment(session, rule, counted)
    if found.tied:
        raise Conflict(
            N_("Items %(items)s are tied for “%(prize)s”. Vote on them again, then declare the decisions."),
            items=", ".join(found.tied),
            prize=found.tied_for,
        )
    return {item.id: found.of(str(item.number)) for item, _line in counted}


def vote_again(item: Item, *, reason: str, by: Actor, now: datetime) -> Item:
    """Let a counted item wait for a new vote: a new poll with a roll of its own, linked to the former, with the reason.

    Raises:
        Conflict: the session does not run, or the item is not counted or is decided already.
        Invalid: no reason.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    if item.session.state is not SessionState.OPEN or item.state is not ItemState.COUNTED:
        raise Conflict(N_("Only an item that is counted and not decided can be voted on again."))
    if not reason.strip():
        raise Invalid.on("reason", REASON)
    item.state, item.reason = ItemState.WAITING, reason.strip()
    audit.record("item.vote-again", about=item, by=by, now=now, reason=item.reason)
    return item


def reconsider(item: Item, *, reason: str, by: Actor, now: datetime) -> Item:
    """Take a declared decision back while the session runs; the item waits for another vote, the ledger keeps both.

    Authors are told when the session is closed, so nobody has heard of it yet.

    Raises:
        Conflict: the session is closed or paused, the item is not decided, or the initiative has moved on.
        Invalid: no reason.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    if item.session.state is not SessionState.OPEN:
        raise Conflict(N_("A decision can be taken back only while its session is open."))
    decision = db.session.scalar(select(Decision).where(Decision.initiative_id == item.initiative_id))
    if item.state is not ItemState.DECIDED or decision is None:
        raise Conflict(N_("This item is not decided; there is nothing to take back."))
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))
    item.initiative.state = lifecycle.after(item.initiative.state, Event.RECONSIDER)
    item.initiative.updated_at = now
    item.state, item.reason = ItemState.WAITING, reason.strip()
    taken_back = {"item": item.number, "poll": queries.lines_of([item])[item.id].poll.number, "reason": reason.strip()}
    db.session.delete(decision)
    ledger.add(item.session, ("reconsider", taken_back), now=now)
    audit.record("item.reconsidered", about=item, by=by, now=now, reason=reason.strip())
    return item


def _declare(counted: Counted, prizes: Mapping[int, str], *, by: Actor, now: datetime) -> list[Decision]:
    decisions = [_decision(item, line, prizes, now) for item, line in counted]
    db.session.add_all(decisions)
    entries: list[tuple[str, dict[str, Any]]] = []
    for (item, line), decision in zip(counted, decisions, strict=True):
        event = Event.SELECT if decision.is_selected else Event.DO_NOT_SELECT
        item.initiative.state = lifecycle.after(item.initiative.state, event)
        item.initiative.updated_at = now
        item.state = ItemState.DECIDED
        facts = {"initiative": item.initiative.code, "selected": decision.is_selected}
        facts |= {"tier": decision.tier} if prizes else {}
        entries.append(("decide", {"item": item.number, "poll": line.poll.number, **facts}))
        audit.record("item.decided", about=item, by=by, now=now, **facts)
    if counted:
        ledger.add(counted[0][0].session, *entries, now=now)
    return decisions


def _decision(item: Item, line: PollItem, prizes: Mapping[int, str], now: datetime) -> Decision:
    score = N_("The score gate was passed.") if item.score_passed else N_("The score gate was not passed.")
    passed = line.verdict is Verdict.PASSED and item.score_passed
    tier = prizes.get(item.id, "") if passed else ""
    why = [*told.as_document([Sentence(score)]), *line.why]
    if prizes and passed:
        said = Sentence(N_("Prize: %(prize)s."), {"prize": tier}) if tier else Sentence(N_("No prize was left for it."))
        why += told.as_document([said])
    return Decision(
        round_id=item.session.council.round_id,
        initiative_id=item.initiative_id,
        poll_item_id=line.id,
        is_selected=passed and (not prizes or bool(tier)),
        rank=item.rank,
        tier=tier,
        decided_at=now,
        why=why,
    )


def _rule_of(session: Session) -> VoteRule:
    return VoteRule.from_document(session.council.round.vote_rule)
