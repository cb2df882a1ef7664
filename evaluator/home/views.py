"""The start page, the health of the service, the choice of language."""

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from evaluator.core.db import transaction
from evaluator.home import queries
from evaluator.people import service as people
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import COOKIE, LANGUAGES
from evaluator.web.request import me, now
from evaluator.web.routes import back
from evaluator.web.security import public

bp = Blueprint("home", __name__, template_folder="templates")

A_YEAR = 365 * 24 * 3600


@bp.get("/")
def start() -> ResponseReturnValue:
    """Show what waits for the reader, by role; every line has its one action."""
    return render_template("home/start.html", day=queries.waiting_for(me(), now=now()))


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers and its migrations are current, else 503."""
    is_well = queries.is_current()
    return jsonify(status="ok" if is_well else "unavailable"), 200 if is_well else 503


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Change the language of the pages and keep the choice."""
    form = ConfirmForm(request.form)
    chosen = request.form.get("language", "")
    response: Response = back(url_for(".start"))  # type: ignore[assignment]  # werkzeug's own class
    if form.is_sent and chosen in LANGUAGES:
        if me().id is not None:
            with transaction():
                people.choose_language(chosen, by=me(), now=now())
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="Lax")
    return response
