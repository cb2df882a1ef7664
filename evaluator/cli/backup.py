"""Backup and restore: one file for database, files and settings; safe while the service runs."""

import os
from dataclasses import fields
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Config
from evaluator.cli.refusals import refusing
from evaluator.core import archive, schema
from evaluator.core.db import transaction
from evaluator.initiatives import indexing

SECRET = ("secret_key", "smtp_password", "database_url")  # a backup may travel; these stay where they are


@click.command("backup")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(out: Path) -> None:
    """Write database, files and settings to OUT (.tar.zst), from one snapshot; the service may go on.

    \b
    Example:
        flask backup /var/backups/evaluator-2026-03-02.tar.zst
    """
    config: Config = current_app.config["EVALUATOR"]
    settings = {field.name: str(getattr(config, field.name)) for field in fields(config) if field.name not in SECRET}
    unfinished = out.with_name(out.name + ".part")
    with unfinished.open("wb") as target:
        counts = archive.write(
            target, files=config.files_dir, settings=settings, now=current_app.extensions["clock"].now()
        )
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(out)  # whoever finds OUT finds all of it
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables and the files are in {out}.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Put the backup in the place of what the database holds now.")
@with_appcontext
def restore(file: Path, *, yes: bool) -> None:
    """Put the backup FILE in the place of what is there; asks for --yes where that is anything. Stop the service first.

    \b
    Example:
        flask restore /var/backups/evaluator-2026-03-02.tar.zst --yes
    """
    config: Config = current_app.config["EVALUATOR"]
    schema.upgrade()
    if not yes and not archive.is_empty():
        raise click.UsageError("The database is not empty. To put the backup in the place of what it holds, say --yes.")
    with refusing(file), file.open("rb") as source, transaction():
        counts = archive.read(source, files=config.files_dir)
        indexing.rebuild()
    click.echo(f"{sum(counts.values())} rows were restored.")


COMMANDS = (backup, restore)
