"""Pages about who reviews: the reviewers, what they declared, who has which dossier at present."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from evaluator import policy
from evaluator.assignment import queries
from evaluator.assignment import service as assignment
from evaluator.assignment.forms import ConflictForm, ReviewerForm
from evaluator.assignment.service import Description
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid, NotFound
from evaluator.core.text import N_
from evaluator.initiatives import queries as initiatives
from evaluator.people import queries as people
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("assignment", __name__, url_prefix="/rounds/<code:code>/assignment", template_folder="templates")


@bp.get("/reviewers")
def reviewers(code: str) -> ResponseReturnValue:
    """List the reviewers with what each knows, may take and carries."""
    a_round = rounds.get(code, actor=me())
    page = queries.reviewer_rows(a_round, actor=me(), text=request.args.get("q", ""), mark=request.args.get("mark", ""))
    return render_template("assignment/reviewers.html", round=a_round, page=page)


@bp.route("/reviewers/<code:reviewer>", methods=["GET", "POST"])
def reviewer(code: str, reviewer: str) -> ResponseReturnValue:
    """Say what a reviewer knows and may take."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.ASSIGNMENT_SEE, a_round)
    account = queries.reviewer(reviewer, actor=me())
    profile = queries.maybe_profile(account)
    form = ReviewerForm(request.form)
    known = [] if profile is None else profile.fields
    form["fields"].choices = [SelectChoice(name) for name in dict.fromkeys([*a_round.fields, *known])]
    if request.method == "GET":
        form["fields"].data = known
        form.is_available.data = profile is None or profile.is_available
        if profile is not None:
            form.keywords.data, form.most.data = profile.keywords, profile.most
            form.relatives.data = "\n".join(profile.relatives)
    if form.is_sent:
        with form.showing_errors(), transaction():
            assignment.describe_reviewer(account, _description(form), by=me(), now=now())
        if form.is_good:
            flash(_("Saved."))
            return redirect(url_for(".reviewers", code=code), 303)
    carried = queries.count_active(account.id, a_round.id, actor=me())
    return (
        render_template("assignment/reviewer.html", round=a_round, account=account, form=form, carried=carried),
        form.status,
    )


def _description(form: ReviewerForm) -> Description:
    return Description(
        fields=tuple(form["fields"].data or ()),
        keywords=form.keywords.data or "",
        most=form.most.data,
        relatives=tuple(line.strip() for line in (form.relatives.data or "").splitlines() if line.strip()),
        is_available=bool(form.is_available.data),
    )


@bp.route("/conflicts", methods=["GET", "POST"])
def conflicts(code: str) -> ResponseReturnValue:
    """List the conflicts that people declared; enter one that came on paper."""
    a_round = rounds.get(code, actor=me())
    page = queries.conflicts_of(a_round, actor=me(), mark=request.args.get("mark", ""))
    form = ConflictForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            _record(a_round.id, form)
        if form.is_good:
            flash(_("The conflict of interest was entered; the person no longer sees the dossier."))
            return redirect(url_for(".conflicts", code=code), 303)
    return render_template("assignment/conflicts.html", round=a_round, page=page, form=form), form.status


def _record(round_id: int, form: ConflictForm) -> None:
    """Enter what the form says.

    Raises:
        Invalid: there is no such dossier in the round, or nobody of that address.
    """
    try:
        initiative = initiatives.get((form.dossier.data or "").strip(), actor=me())
    except NotFound:
        initiative = None
    if initiative is None or initiative.round_id != round_id:
        raise Invalid.on("dossier", N_("There is no dossier of this code in the round."))
    person = people.maybe_by_email(form.person.data or "")
    if person is None:
        raise Invalid.on("person", N_("Nobody has an account of this address."))
    assignment.record_conflict(initiative, person, note=form.note.data or "", by=me(), now=now())


@bp.get("/given")
def given(code: str) -> ResponseReturnValue:
    """List who has which dossier at present."""
    a_round = rounds.get(code, actor=me())
    page = queries.given(a_round, actor=me(), text=request.args.get("q", ""), mark=request.args.get("mark", ""))
    return render_template("assignment/given.html", round=a_round, page=page)
