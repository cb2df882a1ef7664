"""Initiatives from an office's workbook."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from evaluator.cli.refusals import refusing
from evaluator.core.db import transaction
from evaluator.core.text import N_, sentence
from evaluator.initiatives.intake import service as intake
from evaluator.initiatives.intake.findings import Finding
from evaluator.initiatives.intake.report import as_csv
from evaluator.initiatives.intake.service import Taken
from evaluator.policy import OPERATOR
from evaluator.rounds import queries as rounds
from evaluator.web.language import LANGUAGES, say_in

TAKEN = N_("%(taken)s dossiers were taken, %(already)s were there already, %(refused)s need a person to correct them.")
WOULD_TAKE = N_(
    "%(taken)s dossiers would be taken, %(already)s are there already, %(refused)s need a person to correct them. Nothing was written."
)


@click.group("initiatives")
def initiatives() -> None:
    """Initiatives and their dossiers."""


@initiatives.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--round", "round_code", required=True, help="The code of the round that takes the dossiers.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Where the findings go, as CSV: row, column, problem, remedy, severity.",
)
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True, help="Of the sentences."
)
@with_appcontext
def take(file: Path, round_code: str, *, dry_run: bool, report: Path | None, language: str) -> None:
    """Take the good dossiers of the workbook FILE into a round; all or nothing per dossier, and none twice.

    \b
    Example:
        flask initiatives import season.xlsx --round 2026-1 --dry-run --report findings.csv
    """
    now = current_app.extensions["clock"].now()
    with refusing(file, language), transaction(keep=not dry_run):
        a_round = rounds.get(round_code, actor=OPERATOR)
        season = intake.read(file.read_bytes(), a_round, by=OPERATOR, now=now)
        taken = intake.take(season, a_round, by=OPERATOR, now=now)
    if report is not None:
        _write(report, taken.findings, language)
    outcome = sentence(WOULD_TAKE if dry_run else TAKEN, **_counts(taken))
    click.echo(say_in(language, outcome), err=report == Path("-"))


def _counts(taken: Taken) -> dict[str, int]:
    return {"taken": len(taken.codes), "already": len(taken.already), "refused": taken.refused}


def _write(report: Path, findings: list[Finding], language: str) -> None:
    written = as_csv(findings, say=lambda told: say_in(language, told))
    if report == Path("-"):
        click.echo(written, nl=False)
    else:
        report.write_text(written, encoding="utf-8", newline="")


COMMANDS = (initiatives,)
