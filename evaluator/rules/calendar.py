"""Dates of a round, in the council's own time: phases and deadlines."""

import itertools
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from evaluator.core.text import N_

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Phase(StrEnum):
    """Where a round stands, computed from its dates and never stored."""

    BEFORE = "before"
    SUBMISSION = "submission"
    CHECKING = "checking"
    REVIEW = "review"
    COUNCIL = "council"
    PUBLICATION = "publication"


PHASE_NAMES = {
    Phase.BEFORE: N_("Not yet open"),
    Phase.SUBMISSION: N_("Submission"),
    Phase.CHECKING: N_("Checking"),
    Phase.REVIEW: N_("Reviewing"),
    Phase.COUNCIL: N_("Council"),
    Phase.PUBLICATION: N_("Publication"),
}


@dataclass(frozen=True, slots=True)
class Timetable:
    """The dates of a round, as moments. Each phase ends with the last microsecond of its day."""

    submission_opens_at: datetime
    submission_closes_at: datetime
    checking_closes_at: datetime
    review_closes_at: datetime
    council_at: datetime
    publication_at: datetime

    def phase(self, now: datetime) -> Phase:
        """Return the phase at a moment."""
        if now < self.submission_opens_at:
            return Phase.BEFORE
        if now <= self.submission_closes_at:
            return Phase.SUBMISSION
        if now <= self.checking_closes_at:
            return Phase.CHECKING
        if now <= self.review_closes_at:
            return Phase.REVIEW
        if now < self.publication_at:
            return Phase.COUNCIL
        return Phase.PUBLICATION

    def out_of_order(self) -> list[str]:
        """Return the names of the dates that come before the date they must follow."""
        names = [each.name for each in fields(self)]
        pairs = itertools.pairwise(names)
        return [later for earlier, later in pairs if getattr(self, later) < getattr(self, earlier)]


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day of the council, in UTC."""
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day: "by the 15th" includes the whole 15th (Decree 30 practice)."""
    return datetime.combine(day, time.max, ZONE).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return the moment as the council's clock shows it."""
    return moment.astimezone(ZONE)


def day_of(moment: datetime) -> date:
    """Return the council's calendar day of a moment."""
    return local(moment).date()


def days_left(deadline: datetime, now: datetime) -> int:
    """Return whole calendar days until the deadline's day; 0 is today, negative is past."""
    return (day_of(deadline) - day_of(now)).days
