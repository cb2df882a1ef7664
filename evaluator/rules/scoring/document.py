"""Outcomes as plain documents: the same numbers whenever they are computed, words only if somebody reads them."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from evaluator.core.text import Sentence
from evaluator.rules.amounts import plain
from evaluator.rules.scoring.outcome import GateResult, Outcome, SheetResult, StepResult

Tell = Callable[[Sentence], str]
PLACES = 2


def document(outcome: Outcome, tell: Tell | None = None) -> dict[str, Any]:
    """Return an outcome as JSON data; numbers are exact decimals or fractions in texts.

    Without ``tell`` there are no words in it: its canonical bytes depend on nothing but points and rules.
    """
    found: dict[str, Any] = {
        "initiative": outcome.initiative,
        "sheets": [_sheet(sheet, tell) for sheet in outcome.sheets],
        "steps": [_step(step, tell) for step in outcome.steps],
        "criteria": {key: _number(mean) for key, mean in outcome.criteria},
        "groups": {key: _number(mean) for key, mean in outcome.groups},
        "score": None if outcome.score is None else _number(outcome.score),
        "class": outcome.class_key or None,
        "passed": outcome.passed,
        "gates": [_gate(gate) for gate in outcome.gates],
        "asks_for_another_sheet": outcome.asks_for_another_sheet,
        "rank": outcome.rank,
        "tied": outcome.tied,
    }
    if tell is not None:
        found["flags"] = [tell(flag.text) for flag in outcome.flags]
        found["unscored"] = "" if outcome.unscored is None else tell(outcome.unscored)
        found["capped"] = "" if outcome.capped is None else tell(outcome.capped)
        found["tie_broken_by"] = "" if outcome.broken_by is None else tell(outcome.broken_by)
    return found


def _number(value: Fraction) -> str:
    return plain(value, PLACES)


def _sheet(sheet: SheetResult, tell: Tell | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "reviewer": sheet.reviewer,
        "total": _number(sheet.total),
        "counted": _number(sheet.counted),
        "weight": plain(sheet.weight),
        "used": sheet.used,
    }
    if tell is not None:
        found["why"] = "" if sheet.why is None else tell(sheet.why)
    return found


def _step(step: StepResult, tell: Tell | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "step": step.kind,
        "adds": _number(step.adds),
        "score": None if step.score is None else _number(step.score),
        "reviewers": list(step.reviewers),
    }
    if tell is not None:
        found["text"] = tell(step.text)
    return found


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "gate": gate.gate,
        "label": gate.label,
        "value": _number(gate.value),
        "needed": _number(gate.needed),
        "met": gate.met,
        "decides": gate.decides,
        "at_most": gate.at_most,
        "for_class": gate.for_class,
        "alternatives": [_gate(each) for each in gate.alternatives],
    }
