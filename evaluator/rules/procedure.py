"""How a council gets from sheets to a rank: steps, gates, classes and tie-breaks as frozen values.

The order of the steps is the order in which they act. Sources are the rules listed in the council's digest, 3.A.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, get_args

from evaluator.rules.amounts import Rounding
from evaluator.rules.fields import (
    EXACT,
    POINTS,
    TEXT,
    TRUTH,
    WHOLE,
    Codec,
    choice,
    later,
    one_of,
    optional,
    record,
    several,
    table_of,
    written,
)


class Totalling(StrEnum):
    """How the criteria of one sheet make its total."""

    SUM = "sum"
    MEAN = "mean"


class Middle(StrEnum):
    """What the middle of several sheets is."""

    MEAN = "mean"
    MEDIAN = "median"
    SUM = "sum"


class Measure(StrEnum):
    """What a distance is measured in."""

    POINTS = "points"
    PERCENT = "percent"


class Action(StrEnum):
    """What follows from a distance that is too great."""

    DROP = "drop"
    FLAG = "flag"
    ASK = "ask"


class Extremes(StrEnum):
    """What becomes of the highest and the lowest sheet."""

    KEEP = "keep"
    DROP = "drop"
    MERGE = "merge"


class Ranking(StrEnum):
    """What the dossiers are ranked by."""

    SCORE = "score"
    PLACEMENT = "placement"


class Per(StrEnum):
    """Of what a cap allows so many."""

    ROUND = "round"
    FIELD = "field"
    UNIT = "unit"
    FIELD_AND_UNIT = "field-and-unit"


@dataclass(frozen=True, kw_only=True)
class LeastSheets:
    """At this point at least so many sheets must count; otherwise there is no score."""

    kind: ClassVar[str] = "least-sheets"
    count: int = written(WHOLE)


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Sheets of this role do not make the score; they may still break a tie."""

    kind: ClassVar[str] = "set-aside"
    role: str = written(TEXT)


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """A sheet whose total lies more than ``limit`` from the middle is dropped, flagged, or asks for another.

    In percent the distance is measured against the middle. ``repeat`` tests again with the new middle until
    nothing more is dropped; without it one pass on the initial middle decides, as in R7.
    """

    kind: ClassVar[str] = "deviation"
    limit: int = written(POINTS)
    of: Middle = written(choice(Middle), Middle.MEAN)
    measure: Measure = written(choice(Measure), Measure.POINTS)
    action: Action = written(choice(Action), Action.DROP)
    repeat: bool = written(TRUTH, False)


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The highest and the lowest total may not lie more than ``limit`` apart (percent: of the highest)."""

    kind: ClassVar[str] = "spread"
    limit: int = written(POINTS)
    measure: Measure = written(choice(Measure), Measure.POINTS)
    action: Action = written(choice(Action), Action.FLAG)


@dataclass(frozen=True, kw_only=True)
class Apart:
    """The sheet of this role may not lie more than ``limit`` from the mean of the others (percent: of that mean)."""

    kind: ClassVar[str] = "apart"
    role: str = written(TEXT)
    limit: int = written(POINTS)
    measure: Measure = written(choice(Measure), Measure.POINTS)
    action: Action = written(choice(Action), Action.FLAG)


@dataclass(frozen=True, kw_only=True)
class Calibrate:
    """Each reviewer's leniency is taken off his totals, never below nothing nor above what a sheet can reach.

    The leniency is measured on the dossiers that reviewers share and shrunk by how little is known; nobody's total
    moves unless everybody has ``fewest`` sheets and the differences are beyond chance. Off unless a council writes
    this step: it is then part of the frozen rubric, decided before a score is seen.
    """

    kind: ClassVar[str] = "calibrate"
    fewest: int = written(WHOLE, 8)


@dataclass(frozen=True, kw_only=True)
class DropExtremes:
    """From so many sheets on, so many highest and lowest do not count. Of equal ones only so many go."""

    kind: ClassVar[str] = "drop-extremes"
    from_sheets: int = written(WHOLE)
    highest: int = written(WHOLE, 1)
    lowest: int = written(WHOLE, 1)


@dataclass(frozen=True, kw_only=True)
class CountRule:
    """From so many sheets on, this is done with the highest and the lowest."""

    sheets: int = written(WHOLE)
    extremes: Extremes = written(choice(Extremes))


@dataclass(frozen=True, kw_only=True)
class ByCount:
    """What is done depends on how many sheets there are; fewer than the first rule means no score.

    ``merge`` lets the highest and the lowest count as one sheet, half each (nhtheatreawards.org).
    """

    kind: ClassVar[str] = "by-count"
    rules: tuple[CountRule, ...] = written(several(record(CountRule)))


@dataclass(frozen=True, kw_only=True)
class Clamp:
    """A total further than ``limit`` from the median counts as lying just at that limit (naska.com)."""

    kind: ClassVar[str] = "clamp"
    limit: int = written(POINTS)


@dataclass(frozen=True, kw_only=True)
class Combine:
    """The totals that count become one score; ``weights`` per role are heeded by mean and sum."""

    kind: ClassVar[str] = "combine"
    by: Middle = written(choice(Middle), Middle.MEAN)
    weights: tuple[tuple[str, Fraction], ...] = written(table_of(EXACT), ())


@dataclass(frozen=True, kw_only=True)
class Round:
    """Before ``combine`` it rounds each sheet's total, afterwards the score; gates follow the last one."""

    kind: ClassVar[str] = "round"
    places: int = written(WHOLE)
    how: Rounding = written(choice(Rounding), Rounding.HALF_UP)


@dataclass(frozen=True, kw_only=True)
class PublicVote:
    """Points from the public, added to the score.

    Without ``every`` they are ``maximum`` x votes / highest votes of any dossier of the round; nobody having
    a vote gives nobody a point. With ``every`` each such number of votes is worth ``gives``, up to the maximum.
    """

    kind: ClassVar[str] = "public-vote"
    maximum: int = written(POINTS)
    places: int = written(WHOLE, 1)
    how: Rounding = written(choice(Rounding), Rounding.HALF_UP)
    every: int | None = written(optional(WHOLE), None)
    gives: int = written(POINTS, 100)


Step = (
    LeastSheets
    | SetAside
    | Calibrate
    | Deviation
    | Spread
    | Apart
    | DropExtremes
    | ByCount
    | Clamp
    | Combine
    | Round
    | PublicVote
)
STEP: Codec = one_of(*get_args(Step))


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """The score ("total"), or the mean of a criterion or group, must reach ``at_least``.

    ``by_category`` gives other minima for the categories of authors named in it.
    """

    kind: ClassVar[str] = "minimum"
    of: str = written(TEXT, "total")
    at_least: int = written(POINTS)
    by_category: tuple[tuple[str, int], ...] = written(table_of(POINTS), ())

    def needed(self, category: str) -> int:
        """Return the minimum for an author of this category, in hundredths."""
        return dict(self.by_category).get(category, self.at_least)


@dataclass(frozen=True, kw_only=True)
class FewLow:
    """On none of the criteria may more than ``share`` of the counted sheets give ``points`` or fewer.

    Without ``of`` every criterion that scores is looked at (TT 08/2017: zero points by more than a third).
    """

    kind: ClassVar[str] = "few-low"
    share: Fraction = written(EXACT)
    points: int = written(POINTS, 0)
    of: tuple[str, ...] = written(several(TEXT), ())


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    """One of these is enough."""

    kind: ClassVar[str] = "any-of"
    label: str = written(TEXT)
    gates: "tuple[Gate, ...]" = written(several(later(lambda: GATE)))


Gate = Minimum | FewLow | AnyOf
GATE: Codec = one_of(Minimum, FewLow, AnyOf)


@dataclass(frozen=True, kw_only=True)
class Class:
    """A result with a name. Classes stand best first; the first whose interval and gates fit is given.

    ``below`` closes the interval; without it a dossier that misses the gates of a better class falls into this
    one. ``passes`` says whether the class is a success.
    """

    key: str = written(TEXT)
    label: str = written(TEXT)
    at_least: int = written(POINTS)
    below: int | None = written(optional(POINTS), None)
    passes: bool = written(TRUTH, True)
    gates: tuple[Gate, ...] = written(several(GATE), ())


@dataclass(frozen=True, kw_only=True)
class Cap:
    """At most so many get one of ``classes`` (any success, if none is named), in the round or of each field or unit.

    It acts down the ranking. Whoever finds it full gets the next lower class with room, or none. Of equals who share
    the last places nobody is preferred: they get no class until the council has decided among them (R6, R7).
    """

    most: int = written(WHOLE)
    per: Per = written(choice(Per), Per.ROUND)
    classes: tuple[str, ...] = written(several(TEXT), ())


@dataclass(frozen=True, kw_only=True)
class HigherMean:
    """The higher mean of a criterion or group goes first."""

    kind: ClassVar[str] = "criterion"
    of: str = written(TEXT)


@dataclass(frozen=True, kw_only=True)
class HigherSheet:
    """The higher total on the sheet of this role goes first: usually the chair's (TT 08/2017)."""

    kind: ClassVar[str] = "sheet-of"
    role: str = written(TEXT, "chair")


@dataclass(frozen=True, kw_only=True)
class EarlierDate:
    """The dossier handed in earlier goes first."""

    kind: ClassVar[str] = "date"


@dataclass(frozen=True, kw_only=True)
class CouncilVote:
    """More votes of the council go first."""

    kind: ClassVar[str] = "council-vote"


@dataclass(frozen=True, kw_only=True)
class Lot:
    """The lot decides, drawn from a published seed: anybody can draw it again."""

    kind: ClassVar[str] = "lot"
    seed: str = written(TEXT)


TIE_BREAK: Codec = one_of(HigherMean, HigherSheet, EarlierDate, CouncilVote, Lot)
TieBreak = HigherMean | HigherSheet | EarlierDate | CouncilVote | Lot
