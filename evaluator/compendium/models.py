"""A compendium in the making, the editors' text of each work, what was published, and the files built from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model
from evaluator.initiatives.models import Initiative
from evaluator.rounds.models import Round


class Compendium(Model):
    """The book of one round. From ``published_at`` on it is frozen, until it is taken back."""

    __tablename__ = "compendium"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    subtitle: Mapped[str] = mapped_column(String(300), default="")
    year: Mapped[int]
    unit_name: Mapped[str] = mapped_column(String(300))
    parent_name: Mapped[str] = mapped_column(String(300), default="")
    council_name: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(120), default="")
    preface: Mapped[str] = mapped_column(Text, default="")
    preface_name: Mapped[str] = mapped_column(String(200), default="")
    preface_office: Mapped[str] = mapped_column(String(200), default="")
    announcement: Mapped[str] = mapped_column(Text, default="")
    publication: Mapped[list[Any]] = mapped_column(default=list)  # [label, value] lines
    editors: Mapped[list[Any]] = mapped_column(default=list)  # [name, office] lines of the editorial board
    opened_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the edition that was published
    version: Mapped[int] = mapped_column()

    round: Mapped[Round] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "published_at"),)

    @property
    def code(self) -> str:
        """The public code: a round has one book."""
        return self.round.code

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.published_at is not None


class EditorialText(Model):
    """One selected work as the editors word it, beside what its author wrote."""

    __tablename__ = "editorial_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    compendium_id: Mapped[int] = mapped_column(ForeignKey("compendium.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    number: Mapped[int]  # its place in the book, from 1
    in_full: Mapped[bool] = mapped_column(default=True)  # otherwise it stands only in the list of all works
    title: Mapped[str] = mapped_column(String(500))
    field: Mapped[str] = mapped_column(String(200))
    problem: Mapped[str] = mapped_column(Text, default="")
    solution: Mapped[str] = mapped_column(Text, default="")
    novelty: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    money_benefit: Mapped[int | None] = mapped_column(BigInteger)  # whole đồng
    edited_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_by_name: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column()

    compendium: Mapped[Compendium] = relationship()
    initiative: Mapped[Initiative] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "compendium_id", "number", unique=True),
        CheckConstraint("money_benefit IS NULL OR money_benefit >= 0", name="money_not_negative"),
    )

    @property
    def code(self) -> str:
        """The public code of the work."""
        return self.initiative.code

    @property
    def is_approved(self) -> bool:
        """Whether an editor has released it for print."""
        return self.approved_at is not None


class PublishedEntry(Model):
    """One entry of a published edition, frozen: the only thing public pages read."""

    __tablename__ = "published_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    compendium_id: Mapped[int] = mapped_column(ForeignKey("compendium.id"))
    code: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    field: Mapped[str] = mapped_column(String(200), index=True)
    unit_name: Mapped[str] = mapped_column(String(300), index=True)
    authors: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(index=True)
    exact: Mapped[str] = mapped_column(Text)  # the words that are searched, each after a space, with their marks
    folded: Mapped[str] = mapped_column(Text)  # the same without marks
    document: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)  # the whole entry

    compendium: Mapped[Compendium] = relationship()

    __table_args__ = (Index(None, "compendium_id", "number", unique=True), Index(None, "compendium_id", "code"))


class PublishedBook(Model):
    """What stands around the entries of a published edition; together they build any format again, byte for byte."""

    __tablename__ = "published_book"

    id: Mapped[int] = mapped_column(primary_key=True)
    compendium_id: Mapped[int] = mapped_column(ForeignKey("compendium.id"), unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)


class BuiltFile(Model):
    """The newest file of a format, and the digest of the edition it was built from."""

    __tablename__ = "built_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    compendium_id: Mapped[int] = mapped_column(ForeignKey("compendium.id"))
    format: Mapped[str] = mapped_column(String(10))
    stored_as: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))  # of the edition
    built_at: Mapped[datetime]

    __table_args__ = (Index(None, "compendium_id", "format", unique=True),)
