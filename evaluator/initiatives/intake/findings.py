"""What was found in a spreadsheet: where, what, what to do, and how serious it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluator.core.text import N_, Sentence


class Severity(StrEnum):
    """Whether a person must act, should look, or need not do anything."""

    ERROR = "error"
    WARNING = "warning"
    FIXED = "fixed"


SEVERITY_NAMES = {
    Severity.ERROR: N_("to be corrected"),
    Severity.WARNING: N_("please look"),
    Severity.FIXED: N_("put right"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``row`` counts as the spreadsheet does; ``column`` is its letter, "" for a whole row."""

    row: int
    column: str
    code: str
    problem: Sentence
    remedy: Sentence
    severity: Severity


def letter(index: int) -> str:
    """Return the letters of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings from top to bottom and left to right."""
    return sorted(findings, key=lambda each: (each.row, len(each.column), each.column, each.code))
