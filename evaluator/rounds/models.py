"""A round of selection with its dates and its frozen rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import Model, enum_column
from evaluator.rules.audience import Audience, Facet, Openness
from evaluator.rules.calendar import Phase, Timetable
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.unblinding import Unblinding
from evaluator.units.models import Unit

REMARKING_DAYS = 3  # what a round has that says nothing of it (Hải Dương 2018, domain digest 2.3.3)


class Round(Model):
    """One call for initiatives. From ``opened_at`` on its rules are evidence and do not change."""

    __table_args__ = (CheckConstraint("reviews_per_initiative > 0", name="some_reviews"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    council_name: Mapped[str]
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), default=RoundState.DRAFT)

    submission_opens_at: Mapped[datetime]
    submission_closes_at: Mapped[datetime]
    checking_closes_at: Mapped[datetime]
    review_closes_at: Mapped[datetime]
    council_at: Mapped[datetime]
    publication_at: Mapped[datetime]

    reviews_per_initiative: Mapped[int] = mapped_column(default=3)
    rubric: Mapped[dict[str, Any]] = mapped_column(default=dict)
    vote_rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    dossier_form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fields: Mapped[list[Any]] = mapped_column(default=list)  # the fields of application that may be chosen
    legal_grounds: Mapped[list[Any]] = mapped_column(default=list)
    unit_name: Mapped[str] = mapped_column(default="")  # as it was called when the round opened
    digest: Mapped[str] = mapped_column(default="")  # SHA-256 of everything frozen
    last_receipt: Mapped[int] = mapped_column(default=0)  # the number of the newest receipt
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]  # when the letters with the results went out; results are provisional before
    audience: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # who sees what of a result; None: what is usual
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}

    @property
    def timetable(self) -> Timetable:
        """The dates as one value."""
        return Timetable(
            submission_opens_at=self.submission_opens_at,
            submission_closes_at=self.submission_closes_at,
            checking_closes_at=self.checking_closes_at,
            review_closes_at=self.review_closes_at,
            council_at=self.council_at,
            publication_at=self.publication_at,
        )

    def phase(self, now: datetime) -> Phase:
        """Return where the round stands at a moment."""
        return self.timetable.phase(now)

    @property
    def reason_for_identity(self) -> bool:
        """Whether the secretariat says why before it is shown the authors of a dossier under the blind."""
        return bool(self.dossier_form.get("reason_for_identity"))

    @property
    def unblinding(self) -> Unblinding:
        """From when on who learns whose a dossier is, and who marked it."""
        return Unblinding.from_document(self.dossier_form.get("unblinding", {}))

    @property
    def remarking_days(self) -> int:
        """Within how many days after publication an author may ask for re-marking; 0 is never."""
        return int(self.dossier_form.get("remarking_days", REMARKING_DAYS))

    @property
    def openness(self) -> Openness:
        """Who may see what of its results."""
        return Openness.from_document(self.audience)

    def open_to(self, now: datetime) -> dict[Facet, Audience]:
        """Return who may see each facet of its results at a moment."""
        return self.openness.at(now, released_at=self.released_at, publication_at=self.publication_at)

    @property
    def is_frozen(self) -> bool:
        """Whether the rules can no longer change."""
        return self.opened_at is not None
