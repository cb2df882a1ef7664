"""A dossier, its authors, its files, what was asked of it, and the spreadsheets dossiers came in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.people.models import Account
from evaluator.rounds.models import Round
from evaluator.rules.dossier import TEXT_NAMES, WHOLE_SHARE, DossierFacts, Kind
from evaluator.rules.lifecycle import InitiativeState
from evaluator.units.models import Unit


class Source(StrEnum):
    """Which door a dossier came through."""

    PAGE = "page"
    SPREADSHEET = "spreadsheet"


def _order(length: int) -> Any:
    """Return the column of a key in Vietnamese order: compared byte by byte on every database."""
    plain = String(length)
    return mapped_column(plain.with_variant(String(length, collation="C"), "postgresql"), default="")


def _where(condition: str) -> dict[str, Any]:
    """Return the arguments that confine an index to some rows, on either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _text() -> Any:
    """Return the column of a long text: read only when a page shows it, so that lists stay light."""
    return mapped_column(Text, default="", deferred=True, deferred_group="texts")


class Initiative(Model):
    """One dossier (Circular 18/2013, Appendix I). The long texts stand last and are loaded together on demand."""

    __tablename__ = "initiative"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    state: Mapped[InitiativeState] = mapped_column(enum_column(InitiativeState), default=InitiativeState.DRAFT)
    kind: Mapped[Kind | None] = mapped_column(enum_column(Kind))
    title: Mapped[str] = mapped_column(String(500), default="")
    field: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(300), default="")  # as it was called when submitted
    author_name: Mapped[str] = mapped_column(String(200), default="")  # the first author, for lists
    title_key: Mapped[str] = _order(400)  # Vietnamese order, see rules/vietnamese
    unit_key: Mapped[str] = _order(400)
    field_key: Mapped[str] = _order(400)
    author_key: Mapped[str] = _order(400)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who holds the pen
    source: Mapped[Source] = mapped_column(enum_column(Source), default=Source.PAGE)
    once: Mapped[str | None] = mapped_column(
        String(64), unique=True
    )  # of the form that began it: sent twice, taken once
    receipt_number: Mapped[int | None]
    blind_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    blind_title: Mapped[str] = mapped_column(String(500), default="")  # as reviewers read it, fixed at acceptance
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]  # accepted or refused
    withdrawn_at: Mapped[datetime | None]
    is_indexed: Mapped[bool] = mapped_column(default=False)  # whether its words stand in the search index
    content_hash: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of what was submitted
    applied_on: Mapped[date | None]
    money_benefit: Mapped[int | None] = mapped_column(BigInteger)  # whole đồng
    version: Mapped[int] = mapped_column()
    scope: Mapped[str] = mapped_column(String(500), default="")
    applier: Mapped[str] = mapped_column(String(500), default="")  # who applied it first
    investor: Mapped[str] = mapped_column(String(500), default="")
    # People near to the work who are no authors, one per line with an e-mail address if known: they do not judge it.
    nominated_by: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    advised_by: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    is_state_funded: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was refused or withdrawn

    problem: Mapped[str] = _text()
    solution: Mapped[str] = _text()
    novelty: Mapped[str] = _text()
    conditions: Mapped[str] = _text()
    benefit_author: Mapped[str] = _text()
    benefit_applier: Mapped[str] = _text()
    participants: Mapped[str] = _text()
    confidential: Mapped[str] = _text()
    # The texts reviewers read, fixed at acceptance: what told of the authors is masked. None before that.
    blind_copy: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True, deferred_group="texts")

    round: Mapped[Round] = relationship()
    owner: Mapped[Account | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    authors: Mapped[list["Author"]] = relationship(
        cascade="all, delete-orphan", order_by="Author.position", lazy="selectin"
    )
    attachments: Mapped[list["Attachment"]] = relationship(cascade="all, delete-orphan", order_by="Attachment.position")
    supplements: Mapped[list["Supplement"]] = relationship(cascade="all, delete-orphan", order_by="Supplement.id")

    __mapper_args__ = {"version_id_col": version}
    # Each order of the secretary's list has its index, for all dossiers and for those of one state, so that
    # any page of any order costs the same.
    __table_args__ = (
        CheckConstraint("money_benefit IS NULL OR money_benefit >= 0", name="money_not_negative"),
        Index(None, "round_id", "receipt_number", unique=True),
        *(
            Index(f"ix_initiative_by_{order}", "round_id", column, "id")
            for order, column in (
                ("code", "code"),
                ("title", "title_key"),
                ("unit", "unit_key"),
                ("field", "field_key"),
                ("author", "author_key"),
                ("submitted", "submitted_at"),
            )
        ),
        *(
            Index(f"ix_initiative_state_by_{order}", "round_id", "state", column, "id")
            for order, column in (
                ("code", "code"),
                ("title", "title_key"),
                ("unit", "unit_key"),
                ("field", "field_key"),
                ("author", "author_key"),
                ("submitted", "submitted_at"),
            )
        ),
        Index("ix_initiative_unit", "unit_id", "id"),
        # Most dossiers of a large round come from lists and have no account: the index holds only the others.
        Index("ix_initiative_owner", "owner_id", "id", **_where("owner_id IS NOT NULL")),
    )

    @property
    def told_state(self) -> InitiativeState:
        """Where it stands as its authors know it: a decision is provisional until the results are released."""
        is_provisional = self.round.released_at is None
        decided = {InitiativeState.SELECTED, InitiativeState.NOT_SELECTED}
        return InitiativeState.REVIEWED if is_provisional and self.state in decided else self.state

    def texts(self) -> dict[str, str]:
        """Return the long texts by name, in the order of the form."""
        return {name: getattr(self, name) for name in TEXT_NAMES}

    def facts(self) -> DossierFacts:
        """Return what the rules look at."""
        return DossierFacts(
            title=self.title,
            field=self.field,
            kind=self.kind,
            unit_name=self.unit_name,
            applied_on=self.applied_on,
            texts=self.texts(),
            authors=self.authors,
        )


class Author(Model):
    """One author of a dossier and his or her share of the work."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    workplace: Mapped[str] = mapped_column(String(300), default="")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    qualification: Mapped[str] = mapped_column(String(200), default="")
    share: Mapped[int | None]  # hundredths of a percent: 10000 is all of it
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index(None, "initiative_id", "position", unique=True),
        Index("ix_author_account", "account_id", "initiative_id", **_where("account_id IS NOT NULL")),
        CheckConstraint(f"share IS NULL OR share BETWEEN 0 AND {WHOLE_SHARE}", name="share"),
    )


class Attachment(Model):
    """A file of a dossier: as it came, and as a reviewer may have it."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))  # as the author called it
    kind: Mapped[str] = mapped_column(String(10))  # pdf, docx, xlsx, pptx, jpeg, png
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(80))
    blind_stored_as: Mapped[str] = mapped_column(String(80))  # the copy without metadata
    blind_size: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="", deferred=True)  # what can be read in the blind copy
    # What can be read in it, by place, metadata included; None in files that came before this was kept.
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    is_withheld: Mapped[bool] = mapped_column(default=False)  # it tells of its author: reviewers do not get it
    uploaded_at: Mapped[datetime]

    __table_args__ = (Index(None, "initiative_id", "position", unique=True),)


class Supplement(Model):
    """Something the secretary asked to be added, and the answer."""

    __tablename__ = "supplement"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class IntakeSheet(Model):
    """A spreadsheet that was handed in: kept as it came, with what was found in it and what was taken."""

    __tablename__ = "intake_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[str] = mapped_column(String(255))
    stored_as: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    findings: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taken_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()

    __table_args__ = (Index(None, "round_id", "id"),)
