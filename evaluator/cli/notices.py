"""What the clock would tell people by itself."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import click
from flask.cli import with_appcontext

from evaluator import jobs
from evaluator.cli.refusals import refusing
from evaluator.core.db import transaction
from evaluator.jobs import A_DAY, Job
from evaluator.notices import queries as notices
from evaluator.notices.templates import READERS
from evaluator.policy import OPERATOR, SYSTEM
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import ZONE, end_of_day, local, start_of_day

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("notices")
def group() -> None:
    """Messages to people."""


@group.command("preview")
@click.option("--round", "round_code", required=True, help="The code of the round.")
@click.option("--from", "first", required=True, type=DAY, help="The first day, 2026-03-01.")
@click.option("--to", "last", required=True, type=DAY, help="The last day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output and nothing else.")
@with_appcontext
def preview(round_code: str, first: datetime, last: datetime, *, as_json: bool) -> None:
    """List every message the clock would send between two days if nobody did anything; sends nothing.

    The jobs of the timetable really run, one firing after the other, in a transaction that is taken back.

    \b
    Example:
        flask notices preview --round DKST-2026 --from 2026-03-01 --to 2026-03-31
    """
    with refusing(round_code), transaction(keep=False):
        a_round = rounds.get(round_code, actor=OPERATOR)
        found = []
        for job, moment in _firings(first.date(), last.date()):
            known = notices.newest_id()
            job.verb(by=SYSTEM, now=moment)
            found += [
                {
                    "at": local(moment).isoformat(),
                    "to_role": READERS[notice.template],
                    "kind": notice.template,
                    "about": a_round.code,
                }
                for notice in notices.about_since(known, kind="round", about_id=a_round.id)
            ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for each in found:
        click.echo(f"{each['at']}\t{each['to_role']}\t{each['kind']}\t{each['about']}")


def _firings(first: date, last: date) -> Iterator[tuple[Job, datetime]]:
    """Yield the daily jobs with each moment they would run at, in order. Others send nothing of their own.

    A job in pieces commits by itself, so it is never run here; what it does tells nobody.
    """
    start, end = start_of_day(first), end_of_day(last)
    daily = [job for job in jobs.JOBS if job.period == A_DAY and not job.in_pieces]
    due: list[tuple[datetime, Job]] = []
    for job in daily:
        moment = job.when.get_next_fire_time(None, start.astimezone(ZONE))
        while moment is not None and moment <= end:
            due.append((moment, job))
            moment = job.when.get_next_fire_time(moment, moment + timedelta(microseconds=1))
    for moment, job in sorted(due, key=lambda firing: (firing[0], firing[1].name)):
        yield job, moment


COMMANDS = (group,)
