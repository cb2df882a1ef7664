"""Pages of re-marking: the author asks, the council accepts, refuses and answers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.core.db import transaction
from evaluator.reviews.locking.queries import shown_score
from evaluator.reviews.remarking import queries
from evaluator.reviews.remarking import service as remarking
from evaluator.reviews.remarking.forms import AnswerForm, AskForm
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("remarking", __name__, template_folder="../templates")


@bp.route("/my-results/<code:code>/remarking", methods=["GET", "POST"])
def ask(code: str) -> ResponseReturnValue:
    """Ask that the own initiative be marked again."""
    initiative = queries.own(code, actor=me())
    form = AskForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            remarking.ask(initiative, reason=form.reason.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("Your request has reached the council."))
            return redirect(url_for("explanations.author", code=code), 303)
    until = remarking.ask_until(initiative.round)
    return render_template("reviews/ask_remarking.html", initiative=initiative, form=form, until=until), form.status


@bp.get("/results/<code:code>/remarkings")
def index(code: str) -> ResponseReturnValue:
    """List the requests of a round."""
    a_round = rounds.get(code, actor=me())
    found = queries.of_round(a_round, actor=me())
    return render_template("reviews/remarkings.html", round=a_round, remarkings=found)


@bp.route("/results/<code:code>/remarkings/<code:initiative>", methods=["GET", "POST"])
def decide(code: str, initiative: str) -> ResponseReturnValue:
    """Accept, refuse or answer one request."""
    a_round = rounds.get(code, actor=me())
    found = queries.get(initiative, a_round, actor=me())
    form = AnswerForm(request.form)
    if form.is_sent:
        act = request.form.get("do", "")
        text = form.answer.data or ""
        with form.showing_errors(), transaction():
            if act == "accept":
                remarking.accept(found, by=me(), now=now())
            elif act == "refuse":
                remarking.refuse(found, answer=text, by=me(), now=now())
            else:
                remarking.answer(found, text=text, by=me(), now=now())
        if form.is_good:
            flash(
                _("The request was accepted. Give the dossier to other reviewers now.")
                if act == "accept"
                else _("The author can read the answer now.")
            )
            return redirect(url_for(".index", code=code), 303)
    page = render_template(
        "reviews/remarking.html",
        round=a_round,
        remarking=found,
        form=form,
        before=shown_score(found.score_before),
        after=shown_score(found.score_after),
    )
    return page, form.status
