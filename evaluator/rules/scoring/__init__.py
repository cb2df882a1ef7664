"""From points to a rank, exactly: one sheet, the ordered steps over sheets, gates, classes, ties, explanation."""

from evaluator.rules.scoring.sheets import (
    Floor,
    check,
    check_complete,
    faults,
    floors,
    highest,
    missing,
    parse_points,
    parts,
    reachable,
    total,
)

__all__ = [
    "Floor",
    "check",
    "check_complete",
    "faults",
    "floors",
    "highest",
    "missing",
    "parse_points",
    "parts",
    "reachable",
    "total",
]
