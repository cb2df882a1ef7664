"""How offices write numbers, times and shares in papers (Decree 30, Appendix I)."""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

COUNCIL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")

# Control characters that XML refuses, and marks that turn the direction of text.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text in NFC without characters that no printer knows; lines are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", lines))


def local(moment: datetime) -> datetime:
    """Return an aware moment as the council's wall clock shows it."""
    return moment.astimezone(COUNCIL_TIME)


def padded(count: int) -> str:
    """Return a count as papers write it: below ten with a leading nought ("05 thành viên")."""
    return f"{count:02d}"


def long_date(day: date) -> str:
    """Return "ngày 05 tháng 3 năm 2026": days below 10 and months 1 and 2 padded, months 3 to 9 not."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - the decree's own rule
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def hour_and_date(moment: datetime) -> str:
    """Return "08 giờ 30 phút, ngày 05 tháng 3 năm 2026" in the council's zone."""
    here = local(moment)
    return f"{here.hour:02d} giờ {here.minute:02d} phút, {long_date(here.date())}"


def percent(part: int, whole: int) -> str:
    """Return the share as "66,67%", half up to two places; a dash where there is nothing to divide by."""
    if whole <= 0:
        return "–"
    hundredths = (part * 20000 + whole) // (2 * whole)
    whole_part, rest = divmod(hundredths, 100)
    return f"{whole_part},{rest:02d}%" if rest else f"{whole_part}%"
