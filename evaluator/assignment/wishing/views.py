"""The page on which a reviewer says what he or she would like to read."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.assignment import standards
from evaluator.assignment.wishing import queries
from evaluator.assignment.wishing import service as wishing
from evaluator.assignment.wishing.forms import OffersForm
from evaluator.core.db import transaction
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("wishing", __name__, url_prefix="/rounds/<code:code>/wishes", template_folder="../templates")


@bp.route("", methods=["GET", "POST"])
def page(code: str) -> ResponseReturnValue:
    """Show titles without names, a page at a time, and keep what is said of them."""
    a_round = rounds.get(code, actor=me())
    queries.require_open(a_round, actor=me(), now=now())
    if not queries.has_signed(a_round, actor=me()):
        flash(_("Please sign the statement on conflicts of interest first; then the titles are shown."))
        return redirect(url_for("reviews.statement", code=code), 303)
    field, mark = request.args.get("field", ""), request.args.get("mark", "")
    offers = queries.offers(a_round, actor=me(), now=now(), field=field, mark=mark)
    form = OffersForm.of(offers.rows, request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            number = wishing.say(a_round, form.wishes(), conflicts=form.conflicts(), by=me(), now=now())
        if form.is_good:
            flash(_("Saved: %(count)s wishes of this page.", count=number))
            return redirect(url_for(".page", code=code, field=field or None, mark=offers.next or mark or None), 303)
    return (
        render_template(
            "assignment/wishes.html",
            round=a_round,
            offers=offers,
            fields=[(name, name) for name in a_round.fields],
            form=form,
            said=queries.said(a_round, actor=me()),
            until=standards.of(a_round.id).wishes_close_at,
        ),
        form.status,
    )
