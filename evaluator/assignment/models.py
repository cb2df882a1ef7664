"""Assignments, conflicts, reviewers' profiles, and proposals that are still being adjusted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Tie, Wish
from evaluator.rules.conflicts import Kind


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
    """What a proposal is for: a whole round, or seats that are empty."""

    WHOLE = "whole"
    REFILL = "refill"


class ReviewerProfile(Model):
    """What a reviewer declared of him- or herself: fields, words, how much, and the own family."""

    __tablename__ = "reviewer_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    fields: Mapped[list[Any]] = mapped_column(default=list)  # names as the rounds use them
    keywords: Mapped[str] = mapped_column(String(1000), default="")
    most: Mapped[int | None]  # dossiers per round; None: as the round says
    relatives: Mapped[list[Any]] = mapped_column(default=list)  # names as declared
    is_available: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    account: Mapped[Account] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("most IS NULL OR most >= 0", name="most"),)


class Assignment(Model):
    """One dossier given to one reviewer. A row exists only once it was announced."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    affinity: Mapped[int] = mapped_column(default=0)  # ten-thousandths
    reasons: Mapped[list[Any]] = mapped_column(default=list)  # [message id, values], for people
    announced_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[EndCause | None] = mapped_column(enum_column(EndCause))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)

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


class Conflict(Model):
    """A conflict that a person declared; what follows from data is computed, not stored."""

    __tablename__ = "conflict"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind), default=Kind.DECLARED)
    note: Mapped[str] = mapped_column(String(500), default="")
    declared_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
    initiative: Mapped[Initiative] = relationship()

    __table_args__ = (Index(None, "account_id", "initiative_id", unique=True),)


class ConflictStatement(Model):
    """A reviewer has signed, once per round, to declare every conflict."""

    __tablename__ = "conflict_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    signed_at: Mapped[datetime]

    __table_args__ = (Index(None, "account_id", "round_id", unique=True),)


class AssignmentRules(Model):
    """What a round asks of every assignment; a round without a row has what is usual."""

    __tablename__ = "assignment_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)  # kind of conflict -> bar, warn, off
    voting: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the same for members of the council
    head_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # of the body that recognises
    needs_expert: Mapped[bool] = mapped_column(default=False)  # somebody of its field reads every dossier
    is_cross_unit: Mapped[bool] = mapped_column(default=False)  # no two readers of a dossier share a unit
    wishes_open_at: Mapped[datetime | None]  # reviewers say what they would like to read
    wishes_close_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    head: Mapped[Account | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(wishes_open_at IS NULL) = (wishes_close_at IS NULL)", name="wishes_have_an_end"),
        CheckConstraint("wishes_open_at IS NULL OR wishes_open_at < wishes_close_at", name="wishes_in_order"),
    )


class ReviewerWish(Model):
    """What a reviewer said of one dossier before anything was assigned."""

    __tablename__ = "reviewer_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    wish: Mapped[Wish] = mapped_column(enum_column(Wish))
    made_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "account_id", "initiative_id", unique=True),
        Index(None, "round_id", "account_id"),
    )


class Fixture(Model):
    """A pair the secretary settled beforehand: a reviewer and a dossier, or two reviewers."""

    __tablename__ = "assignment_fixture"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    tie: Mapped[Tie] = mapped_column(enum_column(Tie))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    reviewer: Mapped[Account] = relationship(foreign_keys=[reviewer_id])
    other: Mapped[Account | None] = relationship(foreign_keys=[other_id])
    initiative: Mapped[Initiative | None] = relationship()

    __table_args__ = (
        CheckConstraint("(tie = 'apart') = (other_id IS NOT NULL)", name="two_people"),
        CheckConstraint("(tie = 'apart') = (initiative_id IS NULL)", name="one_dossier"),
        Index(None, "reviewer_id", "initiative_id", unique=True),
        Index(None, "round_id", "reviewer_id", "other_id", unique=True),
    )


class Proposal(Model):
    """Who could review what: made by the optimiser, changed by hand, then announced or thrown away as one."""

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), default=ProposalState.DRAFT)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose), default=Purpose.WHOLE)
    seed: Mapped[int] = mapped_column(default=0)
    reviews: Mapped[int]  # per dossier
    most: Mapped[int]  # dossiers per reviewer who declared no limit of the own
    least: Mapped[int] = mapped_column(default=0)
    is_fair: Mapped[bool] = mapped_column(default=True)
    share_percent: Mapped[int] = mapped_column(default=100)  # no pair more likely than this; 100: no lot is drawn
    gap: Mapped[str] = mapped_column(String(60), default="0")  # exact fraction, proven
    dossiers: Mapped[int] = mapped_column(default=0)
    reviewers: Mapped[int] = mapped_column(default=0)
    rules_of_conflict: Mapped[dict[str, Any]] = mapped_column(default=dict)  # kind -> bar, warn, off
    needs_expert: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_cross_unit: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Kept with every change, so that no page counts a province's pairs.
    lacking: Mapped[int] = mapped_column(default=0, server_default="0")  # reviews that nobody has
    means: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")  # sum of its dossiers' means
    loads: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # reviewer id -> dossiers; None: not counted yet
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime | None]  # by hand or by file
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    round: Mapped[Round] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "round_id", "id"),
        Index(
            "uq_proposal_draft",
            "round_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )


class ProposalPair(Model):
    """One pair of a proposal. No reviewer ever sees one."""

    __tablename__ = "proposal_pair"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    affinity: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    by_hand: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index(None, "proposal_id", "initiative_id", "reviewer_id", unique=True),
        Index(None, "proposal_id", "reviewer_id", "initiative_id"),
    )


class ProposalDossier(Model):
    """What a dossier gets in a proposal: how many reviewers, and how well they suit; for the list, weakest first."""

    __tablename__ = "proposal_dossier"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    wanted: Mapped[int]  # reviewers it still needs
    given: Mapped[int] = mapped_column(default=0)
    mean: Mapped[int] = mapped_column(default=0)  # mean affinity of its pairs, ten-thousandths
    others: Mapped[list[Any]] = mapped_column(default=list)  # [reviewer id, affinity]: who else suits, best first

    initiative: Mapped[Initiative] = relationship()

    __table_args__ = (
        Index(None, "proposal_id", "initiative_id", unique=True),
        Index(None, "proposal_id", "mean", "initiative_id"),
    )


class ProposalChange(Model):
    """One change by hand or by file, kept so that it can be undone as one."""

    __tablename__ = "proposal_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    added: Mapped[list[Any]] = mapped_column(default=list)  # [initiative id, reviewer id]
    removed: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
