"""One message waiting in the outbox, or kept as it was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evaluator.core.db import Model


class Notice(Model):
    """A message to one address. Its words are made when it is sent or looked at, and kept as sent."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    is_secret: Mapped[bool]  # its link opens a door: only for the eyes of the person, or of an administrator
    params: Mapped[dict[str, Any]]
    language: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(254))  # empty: no mail is known, somebody must tell the person
    name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None]  # no foreign key, people come later in the order of imports
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]  # None: nothing more to do by itself
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime | None]  # by mail
    handed_over_at: Mapped[datetime | None]  # by a person: telephone, Zalo, paper
    withdrawn_at: Mapped[datetime | None]  # a newer message has taken its place
    subject: Mapped[str] = mapped_column(String(300), default="")  # as sent; empty before
    body: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(None, "next_try_at"),
        Index(None, "account_id", "id"),
        Index(None, "about_kind", "about_id", "id"),
    )

    @property
    def is_waiting(self) -> bool:
        """Return whether it still has to reach the person."""
        return self.sent_at is None and self.handed_over_at is None and self.withdrawn_at is None
