"""Score sheets, and the result of scoring that is kept beside each initiative so that lists are cheap."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.assignment.models import Assignment
from evaluator.core.db import Model, enum_column
from evaluator.initiatives.models import Initiative
from evaluator.rounds.models import Round


class ScoreSheet(Model):
    """One reviewer's points for one initiative. Totals are computed, never stored."""

    __tablename__ = "score_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    points: Mapped[dict[str, Any]] = mapped_column(default=dict)  # criterion key -> hundredths, choice, comment
    remark: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]  # the secretary gave it back after signing
    asked_time_at: Mapped[datetime | None]
    asked_time_for: Mapped[str] = mapped_column(String(500), default="")
    open_until: Mapped[datetime | None]  # a later deadline, for this sheet alone
    version: Mapped[int] = mapped_column()

    assignment: Mapped[Assignment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # two tabs, one winner

    @property
    def is_signed(self) -> bool:
        """Whether the points are evidence and do not change."""
        return self.signed_at is not None


class Standing(StrEnum):
    """What scoring has come to for one initiative."""

    WAITING = "waiting"  # sheets are outstanding; what is shown is provisional
    PASSED = "passed"
    FAILED = "failed"
    UNSCORED = "unscored"  # all sheets are there, and the rubric still gives no score


class ScoreResult(Model):
    """The result of scoring of one initiative, written whenever one of its sheets changes."""

    __tablename__ = "score_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    standing: Mapped[Standing] = mapped_column(enum_column(Standing), default=Standing.WAITING)
    sheets: Mapped[int] = mapped_column(default=0)  # signed
    outstanding: Mapped[int] = mapped_column(default=0)
    score: Mapped[str] = mapped_column(String(60), default="")  # the exact fraction; empty without a score
    score_order: Mapped[int] = mapped_column(BigInteger, default=-1)  # millionths, for sorting only; -1 without
    spread: Mapped[int] = mapped_column(default=-1)  # highest minus lowest total in hundredths; -1 under two sheets
    is_flagged: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int | None]
    is_tied: Mapped[bool] = mapped_column(default=False)
    rank_order: Mapped[int] = mapped_column(default=2**31 - 1)  # the rank, the last place without one
    totals: Mapped[list[Any]] = mapped_column(default=list)  # of the signed sheets, hundredths, lowest first
    computed_at: Mapped[datetime]
    decided: Mapped[dict[str, Any] | None]  # what the ranking of the whole round made of it: a cap, places compared

    initiative: Mapped[Initiative] = relationship()

    # Each order of the list has its index, so that any page of any order costs the same.
    __table_args__ = (
        *(
            Index(f"ix_score_result_by_{name}", "round_id", column, "initiative_id")
            for name, column in (
                ("rank", "rank_order"),
                ("score", "score_order"),
                ("spread", "spread"),
                ("outstanding", "outstanding"),
            )
        ),
        Index("ix_score_result_by_initiative", "round_id", "initiative_id"),
        Index("ix_score_result_by_standing", "round_id", "standing", "is_flagged"),
    )


class Scoring(Model):
    """The scoring of a round as a whole: when it was last ranked, and when it was closed."""

    __tablename__ = "scoring"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    ranked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the distribution of scores, sheets per day
    version: Mapped[int] = mapped_column()

    round: Mapped[Round] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_closed(self) -> bool:
        """Whether the council may see the results, and sheets no longer change."""
        return self.closed_at is not None


class ScoringFact(Model):
    """What scoring needs to know of an initiative besides its sheets: votes of the public, the author's category."""

    __tablename__ = "scoring_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    votes: Mapped[int | None]
    category: Mapped[str] = mapped_column(String(40), default="")

    initiative: Mapped[Initiative] = relationship()


class ResultLock(Model):
    """One locking of a round's results. Unlocking keeps it; the next locking is the next number."""

    __tablename__ = "result_lock"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    locked_at: Mapped[datetime]
    locked_by: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 over all its outcomes, in their order
    unlocked_at: Mapped[datetime | None]
    unlocked_by: Mapped[str] = mapped_column(String(200), default="")
    unlock_reason: Mapped[str] = mapped_column(String(1000), default="")

    round: Mapped[Round] = relationship()


class LockedOutcome(Model):
    """The result of one initiative as it was locked. Never changed."""

    __tablename__ = "locked_outcome"
    __table_args__ = (UniqueConstraint("lock_id", "initiative_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lock_id: Mapped[int] = mapped_column(ForeignKey("result_lock.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    score: Mapped[str] = mapped_column(String(60), default="")
    class_key: Mapped[str] = mapped_column(String(40), default="")
    passed: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int | None]
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)  # every number of the outcome, without words

    lock: Mapped[ResultLock] = relationship()
    initiative: Mapped[Initiative] = relationship()


class Remarking(Model):
    """A request to mark an initiative again (phúc khảo): why, what was decided, what came of it."""

    __tablename__ = "remarking"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text)
    score_before: Mapped[str] = mapped_column(String(60), default="")
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    score_after: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column()

    initiative: Mapped[Initiative] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.answered_at is None
