"""Pages of rounds."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.policy import Action
from evaluator.rounds import presets, queries
from evaluator.rounds import service as rounds
from evaluator.rounds.forms import DATE_LABELS, MOMENT_LABELS, MoveDateForm, RoundForm, lines_of, moment_of
from evaluator.rounds.rubrics import queries as rubrics
from evaluator.rounds.service import RoundPlan
from evaluator.rules import rubric_document
from evaluator.rules.vote_rule import VoteRule
from evaluator.units import queries as units
from evaluator.web.forms import ConfirmForm
from evaluator.web.request import me, now

bp = Blueprint("rounds", __name__, url_prefix="/rounds", template_folder="templates")

SAVED = "saved-"  # a rubric of the house, among the presets
KEEP = "keep"  # the choice that leaves a rule as the round holds it


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the rounds the reader may see, the newest first."""
    return render_template("rounds/index.html", rounds=queries.newest_first(me()))


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show a round: where it stands, its dates, its rules."""
    a_round = queries.get(code, actor=me())
    return render_template(
        "rounds/show.html",
        round=a_round,
        rubric=rubric_document.from_document(a_round.rubric),
        rule=VoteRule.from_document(a_round.vote_rule),
        date_labels=DATE_LABELS,
        moment_labels=MOMENT_LABELS,
        form=ConfirmForm(),
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Prepare a new round from presets."""
    policy.require(me(), Action.ROUND_CREATE)
    form = _with_choices(RoundForm(request.form))
    if request.method == "GET":
        form.reviews_per_initiative.data, form.remarking_days.data = 3, 3
        form["fields"].data = "\n".join(_usual_fields())
        form.rubric.data, form.vote_rule.data = "r01-provincial", "circular-18"
    if form.is_sent:
        with form.showing_errors(), transaction():
            a_round = rounds.create(_plan(form), by=me(), now=now())
            code = a_round.code
        if form.is_good:
            flash(_("The round was prepared. Look it over, then open it."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("rounds/edit.html", form=form, round=None, dates=list(DATE_LABELS)), form.status


@bp.route("/<code:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Change a round in preparation."""
    a_round = queries.get(code, actor=me())
    policy.require(me(), Action.ROUND_EDIT, a_round)
    form = _with_choices(RoundForm(request.form), keeps=True)
    if request.method == "GET":
        form.show(a_round)
    if form.is_sent:
        with form.showing_errors(), transaction():
            rounds.change(a_round, _plan(form, a_round), read_version=form.read_version, by=me(), now=now())
            code = a_round.code
        if form.is_good:
            flash(_("The round was changed."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("rounds/edit.html", form=form, round=a_round, dates=list(DATE_LABELS)), form.status


@bp.post("/<code:code>/open")
def open_round(code: str) -> ResponseReturnValue:
    """Freeze the rules and open the round."""
    a_round = queries.get(code, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent:
        with transaction():
            rounds.open_round(a_round, by=me(), now=now())
        flash(_("The round is open. Its rules are frozen from now on."))
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code:code>/close")
def close(code: str) -> ResponseReturnValue:
    """Close the round for good."""
    a_round = queries.get(code, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent:
        with transaction():
            rounds.close(a_round, by=me(), now=now())
        flash(_("The round is closed."))
    return redirect(url_for(".show", code=code), 303)


@bp.route("/<code:code>/dates", methods=["GET", "POST"])
def move_date(code: str) -> ResponseReturnValue:
    """Move one date of an open round, with the reason."""
    a_round = queries.get(code, actor=me())
    policy.require(me(), Action.ROUND_MOVE_DATE, a_round)
    form = MoveDateForm(request.form)
    if form.is_sent:
        moment = moment_of(form.date.data, form.moment.data)
        with form.showing_errors(), transaction():
            rounds.move_date(a_round, form.date.data, moment, reason=form.reason.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The date was moved."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("rounds/dates.html", form=form, round=a_round, date_labels=DATE_LABELS), form.status


def _with_choices(form: RoundForm, *, keeps: bool = False) -> RoundForm:
    """Offer units, rubrics and vote rules."""
    form.unit.choices = [(unit.code, unit.name) for unit in sorted(units.on(now()), key=lambda unit: unit.level)]
    kept = [(KEEP, _("As it stands in this round"))] if keeps else []
    saved = [
        (f"{SAVED}{each.rubric.code}", f"{each.rubric.title} ({each.number})") for each in rubrics.newest_versions(me())
    ]
    form.rubric.choices = [*kept, *saved, *((preset.key, preset.title) for preset in presets.rubrics().values())]
    form.vote_rule.choices = kept + [(preset.key, preset.title) for preset in presets.vote_rules().values()]
    return form


def _plan(form: RoundForm, a_round: object = None) -> RoundPlan:
    """Return the plan that was typed."""
    rubric, rule = form.rubric.data, form.vote_rule.data
    return RoundPlan(
        code=form.code.data,
        title=form.title.data,
        council_name=form.council_name.data,
        unit=units.get(form.unit.data, actor=me()),
        description=form.description.data or "",
        timetable=form.timetable(),
        reviews_per_initiative=form.reviews_per_initiative.data,
        remarking_days=form.remarking_days.data,
        rubric=a_round.rubric if rubric == KEEP else _rubric(rubric),  # type: ignore[attr-defined]  # a new round is not offered KEEP
        vote_rule=a_round.vote_rule if rule == KEEP else presets.vote_rule(rule),  # type: ignore[attr-defined]  # the same
        fields=lines_of(form["fields"].data),
        legal_grounds=lines_of(form.legal_grounds.data),
        reason_for_identity=bool(form.reason_for_identity.data),
        unblinding=form.unblinding(),
    )


def _rubric(choice: str) -> dict[str, Any]:
    """Return the document of a preset, or of the newest version of a rubric of the house."""
    if choice.startswith(SAVED):
        saved = rubrics.get(choice.removeprefix(SAVED), actor=me())
        return rubrics.versions(saved)[0].document
    return presets.rubric(choice)


def _usual_fields() -> list[str]:
    """Return the fields most councils use (domain digest 5.2)."""
    return [
        "Quản lý, cải cách hành chính",
        "Công nghệ thông tin, chuyển đổi số",
        "Cơ khí, tự động hóa, điện",
        "Xây dựng, giao thông",
        "Vật liệu, hóa chất, năng lượng",
        "Nông, lâm, ngư nghiệp",
        "Tài nguyên, môi trường",
        "Y dược, chăm sóc sức khỏe",
        "Giáo dục và đào tạo",
        "Văn hóa, du lịch, thương mại, OCOP",
        "Công tác mặt trận, đoàn thể, an sinh xã hội",
        "Quốc phòng, an ninh",
    ]
