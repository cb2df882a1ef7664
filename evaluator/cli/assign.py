"""Who reviews what, from files to a file; needs no database."""

import sys
from typing import Any

import click


@click.command("assign")
@click.option(
    "--affinity",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="initiative,reviewer,affinity; a pair that is absent has affinity 0 and is allowed.",
)
@click.option("--reviews", required=True, type=click.IntRange(min=1), help="Reviewers each initiative gets.")
@click.option("--max-load", type=click.IntRange(min=0), help="Most initiatives of one reviewer; no limit if not given.")
@click.option("--min-load", type=click.IntRange(min=0), default=0, help="Least initiatives of one reviewer.")
@click.option(
    "--conflicts",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="initiative,reviewer[,value]: -1 or none forbids the pair, 1 forces it.",
)
@click.option(
    "--loads",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="reviewer,max[,min]: for these reviewers instead of the two limits above.",
)
@click.option(
    "--randomize", type=float, help="Draw by lot: no pair is assigned with a probability above this (0 to 1)."
)
@click.option("--fair", is_flag=True, help="First let the worst pair be as good as it can be, then the total.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same files and seed give the same answer.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Where initiative,reviewer,affinity go.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
def assign(*, as_json: bool, **given: Any) -> None:
    """Assign reviewers: the highest total affinity under all limits, with a proof that none is higher.

    Exit 1 if it is impossible, with the smallest reason: which initiatives lack how many reviewers.
    "mean" in the JSON is per pair, "min_initiative" the lowest sum of one initiative; "gap" is what an optimal
    assignment could still gain, relative, proven over every allowed pair.

    \b
    Example:
        flask assign --affinity a.csv --reviews 3 --max-load 12 --conflicts c.csv --out plan.csv --json
    """
    from evaluator.cli import assign_files as files  # noqa: PLC0415 - brings numpy and OR-tools, which only this run needs

    wishes = files.Wishes(**given)
    try:
        outcome = files.run(wishes)
    except files.Refused as refusal:
        click.echo("\n".join(refusal.problems), err=True)
        sys.exit(1)
    if as_json:
        click.echo(outcome.as_json())
    elif wishes.out != "-":
        click.echo(outcome.in_words())


COMMANDS = (assign,)
