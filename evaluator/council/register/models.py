"""A paper as the office's register knows it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.council.models import Council
from evaluator.papers.kinds import PaperKind


class RegisteredPaper(Model):
    """One paper of a council as the office's register knows it; its text is always made anew from the data."""

    __tablename__ = "registered_paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    kind: Mapped[PaperKind] = mapped_column(enum_column(PaperKind))
    about: Mapped[str] = mapped_column(String(40), default="")  # session, or session/vote; empty: the whole result
    number: Mapped[str] = mapped_column(String(60), default="")  # with its symbol; empty: awaiting
    dated: Mapped[date | None]
    signed_for: Mapped[str] = mapped_column(String(200), default="")  # TM. BAN THƯỜNG TRỰC
    signer_office: Mapped[str] = mapped_column(String(200), default="")  # PHÓ CHỦ TỊCH
    signer: Mapped[str] = mapped_column(String(200), default="")
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_stored_as: Mapped[str] = mapped_column(String(80), default="")  # empty: not signed yet
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")
    scan_size: Mapped[int] = mapped_column(default=0)
    scanned_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    council: Mapped[Council] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "council_id", "kind", "about", unique=True),)
