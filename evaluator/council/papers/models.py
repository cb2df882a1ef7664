"""The offices' own forms, the certificates, and batches as they were built."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.council.models import Council
from evaluator.initiatives.models import Initiative
from evaluator.papers.kinds import PaperKind


class OfficeForm(Model):
    """A .docx form of an office's own for one kind of paper; a later one takes its place and this one is kept."""

    __tablename__ = "office_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    name: Mapped[str] = mapped_column(String(255))
    stored_as: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "unit_id", "kind", "id"),)


class Certificate(Model):
    """The certificate of one selected initiative: its place in the decision's list, and the code that proves it."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"), index=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), unique=True)
    check_code: Mapped[str] = mapped_column(String(16), unique=True)
    issued_at: Mapped[datetime]

    council: Mapped[Council] = relationship()
    initiative: Mapped[Initiative] = relationship()


class BatchFormat(StrEnum):
    """What a batch is handed out as."""

    PDF = "pdf"
    ZIP = "zip"


class PaperBatch(Model):
    """Many papers of one kind in one file, as they were built last."""

    __tablename__ = "paper_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    format: Mapped[BatchFormat] = mapped_column(enum_column(BatchFormat))
    stored_as: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    count: Mapped[int]
    built_at: Mapped[datetime]

    __table_args__ = (Index(None, "council_id", "kind", "format", unique=True),)
