"""Makes the application: the only place where everything meets."""

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from evaluator import actors, jobs
from evaluator.assignment.preparing.views import bp as preparing
from evaluator.assignment.proposals.views import bp as proposals
from evaluator.assignment.views import bp as assignment
from evaluator.assignment.wishing.views import bp as wishing
from evaluator.audit import queries as histories
from evaluator.audit.views import bp as history
from evaluator.cli import everything as cli
from evaluator.compendium.editing.views import bp as editing
from evaluator.compendium.views import bp as compendium
from evaluator.core import db
from evaluator.core.clock import Clock, SystemClock
from evaluator.council.agenda.views import bp as agenda
from evaluator.council.ballots.views import bp as polls
from evaluator.council.papers.public import bp as certificates
from evaluator.council.papers.views import bp as papers
from evaluator.council.queries import items_of
from evaluator.council.records.views import bp as records
from evaluator.council.release.views import bp as release
from evaluator.council.sealed.views import bp as sealed
from evaluator.council.seats.views import bp as seats
from evaluator.council.views import bp as council
from evaluator.home.views import bp as home
from evaluator.initiatives.desk.looks import bp as looks
from evaluator.initiatives.desk.views import bp as desk
from evaluator.initiatives.intake.views import bp as intake
from evaluator.initiatives.views import bp as initiatives
from evaluator.notices.views import bp as notices
from evaluator.people import login
from evaluator.people.views import accounts
from evaluator.people.views import bp as people
from evaluator.reviews.api import bp as reviews_api
from evaluator.reviews.explanations.views import bp as explanations
from evaluator.reviews.facts.views import bp as facts
from evaluator.reviews.handover.views import bp as handover
from evaluator.reviews.locking.views import bp as locking
from evaluator.reviews.preview import bp as preview
from evaluator.reviews.queries import sheets_of
from evaluator.reviews.remarking.views import bp as remarking
from evaluator.reviews.results.views import bp as results
from evaluator.reviews.statistics.views import bp as statistics
from evaluator.reviews.views import bp as reviews
from evaluator.rounds.exports.views import bp as exports
from evaluator.rounds.rubrics.views import bp as rubrics
from evaluator.rounds.views import bp as rounds
from evaluator.units.views import bp as units
from evaluator.web import assets, errors, filters, language, logs, nav, page, request, routes, security
from evaluator.work.views import bp as work

BLUEPRINTS = (
    home,
    rounds,
    exports,
    rubrics,
    preview,
    facts,
    locking,
    explanations,
    handover,
    remarking,
    statistics,
    initiatives,
    desk,
    looks,
    intake,
    assignment,
    preparing,
    wishing,
    proposals,
    reviews,
    reviews_api,
    results,
    council,
    agenda,
    seats,
    polls,
    records,
    papers,
    release,
    certificates,
    sealed,
    people,
    accounts,
    units,
    notices,
    history,
    work,
    editing,
    compendium,
)


def create_app(config: Config, *, clock: Clock | None = None) -> Flask:
    """Return the service, ready for a server, a test or a command."""
    app = Flask(
        __name__,
        instance_path=str(config.instance_dir.resolve()),
        static_folder="web/static",
        template_folder="web/templates",
    )
    settle(app, config)
    db.init_app(app)
    request.init_app(app, clock=clock or SystemClock(), load_actor=actors.load)
    for part in (logs, routes, security, language, errors, filters, nav, assets, page, login, jobs, cli):
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    histories.BELONGING.update(score_sheet=sheets_of, council_item=items_of)
    return app


def settle(app: Flask, config: Config) -> None:
    """Hand our settings to Flask and its extensions, which read theirs from a dictionary."""
    app.config.update(
        EVALUATOR=config,
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        MAX_CONTENT_LENGTH=config.upload_limit_mb * 2**20,
        MAX_FORM_PARTS=5_000,
        MAX_FORM_MEMORY_SIZE=4 * 2**20,
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if config.proxies:
        count = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # the documented way


def engine_options(url: str) -> dict[str, object]:
    """Return how connections are kept: enough for a worker's threads, tested before use."""
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}, "pool_size": 16, "max_overflow": 4}
    return {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
