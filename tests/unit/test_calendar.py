"""Dates of a round in the council's own time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from evaluator.rules.calendar import Phase, Timetable, day_of, days_left, end_of_day, start_of_day

LAST = date(2026, 3, 15)
TIMETABLE = Timetable(
    submission_opens_at=start_of_day(date(2026, 2, 1)),
    submission_closes_at=end_of_day(LAST),
    checking_closes_at=end_of_day(date(2026, 3, 31)),
    review_closes_at=end_of_day(date(2026, 4, 30)),
    council_at=start_of_day(date(2026, 5, 12)),
    publication_at=start_of_day(date(2026, 6, 1)),
)
TICK = timedelta(microseconds=1)


def test_a_deadline_on_a_day_includes_its_last_moment_in_vietnam():
    assert end_of_day(LAST) == datetime(2026, 3, 15, 16, 59, 59, 999_999, tzinfo=UTC)


def test_submission_at_23_59_59_local_is_in_time_and_a_second_later_is_not():
    in_time = datetime(2026, 3, 15, 16, 59, 59, tzinfo=UTC)
    assert TIMETABLE.phase(in_time) is Phase.SUBMISSION
    assert TIMETABLE.phase(in_time + timedelta(seconds=1)) is Phase.CHECKING


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (TIMETABLE.submission_opens_at - TICK, Phase.BEFORE),
        (TIMETABLE.submission_opens_at, Phase.SUBMISSION),
        (TIMETABLE.submission_closes_at, Phase.SUBMISSION),
        (TIMETABLE.submission_closes_at + TICK, Phase.CHECKING),
        (TIMETABLE.checking_closes_at + TICK, Phase.REVIEW),
        (TIMETABLE.review_closes_at, Phase.REVIEW),
        (TIMETABLE.review_closes_at + TICK, Phase.COUNCIL),
        (TIMETABLE.publication_at - TICK, Phase.COUNCIL),
        (TIMETABLE.publication_at, Phase.PUBLICATION),
    ],
)
def test_each_phase_begins_and_ends_at_its_own_moment(moment, phase):
    assert TIMETABLE.phase(moment) is phase


def test_dates_out_of_order_are_named():
    wrong = Timetable(
        **{name: getattr(TIMETABLE, name) for name in Timetable.__slots__}
        | {"review_closes_at": TIMETABLE.submission_opens_at}
    )
    assert wrong.out_of_order() == ["review_closes_at"]
    assert TIMETABLE.out_of_order() == []


def test_the_day_of_a_moment_is_the_council_s_day():
    assert day_of(datetime(2026, 3, 15, 17, 0, tzinfo=UTC)) == date(2026, 3, 16)


def test_days_left_counts_calendar_days_there():
    evening = datetime(2026, 3, 14, 16, 59, tzinfo=UTC)  # 23:59 on the 14th
    assert days_left(end_of_day(LAST), evening) == 1
    assert days_left(end_of_day(LAST), evening + timedelta(minutes=1)) == 0
    assert days_left(end_of_day(LAST), evening + timedelta(days=2)) == -1
