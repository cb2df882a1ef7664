"""Demonstrations: a round filled from a workbook, or the one that ships with the service."""

import json
import os
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from evaluator.cli.refusals import refusing
from evaluator.core import schema
from evaluator.demo import results, season
from evaluator.demo.cast import PASSWORD, as_document
from evaluator.demo.play import Play
from evaluator.demo.timetable import Days, Stage
from evaluator.policy import OPERATOR
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import day_of

FIRST_DAY = date(2026, 1, 5)  # a round played at once takes place on days of its own, the same at every run
ACCOUNTS = "demo-accounts.json"  # in the instance folder: what `make run` prints


@click.group("demo")
def demo() -> None:
    """Fill an empty database with a demonstration."""


@demo.command("first-start")
@with_appcontext
def first_start() -> None:
    """Fill in the demonstration round if the database is empty, and print the accounts to try it with.

    Does nothing when DEMO=0 is set, and changes nothing at a second start.

    \b
    Example:
        flask demo first-start
    """
    kept = Path(current_app.instance_path) / ACCOUNTS
    if os.environ.get("DEMO", "1") != "0" and not rounds.newest_first(OPERATOR, limit=1):
        click.echo("Filling in the demonstration round; this takes a few seconds, once.")
        play = _play(season.own_season(), Stage.REVIEW, seed=1)
        _call_for_more(play)
        kept.write_text(
            json.dumps(as_document(play.cast, play.codes()), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    if kept.exists():
        click.echo(f"Accounts of the demonstration, all with the password {PASSWORD}")
        for account in json.loads(kept.read_text(encoding="utf-8")):
            click.echo(f"  {account['email']:<36}{', '.join(account['roles'])}")


@demo.command("load")
@click.option("--xlsx", "workbook", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--stage", required=True, type=click.Choice([stage.value for stage in Stage]))
@click.option(
    "--accounts", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write the accounts."
)
@click.option("--seed", default=1, show_default=True, help="What the simulated opinions are drawn from.")
@with_appcontext
def load(workbook: Path, stage: str, accounts: Path, seed: int) -> None:
    """Fill an empty database with one round from a workbook, and take it to a stage.

    \b
    Example:
        flask demo load --xlsx season.xlsx --stage review --accounts accounts.json
    """
    with refusing(workbook):
        _prepare_database()
        play = _play(season.from_workbook(workbook), Stage(stage), seed=seed)
    document = as_document(play.cast, play.codes())
    accounts.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    click.echo(f"The round {play.round.code} stands at the stage {stage}; {len(document)} accounts are in {accounts}.")


@demo.command("run")
@click.option("--xlsx", "workbook", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where results go."
)
@click.option("--seed", default=1, show_default=True, help="What the simulated opinions are drawn from.")
@click.option("--choose", type=click.IntRange(min=1), help="Put only so many of the best to the vote.")
@with_appcontext
def run(workbook: Path, folder: Path, seed: int, choose: int | None) -> None:
    """Take a workbook through a whole round, unattended, in an empty database; write down what came of it.

    The same workbook and seed give the same selection.

    \b
    Example:
        flask demo run --xlsx season.xlsx --out results
    """
    with refusing(workbook):
        _prepare_database()
        play = Play(season.from_workbook(workbook), days=Days(FIRST_DAY), seed=seed, choose=choose)
        play.until(Stage.PUBLISHED)
        results.write(play, folder)
    click.echo(f"{len(play.summary()['selected'])} initiatives were selected; everything is in {folder}.")


def _prepare_database() -> None:
    """Make the database where there is none; refuse one that is in use."""
    schema.upgrade()
    if rounds.newest_first(OPERATOR, limit=1):
        raise click.UsageError("This database already holds a round. A demonstration needs an empty one.")


def _call_for_more(play: Play) -> None:
    """Open a second round, so that whoever tries the demonstration can also hand in a dossier."""
    now = current_app.extensions["clock"].now()
    days = Days.with_today_at(Stage.SUBMITTED, day_of(now))
    play.call(days, now=now, opened=now, code=f"{play.round.code}-2")


def _play(material: season.Material, stage: Stage, *, seed: int) -> Play:
    """Run a demonstration that stands at a stage today."""
    today = day_of(current_app.extensions["clock"].now())
    play = Play(material, days=Days.with_today_at(stage, today), seed=seed)
    play.until(stage)
    return play


COMMANDS = (demo,)
