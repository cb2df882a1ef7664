"""An assignment from files to a file: the whole of ``flask assign`` but its options."""

import csv
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np

from evaluator.rules.matching import draw, shortage, solve, table
from evaluator.rules.matching.problem import Impossible, Plan, Problem, Shortage, Whole, barred, seeded_order

_NAMED = 5
_VALUES = {"-1", "1", "-1.0", "1.0", "0", "0.0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options of the command."""

    affinity: str
    reviews: int
    out: str
    max_load: int | None = None
    min_load: int = 0
    conflicts: str | None = None
    loads: str | None = None
    randomize: float | None = None
    fair: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Who reviews what, by position, and what each pair is worth."""

    rows: Whole
    columns: Whole
    worth: Whole


class Refused(Exception):
    """The input is wrong, or no assignment exists; one line per problem: file, row or key, what, remedy."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of an assignment."""

    total: Fraction
    pairs: int
    min_initiative: Fraction
    loads: tuple[int, int]
    optimal: bool
    gap: Fraction
    expected: Fraction | None = None
    seconds: float = 0.0

    def as_json(self) -> str:
        """Return the document of the contract."""
        figures = {
            "total": float(self.total),
            "mean": float(self.total / self.pairs) if self.pairs else 0.0,
            "min_initiative": float(self.min_initiative),
            "loads": {"min": self.loads[0], "max": self.loads[1]},
            "optimal": self.optimal,
            "gap": f"{float(self.gap):.1e}" if self.gap else "0",
            "seconds": round(self.seconds, 3),
        }
        if self.expected is not None:
            figures["expected_total"] = float(self.expected)
        return json.dumps(figures)

    def in_words(self) -> str:
        """Return one line for a person."""
        best = "no other is better" if self.optimal else f"at most {float(self.gap):.1e} short of the best"
        return (
            f"{self.pairs} pairs, total {float(self.total):g} ({best}); "
            f"{self.loads[0]} to {self.loads[1]} initiatives per reviewer; {self.seconds:.1f} s."
        )


def run(wishes: Wishes) -> Outcome:
    """Read, assign, write.

    Raises:
        Refused: a file cannot be read, or no assignment exists; nothing was written.
    """
    started = time.perf_counter()
    if wishes.randomize is not None and not 0 < wishes.randomize <= 1:
        raise Refused(f"--randomize {wishes.randomize}: write a probability above 0 and at most 1")
    found = _affinities(wishes.affinity)
    loads = _loads(wishes.loads) if wishes.loads else {}
    unknown = [name for name in loads if name not in set(found.reviewers)]
    if unknown:
        found = found.with_reviewers(unknown)
    rows = seeded_order(found.initiatives, wishes.seed)
    columns = seeded_order(found.reviewers, wishes.seed)
    ranked = found.arranged(rows, columns)
    forced = _mark_conflicts(ranked, wishes.conflicts) if wishes.conflicts else (_none(), _none())
    values = ranked.worth[forced].astype(np.int64)
    problem = _problem(ranked, wishes, loads, forced)
    plan, chosen = _solve(problem, wishes, ranked)
    pairs = Pairs(
        np.concatenate([chosen.initiative, forced[0]]),
        np.concatenate([chosen.reviewer, forced[1]]),
        np.concatenate([ranked.worth[chosen.initiative, chosen.reviewer].astype(np.int64), values]),
    )
    _write(wishes.out, found, Pairs(rows[pairs.rows], columns[pairs.columns], pairs.worth))
    outcome = _outcome(ranked, plan, pairs, problem)
    return replace(outcome, seconds=time.perf_counter() - started)


def _none() -> Whole:
    return np.empty(0, np.int64)


def _affinities(name: str) -> table.PairTable:
    """Read the affinities, saying in which row a mistake stands."""
    try:
        with _opened(name) as (file, size):
            found = table.read(file, size=size)
    except table.BadRow as bad:
        raise Refused(
            f"{name}: row {bad.row}: {bad.column} {bad.text!r}; write initiative,reviewer,affinity, each pair once"
        ) from None
    except UnicodeDecodeError:
        raise Refused(f"{name}: not UTF-8; save it as UTF-8") from None
    if not found.initiatives:
        raise Refused(f"{name}: no rows; write initiative,reviewer,affinity")
    return found


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    if name == "-":
        yield sys.stdin.buffer, None
        return
    try:
        with Path(name).open("rb", buffering=0) as file:
            yield file, Path(name).stat().st_size
    except OSError as error:
        raise Refused(f"{name}: {error.strerror}; name a file that can be read") from None


def _rows(name: str, header: str) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells of a small file, without its header if the first cell is the header's."""
    with _opened(name) as (file, _size):
        lines = file.read().decode("utf-8-sig").splitlines()
    # A province has a million conflicts; a plain split is four times as fast as the reader, and enough without quotes.
    plain = not any('"' in line for line in lines)
    for number, row in enumerate((line.split(",") for line in lines) if plain else csv.reader(lines), 1):
        cells = row if plain and " " not in lines[number - 1] else [cell.strip() for cell in row]
        if any(cells) and not (number == 1 and cells[0].lower() == header):
            yield number, cells


def _loads(name: str) -> dict[str, tuple[int, int]]:
    """Return most and least per reviewer."""
    loads, problems = {}, []
    for number, cells in _rows(name, "reviewer"):
        try:
            most, least = int(cells[1]), int(cells[2]) if len(cells) > 2 and cells[2] else 0
        except (IndexError, ValueError):
            problems.append(f"{name}: row {number}: {','.join(cells)!r}; write reviewer,max[,min] in whole numbers")
            continue
        if least < 0 or most < least:
            problems.append(f"{name}: row {number}: from {least} to {most} is no range; write max not below min")
        loads[cells[0]] = most, least
    if problems:
        raise Refused(*problems)
    return loads


def _mark_conflicts(ranked: table.PairTable, name: str) -> tuple[Whole, Whole]:
    """Bar the forbidden pairs in the table and return the forced ones."""
    rows = {each: place for place, each in enumerate(ranked.initiatives)}
    columns = {each: place for place, each in enumerate(ranked.reviewers)}
    forbidden: list[tuple[int, int]] = []
    forced: list[tuple[int, int]] = []
    problems = []
    for number, cells in _rows(name, "initiative"):
        value = (cells[2] if len(cells) > 2 else "") or "-1"
        pair = rows.get(cells[0]), columns.get(cells[1]) if len(cells) > 1 else None
        if value not in _VALUES or len(cells) < 2:
            problems.append(f"{name}: row {number}: {','.join(cells)!r}; write initiative,reviewer[,-1 or 1]")
        elif pair[0] is None:
            problems.append(f"{name}: row {number}: initiative {cells[0]!r} has no affinity row; correct the name")
        elif pair[1] is None:
            problems.append(f"{name}: row {number}: reviewer {cells[1]!r} has no affinity row; correct the name")
        elif value[0] != "0":
            (forbidden if value[0] == "-" else forced).append((pair[0], pair[1]))
    problems += [f"{name}: a pair is forced and forbidden; decide" for _pair in {*forbidden} & {*forced}]
    if problems:
        raise Refused(*problems)
    at = np.array(forbidden, np.int64).reshape(-1, 2).T
    ranked.worth[at[0], at[1]] = barred(ranked.worth)
    fixed = np.array(sorted({*forced}), np.int64).reshape(-1, 2).T
    return fixed[0], fixed[1]


def _problem(
    ranked: table.PairTable, wishes: Wishes, loads: dict[str, tuple[int, int]], forced: tuple[Whole, Whole]
) -> Problem:
    """Return the question; forced pairs are set aside as given."""
    count = len(ranked.initiatives)
    usual = count if wishes.max_load is None else wishes.max_load, wishes.min_load
    limits = np.array([loads.get(name, usual) for name in ranked.reviewers], np.int64).reshape(-1, 2)
    most = np.minimum(limits[:, 0], count)
    if (limits[:, 1] > most).any():
        name = ranked.reviewers[int(np.argmax(limits[:, 1] > most))]
        raise Refused(f"reviewer {name}: the least load is above the most, or above the number of initiatives")
    asked = np.full(count, wishes.reviews, np.int64)
    for places, room, names, what in (
        (forced[0], asked, ranked.initiatives, "initiative"),
        (forced[1], most, ranked.reviewers, "reviewer"),
    ):
        over = np.flatnonzero(np.bincount(places, minlength=len(names)) > room)
        if over.size:
            raise Refused(f"{wishes.conflicts}: {what} {names[over[0]]}: more forced pairs than {room[over[0]]}")
    problem = Problem(ranked.worth, asked, most, limits[:, 1], wishes.seed)
    problem = solve.set_aside(problem, *forced) if forced[0].size else problem
    if wishes.randomize is not None:
        problem = draw.by_lot(problem, Fraction(str(wishes.randomize)))
    return problem


def _solve(problem: Problem, wishes: Wishes, ranked: table.PairTable) -> tuple[Plan, Plan]:
    """Return the planned probabilities and what was drawn from them; one and the same without a lot."""
    try:
        plan = (solve.fair if wishes.fair else solve.assign)(problem)
    except Impossible as error:
        raise Refused(*_reason(error.shortage, problem, ranked)) from None
    return plan, plan if problem.grid == 1 else draw.draw(plan, problem.grid, wishes.seed)


def _reason(reason: Shortage, problem: Problem, ranked: table.PairTable) -> Iterator[str]:
    """Yield why there is no assignment, and what would make one possible."""
    works = _list([ranked.initiatives[place] for place in reason.initiatives])
    people = _list([ranked.reviewers[place] for place in reason.reviewers])
    if reason.owed:
        yield f"reviewer {people}: promised {reason.needed if not reason.initiatives else reason.room} initiatives in all, {reason.lacking} more than can be given; lower the least load"
        return
    if not reason.reviewers:
        yield f"initiative {works}: lacks {reason.lacking} of {reason.needed} reviewers, {reason.others} may read it; add reviewers without conflict or ask for fewer reviews"
        return
    help_ = shortage.remedy(reason, problem)
    if len(reason.initiatives) == len(ranked.initiatives):
        yield (
            f"all initiatives: {reason.needed} reviews are needed, the reviewers can take {reason.room + reason.others}, "
            f"{reason.lacking} are lacking; add {help_.more_people} reviewers, "
            f"or let each take {help_.more_load} more"
        )
        return
    yield (
        f"initiative {works}: lack {reason.lacking} of {reason.needed} reviews together; "
        f"the reviewers who may read them ({people}) can take {reason.room}, others {reason.others}; "
        f"add {help_.more_people} reviewers without conflict, or let each of these take {help_.more_load} more"
    )


def _list(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _write(name: str, found: table.PairTable, pairs: Pairs) -> None:
    """Write the pairs in the order of the file that was read."""
    order = np.lexsort((pairs.columns, pairs.rows))
    text = _amounts(pairs.worth[order], found.decimals)
    lines = zip(pairs.rows[order].tolist(), pairs.columns[order].tolist(), text, strict=True)
    try:
        with _target(name) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("initiative", "reviewer", "affinity"))
            writer.writerows((found.initiatives[row], found.reviewers[column], value) for row, column, value in lines)
    except OSError as error:
        raise Refused(f"{name}: {error.strerror}; name a file that can be written") from None


@contextmanager
def _target(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdout
    else:
        with Path(name).open("w", encoding="utf-8", newline="") as file:
            yield file


def _amounts(worth: Whole, decimals: int) -> list[str]:
    """Return the exact decimals of the numbers."""
    if not decimals:
        return [str(value) for value in worth.tolist()]
    unit = 10**decimals
    return [
        f"{'-' if value < 0 else ''}{abs(value) // unit}.{abs(value) % unit:0{decimals}}" for value in worth.tolist()
    ]


def _outcome(ranked: table.PairTable, plan: Plan, pairs: Pairs, problem: Problem) -> Outcome:
    """Return the figures; ``expected`` only where lots were drawn."""
    unit = 10**ranked.decimals
    sums = np.zeros(len(ranked.initiatives), np.int64)
    np.add.at(sums, pairs.rows, pairs.worth)
    loads = np.bincount(pairs.columns, minlength=len(ranked.reviewers))
    count, asked = len(pairs.rows), int(problem.seats.sum())
    total, fixed = int(pairs.worth.sum()), int(pairs.worth[asked:].sum())
    # Values of more decimals than are kept were rounded: that much, at most, an optimum of theirs could be better.
    slip = Fraction(count, max(1, abs(total))) if ranked.is_rounded else Fraction(0)
    return Outcome(
        total=Fraction(total, unit),
        pairs=count,
        min_initiative=Fraction(int(sums.min()), unit),
        loads=(int(loads.min()), int(loads.max())),
        optimal=plan.gap == 0,
        gap=plan.gap + slip,
        expected=None if problem.grid == 1 else Fraction(plan.total, problem.grid * unit) + Fraction(fixed, unit),
    )
