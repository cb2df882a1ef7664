"""Reading councils: whom the reader may see, one session with its agenda, one item, what was decided."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from evaluator.core.db import db
from evaluator.core.errors import Invalid, NotFound
from evaluator.core.text import N_, Sentence
from evaluator.council import told
from evaluator.council.models import (
    Attendance,
    Council,
    CouncilRole,
    Decision,
    Item,
    ItemState,
    Member,
    Movement,
    OpenVote,
    Opinion,
    PaperCount,
    Poll,
    PollItem,
    PollState,
    Session,
    Substitute,
    Whereabouts,
)
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.policy import ANYONE, Action, Actor, allows, require
from evaluator.reviews.models import ScoreResult, Standing
from evaluator.rounds.models import Round
from evaluator.rules import tiers, voting
from evaluator.rules.lifecycle import InitiativeState, RoundState
from evaluator.rules.vote_rule import Mode, VoteRule
from evaluator.rules.voting import Counts, Verdict


def visible_to(actor: Actor) -> Select[Council]:
    """Return the councils an actor may see: all for the secretariat, otherwise those one sits on."""
    councils = select(Council)
    if actor.is_service or allows(actor, Action.COUNCIL_FOUND):
        return councils
    if actor.id is None:
        return councils.where(false())
    sits = select(Member.council_id).where(Member.account_id == actor.id, Member.unseated_by == "")
    stands_in = (
        select(Session.council_id)
        .join(Substitute, Substitute.session_id == Session.id)
        .where(Substitute.account_id == actor.id, Substitute.ended_at.is_(None))
    )
    return councils.where(or_(Council.id.in_(sits), Council.id.in_(stands_in)))


def newest_first(actor: Actor) -> Sequence[Council]:
    """Return the councils an actor may see, the newest first."""
    require(actor, Action.COUNCIL_LIST)
    return db.session.scalars(visible_to(actor).order_by(Council.founded_at.desc(), Council.id.desc())).all()


def rounds_without(actor: Actor) -> Sequence[Round]:
    """Return the running rounds that wait for their council, for who may set one up."""
    if not allows(actor, Action.COUNCIL_FOUND):
        return ()
    waiting = select(Round).where(Round.state == RoundState.OPEN, Round.id.not_in(select(Council.round_id)))
    return db.session.scalars(waiting.order_by(Round.id.desc())).all()


def get(code: str, *, actor: Actor) -> Council:
    """Return the council of a round's code.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    council = maybe_of(code)
    if council is None:
        raise NotFound
    require(actor, Action.COUNCIL_READ, council)
    return council


def maybe_of(code: str) -> Council | None:
    """Return the council of a round, if it has been set up."""
    return db.session.scalar(select(Council).join(Round, Round.id == Council.round_id).where(Round.code == code))


def sessions_of(council: Council) -> Sequence[Session]:
    """Return the sessions of a council, the newest first."""
    held = select(Session).where(Session.council_id == council.id)
    return db.session.scalars(held.order_by(Session.number.desc())).all()


def session(code: str, number: int, *, actor: Actor) -> Session:
    """Return one session.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    wanted = select(Session).join(Council).join(Round).where(Round.code == code, Session.number == number)
    found: Session | None = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    require(actor, Action.COUNCIL_READ, found)
    return found


def item(code: str, number: int, place: int, *, actor: Actor) -> Item:
    """Return one item of the agenda of a session, with its initiative. Raises NotFound."""
    held = session(code, number, actor=actor)
    wanted = select(Item).where(Item.session_id == held.id, Item.number == place)
    found: Item | None = db.session.scalar(wanted.options(joinedload(Item.initiative), selectinload(Item.recusals)))
    if found is None:
        raise NotFound
    return found


def items_of(initiative_ids: Collection[int]) -> Select[int]:
    """Return the ids of all items about some initiatives: for whoever must leave them out."""
    return select(Item.id).where(Item.initiative_id.in_(initiative_ids))


def items(held: Session, numbers: Sequence[int]) -> list[Item]:
    """Return the items of these numbers, in the order of the agenda."""
    wanted = select(Item).where(Item.session_id == held.id, Item.number.in_(numbers)).order_by(Item.number)
    return list(db.session.scalars(wanted.options(joinedload(Item.initiative), selectinload(Item.recusals))))


def poll(code: str, number: int, which: int, *, actor: Actor) -> Poll:
    """Return one vote of a session. Raises NotFound."""
    held = session(code, number, actor=actor)
    wanted = select(Poll).where(Poll.session_id == held.id, Poll.number == which)
    found: Poll | None = db.session.scalar(
        wanted.options(
            selectinload(Poll.lines).joinedload(PollItem.item).joinedload(Item.initiative),
            selectinload(Poll.lines).selectinload(PollItem.votes),
            selectinload(Poll.entries),
        )
    )
    if found is None:
        raise NotFound
    return found


# --- the room -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """Who is there, and whether the council can decide: what stands at the top of the session page all the time."""

    members: int
    present: int
    rule: VoteRule
    missing: tuple[Sentence, ...]
    base: int
    needed: int

    @property
    def has_quorum(self) -> bool:
        """Whether items can be put to the vote."""
        return not self.missing


def room(held: Session) -> Room:
    """Return the quorum and the majority at this moment, with everybody present voting and nobody recused."""
    rule = VoteRule.from_document(held.council.round.vote_rule)
    there = [each.member for each in held.attendances if each.whereabouts is Whereabouts.PRESENT and not each.ended_at]
    members = held.members
    attendance = voting.Attendance(len(members), len(there), roles_in_room(rule, members, there))
    everybody = Counts("", yes=len(there))
    missing = voting.quorum_missing(rule.quorums, everybody, attendance)
    base = voting.base_of(rule.share.of, everybody, attendance) if rule.share else 0
    return Room(len(members), len(there), rule, missing, base, rule.share.needed(base) if rule.share and base else 0)


def roles_in_room(rule: VoteRule, members: Sequence[Member], there: Sequence[Member]) -> frozenset[str]:
    """Return the roles that count as present: one that is demanded alone (the critics) only with all its holders."""
    alone = {demand[0] for quorum in rule.quorums for demand in quorum.roles if len(demand) == 1}
    ids = {member.id for member in there}
    holders: dict[str, list[bool]] = {}
    for member in members:
        holders.setdefault(str(member.role), []).append(member.id in ids)
    return frozenset(role for role, present in holders.items() if (all(present) if role in alone else any(present)))


# --- the agenda ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One line of the agenda: the initiative under its blind code, its score, and how its last vote came out."""

    number: int
    code: str
    title: str
    field: str
    rank: int | None
    score: int | None  # hundredths of a point, for show
    score_passed: bool
    state: ItemState
    reason: str
    poll: int | None
    mode: Mode | None
    yes: int
    no: int
    abstain: int
    base: int
    needed: int
    verdict: Verdict | None
    place: int | None
    casting: str | None
    is_selected: bool | None
    tier: str
    is_asked: bool  # sent back for a supplement and not answered yet


def agenda(held: Session, *, actor: Actor) -> list[AgendaRow]:
    """Return the agenda in three statements, however long it is.

    Whoever has a stake in an item reads neither its score nor how it was voted on before it is decided.
    """
    rows = db.session.execute(
        select(Item, Initiative.blind_code, _title_of(held), Initiative.field, Decision.is_selected, Decision.tier)
        .join(Initiative, Initiative.id == Item.initiative_id)
        .outerjoin(Decision, Decision.initiative_id == Item.initiative_id)
        .where(Item.session_id == held.id)
        .order_by(Item.number)
    ).all()
    last: dict[int, tuple[PollItem, int, Mode]] = {}
    lines = (
        select(PollItem, Poll.number, Poll.mode)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(Poll.session_id == held.id, Poll.state != PollState.ANNULLED)
        .order_by(Poll.number)
    )
    for line, number, mode in db.session.execute(lines):
        last[line.item_id] = (line, number, mode)
    shown = [(row[0], _agenda_row(row, last.get(row[0].id))) for row in rows]
    return [row if allows(actor, Action.ITEM_READ, item) else _kept_back(row) for item, row in shown]


def _title_of(held: Session) -> ColumnElement[str]:
    """Return the title as the council may know it, for lists: ``Item.title`` said to the database."""
    return unblinding.title_column(held.council.round, ANYONE, is_scored=True)


def _agenda_row(row: Any, vote: tuple[PollItem, int, Mode] | None) -> AgendaRow:
    each, code, title, field, selected, tier = row
    line, number, mode = vote or (None, None, None)
    return AgendaRow(
        number=each.number,
        code=code or "",
        title=title,
        field=field,
        rank=each.rank,
        score=hundredths(each.score),
        score_passed=each.score_passed,
        state=each.state,
        reason=each.reason,
        poll=number,
        mode=mode,
        yes=line.yes if line else 0,
        no=line.no if line else 0,
        abstain=line.abstain if line else 0,
        base=line.base if line else 0,
        needed=line.needed if line else 0,
        verdict=line.verdict if line else None,
        place=line.place if line else None,
        casting=line.casting if line else None,
        is_selected=selected if each.state is ItemState.DECIDED else None,
        tier=(tier or "") if each.state is ItemState.DECIDED else "",
        is_asked=bool(each.asked) and each.state is ItemState.POSTPONED,
    )


def _kept_back(row: AgendaRow) -> AgendaRow:
    """Return a line of the agenda without score, rank, vote and reason."""
    known = replace(
        row, rank=None, score=None, score_passed=False, reason="", poll=None, mode=None, verdict=None, place=None
    )
    return replace(known, yes=0, no=0, abstain=0, base=0, needed=0, casting=None)


def hundredths(score: str) -> int | None:
    """Return an exact score as it is shown, rounded half up."""
    return int((Fraction(score) * 200 + 1) // 2) if score else None


# --- one item -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VoteLine:
    """One vote on an item, counted or open: its numbers, its reasons, and the names where it was open."""

    poll: Poll
    line: PollItem
    names: tuple[tuple[Member, str], ...]
    rankings: tuple[tuple[Member, str], ...]
    why: tuple[Sentence, ...]


def votes_on(each: Item) -> list[VoteLine]:
    """Return the votes held on an item, the newest first."""
    lines = db.session.execute(
        select(PollItem, Poll)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(PollItem.item_id == each.id)
        .options(selectinload(PollItem.votes), selectinload(Poll.rankings))
        .order_by(Poll.number.desc())
    ).all()
    members = {member.id: member for member in each.session.everybody}
    return [
        VoteLine(
            poll=held,
            line=line,
            names=tuple(_by_seat(line.votes, members)),
            rankings=tuple((members[given.member_id], _ranked(given.ranking)) for given in held.rankings),
            why=tuple(told.from_document(line.why)),
        )
        for line, held in lines
    ]


def _ranked(groups: Sequence[Sequence[int]]) -> str:
    """Return a ranking as it is typed: best first, equals joined."""
    return ", ".join("=".join(str(number) for number in group) for group in groups)


def _by_seat(votes: Sequence[OpenVote], members: dict[int, Member]) -> list[tuple[Member, str]]:
    named = [(members[vote.member_id], str(vote.vote)) for vote in votes]
    return sorted(named, key=lambda pair: pair[0].position)


def opinions_on(each: Item) -> Sequence[Opinion]:
    """Return the opinions members want in the minutes, in the order they were given."""
    return db.session.scalars(select(Opinion).where(Opinion.item_id == each.id).order_by(Opinion.id)).all()


def movements_of(held: Session) -> Sequence[Movement]:
    """Return who came and left, in order."""
    return db.session.scalars(select(Movement).where(Movement.session_id == held.id).order_by(Movement.id)).all()


def attendances_of(held: Session) -> list[Attendance]:
    """Return the roll in the order of the seats."""
    return sorted(held.attendances, key=lambda each: each.member.position)


# --- what was decided ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision: which initiative, how, in which place, and why in words."""

    initiative_id: int
    is_selected: bool
    rank: int | None
    decided_at: datetime
    why: tuple[Sentence, ...]


def decided(a_round: Round) -> Sequence[Initiative]:
    """Return the selected initiatives of a round, best rank first."""
    selected = (
        select(Initiative)
        .join(Decision, Decision.initiative_id == Initiative.id)
        .where(Decision.round_id == a_round.id, Decision.is_selected)
        .order_by(Decision.rank.is_(None), Decision.rank, Decision.id)
    )
    return db.session.scalars(selected).all()


def decisions_of(a_round: Round) -> list[DecisionRow]:
    """Return every decision of a round, the selected first, best rank first."""
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.round_id == a_round.id)
        .order_by(Decision.is_selected.desc(), Decision.rank.is_(None), Decision.rank, Decision.id)
    )
    return [
        DecisionRow(
            each.initiative_id, each.is_selected, each.rank, each.decided_at, tuple(told.from_document(each.why))
        )
        for each in rows
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the council is with a round."""

    selected: int
    not_selected: int
    reviewed: int  # waiting for the council
    below_gate: int  # of these, who did not pass the score gate


def tally_of(a_round: Round) -> Tally:
    """Return the figures of a round in two statements."""
    states = dict(
        db.session.execute(
            select(Initiative.state, func.count()).where(Initiative.round_id == a_round.id).group_by(Initiative.state)
        ).all()
    )
    below = db.session.scalar(
        select(func.count())
        .select_from(ScoreResult)
        .join(Initiative, Initiative.id == ScoreResult.initiative_id)
        .where(
            ScoreResult.round_id == a_round.id,
            ScoreResult.standing.in_((Standing.FAILED, Standing.UNSCORED)),
            Initiative.state == InitiativeState.REVIEWED,
        )
    )
    return Tally(
        selected=states.get(InitiativeState.SELECTED, 0) + states.get(InitiativeState.PUBLISHED, 0),
        not_selected=states.get(InitiativeState.NOT_SELECTED, 0),
        reviewed=states.get(InitiativeState.REVIEWED, 0),
        below_gate=below or 0,
    )


def reviewed(council: Council, code: str) -> Initiative:
    """Return an initiative of the council's round by its code or blind code.

    Raises:
        Invalid: there is none.
    """
    wanted = select(Initiative).where(
        Initiative.round_id == council.round_id, or_(Initiative.code == code, Initiative.blind_code == code)
    )
    found: Initiative | None = db.session.scalar(wanted)
    if found is None:
        raise Invalid.on("code", N_("There is no dossier with this code in the round."))
    return found


def open_polls(held: Session) -> Sequence[Poll]:
    """Return the votes that are open in a session, with their items."""
    wanted = select(Poll).where(Poll.session_id == held.id, Poll.state == PollState.OPEN).order_by(Poll.number)
    return db.session.scalars(
        wanted.options(
            selectinload(Poll.lines).joinedload(PollItem.item).joinedload(Item.initiative), selectinload(Poll.entries)
        )
    ).all()


def line_at_vote(each: Item) -> PollItem:
    """Return the line of the open vote an item stands in. Raises NotFound."""
    found: PollItem | None = db.session.scalar(
        select(PollItem)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(PollItem.item_id == each.id, Poll.state == PollState.OPEN)
    )
    if found is None:
        raise NotFound
    return found


def former_of(poll: Poll) -> Poll | None:
    """Return the last vote of the session, however it ended, on any item of a vote that is being put."""
    wanted = (
        select(Poll)
        .join(PollItem, PollItem.poll_id == Poll.id)
        .where(
            Poll.session_id == poll.session.id,
            Poll.number < poll.number,
            PollItem.item_id.in_([line.item.id for line in poll.lines]),
        )
    )
    found: Poll | None = db.session.scalars(wanted.order_by(Poll.number.desc()).limit(1)).first()
    return found


def tells_by_difference(each: Item) -> bool:
    """Whether a secret vote on an item that was counted before would be held by others than the last one was.

    The two results would then tell by subtraction how those few voted.
    """
    last: Poll | None = db.session.scalars(
        select(Poll)
        .join(PollItem, PollItem.poll_id == Poll.id)
        .where(PollItem.item_id == each.id, Poll.state == PollState.COUNTED, Poll.mode != Mode.OPEN)
        .order_by(Poll.number.desc())
        .limit(1)
    ).first()
    if last is None or each.state is not ItemState.WAITING:
        return False
    there = {at.member_id for at in each.session.attendances if at.whereabouts is Whereabouts.PRESENT}
    return there - {recusal.member_id for recusal in each.recusals} != set(last.roll)


def tied_polls(held: Session) -> Sequence[Poll]:
    """Return the counted votes with a tie at the cut-off that still waits for its run-off."""
    tied = (
        select(PollItem.poll_id)
        .join(Item, Item.id == PollItem.item_id)
        .where(PollItem.is_tied, Item.state == ItemState.WAITING)
    )
    wanted = select(Poll).where(Poll.session_id == held.id, Poll.state == PollState.COUNTED, Poll.id.in_(tied))
    return db.session.scalars(wanted.order_by(Poll.number)).all()


def last_counted(held: Session) -> Poll | None:
    """Return the vote that was counted last, if any was: what the screen of the room shows."""
    wanted = select(Poll).where(Poll.session_id == held.id, Poll.state == PollState.COUNTED)
    last: Poll | None = db.session.scalar(wanted.order_by(Poll.closed_at.desc(), Poll.number.desc()).limit(1))
    return last


# --- what waits to be settled ---------------------------------------------------------------------


def is_chair_asked(poll: Poll, line: PollItem) -> bool:
    """Whether a counted line is tied under a rule that lets the chair decide, and is not decided yet."""
    return (
        poll.state is PollState.COUNTED
        and poll.mode is Mode.OPEN
        and VoteRule.from_document(poll.rule).chair_casts
        and line.item.state is ItemState.COUNTED
        and line.casting is None
        and line.verdict is Verdict.FAILED
        and line.yes == line.no
    )


def presiding(poll: Poll) -> Member | None:
    """Return who presides over a vote: the chair if on its roll, else the vice-chair."""
    there = [member for member in poll.session.everybody if member.id in poll.roll]
    for role in (CouncilRole.CHAIR, CouncilRole.VICE):
        found = next((member for member in there if member.role is role), None)
        if found is not None:
            return found
    return None


def lines_of(items: Sequence[Item]) -> dict[int, PollItem]:
    """Return, by item id, the line of the last vote that was counted; one statement however many items."""
    wanted = (
        select(PollItem)
        .join(Poll, Poll.id == PollItem.poll_id)
        .where(PollItem.item_id.in_([item.id for item in items]), Poll.state == PollState.COUNTED)
        .order_by(Poll.number)
        .options(joinedload(PollItem.poll).lazyload(Poll.lines))
    )
    return {line.item_id: line for line in db.session.scalars(wanted)}


def allotment(session: Session, rule: VoteRule, counted: Sequence[tuple[Item, PollItem]]) -> tiers.Allotment:
    """Return how the prizes that are left would be filled by what is counted now."""
    entries = [
        tiers.Entry(str(item.number), Fraction(item.score), line.yes)
        for item, line in counted
        if line.verdict is Verdict.PASSED and item.score_passed
    ]
    used = select(Decision.tier).where(Decision.round_id == session.council.round_id, Decision.tier != "")
    return tiers.allot(rule.tiers, entries, tie=rule.tie, given=Counter(db.session.scalars(used)))


# --- what must always hold ----------------------------------------------------------------------


def contradicted_decisions() -> list[str]:
    """Return codes of initiatives that stand otherwise than the council decided; a few are enough."""
    selected = (InitiativeState.SELECTED, InitiativeState.PUBLISHED)
    wrong = or_(
        Decision.is_selected & Initiative.state.not_in(selected), ~Decision.is_selected & Initiative.state.in_(selected)
    )
    wanted = select(Initiative.code).join(Decision, Decision.initiative_id == Initiative.id).where(wrong)
    return list(db.session.scalars(wanted.limit(5)))


def papers_entered_once() -> list[str]:
    """Return counted paper ballots that two people did not both enter; a few are enough."""
    entries = select(func.count()).where(PaperCount.poll_id == Poll.id).scalar_subquery()
    wanted = select(Poll).where(Poll.mode == Mode.PAPER, Poll.state == PollState.COUNTED, entries != 2)
    return [each.code for each in db.session.scalars(wanted.limit(5))]
