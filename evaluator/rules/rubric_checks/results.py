"""What must hold of gates, classes and tie-breaks."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from evaluator.core.text import N_
from evaluator.rules.amounts import HUNDREDTHS, Figure
from evaluator.rules.fields import Problem, say
from evaluator.rules.procedure import (
    AnyOf,
    Class,
    Combine,
    FewLow,
    Gate,
    HigherMean,
    HigherSheet,
    Lot,
    Middle,
    Minimum,
    PublicVote,
)
from evaluator.rules.rubric import Rubric

TOTAL = "total"
UNKNOWN = N_("There is no scoring criterion or group “%(key)s”.")
WRITE_KNOWN = N_("Write one of: %(names)s.")


def result_problems(rubric: Rubric) -> Iterator[Problem]:
    """Yield the mistakes in what is decided from the score."""
    yield from _gates("gates", rubric.gates, rubric)
    for number, each in enumerate(rubric.classes):
        yield from _class(f"classes[{number}]", each, rubric)
    yield from _intervals(rubric)
    yield from _caps(rubric)
    yield from _ties(rubric)
    if rubric.clear_lead is not None and rubric.clear_lead <= 0:
        yield say("clear_lead", N_("This is not above zero."), N_("Write a number above zero."))


def most_points(rubric: Rubric, of: str) -> Fraction | None:
    """Return the most points a score, criterion or group can reach; None without a bound."""
    if of != TOTAL:
        return rubric.most_of(of)
    if any(isinstance(step, Combine) and step.by is Middle.SUM for step in rubric.steps):
        return None
    public = sum(step.maximum for step in rubric.steps if isinstance(step, PublicVote))
    return None if rubric.reachable is None else rubric.reachable + Fraction(public, HUNDREDTHS)


def _known(rubric: Rubric) -> list[str]:
    criteria = [criterion.key for criterion in rubric.criteria if criterion.scores]
    return criteria + [group.key for group in rubric.groups]


def _unknown(place: str, key: str, rubric: Rubric) -> Problem:
    return say(place, UNKNOWN, WRITE_KNOWN, key=key, names=", ".join(_known(rubric)))


def _gates(place: str, gates: tuple[Gate, ...], rubric: Rubric) -> Iterator[Problem]:
    for number, gate in enumerate(gates):
        here = f"{place}[{number}]"
        if isinstance(gate, Minimum):
            yield from _minimum(here, gate, rubric)
        elif isinstance(gate, FewLow):
            yield from _few_low(here, gate, rubric)
        else:
            yield from _any_of(here, gate, rubric)


def _minimum(place: str, gate: Minimum, rubric: Rubric) -> Iterator[Problem]:
    if gate.of not in {TOTAL, *_known(rubric)}:
        yield _unknown(f"{place}.of", gate.of, rubric)
        return
    categories = {category.key for category in rubric.categories}
    for category, _points in gate.by_category:
        if category not in categories:
            yield say(
                f"{place}.by_category",
                N_("There is no category “%(key)s”."),
                N_("Add it to the categories."),
                key=category,
            )
    most = most_points(rubric, gate.of)
    for needed in (gate.at_least, *(points for _category, points in gate.by_category)):
        if most is not None and needed > most * HUNDREDTHS:
            yield say(
                f"{place}.at_least",
                N_("Nobody can reach %(needed)s; the most possible is %(most)s."),
                N_("Lower what is needed."),
                needed=Figure.of_points(needed),
                most=Figure(most),
            )


def _few_low(place: str, gate: FewLow, rubric: Rubric) -> Iterator[Problem]:
    scoring = {criterion.key for criterion in rubric.criteria if criterion.scores}
    yield from (_unknown(f"{place}.of", key, rubric) for key in gate.of if key not in scoring)
    if not 0 <= gate.share < 1:
        yield say(f"{place}.share", N_("The share does not lie between 0 and 1."), N_("Write a share such as “1/3”."))


def _any_of(place: str, gate: AnyOf, rubric: Rubric) -> Iterator[Problem]:
    if len(gate.gates) < 2:
        yield say(f"{place}.gates", N_("“%(label)s” offers no choice."), N_("Add gates to it."), label=gate.label)
    yield from _gates(f"{place}.gates", gate.gates, rubric)


def _class(place: str, each: Class, rubric: Rubric) -> Iterator[Problem]:
    most = most_points(rubric, TOTAL)
    if most is not None and each.at_least > most * HUNDREDTHS:
        yield say(
            f"{place}.at_least",
            N_("Nobody can reach “%(label)s”: it needs %(needed)s, the most possible is %(most)s."),
            N_("Lower what is needed."),
            label=each.label,
            needed=Figure.of_points(each.at_least),
            most=Figure(most),
        )
    if each.below is not None and each.below <= each.at_least:
        yield say(
            f"{place}.below",
            N_("The interval of “%(label)s” is empty."),
            N_("Let it end above where it begins."),
            label=each.label,
        )
    yield from _gates(f"{place}.gates", each.gates, rubric)


def _intervals(rubric: Rubric) -> Iterator[Problem]:
    if rubric.classes and rubric.classes[0].below is not None:
        yield say(
            "classes[0].below",
            N_("Scores from %(points)s on belong to no class."),
            N_("Leave the best class open at the top."),
            points=Figure.of_points(rubric.classes[0].below),
        )
    for number, (better, worse) in enumerate(pairwise(rubric.classes), start=1):
        names = {"better": better.label, "worse": worse.label}
        if worse.at_least > better.at_least:
            yield say(
                f"classes[{number}]",
                N_("“%(worse)s” needs more than “%(better)s”, which stands before it."),
                N_("Put the best class first."),
                **names,
            )
        elif worse.at_least == better.at_least and not better.gates:
            yield say(
                f"classes[{number}]",
                N_("Nobody can get “%(worse)s”: “%(better)s” takes all of them."),
                N_("Lower what it needs, or add gates to the better class."),
                **names,
            )
        elif worse.below is not None and worse.below > better.at_least and not better.gates:
            yield say(
                f"classes[{number}].below",
                N_("The intervals of “%(worse)s” and “%(better)s” overlap."),
                N_("Let it end where the better class begins, or leave it open at the top."),
                **names,
            )
        elif worse.below is not None and worse.below < better.at_least:
            yield say(
                f"classes[{number}].below",
                N_("Scores between “%(worse)s” and “%(better)s” belong to no class."),
                N_("Let it end where the better class begins, or leave it open at the top."),
                **names,
            )


def _caps(rubric: Rubric) -> Iterator[Problem]:
    good = [each.key for each in rubric.classes if each.passes]
    for number, cap in enumerate(rubric.caps):
        if cap.most < 1:
            yield say(f"caps[{number}].most", N_("This is not above zero."), N_("Write a number above zero."))
        for key in cap.classes:
            if key not in good:
                yield say(
                    f"caps[{number}].classes",
                    N_("There is no successful class “%(key)s”."),
                    WRITE_KNOWN,
                    key=key,
                    names=", ".join(good),
                )


def _ties(rubric: Rubric) -> Iterator[Problem]:
    for number, tie in enumerate(rubric.ties):
        place = f"ties[{number}]"
        if isinstance(tie, HigherMean) and tie.of not in _known(rubric):
            yield _unknown(f"{place}.of", tie.of, rubric)
        if isinstance(tie, HigherSheet) and not tie.role.strip():
            yield say(f"{place}.role", N_("This text is empty."), N_("Write the role, such as chair."))
        if isinstance(tie, Lot) and not tie.seed.strip():
            yield say(f"{place}.seed", N_("The lot has no seed."), N_("Write the published seed."))
        if isinstance(tie, Lot) and number != len(rubric.ties) - 1:
            yield say(f"{place}", N_("After the lot nothing is left to decide."), N_("Put the lot last."))
