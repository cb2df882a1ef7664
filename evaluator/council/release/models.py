"""A release of results: its letters are drafts until all of them go out in one act."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model
from evaluator.council.models import Council
from evaluator.initiatives.models import Initiative


class Release(Model):
    """One attempt to tell the results of a round: drafted, then released or undone."""

    __tablename__ = "result_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    number: Mapped[int]
    lock_number: Mapped[int]  # which locking of the results it tells of
    drafted_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    council: Mapped[Council] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "council_id", "number", unique=True),)

    @property
    def is_draft(self) -> bool:
        """Whether its letters still wait."""
        return self.released_at is None and self.undone_at is None

    @property
    def code(self) -> str:
        """How the history names it."""
        return f"{self.council.code}/{self.number}"


class Letter(Model):
    """The letter about one initiative, to one person."""

    __tablename__ = "result_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("result_release.id"))
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    is_selected: Mapped[bool]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254), default="")  # empty: somebody must tell the person
    language: Mapped[str] = mapped_column(String(5), default="vi")

    initiative: Mapped[Initiative] = relationship()

    __table_args__ = (Index(None, "release_id", "id"),)
