"""Assignments, declared conflicts, signed statements, reviewers' profiles, and proposals still being adjusted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import db, enum_column
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.rounds.models import Round


class EndCause(StrEnum):
    """Why a reviewer no longer has a dossier."""

    CONFLICT = "conflict"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"


class ProposalState(StrEnum):
    """What became of a proposal."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    DISCARDED = "discarded"


class Purpose(StrEnum):
    """What a proposal is for."""

    WHOLE = "whole"
    REFILL = "refill"


class Assignment(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
    """One dossier given to one reviewer. A row exists only once it was announced."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    affinity: Mapped[int] = mapped_column(default=0)  # ten-thousandths
    reasons: Mapped[list[Any]] = mapped_column(default=list)  # [message id, values] in words
    announced_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[EndCause | None] = mapped_column(enum_column(EndCause))

    initiative: Mapped[Initiative] = relationship(lazy="joined", innerjoin=True)
    reviewer: Mapped[Account] = relationship()

    __table_args__ = (
        Index(
            "uq_assignment_active",
            "initiative_id",
            "reviewer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "reviewer_id", "round_id", "id"),
        Index(None, "round_id", "id"),
    )

    @property
    def is_active(self) -> bool:
        """Whether the reviewer still has the dossier."""
        return self.ended_at is None


class Conflict(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
    """A conflict that a person declared; what follows from data is computed, not stored."""

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(500), default="")
    declared_at: Mapped[datetime]

    __table_args__ = (Index(None, "account_id", "initiative_id", unique=True),)


class ConflictStatement(db.Model):  # type: ignore[name-defined,misc]  # Flask-SQLAlchemy makes the base at run time
    """A reviewer has signed, once per round, that he or she will declare every conflict."""

    __tablename__ = "conflict_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    signed_at: Mapped[datetime]

    __table_args__ = (Index(None, "account_id", "round_id", unique=True),)
