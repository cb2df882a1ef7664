"""Reads score sheets and facts about dossiers from CSV files, and names every row that is wrong."""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules import scoring
from evaluator.rules.rubric import Criterion, Rubric, Value

SHEET_COLUMNS = ("initiative", "reviewer", "criterion", "points")
FACT_COLUMNS = {"votes", "category", "submitted_on", "council_votes", "field", "unit"}

NO_COLUMN = N_("The column “%(column)s” is missing. Add it to the first row.")
UNKNOWN_COLUMN = N_("There is no column “%(column)s”. Take it out, or write one of: %(columns)s.")
TOO_MANY = N_("This row has more columns than the first one. Put a number with a comma in quotation marks.")
EMPTY = N_("“%(column)s” is empty. Fill it in.")
UNKNOWN_CRITERION = N_("The rubric has no criterion “%(criterion)s”. Write one of: %(keys)s.")
GIVEN_TWICE = N_("“%(criterion)s” was already marked on this sheet. Keep one of the rows.")
TWO_ROLES = N_("This reviewer has another role in an earlier row. Write the same one.")
NOT_A_COUNT = N_("“%(text)s” is no number of votes. Write a whole number from 0.")
NOT_A_DATE = N_("“%(text)s” is no date. Write it like 2026-08-30.")
NO_SUCH_CATEGORY = N_("The rubric has no category “%(category)s”. Write one of: %(keys)s.")
ALREADY_NAMED = N_("This dossier already stands in an earlier row. Keep one of them.")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a file, and in which row."""

    file: str
    row: int
    text: Sentence | str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells by column; a column that is not there reads as empty."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class Sheets:
    """What the files say: points by dossier and reviewer, roles, facts; and what could not be read."""

    points: dict[str, dict[str, dict[str, Value]]] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    facts: dict[str, scoring.Dossier] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def refuse(self, row: "Row", text: Sentence | str) -> None:
        """Write down what is wrong in a row."""
        self.problems.append(RowProblem(row.file, row.number, text))

    def dossiers(self) -> Iterator[scoring.Dossier]:
        """Yield every dossier named in either file, by code."""
        for initiative in sorted(self.points.keys() | self.facts.keys()):
            yield self.dossier(initiative)

    def dossier(self, initiative: str) -> scoring.Dossier:
        """Return one dossier with its sheets."""
        known = self.facts.get(initiative) or scoring.Dossier(initiative, ())
        sheets = tuple(
            scoring.Sheet(reviewer, points, self.roles.get((initiative, reviewer), ""))
            for reviewer, points in self.points.get(initiative, {}).items()
        )
        return replace(known, sheets=sheets)


def read(rubric: Rubric, sheets: str, facts: str | None) -> Sheets:
    """Read both files; problems are collected, nothing is guessed. Raises OSError and UnicodeDecodeError."""
    found = Sheets()
    _read_sheets(rubric, sheets, found)
    if facts is not None:
        _read_facts(rubric, facts, found)
    return found


def _lines(name: str) -> Iterator[list[str]]:
    if name == "-":
        yield from csv.reader(sys.stdin)
        return
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _rows(name: str, needed: Iterable[str], allowed: set[str], found: Sheets) -> Iterator[Row]:
    """Yield the rows of a file. A decimal comma left unquoted in the last column is put together."""
    lines = _lines(name)
    header = [column.strip().lower() for column in next(lines, [])]
    missing = [sentence(NO_COLUMN, column=column) for column in needed if column not in header]
    columns = ", ".join(sorted(allowed))
    unknown = [sentence(UNKNOWN_COLUMN, column=each, columns=columns) for each in header if each not in allowed]
    if missing or unknown:
        found.problems += [RowProblem(name, 1, text) for text in (*missing, *unknown)]
        return
    for number, line in enumerate(lines, start=2):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) > len(header) and header[-1] == "points":
            cells = [*cells[: len(header) - 1], ",".join(cells[len(header) - 1 :])]
        row = Row(name, number, dict(zip(header, cells, strict=False)))
        if len(cells) > len(header):
            found.refuse(row, sentence(TOO_MANY))
        else:
            yield row


def _read_sheets(rubric: Rubric, name: str, found: Sheets) -> None:
    known = {each.code.lower(): each for each in rubric.criteria if each.code} | rubric.by_key
    for row in _rows(name, SHEET_COLUMNS, {*SHEET_COLUMNS, "role"}, found):
        empty = [column for column in SHEET_COLUMNS[:3] if not row[column]]
        for column in empty:
            found.refuse(row, sentence(EMPTY, column=column))
        if empty:
            continue
        if found.roles.setdefault((row["initiative"], row["reviewer"]), row["role"]) != row["role"]:
            found.refuse(row, sentence(TWO_ROLES))
        criterion = known.get(row["criterion"].lower())
        if criterion is None:
            keys = ", ".join(rubric.by_key)
            found.refuse(row, sentence(UNKNOWN_CRITERION, criterion=row["criterion"], keys=keys))
        else:
            _take(row, criterion, found)


def _take(row: Row, criterion: Criterion, found: Sheets) -> None:
    """Take one cell of a sheet."""
    sheet = found.points.setdefault(row["initiative"], {}).setdefault(row["reviewer"], {})
    if criterion.key in sheet:
        found.refuse(row, sentence(GIVEN_TWICE, criterion=criterion.key))
        return
    try:
        value = scoring.parse_points(row["points"], criterion)
    except Invalid as invalid:
        found.refuse(row, invalid.fields[criterion.key][0])
        return
    if value is not None:
        sheet[criterion.key] = value


def _read_facts(rubric: Rubric, name: str, found: Sheets) -> None:
    categories = {category.key for category in rubric.categories}
    for row in _rows(name, ("initiative",), {"initiative", *FACT_COLUMNS}, found):
        initiative, category = row["initiative"], row["category"]
        if not initiative:
            found.refuse(row, sentence(EMPTY, column="initiative"))
        elif initiative in found.facts:
            found.refuse(row, sentence(ALREADY_NAMED))
        elif category and category not in categories:
            found.refuse(row, sentence(NO_SUCH_CATEGORY, category=category, keys=", ".join(sorted(categories))))
        else:
            votes, council_votes = _count(row, "votes", found), _count(row, "council_votes", found)
            found.facts[initiative] = scoring.Dossier(
                initiative, (), category, votes, _date(row, found), council_votes, row["field"], row["unit"]
            )


def _count(row: Row, column: str, found: Sheets) -> int | None:
    text = row[column]
    if text.isascii() and text.isdigit():
        return int(text)
    if text:
        found.refuse(row, sentence(NOT_A_COUNT, text=text))
    return None


def _date(row: Row, found: Sheets) -> date | None:
    text = row["submitted_on"]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        found.refuse(row, sentence(NOT_A_DATE, text=text))
        return None
