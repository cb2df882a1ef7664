"""What ranking a whole round decides beyond a score, as it is kept with each result: places compared, caps."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from evaluator.core.text import Sentence
from evaluator.reviews.models import ScoreResult, Standing
from evaluator.rules.amounts import Figure
from evaluator.rules.scoring import Capped, Outcome, Place


def columns(place: Place | None, limit: Capped | None) -> dict[str, Any]:
    """Return the columns of a result that a place or a cap changes; the words only where there are any.

    ``place`` is given where its words cannot be found again from the equals alone.
    """
    kept: dict[str, Any] = {}
    if place is not None and place.broken_by is not None:
        kept["places"] = _kept(place.broken_by)
    if limit is None:
        return {"decided": kept or None}
    kept["cap"] = {"class": limit.class_key, "passed": limit.passed, "why": _kept(limit.why)}
    changed: dict[str, Any] = {"decided": kept}
    return changed if limit.passed else {**changed, "standing": Standing.FAILED}


def with_decided(outcome: Outcome, result: ScoreResult) -> Outcome:
    """Return a recomputed outcome with what the ranking of the round decided about it."""
    kept: dict[str, Any] = result.decided or {}
    outcome = replace(outcome, rank=result.rank, tied=result.is_tied)
    if "places" in kept:
        outcome = replace(outcome, broken_by=_told(kept["places"]))
    if "cap" in kept:
        cap = kept["cap"]
        outcome = replace(outcome, class_key=cap["class"], passed=cap["passed"], capped=_told(cap["why"]))
    return outcome


def capped(kept: dict[str, Any] | None) -> dict[str, Any]:
    """Return the class and the verdict that a cap left, as columns of a locked outcome; nothing without one."""
    cap = (kept or {}).get("cap")
    return {"class_key": cap["class"], "passed": cap["passed"]} if cap else {}


def _kept(words: Sentence) -> list[Any]:
    """Return a sentence as JSON data; its exact numbers stay exact."""
    return [words.message, {name: _plain(value) for name, value in words.values.items()}]


def _plain(value: Any) -> Any:
    return {"figure": str(value.value), "places": value.places} if isinstance(value, Figure) else value


def _told(kept: list[Any]) -> Sentence:
    """Return the sentence that was kept."""
    message, values = kept
    return Sentence(message, {name: _figure(value) for name, value in values.items()})


def _figure(value: Any) -> Any:
    return Figure(Fraction(value["figure"]), value["places"]) if isinstance(value, dict) else value
