"""Scoring by the rules alone: dossiers with three sheets of seven criteria (R7) scored, ranked, explained, measured."""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

from bench.measure import Row
from bench.processes import ROOT
from evaluator.rules import agreement, rubric_document, scoring

SHEETS, REVIEWERS, TIMES = 3, 1000, 3


def rows(sizes: tuple[int, ...]) -> Iterator[Row]:
    """Measure each size in a process of its own, so that its memory can be told."""
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "bench.scoring", str(size)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        yield from (Row(**row) for row in json.loads(done.stdout))


def main(size: int) -> None:
    """Print the rows of one size as JSON."""
    rubric = rubric_document.from_toml((ROOT / "rubrics" / "r07-young-science.toml").read_text(encoding="utf-8"))
    scorer = scoring.Scorer(rubric)

    def dossiers() -> Iterator[scoring.Dossier]:
        """Made up anew each time: nothing is kept, as when they come from a database."""
        rng = random.Random(7)
        for number in range(size):
            yield scoring.Dossier(
                f"S{number:06}",
                tuple(
                    scoring.Sheet(
                        str(reviewer),
                        {
                            each.key: 100 * rng.randint(each.maximum // 200, each.maximum // 100)
                            for each in rubric.criteria
                        },
                    )
                    for reviewer in rng.sample(range(REVIEWERS), SHEETS)
                ),
            )

    def made() -> None:
        for _ in dossiers():
            pass

    def ranked() -> None:
        scoring.places(rubric, filter(None, map(scoring.key_of, scorer.outcomes(dossiers()))))

    places = scoring.places(rubric, filter(None, map(scoring.key_of, scorer.outcomes(dossiers()))))

    def explained() -> None:
        for outcome in scorer.outcomes(dossiers()):
            scoring.explain(rubric, scoring.with_place(outcome, places))

    base = _median(made)[0]
    found = [
        _row("score and rank (R7, 3 sheets)", size, ranked, base),
        _row("score and explain", size, explained, base),
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    marks = [
        agreement.Mark(each.initiative, sheet.reviewer, Fraction(scoring.total(rubric, sheet.points)))
        for each in dossiers()
        for sheet in each.sheets
    ]
    found.append(
        _row("agreement and leniency", size, lambda: (agreement.alpha(marks), agreement.calibration(marks)), 0)
    )
    found[1]["note"] = f"{memory} MB at most"
    print(json.dumps(found))


def _row(what: str, size: int, act: Callable[[], object], base: float) -> dict[str, object]:
    median, most = _median(act)
    return {"what": what, "size": size, "median": median - base, "p95": most - base, "aim": "seconds", "note": ""}


def _median(act: Callable[[], object]) -> tuple[float, float]:
    taken = []
    for _ in range(TIMES):
        before = time.process_time()
        act()
        taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken), max(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
