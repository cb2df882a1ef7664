"""Honest statistics beside the scores, never instead: agreement, leniency, calibration, sensitivity.

Floating-point numbers are allowed here because nothing is decided here. The methods and the guard rails are those of
the matching study (6.3 and 6.4); every adjusted number stands beside the raw one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules import scoring
from evaluator.rules.amounts import HUNDREDTHS

FEWEST_SHEETS = 8
"""Fewer sheets of a reviewer do not tell a habit from chance."""
CHANCE_LIMIT = 2.71
"""Likelihood ratio beyond which severity is no chance: 5 % of a half chi-square, for a variance on its edge."""
HIGH, FAIR = 0.8, 0.667

AGREEMENT_HIGH = N_("The reviewers agree closely.")
AGREEMENT_FAIR = N_("The reviewers agree tolerably.")
AGREEMENT_LOW = N_("The reviewers agree too little: meet and talk about the criteria.")
AGREEMENT_UNKNOWN = N_("Not enough data to speak of agreement.")
TOO_FEW_SHEETS = N_("A reviewer has only %(sheets)s sheets; at least %(needed)s each are needed.")
NOT_CONNECTED = N_("The reviewers fall into %(groups)s groups that share no initiative, so they cannot be compared.")
MAY_BE_CHANCE = N_("The differences between the reviewers may be chance.")
NO_SHARED = N_("No initiative has two sheets, so nobody can be compared.")

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mark:
    """The total one reviewer gave one initiative."""

    initiative: str
    reviewer: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the totals of one initiative lie apart; ``deviation`` is the sample's, None for a single sheet."""

    sheets: int
    lowest: Fraction
    highest: Fraction
    deviation: float | None

    @property
    def range(self) -> Fraction:
        """Return highest less lowest."""
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class Leniency:
    """One reviewer against his colleagues on the same initiatives; positive is mild.

    ``raw`` is the plain mean difference, ``points`` the same shrunk towards zero by how little is known,
    ``uncertainty`` its standard error. None where nothing was shared.
    """

    reviewer: str
    sheets: int
    shared: int
    raw: float | None
    points: float
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The additive model fitted to a round, and why it may not be relied on; usable if ``doubts`` is empty."""

    reviewers: tuple[Leniency, ...]
    noise: float
    severity: float
    likelihood_ratio: float
    doubts: tuple[Sentence, ...]

    @property
    def usable(self) -> bool:
        """Return whether the correction has earned being looked at."""
        return not self.doubts


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A raw mean with the corrected one beside it, and the standard error of the mean."""

    initiative: str
    raw: float
    corrected: float
    error: float


@dataclass(frozen=True, slots=True)
class Change:
    """What an outcome would be without one sheet."""

    initiative: str
    reviewer: str
    before: scoring.Outcome
    without: scoring.Outcome


def spread(totals: Iterable[Fraction]) -> Spread | None:
    """Return how far totals lie apart; None without any."""
    known = sorted(totals)
    if not known:
        return None
    mean = sum(known, Fraction(0)) / len(known)
    squares = sum(((total - mean) ** 2 for total in known), Fraction(0))
    deviation = math.sqrt(squares / (len(known) - 1)) if len(known) > 1 else None
    return Spread(len(known), known[0], known[-1], deviation)


def alpha(marks: Iterable[Mark]) -> float | None:
    """Return Krippendorff's alpha for interval data; None where it is not defined.

    Only initiatives with two or more sheets count. 1 is perfect agreement, 0 what chance would give.
    """
    data = _Data(marks)
    shared = data.sheets_of_item >= 2
    points = data.points[shared[data.item]]
    if len(points) < 2:
        return None
    count = data.sheets_of_item[shared]
    within = (2 * count * data.squares_of_item[shared] / (count - 1)).sum() / len(points)
    expected = 2 * len(points) * points.var() / (len(points) - 1)
    return float(1 - within / expected) if expected > 0 else None


def in_words(coefficient: float | None) -> str:
    """Return the verdict on an agreement coefficient (0.8 and 0.667, after Krippendorff)."""
    if coefficient is None:
        return AGREEMENT_UNKNOWN
    if coefficient >= HIGH:
        return AGREEMENT_HIGH
    return AGREEMENT_FAIR if coefficient >= FAIR else AGREEMENT_LOW


def calibration(marks: Iterable[Mark], *, fewest_sheets: int = FEWEST_SHEETS) -> Calibration:
    """Fit mark = initiative + reviewer + noise, reviewers shrunk by REML, and say what speaks against using it.

    Initiatives are eliminated first, so that reviewers are compared only on what they share: whoever reads a strong
    field does not look mild. Everybody needs ``fewest_sheets``.
    """
    data = _Data(marks)
    if not (data.sheets_of_item >= 2).any():
        nothing = tuple(Leniency(name, int(n), 0, None, 0.0, 0.0) for name, n in data.sheet_counts())
        return Calibration(nothing, 0.0, 0.0, 0.0, (sentence(NO_SHARED),))
    fit = _Fit(data)
    fewest = min(int(n) for _name, n in data.sheet_counts())
    groups = data.groups()
    doubts = []
    if fewest < fewest_sheets:
        doubts.append(sentence(TOO_FEW_SHEETS, sheets=fewest, needed=fewest_sheets))
    if groups > 1:
        doubts.append(sentence(NOT_CONNECTED, groups=groups))
    if fit.likelihood_ratio < CHANCE_LIMIT:
        doubts.append(sentence(MAY_BE_CHANCE))
    return Calibration(
        tuple(_leniencies(data, fit)),
        math.sqrt(fit.noise),
        math.sqrt(fit.noise * fit.ratio),
        fit.likelihood_ratio,
        tuple(doubts),
    )


def calibrated(marks: Iterable[Mark], fitted: Calibration) -> Iterator[Calibrated]:
    """Yield for each initiative the raw mean and the mean with each reviewer's leniency taken off, by code."""
    known = {each.reviewer: each.points for each in fitted.reviewers}
    sheets: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        sheets[mark.initiative].append(mark)
    for initiative in sorted(sheets):
        own = sheets[initiative]
        raw = float(sum((mark.points for mark in own), Fraction(0)) / len(own))
        taken = sum(known.get(mark.reviewer, 0.0) for mark in own) / len(own)
        yield Calibrated(initiative, raw, raw - taken, fitted.noise / math.sqrt(len(own)))


def leniencies(marks: Iterable[Mark], *, fewest_sheets: int) -> tuple[dict[str, int], Sentence | None]:
    """Return what the step ``calibrate`` takes off each reviewer's totals, in hundredths, or why nothing may be.

    This is the one place where an estimate becomes a number of the decision: it is rounded here, once, kept, and exact
    from then on.
    """
    fitted = calibration(marks, fewest_sheets=fewest_sheets)
    if not fitted.usable:
        return {}, fitted.doubts[0]
    return {each.reviewer: round(each.points * HUNDREDTHS) for each in fitted.reviewers}, None


def marks_of(scorer: scoring.Scorer, dossier: scoring.Dossier) -> Iterator[Mark]:
    """Yield the totals of a dossier's sheets by who marked them. Raises Invalid if points cannot be given."""
    for sheet in dossier.sheets:
        yield Mark(dossier.initiative, sheet.marker, scoring.total(scorer.rubric, sheet.points))


def season(scorer: scoring.Scorer, dossiers: Iterable[scoring.Dossier]) -> scoring.Season:
    """Return what must be known of all dossiers first, leniencies included where the rubric takes them off."""
    step = scorer.calibrates
    if step is None:
        return scorer.season(dossiers)
    known = list(dossiers)
    marks = (mark for dossier in known for mark in marks_of(scorer, dossier))
    taken_off, doubt = leniencies(marks, fewest_sheets=step.fewest)
    return replace(scorer.season(known), leniencies=taken_off, doubt=doubt)


def near_the_line(results: Iterable[Calibrated], line: float) -> Iterator[Calibrated]:
    """Yield the initiatives within one standard error of a threshold: there another sheet is worth most."""
    return (each for each in results if abs(each.raw - line) <= each.error)


def without_one_sheet(
    scorer: scoring.Scorer,
    dossier: scoring.Dossier,
    season: scoring.Season = scoring.Season(),  # noqa: B008 - frozen
) -> Iterator[Change]:
    """Yield the outcomes that would be decided otherwise (pass, class, or whether there is a score) without a sheet."""
    before = scorer.outcome(dossier, season)
    for left_out in dossier.sheets:
        others = tuple(sheet for sheet in dossier.sheets if sheet is not left_out)
        without = scorer.outcome(replace(dossier, sheets=others), season)
        if _decision(without) != _decision(before):
            yield Change(dossier.initiative, left_out.reviewer, before, without)


def _decision(outcome: scoring.Outcome) -> tuple[bool, bool, str]:
    return outcome.score is None, outcome.passed, outcome.class_key


class _Data:
    """Marks as arrays: item and reviewer numbers, points, and sums by item."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        known = sorted(marks, key=lambda mark: (mark.initiative, mark.reviewer))
        items = {name: number for number, name in enumerate(dict.fromkeys(mark.initiative for mark in known))}
        self.reviewers = sorted({mark.reviewer for mark in known})
        numbers = {name: number for number, name in enumerate(self.reviewers)}
        self.item = np.array([items[mark.initiative] for mark in known], dtype=np.intp)
        self.reviewer = np.array([numbers[mark.reviewer] for mark in known], dtype=np.intp)
        self.points = np.array([float(mark.points) for mark in known])
        self.sheets_of_item = np.bincount(self.item, minlength=len(items))
        means = np.bincount(self.item, self.points, len(items)) / np.maximum(self.sheets_of_item, 1)
        self.centred: Array = self.points - means[self.item]
        self.squares_of_item = np.bincount(self.item, self.centred**2, len(items))

    def sheet_counts(self) -> Iterator[tuple[str, int]]:
        """Yield each reviewer with his number of sheets."""
        return zip(self.reviewers, np.bincount(self.reviewer, minlength=len(self.reviewers)), strict=True)

    def panels_by_size(self) -> Iterator[NDArray[np.intp]]:
        """Yield for each number of sheets the reviewers of all items with so many, a row each."""
        count = self.sheets_of_item[self.item]
        for size in np.unique(self.sheets_of_item):
            yield self.reviewer[count == size].reshape(-1, size)

    def groups(self) -> int:
        """Return into how many groups the reviewers fall that share no item."""
        root = list(range(len(self.reviewers)))

        def find(one: int) -> int:
            while root[one] != one:
                root[one] = root[root[one]]
                one = root[one]
            return one

        for panels in self.panels_by_size():
            for first, *rest in np.unique(panels, axis=0).tolist():
                for other in rest:
                    root[find(other)] = find(first)
        return len({find(one) for one in range(len(self.reviewers))})


class _Fit:
    """REML of the additive model: items eliminated, one eigen-decomposition gives the whole curve."""

    def __init__(self, data: _Data) -> None:
        size = len(data.reviewers)
        matrix: Array = np.zeros((size, size))
        np.add.at(matrix, (data.reviewer, data.reviewer), 1.0)
        for panels in data.panels_by_size():
            count = panels.shape[1]
            for one, other in product(range(count), repeat=2):
                np.add.at(matrix, (panels[:, one], panels[:, other]), -1.0 / count)
        self.values, self.vectors = np.linalg.eigh(matrix)
        self.values = np.maximum(self.values, 0.0)
        pull = np.bincount(data.reviewer, data.centred, size)
        self.pull = self.vectors.T @ pull
        self.squares = float((data.centred**2).sum())
        self.freedom = int((data.sheets_of_item - 1).sum())
        self.ratio = self._best_ratio()
        self.noise = self._left(self.ratio) / self.freedom
        self.likelihood_ratio = max(0.0, 2 * (self._likelihood(self.ratio) - self._likelihood(0.0)))
        shrunk = self.ratio / (1 + self.ratio * self.values)
        self.severity: Array = self.vectors @ (shrunk * self.pull)
        self.variance: Array = self.noise * ((self.vectors**2) @ shrunk)

    def _left(self, ratio: float) -> float:
        """Return the squares left when reviewers vary ``ratio`` times as much as the noise."""
        left = self.squares - float((ratio * self.pull**2 / (1 + ratio * self.values)).sum())
        return max(left, 1e-12)

    def _likelihood(self, ratio: float) -> float:
        spread_out = float(np.log1p(ratio * self.values).sum())
        return -0.5 * (self.freedom * math.log(self._left(ratio) / self.freedom) + spread_out)

    def _best_ratio(self) -> float:
        """Return the ratio of the highest likelihood: a coarse grid, then golden sections; zero if that is best."""
        grid = [10 ** (step / 4) for step in range(-24, 13)]
        best = max(range(len(grid)), key=lambda step: self._likelihood(grid[step]))
        low, high = math.log(grid[max(best - 1, 0)]), math.log(grid[min(best + 1, len(grid) - 1)])
        golden = (math.sqrt(5) - 1) / 2
        for _ in range(60):
            left, right = high - golden * (high - low), low + golden * (high - low)
            if self._likelihood(math.exp(left)) > self._likelihood(math.exp(right)):
                high = right
            else:
                low = left
        found = math.exp((low + high) / 2)
        return found if self._likelihood(found) > self._likelihood(0.0) else 0.0


def _leniencies(data: _Data, fit: _Fit) -> Iterator[Leniency]:
    """Yield each reviewer; the raw difference is against the colleagues' mean on shared items."""
    size = len(data.reviewers)
    count = data.sheets_of_item[data.item]
    shared = count >= 2
    # Against colleagues only: own deviation from the mean of all, times n / (n - 1).
    against = data.centred[shared] * count[shared] / (count[shared] - 1)
    sums = np.bincount(data.reviewer[shared], against, size)
    times = np.bincount(data.reviewer[shared], minlength=size)
    for number, (name, sheets) in enumerate(data.sheet_counts()):
        raw = float(sums[number] / times[number]) if times[number] else None
        yield Leniency(
            name,
            int(sheets),
            int(times[number]),
            raw,
            float(fit.severity[number]),
            math.sqrt(max(float(fit.variance[number]), 0.0)),
        )
