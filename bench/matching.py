"""Assigning from .csv to .csv, the whole command: sizes of a commune and of a province, drop-outs, drawing by lot.

python -m bench matching                 # up to 10,000 x 400
python -m bench.matching --province      # 62,887 x 1,000 x 3 and 62,887 x 2,000 x 5 as well; 4 GB of scratch space
"""

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import processes
from bench.measure import Row
from evaluator.rules.matching import solve
from evaluator.rules.matching.problem import Problem, barred

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
FIELDS, UNITS = 40, 60


@dataclass(frozen=True, slots=True)
class Season:
    """A size, and what it may cost at most."""

    initiatives: int
    reviewers: int
    reviews: int
    seconds: float
    megabytes: int

    @property
    def most(self) -> int:
        """Capacity is a quarter more than what is needed."""
        return -(-self.initiatives * self.reviews * 5 // (4 * self.reviewers))

    @property
    def size(self) -> str:
        """Return the size in words."""
        return f"{self.initiatives} x {self.reviewers} x {self.reviews}"


USUAL = (Season(50, 10, 3, 0.5, 300), Season(1_000, 100, 3, 2, 300), Season(10_000, 400, 3, 5, 300))
PROVINCE = (Season(62_887, 1_000, 3, 30, 1_200), Season(62_887, 2_000, 5, 60, 1_500))


def worth(season: Season, start: int, stop: int) -> NDArray[np.int16]:
    """Return affinities of some rows in ten-thousandths: fields of uneven popularity, blocks of conflicts, 1 % more."""
    people = np.random.default_rng(season.reviewers)
    popular = 1 / np.arange(1, FIELDS + 1) ** 0.7
    knows = people.random((season.reviewers, FIELDS)) < popular / popular.sum() * 2.5
    unit = people.integers(0, UNITS, season.reviewers)
    chance = np.random.default_rng([season.reviewers, start])
    field = chance.choice(FIELDS, stop - start, p=popular / popular.sum())
    fit = chance.random((stop - start, season.reviewers)) ** 2 * 0.5 + knows[:, field].T * 0.4
    fit += 0.1 * chance.random(fit.shape)
    table = np.round(np.clip(fit, 0, 1) * 10_000).astype(np.int16)
    closed = (chance.integers(0, UNITS, stop - start)[:, None] == unit) | (chance.random(table.shape) < 0.01)
    table[closed] = barred(table)
    return table


def write(season: Season, folder: Path) -> None:
    """Write the affinities and the conflicts of a season, a thousand initiatives at a time."""
    texts = [f"{value // 10_000}.{value % 10_000:04}\n" for value in range(10_001)]
    names = [f"R{place:04}," for place in range(season.reviewers)]
    with (folder / "affinity.csv").open("w") as pairs, (folder / "conflicts.csv").open("w") as conflicts:
        pairs.write("initiative,reviewer,affinity\n")
        conflicts.write("initiative,reviewer,value\n")
        for start in range(0, season.initiatives, 1000):
            stop = min(season.initiatives, start + 1000)
            for at, row in enumerate(worth(season, start, stop).tolist(), start):
                name = f"SK{at:06},"
                pairs.write("".join(name + who + texts[max(value, 0)] for who, value in zip(names, row, strict=True)))
                conflicts.write("".join(f"{name}{who}-1\n" for who, value in zip(names, row, strict=True) if value < 0))


def command(season: Season, *, lot: bool = False) -> Row:
    """Run the whole command on a season of its own."""
    with tempfile.TemporaryDirectory(prefix="matching-") as place:
        folder = Path(place)
        write(season, folder)
        reading = plain_reading(folder / "affinity.csv") if season.initiatives <= USUAL[-1].initiatives else 0.0
        options = ["--affinity", str(folder / "affinity.csv"), "--conflicts", str(folder / "conflicts.csv")]
        options += ["--reviews", str(season.reviews), "--max-load", str(season.most), "--json"]
        options += ["--out", str(folder / "plan.csv"), *(["--randomize", "0.5"] if lot else [])]
        with (folder / "figures.json").open("w") as told:
            wall, cost, peak = processes.peak([*FLASK, "assign", *options], folder, output=told)
        figures = json.loads((folder / "figures.json").read_text())
    note = f"{season.size}; {wall:.1f} s wall, {peak:.0f} MB, gap {figures['gap']}, total {figures['total']:.4f}"
    if reading:
        note += f"; {cost / reading:.1f} x a plain reading ({reading:.2f} s)"
    aim = f"{season.seconds:g} s, {season.megabytes} MB"
    what = "assign by lot at 0.5" if lot else "assign from files"
    return Row(what, season.initiatives, cost * 1000, cost * 1000, note=note, aim=aim)


def plain_reading(path: Path) -> float:
    """Return the processor seconds that Python's own reader needs to read the file and its numbers."""
    begun = time.process_time()
    with path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for _initiative, _reviewer, value in rows:
            float(value)
    return time.process_time() - begun


def refill() -> Row:
    """Ten of four hundred reviewers drop out of ten thousand initiatives."""
    season = USUAL[-1]
    table = np.concatenate([worth(season, at, at + 1000) for at in range(0, season.initiatives, 1000)])
    seats, most = np.full(season.initiatives, season.reviews), np.full(season.reviewers, season.most)
    none = np.zeros(season.reviewers, np.int64)
    plan = solve.assign(Problem(table.copy(), seats, most, none))
    stays = plan.reviewer >= 10
    table[:, :10] = barred(table)
    begun = time.process_time()
    fresh = solve.refill(Problem(table, seats, most, none), plan.initiative[stays], plan.reviewer[stays])
    cost = time.process_time() - begun
    note = f"{len(fresh.initiative)} seats refilled, nobody else's moved"
    return Row("ten reviewers drop out", season.initiatives, cost * 1000, cost * 1000, note=note, aim="1 s")


def rows(seasons: tuple[Season, ...] = USUAL) -> Iterator[Row]:
    """Yield every line."""
    for season in seasons:
        yield command(season)
    yield command(seasons[-1] if seasons[-1].reviews == USUAL[-1].reviews else seasons[-2], lot=True)
    yield refill()


def main() -> None:
    """Measure and print one JSON document per line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--province", action="store_true", help="the largest sizes as well")
    given = parser.parse_args()
    for row in rows(USUAL + PROVINCE if given.province else USUAL):
        print(json.dumps(asdict(row)), flush=True)


if __name__ == "__main__":
    main()
