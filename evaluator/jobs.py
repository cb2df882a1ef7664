"""The timetable: what the clock does by itself, and the kinds of long work. Thin."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from evaluator.assignment.proposals import doing as proposing
from evaluator.compendium import builds
from evaluator.compendium import service as compendium
from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.core.errors import NotFound
from evaluator.council.papers import checking as paper_checking
from evaluator.council.papers import doing as paper_building
from evaluator.council.papers import service as papers
from evaluator.council.release import doing as releasing
from evaluator.council.sealed import purging
from evaluator.notices import sender as notices
from evaluator.people import sign_in
from evaluator.policy import SYSTEM
from evaluator.reviews.results import doing as results
from evaluator.reviews.results import reminders
from evaluator.reviews.results import service as ranking
from evaluator.rules.calendar import ZONE, local
from evaluator.work import queries as work_queries
from evaluator.work import service as work
from evaluator.work.service import Doing

log = logging.getLogger(__name__)

A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Job:
    """A name, a time of the council's clock, and the service verb: ``verb(by=…, now=…) -> how much was done``."""

    name: str
    when: BaseTrigger
    verb: Callable[..., int]
    period: int  # seconds between two firings
    in_pieces: bool = False  # it opens its own transactions, because it waits for somebody outside

    def slot(self, now: datetime) -> int:
        """Return the number of the firing a moment belongs to: no two schedulers run the same one."""
        return int(local(now).replace(tzinfo=UTC).timestamp()) // self.period


def every(name: str, verb: Callable[..., int], *, seconds: int, in_pieces: bool = False) -> Job:
    """Return a job that comes again and again."""
    return Job(name, IntervalTrigger(seconds=seconds, timezone=ZONE), verb, seconds, in_pieces)


def daily(name: str, verb: Callable[..., int], *, hour: int, minute: int, in_pieces: bool = False) -> Job:
    """Return a job at an hour of the council's day, whatever the machine's own zone."""
    return Job(name, CronTrigger(hour=hour, minute=minute, timezone=ZONE), verb, A_DAY, in_pieces)


JOBS: tuple[Job, ...] = (
    every("send-notices", notices.send_waiting, seconds=20, in_pieces=True),
    every("take-up-work", work.take_up_abandoned, seconds=60),
    every("rank-results", ranking.rank_changed, seconds=900),
    daily("purge-sealed-ballots", purging.purge, hour=2, minute=40, in_pieces=True),
    daily("remind-reviewers", reminders.remind_late, hour=7, minute=0),
    daily("forget-failed-sign-ins", sign_in.forget_failures, hour=3, minute=10),
)

# The kinds of long work: name -> doing(params, by=…, clock=…, progress=…) -> result.
KINDS: dict[str, Doing] = {
    proposing.KIND: proposing.propose,
    proposing.ANNOUNCING: proposing.announce,
    results.RANK: results.rank,
    results.CLOSE: results.close,
    compendium.BUILDING: builds.build_all,
    papers.BUILDING: paper_building.build,
    paper_checking.CHECKING: paper_checking.check,
    releasing.DRAFTING: releasing.draft,
    releasing.RELEASING: releasing.release,
}

GRACE = timedelta(hours=26)  # a firing that was missed overnight is caught up


def init_app(app: Flask) -> None:
    """Keep the timetable with the application, for commands and tests."""
    app.extensions["jobs"] = {job.name: job for job in JOBS}


def named(name: str) -> Job:
    """Return the job of that name.

    Raises:
        NotFound: there is none.
    """
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound


def run(job: Job, *, now: datetime) -> int:
    """Run one job once; safe to repeat. Returns how much was done."""
    with nullcontext() if job.in_pieces else transaction():
        done = job.verb(by=SYSTEM, now=now)
    with transaction():
        work.claim(job.name, slot=job.slot(now), now=now)
        work.note_run(job.name, now=now, done=done)
    log.info("job finished", extra={"job": job.name, "done": done})
    return done


def run_work(code: str, *, clock: Clock) -> bool:
    """Do one piece of long work here and now; return whether it was ours to do."""
    return work.run(code, kinds=KINDS, clock=clock) is not None


def keep_time(app: Flask, *, until: Callable[[], bool] = lambda: False) -> None:
    """Be the one scheduler process until told to stop, or until ``until`` says so."""
    scheduler = BlockingScheduler(timezone=ZONE)
    for job in JOBS:
        scheduler.add_job(
            _tick,
            job.when,
            args=(app, job),
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=int(GRACE.total_seconds()),
        )
    often = IntervalTrigger(seconds=1, timezone=ZONE)
    scheduler.add_job(_start_waiting_work, often, args=(app,), id="start-work", coalesce=True, max_instances=1)

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        scheduler.shutdown(wait=False)

    def watch() -> None:
        if until():
            stop()

    scheduler.add_job(watch, often, id="watch", coalesce=True, max_instances=1)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def _tick(app: Flask, job: Job) -> None:
    """Run a job in a context of its own, unless another scheduler has this firing."""
    with app.app_context():
        now = app.extensions["clock"].now()
        with transaction():
            is_ours = work.claim(job.name, slot=job.slot(now), now=now)
        if not is_ours:
            return
        try:
            run(job, now=now)
        except Exception:
            log.exception("job failed", extra={"job": job.name})
            with transaction():
                work.note_run(job.name, now=now, failure="failed: see the log")


def _start_waiting_work(app: Flask) -> None:
    """Do waiting work in a child process: its memory goes when it ends, and it may crash alone."""
    with app.app_context():
        waiting = work_queries.waiting_codes()
    for code in waiting:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-work", code]
        done = subprocess.run(command, env=os.environ, check=False)  # noqa: S603 - our own program and a code of ours
        log.info("work finished", extra={"work": code, "status": done.returncode})
