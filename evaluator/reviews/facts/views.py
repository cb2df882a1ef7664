"""The page on which public votes and categories are entered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.core.db import transaction
from evaluator.policy import Action, require
from evaluator.reviews.facts import queries
from evaluator.reviews.facts import service as facts
from evaluator.reviews.facts.forms import FactsForm
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("facts", __name__, url_prefix="/results", template_folder="../templates")


@bp.route("/<code:code>/facts", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    """Enter public votes and categories; the results are computed anew with the next ranking."""
    require(me(), Action.SCORING_CLOSE)
    a_round = rounds.get(code, actor=me())
    form = FactsForm(request.form)
    if request.method == "GET":
        form.lines.data = queries.written(a_round, actor=me())
    if form.is_sent:
        with form.showing_errors(), transaction():
            count = facts.enter(a_round, form.lines.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("%(count)s dossiers were taken over. Rank the results anew to let them count.", count=count))
            return redirect(url_for("results.listed", code=code), 303)
    page = render_template("reviews/facts.html", round=a_round, form=form, categories=queries.categories(a_round))
    return page, form.status
