"""Commands of a vote: put items to it, record votes by name or the totals of papers, count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid, Message
from evaluator.core.text import N_, Sentence
from evaluator.council import ledger, queries
from evaluator.council.models import (
    Item,
    ItemState,
    OpenVote,
    PaperCount,
    Poll,
    PollItem,
    PollState,
    Session,
    SessionState,
    Vote,
    Whereabouts,
)
from evaluator.council.polls import counting, freezing
from evaluator.council.polls.papers import PaperList, papers_of, problems
from evaluator.policy import Action, Actor
from evaluator.rules import voting
from evaluator.rules.vote_rule import MODE_NAMES, Method, Mode, VoteRule
from evaluator.rules.voting import Counts

PAUSED = N_("This session is paused. Resume it first.")
FEWEST_SECRET = 3  # below it a secret ballot is refused; below five the page warns


# --- putting to the vote ------------------------------------------------------------------------


def put(
    session: Session,
    items: Sequence[Item],
    *,
    mode: Mode,
    recused: Mapping[int, Iterable[int]] | None = None,
    again: str = "",
    by: Actor,
    now: datetime,
) -> list[Poll]:
    """Put items to the vote; rule, roll, recusals and quorum are those of this moment.

    An open vote is one poll per item. On paper items with the same recusals share one ballot; a rule that chooses
    from a list takes all items on one ballot. ``recused`` names, by item id, members who step aside beyond those the
    data bars (authors and those who declared a conflict always leave). An item that was voted on before gets a new
    vote linked to the former one, with the reason ``again``; nothing is carried over.

    Raises:
        Conflict: the session does not run, an item is not waiting, there is no quorum, everybody is recused, or a
            secret vote would have fewer than three voters.
        Invalid: the rule does not allow this way of voting.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session)
    rule = VoteRule.from_document(session.council.round.vote_rule)
    _check_mode(rule, mode)
    if mode is Mode.SEALED:
        raise Conflict(N_("A sealed vote is prepared first: its keys come before it."))
    if not items or any(item.state is not ItemState.WAITING or item.session_id != session.id for item in items):
        raise Conflict(N_("Only items that wait on the agenda of this session can be put to the vote."))
    aside = freezing.step_aside(session, items, recused or {})
    polls = [
        _open_poll(session, group, number, mode=mode, rule=rule, aside=aside[group[0].id], now=now)
        for number, group in enumerate(_grouped(items, aside, rule, mode), start=freezing.next_number(session))
    ]
    for poll in polls:
        _link(poll, again.strip())
    db.session.flush()  # votes need the lines
    ledger.add(session, *(ledger.frozen(poll) for poll in polls), now=now)
    for poll in polls:
        audit.record("poll.put", about=poll, by=by, now=now, mode=mode, items=[line.item.number for line in poll.lines])
    return polls


def note_no_quorum(session: Session, items: Sequence[Item], *, by: Actor, now: datetime) -> list[Poll]:
    """Record for the minutes that items could not be decided for want of a quorum: no decision, never a rejection.

    Each item gets a vote that is counted at once and in which nobody could vote; it waits for a later one.

    Raises:
        Conflict: the session does not run, an item is not waiting, or the council has its quorum.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session)
    rule = VoteRule.from_document(session.council.round.vote_rule)
    if not items or any(item.state is not ItemState.WAITING or item.session_id != session.id for item in items):
        raise Conflict(N_("Only items that wait on the agenda of this session can be put to the vote."))
    aside = freezing.step_aside(session, items, {})
    polls = []
    for number, item in enumerate(items, start=freezing.next_number(session)):
        poll = _new_poll(session, [item], number, mode=Mode.OPEN, rule=rule, aside=aside[item.id], now=now)
        if not _missing(poll, rule):
            raise Conflict(N_("The council has its quorum. Put the item to the vote."))
        db.session.add(poll)
        polls.append(poll)
    db.session.flush()  # the count reads the numbers of their lines, which are nought
    for poll in polls:
        counting.count(poll)
        poll.state, poll.closed_at = PollState.COUNTED, now
        ledger.add(session, ledger.frozen(poll), ledger.counted(poll), now=now)
        audit.record("poll.no-quorum", about=poll, by=by, now=now, item=poll.lines[0].item.number)
    return polls


def run_off(poll: Poll, *, by: Actor, now: datetime) -> Poll:
    """Put those tied at the cut-off of a counted list to a new vote for the places that are left.

    Of a vote in rounds it is the next round, among those who go on; the roll is that of the new moment.

    Raises:
        Conflict: nothing is tied in this vote, or its run-off was put already.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    tied = [line.item for line in poll.lines if line.is_tied]
    if not tied or poll.state is not PollState.COUNTED:
        raise Conflict(N_("Nothing is tied in this vote."))
    if any(item.state is not ItemState.WAITING for item in tied):
        raise Conflict(N_("The run-off of this vote was put already."))
    _must_run(poll.session)
    rule = VoteRule.from_document(poll.rule)
    if rule.method is not Method.PLURALITY_ROUNDS:
        rule = replace(rule, k=poll.result["seats_left"], k_since=None)
    aside = {recusal.member_id for recusal in tied[0].recusals}
    mode = Mode.PAPER if poll.mode is Mode.SEALED else poll.mode  # sealed again, it would need new keys first
    new = _open_poll(poll.session, tied, freezing.next_number(poll.session), mode=mode, rule=rule, aside=aside, now=now)
    new.former_id = poll.id
    new.definition = {**new.definition, "former": poll.number}
    ledger.add(poll.session, ledger.frozen(new), now=now)
    audit.record("poll.run-off", about=new, by=by, now=now, former=poll.number, seats=poll.result["seats_left"])
    return new


def annul(poll: Poll, *, reason: str, by: Actor, now: datetime) -> Poll:
    """Break off an open vote; nothing given in it counts, and its items wait again.

    Raises:
        Conflict: it is counted or annulled already.
        Invalid: no reason.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_be_open(poll)
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))
    poll.state, poll.reason, poll.closed_at = PollState.ANNULLED, reason.strip(), now
    for line in poll.lines:
        line.item.state = ItemState.WAITING
    ledger.add(poll.session, ("annul", {"poll": poll.number, "reason": poll.reason}), now=now)
    audit.record("poll.annulled", about=poll, by=by, now=now, reason=poll.reason)
    return poll


def _check_mode(rule: VoteRule, mode: Mode) -> None:
    if mode not in rule.modes:
        raise Invalid.on(
            "mode",
            N_("By the rule of this round votes are not taken like this: %(mode)s."),
            mode=Sentence(MODE_NAMES[mode]),
        )


def _grouped(
    items: Sequence[Item], aside: Mapping[int, frozenset[int]], rule: VoteRule, mode: Mode
) -> list[list[Item]]:
    if rule.is_listed:
        everybody = frozenset().union(*aside.values())
        if any(aside[item.id] != everybody for item in items):
            # One paper, one list: a member who may not judge one line cannot be given the paper without marking it.
            raise Conflict(
                N_(
                    "Not all items have the same recusals. Vote on the items without recusals as one list, and decide the others openly."
                )
            )
        return [list(items)]
    if mode is Mode.OPEN:
        return [[item] for item in items]
    groups: dict[frozenset[int], list[Item]] = {}
    for item in items:
        groups.setdefault(aside[item.id], []).append(item)
    return list(groups.values())


def _open_poll(
    session: Session,
    items: Sequence[Item],
    number: int,
    *,
    mode: Mode,
    rule: VoteRule,
    aside: Iterable[int],
    now: datetime,
) -> Poll:
    poll = _new_poll(session, items, number, mode=mode, rule=rule, aside=aside, now=now)
    why = next(iter(_missing(poll, rule)), None)
    if why is None and not poll.roll:
        why = Sentence(N_("Nobody in the room may vote on it."))
    if why is None and mode is not Mode.OPEN and len(poll.roll) < FEWEST_SECRET:
        why = Sentence(N_("Fewer than three may vote on it: a secret ballot would keep nothing secret."))
    if why is not None:
        raise Conflict(N_("Item %(number)s cannot be put to the vote now. %(why)s"), number=items[0].number, why=why)
    for item in items:
        item.state = ItemState.AT_VOTE
    db.session.add(poll)
    return poll


def _new_poll(
    session: Session,
    items: Sequence[Item],
    number: int,
    *,
    mode: Mode,
    rule: VoteRule,
    aside: Iterable[int],
    now: datetime,
) -> Poll:
    """Return a vote as it is at this moment: who is in the room, who steps aside, who votes for an absent member."""
    out = set(aside)
    there = [
        attendance.member
        for attendance in session.attendances
        if attendance.whereabouts is Whereabouts.PRESENT
        and attendance.ended_at is None
        and attendance.member_id not in out
    ]
    proxies = _proxies(session, {member.id for member in there}, out) if mode is Mode.OPEN and rule.proxies else {}
    poll = Poll(
        session=session,
        number=number,
        mode=mode,
        rule=rule.as_document(),
        members=len(session.members),
        roll=sorted({*(member.id for member in there), *proxies}),
        roles=sorted(queries.roles_in_room(rule, session.members, there)),
        put_at=now,
        lines=[PollItem(item=item, recused=len(out)) for item in items],
    )
    poll.definition = freezing.definition(poll, items, out, proxies)
    return poll


def _missing(poll: Poll, rule: VoteRule) -> tuple[Sentence, ...]:
    """Return what is missing to the quorum in the room; a quorum of ballots is looked at when they are counted."""
    return voting.quorum_missing(
        [quorum for quorum in rule.quorums if not counting.is_about_papers(quorum)],
        Counts("", recused=poll.lines[0].recused),
        counting.attendance_of(poll),
    )


def _proxies(session: Session, there: set[int], aside: set[int]) -> dict[int, int]:
    """Return who votes for whom: absent givers by id, with the holder in the room; neither may have stepped aside."""
    return {
        each.giver_id: each.holder_id
        for each in session.proxies
        if each.holder_id in there and each.giver_id not in there | aside
    }


def _link(poll: Poll, again: str) -> None:
    """Link a vote to the last one on any of its items in this session, with the reason for voting again."""
    former = queries.former_of(poll)
    if former is None:
        return
    taken_back = next((line.item.reason for line in poll.lines if line.item.reason), "")
    poll.former_id, poll.again = former.id, again or taken_back or former.reason
    poll.definition = {**poll.definition, "former": former.number, "again": poll.again}
    for line in poll.lines:
        line.item.reason = ""


# --- votes by name ------------------------------------------------------------------------------


def cast_by_name(
    poll: Poll, votes: Mapping[int, Vote | str], *, read_version: int | None = None, by: Actor, now: datetime
) -> Poll:
    """Record the votes of a show of hands by member id; a later record replaces an earlier one until the count.

    Raises:
        Conflict: the vote is not open, is on paper, or somebody else recorded since ``read_version``.
        Invalid: somebody voted who may not vote on this item.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_take_names(poll)
    if read_version is not None and read_version != poll.version:
        raise Conflict
    strangers = sorted(set(votes) - set(poll.roll))
    if strangers:
        raise Invalid(
            fields={
                f"vote-{member}": [N_("This member is not in the room or has stepped aside.")] for member in strangers
            }
        )
    for line in poll.lines:
        before = {vote.member_id: vote for vote in line.votes}
        for member, choice in votes.items():
            if member in before:
                before[member].vote, before[member].recorded_at = Vote(choice), now
            else:
                line.votes.append(OpenVote(member_id=member, vote=Vote(choice), recorded_at=now))
        for member in set(before) - set(votes):
            line.votes.remove(before[member])
    poll.recorded_at = now  # raises the version: two people who record at once must not overwrite each other
    ledger.add(poll.session, ledger.recorded(poll), now=now)
    audit.record("poll.votes-recorded", about=poll, by=by, now=now, votes=len(votes))
    return poll


def cast(poll: Poll, vote: Vote | str, *, by: Actor, now: datetime) -> Poll:
    """Record the actor's own vote in an open vote; a later one replaces it until the count.

    Members vote at the same second: the vote's row is locked, so each waits a moment and none is refused.

    Raises:
        Forbidden: not in the room, or stepped aside.
        Conflict: the vote is not open, or is on paper.
    """
    policy.require(by, Action.VOTE_CAST, poll)
    db.session.refresh(poll, with_for_update=True)
    _must_take_names(poll)
    member = freezing.own_seat(poll, by)
    for line in poll.lines:
        db.session.expire(line, ["votes"])  # others may have voted while we waited
        own = next((each for each in line.votes if each.member_id == member), None)
        if own is None:
            line.votes.append(OpenVote(member_id=member, vote=Vote(vote), recorded_at=now))
        else:
            own.vote, own.recorded_at = Vote(vote), now
    poll.recorded_at = now
    ledger.add(poll.session, ledger.recorded(poll), now=now)
    audit.record("poll.vote-cast", about=poll, by=by, now=now)
    return poll


def _must_take_names(poll: Poll) -> None:
    _must_be_open(poll)
    if VoteRule.from_document(poll.rule).is_listed:
        raise Conflict(N_("This vote is a choice from a list: record whom each member names."))
    if poll.mode is not Mode.OPEN:
        raise Conflict(N_("This vote is secret: nobody's vote is recorded by name."))


# --- papers -------------------------------------------------------------------------------------


def enter_papers(poll: Poll, papers: PaperList, *, by: Actor, now: datetime) -> Poll:
    """Enter the totals of a paper ballot; they stand once two people have entered the same.

    The first may correct the own entry until the second has agreed.

    Raises:
        Conflict: the vote is not open, or is by name; the totals are agreed already.
        Invalid: the arithmetic does not hold, or the second entry differs from the first, field by field.
    """
    policy.require(by, Action.PAPERS_COUNT, poll)
    db.session.refresh(poll, with_for_update=True)  # two people enter at the same moment: one is the first
    _must_be_open(poll)
    if poll.mode is not Mode.PAPER:
        raise Conflict(N_("This vote is taken by name; there are no papers to count."))
    if poll.totals:
        raise Conflict(N_("Two people have entered the same totals already. The papers can be counted."))
    wrong = problems(papers, poll)
    if wrong:
        raise Invalid(
            N_("The numbers do not add up. Count the papers again."),
            fields={key: [said] for key, said in wrong.items()},
        )
    if by.id is None:
        raise Conflict(N_("Papers are entered by two people by name, not by the service."))
    first = next((entry for entry in poll.entries if entry.entered_by_id != by.id), None)
    own = next((entry for entry in poll.entries if entry.entered_by_id == by.id), None)
    if first is None:
        entry = own or PaperCount(entered_by_id=by.id)
        entry.totals, entry.entered_at = papers.as_document(), now
        if own is None:
            poll.entries.append(entry)
        ledger.add(poll.session, ledger.entered(poll, entry.totals, place=1, by=by.label), now=now)
        audit.record("papers.entered", about=poll, by=by, now=now, entry=1)
        return poll
    differing = PaperList.from_document(first.totals).differs_from(papers)
    if differing:
        messages: list[Message] = [N_("The other person entered a different number. Count the papers again, together.")]
        raise Invalid(
            N_("The two entries are not equal, so nothing was taken."), fields=dict.fromkeys(differing, messages)
        )
    poll.entries.append(PaperCount(entered_by_id=by.id, totals=first.totals, entered_at=now))
    poll.totals = first.totals
    ledger.add(poll.session, ledger.entered(poll, poll.totals, place=2, by=by.label), now=now)
    audit.record("papers.entered", about=poll, by=by, now=now, entry=2)
    return poll


# --- counting ----------------------------------------------------------------------


def close(poll: Poll, *, by: Actor, now: datetime) -> Poll:
    """Close a vote and count it by its rule; every line keeps its base, the number needed and why.

    An item without a quorum of ballots, or tied at the cut-off of a list, decides nothing and waits again.

    Raises:
        Conflict: it is counted already, its papers have not been entered twice, or a text changed since it was put.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_be_open(poll)
    _check_texts(poll)
    if poll.mode is Mode.SEALED:
        raise Conflict(N_("A sealed vote is counted when the holders of its keys have opened it."))
    if poll.mode is Mode.PAPER and not poll.totals:
        raise Conflict(N_("The totals of the papers are entered by two people first; they must be equal."))
    if poll.mode is Mode.PAPER:
        _take_papers(poll, papers_of(poll))
    else:
        _take_votes(poll)
    counting.count(poll)
    return counting.declare_counted(poll, by=by, now=now)


def _check_texts(poll: Poll) -> None:
    frozen = {part["part"]: part["content"] for part in poll.definition["parts"]}
    for line in poll.lines:
        if line.item.initiative.content_hash != frozen[line.item.number]:
            raise Conflict(
                N_("The text of item %(number)s is not the one that was put to the vote. Break it off and vote again."),
                number=line.item.number,
            )


def _take_votes(poll: Poll) -> None:
    for line in poll.counted_lines:
        choices = [vote.vote for vote in line.votes]
        line.yes, line.no, line.abstain = (choices.count(each) for each in (Vote.YES, Vote.NO, Vote.ABSTAIN))


def _take_papers(poll: Poll, papers: PaperList) -> None:
    for line in poll.counted_lines:
        line.yes, line.no, line.abstain = papers.lines.get(line.item.number, (0, 0, 0))


def _must_run(session: Session) -> None:
    if session.state is SessionState.PAUSED:
        raise Conflict(PAUSED)
    if session.state is not SessionState.OPEN:
        raise Conflict(N_("This session is closed; what it decided stands in its minutes."))


def _must_be_open(poll: Poll) -> None:
    if poll.state is not PollState.OPEN:
        raise Conflict(N_("This vote is over. Look at it as it is now."))
    if poll.session.state is not SessionState.OPEN:
        raise Conflict(PAUSED)
