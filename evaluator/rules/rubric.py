"""Rubrics as frozen values: what a council marks and in which kinds of criteria.

Adding a kind of criterion is one class here (and its name in ``CRITERION``). Points given by a reviewer are
whole hundredths, or the key of a choice, or a comment's text; ``worth`` turns them into hundredths of points.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import ClassVar

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS, Figure, Figures
from evaluator.rules.fields import (
    EXACT,
    POINTS,
    TEXT,
    TRUTH,
    WHOLE,
    Codec,
    choice,
    one_of,
    optional,
    record,
    several,
    written,
)
from evaluator.rules.procedure import GATE, STEP, TIE_BREAK, Cap, Class, Gate, Ranking, Step, TieBreak, Totalling

Value = int | str
Points = Mapping[str, Value]
FORMAT = 1
RULES_VERSION = 1

NOT_A_NUMBER = N_("Give a number of points.")
OUT_OF_RANGE = N_("Give from %(least)s to %(most)s points.")
OFF_STEP = N_("Points go in steps of %(step)s.")
NOT_AN_ANCHOR = N_("Give one of the points of the scale: %(anchors)s.")
NOT_AN_OPTION = N_("Choose one of: %(options)s.")
NOT_A_TEXT = N_("Write a comment here, not points.")
TOO_LONG = N_("Keep the comment within %(most)s characters.")
NOT_A_QUANTITY = N_("Give a quantity in %(unit)s.")
NEGATIVE = N_("The quantity cannot be below zero.")


@dataclass(frozen=True, kw_only=True)
class Criterion(ABC):
    """What every kind of criterion has; ``floor`` counts on the mean of the sheets."""

    kind: ClassVar[str]
    scores: ClassVar[bool] = True

    key: str = written(TEXT)
    label: str = written(TEXT)
    code: str = written(TEXT, "")
    group: str = written(TEXT, "")
    one_of: str = written(TEXT, "")
    guidance: str = written(TEXT, "")
    evidence: tuple[str, ...] = written(several(TEXT), ())
    legal: str = written(TEXT, "")
    weight: Fraction = written(EXACT, Fraction(1))
    floor: int | None = written(optional(POINTS), None)
    kills: bool = written(TRUTH, True)
    required: bool = written(TRUTH, True)

    @property
    def least(self) -> int:
        """Return the fewest points it can give, in hundredths."""
        return 0

    @property
    def most(self) -> int | None:
        """Return the most points it can give, in hundredths; None without a bound."""
        return 0

    @abstractmethod
    def refusal(self, value: object) -> Sentence | None:
        """Return why this cannot be given, or None if it can."""

    @abstractmethod
    def worth(self, value: Value) -> int:
        """Return the hundredths of points an accepted value is worth, before the weight."""


@dataclass(frozen=True, kw_only=True)
class Numeric(Criterion):
    """Points from a minimum to a maximum on a step (1; 0.5; 0.25)."""

    kind = "numeric"

    maximum: int = written(POINTS)
    minimum: int = written(POINTS, 0)
    step: int = written(POINTS, HUNDREDTHS)

    @property
    def least(self) -> int:
        """Return the minimum."""
        return self.minimum

    @property
    def most(self) -> int | None:
        """Return the maximum."""
        return self.maximum

    def refusal(self, value: object) -> Sentence | None:
        """Return why these points cannot be given: no number, out of range, off the step."""
        if type(value) is not int:
            return sentence(NOT_A_NUMBER)
        if not self.minimum <= value <= self.maximum:
            return sentence(OUT_OF_RANGE, least=Figure.of_points(self.minimum), most=Figure.of_points(self.maximum))
        if (value - self.minimum) % self.step:
            return sentence(OFF_STEP, step=Figure.of_points(self.step))
        return None

    def worth(self, value: Value) -> int:
        """Return the points themselves."""
        return int(value)


@dataclass(frozen=True, kw_only=True)
class Bonus(Numeric):
    """Points on top, zero unless given; ``beyond`` says that they do not belong to the declared maximum."""

    kind = "bonus"

    required: bool = written(TRUTH, False)
    beyond: bool = written(TRUTH, False)


@dataclass(frozen=True, kw_only=True)
class Band:
    """A stretch of points with the words that describe it; both ends belong to it."""

    least: int = written(POINTS)
    most: int = written(POINTS)
    text: str = written(TEXT)


@dataclass(frozen=True, kw_only=True)
class Bands(Numeric):
    """Numeric points whose whole range is described in bands."""

    kind = "bands"

    bands: tuple[Band, ...] = written(several(record(Band)))

    def band(self, points: int) -> Band | None:
        """Return the band these points fall into."""
        return next((band for band in self.bands if band.least <= points <= band.most), None)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """One point of a scale and what it stands for."""

    points: int = written(POINTS)
    text: str = written(TEXT)


@dataclass(frozen=True, kw_only=True)
class Anchored(Criterion):
    """A scale on which every point has its own words; only these points can be given."""

    kind = "anchored"

    anchors: tuple[Anchor, ...] = written(several(record(Anchor)))

    @property
    def least(self) -> int:
        """Return the lowest anchor."""
        return min((anchor.points for anchor in self.anchors), default=0)

    @property
    def most(self) -> int | None:
        """Return the highest anchor."""
        return max((anchor.points for anchor in self.anchors), default=0)

    def refusal(self, value: object) -> Sentence | None:
        """Return why these points cannot be given: no number, or not on the scale."""
        if type(value) is not int:
            return sentence(NOT_A_NUMBER)
        if value not in {anchor.points for anchor in self.anchors}:
            shown = tuple(Fraction(anchor.points, HUNDREDTHS) for anchor in self.anchors)
            return sentence(NOT_AN_ANCHOR, anchors=Figures(shown))
        return None

    def worth(self, value: Value) -> int:
        """Return the points themselves."""
        return int(value)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a choice; ``kills`` ends the dossier's hopes when most sheets choose it."""

    key: str = written(TEXT)
    label: str = written(TEXT)
    points: int = written(POINTS)
    kills: bool = written(TRUTH, False)


@dataclass(frozen=True, kw_only=True)
class Choice(Criterion):
    """A list of answers, each worth its points."""

    kind = "choice"

    options: tuple[Option, ...] = written(several(record(Option)))

    @property
    def least(self) -> int:
        """Return the fewest points of an option."""
        return min((option.points for option in self.options), default=0)

    @property
    def most(self) -> int | None:
        """Return the most points of an option."""
        return max((option.points for option in self.options), default=0)

    def option(self, key: object) -> Option | None:
        """Return the option of this key."""
        return next((option for option in self.options if option.key == key), None)

    def refusal(self, value: object) -> Sentence | None:
        """Return why this cannot be chosen: there is no such option."""
        if self.option(value) is None:
            return sentence(NOT_AN_OPTION, options=", ".join(option.key for option in self.options))
        return None

    def worth(self, value: Value) -> int:
        """Return the points of the chosen option."""
        return next(option.points for option in self.options if option.key == value)


@dataclass(frozen=True, kw_only=True)
class Comment(Criterion):
    """Words only; never a point."""

    kind = "comment"
    scores = False

    longest: int = written(WHOLE, 4000)

    def refusal(self, value: object) -> Sentence | None:
        """Return why this is no comment: not a text, or too long."""
        if not isinstance(value, str):
            return sentence(NOT_A_TEXT)
        if len(value) > self.longest:
            return sentence(TOO_LONG, most=self.longest)
        return None

    def worth(self, value: Value) -> int:  # noqa: ARG002 - no word is worth a point
        """Return nothing, whatever is written."""
        return 0


@dataclass(frozen=True, kw_only=True)
class Stair:
    """From this quantity on, these points."""

    quantity: int = written(POINTS)
    points: int = written(POINTS)


@dataclass(frozen=True, kw_only=True)
class Quantity(Criterion):
    """A measured quantity (đồng, hours) turned into points: by stairs, or so many points for every so much.

    Quantities are hundredths of the unit too. Below the first stair nothing is earned. With ``every`` only
    whole portions count, up to ``ceiling`` if there is one.
    """

    kind = "quantity"

    unit: str = written(TEXT)
    whole: bool = written(TRUTH, False)
    stairs: tuple[Stair, ...] = written(several(record(Stair)), ())
    every: int | None = written(optional(POINTS), None)
    gives: int | None = written(optional(POINTS), None)
    ceiling: int | None = written(optional(POINTS), None)

    @property
    def most(self) -> int | None:
        """Return the highest stair or the ceiling; None where more always earns more."""
        if self.every is not None:
            return self.ceiling
        return max((stair.points for stair in self.stairs), default=0)

    def refusal(self, value: object) -> Sentence | None:
        """Return why this is no quantity: no number, below zero, parts of what has no parts."""
        if type(value) is not int or (self.whole and value % HUNDREDTHS):
            return sentence(NOT_A_QUANTITY, unit=self.unit)
        return sentence(NEGATIVE) if value < 0 else None

    def worth(self, value: Value) -> int:
        """Return the points of the highest stair reached, or of the whole portions."""
        quantity = int(value)
        if self.every is None:
            return max((stair.points for stair in self.stairs if stair.quantity <= quantity), default=0)
        earned = quantity // self.every * (self.gives or 0)
        return earned if self.ceiling is None else min(earned, self.ceiling)


CRITERION: Codec = one_of(Numeric, Bonus, Bands, Anchored, Choice, Comment, Quantity)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Criteria that belong together, with a floor of their own on the mean of their sum."""

    key: str = written(TEXT)
    label: str = written(TEXT)
    code: str = written(TEXT, "")
    maximum: int | None = written(optional(POINTS), None)
    floor: int | None = written(optional(POINTS), None)
    kills: bool = written(TRUTH, True)


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """A set of criteria of which exactly one is marked; they point to it with ``one_of``."""

    key: str = written(TEXT)
    label: str = written(TEXT)
    required: bool = written(TRUTH, True)


@dataclass(frozen=True, kw_only=True)
class Category:
    """A sort of author for whom a threshold may differ."""

    key: str = written(TEXT)
    label: str = written(TEXT)


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """A council's whole rule for marking. Frozen with the round; ``problems`` must be empty to be used.

    With ``clear_lead`` the first must be so many points ahead of the second; otherwise the council is told to hold a
    second round (awards.igbaffiliate.com). ``ranking`` by placement compares the places that each reviewer gave
    instead of the scores (nsdc.dance).
    """

    key: str = written(TEXT)
    title: str = written(TEXT)
    language: str = written(TEXT, "vi")
    source: str = written(TEXT, "")
    note: str = written(TEXT, "")
    total: Totalling = written(choice(Totalling), Totalling.SUM)
    maximum: int | None = written(optional(POINTS), None)
    capped: bool = written(TRUTH, False)
    groups: tuple[Group, ...] = written(several(record(Group)), ())
    alternatives: tuple[Alternatives, ...] = written(several(record(Alternatives)), ())
    categories: tuple[Category, ...] = written(several(record(Category)), ())
    criteria: tuple[Criterion, ...] = written(several(CRITERION))
    steps: tuple[Step, ...] = written(several(STEP), ())
    gates: tuple[Gate, ...] = written(several(GATE), ())
    classes: tuple[Class, ...] = written(several(record(Class)), ())
    ties: tuple[TieBreak, ...] = written(several(TIE_BREAK), ())
    clear_lead: int | None = written(optional(POINTS), None)
    ranking: Ranking = written(choice(Ranking), Ranking.SCORE, added=True)
    caps: tuple[Cap, ...] = written(several(record(Cap)), (), added=True)

    @cached_property
    def by_key(self) -> dict[str, Criterion]:
        """Return the criteria by their keys."""
        return {criterion.key: criterion for criterion in self.criteria}

    def criterion(self, key: str) -> Criterion:
        """Return one criterion. Raises KeyError."""
        return self.by_key[key]

    def label_of(self, key: str) -> str:
        """Return the words for a criterion or group; empty for what is neither, such as the score itself."""
        things: list[Criterion | Group] = [*self.criteria, *self.groups]
        return next((each.label for each in things if each.key == key), "")

    def in_group(self, key: str) -> tuple[Criterion, ...]:
        """Return the criteria of a group, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.group == key)

    def in_alternatives(self, key: str) -> tuple[Criterion, ...]:
        """Return the criteria of which one is chosen, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.one_of == key)

    def slots(self) -> Iterator[tuple[Criterion, ...]]:
        """Yield what counts once in a total: a scoring criterion alone, or the alternatives together."""
        seen: set[str] = set()
        for criterion in self.criteria:
            if not criterion.scores or (criterion.one_of and criterion.one_of in seen):
                continue
            seen.add(criterion.one_of)
            yield self.in_alternatives(criterion.one_of) if criterion.one_of else (criterion,)

    @cached_property
    def divisor(self) -> Fraction:
        """Return what a sheet's weighted sum is divided by: one, or the sum of the weights for a mean."""
        if self.total is Totalling.SUM:
            return Fraction(1)
        return sum((slot[0].weight for slot in self.slots()), Fraction(0))

    @cached_property
    def factors(self) -> dict[str, Fraction]:
        """Return what one hundredth on a scoring criterion adds to a sheet's total, in points."""
        share = Fraction(1, HUNDREDTHS) / self.divisor
        return {criterion.key: criterion.weight * share for criterion in self.criteria if criterion.scores}

    @cached_property
    def highest(self) -> Fraction | None:
        """Return the most points a sheet can reach without bonus points beyond it; None without a bound."""
        return self._reach([slot for slot in self.slots() if not getattr(slot[0], "beyond", False)])

    @cached_property
    def reachable(self) -> Fraction | None:
        """Return the most points a sheet can reach at all; None without a bound."""
        whole = self._reach(list(self.slots()))
        if whole is not None and self.capped and self.maximum is not None:
            return min(whole, Fraction(self.maximum, HUNDREDTHS))
        return whole

    def most_of(self, key: str) -> Fraction | None:
        """Return the most points of a criterion or group, before weights; None without a bound."""
        if key in self.by_key:
            most = self.by_key[key].most
            return None if most is None else Fraction(most, HUNDREDTHS)
        best = [[criterion.most for criterion in slot if criterion.group == key] for slot in self.slots()]
        if any(most is None for slot in best for most in slot):
            return None
        return Fraction(sum(max((most or 0 for most in slot), default=0) for slot in best), HUNDREDTHS)

    def _reach(self, slots: list[tuple[Criterion, ...]]) -> Fraction | None:
        if any(criterion.most is None for slot in slots for criterion in slot):
            return None
        best = (max((criterion.most or 0) * criterion.weight for criterion in slot) for slot in slots)
        whole = sum(best, Fraction(0))
        return whole / HUNDREDTHS / (self.divisor or 1)
