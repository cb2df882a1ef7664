"""One row per piece of long work."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from evaluator.core.db import Model, enum_column


class WorkState(StrEnum):
    """How far a piece of work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Work(Model):
    """Something that takes longer than a page may: taken up again if its process dies."""

    __table_args__ = (Index(None, "state", "lease_until"), Index(None, "kind", "about"))

    __tablename__ = "work"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    about: Mapped[str] = mapped_column(default="")  # the public code of what it is about
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[WorkState] = mapped_column(enum_column(WorkState), default=WorkState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")  # a message id: told in the reader's language
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    asked_by: Mapped[int | None]  # an account's id; people stands above this layer
    asked_by_label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {WorkState.DONE, WorkState.FAILED}

    @property
    def percent(self) -> int:
        """How much of it is done, 0 to 100."""
        if self.state is WorkState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class JobRun(Model):
    """The newest run of one job of the timetable; claiming its slot keeps a second scheduler from running it too."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    slot: Mapped[int] = mapped_column(BigInteger)  # grows with every firing
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(default="")
