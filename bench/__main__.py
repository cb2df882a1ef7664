"""Measures the service and prints a table with medians and ratios: ``make bench``.

    python -m bench [pages] [import] [assign] [scoring] [book] [start] [durability] [--sizes 1000 5000 62887]

Without names: all of it. Times are milliseconds of the processor of the server (not of the clock on the wall, which a
busy machine stretches) unless the note says otherwise; SQL counts leave BEGIN and PRAGMA out.
"""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator

from bench import durability, matching, measure, office, scoring
from bench.measure import Row
from bench.processes import ROOT

SIZES = (1_000, 5_000, 62_887)


def pages(sizes: tuple[int, ...]) -> Iterator[Row]:
    """The most used pages; each size in a process of its own."""
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "bench.pages", str(size)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        yield from (Row(**row) for row in json.loads(done.stdout))


PARTS: dict[str, Callable[[tuple[int, ...]], Iterator[Row]]] = {
    "start": lambda _sizes: office.start(),
    "import": lambda _sizes: office.imports(),
    "assign": lambda _sizes: office.assignment(),
    "matching": lambda _sizes: matching.rows(),
    "scoring": scoring.rows,
    "book": lambda _sizes: office.book(),
    "pages": pages,
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join((*PARTS, 'durability'))}; none: all")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS) - {"durability"}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    rows = []
    for name, part in PARTS.items():
        if not given.parts or name in given.parts:
            print(f"measuring {name}", file=sys.stderr)
            rows += part(tuple(given.sizes))
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print(measure.table(rows))
    if not given.parts or "durability" in given.parts:
        print()
        durability.report()


if __name__ == "__main__":
    main()
