"""Organisations and the names they had before."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evaluator.core.db import SORT_KEY, Model


class Unit(Model):
    """An organisation in the tree, from ``valid_from`` up to, not including, ``valid_to``."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(60), default="")  # mặt trận, sở, trường học …: data, not our words
    level: Mapped[int]  # 1 is the highest; which level means what is the council's affair
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    state_code: Mapped[str] = mapped_column(String(20), default="")  # the government's number of the place
    note: Mapped[str] = mapped_column(String(500), default="")
    search: Mapped[str] = mapped_column(String(800))  # folded names and code
    sort_key: Mapped[str] = mapped_column(SORT_KEY)
    valid_from: Mapped[date | None]  # None: since ever
    valid_to: Mapped[date | None]  # the first day on which it is no longer there
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "parent_id", "sort_key", "id"),
        Index(None, "successor_id"),
        CheckConstraint("level >= 1", name="level"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from < valid_to", name="dates"),
        CheckConstraint("successor_id IS NULL OR valid_to IS NOT NULL", name="successor"),
    )

    def exists_on(self, day: date) -> bool:
        """Return whether the unit is there on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class FormerName(Model):
    """A name a unit bore up to, not including, ``until``; the present name stands in the unit."""

    __tablename__ = "unit_former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    until: Mapped[date]
    name: Mapped[str] = mapped_column(String(300))
    short_name: Mapped[str] = mapped_column(String(120))

    __table_args__ = (Index(None, "unit_id", "until", unique=True),)
