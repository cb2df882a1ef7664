"""Lists of units as files: id, name, level, parent_id, kind, code, note, and where known short_name, valid_from."""

import csv
import io
from datetime import date

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.vietnamese import clean_line
from evaluator.units.service import CODE, Problem, UnitPlan

NEEDED = ("id", "name", "level", "parent_id")
MOST_ROWS = 100_000
LONGEST_NAME = 300


def read(content: bytes) -> tuple[dict[int, UnitPlan], list[Problem]]:
    """Return the units of a CSV file by the number of their row (the heading is row 1), and what is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [_about_the_file(N_("The file is not text in UTF-8."), N_("Save the list as CSV UTF-8."))]
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    missing = [name for name in NEEDED if name not in (lines.fieldnames or ())]
    if missing:
        problem = sentence(N_("The heading lacks these columns: %(names)s."), names=", ".join(missing))
        return {}, [Problem(1, missing[0], problem, sentence(N_("Begin with a row that names the columns.")))]
    plans: dict[int, UnitPlan] = {}
    problems: list[Problem] = []
    for row, line in enumerate(lines, start=2):
        if row > MOST_ROWS:
            problems.append(_about_the_file(N_("The list is too long."), N_("Divide it into several files.")))
            break
        cells = {name: clean_line(value) for name, value in line.items() if name and isinstance(value, str)}
        if any(cells.values()):
            found = _problems(row, cells)
            problems += found
            if not found:
                plans[row] = _plan(cells)
    return plans, problems


def _plan(cells: dict[str, str]) -> UnitPlan:
    since = cells.get("valid_from", "")
    return UnitPlan(
        code=cells["id"],
        name=cells["name"],
        level=int(cells["level"]),
        short_name=cells.get("short_name", ""),
        kind=cells.get("kind", ""),
        parent=cells["parent_id"],
        state_code=cells.get("code", ""),
        note=cells.get("note", "")[:500],
        valid_from=date.fromisoformat(since) if since else None,
    )


def _problems(row: int, cells: dict[str, str]) -> list[Problem]:
    """Return what is wrong with the shape of one row."""
    found = [
        Problem(row, name, sentence(N_("The cell is empty.")), sentence(N_("Fill it in, or delete the row.")))
        for name in ("id", "name")
        if not cells.get(name)
    ]
    if cells.get("id") and not CODE.fullmatch(cells["id"]):
        remedy = sentence(N_("A code has up to 40 letters, digits, dots and hyphens, without marks."))
        found.append(Problem(row, "id", sentence(N_("This is no code.")), remedy))
    if len(cells.get("name", "")) > LONGEST_NAME:
        remedy = sentence(N_("Use at most %(count)s characters."), count=LONGEST_NAME)
        found.append(Problem(row, "name", sentence(N_("The name is too long.")), remedy))
    if not (cells.get("level", "").isdecimal() and 1 <= int(cells["level"]) <= 9):
        remedy = sentence(N_("Write 1 for the highest level, 2 for the next."))
        found.append(Problem(row, "level", sentence(N_("The level is not a whole number from 1 to 9.")), remedy))
    try:
        date.fromisoformat(cells.get("valid_from") or "2000-01-01")
    except ValueError:
        remedy = sentence(N_("Write year-month-day, for example 2025-07-01."))
        found.append(Problem(row, "valid_from", sentence(N_("This is no date.")), remedy))
    return found


def _about_the_file(problem: str, remedy: str) -> Problem:
    return Problem(1, "", Sentence(problem), Sentence(remedy))
