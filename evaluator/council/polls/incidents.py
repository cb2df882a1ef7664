"""What can happen to a vote between its beginning and its decision: each with its reason, each in the ledger."""

from datetime import datetime
from typing import Any

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.core.text import N_
from evaluator.council import ledger, queries, recusals
from evaluator.council.models import (
    Item,
    ItemState,
    Member,
    Poll,
    PollState,
    Recusal,
    SessionState,
    Vote,
)
from evaluator.council.polls import counting
from evaluator.policy import Action, Actor
from evaluator.rules.vote_rule import Mode, Tie, VoteRule

REASON = N_("Say why; the reason stands in the minutes.")


def recuse(poll: Poll, member: Member, *, reason: str, by: Actor, now: datetime) -> Poll:
    """Let a member step aside from an open vote after it was put; a vote the member gave in it is void.

    Raises:
        Conflict: the vote is over, or on ballots that cannot be told apart: break it off and put it again.
        Invalid: no reason, or somebody who does not vote in it.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_be_open(poll)
    if poll.mode is not Mode.OPEN:
        raise Conflict(
            N_("Secret ballots cannot be told apart. Break the vote off and put it again without this member.")
        )
    if not reason.strip():
        raise Invalid.on("reason", REASON)
    if member.id not in poll.roll:
        raise Invalid.on("member", N_("This member is not in the room or has stepped aside."))
    voided = _void(poll, member)
    _leave(poll, member, keeps_seat=True)
    for line in poll.lines:
        line.recused += 1
        if all(each.member_id != member.id for each in line.item.recusals):
            line.item.recusals.append(
                Recusal(member_id=member.id, member=member, kind=recusals.BY_HAND, note=reason.strip()[:300])
            )
    _note(poll, member, "recused", now, reason=reason.strip(), decision="", voided=voided)
    audit.record("poll.recused", about=poll, by=by, now=now, seat=member.position, voided=voided)
    return poll


def remove(poll: Poll, member: Member, *, decision: str, by: Actor, now: datetime) -> Poll:
    """Take a member who lost the seat by a decision off the roll of an open vote; the base is the roll at the count.

    A vote given while entitled stands, and with it the place on the roll, unless the rule says that it falls. Papers
    are out already and cannot be told apart: their roll stands.
    """
    policy.require(by, Action.COUNCIL_FOUND, poll.session.council.round)
    rule = VoteRule.from_document(poll.rule)
    if poll.mode is not Mode.OPEN or (has_voted(poll, member) and not rule.void_removed):
        return poll
    voided = _void(poll, member)
    _leave(poll, member, keeps_seat=False)
    poll.members -= 1
    _note(poll, member, "removed", now, reason="", decision=decision, voided=voided)
    audit.record("poll.removed", about=poll, by=by, now=now, seat=member.position, decision=decision)
    return poll


def withdraw_part(item: Item, *, reason: str, by: Actor, now: datetime) -> Poll:
    """Close the part of an open vote that is about one item; nothing given on it is counted.

    Raises:
        Conflict: the item is not at the vote, or stands on a list that is chosen from as a whole.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    line = queries.line_at_vote(item)
    poll = line.poll
    _must_be_open(poll)
    if poll.mode is Mode.SEALED:
        raise Conflict(N_("The item is on a sealed ballot. Withdraw it on the page of that vote."))
    if VoteRule.from_document(poll.rule).is_listed:
        raise Conflict(N_("The items stand on one list. Break the vote off, withdraw the item and put the list again."))
    given = len(line.votes) if poll.mode is Mode.OPEN else None
    line.withdrawn_at, line.given_then = now, given
    ledger.add(
        poll.session,
        ("withdraw", {"poll": poll.number, "part": item.number, "given": given, "reason": reason, "by": by.label}),
        now=now,
    )
    if not poll.counted_lines:
        poll.state, poll.reason, poll.closed_at = PollState.ANNULLED, reason, now
        ledger.add(poll.session, ("annul", {"poll": poll.number, "reason": reason}), now=now)
    poll.recorded_at = now
    audit.record("poll.part-withdrawn", about=poll, by=by, now=now, item=item.number, given=given)
    return poll


def break_tie(poll: Poll, vote: Vote | str, *, by: Actor, now: datetime) -> Poll:
    """Record the chair's casting vote after an open vote was counted and found tied; never before.

    Raises:
        Forbidden: the rule gives the chair no casting vote.
        Conflict: nothing is tied, the item is decided, the vote was secret, or no chair sat in it.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    rule, vote = VoteRule.from_document(poll.rule), Vote(vote)
    if not rule.chair_casts:
        raise Forbidden(N_("By the rule of this round nobody has a casting vote."))
    tied = [line for line in poll.counted_lines if queries.is_chair_asked(poll, line)]
    if not tied or poll.session.state is not SessionState.OPEN or vote is Vote.ABSTAIN:
        raise Conflict(N_("There is no tie in this vote that waits for the chair."))
    if queries.presiding(poll) is None:
        raise Conflict(N_("Neither the chair nor the vice-chair voted on this item; nobody can break the tie."))
    for line in tied:
        line.casting = vote
    counting.count(poll)
    _settled(poll, "casting", {"vote": str(vote)}, now)
    audit.record("poll.tie-broken", about=poll, by=by, now=now, vote=vote)
    return poll


def draw_lots(poll: Poll, *, seed: str, by: Actor, now: datetime) -> Poll:
    """Decide a tie at the cut-off by lot, where the rule says so; anybody can redo it from the public seed.

    Raises:
        Conflict: nothing is tied, or the rule knows another way.
        Invalid: no seed.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    rule = VoteRule.from_document(poll.rule)
    tied = [line for line in poll.counted_lines if line.is_tied and line.item.state is ItemState.WAITING]
    if poll.mode is Mode.SEALED:
        raise Conflict(
            N_("The lot is not drawn on a sealed vote: its ballots are not counted again. Hold the run-off.")
        )
    if rule.tie is not Tie.LOT or not tied or poll.state is not PollState.COUNTED:
        raise Conflict(N_("Nothing in this vote is decided by lot."))
    if not seed.strip():
        raise Invalid.on("seed", N_("Give the public seed: a number that all in the room saw drawn or published."))
    counting.count(poll, seed=seed.strip())
    for line in tied:
        line.item.state = ItemState.COUNTED
    _settled(poll, "lot", {"seed": seed.strip()}, now)
    audit.record("poll.lot-drawn", about=poll, by=by, now=now, seed=seed.strip())
    return poll


def has_voted(poll: Poll, member: Member) -> bool:
    """Whether a member's vote by name is recorded in a poll."""
    return any(vote.member_id == member.id for line in poll.lines for vote in line.votes) or any(
        each.member_id == member.id for each in poll.rankings
    )


def _settled(poll: Poll, kind: str, facts: dict[str, Any], now: datetime) -> None:
    """Seal the result anew: what settled a tie stands beside the count, the count is not rewritten."""
    _number, counted = ledger.counted(poll)
    ledger.add(poll.session, (kind, {**facts, **counted}), now=now)


def _void(poll: Poll, member: Member) -> int:
    voided = 0
    for line in poll.lines:
        for vote in [each for each in line.votes if each.member_id == member.id]:
            line.votes.remove(vote)
            voided += 1
    for ranking in [each for each in poll.rankings if each.member_id == member.id]:
        poll.rankings.remove(ranking)
        voided += 1
    return voided


def _leave(poll: Poll, member: Member, *, keeps_seat: bool) -> None:
    poll.roll = [seat for seat in poll.roll if seat != member.id]
    seats = [each for each in poll.session.members if keeps_seat or each.id != member.id]
    there = [each for each in seats if each.id in poll.roll]
    poll.roles = sorted(queries.roles_in_room(VoteRule.from_document(poll.rule), seats, there))


def _note(poll: Poll, member: Member, status: str, now: datetime, **facts: Any) -> None:
    poll.recorded_at = now  # raises the version: a page that still shows the old roll is stale
    db.session.flush()  # what was voided is gone before the ledger says so
    body = {"poll": poll.number, "seat": member.position, "status": status, "roles": list(poll.roles), **facts}
    ledger.add(poll.session, ("roll", body), now=now)


def _must_be_open(poll: Poll) -> None:
    if poll.state is not PollState.OPEN or poll.session.state is not SessionState.OPEN:
        raise Conflict(N_("This vote is over. Look at it as it is now."))
