"""The book from the command line."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from evaluator.cli.refusals import refusing
from evaluator.compendium import queries
from evaluator.policy import OPERATOR

FORMATS = ("pdf", "docx", "epub", "html", "json")


@click.group("compendium")
def compendium() -> None:
    """The book of a round."""


@compendium.command("build")
@click.option("--round", "code", required=True, help="The code of the round.")
@click.option("--format", "name", required=True, type=click.Choice(FORMATS), help="Which format.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, allow_dash=True), help="Where the file goes.")
@with_appcontext
def build(code: str, *, name: str, out: str) -> None:
    """Build the book of a round as it was published, or as it stands while it is edited.

    The same edition gives the same bytes.

    \b
    Example:
        flask compendium build --round DKST-2026 --format pdf --out tuyen-tap.pdf
    """
    from evaluator.compendium.builders import BUILDERS  # noqa: PLC0415 - only this run needs the builders

    with refusing(code):
        content = BUILDERS[name].build(queries.edition_of(queries.get(code, actor=OPERATOR)))
    if out == "-":
        sys.stdout.buffer.write(content)
        return
    Path(out).write_bytes(content)
    click.echo(f"{out}: {len(content)} bytes")


COMMANDS = (compendium,)
