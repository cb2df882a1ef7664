"""A rubric of the house: its draft, and the versions saved from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model
from evaluator.people.models import Account


class SavedRubric(Model):
    """A rubric somebody works on. The draft always has the form of a rubric; it may still hold mistakes."""

    __tablename__ = "saved_rubric"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # two secretaries, one winner


class RubricVersion(Model):
    """A version without mistakes, kept as it was saved; rounds copy it when they are prepared."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("rubric_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_id: Mapped[int] = mapped_column(ForeignKey("saved_rubric.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    rubric: Mapped[SavedRubric] = relationship(lazy="joined", innerjoin=True)
    saved_by: Mapped[Account | None] = relationship()
