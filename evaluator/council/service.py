"""Commands of a council: found it, open a session, call the roll, make the agenda, note what is said, close."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select, update

from evaluator import policy
from evaluator.assignment import judges, standards
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.models import (
    Attendance,
    Council,
    CouncilRole,
    Item,
    ItemState,
    Member,
    Movement,
    Opinion,
    OpinionKind,
    Poll,
    PollState,
    Session,
    SessionState,
    Whereabouts,
)
from evaluator.council.polls import incidents
from evaluator.council.seats import service as seats
from evaluator.council.telling import tell_members, tell_supplement
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ScoreResult, Scoring, Standing
from evaluator.rounds.models import Round
from evaluator.rules.calendar import day_of
from evaluator.rules.lifecycle import Event, InitiativeState, after

FEWEST_MEMBERS = 3
REASON_LENGTH = 500


class Order(StrEnum):
    """In which order dossiers come on the agenda."""

    RANKING = "ranking"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to sit on a council, in a role, with the post that papers name."""

    account: Account
    role: CouncilRole | str = CouncilRole.MEMBER
    job_title: str = ""
    serves_from: date | None = None
    serves_to: date | None = None


# --- the council --------------------------------------------------------------------------------


def found(
    a_round: Round,
    *,
    title: str,
    decision_number: str,
    decision_date: date,
    members: Sequence[NewMember],
    by: Actor,
    now: datetime,
) -> Council:
    """Set up the council of a round by the decision that names its members.

    Raises:
        Invalid: fewer than three members, one person twice, or not exactly one chair and one secretary.
        Conflict: the round has its council already.
    """
    policy.require(by, Action.COUNCIL_FOUND, a_round)
    _check_members(members)
    _check_head(a_round.id, members)
    if db.session.scalar(select(Council.id).where(Council.round_id == a_round.id)) is not None:
        raise Conflict(N_("This round has its council already. Change its members instead."))
    council = Council(
        round=a_round,
        title=title,
        decision_number=decision_number,
        decision_date=decision_date,
        founded_at=now,
        seats=_seats(members),
    )
    db.session.add(council)
    db.session.flush()  # sessions and the history need its id
    audit.record("council.founded", about=council, by=by, now=now, members=len(members), decision=decision_number)
    tell_members(council, now=now)
    return council


def change_members(
    council: Council,
    *,
    decision_number: str,
    decision_date: date,
    members: Sequence[NewMember],
    reason: str = "",
    read_version: int,
    by: Actor,
    now: datetime,
) -> Council:
    """Change the members by a later decision, and tell the new ones.

    Until the first session the list is simply replaced. After it seats are ended and added, each with the number of
    the decision; a running session follows at once, and so does the roll of a vote that is open: who lost the seat
    leaves it unless the vote was given already, who is new votes from the next item on.

    Raises:
        Conflict: somebody else changed the council.
        Invalid: as for ``found``; after the first session the founding decision's number again, or no reason.
    """
    policy.require(by, Action.COUNCIL_FOUND, council.round)
    if read_version != council.version:
        raise Conflict
    _check_members(members)
    _check_head(council.round_id, members)
    before = council.account_ids
    held = db.session.scalars(select(Session).where(Session.council_id == council.id)).all()
    if held:
        _check_decision(council, decision_number, reason)
        left = _reseat(council, members, decision_number=decision_number, reason=reason.strip())
        for session in held:
            if session.state is not SessionState.CLOSED:
                seats.follow(session, left, decision_number=decision_number, by=by, now=now)
    else:
        council.seats.clear()
        db.session.flush()  # the old seats make room for the new ones
        council.seats.extend(_seats(members))
        council.decision_number = decision_number
        council.decision_date = decision_date
    db.session.flush()  # the new seats need their accounts
    audit.record("council.members-changed", about=council, by=by, now=now, decision=decision_number)
    tell_members(council, except_for=before, now=now)
    return council


def _reseat(council: Council, members: Sequence[NewMember], *, decision_number: str, reason: str) -> frozenset[int]:
    """End the seats of those who are not named any more, add those who are new; return the ids of the ended seats."""
    wanted = {each.account.id: each for each in members}
    known = {seat.account_id: seat for seat in council.seats}
    ended = set()
    for seat in council.members:
        new = wanted.get(seat.account_id)
        if new is None:
            seat.unseated_by, seat.unseated_why = decision_number, reason
            ended.add(seat.id)
    last = max(seat.position for seat in council.seats)
    for account_id, new in wanted.items():
        if account_id in known:
            seat = known[account_id]
            seat.role, seat.serves_from, seat.serves_to = CouncilRole(new.role), new.serves_from, new.serves_to
            seat.unseated_by = seat.unseated_why = ""
        else:
            last += 1
            (seat,) = _seats([new])
            seat.position, seat.seated_by = last, decision_number
            council.seats.append(seat)
    return frozenset(ended)


def _check_decision(council: Council, decision_number: str, reason: str) -> None:
    used = {council.decision_number, *(seat.seated_by for seat in council.seats)}
    if decision_number.strip() in used | {seat.unseated_by for seat in council.seats}:
        raise Invalid.on(
            "decision_number",
            N_("The council has met: its seats change only by a new decision. Give the number of that decision."),
        )
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))


def _check_members(members: Sequence[NewMember]) -> None:
    roles = [member.role for member in members]
    if len(members) < FEWEST_MEMBERS:
        raise Invalid.on("members", N_("A council has at least %(least)s members."), least=FEWEST_MEMBERS)
    if len({member.account.id for member in members}) < len(members):
        raise Invalid.on("members", N_("One person stands twice on the list; leave one of the two lines empty."))
    if roles.count(CouncilRole.CHAIR) != 1:
        raise Invalid.on("members", N_("A council has exactly one chair."))
    if roles.count(CouncilRole.SECRETARY) != 1:
        raise Invalid.on("members", N_("A council has exactly one member who is its secretary."))
    if any(each.serves_from and each.serves_to and each.serves_from > each.serves_to for each in members):
        raise Invalid.on("members", N_("A term ends before it begins; correct one of the two days."))


def _check_head(round_id: int, members: Sequence[NewMember]) -> None:
    """Refuse the head of the body as a member while an initiative of the own that the State paid for is judged."""
    head = judges.head_who_may_not_sit(round_id, {each.account.id for each in members}, standards.of(round_id))
    if head is not None:
        raise Invalid.on(
            "members",
            N_(
                "%(name)s heads the body that recognises and is an author of an initiative that the State paid for: "
                "such a head is no member of the council (Circular 18/2013, article 8)."
            ),
            name=head.name,
        )


def _seats(members: Iterable[NewMember]) -> list[Member]:
    return [
        Member(
            account_id=member.account.id,
            position=position,
            role=CouncilRole(member.role),
            name=member.account.name,
            job_title=member.job_title or member.account.job_title,
            serves_from=member.serves_from,
            serves_to=member.serves_to,
        )
        for position, member in enumerate(members, start=1)
    ]


# --- sessions -----------------------------------------------------------------------------------


def open_session(council: Council, *, place: str, by: Actor, now: datetime) -> Session:
    """Open the next session for those whose term covers the day; nobody is present until the roll is called.

    Raises:
        Conflict: another session of this council is still open, or fewer than three members serve on this day.
    """
    policy.require(by, Action.COUNCIL_LEAD, council)
    held = db.session.execute(
        select(Session.number, Session.state).where(Session.council_id == council.id).order_by(Session.number.desc())
    ).first()
    if held is not None and held.state is not SessionState.CLOSED:
        raise Conflict(N_("Session %(number)s is still open. Close it first."), number=held.number)
    today = day_of(now)
    serving = [member for member in council.members if member.serves_on(today)]
    if len(serving) < FEWEST_MEMBERS:
        raise Conflict(N_("Fewer than three members serve on this day. Change the members by a decision first."))
    session = Session(
        council=council,
        number=held.number + 1 if held else 1,
        place=place,
        opened_at=now,
        attendances=[Attendance(member_id=member.id, member=member) for member in serving],
    )
    db.session.add(session)
    db.session.flush()  # items and the history need its id
    session.opening = ledger.description(session)  # the ledger begins at it; members may change later
    audit.record("session.opened", about=session, by=by, now=now, place=place)
    return session


def call_roll(
    session: Session, *, present: Iterable[int], absent: Mapping[int, str] | None = None, by: Actor, now: datetime
) -> Session:
    """Record who is in the room (member ids) and why others are not; each coming and going is kept with its time.

    Raises:
        Conflict: the session is closed, or a vote is open: its roll stands until it is counted.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session, paused_too=True)
    _no_open_poll(session)
    there, reasons = set(present), dict(absent or {})
    for attendance in session.attendances:
        if attendance.ended_at is not None:
            continue
        before = attendance.whereabouts
        attendance.reason = "" if attendance.member_id in there else reasons.get(attendance.member_id, "").strip()
        if attendance.member_id in there:
            attendance.whereabouts = Whereabouts.PRESENT
        elif before is Whereabouts.PRESENT:
            attendance.whereabouts = Whereabouts.LEFT
        if attendance.whereabouts is not before:
            _note_movement(session, attendance, now)
    audit.record("session.roll-called", about=session, by=by, now=now, present=len(there))
    return session


def _note_movement(session: Session, attendance: Attendance, now: datetime) -> None:
    db.session.add(
        Movement(session_id=session.id, member_id=attendance.member_id, at=now, whereabouts=attendance.whereabouts)
    )


def name_tellers(session: Session, *, members: Sequence[int], by: Actor, now: datetime) -> Session:
    """Name the counting team, its head first (member ids).

    Raises:
        Invalid: nobody, or somebody who does not sit on the council.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session, paused_too=True)
    known = {member.id for member in session.members}
    if not members or not set(members) <= known:
        raise Invalid.on("tellers", N_("Name at least one member of the council for the counting team."))
    session.tellers = list(dict.fromkeys(members))
    audit.record("session.tellers-named", about=session, by=by, now=now, tellers=len(session.tellers))
    return session


def pause(session: Session, *, by: Actor, now: datetime) -> Session:
    """Interrupt a session; everything stays as it is, open votes too."""
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session)
    session.state = SessionState.PAUSED
    audit.record("session.paused", about=session, by=by, now=now)
    return session


def resume(session: Session, *, by: Actor, now: datetime) -> Session:
    """Go on after a pause.

    Raises:
        Conflict: the session is not paused.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    if session.state is not SessionState.PAUSED:
        raise Conflict(N_("This session is not paused."))
    session.state = SessionState.OPEN
    audit.record("session.resumed", about=session, by=by, now=now)
    return session


def close_session(session: Session, *, conclusion: str = "", by: Actor, now: datetime) -> Session:
    """Close a session; items without a decision are postponed. Results stay provisional until their release.

    Raises:
        Conflict: a vote is still open, or counted items wait for their decision.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session, paused_too=True)
    _no_open_poll(session)
    items = db.session.scalars(select(Item).where(Item.session_id == session.id)).all()
    if any(item.state is ItemState.COUNTED for item in items):
        raise Conflict(N_("Some items are counted and not decided. Declare their decisions first."))
    for item in items:
        if item.state is ItemState.WAITING:
            item.state = ItemState.POSTPONED
    session.state, session.closed_at, session.conclusion = SessionState.CLOSED, now, conclusion.strip()
    ledger.add(session, ledger.ended(session), now=now)
    audit.record("session.closed", about=session, by=by, now=now)
    return session


def _must_run(session: Session, *, paused_too: bool = False) -> None:
    if session.state is SessionState.CLOSED:
        raise Conflict(N_("This session is closed; what it decided stands in its minutes."))
    if session.state is SessionState.PAUSED and not paused_too:
        raise Conflict(N_("This session is paused. Resume it first."))


def _no_open_poll(session: Session) -> None:
    open_poll = db.session.scalar(
        select(Poll.id).where(Poll.session_id == session.id, Poll.state == PollState.OPEN).limit(1)
    )
    if open_poll is not None:
        raise Conflict(N_("A vote is open. Count it or annul it first."))


# --- the agenda ---------------------------------------------------------------------------------


def agenda_from_ranking(
    session: Session, *, limit: int | None = None, order: Order = Order.RANKING, by: Actor, now: datetime
) -> list[Item]:
    """Put on the agenda what passed the score gate and is not decided yet: best first, or most disputed first.

    By spread only dossiers with two sheets or more come, the widest first: those the council has to talk about.

    Raises:
        Conflict: scoring is not closed, so that scores could still change.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session, paused_too=True)
    a_round = session.council.round
    closed_at = db.session.scalar(select(Scoring.closed_at).where(Scoring.round_id == a_round.id))
    if closed_at is None:
        raise Conflict(N_("Scoring is not closed yet. Close it on the page of results; then the ranking is final."))
    taken = select(Item.initiative_id).where(Item.session_id == session.id)
    wanted = (
        select(ScoreResult)
        .join(Initiative, Initiative.id == ScoreResult.initiative_id)
        .where(
            ScoreResult.round_id == a_round.id,
            ScoreResult.standing == Standing.PASSED,
            Initiative.state == InitiativeState.REVIEWED,
            ScoreResult.initiative_id.not_in(taken),
        )
    )
    if order is Order.SPREAD:
        wanted = wanted.where(ScoreResult.spread >= 0).order_by(ScoreResult.spread.desc(), ScoreResult.initiative_id)
    else:
        wanted = wanted.order_by(ScoreResult.rank_order, ScoreResult.initiative_id)
    rows = db.session.scalars(wanted.limit(limit)).all()
    items = _add_items(session, rows)
    audit.record("session.agenda-made", about=session, by=by, now=now, items=len(items), order=order)
    return items


def add_item(session: Session, initiative: Initiative, *, by: Actor, now: datetime) -> Item:
    """Put one initiative on the agenda by hand, whatever its score.

    Raises:
        Conflict: it is not reviewed, belongs to another round, or stands on the agenda already.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    _must_run(session, paused_too=True)
    if initiative.round_id != session.council.round_id or initiative.state is not InitiativeState.REVIEWED:
        raise Conflict(N_("Only an initiative of this round whose reviews are complete can stand on the agenda."))
    result = db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative.id))
    if result is None:
        raise Conflict(N_("Only an initiative of this round whose reviews are complete can stand on the agenda."))
    item = _add_items(session, [result])[0]
    audit.record("item.added", about=item, by=by, now=now)
    return item


def _add_items(session: Session, results: Sequence[ScoreResult]) -> list[Item]:
    last = db.session.scalar(select(func.max(Item.number)).where(Item.session_id == session.id)) or 0
    items = [
        Item(
            session=session,
            number=number,
            initiative_id=result.initiative_id,
            rank=result.rank,
            score=result.score,
            score_passed=result.standing is Standing.PASSED,
        )
        for number, result in enumerate(results, start=last + 1)
    ]
    db.session.add_all(items)
    db.session.flush()  # polls and recusals need the ids
    return items


def postpone(item: Item, *, reason: str, by: Actor, now: datetime) -> Item:
    """Leave an item for a later session, with the reason."""
    return _set_aside(item, ItemState.POSTPONED, "item.postponed", reason=reason, by=by, now=now)


def withdraw(item: Item, *, reason: str, by: Actor, now: datetime) -> Item:
    """Take an item off the agenda, with the reason; at the vote its part is closed and nothing given on it counts."""
    if item.state is ItemState.AT_VOTE and reason.strip():
        incidents.withdraw_part(item, reason=reason.strip(), by=by, now=now)
        item.state = ItemState.WAITING
    return _set_aside(item, ItemState.WITHDRAWN, "item.withdrawn", reason=reason, by=by, now=now)


def send_back(item: Item, *, asked: str, until: date, by: Actor, now: datetime) -> Item:
    """Send an item back for a supplement: say what is asked and until when; its author is told.

    The item waits outside the agenda until the answer is recorded or it is taken up without one.

    Raises:
        Invalid: nothing is asked, or the day has passed.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    if not asked.strip():
        raise Invalid.on("asked", N_("Say what the author is to add or explain."))
    if until < day_of(now):
        raise Invalid.on("until", N_("This day has passed. Give the author a day that is still to come."))
    _set_aside(item, ItemState.POSTPONED, "item.sent-back", reason=asked[:REASON_LENGTH], by=by, now=now)
    item.asked, item.asked_until, item.supplement, item.reason = asked.strip(), until, "", ""
    tell_supplement(item, now=now)
    return item


def record_supplement(item: Item, text: str, *, by: Actor, now: datetime) -> Item:
    """Keep what the author answered; in a running session the item waits for its vote again.

    Raises:
        Conflict: it was not sent back, or the session is closed.
        Invalid: no text.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    _must_run(item.session, paused_too=True)
    if item.state is not ItemState.POSTPONED or not item.asked:
        raise Conflict(N_("This item was not sent back for a supplement."))
    if not text.strip():
        raise Invalid.on("supplement", N_("Write what the author answered."))
    item.supplement, item.state = text.strip(), ItemState.WAITING
    audit.record("item.supplemented", about=item, by=by, now=now)
    return item


def take_up(item: Item, *, by: Actor, now: datetime) -> Item:
    """Take a postponed or withdrawn item up again in the same session.

    Raises:
        Conflict: it was not set aside.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    _must_run(item.session)
    if item.state not in {ItemState.POSTPONED, ItemState.WITHDRAWN}:
        raise Conflict(N_("This item was not set aside."))
    item.state, item.reason = ItemState.WAITING, ""
    audit.record("item.taken-up", about=item, by=by, now=now)
    return item


def _set_aside(item: Item, state: ItemState, event: str, *, reason: str, by: Actor, now: datetime) -> Item:
    policy.require(by, Action.COUNCIL_LEAD, item)
    _must_run(item.session)
    if item.state is ItemState.AT_VOTE:
        raise Conflict(N_("A vote is open. Count it or annul it first."))
    if item.state is ItemState.DECIDED:
        raise Conflict(N_("This item is decided."))
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))
    item.state, item.reason = state, reason.strip()
    audit.record(event, about=item, by=by, now=now, reason=item.reason)
    return item


def note_discussion(item: Item, text: str, *, read_version: int, by: Actor, now: datetime) -> Item:
    """Keep what was said about an item, for the minutes.

    Raises:
        Conflict: somebody else wrote in the meantime.
    """
    policy.require(by, Action.COUNCIL_LEAD, item)
    policy.require(by, Action.ITEM_READ, item)  # whoever stands near the dossier is out of the room for it
    _must_run(item.session, paused_too=True)
    if read_version != item.version:
        raise Conflict
    item.discussion = text.strip()
    audit.record("item.discussed", about=item, by=by, now=now)
    return item


def record_opinion(
    item: Item, member: Member, *, kind: OpinionKind | str, text: str, by: Actor, now: datetime
) -> Opinion:
    """Keep the opinion a member reserves, or one an absent member sent in writing; a later text replaces it.

    Raises:
        Forbidden: a member speaks only for himself or herself; the secretary for all.
        Invalid: no text.
    """
    policy.require(by, Action.OPINION_RECORD, item)
    if by.id != item.session.sitting.get(member.id):
        policy.require(by, Action.COUNCIL_LEAD, item)
    _must_run(item.session, paused_too=True)
    if not text.strip():
        raise Invalid.on("text", N_("Write the opinion in the member's own words."))
    kind = OpinionKind(kind)
    if kind is OpinionKind.WRITTEN and _is_in_room(item.session, member):
        raise Invalid.on(
            "kind", N_("%(name)s is in the room and speaks there; a reserved opinion is kept."), name=member.name
        )
    wanted = select(Opinion).where(Opinion.item_id == item.id, Opinion.member_id == member.id, Opinion.kind == kind)
    opinion = db.session.scalar(wanted) or Opinion(item_id=item.id, member_id=member.id, kind=kind)
    opinion.text, opinion.recorded_at = text.strip(), now
    db.session.add(opinion)
    audit.record("opinion.recorded", about=item, by=by, now=now, member=member.id, kind=kind)
    return opinion


def _is_in_room(session: Session, member: Member) -> bool:
    there = {each.member_id for each in session.attendances if each.whereabouts is Whereabouts.PRESENT}
    return member.id in there


# --- what never came to a vote ------------------------------------------------------------------


def refuse_below_the_gate(council: Council, *, by: Actor, now: datetime) -> int:
    """Close the file of every reviewed initiative that did not pass the score gate; return how many.

    The reason of each stands in its scoring. Running twice does nothing more.
    """
    policy.require(by, Action.COUNCIL_LEAD, council)
    below = select(ScoreResult.initiative_id).where(
        ScoreResult.round_id == council.round_id, ScoreResult.standing.in_((Standing.FAILED, Standing.UNSCORED))
    )
    on_agenda = (
        select(Item.initiative_id)
        .join(Session, Session.id == Item.session_id)
        .where(
            Session.council_id == council.id, Item.state.in_((ItemState.WAITING, ItemState.AT_VOTE, ItemState.COUNTED))
        )
    )
    closed = db.session.scalars(  # the ids tell whom to write to
        update(Initiative)
        .where(
            Initiative.id.in_(below),
            Initiative.id.not_in(on_agenda),
            Initiative.round_id == council.round_id,
            Initiative.state == InitiativeState.REVIEWED,
        )
        .values(
            state=after(InitiativeState.REVIEWED, Event.DO_NOT_SELECT), updated_at=now, version=Initiative.version + 1
        )
        .returning(Initiative.id)
    ).all()
    if closed:
        audit.record("council.refused-below-the-gate", about=council, by=by, now=now, count=len(closed))
    return len(closed)
