"""Pages on which the secretary takes dossiers from a reviewer: one, or all of a round."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.assignment import queries as assignments
from evaluator.core.db import transaction
from evaluator.policy import Action
from evaluator.reviews.handover import queries
from evaluator.reviews.handover import service as handover
from evaluator.reviews.handover.forms import ReleaseForm, ReplaceForm
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("handover", __name__, url_prefix="/rounds/<code:code>/assignment", template_folder="templates")


@bp.route("/given/<code:initiative>/<code:reviewer>", methods=["GET", "POST"])
def replace(code: str, initiative: str, reviewer: str) -> ResponseReturnValue:
    """Find somebody else for one dossier of one reviewer."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.ASSIGNMENT_SEE, a_round)
    present = assignments.active(initiative, reviewer, actor=me())
    signed = queries.signed_on(present, actor=me())
    form = ReplaceForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            fresh = assignments.reviewer(form.reviewer.data or "", actor=me())
            handover.replace(present, fresh, is_sure=bool(form.is_sure.data), by=me(), now=now())
            name = fresh.name
        if form.is_good:
            flash(_("%(name)s takes the dossier over and gets a mail.", name=name))
            return redirect(url_for("assignment.given", code=code, q=initiative), 303)
    return (
        render_template(
            "handover/replace.html",
            round=a_round,
            present=present,
            signed=signed,
            candidates=assignments.substitutes(present, actor=me(), text=request.args.get("q", "")),
            form=form,
        ),
        form.status,
    )


@bp.route("/reviewers/<code:reviewer>/release", methods=["GET", "POST"])
def release(code: str, reviewer: str) -> ResponseReturnValue:
    """Let a reviewer leave the round; the empty seats are then filled by a proposal."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.ASSIGNMENT_SEE, a_round)
    account = assignments.reviewer(reviewer, actor=me())
    form = ReleaseForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            number = handover.release(account, a_round, is_sure=bool(form.is_sure.data), by=me(), now=now())
        if form.is_good:
            flash(
                _(
                    "%(name)s has left the round; %(count)s dossiers need another reviewer. Propose who takes them.",
                    name=account.name,
                    count=number,
                )
            )
            return redirect(url_for("proposals.start", code=code), 303)
    return (
        render_template(
            "handover/release.html",
            round=a_round,
            account=account,
            carried=assignments.count_active(account.id, a_round.id, actor=me()),
            signed=queries.signed_of(account, a_round, actor=me()),
            form=form,
        ),
        form.status,
    )
