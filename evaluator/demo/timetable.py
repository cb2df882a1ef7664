"""When each step of a demonstration takes place: in days from the opening of its round."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evaluator.rules.calendar import Timetable, end_of_day, start_of_day


class Stage(StrEnum):
    """How far a demonstration goes."""

    SUBMITTED = "submitted"
    REVIEW = "review"
    SCORED = "scored"
    VOTING = "voting"
    DECIDED = "decided"
    PUBLISHED = "published"

    def reaches(self, other: "Stage") -> bool:
        """Return whether a demonstration that goes this far has come by the other stage."""
        order = list(Stage)
        return order.index(self) >= order.index(other)


# How many days after the opening "today" is, when a demonstration stops at a stage.
TODAY = {
    Stage.SUBMITTED: 20,
    Stage.REVIEW: 48,
    Stage.SCORED: 62,
    Stage.VOTING: 70,
    Stage.DECIDED: 72,
    Stage.PUBLISHED: 95,
}


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one demonstration, counted from the opening of its round."""

    opening: date

    @classmethod
    def with_today_at(cls, stage: Stage, today: date) -> "Days":
        """Return the days of a round that stands at a stage today."""
        return cls(today - timedelta(days=TODAY[stage]))

    def day(self, number: int) -> date:
        """Return the day so many days after the opening."""
        return self.opening + timedelta(days=number)

    def at(self, number: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment of that day, by the clock of Vietnam."""
        return start_of_day(self.day(number)) + timedelta(hours=hour, minutes=minute)

    def timetable(self) -> Timetable:
        """Return the dates of the round."""
        return Timetable(
            submission_opens_at=start_of_day(self.opening),
            submission_closes_at=end_of_day(self.day(30)),
            checking_closes_at=end_of_day(self.day(40)),
            review_closes_at=end_of_day(self.day(60)),
            council_at=start_of_day(self.day(70)),
            publication_at=start_of_day(self.day(90)),
        )
