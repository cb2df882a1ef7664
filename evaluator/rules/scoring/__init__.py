"""From points to a rank, exactly: one sheet, the ordered steps over sheets, gates, classes, ties, explanation."""

from evaluator.rules.scoring.caps import Capped
from evaluator.rules.scoring.document import document
from evaluator.rules.scoring.explanation import Audience, Line, Part, explain, verdict
from evaluator.rules.scoring.outcome import (
    Dossier,
    Flag,
    GateResult,
    Outcome,
    Season,
    Sheet,
    SheetResult,
    StepResult,
)
from evaluator.rules.scoring.pipeline import Scorer
from evaluator.rules.scoring.sheets import (
    Floor,
    check,
    check_complete,
    faults,
    floors,
    missing,
    parse_points,
    parts,
    total,
)
from evaluator.rules.scoring.ties import (
    Key,
    Place,
    close_race,
    key_of,
    places,
    ranked,
    with_caps,
    with_place,
    within_caps,
)

__all__ = [
    "Audience",
    "Capped",
    "Dossier",
    "Flag",
    "Floor",
    "GateResult",
    "Key",
    "Line",
    "Outcome",
    "Part",
    "Place",
    "Scorer",
    "Season",
    "Sheet",
    "SheetResult",
    "StepResult",
    "check",
    "check_complete",
    "close_race",
    "document",
    "explain",
    "faults",
    "floors",
    "key_of",
    "missing",
    "parse_points",
    "parts",
    "places",
    "ranked",
    "total",
    "verdict",
    "with_caps",
    "with_place",
    "within_caps",
]
