"""The first administrator, and lists of units."""

import json
import sys
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from evaluator.cli.refusals import refusing
from evaluator.core.db import transaction
from evaluator.core.text import N_, sentence
from evaluator.notices import queries as notices
from evaluator.notices.letters import letter
from evaluator.people import queries
from evaluator.people import service as people
from evaluator.people.service import Profile
from evaluator.policy import OPERATOR
from evaluator.rules.roles import Role
from evaluator.units import exchange
from evaluator.units import service as units
from evaluator.units.service import ImportReport
from evaluator.web.language import LANGUAGES, say_in

PLACE = N_("row %(row)s, column %(column)s: %(problem)s %(remedy)s")
TAKEN = N_("%(created)s units were added, %(changed)s put right, %(unchanged)s were there already.")
WOULD_TAKE = N_(
    "%(created)s units would be added, %(changed)s put right, %(unchanged)s are there already. Nothing was written."
)


@click.command("create-admin")
@click.argument("email")
@click.option("--name", required=True, help="Full name of the administrator.")
@with_appcontext
def create_admin(email: str, name: str) -> None:
    """Make the person with the address EMAIL administrator; print the link with which to choose a password.

    \b
    Example:
        flask create-admin quantri@thanhhoa.gov.vn --name "Lê Thị Hà"
    """
    now = current_app.extensions["clock"].now()
    with refusing(email), transaction():
        account = queries.maybe_by_email(email)
        if account is None:
            account = people.create_account(Profile(email=email, name=name), roles=[Role.ADMIN], by=OPERATOR, now=now)
        else:
            people.grant(account, Role.ADMIN, by=OPERATOR, now=now)
            people.invite(account, by=OPERATOR, now=now)
        account_id = account.id
    click.echo(letter(notices.newest_to(account_id, "account-invited")).short)


@click.command("import-units")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one JSON document.")
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True, help="Of the sentences."
)
@with_appcontext
def import_units(file: BinaryIO, *, dry_run: bool, as_json: bool, language: str) -> None:
    """Take the units of FILE (CSV; - reads standard input): new codes are added, known ones put right.

    Columns: id, name, level, parent_id; where known kind, code, note, short_name, valid_from. All or nothing.

    \b
    Example:
        flask import-units units.csv --dry-run
    """
    plans, problems = exchange.read(file.read())
    report = ImportReport(problems=problems)
    if not problems:
        with transaction(keep=not dry_run):
            report = units.import_units(plans, by=OPERATOR, now=current_app.extensions["clock"].now())
    for each in report.problems:
        said = say_in(
            language, sentence(PLACE, row=each.row, column=each.column, problem=each.problem, remedy=each.remedy)
        )
        click.echo(f"{file.name}: {said}", err=True)
    if report.problems:
        sys.exit(1)
    counts = {"created": report.created, "changed": report.changed, "unchanged": report.unchanged}
    if as_json:
        click.echo(json.dumps(counts | {"dry_run": dry_run}))
    else:
        click.echo(say_in(language, sentence(WOULD_TAKE if dry_run else TAKEN, **counts)))


COMMANDS = (create_admin, import_units)
