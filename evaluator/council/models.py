"""A council and its sessions: who sits, who was there, what was put to the vote, how it was counted, what was decided."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.rounds.models import Round
from evaluator.rules.vote_rule import Mode
from evaluator.rules.voting import Verdict


class CouncilRole(StrEnum):
    """What a member is on the council; the values are the roles a vote rule can ask for."""

    CHAIR = "chair"
    VICE = "vice"
    SECRETARY = "secretary"
    CRITIC = "critic"
    MEMBER = "member"


class SessionState(StrEnum):
    """Whether a session runs."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Whereabouts(StrEnum):
    """Where a member is at this moment of a session."""

    ABSENT = "absent"
    PRESENT = "present"
    LEFT = "left"


class ItemState(StrEnum):
    """Where an item of the agenda stands."""

    WAITING = "waiting"
    AT_VOTE = "at-vote"
    COUNTED = "counted"
    DECIDED = "decided"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"


class PollState(StrEnum):
    """Whether votes can still be given."""

    OPEN = "open"
    COUNTED = "counted"
    ANNULLED = "annulled"


class Vote(StrEnum):
    """A vote by name."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class OpinionKind(StrEnum):
    """What a member wants to see in the minutes."""

    RESERVED = "reserved"
    WRITTEN = "written"


class Council(Model):
    """The council of a round, set up by a decision with a number and a date."""

    __tablename__ = "council"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    decision_number: Mapped[str] = mapped_column(String(60))
    decision_date: Mapped[date]
    founded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    round: Mapped[Round] = relationship(lazy="joined", innerjoin=True)
    seats: Mapped[list["Member"]] = relationship(
        cascade="all, delete-orphan", order_by="Member.position", lazy="selectin"
    )
    substitutes: Mapped[list["Substitute"]] = relationship(
        secondary="council_session",
        secondaryjoin="and_(Substitute.session_id == Session.id, Substitute.ended_at.is_(None))",
        viewonly=True,
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        """The public code: a round has one council."""
        return self.round.code

    @property
    def members(self) -> list["Member"]:
        """Those who sit now, in the order of their seats; a seat that a later decision ended is kept and not here."""
        return [member for member in self.seats if not member.unseated_by]

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit, and of those who sit for one of them in a session."""
        sitting = {member.account_id for member in self.members}
        return frozenset(sitting | {substitute.account_id for substitute in self.substitutes})

    @property
    def leading_account_ids(self) -> frozenset[int]:
        """The accounts of those who run its sessions."""
        leading = {CouncilRole.CHAIR, CouncilRole.VICE, CouncilRole.SECRETARY}
        return frozenset(member.account_id for member in self.members if member.role in leading)


class Member(Model):
    """A seat on the council: a person, with the name and post of the day of the decision."""

    __tablename__ = "council_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    position: Mapped[int]
    role: Mapped[CouncilRole] = mapped_column(enum_column(CouncilRole))
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    serves_from: Mapped[date | None]  # the first and the last day of the term; without them as long as the council
    serves_to: Mapped[date | None]
    seated_by: Mapped[str] = mapped_column(String(60), default="", server_default="")  # a later decision's number
    unseated_by: Mapped[str] = mapped_column(String(60), default="", server_default="")
    unseated_why: Mapped[str] = mapped_column(String(300), default="", server_default="")

    account: Mapped[Account] = relationship()

    __table_args__ = (Index(None, "council_id", "account_id", unique=True),)

    def serves_on(self, day: date) -> bool:
        """Whether the term covers a day."""
        return (self.serves_from or day) <= day <= (self.serves_to or day)


class Session(Model):
    """One meeting of a council."""

    __tablename__ = "council_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    number: Mapped[int]
    state: Mapped[SessionState] = mapped_column(enum_column(SessionState), default=SessionState.OPEN)
    place: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    tellers: Mapped[list[Any]] = mapped_column(default=list)  # member ids of the counting team, its head first
    conclusion: Mapped[str] = mapped_column(Text, default="")
    opening: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # what it was when it opened
    version: Mapped[int] = mapped_column()

    council: Mapped[Council] = relationship(lazy="joined", innerjoin=True)
    attendances: Mapped[list["Attendance"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    substitutes: Mapped[list["Substitute"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Substitute.id"
    )
    proxies: Mapped[list["Proxy"]] = relationship(cascade="all, delete-orphan", lazy="selectin", order_by="Proxy.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "council_id", "number", unique=True),)

    @property
    def everybody(self) -> list["Member"]:
        """Whoever had a seat in this session, in the order of the seats."""
        return sorted((each.member for each in self.attendances), key=lambda member: member.position)

    @property
    def members(self) -> list["Member"]:
        """Whose seats count now: without those whom a decision took out of it while it ran."""
        out = {each.member_id for each in self.attendances if each.ended_at is not None}
        return [member for member in self.everybody if member.id not in out]

    @property
    def sitting(self) -> dict[int, int]:
        """Who sits on each seat: the account by member id; of a substitute where there is one."""
        own = {member.id: member.account_id for member in self.members}
        return own | {each.member_id: each.account_id for each in self.substitutes if each.ended_at is None}

    def name_of(self, member: "Member") -> str:
        """Return the name of who sits on a seat: the member's, or "the substitute (for the member)"."""
        standing_in = next((s for s in self.substitutes if s.member_id == member.id and s.ended_at is None), None)
        return f"{standing_in.name} (↔ {member.name})" if standing_in else member.name

    def role_of(self, member: "Member") -> CouncilRole:
        """Return the role of a seat in this session: a later decision changes nothing about a closed one."""
        kept = {each["seat"]: each["role"] for each in self.opening.get("members", [])} if self.closed_at else {}
        return CouncilRole(kept.get(member.position, member.role))

    @property
    def code(self) -> str:
        """How the history names it."""
        return f"{self.council.code}/{self.number}"

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit."""
        return self.council.account_ids

    @property
    def leading_account_ids(self) -> frozenset[int]:
        """The accounts of those who run its sessions."""
        return self.council.leading_account_ids

    @property
    def teller_account_ids(self) -> frozenset[int]:
        """The accounts of the counting team."""
        return frozenset(account for seat, account in self.sitting.items() if seat in self.tellers)


class Attendance(Model):
    """Whether one member is there, and why not."""

    __tablename__ = "council_attendance"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    whereabouts: Mapped[Whereabouts] = mapped_column(enum_column(Whereabouts), default=Whereabouts.ABSENT)
    reason: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]  # when a decision took the seat out of the session

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (Index(None, "session_id", "member_id", unique=True),)


class Substitute(Model):
    """Somebody who sits on one named member's seat for a session: one seat, one vote."""

    __tablename__ = "council_substitute"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    paper: Mapped[str] = mapped_column(String(120))  # number and date of the paper that names the substitute
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # the member came before any vote and took the seat back

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        Index(
            "ix_council_substitute_active", "session_id", "member_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip


class Proxy(Model):
    """An absent member has another vote by name in the own place; only where the rule of the round allows it."""

    __tablename__ = "council_proxy"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    paper: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime]

    __table_args__ = (Index(None, "session_id", "giver_id", unique=True),)


class Movement(Model):
    """A member came, left or came back, at a moment; only ever added."""

    __tablename__ = "council_movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    at: Mapped[datetime]
    whereabouts: Mapped[Whereabouts] = mapped_column(enum_column(Whereabouts))

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class Item(Model):
    """One initiative on the agenda of a session, with the rank and score it came with."""

    __tablename__ = "council_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    number: Mapped[int]
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    state: Mapped[ItemState] = mapped_column(enum_column(ItemState), default=ItemState.WAITING)
    rank: Mapped[int | None]
    score: Mapped[str] = mapped_column(String(60), default="")  # the exact fraction
    score_passed: Mapped[bool] = mapped_column(default=False)
    discussion: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")  # why postponed or withdrawn
    asked: Mapped[str] = mapped_column(Text, default="", server_default="")  # the supplement it was sent back for
    asked_until: Mapped[date | None]
    supplement: Mapped[str] = mapped_column(Text, default="", server_default="")  # what the author answered
    version: Mapped[int] = mapped_column()

    session: Mapped[Session] = relationship()
    initiative: Mapped[Initiative] = relationship()
    recusals: Mapped[list["Recusal"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "session_id", "number", unique=True),
        Index(None, "session_id", "initiative_id", unique=True),
    )

    @property
    def code(self) -> str:
        """How the history names it."""
        return f"{self.session.code}/{self.number}"

    @property
    def title(self) -> str:
        """The title as the council may know it: blind until the moment the round fixed."""
        is_open = unblinding.is_open_to_council(self.initiative, is_scored=True)
        return self.initiative.title if is_open else self.initiative.blind_title

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit."""
        return self.session.account_ids

    @property
    def leading_account_ids(self) -> frozenset[int]:
        """The accounts of those who run its sessions."""
        return self.session.leading_account_ids


class Recusal(Model):
    """A member takes no part in one item and leaves the room for it; fixed when it was put to the vote."""

    __tablename__ = "council_recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("council_item.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    kind: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(300), default="")

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (Index(None, "item_id", "member_id", unique=True),)


class Poll(Model):
    """One vote, held at one moment, on one item or on a list; its rule, roll and roles are those of that moment."""

    __tablename__ = "council_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    number: Mapped[int]
    mode: Mapped[Mode] = mapped_column(enum_column(Mode))
    state: Mapped[PollState] = mapped_column(enum_column(PollState), default=PollState.OPEN)
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    definition: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)  # frozen when it was put
    members: Mapped[int]
    roll: Mapped[list[Any]] = mapped_column(default=list)  # ids of the members in the room who may vote
    roles: Mapped[list[Any]] = mapped_column(default=list)  # the council roles in the room
    former_id: Mapped[int | None] = mapped_column(ForeignKey("council_poll.id"))  # the vote that this one repeats
    put_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]  # when votes by name were last recorded
    closed_at: Mapped[datetime | None]
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a paper ballot, once two entries agree
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of a choice from a list
    reason: Mapped[str] = mapped_column(String(500), default="")  # why annulled
    again: Mapped[str] = mapped_column(String(500), default="", server_default="")  # why it repeats the former one
    version: Mapped[int] = mapped_column()

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    lines: Mapped[list["PollItem"]] = relationship(
        cascade="all, delete-orphan", order_by="PollItem.id", lazy="selectin"
    )
    entries: Mapped[list["PaperCount"]] = relationship(cascade="all, delete-orphan", order_by="PaperCount.id")
    rankings: Mapped[list["OpenRanking"]] = relationship(cascade="all, delete-orphan", order_by="OpenRanking.member_id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "session_id", "number", unique=True), CheckConstraint("members > 0", name="members"))

    @property
    def code(self) -> str:
        """How the history names it."""
        return f"{self.session.code}/{self.number}"

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit."""
        return self.session.account_ids

    @property
    def leading_account_ids(self) -> frozenset[int]:
        """The accounts of those who run its sessions."""
        return self.session.leading_account_ids

    @property
    def counted_lines(self) -> list["PollItem"]:
        """The lines that are counted: without those withdrawn while the vote was open."""
        return [line for line in self.lines if line.withdrawn_at is None]

    @property
    def roll_account_ids(self) -> frozenset[int]:
        """Who may vote in it."""
        return frozenset(account for seat, account in self.session.sitting.items() if seat in self.roll)

    @property
    def teller_account_ids(self) -> frozenset[int]:
        """Who may enter its papers."""
        return self.session.teller_account_ids


class PollItem(Model):
    """One item in one vote, and what was counted for it."""

    __tablename__ = "council_poll_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("council_poll.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("council_item.id"), index=True)
    recused: Mapped[int] = mapped_column(default=0)
    yes: Mapped[int] = mapped_column(default=0)
    no: Mapped[int] = mapped_column(default=0)
    abstain: Mapped[int] = mapped_column(default=0)
    casting: Mapped[Vote | None] = mapped_column(enum_column(Vote))  # the chair's, after a tie
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict))
    base: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int] = mapped_column(default=0)
    is_tied: Mapped[bool] = mapped_column(default=False)  # at the cut-off of a list
    place: Mapped[int | None]  # in a ranking or a round, equals share one
    withdrawn_at: Mapped[datetime | None]  # while the vote was open: nothing given on this item is counted
    given_then: Mapped[int | None]  # how many had voted by then
    why: Mapped[list[Any]] = mapped_column(default=list)  # [message id, values] in words

    poll: Mapped[Poll] = relationship(overlaps="lines")
    item: Mapped[Item] = relationship(lazy="joined", innerjoin=True)
    votes: Mapped[list["OpenVote"]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (Index(None, "poll_id", "item_id", unique=True),)


class OpenVote(Model):
    """One member's vote by name. A secret vote has no rows: only its totals are ever known."""

    __tablename__ = "council_open_vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_item_id: Mapped[int] = mapped_column(ForeignKey("council_poll_item.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    vote: Mapped[Vote] = mapped_column(enum_column(Vote))
    recorded_at: Mapped[datetime]

    __table_args__ = (Index(None, "poll_item_id", "member_id", unique=True),)


class OpenRanking(Model):
    """One member's ranking by name: groups of item numbers, best first; who is left out stands last."""

    __tablename__ = "council_open_ranking"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("council_poll.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    ranking: Mapped[list[Any]] = mapped_column(default=list)
    recorded_at: Mapped[datetime]

    __table_args__ = (Index(None, "poll_id", "member_id", unique=True),)


class PaperCount(Model):
    """The totals of a paper ballot as one person of the counting team read them out and typed them."""

    __tablename__ = "council_paper_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("council_poll.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    totals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    entered_at: Mapped[datetime]

    entered_by: Mapped[Account] = relationship()

    __table_args__ = (Index(None, "poll_id", "entered_by_id", unique=True),)


class Opinion(Model):
    """An opinion a member reserves, or one an absent member sent in writing; printed in the minutes."""

    __tablename__ = "council_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("council_item.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"))
    kind: Mapped[OpinionKind] = mapped_column(enum_column(OpinionKind))
    text: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (Index(None, "item_id", "member_id", "kind", unique=True),)


class Decision(Model):
    """What the council decided on one initiative: both gates, each with its reason."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    poll_item_id: Mapped[int | None] = mapped_column(ForeignKey("council_poll_item.id"))
    is_selected: Mapped[bool]
    rank: Mapped[int | None]
    tier: Mapped[str] = mapped_column(String(120), default="", server_default="")  # the prize, where the rule has tiers
    decided_at: Mapped[datetime]
    why: Mapped[list[Any]] = mapped_column(default=list)  # [message id, values] in words

    initiative: Mapped[Initiative] = relationship()
    line: Mapped[PollItem | None] = relationship()

    __table_args__ = (Index(None, "round_id", "is_selected", "rank", "id"),)


class LedgerEntry(Model):
    """One step of one vote of a session, sealed over the step before; only ever added."""

    __tablename__ = "council_ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (Index(None, "session_id", "number", unique=True),)
