"""Reads score sheets and facts about dossiers from CSV files, and names every row that is wrong."""

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules import scoring
from evaluator.rules.rubric import Criterion, Rubric, Value

SHEET_COLUMNS = ("initiative", "reviewer", "criterion", "points")
FACT_COLUMNS = {"votes", "category", "submitted_on", "council_votes"}

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
    """What is wrong in a file, and where: a row, or a dossier, reviewer and criterion."""

    place: str
    text: Sentence | str


@dataclass(slots=True)
class Sheets:
    """What the files say: points by dossier and reviewer, roles, facts; and what could not be read."""

    points: dict[str, dict[str, dict[str, Value]]] = field(default_factory=dict)
    roles: dict[tuple[str, str], str] = field(default_factory=dict)
    facts: dict[str, scoring.Dossier] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

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
        return scoring.Dossier(
            initiative, sheets, known.category, known.votes, known.submitted_on, known.council_votes
        )


def read(rubric: Rubric, sheets: str, facts: str | None) -> Sheets:
    """Read both files; problems are collected, nothing is guessed. Raises OSError and UnicodeDecodeError."""
    found = Sheets()
    _read_sheets(rubric, _rows(sheets), found)
    if facts is not None:
        _read_facts(rubric, _rows(facts), found)
    return found


def _rows(name: str) -> Iterator[list[str]]:
    if name == "-":
        yield from csv.reader(sys.stdin)
        return
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _table(
    rows: Iterator[list[str]], needed: Iterable[str], allowed: set[str], found: Sheets
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield place and cells of each row. A decimal comma left unquoted in the last column is put together."""
    header = [name.strip().lower() for name in next(rows, [])]
    wrong = [RowProblem("1", sentence(NO_COLUMN, column=name)) for name in needed if name not in header]
    columns = ", ".join(sorted(allowed))
    wrong += [
        RowProblem("1", sentence(UNKNOWN_COLUMN, column=name, columns=columns)) for name in header if name not in allowed
    ]
    found.problems += wrong
    for number, row in enumerate(rows if not wrong else (), start=2):
        cells = row
        if not any(cells):
            continue
        if len(cells) > len(header) and header[-1] == "points":
            cells = [*cells[: len(header) - 1], ",".join(cells[len(header) - 1 :])]
        if len(cells) > len(header):
            found.problems.append(RowProblem(str(number), sentence(TOO_MANY)))
            continue
        values = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        yield str(number), dict(zip(header, values, strict=True))


def _read_sheets(rubric: Rubric, rows: Iterator[list[str]], found: Sheets) -> None:
    known = {each.code.lower(): each for each in rubric.criteria if each.code} | rubric.by_key
    for place, row in _table(rows, SHEET_COLUMNS, {*SHEET_COLUMNS, "role"}, found):
        empty = [name for name in SHEET_COLUMNS[:3] if not row[name]]
        if empty:
            found.problems += [RowProblem(place, sentence(EMPTY, column=name)) for name in empty]
            continue
        role = found.roles.setdefault((row["initiative"], row["reviewer"]), row.get("role", ""))
        if role != row.get("role", ""):
            found.problems.append(RowProblem(place, sentence(TWO_ROLES)))
        criterion = known.get(row["criterion"].lower())
        if criterion is None:
            keys = ", ".join(rubric.by_key)
            found.problems.append(RowProblem(place, sentence(UNKNOWN_CRITERION, criterion=row["criterion"], keys=keys)))
            continue
        _take(place, row, criterion, found)


def _take(place: str, row: dict[str, str], criterion: Criterion, found: Sheets) -> None:
    """Take one cell of a sheet."""
    sheet = found.points.setdefault(row["initiative"], {}).setdefault(row["reviewer"], {})
    if criterion.key in sheet:
        found.problems.append(RowProblem(place, sentence(GIVEN_TWICE, criterion=criterion.key)))
        return
    try:
        value = scoring.parse_points(row["points"], criterion)
    except Invalid as invalid:
        found.problems += [RowProblem(place, why) for each in invalid.fields.values() for why in each]
        return
    if value is not None:
        sheet[criterion.key] = value


def _read_facts(rubric: Rubric, rows: Iterator[list[str]], found: Sheets) -> None:
    categories = {category.key for category in rubric.categories}
    for place, row in _table(rows, ("initiative",), {"initiative", *FACT_COLUMNS}, found):
        category = row.get("category", "")
        if not row["initiative"]:
            found.problems.append(RowProblem(place, sentence(EMPTY, column="initiative")))
        elif row["initiative"] in found.facts:
            found.problems.append(RowProblem(place, sentence(ALREADY_NAMED)))
        elif category and category not in categories:
            keys = ", ".join(sorted(categories))
            found.problems.append(RowProblem(place, sentence(NO_SUCH_CATEGORY, category=category, keys=keys)))
        else:
            found.facts[row["initiative"]] = scoring.Dossier(
                row["initiative"], (), category,
                _count(place, row.get("votes", ""), found),
                _date(place, row.get("submitted_on", ""), found),
                _count(place, row.get("council_votes", ""), found),
            )


def _count(place: str, text: str, found: Sheets) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    found.problems.append(RowProblem(place, sentence(NOT_A_COUNT, text=text)))
    return None


def _date(place: str, text: str, found: Sheets) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        found.problems.append(RowProblem(place, sentence(NOT_A_DATE, text=text)))
        return None
