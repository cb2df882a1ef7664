"""What must hold of one criterion, kind by kind."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from evaluator.core.text import N_
from evaluator.rules.amounts import Figure
from evaluator.rules.fields import Problem, say
from evaluator.rules.rubric import Anchored, Bands, Bonus, Choice, Comment, Criterion, Numeric, Quantity

BELOW_ZERO = N_("%(points)s lies below zero.")
NOT_BELOW_ZERO = N_("Write zero or more.")


def criterion_problems(place: str, criterion: Criterion) -> Iterator[Problem]:
    """Yield the mistakes in one criterion, its common entries first."""
    if criterion.weight <= 0:
        yield say(f"{place}.weight", N_("The weight is not above zero."), N_("Write a weight above zero, or none."))
    own = list(CHECKS[type(criterion)](place, criterion))
    yield from own
    if criterion.floor is not None:
        yield from _floor(place, criterion)


def _floor(place: str, criterion: Criterion) -> Iterator[Problem]:
    floor = criterion.floor or 0
    if not criterion.scores:
        yield say(f"{place}.floor", N_("A comment has no points to compare with a floor."), N_("Take the floor out."))
    elif floor < 0:
        yield _below_zero(f"{place}.floor", floor)
    elif criterion.most is not None and floor > criterion.most:
        yield say(
            f"{place}.floor",
            N_("The floor %(floor)s lies above the maximum %(most)s."),
            N_("Lower the floor."),
            floor=Figure.of_points(floor),
            most=Figure.of_points(criterion.most),
        )


def _below_zero(place: str, points: int) -> Problem:
    return say(place, BELOW_ZERO, NOT_BELOW_ZERO, points=Figure.of_points(points))


def _numeric(place: str, criterion: Numeric) -> Iterator[Problem]:
    if criterion.minimum < 0:
        yield _below_zero(f"{place}.minimum", criterion.minimum)
    if criterion.maximum <= criterion.minimum:
        yield say(
            f"{place}.maximum",
            N_("The maximum %(most)s is not above the minimum %(least)s."),
            N_("Raise the maximum or lower the minimum."),
            most=Figure.of_points(criterion.maximum),
            least=Figure.of_points(criterion.minimum),
        )
    if criterion.step <= 0:
        yield say(f"{place}.step", N_("The step is not above zero."), N_("Write a step such as 1, 0.5 or 0.25."))
    elif (criterion.maximum - criterion.minimum) % criterion.step:
        yield say(
            f"{place}.step",
            N_("In steps of %(step)s nobody can reach the maximum %(most)s."),
            N_("Choose a step that divides the range."),
            step=Figure.of_points(criterion.step),
            most=Figure.of_points(criterion.maximum),
        )


def _bands(place: str, criterion: Bands) -> Iterator[Problem]:
    yield from _numeric(place, criterion)
    if not criterion.bands:
        yield say(f"{place}.bands", N_("There are no bands."), N_("Add bands, or make it a numeric criterion."))
        return
    ordered = sorted(criterion.bands, key=lambda band: (band.least, band.most))
    for band in ordered:
        if band.most < band.least:
            yield say(
                f"{place}.bands",
                N_("The band %(least)s–%(most)s runs backwards."),
                N_("Swap its ends."),
                **_ends(band.least, band.most),
            )
    for lower, higher in pairwise(ordered):
        if higher.least <= lower.most:
            yield say(
                f"{place}.bands",
                N_("The bands overlap from %(least)s to %(most)s."),
                N_("Let each number of points belong to one band."),
                **_ends(higher.least, min(lower.most, higher.most)),
            )
        elif higher.least != lower.most + criterion.step:
            yield say(
                f"{place}.bands",
                N_("Points between %(least)s and %(most)s belong to no band."),
                N_("Let the next band begin one step above the one before."),
                **_ends(lower.most, higher.least),
            )
    if ordered[0].least != criterion.minimum or max(band.most for band in ordered) != criterion.maximum:
        yield say(
            f"{place}.bands",
            N_("The bands do not reach from %(least)s to %(most)s."),
            N_("Let them begin at the minimum and end at the maximum."),
            **_ends(criterion.minimum, criterion.maximum),
        )


def _ends(least: int, most: int) -> dict[str, Any]:
    return {"least": Figure.of_points(least), "most": Figure.of_points(most)}


def _anchored(place: str, criterion: Anchored) -> Iterator[Problem]:
    given = [anchor.points for anchor in criterion.anchors]
    if len(given) < 2:
        yield say(f"{place}.anchors", N_("A scale needs at least two points."), N_("Add more anchors."))
    yield from (_below_zero(f"{place}.anchors", points) for points in given if points < 0)
    for points in _repeated(given):
        yield say(
            f"{place}.anchors",
            N_("%(points)s points stand on the scale twice."),
            N_("Keep one of them."),
            points=Figure.of_points(points),
        )


def _choice(place: str, criterion: Choice) -> Iterator[Problem]:
    if not criterion.options:
        yield say(f"{place}.options", N_("There is nothing to choose."), N_("Add options."))
    for number, option in enumerate(criterion.options):
        if not option.key.strip():
            yield say(f"{place}.options[{number}].key", N_("This text is empty."), N_("Write a short key."))
        if option.points < 0:
            yield _below_zero(f"{place}.options[{number}].points", option.points)
    for key in _repeated([option.key for option in criterion.options]):
        yield say(
            f"{place}.options", N_("The key “%(key)s” is used twice."), N_("Give each thing a key of its own."), key=key
        )


def _repeated(values: list[Any]) -> list[Any]:
    return [value for value, times in Counter(values).items() if times > 1]


def _comment(place: str, criterion: Comment) -> Iterator[Problem]:
    if criterion.longest < 1:
        yield say(f"{place}.longest", N_("No comment is that short."), N_("Write how many characters are allowed."))


def _quantity(place: str, criterion: Quantity) -> Iterator[Problem]:
    if not criterion.unit.strip():
        yield say(f"{place}.unit", N_("This text is empty."), N_("Write the unit, such as đồng or giờ."))
    if bool(criterion.stairs) == (criterion.every is not None):
        yield say(
            f"{place}.stairs",
            N_("It is not said how the quantity becomes points."),
            N_("Write either stairs, or how many points every so much gives."),
        )
    if criterion.every is not None and (criterion.every <= 0 or (criterion.gives or 0) <= 0):
        yield say(f"{place}.every", N_("The portion and its points must both be above zero."), N_("Write both."))
    if criterion.ceiling is not None and criterion.ceiling <= 0:
        yield say(f"{place}.ceiling", N_("The ceiling is not above zero."), N_("Raise it, or leave it out."))
    for number, (lower, higher) in enumerate(pairwise(criterion.stairs), start=1):
        if higher.quantity <= lower.quantity or higher.points <= lower.points:
            yield say(
                f"{place}.stairs[{number}]",
                N_("This stair does not lie above the one before."),
                N_("Let quantities and points rise from stair to stair."),
            )
    yield from (_below_zero(f"{place}.stairs", stair.points) for stair in criterion.stairs if stair.points < 0)


CHECKS: dict[type, Callable[[str, Any], Iterator[Problem]]] = {
    Numeric: _numeric,
    Bonus: _numeric,
    Bands: _bands,
    Anchored: _anchored,
    Choice: _choice,
    Comment: _comment,
    Quantity: _quantity,
}
