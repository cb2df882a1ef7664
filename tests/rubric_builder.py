"""Small rubrics and dossiers for tests of the rules: valid by default, one thing changed at a time."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from evaluator.rules import rubric_document, scoring
from evaluator.rules.procedure import Combine, Round
from evaluator.rules.rubric import Numeric, Rubric

RUBRICS = Path(__file__).parents[1] / "rubrics"
TWO_PLACES = Round(places=2)


def numeric(key="a", maximum=100, **more):
    """A numeric criterion; the maximum is in whole points."""
    return Numeric(key=key, label=more.pop("label", f"Criterion {key}"), maximum=maximum * 100, **more)


def a_rubric(*criteria, steps=(), after=(TWO_PLACES,), **more):
    """A rubric of these criteria; ``steps`` stand before the mean, ``after`` behind it."""
    combine = more.pop("combine", Combine())
    return Rubric(
        key="test", title="Test", criteria=criteria or (numeric(step=1),), steps=(*steps, combine, *after), **more
    )


def preset(name):
    """The preset whose file begins with ``name``."""
    (path,) = RUBRICS.glob(f"{name}-*.toml")
    return rubric_document.from_toml(path.read_text(encoding="utf-8"))


def totals(*points, roles=None, key="a", initiative="X", **facts):
    """A dossier of sheets with one criterion each; points are whole points or hundredths as fractions of them."""
    sheets = tuple(
        scoring.Sheet(f"r{number}", {key: int(Fraction(str(total)) * 100)}, (roles or {}).get(number, ""))
        for number, total in enumerate(points, start=1)
    )
    return scoring.Dossier(initiative, sheets, **facts)


def sheet(reviewer="r1", role="", **points):
    """A sheet; whole numbers and texts like "8.5" are points, other texts stay as they are."""
    return scoring.Sheet(reviewer, {key.replace("_", "-"): _value(value) for key, value in points.items()}, role)


def _value(value):
    try:
        return int(Fraction(str(value)) * 100)
    except ValueError:
        return value


def outcome(rubric, *sheets_or_dossier, **facts):
    """The outcome of one dossier, given as it is or as sheets."""
    if isinstance(sheets_or_dossier[0], scoring.Dossier):
        return scoring.Scorer(rubric).outcome(*sheets_or_dossier)
    return scoring.Scorer(rubric).outcome(scoring.Dossier("X", sheets_or_dossier, **facts))


def changed(rubric, **more):
    """The rubric with some fields replaced."""
    return replace(rubric, **more)


def said(problems):
    """Problems as (place, English problem): what a person is told."""
    return [(problem.place, str(problem.problem)) for problem in problems]
