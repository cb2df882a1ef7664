"""The pages on which the secretariat opens the names of authors, and says why where the round asks."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.initiatives import identity, queries
from evaluator.initiatives.desk.forms import LookForm
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("looks", __name__, url_prefix="/register", template_folder="../templates")

BACK = {"check": "desk.check", "show": "initiatives.show"}


@bp.route("/<code:code>/authors", methods=["GET", "POST"])
def authors(code: str) -> ResponseReturnValue:
    """Open the authors of one dossier, on record, and go back to it."""
    initiative = queries.get(code, actor=me())
    policy.require(me(), Action.IDENTITY_OPEN, initiative)
    back = url_for(BACK.get(request.args.get("back", ""), "initiatives.show"), code=code)
    form = LookForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            identity.look(initiative, form.reason.data or "", by=me(), now=now())
        if form.is_good:
            return redirect(back, 303)
    return render_template(
        "initiatives/look.html",
        form=form,
        back=back,
        round=initiative.round,
        title=initiative.title,
    ), form.status


@bp.route("/rounds/<code:code>/names", methods=["GET", "POST"])
def names(code: str) -> ResponseReturnValue:
    """Open the names in the register of a round, on record, and go back to what was being looked for."""
    policy.require(me(), Action.INITIATIVE_LIST)
    a_round = rounds.get(code, actor=me())
    wanted = _wanted()
    form = LookForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            identity.look_at_list(a_round, form.reason.data or "", by=me(), now=now())
        if form.is_good:
            return redirect(url_for("desk.register", round=code, **wanted), 303)
    return render_template(
        "initiatives/look.html",
        form=form,
        back=url_for("desk.register", round=code),
        round=a_round,
        title="",
    ), form.status


def names_of(a_round: Any) -> str:
    """Return where the names of a register are opened, with what was asked of the register."""
    return url_for("looks.names", code=a_round.code, **_wanted())


def _wanted() -> dict[str, Any]:
    """Return what the address asks of the register, without where in it."""
    return {name: request.args[name] for name in ("q", "state", "field", "unit", "sort") if name in request.args}
