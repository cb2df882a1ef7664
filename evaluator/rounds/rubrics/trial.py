"""Made-up points turned into an outcome, to see what a rubric does before anybody depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.core.errors import Invalid, Message
from evaluator.rules import scoring
from evaluator.rules.rubric import Rubric, Value

MOST_SHEETS = 9
USUAL_SHEETS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """What was typed, what is wrong with it, and what came out."""

    texts: dict[tuple[str, int], str]
    wrong: dict[tuple[str, int], list[Message]]
    outcome: scoring.Outcome | None
    lines: tuple[scoring.Line, ...]


def name_of(key: str, number: int) -> str:
    """Return the name of the box for a criterion on a made-up sheet."""
    return f"s{number}-{key}"


def run(rubric: Rubric, typed: Mapping[str, str], sheets: int, facts: dict[str, Any]) -> Trial:
    """Score made-up sheets. A sheet on which nothing is typed is left out."""
    texts = {
        (criterion.key, number): typed.get(name_of(criterion.key, number), "")
        for number in range(1, sheets + 1)
        for criterion in rubric.criteria
    }
    wrong: dict[tuple[str, int], list[Message]] = {}
    made = []
    for number in range(1, sheets + 1):
        points = _read(rubric, texts, number, wrong)
        if points:
            made.append(scoring.Sheet(str(number), points, typed.get(f"s{number}-role", "")))
    if wrong or not made:
        return Trial(texts, wrong, None, ())
    highest = facts.pop("highest_votes", None) or facts.get("votes") or 0
    try:
        found = scoring.Scorer(rubric).outcome(scoring.Dossier("x", tuple(made), **facts), scoring.Season(highest))
    except Invalid as invalid:
        for place, why in invalid.fields.items():
            _dossier, number_text, *key = place.split(" / ")
            wrong[key[0] if key else "", int(number_text)] = why
        return Trial(texts, wrong, None, ())
    ranked = scoring.ranked(rubric, [found])[0]
    return Trial(texts, wrong, found, scoring.explain(rubric, ranked, audience=scoring.Audience.AUTHOR))


def _read(
    rubric: Rubric, texts: dict[tuple[str, int], str], number: int, wrong: dict[tuple[str, int], list[Message]]
) -> dict[str, Value]:
    points: dict[str, Value] = {}
    for criterion in rubric.criteria:
        try:
            value = scoring.parse_points(texts[criterion.key, number], criterion)
        except Invalid as invalid:
            wrong[criterion.key, number] = invalid.fields[criterion.key]
        else:
            if value is not None:
                points[criterion.key] = value
    return points
