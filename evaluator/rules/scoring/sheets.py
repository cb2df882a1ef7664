"""One score sheet: reading what a person types, what is missing, what is wrong, its total, its floors."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS
from evaluator.rules.rubric import Choice, Comment, Criterion, Points, Quantity, Rubric, Value

_TYPED = re.compile(r"(?P<sign>[-+\u2212]?)(?P<whole>[0-9]{1,15})(?:[.,](?P<part>[0-9]{1,2}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+")

MISSING = N_("This criterion has not been marked yet. Mark it.")
MISSING_ONE = N_("Mark exactly one of these: %(labels)s.")
TWO_OF_ONE = N_("Only one of these may be marked: %(labels)s. Take the others out.")
NOT_IN_RUBRIC = N_("The rubric of this round has no such criterion. Take it out.")
NOT_READABLE = N_("“%(text)s” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals.")
NOT_A_WHOLE_QUANTITY = N_("“%(text)s” is not a whole number of %(unit)s. Write it like 1200000 or 1.200.000.")


def parse_points(text: str, criterion: Criterion) -> Value | None:
    """Read what was typed for a criterion; None if nothing was. Raises Invalid on the criterion's key.

    Both ``8,5`` and ``8.5`` are eight and a half points (850). A quantity without parts (đồng) never guesses:
    it reads 1200000 and 1.200.000, but not 1,2. A choice takes its option's key, a comment its words.
    """
    typed = text.strip()
    if not typed:
        return None
    value: Value = typed
    if isinstance(criterion, Quantity) and criterion.whole:
        value = _whole(typed, criterion)
    elif not isinstance(criterion, Choice | Comment):
        value = _number(typed, criterion)
    refusal = criterion.refusal(value)
    if refusal is not None:
        raise Invalid(fields={criterion.key: [refusal]})
    return value


def _number(typed: str, criterion: Criterion) -> int:
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise Invalid.on(criterion.key, NOT_READABLE, text=typed)
    points = int(match["whole"]) * HUNDREDTHS + int((match["part"] or "0").ljust(2, "0"))
    return -points if match["sign"] in {"-", "\u2212"} else points


def _whole(typed: str, criterion: Quantity) -> int:
    if not _GROUPED.fullmatch(typed):
        raise Invalid.on(criterion.key, NOT_A_WHOLE_QUANTITY, text=typed, unit=criterion.unit)
    return int(typed.replace(".", "").replace(" ", "")) * HUNDREDTHS


def missing(rubric: Rubric, points: Points) -> list[str]:
    """Return the keys still to be marked: of criteria, and of sets of alternatives, in the rubric's order."""
    alone = [
        criterion.key
        for criterion in rubric.criteria
        if criterion.required and not criterion.one_of and points.get(criterion.key, "") == ""
    ]
    sets = [
        alternatives.key
        for alternatives in rubric.alternatives
        if alternatives.required and not _chosen(rubric, alternatives.key, points)
    ]
    return alone + sets


def faults(rubric: Rubric, points: Mapping[str, object]) -> dict[str, Sentence]:
    """Return what is wrong with what has been given, by key. Absence is not a fault; see ``missing``."""
    found = {key: sentence(NOT_IN_RUBRIC) for key in points if key not in rubric.by_key}
    for key, value in points.items():
        refusal = rubric.by_key[key].refusal(value) if key in rubric.by_key else None
        if refusal is not None:
            found[key] = refusal
    for alternatives in rubric.alternatives:
        chosen = _chosen(rubric, alternatives.key, points)
        if len(chosen) > 1:
            labels = ", ".join(criterion.label for criterion in chosen)
            found |= {criterion.key: sentence(TWO_OF_ONE, labels=labels) for criterion in chosen}
    return found


def _chosen(rubric: Rubric, key: str, points: Mapping[str, object]) -> list[Criterion]:
    return [criterion for criterion in rubric.in_alternatives(key) if criterion.key in points]


def check(rubric: Rubric, points: Mapping[str, object]) -> None:
    """Raise Invalid, criterion by criterion, if anything given is wrong: enough for a draft."""
    wrong = faults(rubric, points)
    if wrong:
        raise Invalid(fields={key: [why] for key, why in wrong.items()})


def check_complete(rubric: Rubric, points: Mapping[str, object]) -> None:
    """Raise Invalid, criterion by criterion, if anything is wrong or missing: needed to sign."""
    wrong = faults(rubric, points)
    for key in missing(rubric, points):  # type: ignore[arg-type]  # only presence is looked at
        wrong[key] = _absence(rubric, key)
    if wrong:
        raise Invalid(fields={key: [why] for key, why in wrong.items()})


def _absence(rubric: Rubric, key: str) -> Sentence:
    if key in rubric.by_key:
        return sentence(MISSING)
    labels = ", ".join(criterion.label for criterion in rubric.in_alternatives(key))
    return sentence(MISSING_ONE, labels=labels)


def parts(rubric: Rubric, points: Points) -> dict[str, Fraction]:
    """Return what each marked criterion adds to the total, in points; the parts add up to it.

    What is not marked adds nothing. Raises Invalid if something given is wrong.
    """
    check(rubric, points)
    return {
        key: rubric.by_key[key].worth(points[key]) * factor for key, factor in rubric.factors.items() if key in points
    }


def total(rubric: Rubric, points: Points) -> Fraction:
    """Return the total of a sheet in points, exactly; a draft's is what has been given so far.

    Raises Invalid if something given is wrong.
    """
    whole = sum(parts(rubric, points).values(), Fraction(0))
    if rubric.capped and rubric.maximum is not None:
        return min(whole, Fraction(rubric.maximum, HUNDREDTHS))
    return whole


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor and how one sheet stands to it; ``value`` is None until everything in it is marked."""

    key: str
    label: str
    floor: Fraction
    kills: bool
    value: Fraction | None

    @property
    def met(self) -> bool | None:
        """Return whether it is met; None while it cannot be said."""
        return None if self.value is None else self.value >= self.floor


def floors(rubric: Rubric, points: Points) -> tuple[Floor, ...]:
    """Return every floor with the value of this sheet, criteria first, then groups.

    The council's decision looks at the mean of the sheets; this tells a reviewer where he stands. Raises Invalid
    if something given is wrong.
    """
    check(rubric, points)
    return tuple(_criterion_floors(rubric, points)) + tuple(_group_floors(rubric, points))


def _criterion_floors(rubric: Rubric, points: Points) -> Iterator[Floor]:
    for criterion in rubric.criteria:
        if criterion.floor is not None:
            value = _worth(criterion, points) if criterion.key in points else None
            yield Floor(criterion.key, criterion.label, Fraction(criterion.floor, HUNDREDTHS), criterion.kills, value)


def _group_floors(rubric: Rubric, points: Points) -> Iterator[Floor]:
    absent = set(missing(rubric, points))
    for group in rubric.groups:
        if group.floor is not None:
            inside = rubric.in_group(group.key)
            open_still = any(criterion.key in absent or criterion.one_of in absent for criterion in inside)
            value = sum((_worth(criterion, points) for criterion in inside), Fraction(0))
            yield Floor(
                group.key,
                group.label,
                Fraction(group.floor, HUNDREDTHS),
                group.kills,
                None if open_still else value,
            )


def _worth(criterion: Criterion, points: Points) -> Fraction:
    return Fraction(criterion.worth(points[criterion.key]) if criterion.key in points else 0, HUNDREDTHS)
