"""Pages of reviewers: the list, the conflict statement, the score sheet, and its three ways out."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from evaluator.assignment import service as assignment
from evaluator.assignment.wishing import queries as wishing
from evaluator.core.db import transaction
from evaluator.core.files import MEDIA_TYPES, Store
from evaluator.reviews import queries
from evaluator.reviews import service as reviews
from evaluator.reviews.blind import BlindSheet
from evaluator.reviews.forms import ExtendForm, KnowsForm, ScoreSheetForm, StatementForm, WhyForm
from evaluator.reviews.handover import recounting
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import end_of_day
from evaluator.web.request import forget_me, me, now

bp = Blueprint("reviews", __name__, url_prefix="/reviews", template_folder="templates")


@bp.get("/")
def todo() -> ResponseReturnValue:
    """List the reader's dossiers, what needs him or her most first."""
    shows_signed = request.args.get("show") == "signed"
    return render_template(
        "reviews/todo.html",
        page=queries.queue(me(), signed=shows_signed, mark=request.args.get("mark", "")),
        progress=queries.progress(me()),
        pending=queries.unsigned_statements(me()),
        asking=wishing.asking(me(), now=now()),
        shows_signed=shows_signed,
    )


@bp.route("/statement/<code:code>", methods=["GET", "POST"])
def statement(code: str) -> ResponseReturnValue:
    """Sign the conflict statement of a round, before the first dossier is opened."""
    a_round = rounds.get(code, actor=me())
    form = StatementForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            assignment.sign_conflict_statement(rounds.get(code, actor=me()), by=me(), now=now())
        if form.is_good:
            return _to_next()
    titles = queries.titles_of(me(), a_round)
    return render_template("reviews/statement.html", round=a_round, titles=titles, form=form), form.status


@bp.get("/next")
def next_sheet() -> ResponseReturnValue:
    """Open the dossier that needs the reader most."""
    return _to_next(after=request.args.get("after", ""))


@bp.route("/<code:code>", methods=["GET", "POST"])
def sheet(code: str) -> ResponseReturnValue:
    """Fill in and sign a score sheet. The reviewer meets only the blind dossier."""
    place = queries.desk(code, actor=me())
    if not place.has_statement:
        return redirect(url_for(".statement", code=place.round.code), 303)
    if request.method != "POST":
        shown = queries.blind_sheet(place, actor=me(), now=now())
        form = ScoreSheetForm.for_sections(shown.sections, None)
        form.remark.data, form.version.data = shown.remark, str(shown.version)
        return _sheet_page(shown, form)
    form = ScoreSheetForm.for_sections(queries.sections(place), request.form)
    if form.is_sent:
        signs = request.form.get("do") == "sign"
        with form.showing_errors(), transaction():
            place = queries.desk(code, actor=me())
            place = reviews.fill_in(
                place,
                form.texts,
                remark=form.remark.data or "",
                read_version=form.read_version,
                by=me(),
                now=now(),
            )
            if signs:
                reviews.sign(place, by=me(), now=now())
        if form.is_good:
            flash(_("The sheet on %(code)s is signed.", code=code) if signs else _("Your draft was saved."))
            return _to_next(after=code) if signs else redirect(url_for(".sheet", code=code), 303)
    place = queries.desk(code, actor=me())
    return _sheet_page(queries.blind_sheet(place, actor=me(), now=now(), texts=form.texts), form)


def _sheet_page(shown: BlindSheet, form: ScoreSheetForm) -> ResponseReturnValue:
    """Show a sheet beside its dossier."""
    page = render_template("reviews/sheet.html", sheet=shown, form=form, progress=queries.progress(me()))
    return page, form.status


@bp.get("/<code:code>/files/<string:name>")
def file(code: str, name: str) -> ResponseReturnValue:
    """Hand out the scrubbed copy of a file under its neutral name."""
    key = queries.file_key(queries.desk(code, actor=me()), name, actor=me())
    data = Store(current_app.config["EVALUATOR"].files_dir).get(key)
    response = Response(data, mimetype=MEDIA_TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f"attachment; filename={code}-{name}"
    return response


@bp.post("/<code:code>/time")
def ask_time(code: str) -> ResponseReturnValue:
    """Ask the secretary for more time."""
    form = WhyForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            reviews.ask_time(queries.desk(code, actor=me()), why=form.why.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The secretary has been asked for more time. Your draft stays as it is."))
            return redirect(url_for(".sheet", code=code), 303)
    return _exit_page(code, form, _("More time for %(code)s", code=code), _("Ask for more time"))


@bp.post("/<code:code>/give-back")
def give_back(code: str) -> ResponseReturnValue:
    """Say that one cannot judge this dossier; it leaves the list, and the secretary finds another reviewer."""
    form = WhyForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            place = queries.desk(code, actor=me())
            assignment.hand_back(place.assignment, reason=form.why.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The dossier %(code)s was given back. The secretary finds another reviewer.", code=code))
            return _to_next(after=code)
    return _exit_page(code, form, _("Give %(code)s back", code=code), _("Give the dossier back"))


@bp.post("/<code:code>/conflict")
def conflict(code: str) -> ResponseReturnValue:
    """Declare a conflict of interest: the dossier leaves the list at once."""
    form = KnowsForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            place = queries.desk(code, actor=me())
            assignment.declare_conflict(place.assignment.initiative, note=form.why.data or "", by=me(), now=now())
            if place.sheet is not None and place.sheet.is_signed:
                recounting.recount([place.initiative_id], place.round, now=now())
        if form.is_good:
            flash(_("Thank you for saying so. The dossier %(code)s has left your list.", code=code))
            return _to_next(after=code)
    return _exit_page(code, form, _("I know the author of %(code)s", code=code), _("Declare it and leave this dossier"))


def _exit_page(code: str, form: WhyForm | KnowsForm, title: str, submit: str) -> ResponseReturnValue:
    """Show one of the small forms alone, with what is wrong in it."""
    queries.desk(code, actor=me())  # NotFound for those whom it does not concern
    return render_template("reviews/exit.html", form=form, title=title, submit=submit, code=code), form.status


def _to_next(*, after: str = "") -> ResponseReturnValue:
    """Go on to the dossier that needs the reviewer most, or to the list when nothing is left."""
    forget_me()  # what is assigned to the reader may just have changed
    code = queries.maybe_next_code(me(), after=after)
    if code is None:
        left = queries.progress(me()).left
        if left:
            flash(ngettext("%(num)s dossier is left.", "%(num)s dossiers are left.", left))
        return redirect(url_for("reviews.todo"), 303)
    return redirect(url_for("reviews.sheet", code=code), 303)


# --- the secretary's part ---------------------------------------------------------------------


@bp.post("/<code:initiative>/<code:reviewer>/extension")
def extend(initiative: str, reviewer: str) -> ResponseReturnValue:
    """Give one reviewer more time for one sheet."""
    form = ExtendForm(request.form)
    place = queries.place_of(initiative, reviewer, actor=me())
    code = place.round.code
    if form.is_sent and form.until.data:
        with form.showing_errors(), transaction():
            place = queries.place_of(initiative, reviewer, actor=me())
            reviews.extend(place, until=end_of_day(form.until.data), by=me(), now=now())
        if form.is_good:
            flash(_("The reviewer has time until %(day)s.", day=form.until.data.strftime("%d/%m/%Y")))
            return redirect(url_for("results.show", code=code, initiative=initiative), 303)
    return _alone(code, initiative, form, _("More time for one sheet"), _("Give more time"))


@bp.post("/<code:initiative>/<code:reviewer>/reopening")
def reopen(initiative: str, reviewer: str) -> ResponseReturnValue:
    """Give a signed sheet back to its reviewer."""
    form = WhyForm(request.form)
    place = queries.place_of(initiative, reviewer, actor=me())
    code = place.round.code
    if form.is_sent:
        with form.showing_errors(), transaction():
            place = queries.place_of(initiative, reviewer, actor=me())
            reviews.reopen(place, why=form.why.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The sheet was given back. The reviewer can change it and signs again."))
            return redirect(url_for("results.show", code=code, initiative=initiative), 303)
    return _alone(code, initiative, form, _("Give a signed sheet back"), _("Give it back"))


def _alone(
    round_code: str, initiative: str, form: ExtendForm | WhyForm, title: str, submit: str
) -> ResponseReturnValue:
    """Show one of the secretary's small forms alone, with what is wrong in it."""
    page = render_template(
        "reviews/alone.html", form=form, title=title, submit=submit, round_code=round_code, initiative=initiative
    )
    return page, form.status
