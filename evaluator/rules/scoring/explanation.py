"""The explanation of one outcome: every number from the sheets to the rank, in sentences that add up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS, Figure
from evaluator.rules.procedure import Combine, Middle
from evaluator.rules.rubric import Rubric
from evaluator.rules.scoring.outcome import GateResult, Numbers, Outcome, SheetResult

SHEET_NAMED = N_("Sheet of %(reviewer)s: %(total)s points.")
SHEET_NUMBERED = N_("Sheet %(number)s: %(total)s points.")
SHEET_NAMED_WHY = N_("Sheet of %(reviewer)s: %(total)s points — %(why)s.")
SHEET_NUMBERED_WHY = N_("Sheet %(number)s: %(total)s points — %(why)s.")
PART = N_("%(label)s: %(points)s points.")
CONTRIBUTION = N_("%(label)s, mean of the counted sheets: %(points)s points.")
NO_SCORE = N_("There is no score: %(why)s")
SCORE = N_("Score: %(score)s points.")
AT_LEAST_MET = N_("%(label)s: %(value)s, at least %(needed)s needed: met.")
AT_LEAST_MISSED = N_("%(label)s: %(value)s, at least %(needed)s needed: not met.")
AT_MOST_MET = N_("%(label)s: a share of %(value)s, at most %(needed)s allowed: met.")
AT_MOST_MISSED = N_("%(label)s: a share of %(value)s, at most %(needed)s allowed: not met.")
ANY_MET = N_("%(label)s: %(value)s of the alternatives are met; one is enough.")
ANY_MISSED = N_("%(label)s: none of the alternatives is met.")
FOR_CLASS = N_("For “%(class_name)s”: %(verdict)s")
NOT_DECISIVE = N_("%(verdict)s This alone does not decide.")
WHOLE_SCORE = N_("Score")
CLASS = N_("Result: “%(label)s”.")
NO_CLASS = N_("Result: no class.")
PASSED = N_("The conditions are met.")
UNDECIDED = N_("The conditions are met. Whether it succeeds waits for the council.")
NO_ROOM = N_("The conditions are met, but no place was left.")
NOT_PASSED = N_("The conditions are not met.")
RANK = N_("Rank %(rank)s.")
TIED = N_("Rank %(rank)s, shared with others: nothing in the rules tells them apart.")


class Audience(StrEnum):
    """For whom it is written: the author never learns who marked."""

    COUNCIL = "council"
    AUTHOR = "author"


class Part(StrEnum):
    """Where in the explanation a line stands."""

    SHEET = "sheet"
    CRITERION = "criterion"
    STEP = "step"
    SUMMAND = "summand"
    SCORE = "score"
    GATE = "gate"
    RESULT = "result"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with the number it is about.

    The amounts of the lines in ``SUMMAND`` add up to the amount of the ``SCORE`` line, exactly; those in
    ``CRITERION`` add up to the sheet above them unless the rubric caps its total.
    """

    part: Part
    text: Sentence
    amount: Fraction | None = None


def explain(
    rubric: Rubric, outcome: Outcome, *, audience: Audience = Audience.COUNCIL, names: Mapping[str, str] | None = None
) -> tuple[Line, ...]:
    """Return the explanation line by line; ``names`` gives the reviewers' names for the council's eyes.

    For the author sheets are numbered from the highest total down, so that a number says nothing about a person.
    """
    return (
        *_sheets(rubric, outcome, audience, names or {}),
        *(Line(Part.STEP, step.text, step.score) for step in outcome.steps),
        *_sum(rubric, outcome),
        *(Line(Part.GATE, verdict(gate), gate.value) for gate in outcome.gates),
        *_result(rubric, outcome),
    )


def _sheets(rubric: Rubric, outcome: Outcome, audience: Audience, names: Mapping[str, str]) -> Iterator[Line]:
    if audience is Audience.COUNCIL:
        ordered = sorted(outcome.sheets, key=lambda sheet: sheet.reviewer)
    else:
        ordered = sorted(outcome.sheets, key=lambda sheet: (-sheet.total, sheet.worths))
    for number, sheet in enumerate(ordered, start=1):
        yield Line(Part.SHEET, _sheet(sheet, number, audience, names), sheet.total)
        for key, worth in sheet.worths:
            label, points = rubric.by_key[key].label, worth * rubric.factors[key]
            yield Line(Part.CRITERION, sentence(PART, label=label, points=Figure(points)), points)


def _sheet(sheet: SheetResult, number: int, audience: Audience, names: Mapping[str, str]) -> Sentence:
    total = Figure(sheet.total)
    if audience is Audience.AUTHOR:
        if sheet.why is None:
            return sentence(SHEET_NUMBERED, number=number, total=total)
        return sentence(SHEET_NUMBERED_WHY, number=number, total=total, why=sheet.why)
    reviewer = names.get(sheet.reviewer, sheet.reviewer)
    if sheet.why is None:
        return sentence(SHEET_NAMED, reviewer=reviewer, total=total)
    return sentence(SHEET_NAMED_WHY, reviewer=reviewer, total=total, why=sheet.why)


def _sum(rubric: Rubric, outcome: Outcome) -> Iterator[Line]:
    if outcome.score is None:
        yield Line(Part.SCORE, sentence(NO_SCORE, why=outcome.unscored))
        return
    for key, points in contributions(rubric, outcome):
        label = rubric.by_key[key].label
        yield Line(Part.SUMMAND, sentence(CONTRIBUTION, label=label, points=Figure(points)), points)
    for step in outcome.steps:
        if step.adds:
            yield Line(Part.SUMMAND, step.text, step.adds)
    yield Line(Part.SCORE, sentence(SCORE, score=Figure(outcome.score)), outcome.score)


def contributions(rubric: Rubric, outcome: Outcome) -> Numbers:
    """Return what each criterion brings into the score, before sheets were capped, moved or rounded."""
    summing = any(isinstance(step, Combine) and step.by is Middle.SUM for step in rubric.steps)
    factor = HUNDREDTHS * (outcome.weight if summing else Fraction(1))
    return tuple((key, mean * rubric.factors[key] * factor) for key, mean in outcome.criteria)


def verdict(gate: GateResult) -> Sentence:
    """Return one gate in words: what was reached, what is needed, whether it is met."""
    values = {"label": gate.label or sentence(WHOLE_SCORE), "value": Figure(gate.value), "needed": Figure(gate.needed)}
    if gate.alternatives:
        told = sentence(ANY_MET if gate.met else ANY_MISSED, **values)
    elif gate.at_most:
        told = sentence(AT_MOST_MET if gate.met else AT_MOST_MISSED, **values)
    else:
        told = sentence(AT_LEAST_MET if gate.met else AT_LEAST_MISSED, **values)
    if gate.for_class:
        return sentence(FOR_CLASS, class_name=gate.for_class, verdict=told)
    return told if gate.decides else sentence(NOT_DECISIVE, verdict=told)


def _result(rubric: Rubric, outcome: Outcome) -> Iterator[Line]:
    if outcome.score is None:
        return
    given = next((each for each in rubric.classes if each.key == outcome.class_key), None)
    if rubric.classes:
        text = sentence(CLASS, label=given.label) if given else sentence(NO_CLASS)
        yield Line(Part.RESULT, text)
    if outcome.capped is not None:
        yield Line(Part.RESULT, outcome.capped)
    yield Line(Part.RESULT, sentence(_verdict_on(outcome)))
    if outcome.rank is not None:
        yield Line(Part.RANK, sentence(TIED if outcome.tied else RANK, rank=outcome.rank))
    if outcome.broken_by is not None:
        yield Line(Part.RANK, outcome.broken_by)


def _verdict_on(outcome: Outcome) -> str:
    """Return which sentence tells whether it is a success; a cap may have left it without a place."""
    if outcome.capped is None or (outcome.passed and outcome.class_key):
        return PASSED if outcome.passed else NOT_PASSED
    return UNDECIDED if outcome.passed else NO_ROOM
