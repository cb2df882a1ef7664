"""What goes into scoring and what comes out, as frozen values; every intermediate number is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from evaluator.core.text import Sentence
from evaluator.rules.procedure import Action
from evaluator.rules.rubric import Points

Numbers = tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One signed sheet. ``rubric`` is the digest it was filled in under; empty when nobody noted it.

    ``person`` says who marked it where ``reviewer`` names the sheet alone.
    """

    reviewer: str
    points: Points
    role: str = ""
    rubric: str = ""
    person: str = ""

    @property
    def marker(self) -> str:
        """Return who marked it: the same on all sheets of one person."""
        return self.person or self.reviewer


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known about one initiative when it is scored."""

    initiative: str
    sheets: tuple[Sheet, ...]
    category: str = ""
    votes: int | None = None
    submitted_on: date | None = None
    council_votes: int | None = None
    field: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Season:
    """What must be known about all dossiers before one can be scored.

    ``leniencies`` are hundredths of points by who marked; ``doubt`` says why they may not be used.
    """

    highest_votes: int = 0
    leniencies: Mapping[str, int] = field(default_factory=dict)
    doubt: Sentence | None = None


@dataclass(frozen=True, slots=True)
class SheetResult:
    """One sheet in the outcome: its total, as how much it counted and with what weight, and why not wholly.

    ``worths`` are the hundredths of points of each marked criterion, before weights.
    """

    reviewer: str
    role: str
    total: Fraction
    worths: tuple[tuple[str, int], ...]
    counted: Fraction
    weight: Fraction
    used: bool
    why: Sentence | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: what it did in words, what it added to the score, and the score after it (None before one)."""

    kind: str
    text: Sentence
    adds: Fraction
    score: Fraction | None
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something the council should look at; ``ASK`` means that another sheet is needed first."""

    action: Action
    text: Sentence
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate: what was reached, what is needed, whether it is met, and whether the decision hangs on it.

    ``at_most`` gates need the value to stay at or under; ``for_class`` names the class it belongs to.
    """

    gate: str
    label: str
    value: Fraction
    needed: Fraction
    met: bool
    decides: bool
    at_most: bool = False
    for_class: str = ""
    alternatives: "tuple[GateResult, ...]" = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one initiative with everything that led to it.

    ``criteria`` and ``groups`` are means over the counted sheets, before weights. ``score`` is None with the
    reason in ``unscored``. Rank, tie, what broke it and what a cap did are there once the whole round is ranked.
    ``marks`` are the counted totals by who marked, kept only where places are compared.
    """

    initiative: str
    sheets: tuple[SheetResult, ...]
    steps: tuple[StepResult, ...]
    criteria: Numbers
    groups: Numbers
    gates: tuple[GateResult, ...]
    flags: tuple[Flag, ...]
    score: Fraction | None
    unscored: Sentence | None
    class_key: str
    passed: bool
    breakers: tuple[Fraction | None, ...] = field(default=())
    rank: int | None = None
    tied: bool = False
    broken_by: Sentence | None = None
    field: str = ""
    unit: str = ""
    marks: Numbers = ()
    capped: Sentence | None = None

    @property
    def weight(self) -> Fraction:
        """Return the sum of the weights of the sheets that count."""
        return sum((sheet.weight for sheet in self.sheets if sheet.used), Fraction(0))

    @property
    def asks_for_another_sheet(self) -> bool:
        """Return whether a step asked for another sheet before anything is decided."""
        return any(flag.action is Action.ASK for flag in self.flags)
