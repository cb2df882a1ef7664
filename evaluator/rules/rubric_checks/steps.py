"""What must hold of the ordered steps over sheets."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from evaluator.core.text import N_
from evaluator.rules.fields import Problem, say
from evaluator.rules.procedure import (
    Action,
    Apart,
    ByCount,
    Calibrate,
    Clamp,
    Combine,
    Deviation,
    DropExtremes,
    Extremes,
    LeastSheets,
    Middle,
    PublicVote,
    Ranking,
    Round,
    SetAside,
    Spread,
)
from evaluator.rules.rubric import Rubric

MOST_PLACES = 6
FEWEST = 4
NOT_ABOVE_ZERO = N_("This is not above zero.")
ABOVE_ZERO = N_("Write a number above zero.")


def step_problems(rubric: Rubric) -> Iterator[Problem]:
    """Yield the mistakes in the steps: their order first, then each of them."""
    kinds = [type(step) for step in rubric.steps]
    if kinds.count(Combine) != 1:
        yield say(
            "steps", N_("Not exactly one step combines the sheets."), N_("Have exactly one step that combines them.")
        )
    else:
        yield from _order(rubric, kinds.index(Combine))
    if kinds.count(PublicVote) > 1:
        yield say("steps", N_("The public votes more than once."), N_("Keep one public vote."))
    if kinds.count(Calibrate) > 1:
        yield say("steps", N_("Leniency is taken off more than once."), N_("Keep one step that takes it off."))
    for number, step in enumerate(rubric.steps):
        yield from CHECKS[type(step)](f"steps[{number}]", step)
    yield from _halves(rubric)
    yield from _dropping(rubric)


def _order(rubric: Rubric, combine: int) -> Iterator[Problem]:
    for number, step in enumerate(rubric.steps):
        if isinstance(step, PublicVote) and number < combine:
            yield say(
                f"steps[{number}]",
                N_("There is no score yet to which public votes could be added."),
                N_("Move it below the step that combines them."),
            )
        if not isinstance(step, PublicVote | Round) and number > combine:
            yield say(
                f"steps[{number}]",
                N_("The sheets have already been combined."),
                N_("Move it above the step that combines them."),
            )


def _halves(rubric: Rubric) -> Iterator[Problem]:
    merging = any(
        rule.extremes is Extremes.MERGE for step in rubric.steps if isinstance(step, ByCount) for rule in step.rules
    )
    for number, step in enumerate(rubric.steps):
        if isinstance(step, Combine) and step.by is Middle.MEDIAN and (step.weights or merging):
            yield say(
                f"steps[{number}].by",
                N_("A median knows no weights and no half sheets."),
                N_("Take the mean, or leave weights and merging out."),
            )


def _dropping(rubric: Rubric) -> Iterator[Problem]:
    """Yield the steps that take sheets away where places are compared: every reviewer's is needed."""
    for number, step in enumerate(rubric.steps):
        drops = isinstance(step, DropExtremes | ByCount) or (isinstance(step, Deviation) and step.action is Action.DROP)
        if rubric.ranking is Ranking.PLACEMENT and drops:
            yield say(
                f"steps[{number}]",
                N_("Ranking by places needs the sheet of every reviewer, and this step drops some."),
                N_("Take the step out, or rank by the score."),
            )


def _above_zero(place: str, value: int | None) -> Iterator[Problem]:
    if value is not None and value <= 0:
        yield say(place, NOT_ABOVE_ZERO, ABOVE_ZERO)


def _places(place: str, places: int) -> Iterator[Problem]:
    if not 0 <= places <= MOST_PLACES:
        yield say(f"{place}.places", N_("So many decimals are not possible."), N_("Write a number from 0 to 6."))


def _least_sheets(place: str, step: LeastSheets) -> Iterator[Problem]:
    yield from _above_zero(f"{place}.count", step.count)


def _set_aside(place: str, step: SetAside) -> Iterator[Problem]:
    yield from _role(place, step.role)


def _deviation(place: str, step: Deviation) -> Iterator[Problem]:
    yield from _above_zero(f"{place}.limit", step.limit)
    if step.of is Middle.SUM:
        yield say(f"{place}.of", N_("A sum is no middle."), N_("Choose the mean or the median."))
    if step.repeat and step.action is not Action.DROP:
        yield say(
            f"{place}.repeat",
            N_("Only dropping can change the middle."),
            N_("Do not repeat it, or let it drop sheets."),
        )


def _spread(place: str, step: Spread) -> Iterator[Problem]:
    yield from _above_zero(f"{place}.limit", step.limit)
    yield from _never_drops(place, step.action)


def _apart(place: str, step: Apart) -> Iterator[Problem]:
    yield from _role(place, step.role)
    yield from _above_zero(f"{place}.limit", step.limit)
    yield from _never_drops(place, step.action)


def _never_drops(place: str, action: Action) -> Iterator[Problem]:
    if action is Action.DROP:
        yield say(
            f"{place}.action",
            N_("A distance does not say which sheet is wrong."),
            N_("Let it flag the sheets, or ask for another one."),
        )


def _role(place: str, role: str) -> Iterator[Problem]:
    if not role.strip():
        yield say(f"{place}.role", N_("This text is empty."), N_("Write the role, such as chair."))


def _calibrate(place: str, step: Calibrate) -> Iterator[Problem]:
    if step.fewest < FEWEST:
        yield say(
            f"{place}.fewest",
            N_("So few sheets do not tell a habit from chance."),
            N_("Write at least %(fewest)s."),
            fewest=FEWEST,
        )


def _drop_extremes(place: str, step: DropExtremes) -> Iterator[Problem]:
    if min(step.highest, step.lowest) < 0 or step.highest + step.lowest == 0:
        yield say(place, N_("It is not said how many are dropped."), N_("Write how many highest and lowest ones."))
    elif step.from_sheets <= step.highest + step.lowest:
        yield say(
            f"{place}.from_sheets",
            N_("With so few sheets none would be left."),
            N_("Write more than are dropped."),
        )


def _by_count(place: str, step: ByCount) -> Iterator[Problem]:
    if not step.rules:
        yield say(f"{place}.rules", N_("There are no rules."), N_("Say from how many sheets on what is done."))
    for number, (fewer, more) in enumerate(pairwise(step.rules), start=1):
        if more.sheets <= fewer.sheets:
            yield say(
                f"{place}.rules[{number}].sheets",
                N_("The rules do not rise by the number of sheets."),
                N_("Begin with the fewest sheets."),
            )
    for number, rule in enumerate(step.rules):
        if rule.sheets < (1 if rule.extremes is Extremes.KEEP else 3):
            yield say(
                f"{place}.rules[{number}].sheets",
                N_("With so few sheets none would be left."),
                N_("Write at least 3 sheets, or keep them all."),
            )


def _clamp(place: str, step: Clamp) -> Iterator[Problem]:
    yield from _above_zero(f"{place}.limit", step.limit)


def _combine(place: str, step: Combine) -> Iterator[Problem]:
    for role, weight in step.weights:
        if weight <= 0:
            yield say(f"{place}.weights.{role}", NOT_ABOVE_ZERO, ABOVE_ZERO)


def _round(place: str, step: Round) -> Iterator[Problem]:
    yield from _places(place, step.places)


def _public_vote(place: str, step: PublicVote) -> Iterator[Problem]:
    yield from _above_zero(f"{place}.maximum", step.maximum)
    yield from _places(place, step.places)
    yield from _above_zero(f"{place}.every", step.every)
    yield from _above_zero(f"{place}.gives", step.gives)


CHECKS: dict[type, Callable[[str, Any], Iterator[Problem]]] = {
    LeastSheets: _least_sheets,
    SetAside: _set_aside,
    Calibrate: _calibrate,
    Apart: _apart,
    Deviation: _deviation,
    Spread: _spread,
    DropExtremes: _drop_extremes,
    ByCount: _by_count,
    Clamp: _clamp,
    Combine: _combine,
    Round: _round,
    PublicVote: _public_vote,
}
