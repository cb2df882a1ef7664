"""Vietnamese dates: written as papers write them, read as people type them."""

import re
from dataclasses import dataclass
from datetime import date

from evaluator.rules.vietnamese.numbers import Unreadable, Why
from evaluator.rules.vietnamese.text import clean_line, fold

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_PADDED_MONTHS = 2  # Decree 30: days below 10 and months 1 and 2 get a zero, months 3 to 9 do not
_PADDED_DAYS = 9


def short_date(day: date) -> str:
    """Return 05/03/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def long_date(day: date) -> str:
    """Return ngày 05 tháng 3 năm 2026, padded as Decree 30/2020 wants it (Appendix I)."""
    month = f"{day.month:02d}" if day.month <= _PADDED_MONTHS else str(day.month)
    shown = f"{day.day:02d}" if day.day <= _PADDED_DAYS else str(day.day)
    return f"ngày {shown} tháng {month} năm {day.year}"


def weekday(day: date) -> str:
    """Return the name of the day of the week."""
    return WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date as read, and whether its century was filled in."""

    day: date
    century_guessed: bool = False


_YEAR_ONLY = re.compile(r"(?:nam )?\d{4}")
_MONTH_YEAR = re.compile(r"(?:thang )?\d{1,2}\s*[/.-]\s*\d{4}")
_DAY_FIRST = re.compile(r"(?:ngay )?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?")
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),? nam (\d{4})")


def read_date(text: str, *, latest_year: int) -> DateReading:
    """Return the day a person wrote: 05/03/2026, 5-3-26, 2026-03-05, ngày 5 tháng 3 năm 2026.

    ``latest_year`` fills in the century of a two-digit year: the latest that is not after it.

    Raises:
        Unreadable: no date, a year alone, or a day the calendar does not have.
    """
    folded = fold(clean_line(text))
    if _YEAR_ONLY.fullmatch(folded) or _MONTH_YEAR.fullmatch(folded):
        raise Unreadable(Why.YEAR_ONLY)
    if found := _YEAR_FIRST.fullmatch(folded):
        year, month, day = (int(part) for part in found.groups())
        return DateReading(_in_calendar(year, month, day))
    found = _DAY_FIRST.fullmatch(folded) or _SPOKEN.fullmatch(folded)
    if found is None:
        raise Unreadable(Why.NOT_A_DATE)
    day, month, year = (int(part) for part in found.groups())
    guessed = len(found[3]) == 2
    if guessed:
        year += latest_year // 100 * 100
        year -= 100 if year > latest_year else 0
    return DateReading(_in_calendar(year, month, day), century_guessed=guessed)


def _in_calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(Why.NOT_IN_CALENDAR) from None
