"""Evidence of a council's sessions: taken out as one archive, and checked by a program of its own."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from evaluator import verifier
from evaluator.council import evidence as bundles
from evaluator.council import queries
from evaluator.policy import OPERATOR


@click.command("verify")
@click.argument("bundle", type=click.Path(dir_okay=False))
def verify(bundle: str) -> None:
    """Check the evidence in BUNDLE: a line per check that holds, or the first thing that does not.

    The same checks run without this service: python -m evaluator.verifier BUNDLE.

    \b
    Example:
        flask verify evidence.zip
    """
    sys.exit(verifier.main([bundle]))


@click.command("evidence")
@click.option("--round", "code", required=True, help="Code of the round.")
@click.option("--session", "number", default=1, show_default=True, help="Number of the closed session.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The archive to write.")
@with_appcontext
def evidence(code: str, number: int, out: Path) -> None:
    """Write the evidence of a closed session: definitions, ledger, votes or totals, results, minutes.

    \b
    Example:
        flask evidence --round DKST-2026 --out evidence.zip
    """
    content = bundles.bundle(queries.session(code, number, actor=OPERATOR))
    out.write_bytes(content)
    click.echo(f"{len(content)} bytes were written to {out}; check them with: flask verify {out}")


COMMANDS = (verify, evidence)
