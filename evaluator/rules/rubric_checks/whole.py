"""The rubric as a whole: names, references, groups, sums; then everything below it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Protocol

from evaluator.core.text import N_
from evaluator.rules.amounts import HUNDREDTHS, Figure
from evaluator.rules.fields import Problem, say
from evaluator.rules.procedure import Totalling
from evaluator.rules.rubric import Group, Rubric
from evaluator.rules.rubric_checks.criteria import criterion_problems
from evaluator.rules.rubric_checks.results import result_problems
from evaluator.rules.rubric_checks.steps import step_problems


class Named(Protocol):
    """Anything of a rubric with a key and a label."""

    @property
    def key(self) -> str:
        """Return its key."""

    @property
    def label(self) -> str:
        """Return the words people read."""


KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
TOTAL = "total"


def problems(rubric: Rubric) -> list[Problem]:
    """Return every mistake in a rubric, in its own order; an empty list means that it may be used."""
    return [
        *_names(rubric),
        *_references(rubric),
        *(
            found
            for number, criterion in enumerate(rubric.criteria)
            for found in criterion_problems(f"criteria[{number}]", criterion)
        ),
        *(found for number, group in enumerate(rubric.groups) for found in _group(f"groups[{number}]", group, rubric)),
        *_whole(rubric),
        *step_problems(rubric),
        *result_problems(rubric),
    ]


def _names(rubric: Rubric) -> Iterator[Problem]:
    lists: dict[str, Sequence[Named]] = {
        "criteria": rubric.criteria,
        "groups": rubric.groups,
        "alternatives": rubric.alternatives,
        "categories": rubric.categories,
        "classes": rubric.classes,
    }
    shared = Counter(each.key for name in ("criteria", "groups", "alternatives") for each in lists[name])
    if not KEY.fullmatch(rubric.key):
        yield _bad_key("key", rubric.key)
    if not rubric.title.strip():
        yield _empty("title")
    for name, things in lists.items():
        own = Counter(each.key for each in things)
        counts = shared if name in {"criteria", "groups", "alternatives"} else own
        for number, each in enumerate(things):
            place = f"{name}[{number}]"
            if not KEY.fullmatch(each.key) or each.key == TOTAL:
                yield _bad_key(f"{place}.key", each.key)
            if counts[each.key] > 1:
                yield say(
                    f"{place}.key",
                    N_("The key “%(key)s” is used twice."),
                    N_("Give each thing a key of its own."),
                    key=each.key,
                )
            if not each.label.strip():
                yield _empty(f"{place}.label")


def _bad_key(place: str, key: str) -> Problem:
    return say(
        place,
        N_("“%(key)s” cannot be a key."),
        N_("Use up to 40 small letters a–z, digits and hyphens; “total” is taken."),
        key=key,
    )


def _empty(place: str) -> Problem:
    return say(place, N_("This text is empty."), N_("Write the words people will read."))


def _references(rubric: Rubric) -> Iterator[Problem]:
    groups = {group.key for group in rubric.groups}
    sets = {alternatives.key for alternatives in rubric.alternatives}
    for number, criterion in enumerate(rubric.criteria):
        for name, value, known in (("group", criterion.group, groups), ("one_of", criterion.one_of, sets)):
            if value and value not in known:
                yield say(
                    f"criteria[{number}].{name}",
                    N_("There is no “%(key)s” to belong to."),
                    N_("Add it to the rubric, or leave this entry out."),
                    key=value,
                )
        if criterion.one_of and not criterion.scores:
            yield say(
                f"criteria[{number}].one_of",
                N_("A comment cannot be one of several alternatives."),
                N_("Take it out of the alternatives."),
            )
    for number, alternatives in enumerate(rubric.alternatives):
        inside = rubric.in_alternatives(alternatives.key)
        if len(inside) < 2:
            yield say(
                f"alternatives[{number}]",
                N_("“%(label)s” offers no choice."),
                N_("Let at least two criteria belong to it."),
                label=alternatives.label,
            )
        if rubric.total is Totalling.MEAN and len({criterion.weight for criterion in inside}) > 1:
            yield say(
                f"alternatives[{number}]",
                N_("The alternatives of “%(label)s” have different weights in a mean."),
                N_("Give them the same weight."),
                label=alternatives.label,
            )


def _group(place: str, group: Group, rubric: Rubric) -> Iterator[Problem]:
    inside = [criterion for criterion in rubric.in_group(group.key) if criterion.scores]
    if not inside:
        yield say(
            place,
            N_("No criterion that scores belongs to the group “%(label)s”."),
            N_("Put criteria into it, or take it out."),
            label=group.label,
        )
        return
    most = rubric.most_of(group.key)
    if group.maximum is not None and most != Fraction(group.maximum, HUNDREDTHS):
        yield say(
            f"{place}.maximum",
            N_("The criteria of “%(label)s” add up to %(most)s, not to %(declared)s."),
            N_("Change the criteria or the maximum of the group."),
            label=group.label,
            most=NO_BOUND if most is None else Figure(most),
            declared=Figure.of_points(group.maximum),
        )
    if group.floor is not None and most is not None and group.floor > most * HUNDREDTHS:
        yield say(
            f"{place}.floor",
            N_("The floor %(floor)s lies above the maximum %(most)s."),
            N_("Lower the floor."),
            floor=Figure.of_points(group.floor),
            most=Figure(most),
        )


NO_BOUND = "∞"


def _whole(rubric: Rubric) -> Iterator[Problem]:
    if not any(criterion.scores for criterion in rubric.criteria):
        yield say("criteria", N_("No criterion gives points."), N_("Add at least one that does."))
        return
    if rubric.capped and rubric.maximum is None:
        yield say("capped", N_("There is no maximum to stop at."), N_("Declare a maximum, or do not stop there."))
    if rubric.maximum is not None and rubric.divisor and rubric.highest != Fraction(rubric.maximum, HUNDREDTHS):
        yield say(
            "maximum",
            N_("With their weights the criteria add up to %(most)s, not to %(declared)s."),
            N_("Change the criteria, their weights or the maximum."),
            most=NO_BOUND if rubric.highest is None else Figure(rubric.highest),
            declared=Figure.of_points(rubric.maximum),
        )
