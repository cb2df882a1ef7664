"""A sealed vote: its locks, who may cast, the envelopes, and what its key-holders handed in.

No row carries a moment or a number of its own for a ballot: the existence of an envelope is the mark on the roll.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.council.models import CouncilRole, Member, Poll, PollState, Session
from evaluator.rules.sealing import Layer, Publication


class Stage(StrEnum):
    """How far a sealed vote has come."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    SHUT = "shut"
    HALF_OPENED = "half-opened"  # the outer lock is off
    OPENED = "opened"


class Way(StrEnum):
    """How a member on the roll votes."""

    SEALED = "sealed"
    PAPER = "paper"


class SealedPoll(Model):
    """A sealed vote from its draft on; the vote of the session itself (``poll``) exists once it is frozen."""

    __tablename__ = "sealed_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)  # random; what keys are made for
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"))
    number: Mapped[int]
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("council_poll.id"), unique=True)
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), default=Stage.DRAFT)
    publication: Mapped[Publication] = mapped_column(enum_column(Publication), default=Publication.TOTALS)
    items: Mapped[list[Any]] = mapped_column(default=list)  # ids of the items it is about
    aside: Mapped[list[Any]] = mapped_column(default=list)  # ids of members who step aside beyond those the data bars
    pad: Mapped[int] = mapped_column(default=0)
    poll_hash: Mapped[str] = mapped_column(String(64), default="")
    withdrawn: Mapped[list[Any]] = mapped_column(default=list)  # numbers of parts that were withdrawn while it was open
    opened_at: Mapped[datetime | None]
    shut_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    poll: Mapped[Poll | None] = relationship()
    locks: Mapped[list["Lock"]] = relationship(cascade="all, delete-orphan", order_by="Lock.layer", lazy="selectin")

    __table_args__ = (Index(None, "session_id", "number", unique=True),)

    @property
    def code(self) -> str:
        """How the history names it."""
        return f"{self.session.code}/k{self.number}"

    @property
    def is_over(self) -> bool:
        """Whether it was annulled."""
        return self.poll is not None and self.poll.state is PollState.ANNULLED

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit."""
        return self.session.account_ids

    @property
    def leading_account_ids(self) -> frozenset[int]:
        """The accounts of those who run its sessions."""
        return self.session.leading_account_ids

    @property
    def chairing_account_ids(self) -> frozenset[int]:
        """The accounts of the chair and the vice-chair."""
        sitting, chairing = self.session.sitting, {CouncilRole.CHAIR, CouncilRole.VICE}
        return frozenset(sitting[each.id] for each in self.session.members if each.role in chairing)

    @property
    def roll_account_ids(self) -> frozenset[int]:
        """Who may cast in it."""
        return self.poll.roll_account_ids if self.poll else frozenset()

    @property
    def teller_account_ids(self) -> frozenset[int]:
        """The accounts of the counting team."""
        return self.session.teller_account_ids


class Lock(Model):
    """One layer: its public key, and the two people who keep the private one away from this server."""

    __tablename__ = "sealed_lock"

    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_poll.id"), primary_key=True)
    layer: Mapped[Layer] = mapped_column(enum_column(Layer), primary_key=True)
    holders: Mapped[list[Any]] = mapped_column(default=list)  # ids of two members
    public_key: Mapped[str] = mapped_column(String(130), default="")
    signing_keys: Mapped[list[Any]] = mapped_column(default=list)  # of the holders, in their order
    destroyed: Mapped[list[Any]] = mapped_column(default=list)  # ids of holders who stated that their copy is gone

    sealed: Mapped[SealedPoll] = relationship(overlaps="locks")

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts of all who sit."""
        return self.sealed.account_ids

    @property
    def holder_account_ids(self) -> frozenset[int]:
        """The accounts of those who hold its key."""
        sitting = self.sealed.session.sitting
        return frozenset(account for member, account in sitting.items() if member in self.holders)


class RollLine(Model):
    """One member on the roll of a sealed vote: in what, in which way, and what the ledger says of the envelopes."""

    __tablename__ = "sealed_roll"

    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_poll.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # number of a part -> entitled, recused, removed
    way: Mapped[Way] = mapped_column(enum_column(Way), default=Way.SEALED)
    commit: Mapped[str] = mapped_column(String(64), default="")
    nonce: Mapped[str] = mapped_column(String(32), default="")
    entry: Mapped[int] = mapped_column(default=0)  # number of its entry in the ledger
    request: Mapped[str] = mapped_column(String(32), default="")  # the last one: a repeated request has one answer

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class Envelope(Model):
    """One member's sealed ballot on one part; a later one takes its place."""

    __tablename__ = "sealed_envelope"

    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_poll.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index(None, "sealed_id", "hash", unique=True),)


class Strip(Model):
    """What one holder got when taking a lock off: counts and hashes, signed; never the ballots."""

    __tablename__ = "sealed_strip"

    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_poll.id"), primary_key=True)
    layer: Mapped[Layer] = mapped_column(enum_column(Layer), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True)
    parts: Mapped[list[Any]] = mapped_column(default=list)
    signature: Mapped[str] = mapped_column(String(128))


class OpenedList(Model):
    """What came out of a part when a lock was taken off, in canonical order; ballots only where they are published."""

    __tablename__ = "sealed_list"

    sealed_id: Mapped[int] = mapped_column(ForeignKey("sealed_poll.id"), primary_key=True)
    layer: Mapped[Layer] = mapped_column(enum_column(Layer), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[list[Any]] = mapped_column(default=list)
