"""All signed sheets of a round as a table: one line each, fast enough for a province, in little memory."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import lcm
from typing import Any

from evaluator.rules.amounts import HUNDREDTHS, plain, points_text
from evaluator.rules.rubric import Criterion, Rubric, Value

MARK = "\ufeff"  # Excel reads UTF-8 only with this
MOST_KNOWN = 10_000  # sheets that differ in their points, kept worked out: some 4 MB
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Line = tuple[str, str, str, datetime, str, str]  # code, blind code, reviewer, signed, points as JSON, remark


class SheetTable:
    """Turns sheets into lines. Sheets with the same points are worked out once: there are few, and many sheets."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self._columns = [_Column(criterion, criterion.weight / rubric.divisor) for criterion in rubric.criteria]
        self._whole = lcm(*(column.share.denominator for column in self._columns)) * HUNDREDTHS
        for column in self._columns:
            column.factor = int(column.share * self._whole / HUNDREDTHS)
        self._most = (rubric.maximum or 0) * self._whole // HUNDREDTHS if rubric.capped else None
        self._given: dict[str, list[str]] = {}
        self._totals: dict[int, str] = {}

    def pages(self, head: Sequence[str], lots: Iterable[Iterable[Any]]) -> Iterator[str]:
        """Yield the table as text, a lot at a time."""
        yield MARK + _written([head])
        for lot in lots:
            yield _written(self._cells(line) for line in lot)

    def _cells(self, line: Line) -> list[str]:
        code, blind_code, reviewer, signed_at, points, remark = line
        given = self._given.get(points)
        if given is None:
            if len(self._given) >= MOST_KNOWN:
                self._given.clear()
            given = self._given[points] = self._worked_out(json.loads(points))
        signed = f"{signed_at.isoformat(timespec='minutes')[:16]}Z"
        return [code, blind_code, harmless(reviewer), signed, *given, harmless(remark)]

    def _worked_out(self, points: Mapping[str, Value]) -> list[str]:
        """Return the cells of the criteria and of the total."""
        cells, total = [], 0
        for column in self._columns:
            text, worth = column.cell(points[column.key]) if column.key in points else ("", 0)
            cells.append(text)
            total += worth
        if self._most is not None:
            total = min(total, self._most)
        if total not in self._totals:
            self._totals[total] = plain(Fraction(total, self._whole))
        return [*cells, self._totals[total]]


class _Column:
    """One criterion and what its points add, in parts of the whole."""

    def __init__(self, criterion: Criterion, share: Fraction) -> None:
        self.key = criterion.key
        self.criterion = criterion
        self.share = share
        self.factor = 0
        self._known: dict[Value, tuple[str, int]] = {}

    def cell(self, value: Value) -> tuple[str, int]:
        """Return the text of a value and what it adds."""
        if not self.criterion.scores:
            return harmless(str(value)), 0  # comments are all different: they are not kept
        if value not in self._known:
            text = points_text(value) if isinstance(value, int) else harmless(value)
            self._known[value] = text, self.criterion.worth(value) * self.factor
        return self._known[value]


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
