"""The author's pages: one's own dossiers, the dossier as a form, its way, its receipt, its files."""

from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core import codes
from evaluator.core.db import transaction
from evaluator.core.errors import Closed
from evaluator.core.files import MEDIA_TYPES, Store
from evaluator.initiatives import files, identity, queries, receipts
from evaluator.initiatives import service as initiatives
from evaluator.initiatives.forms import DossierForm, StartForm, WithdrawForm
from evaluator.initiatives.timeline import timeline
from evaluator.papers.docx import docx
from evaluator.papers.pdf import pdf
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import Phase, days_left
from evaluator.rules.dossier import FIELDS, TEXT_NAMES
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.lifecycle import RoundState
from evaluator.web.request import me, now

bp = Blueprint("initiatives", __name__, url_prefix="/initiatives", template_folder="templates")

PAPERS = {"pdf": (pdf, "application/pdf"), "docx": (docx, MEDIA_TYPES["docx"])}


def store() -> Store:
    """Return the store of files of this service."""
    return Store(current_app.config["EVALUATOR"].files_dir)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the reader's own dossiers and the rounds that take new ones."""
    return render_template(
        "initiatives/index.html", initiatives=queries.own(me()), rounds=_rounds_that_take(), days_left=days_left
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin a dossier: which round, and what will be asked."""
    policy.require(me(), Action.INITIATIVE_CREATE)
    taking = _rounds_that_take()
    form = StartForm(request.form)
    form.offer([(each.code, each.title) for each in taking])
    if request.method == "GET":
        form.once.data = codes.token()
        form.round.data = request.args.get("round") or (taking[0].code if taking else "")
    if form.is_sent:
        with form.showing_errors(), transaction():
            a_round = rounds.get(form.round.data, actor=me())
            begun = initiatives.start_draft(a_round, once=form.once.data, by=me(), now=now())
            code = begun.code
        if form.is_good:
            return redirect(url_for(".edit", code=code), 303)
    return render_template("initiatives/new.html", form=form, rounds=taking, days_left=days_left), form.status


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show a dossier as it stands, and its way: what happened, what comes next, who acts."""
    initiative = queries.get(code, actor=me())
    if not identity.is_open(initiative, to=me(), now=now()):
        return redirect(url_for("looks.authors", code=code), 303)
    return render_template(
        "initiatives/show.html",
        initiative=initiative,
        steps=timeline(initiative),
        texts=_texts(initiative),
        supplement=initiatives.open_supplement(initiative),
        number=receipts.number_of(initiative),
        may_write=policy.allows(me(), Action.INITIATIVE_EDIT, initiative) and _pen_is_free(initiative),
    )


@bp.route("/<code:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Fill in the dossier; save it as far as it is, or submit it."""
    initiative = queries.get(code, actor=me())
    if "submit" in request.form and initiative.state is State.SUBMITTED:
        with transaction():
            initiatives.submit(initiative, by=me(), now=now())  # says under which number it was
    policy.require(me(), Action.INITIATIVE_EDIT, initiative)
    form = DossierForm(request.form)
    if request.method == "GET":
        initiatives.check_pen_is_free(initiative, now=now())
        form.show(initiative)
        _add_lines(form)
    form.offer(initiative.round.fields or FIELDS)
    if form.is_sent:
        _save(form, initiative)
        if form.is_good and "submit" in request.form:
            with form.showing_errors(), transaction():
                initiatives.submit(initiative, by=me(), now=now())
        if form.is_good:
            return _after_saving(code)
        form.version.data = str(initiative.version)  # saving once more means: mine is to stand
    return render_template(
        "initiatives/edit.html",
        form=form,
        initiative=initiative,
        supplement=initiatives.open_supplement(initiative),
        most_mb=files.MOST_BYTES // 2**20,
    ), form.status


@bp.post("/<code:code>/autosave")
def autosave(code: str) -> ResponseReturnValue:
    """Keep the draft while it is being typed; answers the script of the form."""
    initiative = queries.get(code, actor=me())
    form = DossierForm(request.form)
    form.offer(initiative.round.fields or FIELDS)
    if not form.validate():
        return jsonify(saved=False), 422
    with transaction():
        initiatives.save_draft(initiative, form.draft(), read_version=form.read_version, by=me(), now=now())
    return jsonify(saved=True, version=initiative.version)


@bp.route("/<code:code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    """Take a dossier back."""
    initiative = queries.get(code, actor=me())
    policy.require(me(), Action.INITIATIVE_WITHDRAW, initiative)
    form = WithdrawForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            initiatives.withdraw(initiative, reason=form.reason.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The dossier was withdrawn."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("initiatives/withdraw.html", form=form, initiative=initiative), form.status


@bp.get("/<code:code>/receipt.<any(pdf, docx):kind>")
def receipt(code: str, kind: str) -> ResponseReturnValue:
    """Send the receipt slip as a paper."""
    initiative = queries.get(code, actor=me())
    if not identity.is_open(initiative, to=me(), now=now()):
        return redirect(url_for("looks.authors", code=code), 303)
    build, media_type = PAPERS[kind]
    return send_file(
        BytesIO(build(receipts.receipt_of(initiative))),
        mimetype=media_type,
        download_name=f"phieu-tiep-nhan-{initiative.code}.{kind}",
        as_attachment=kind == "docx",
    )


@bp.get("/<code:code>/files/<code:file_code>")
def file(code: str, file_code: str) -> ResponseReturnValue:
    """Send a file of the dossier as it was handed in."""
    initiative = queries.get(code, actor=me())
    attachment = queries.attachment(initiative, file_code)
    if not identity.is_open(initiative, to=me(), now=now()):
        return redirect(url_for("looks.authors", code=code), 303)
    return send_file(
        BytesIO(store().get(attachment.stored_as)),
        mimetype=MEDIA_TYPES[attachment.kind],
        download_name=attachment.name,
        as_attachment=True,
    )


def _save(form: DossierForm, initiative: Any) -> None:
    """Keep what was typed, with the files that were chosen and without the one to be removed."""
    with form.showing_errors():
        chosen = [each for each in request.files.getlist("file") if each.filename]
        uploads = [files.receive(each.filename or "", each.read(), store=store()) for each in chosen]
        with transaction():
            initiatives.save_draft(initiative, form.draft(), read_version=form.read_version, by=me(), now=now())
            for upload in uploads:
                initiatives.attach(initiative, upload, by=me(), now=now())
            if request.form.get("remove"):
                attachment = queries.attachment(initiative, request.form["remove"])
                initiatives.remove_attachment(initiative, attachment, by=me(), now=now())


def _after_saving(code: str) -> ResponseReturnValue:
    if "submit" in request.form:
        flash(_("The dossier was submitted. Here is its receipt."))
        return redirect(url_for(".show", code=code), 303)
    if "add" in request.form:
        return redirect(url_for(".edit", code=code, more=1, _anchor="authors"), 303)
    flash(_("The draft was saved."))
    return redirect(url_for(".edit", code=code), 303)


def _add_lines(form: DossierForm) -> None:
    """Add an empty line for a co-author when the button asked for one."""
    if request.args.get("more") == "1":
        form.authors.append_entry()


def _texts(initiative: Any) -> list[tuple[str, str, str]]:
    """Return the long texts that say something: name, heading, text."""
    texts = initiative.texts()
    return [(name, heading, texts[name]) for name, heading in TEXT_NAMES.items() if texts[name]]


def _rounds_that_take() -> list[Any]:
    """Return the rounds that take dossiers at this moment, the soonest deadline first."""
    taking = [
        each
        for each in rounds.newest_first(me())
        if each.state is RoundState.OPEN and each.phase(now()) is Phase.SUBMISSION
    ]
    return sorted(taking, key=lambda each: each.submission_closes_at)


def _pen_is_free(initiative: Any) -> bool:
    try:
        initiatives.check_pen_is_free(initiative, now=now())
    except Closed:
        return False
    return initiative.state in {State.DRAFT, State.SUPPLEMENT}
