"""An old round recomputes to the same bytes: frozen rubrics, their sheets and their outcomes, kept as files.

These files are never regenerated. A change of the rules gets a new version beside the old one, and files of its own.
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evaluator.rules import rubric_document, scoring

GOLDEN = Path(__file__).parents[1] / "golden" / "scoring"
NAMES = sorted(path.name.removesuffix(".rubric.json") for path in GOLDEN.glob("*.rubric.json"))


def frozen(name):
    return json.loads((GOLDEN / f"{name}.rubric.json").read_text(encoding="utf-8"))


def dossier(raw):
    sheets = tuple(scoring.Sheet(each["reviewer"], each["points"], each["role"]) for each in raw["sheets"])
    return scoring.Dossier(
        raw["initiative"],
        sheets,
        raw["category"],
        raw["votes"],
        date.fromisoformat(raw["submitted_on"]),
        raw["council_votes"],
        raw.get("field", ""),
        raw.get("unit", ""),
    )


# Measured once on a round of its own and kept with it, as a real one would be.
LENIENCIES = {"later-caps": {"r0": 40, "r1": -25, "r2": 5, "r3": 0, "r4": -60, "r5": 40}}


def outcomes(name):
    """The canonical bytes of all outcomes of a golden round, ranked."""
    rubric = rubric_document.from_document(frozen(name))
    raw = json.loads((GOLDEN / f"{name}.dossiers.json").read_text(encoding="utf-8"))
    scorer, dossiers = scoring.Scorer(rubric), [dossier(each) for each in raw]
    season = replace(scorer.season(dossiers), leniencies=LENIENCIES.get(name, {}))
    ranked = scoring.ranked(rubric, scorer.outcomes(dossiers, season))
    return b"[\n" + b",\n".join(rubric_document.canonical_bytes(scoring.document(each)) for each in ranked) + b"\n]"


def test_there_is_a_golden_round_for_each_preset_and_for_every_kind():
    assert [name[:3] for name in NAMES] == ["eve", "lat", "lat", "r01", "r02", "r03", "r04", "r05", "r07", "r09", "r10"]


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_rubric_is_read_and_written_to_the_same_bytes(name):
    kept = (GOLDEN / f"{name}.rubric.json").read_bytes()
    rubric = rubric_document.from_document(json.loads(kept))

    assert rubric_document.canonical_bytes(rubric_document.as_document(rubric)) + b"\n" == kept


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_round_recomputes_to_the_same_bytes(name):
    assert outcomes(name) + b"\n" == (GOLDEN / f"{name}.outcomes.json").read_bytes()
