"""Lists of people as they are copied from a spreadsheet: a line each, name, e-mail, unit, job title."""

import re

from evaluator.core.text import N_, Sentence, sentence
from evaluator.people.service import Profile
from evaluator.rules.vietnamese import clean_line, repair_lookalikes
from evaluator.units.names import Matcher
from evaluator.units.service import Problem

MOST_ROWS = 500
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read(text: str, *, units: Matcher[int], language: str = "vi") -> tuple[dict[int, Profile], list[Problem]]:
    """Return the people of a pasted list by the number of their line, and what is wrong.

    Cells are parted by tabs, as spreadsheets copy them, or by semicolons. A first line without an e-mail address
    is taken for the heading; empty lines do not count.
    """
    lines = {number: _cells(line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()}
    if lines and not any("@" in cell for cell in lines[min(lines)]):
        del lines[min(lines)]
    if not lines:
        return {}, [
            _problem(1, "", N_("The list holds nobody."), N_("Copy the rows with the people and paste them here."))
        ]
    if len(lines) > MOST_ROWS:
        too_long = sentence(N_("The list has more than %(count)s people."), count=MOST_ROWS)
        return {}, [Problem(1, "", too_long, Sentence(N_("Divide it and send one part after the other.")))]
    people: dict[int, Profile] = {}
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for number, (name, email, unit, job_title) in lines.items():
        found = _wrong(number, name, email, first)
        match = units.match(unit) if unit else None
        if unit and match is None:
            found.append(_unknown_unit(number, unit, units))
        problems += found
        if not found:
            unit_id = match.key if match is not None else None
            people[number] = Profile(email=email, name=name, job_title=job_title, unit_id=unit_id, language=language)
    return people, problems


def _cells(line: str) -> list[str]:
    """Return the four cells of a line; what is not there is empty."""
    cells = [clean_line(cell) for cell in line.split("\t" if "\t" in line else ";")]
    name, email, unit, job_title = (*cells, "", "", "", "")[:4]
    return [name, repair_lookalikes(email).replace(" ", "").lower(), unit, job_title]


def _wrong(number: int, name: str, email: str, first: dict[str, int]) -> list[Problem]:
    """Return what is wrong with name and address of a line."""
    found = []
    if not name:
        found.append(_problem(number, N_("Full name"), N_("The name is missing."), N_("Give the full name.")))
    if not _ADDRESS.fullmatch(email):
        remedy = N_("Give a complete e-mail address, for example ten@tinh.gov.vn.")
        found.append(_problem(number, N_("E-mail"), N_("This is no e-mail address."), remedy))
    elif first.setdefault(email, number) != number:
        twice = sentence(N_("The address stands in line %(row)s already."), row=first[email])
        found.append(Problem(number, N_("E-mail"), twice, Sentence(N_("Name each person once."))))
    return found


def _unknown_unit(number: int, unit: str, units: Matcher[int]) -> Problem:
    near = units.near(unit)
    remedy = (
        sentence(N_("Perhaps you mean: %(names)s."), names="; ".join(near))
        if near
        else Sentence(N_("Look it up on the page of units, or leave it out."))
    )
    return Problem(number, N_("Unit"), sentence(N_("No unit is called “%(name)s”."), name=unit), remedy)


def _problem(number: int, column: str, problem: str, remedy: str) -> Problem:
    return Problem(number, column, Sentence(problem), Sentence(remedy))
