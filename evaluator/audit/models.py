"""One row of the history."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from evaluator.core.db import Model

TAKEN, HISTORY = "names.history-taken", "history"  # the history taken along as a file is noted in it


class Entry(Model):
    """Something that happened. Never changed, never deleted; ``hash`` covers the row and the hash before it."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3 … without gaps
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[int | None]  # an account; no foreign key, people come later in the order of imports
    actor: Mapped[str] = mapped_column(String(200))  # the name at that moment, or "system" or "operator"
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    about: Mapped[str] = mapped_column(String(200))  # the public code at that moment
    facts: Mapped[dict[str, Any]]
    search: Mapped[str] = mapped_column(String(400))  # folded actor and about; not sealed, made from what is
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        Index(None, "event", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "about_kind", "about_id", "id"),
        Index(None, "at"),
    )

    def content(self) -> dict[str, Any]:
        """Return what the hash is made over."""
        return {name: getattr(self, name) for name in SEALED}


SEALED = ("id", "at", "event", "actor_id", "actor", "about_kind", "about_id", "about", "facts")
