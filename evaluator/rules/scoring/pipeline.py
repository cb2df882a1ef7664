"""From the sheets of a dossier to its outcome: the rubric's steps in their order, then gates and classes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS
from evaluator.rules.fields import Unreadable
from evaluator.rules.procedure import Calibrate, PublicVote, Ranking, Round
from evaluator.rules.rubric import Rubric
from evaluator.rules.rubric_checks import problems
from evaluator.rules.rubric_document import digest
from evaluator.rules.scoring import gates
from evaluator.rules.scoring.outcome import Dossier, GateResult, Numbers, Outcome, Season, Sheet, SheetResult
from evaluator.rules.scoring.sheets import check_complete
from evaluator.rules.scoring.steps import Entry, Tally, apply
from evaluator.rules.scoring.ties import breakers

TWICE = N_("There are two sheets of this reviewer for one dossier. Keep one.")
OTHER_RUBRIC = N_("This sheet was filled in under another version of the rubric. Have it filled in again.")
NEGATIVE_VOTES = N_("A number of votes cannot be below zero.")


class Scorer:
    """A rubric made ready to score many dossiers. Raises Unreadable if the rubric has problems."""

    def __init__(self, rubric: Rubric) -> None:
        wrong = problems(rubric)
        if wrong:
            raise Unreadable(wrong)
        self.rubric = rubric
        self.digest = digest(rubric)
        self._unit = lcm(*(factor.denominator for factor in rubric.factors.values()))
        self._factors = {key: int(factor * self._unit) for key, factor in rubric.factors.items()}
        self._rounding = next((step for step in reversed(rubric.steps) if isinstance(step, Round)), None)
        self._cap = Fraction(rubric.maximum or 0, HUNDREDTHS) if rubric.capped else None

    @property
    def calibrates(self) -> Calibrate | None:
        """Return the step that takes leniency off, if the rubric has one: it needs a season measured first."""
        return next((step for step in self.rubric.steps if isinstance(step, Calibrate)), None)

    def outcome(self, dossier: Dossier, season: Season = Season()) -> Outcome:  # noqa: B008 - a frozen value
        """Return the outcome of one dossier, without a rank.

        Raises Invalid with every wrong sheet: a criterion missing or wrong, a reviewer twice, another rubric.
        """
        self._check(dossier)
        entries = sorted(map(self._entry, dossier.sheets), key=lambda entry: (entry.total, entry.sheet.reviewer))
        tally = Tally(dossier, season, entries, self.rubric.reachable)
        for step in self.rubric.steps:
            apply(step, tally)
            if tally.unscored:
                return self._closed(tally, {}, [], "", passed=False)
        assert tally.score is not None  # noqa: S101 - problems() demands a combine step
        means = self._means(tally)
        standing = gates.Standing(self.rubric, dossier.category, tally.score, means, tally.used, self._rounding)
        found, given = gates.results(standing)
        alive = all(gate.met for gate in found if gate.decides)
        passed = alive and (given.passes if given else not self.rubric.classes)
        return self._closed(tally, means, found, given.key if given else "", passed=passed)

    def outcomes(self, dossiers: Iterable[Dossier], season: Season = Season()) -> Iterator[Outcome]:  # noqa: B008 - frozen
        """Yield the outcomes one by one, without ranks; nothing is kept."""
        for dossier in dossiers:
            yield self.outcome(dossier, season)

    def season(self, dossiers: Iterable[Dossier]) -> Season:
        """Return what must be known of all dossiers first: the most public votes of any of them."""
        if not any(isinstance(step, PublicVote) for step in self.rubric.steps):
            return Season()
        return Season(max((dossier.votes or 0 for dossier in dossiers), default=0))

    def _check(self, dossier: Dossier) -> None:
        wrong: dict[str, list[str | Sentence]] = {}
        for reviewer, times in Counter(sheet.reviewer for sheet in dossier.sheets).items():
            if times > 1:
                wrong[f"{dossier.initiative} / {reviewer}"] = [sentence(TWICE)]
        if (dossier.votes or 0) < 0 or (dossier.council_votes or 0) < 0:
            wrong[f"{dossier.initiative}"] = [sentence(NEGATIVE_VOTES)]
        for sheet in dossier.sheets:
            if sheet.rubric not in {"", self.digest}:
                wrong[f"{dossier.initiative} / {sheet.reviewer}"] = [sentence(OTHER_RUBRIC)]
                continue
            try:
                check_complete(self.rubric, sheet.points)
            except Invalid as invalid:
                for key, why in invalid.fields.items():
                    wrong[f"{dossier.initiative} / {sheet.reviewer} / {key}"] = why
        if wrong:
            raise Invalid(fields=wrong)

    def _entry(self, sheet: Sheet) -> Entry:
        by_key, points = self.rubric.by_key, sheet.points
        worths = {key: by_key[key].worth(points[key]) for key in self._factors if key in points}
        # Whole numbers over one common denominator: the same sum as with fractions, many times faster.
        uncapped = Fraction(sum(worth * self._factors[key] for key, worth in worths.items()), self._unit)
        total = uncapped if self._cap is None else min(uncapped, self._cap)
        return Entry(sheet, worths, uncapped, total, total)

    def _means(self, tally: Tally) -> dict[str, Fraction]:
        """Return the mean points of criteria and groups over the sheets that count, with their weights."""
        used = tally.used
        unit = lcm(*(entry.weight.denominator for entry in used))
        weights = [int(entry.weight * unit) for entry in used]
        whole = {
            key: sum(entry.worths.get(key, 0) * weight for entry, weight in zip(used, weights, strict=True))
            for key in self._factors
        }
        for group in self.rubric.groups:
            whole[group.key] = sum(whole[each.key] for each in self.rubric.in_group(group.key) if each.scores)
        divisor = sum(weights) * HUNDREDTHS
        return {key: Fraction(points, divisor) for key, points in whole.items()}

    def _closed(
        self, tally: Tally, means: dict[str, Fraction], found: list[GateResult], given: str, *, passed: bool
    ) -> Outcome:
        groups = {group.key for group in self.rubric.groups}
        return Outcome(
            initiative=tally.dossier.initiative,
            sheets=tuple(map(_sheet_result, tally.entries)),
            steps=tuple(tally.steps),
            criteria=tuple((key, mean) for key, mean in means.items() if key not in groups),
            groups=tuple((key, mean) for key, mean in means.items() if key in groups),
            gates=tuple(found),
            flags=tuple(tally.flags),
            score=None if tally.unscored else tally.score,
            unscored=tally.unscored,
            class_key=given,
            passed=passed,
            breakers=() if tally.unscored else breakers(self.rubric, tally, means),
            field=tally.dossier.field,
            unit=tally.dossier.unit,
            marks=self._marks(tally),
        )

    def _marks(self, tally: Tally) -> Numbers:
        """Return who counted with which total, where places are compared; nothing else keeps them."""
        if self.rubric.ranking is not Ranking.PLACEMENT:
            return ()
        return tuple((entry.sheet.marker, entry.counted) for entry in tally.used)


def _sheet_result(entry: Entry) -> SheetResult:
    sheet = entry.sheet
    worths = tuple(entry.worths.items())
    return SheetResult(
        sheet.reviewer, sheet.role, entry.total, worths, entry.counted, entry.weight, entry.used, entry.why
    )
