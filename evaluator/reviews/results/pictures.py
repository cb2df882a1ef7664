"""What the pages of results show beside the figures: the distribution, dots of sheets, the table of an explanation."""

from dataclasses import dataclass

from evaluator.core.text import Sentence
from evaluator.reviews.blind import pass_mark
from evaluator.reviews.results.queries import ResultView, ScoringState
from evaluator.reviews.results.service import BUCKETS, is_far_apart, shown
from evaluator.reviews.rubrics import rubric_of
from evaluator.rounds.models import Round
from evaluator.rules.rubric import Choice, Criterion
from evaluator.rules.scoring.outcome import GateResult, Outcome


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many initiatives reached how many points: (from, to, how many), the scale, the pass mark in hundredths."""

    counts: tuple[tuple[float, float, int], ...]
    maximum: float
    pass_at: int | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion over all sheets; points in hundredths, a choice in words, None where a sheet is missing."""

    label: str
    most: int | None
    given: tuple[int | str | None, ...]
    mean: int | None


@dataclass(frozen=True, slots=True)
class GateLine:
    """One condition: what was reached, what is needed; shares in hundredths of the whole."""

    label: str
    value: int
    needed: int
    is_met: bool
    decides: bool
    at_most: bool


@dataclass(frozen=True, slots=True)
class SheetTotal:
    """One sheet's total, and why it does not count wholly."""

    total: int
    used: bool
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that led to a result, ready to be shown."""

    maximum: int | None
    pass_at: int | None
    score: int | None
    unscored: Sentence | None
    passed: bool
    spread: int | None
    is_far_apart: bool
    totals: dict[int, SheetTotal]  # by the number of the sheet
    criteria: tuple[CriterionLine, ...]
    gates: tuple[GateLine, ...]
    flags: tuple[Sentence, ...]
    steps: tuple[Sentence, ...]


def distribution(a_round: Round, scoring: ScoringState | None) -> Distribution | None:
    """Return the distribution of scores as of the last ranking; None before it or without a bound."""
    rubric = rubric_of(a_round)
    if scoring is None or not sum(scoring.histogram) or rubric.reachable is None:
        return None
    width = float(rubric.reachable) / BUCKETS
    counts = tuple((round(i * width, 2), round((i + 1) * width, 2), count) for i, count in enumerate(scoring.histogram))
    return Distribution(counts, float(rubric.reachable), pass_mark(rubric))


def scale_of(a_round: Round) -> int | None:
    """Return the most points of a sheet in hundredths; None without a bound."""
    most = rubric_of(a_round).reachable
    return None if most is None else shown(most)


def explain(a_round: Round, view: ResultView) -> Explanation:
    """Return the explanation of a result; empty where no sheet is signed yet."""
    rubric, outcome = rubric_of(a_round), view.outcome
    results = {sheet.reviewer: sheet for sheet in outcome.sheets} if outcome else {}
    totals = {
        sheet.number: SheetTotal(shown(found.total), found.used, found.why)
        for sheet in view.sheets
        if (found := results.get(sheet.key)) is not None
    }
    marks = [result.total for result in results.values()]
    spread = max(marks) - min(marks) if len(marks) > 1 else None
    return Explanation(
        maximum=scale_of(a_round),
        pass_at=pass_mark(rubric),
        score=shown(outcome.score) if outcome and outcome.score is not None else None,
        unscored=outcome.unscored if outcome else None,
        passed=bool(outcome and outcome.passed),
        spread=None if spread is None else shown(spread),
        is_far_apart=is_far_apart(rubric, spread),
        totals=totals,
        criteria=tuple(_line(criterion, view, outcome) for criterion in rubric.criteria),
        gates=tuple(_gate(gate) for gate in outcome.gates) if outcome else (),
        flags=tuple(flag.text for flag in outcome.flags) if outcome else (),
        steps=tuple(step.text for step in outcome.steps) if outcome else (),
    )


def _line(criterion: Criterion, view: ResultView, outcome: Outcome | None) -> CriterionLine:
    means = dict(outcome.criteria) if outcome else {}
    mean = means.get(criterion.key)
    return CriterionLine(
        label=criterion.label,
        most=criterion.most if criterion.scores else None,
        given=tuple(_given(criterion, sheet.points.get(criterion.key)) for sheet in view.sheets),
        mean=None if mean is None else shown(mean),
    )


def _given(criterion: Criterion, value: int | str | None) -> int | str | None:
    if isinstance(criterion, Choice):
        option = criterion.option(value)
        return option.label if option else None
    return value


def _gate(gate: GateResult) -> GateLine:
    return GateLine(
        label=gate.label,
        value=shown(gate.value),
        needed=shown(gate.needed),
        is_met=gate.met,
        decides=gate.decides,
        at_most=gate.at_most,
    )
