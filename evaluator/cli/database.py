"""Making the database and bringing it up to date."""

import click
from flask.cli import with_appcontext

from evaluator.core import schema


@click.group("db")
def database() -> None:
    """Make the database, or bring it up to date."""


@database.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Run the migrations that the database still lacks; make it if there is none.

    \b
    Example:
        flask db upgrade
    """
    ran = schema.upgrade()
    click.echo(f"The database was brought to {schema.head()}." if ran else "The database is up to date.")


@database.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="Tables and columns newer than this, with what is in them, will be gone. Go on?")
@with_appcontext
def downgrade(revision: str) -> None:
    """Undo every migration after REVISION; ``base`` leaves an empty database.

    \b
    Example:
        flask db downgrade 0001_create_tables --yes
    """
    schema.downgrade(revision)
    click.echo(f"The database was taken back to {revision}.")


COMMANDS = (database,)
