"""How offices write times and shares in papers, and what no printer can set."""

import re
from datetime import datetime

from evaluator.rules.calendar import local
from evaluator.rules.vietnamese import long_date, nfc

# Control characters that XML refuses, and marks that turn the direction of text.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def printable(text: str) -> str:
    """Return the text in NFC without characters that no printer knows; lines are kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return nfc(_UNPRINTABLE.sub("", lines))


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


def in_sentence(title: str) -> str:
    """Return the title of a round inside a sentence: "Đợt xét …" becomes "đợt xét …"; a name keeps its capital."""
    first, _, rest = title.partition(" ")
    return f"{first.lower()} {rest}" if first in _CALLS else title


_CALLS = frozenset({"Đợt", "Kỳ", "Cuộc"})
