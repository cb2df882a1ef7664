"""What is measured when a round is ranked, as data that is kept with the round: nothing of it decides anything."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from evaluator.core.text import Sentence
from evaluator.rules import agreement
from evaluator.rules.agreement import Calibration, Mark
from evaluator.rules.amounts import HUNDREDTHS
from evaluator.rules.procedure import Minimum
from evaluator.rules.rubric import Rubric

MOST_LISTED = 100


def measure(rubric: Rubric, marks: Sequence[Mark]) -> dict[str, Any]:
    """Return agreement, each reviewer's leniency, and where a decision on the total would change, as JSON data."""
    coefficient = agreement.alpha(marks)
    fitted = agreement.calibration(marks)
    return {
        "marks": len(marks),
        "alpha": coefficient,
        "words": agreement.in_words(coefficient),
        "noise": fitted.noise,
        "severity": fitted.severity,
        "doubts": [_kept(doubt) for doubt in fitted.doubts],
        "reviewers": [
            [each.reviewer, each.sheets, each.shared, each.raw, each.points, each.uncertainty]
            for each in fitted.reviewers
        ],
        **_at_the_line(rubric, marks, fitted),
    }


def _kept(doubt: Sentence) -> list[Any]:
    return [doubt.message, doubt.values]


def _at_the_line(rubric: Rubric, marks: Sequence[Mark], fitted: Calibration) -> dict[str, Any]:
    """Return what would change with corrected scores, and what lies within one standard error of the pass mark.

    Only for a rubric with one pass mark on the total, and in what it measures: the plain mean of the sheets.
    """
    line = next((gate.at_least for gate in rubric.gates if isinstance(gate, Minimum) and gate.of == "total"), None)
    if line is None or not marks:
        return {"line": None, "changed": [], "changed_count": 0, "near": [], "near_count": 0}
    at = float(Fraction(line, HUNDREDTHS))
    results = list(agreement.calibrated(marks, fitted))
    changed = [each for each in results if (each.raw >= at) != (each.corrected >= at)] if fitted.usable else []
    near = list(agreement.near_the_line(results, at))
    return {
        "line": at,
        "changed": [[int(each.initiative), each.raw, each.corrected] for each in changed[:MOST_LISTED]],
        "changed_count": len(changed),
        "near": [[int(each.initiative), each.raw, each.error] for each in near[:MOST_LISTED]],
        "near_count": len(near),
    }
