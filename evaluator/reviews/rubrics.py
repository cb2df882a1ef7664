"""The frozen rubric of a round, read once per process: opening a round fixes it for good; and reading by it."""

from typing import Any

from evaluator.core.errors import Invalid, Message
from evaluator.rounds.models import Round
from evaluator.rules import rubric_document, scoring
from evaluator.rules.rubric import Rubric, Value
from evaluator.rules.scoring.pipeline import Scorer

_known: dict[str, Rubric] = {}
_scorers: dict[str, Scorer] = {}


def rubric_of(a_round: Round) -> Rubric:
    """Return the rubric a round froze when it opened."""
    return read(a_round.digest, a_round.rubric)


def scorer_of(a_round: Round) -> Scorer:
    """Return what turns the sheets of a round into outcomes."""
    if a_round.digest not in _scorers or not a_round.digest:
        _scorers[a_round.digest] = Scorer(rubric_of(a_round))
    return _scorers[a_round.digest]


def read(digest: str, document: dict[str, Any]) -> Rubric:
    """Return the rubric of a frozen document; without a digest (nothing is frozen) it is read anew."""
    if digest not in _known or not digest:
        _known[digest] = rubric_document.from_document(document)
    return _known[digest]


def typed_points(rubric: Rubric, texts: dict[str, str]) -> tuple[dict[str, Value], dict[str, list[Message]]]:
    """Read what was typed, criterion by criterion; return the points, and what could not be read."""
    points: dict[str, Value] = {}
    wrong: dict[str, list[Message]] = {}
    for criterion in rubric.criteria:
        try:
            value = scoring.parse_points(texts.get(criterion.key, ""), criterion)
        except Invalid as error:
            wrong |= error.fields
        else:
            if value is not None:
                points[criterion.key] = value
    return points, wrong
