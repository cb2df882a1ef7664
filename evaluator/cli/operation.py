"""Running the service: the server, the scheduler, jobs and checks."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from evaluator import invariants, jobs
from evaluator.rules.calendar import local
from evaluator.work import queries as work_queries


@click.command("serve")
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"), help="Address to listen on.")
@click.option("--port", default=lambda: int(os.environ.get("PORT", "8000")), type=int, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Processes of the web server.")
@click.option("--threads", default=8, show_default=True, help="Threads of each process.")
@with_appcontext
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Run the web server and the scheduler until Ctrl+C or TERM.

    This process keeps the timetable; the server is its child. When one ends, so does the other.

    \b
    Example:
        flask serve --port 8000
    """
    server = subprocess.Popen([  # noqa: S603 - our own server
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{host}:{port}", "--workers", str(workers),
        "--threads", str(threads), "--worker-class", "gthread", "--worker-tmp-dir", str(_fast_folder()),
        "--graceful-timeout", "20", "--log-level", "warning",
    ])  # fmt: skip
    click.echo(f"The service answers at http://{host}:{port}/  (stop it with Ctrl+C)")
    try:
        jobs.keep_time(_app(), until=lambda: server.poll() is not None)
    finally:
        server.terminate()
        code = server.wait()
    sys.exit(0 if code in {0, -signal.SIGTERM, -signal.SIGINT} else 1)


def _app() -> Flask:
    """Return the application itself, for what outlives this context."""
    return current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way


def _fast_folder() -> Path:
    """Return a folder in memory for gunicorn's heartbeat files where the system has one."""
    shared = Path("/dev/shm")  # noqa: S108 - only heartbeat files of gunicorn
    return shared if shared.is_dir() else Path("/tmp")  # noqa: S108 - the same


@click.command("scheduler")
@with_appcontext
def scheduler() -> None:
    """Be the one scheduler process: keeps the timetable and starts long work.

    \b
    Example:
        flask scheduler
    """
    jobs.keep_time(_app())


@click.command("jobs")
@with_appcontext
def list_jobs() -> None:
    """List the jobs of the timetable: name, when, last run, outcome.

    \b
    Example:
        flask jobs
    """
    runs = work_queries.job_runs()
    for job in jobs.JOBS:
        last = runs.get(job.name)
        when = local(last.started_at).strftime("%d/%m/%Y %H:%M:%S") if last else "never"
        outcome = "-" if last is None else last.failure or f"done: {last.done}"
        click.echo(f"{job.name}\t{job.when}\t{when}\t{outcome}")


@click.command("run-job")
@click.argument("name")
@with_appcontext
def run_job(name: str) -> None:
    """Run the job NAME once, now.

    \b
    Example:
        flask run-job send-notices
    """
    done = jobs.run(jobs.named(name), now=current_app.extensions["clock"].now())
    click.echo(f"{name}: {done}")


@click.command("run-work")
@click.argument("code", required=False)
@with_appcontext
def run_work(code: str | None) -> None:
    """Do the piece of long work CODE here and now; without CODE, all that waits.

    \b
    Example:
        flask run-work
    """
    clock = current_app.extensions["clock"]
    for each in [code] if code else work_queries.waiting_codes(limit=1000):
        jobs.run_work(each, clock=clock)


@click.command("check")
@with_appcontext
def check() -> None:
    """Check every invariant of the data, a line each; exit 1 if one is broken.

    \b
    Example:
        flask check
    """
    found = invariants.check()
    for name, broken in found.items():
        click.echo(f"{'broken' if broken else 'holds '}  {name}{': ' if broken else ''}{', '.join(broken[:5])}")
    sys.exit(1 if any(found.values()) else 0)


COMMANDS = (serve, scheduler, list_jobs, run_job, run_work, check)
