"""Commands of the seats in a session: who sits for whom, who votes for whom, and what a later decision changes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.models import (
    Attendance,
    CouncilRole,
    Member,
    Movement,
    OpenRanking,
    OpenVote,
    Poll,
    PollItem,
    PollState,
    Proxy,
    Session,
    SessionState,
    Substitute,
    Whereabouts,
)
from evaluator.council.polls import incidents
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rules.vote_rule import Mode, VoteRule


def substitute(
    session: Session, member: Member, account: Account, *, paper: str, by: Actor, now: datetime
) -> Substitute:
    """Let somebody sit on one named member's seat for this session: a full member with one vote.

    The chair is stood in for by the vice-chair and by nobody else.

    Raises:
        Conflict: a vote is open, the session is closed, the member is in the room or has a substitute already.
        Invalid: the chair's seat, somebody who sits in this session already, or no paper that names the substitute.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _may_change(session)
    if member.role is CouncilRole.CHAIR:
        raise Invalid.on("member", N_("The vice-chair stands in for the chair; name no substitute."))
    if not paper.strip():
        raise Invalid.on("paper", N_("Give the number and date of the paper that names the substitute."))
    if account.id in set(session.sitting.values()) | {each.account_id for each in session.members}:
        raise Invalid.on("account", N_("This person sits in the session already: one person, one seat."))
    attendance = _attendance(session, member)
    if attendance.whereabouts is Whereabouts.PRESENT:
        raise Conflict(N_("%(name)s is in the room. Call the roll first."), name=member.name)
    if any(each.member_id == member.id and each.ended_at is None for each in session.substitutes):
        raise Conflict(N_("Somebody sits for %(name)s already."), name=member.name)
    found = Substitute(
        member_id=member.id,
        member=member,
        account_id=account.id,
        name=account.name,
        job_title=account.job_title,
        paper=paper.strip(),
        since=now,
    )
    session.substitutes.append(found)
    db.session.flush()  # the ledger and the history follow it
    facts = {"poll": 0, "seat": member.position, "substitute": found.name, "paper": found.paper}
    ledger.add(session, ("substitute", facts), now=now)
    audit.record("seat.substituted", about=session, by=by, now=now, seat=member.position, paper=found.paper)
    return found


def take_back(session: Session, member: Member, *, by: Actor, now: datetime) -> Session:
    """Give a member who came after all the own seat back; possible before anything was voted on from it.

    Raises:
        Conflict: nobody sits for the member, a vote is open, or the substitute has voted.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _may_change(session)
    found = next((each for each in session.substitutes if each.member_id == member.id and each.ended_at is None), None)
    if found is None:
        raise Conflict(N_("Nobody sits for %(name)s."), name=member.name)
    if _has_voted(session, member, since=found.since):
        raise Conflict(N_("The substitute has voted and stays for this session."))
    found.ended_at = now
    attendance = _attendance(session, member)
    if attendance.whereabouts is Whereabouts.PRESENT:  # that was the substitute; the member is called on the roll
        attendance.whereabouts = Whereabouts.LEFT
        _note(session, attendance, now)
    ledger.add(session, ("substitute", {"poll": 0, "seat": member.position, "substitute": "", "paper": ""}), now=now)
    audit.record("seat.taken-back", about=session, by=by, now=now, seat=member.position)
    return session


def give_proxy(session: Session, giver: Member, holder: Member, *, paper: str, by: Actor, now: datetime) -> Proxy:
    """Record that an absent member has another one vote in the own place, in open votes only.

    Raises:
        Conflict: the rule of the round knows no proxies, a vote is open, or the giver is in the room.
        Invalid: a chain, more proxies than one may hold, one's own, or no paper.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _may_change(session)
    most = VoteRule.from_document(session.council.round.vote_rule).proxies
    if not most:
        raise Conflict(N_("By the rule of this round everybody votes in person; there are no proxies."))
    if not paper.strip():
        raise Invalid.on("paper", N_("Give the number and date of the paper that gives the proxy."))
    if giver.id == holder.id:
        raise Invalid.on("holder", N_("Nobody holds the own proxy."))
    givers, holders = {each.giver_id for each in session.proxies}, [each.holder_id for each in session.proxies]
    if holder.id in givers or giver.id in holders:
        raise Invalid.on("holder", N_("A proxy is not passed on: who gives one holds none."))
    if holders.count(holder.id) >= most:
        raise Invalid.on("holder", N_("%(name)s holds as many proxies as the rule allows."), name=holder.name)
    if _attendance(session, giver).whereabouts is Whereabouts.PRESENT:
        raise Conflict(N_("%(name)s is in the room. Call the roll first."), name=giver.name)
    if giver.id in givers:
        raise Conflict(N_("%(name)s has given a proxy already."), name=giver.name)
    found = Proxy(giver_id=giver.id, holder_id=holder.id, paper=paper.strip(), given_at=now)
    session.proxies.append(found)
    audit.record("seat.proxy-given", about=session, by=by, now=now, giver=giver.position, holder=holder.position)
    return found


def follow(session: Session, left: Collection[int], *, decision_number: str, by: Actor, now: datetime) -> Session:
    """Let a running session follow a decision on the seats: those ended leave it, those new join, absent until called.

    An open vote loses whoever lost the seat, see ``incidents.remove``; who is new votes from the next item on.
    """
    policy.require(by, Action.COUNCIL_FOUND, session.council.round)
    known = {each.member_id: each for each in session.attendances}
    out = [known[each] for each in left if each in known and known[each].ended_at is None]
    for attendance in out:
        for poll in _open_polls(session):
            incidents.remove(poll, attendance.member, decision=decision_number, by=by, now=now)
        if attendance.whereabouts is Whereabouts.PRESENT:
            attendance.whereabouts = Whereabouts.LEFT
            _note(session, attendance, now)
        attendance.ended_at = now
        session.tellers = [teller for teller in session.tellers if teller != attendance.member_id]
    db.session.flush()  # the new seats need their ids
    back = [each for each in known.values() if each.ended_at is not None and not each.member.unseated_by]
    new = [member for member in session.council.members if member.id not in known]
    for attendance in back:
        attendance.ended_at = None
    session.attendances += [Attendance(member_id=member.id, member=member) for member in new]
    joined = [*new, *(each.member for each in back)]
    if out or joined:
        facts = {
            "poll": 0,
            "decision": decision_number,
            "left": sorted(each.member.position for each in out),
            "joined": [{"seat": member.position, "name": member.name, "role": str(member.role)} for member in joined],
        }
        ledger.add(session, ("seats", facts), now=now)
        audit.record("session.seats-changed", about=session, by=by, now=now, left=len(out), joined=len(joined))
    return session


def _may_change(session: Session) -> None:
    if session.state is SessionState.CLOSED:
        raise Conflict(N_("This session is closed; what it decided stands in its minutes."))
    if _open_polls(session):
        raise Conflict(N_("A vote is open. Count it or annul it first."))


def _open_polls(session: Session) -> list[Poll]:
    wanted = select(Poll).where(Poll.session_id == session.id, Poll.state == PollState.OPEN).order_by(Poll.number)
    return list(db.session.scalars(wanted.options(selectinload(Poll.lines).selectinload(PollItem.votes))))


def _attendance(session: Session, member: Member) -> Attendance:
    found = next((each for each in session.attendances if each.member_id == member.id and not each.ended_at), None)
    if found is None:
        raise Invalid.on("member", N_("This person has no seat in the session."))
    return found


def _has_voted(session: Session, member: Member, *, since: datetime) -> bool:
    """Whether a vote was given from a seat: by name, or on a ballot whose roll it stood on."""
    named = select(OpenVote.id).join(PollItem).join(Poll, Poll.id == PollItem.poll_id)
    ranked = select(OpenRanking.id).join(Poll, Poll.id == OpenRanking.poll_id)
    for given, who in ((named, OpenVote.member_id), (ranked, OpenRanking.member_id)):
        if db.session.scalar(
            given.where(Poll.session_id == session.id, Poll.put_at >= since, who == member.id).limit(1)
        ):
            return True
    secret = select(Poll.roll).where(
        Poll.session_id == session.id, Poll.put_at >= since, Poll.mode != Mode.OPEN, Poll.state == PollState.COUNTED
    )
    return any(member.id in roll for roll in db.session.scalars(secret))


def _note(session: Session, attendance: Attendance, now: datetime) -> None:
    db.session.add(
        Movement(session_id=session.id, member_id=attendance.member_id, at=now, whereabouts=attendance.whereabouts)
    )
