"""Floors, gates and classes: what must be reached besides the score, each with value, need and verdict."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from evaluator.rules.amounts import HUNDREDTHS, rounded
from evaluator.rules.procedure import AnyOf, Class, FewLow, Gate, Minimum, Round
from evaluator.rules.rubric import Choice, Criterion, Group, Rubric
from evaluator.rules.scoring.outcome import GateResult
from evaluator.rules.scoring.steps import Entry

MOST = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Standing:
    """What gates look at: the score, the means of the counted sheets, the sheets themselves."""

    rubric: Rubric
    category: str
    score: Fraction
    means: dict[str, Fraction]
    used: list[Entry]
    rounding: Round | None

    def value(self, of: str) -> Fraction:
        """Return the score for "total", else the mean of a criterion or group, rounded the way the score is."""
        if of == "total":
            return self.score
        if self.rounding is None:
            return self.means[of]
        return rounded(self.means[of], self.rounding.places, self.rounding.how)


def results(standing: Standing) -> tuple[list[GateResult], Class | None]:
    """Return every gate looked at, and the class. Killed by a gate, a dossier gets the last, failing class."""
    found = [*_floors(standing), *_killing_options(standing)]
    found += [_judge(gate, standing, f"gates[{number}]") for number, gate in enumerate(standing.rubric.gates)]
    if any(gate.decides and not gate.met for gate in found):
        last = standing.rubric.classes[-1:]
        return found, last[0] if last and not last[0].passes else None
    for each in standing.rubric.classes:
        if not _inside(standing.score, each):
            continue
        asked = [
            replace(_judge(gate, standing, f"{each.key}.gates[{number}]"), decides=False, for_class=each.label)
            for number, gate in enumerate(each.gates)
        ]
        found += asked
        if all(gate.met for gate in asked):
            return found, each
    return found, None


def _inside(score: Fraction, each: Class) -> bool:
    hundredths = score * HUNDREDTHS
    return hundredths >= each.at_least and (each.below is None or hundredths < each.below)


def _floors(standing: Standing) -> Iterator[GateResult]:
    things: list[Criterion | Group] = [*standing.rubric.criteria, *standing.rubric.groups]
    for each in things:
        if each.floor is not None:
            value, needed = standing.value(each.key), Fraction(each.floor, HUNDREDTHS)
            yield GateResult(each.key, each.label, value, needed, value >= needed, decides=each.kills)


def _killing_options(standing: Standing) -> Iterator[GateResult]:
    """Yield a gate per choice with a killing option: not more than half of the counted sheets may choose it."""
    for criterion in standing.rubric.criteria:
        if not isinstance(criterion, Choice):
            continue
        deadly = {option.key for option in criterion.options if option.kills}
        if deadly:
            chosen = sum(entry.sheet.points.get(criterion.key) in deadly for entry in standing.used)
            share = Fraction(chosen, len(standing.used))
            yield GateResult(criterion.key, criterion.label, share, MOST, share <= MOST, decides=True, at_most=True)


def _judge(gate: Gate, standing: Standing, place: str) -> GateResult:
    judge: Callable[[Gate, Standing, str], GateResult] = JUDGES[type(gate)]
    return judge(gate, standing, place)


def _minimum(gate: Minimum, standing: Standing, _place: str) -> GateResult:
    value, needed = standing.value(gate.of), Fraction(gate.needed(standing.category), HUNDREDTHS)
    return GateResult(gate.of, standing.rubric.label_of(gate.of), value, needed, value >= needed, decides=True)


def _few_low(gate: FewLow, standing: Standing, place: str) -> GateResult:
    """Judge by the criterion with the greatest share of low sheets; of equal ones the first in the rubric."""
    looked_at = [
        criterion for criterion in standing.rubric.criteria if criterion.scores and criterion.key in gate.of
    ] or [criterion for criterion in standing.rubric.criteria if criterion.scores]
    shares = []
    for criterion in looked_at:
        marked = [entry.worths[criterion.key] for entry in standing.used if criterion.key in entry.worths]
        low = sum(worth <= gate.points for worth in marked)
        shares.append((Fraction(low, len(standing.used)), criterion.label))
    share, label = max(shares, key=lambda pair: pair[0])
    return GateResult(place, label, share, gate.share, share <= gate.share, decides=True, at_most=True)


def _any_of(gate: AnyOf, standing: Standing, place: str) -> GateResult:
    """Judge by the number of alternatives met: one is needed."""
    inner = tuple(
        replace(_judge(each, standing, f"{place}.gates[{number}]"), decides=False)
        for number, each in enumerate(gate.gates)
    )
    met = Fraction(sum(each.met for each in inner))
    return GateResult(place, gate.label, met, Fraction(1), met >= 1, decides=True, alternatives=inner)


JUDGES: dict[type, Callable[..., GateResult]] = {Minimum: _minimum, FewLow: _few_low, AnyOf: _any_of}
