"""Pages of the intake: hand in a spreadsheet, see what was found, take its good rows."""

from io import BytesIO
from itertools import islice

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.core.files import MEDIA_TYPES, Store
from evaluator.core.text import N_
from evaluator.initiatives.intake import queries
from evaluator.initiatives.intake import service as intake
from evaluator.initiatives.intake.findings import SEVERITY_NAMES, Severity
from evaluator.initiatives.intake.forms import IntakeForm
from evaluator.initiatives.intake.report import as_csv
from evaluator.initiatives.intake.template import template_workbook
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.rounds.exports import views as exports
from evaluator.rules.lifecycle import RoundState
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import me, now

bp = Blueprint("intake", __name__, url_prefix="/intake", template_folder="../templates")

SHOWN = 200  # findings on one page; the report file has all


def store() -> Store:
    """Return the store of files of this service."""
    return Store(current_app.config["EVALUATOR"].files_dir)


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Hand in a spreadsheet; it is read at once and nothing is taken yet."""
    policy.require(me(), Action.INITIATIVE_IMPORT)
    form = IntakeForm(request.form)
    running = [each for each in rounds.newest_first(me()) if each.state is RoundState.OPEN]
    form.offer([(each.code, each.title) for each in running])
    if request.method == "GET":
        form.round.data = request.args.get("round") or (running[0].code if running else "")
    if form.is_sent:
        with form.showing_errors():
            code = _keep(form.round.data)
        if form.is_good:
            return redirect(url_for(".show", code=code), 303)
    return render_template(
        "initiatives/intake.html", form=form, rounds=running, sheets=queries.newest_first(actor=me())
    ), form.status


def _keep(round_code: str) -> str:
    """Read the file and keep it with its findings; return the address of the report."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        raise Invalid.on("file", N_("Choose a file."))
    data = chosen.read()
    a_round = rounds.get(round_code, actor=me())
    season = intake.read(data, a_round, by=me(), now=now())  # seconds for a long list: no transaction is open
    with transaction():
        a_round = rounds.get(round_code, actor=me())
        sheet = intake.keep(chosen.filename, data, season, a_round, store=store(), by=me(), now=now())
        return sheet.code


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show what was found in a spreadsheet, the gravest first, and what would be taken."""
    sheet = queries.get(code, actor=me())
    findings = [intake.from_data(each) for each in sheet.findings]
    wanted = request.args.get("severity", "")
    chosen = [each for each in findings if wanted in {"", each.severity.value}]
    order = list(Severity)
    return render_template(
        "initiatives/intake_report.html",
        sheet=sheet,
        findings=list(islice(sorted(chosen, key=lambda each: order.index(each.severity)), SHOWN)),
        found=len(chosen),
        severities=[(each.value, say(SEVERITY_NAMES[each]), sheet.counts[each.value]) for each in Severity],
        severity_names={each.value: say(SEVERITY_NAMES[each]) for each in Severity},
        total=len(findings),
        form=ConfirmForm(),
    )


@bp.post("/<code:code>/take")
def take(code: str) -> ResponseReturnValue:
    """Take the good dossiers; the others wait for a corrected list."""
    sheet = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        season = intake.read(store().get(sheet.stored_as), sheet.round, by=me(), now=now())
        with transaction():
            taken = intake.take_sheet(queries.get(code, actor=me()), season, by=me(), now=now())
        flash(_("%(count)s dossiers were taken into the round.", count=len(taken.codes)))
    return redirect(url_for(".show", code=code), 303)


@bp.get("/<code:code>/report.csv")
def report(code: str) -> ResponseReturnValue:
    """Send all findings as a file that Excel opens with its marks right."""
    sheet = queries.get(code, actor=me())
    if (elsewhere := exports.first("report", sheet.round, of=code)) is not None:
        return elsewhere
    text = as_csv([intake.from_data(each) for each in sheet.findings], say=say)
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="bao-cao-{sheet.code}.csv"'
    return response


@bp.get("/<code:code>/list.xlsx")
def original(code: str) -> ResponseReturnValue:
    """Send the spreadsheet as it was handed in."""
    sheet = queries.get(code, actor=me())
    if (elsewhere := exports.first("list", sheet.round, of=code)) is not None:
        return elsewhere
    return send_file(
        BytesIO(store().get(sheet.stored_as)),
        mimetype=MEDIA_TYPES["xlsx"],
        download_name=sheet.name,
        as_attachment=True,
    )


@bp.get("/template.xlsx")
def template() -> ResponseReturnValue:
    """Send an empty spreadsheet with the headings, for units to fill in."""
    policy.require(me(), Action.INITIATIVE_IMPORT)
    return send_file(
        BytesIO(template_workbook()),
        mimetype=MEDIA_TYPES["xlsx"],
        download_name="danh-sach-ho-so.xlsx",
        as_attachment=True,
    )
