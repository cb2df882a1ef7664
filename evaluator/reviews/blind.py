"""What a reviewer meets: the blind dossier and the sheet on it as frozen values, and the only way to make them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from evaluator.initiatives.blind import BlindInitiative
from evaluator.rules import scoring
from evaluator.rules.amounts import HUNDREDTHS
from evaluator.rules.procedure import Minimum
from evaluator.rules.rubric import Anchored, Bands, Choice, Criterion, Numeric, Points, Quantity, Rubric, Stair, Value

MOST_QUICK = 11  # so many buttons still fit under one criterion; from 0 to 10 in whole points
FEW_QUICK = 5


@dataclass(frozen=True, slots=True)
class Quick:
    """One press that marks a criterion: the points it gives, the stretch they lie in, its words, its digit."""

    points: int
    least: int
    most: int
    text: str
    digit: str

    @property
    def is_stretch(self) -> bool:
        """Whether it stands for more than one number of points."""
        return self.least != self.most


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a choice."""

    key: str
    label: str
    points: int
    digit: str


@dataclass(frozen=True, slots=True)
class BlindCriterion:
    """One criterion with what has been given for it. Points are hundredths throughout."""

    key: str
    number: str
    label: str
    kind: str
    guidance: str
    evidence: tuple[str, ...]
    legal: str
    required: bool
    value: Value | None
    worth: int | None
    least: int
    most: int | None
    step: int
    share: float  # what one of its points adds to the total; for the running total on the page only
    floor: int | None
    is_met: bool | None
    quick: tuple[Quick, ...]
    answers: tuple[Answer, ...]
    unit: str
    stairs: tuple[Stair, ...]

    @property
    def scores(self) -> bool:
        """Whether it gives points at all."""
        return self.kind != "comment"


@dataclass(frozen=True, slots=True)
class Section:
    """Criteria under one heading; ``of_which_one`` when exactly one of them is marked."""

    label: str
    maximum: int | None
    floor: int | None
    is_met: bool | None
    of_which_one: bool
    criteria: tuple[BlindCriterion, ...]


@dataclass(frozen=True, slots=True)
class SoFar:
    """Where a sheet stands: total, what is missing, floors; recomputed after every change."""

    total: int
    highest: int | None
    pass_mark: int | None
    missing: tuple[tuple[str, str], ...]  # key, label
    floors: int
    floors_met: int
    floors_missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlindSheet:
    """Everything the page of a score sheet shows."""

    initiative: BlindInitiative
    round_title: str
    sections: tuple[Section, ...]
    so_far: SoFar
    remark: str
    saved_at: datetime | None
    signed_at: datetime | None
    reopened_at: datetime | None
    asked_time_at: datetime | None
    closes_at: datetime
    is_open: bool
    version: int
    authors: tuple[str, ...] = ()  # only from the moment on that the round fixed, if ever

    @property
    def may_change(self) -> bool:
        """Whether points can be given now."""
        return self.is_open and self.signed_at is None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a reviewer's list."""

    code: str
    title: str
    field: str
    round_code: str
    closes_at: datetime
    marked: int
    criteria: int
    signed_at: datetime | None
    saved_at: datetime | None
    reopened_at: datetime | None
    asked_time_at: datetime | None


def so_far_of(rubric: Rubric, points: Points) -> SoFar:
    """Return where a sheet with these points stands; what is wrong in a draft counts for nothing yet."""
    good = {key: value for key, value in points.items() if key not in scoring.faults(rubric, points)}
    floors = scoring.floors(rubric, good)
    labels = {each.key: each.label for each in rubric.criteria} | {each.key: each.label for each in rubric.alternatives}
    return SoFar(
        total=_hundredths(scoring.total(rubric, good)),
        highest=None if rubric.reachable is None else _hundredths(rubric.reachable),
        pass_mark=pass_mark(rubric),
        missing=tuple((key, labels[key]) for key in scoring.missing(rubric, good)),
        floors=len(floors),
        floors_met=sum(floor.met is True for floor in floors),
        floors_missed=tuple(floor.label for floor in floors if floor.met is False),
    )


def pass_mark(rubric: Rubric) -> int | None:
    """Return the total that is needed, in hundredths, where the rubric has one for everybody."""
    return next((gate.at_least for gate in rubric.gates if isinstance(gate, Minimum) and gate.of == "total"), None)


def sections_of(rubric: Rubric, points: Points) -> tuple[Section, ...]:
    """Return the criteria under their headings, in the rubric's order."""
    floors = {floor.key: floor.met for floor in scoring.floors(rubric, _only_good(rubric, points))}
    shown = {each.key: each for each in _criteria(rubric, points, floors)}
    sections: list[Section] = []
    for heading, criteria in _headings(rubric):
        group = (
            next((each for each in rubric.groups if each.key == heading[1]), None) if heading[0] == "group" else None
        )
        chosen = (
            next((each for each in rubric.alternatives if each.key == heading[1]), None)
            if heading[0] == "one"
            else None
        )
        sections.append(
            Section(
                label=group.label if group else chosen.label if chosen else "",
                maximum=group.maximum if group else None,
                floor=group.floor if group else None,
                is_met=floors.get(group.key) if group else None,
                of_which_one=chosen is not None,
                criteria=tuple(shown[criterion.key] for criterion in criteria),
            )
        )
    return tuple(sections)


def _headings(rubric: Rubric) -> Iterator[tuple[tuple[str, str], list[Criterion]]]:
    """Yield runs of criteria that stand under the same heading."""
    run: list[Criterion] = []
    current = ("", "")
    for criterion in rubric.criteria:
        heading = (
            ("one", criterion.one_of)
            if criterion.one_of
            else ("group", criterion.group)
            if criterion.group
            else ("", "")
        )
        if run and heading != current:
            yield current, run
            run = []
        current = heading
        run.append(criterion)
    if run:
        yield current, run


def _criteria(rubric: Rubric, points: Points, floors: dict[str, bool | None]) -> Iterator[BlindCriterion]:
    for number, criterion in enumerate(rubric.criteria, start=1):
        value = points.get(criterion.key)
        is_good = value is not None and criterion.refusal(value) is None
        yield BlindCriterion(
            key=criterion.key,
            number=criterion.code or str(number),
            label=criterion.label,
            kind=criterion.kind,
            guidance=criterion.guidance,
            evidence=criterion.evidence,
            legal=criterion.legal,
            required=criterion.required,
            value=value,
            worth=criterion.worth(value) if is_good and value is not None else None,
            least=criterion.least,
            most=criterion.most,
            step=criterion.step if isinstance(criterion, Numeric) else HUNDREDTHS,
            share=float(criterion.weight / rubric.divisor),
            floor=criterion.floor,
            is_met=floors.get(criterion.key),
            quick=tuple(quick_marks(criterion)),
            answers=_answers(criterion),
            unit=criterion.unit if isinstance(criterion, Quantity) else "",
            stairs=criterion.stairs if isinstance(criterion, Quantity) else (),
        )


def quick_marks(criterion: Criterion) -> Iterator[Quick]:
    """Yield what one press can give, best first, with the digits of the keyboard.

    A band gives its middle, rounded up to the criterion's step; the arrows move on from there.
    """
    if isinstance(criterion, Bands):
        marks = [
            (_middle(band.least, band.most, criterion), band.least, band.most, band.text) for band in criterion.bands
        ]
    elif isinstance(criterion, Anchored):
        marks = [(anchor.points, anchor.points, anchor.points, anchor.text) for anchor in criterion.anchors]
    elif isinstance(criterion, Numeric):
        marks = [(points, points, points, "") for points in _spaced(criterion)]
    else:
        marks = []
    ordered = sorted(marks)
    digits = _digits([points for points, *_rest in ordered])
    yield from (Quick(*mark, digit) for mark, digit in reversed(list(zip(ordered, digits, strict=True))))


def _spaced(criterion: Numeric) -> list[int]:
    """Return all points that can be given, or a few evenly spaced ones when they are many."""
    whole = (criterion.maximum - criterion.minimum) // criterion.step
    if whole < MOST_QUICK:
        return [criterion.minimum + criterion.step * i for i in range(whole + 1)]
    return [criterion.minimum + criterion.step * (whole * i // FEW_QUICK) for i in range(1, FEW_QUICK + 1)]


def _middle(least: int, most: int, criterion: Numeric) -> int:
    """Return the middle of a stretch on the criterion's step, rounded up."""
    steps = -(-((least + most) // 2 - criterion.minimum) // criterion.step)
    return min(criterion.minimum + steps * criterion.step, most)


def _answers(criterion: Criterion) -> tuple[Answer, ...]:
    if not isinstance(criterion, Choice):
        return ()
    digits = [*"1234567890", *[""] * len(criterion.options)][: len(criterion.options)]
    return tuple(
        Answer(option.key, option.label, option.points, digit)
        for option, digit in zip(criterion.options, digits, strict=True)
    )


def _digits(marks: list[int]) -> list[str]:
    """Return the digit of each mark: the points themselves where they are whole and small, else by rank from 1."""
    if all(points % HUNDREDTHS == 0 for points in marks) and marks == list(
        range(0, len(marks) * HUNDREDTHS, HUNDREDTHS)
    ):
        return [str(points // HUNDREDTHS) if points < 10 * HUNDREDTHS else "" for points in marks]
    return [*"1234567890", *[""] * len(marks)][: len(marks)]


def _only_good(rubric: Rubric, points: Points) -> Points:
    wrong = scoring.faults(rubric, points)
    return {key: value for key, value in points.items() if key not in wrong}


def _hundredths(amount: Fraction) -> int:
    """Return an exact amount as it is shown while a sheet is being filled in, rounded half up."""
    return int((amount * HUNDREDTHS * 2 + 1) // 2)
