"""Rubrics and scores from files; needs no database."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from evaluator.cli import sheet_files
from evaluator.core.errors import Invalid, Message
from evaluator.core.text import N_, sentence
from evaluator.rounds.presets import FOLDER
from evaluator.rules import rubric_document, scoring
from evaluator.rules.fields import Problem, Unreadable
from evaluator.rules.rubric import Rubric
from evaluator.rules.rubric_checks import problems
from evaluator.web.language import LANGUAGES, say_in

GOOD = N_("%(file)s: “%(title)s” holds together; %(criteria)s criteria, digest %(digest)s.")
NOT_UTF_8 = N_("This is not UTF-8 text. Save it as UTF-8.")
language = click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True, help="Of the sentences."
)


@click.group("rubrics")
def rubrics() -> None:
    """Rubrics as files."""


@rubrics.command("check")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, allow_dash=True))
@language
@with_appcontext
def check(files: tuple[str, ...], *, language: str) -> None:
    """Say whether each of FILES (all of rubrics/ without any) is a rubric a round may use.

    \b
    Example:
        flask rubrics check rubrics/r01-provincial.toml
    """
    bad = []
    for name in files or [str(path) for path in sorted(FOLDER.glob("*.toml"))]:
        try:
            rubric = _rubric(name)
        except _Refused as refused:
            bad += refused.lines(language)
        else:
            digest = rubric_document.digest(rubric)
            values = {"file": name, "title": rubric.title, "criteria": len(rubric.criteria), "digest": digest}
            click.echo(say_in(language, sentence(GOOD, **values)))
    _end(bad)


@click.command("score")
@click.option(
    "--rubric", "rubric_file", required=True, type=click.Path(dir_okay=False, allow_dash=True), help="A TOML file."
)
@click.option(
    "--facts",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="CSV: initiative and any of votes, category, submitted_on, council_votes, field, unit.",
)
@click.argument("sheets", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@language
@with_appcontext
def score(rubric_file: str, facts: str | None, sheets: str, *, as_json: bool, language: str) -> None:
    """Score the sheets of the CSV file SHEETS and rank the initiatives, best first.

    SHEETS has the columns initiative, reviewer, criterion, points, and may have role.

    \b
    Example:
        flask score --rubric rubrics/r01-provincial.toml sheets.csv --json
    """
    try:
        rubric = _rubric(rubric_file)
        scorer, found = scoring.Scorer(rubric), _sheets(rubric, sheets, facts)
        season, keys = _keys(scorer, found, sheets)
    except _Refused as refused:
        _end(refused.lines(language))
    race = scoring.close_race(rubric, keys)
    told = say_in(language, race) if race else ""
    outcomes = _outcomes(scorer, found, season, keys)
    for text in _json(outcomes, language, told) if as_json else _lines(rubric, outcomes, language, told):
        click.echo(text, nl=not as_json)


class _Refused(Exception):
    """Files that cannot be used: file, place and sentence of each problem."""

    def __init__(self, found: Iterable[tuple[str, str, Message]]) -> None:
        super().__init__()
        self.found = list(found)

    def lines(self, language: str) -> list[str]:
        """Return a line for each problem."""
        return [
            ": ".join(part for part in (file, place, say_in(language, text)) if part)
            for file, place, text in self.found
        ]


def _rubric(name: str) -> Rubric:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        rubric = rubric_document.from_toml(text)
    except OSError as error:
        raise _Refused([(name, "", str(error.strerror))]) from error
    except UnicodeDecodeError as error:
        raise _Refused([(name, "", NOT_UTF_8)]) from error
    except Unreadable as unreadable:
        raise _Refused(_told(name, unreadable.problems)) from unreadable
    wrong = problems(rubric)
    if wrong:
        raise _Refused(_told(name, wrong))
    return rubric


def _told(name: str, wrong: list[Problem]) -> Iterator[tuple[str, str, Message]]:
    for problem in wrong:
        text = sentence(N_("%(problem)s %(remedy)s"), problem=problem.problem, remedy=problem.remedy)
        yield name, problem.place, text


def _sheets(rubric: Rubric, name: str, facts: str | None) -> sheet_files.Sheets:
    try:
        found = sheet_files.read(rubric, name, facts)
    except OSError as error:
        raise _Refused([(str(error.filename), "", str(error.strerror))]) from error
    except UnicodeDecodeError as error:
        raise _Refused([(name, "", NOT_UTF_8)]) from error
    if found.problems:
        raise _Refused((problem.file, str(problem.row), problem.text) for problem in found.problems)
    return found


def _keys(scorer: scoring.Scorer, found: sheet_files.Sheets, name: str) -> tuple[scoring.Season, list[scoring.Key]]:
    """Score all dossiers; only what ranks them is kept, so a whole province fits into memory."""
    wrong: list[tuple[str, str, Message]] = []
    keys: list[scoring.Key] = []
    season = _season(scorer, found)
    for dossier in found.dossiers():
        try:
            key = scoring.key_of(scorer.outcome(dossier, season))
        except Invalid as invalid:
            wrong += [(name, place, why) for place, each in invalid.fields.items() for why in each]
        else:
            keys += [key] if key else []
    if wrong:
        raise _Refused(wrong)
    return season, keys


def _season(scorer: scoring.Scorer, found: sheet_files.Sheets) -> scoring.Season:
    if scorer.calibrates is None:
        return scorer.season(found.dossiers())
    from evaluator.rules import agreement  # noqa: PLC0415 - numpy loads longer than most files take to score

    try:
        return agreement.season(scorer, found.dossiers())
    except Invalid:
        return scoring.Season()  # the dossier with the wrong points is refused by name when it is scored


def _outcomes(
    scorer: scoring.Scorer, found: sheet_files.Sheets, season: scoring.Season, keys: list[scoring.Key]
) -> Iterator[scoring.Outcome]:
    """Yield every outcome with its place, best first; those without a score last, by code."""
    order = scoring.places(scorer.rubric, keys)
    limits = scoring.within_caps(scorer.rubric, keys, order)
    last = [dossier.initiative for dossier in found.dossiers() if dossier.initiative not in order]
    for initiative in (*order, *last):
        outcome = scorer.outcome(found.dossier(initiative), season)
        yield scoring.with_caps(scoring.with_place(outcome, order), limits)


def _json(outcomes: Iterator[scoring.Outcome], language: str, race: str) -> Iterator[str]:
    yield '{"initiatives":['
    comma = ""
    for outcome in outcomes:
        document = scoring.document(outcome, lambda text: say_in(language, text))
        yield f"{comma}\n{json.dumps(document, ensure_ascii=False)}"
        comma = ","
    yield f'\n],"close_race":{json.dumps(race, ensure_ascii=False)}}}\n'


def _lines(rubric: Rubric, outcomes: Iterator[scoring.Outcome], language: str, race: str) -> Iterator[str]:
    for outcome in outcomes:
        yield f"{outcome.initiative}:"
        for line in scoring.explain(rubric, outcome):
            indent = "    " if line.part is scoring.Part.CRITERION else "  "
            yield indent + say_in(language, line.text)
    if race:
        yield race


def _end(bad: list[str]) -> None:
    if bad:
        click.echo("\n".join(bad), err=True)
        sys.exit(1)


COMMANDS = (rubrics, score)
