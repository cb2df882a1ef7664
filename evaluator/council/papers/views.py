"""Pages of the papers of a result: the set, its numbers and signatures, the offices' own forms, the comparison."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import NotFound
from evaluator.core.files import Store
from evaluator.council import pages as council_pages
from evaluator.council import queries as councils
from evaluator.council.papers import checking, making, pages, queries
from evaluator.council.papers import service as papers
from evaluator.council.papers.forms import OfficeFormForm, RegisterForm
from evaluator.council.register import queries as register
from evaluator.council.register import service as registering
from evaluator.council.register.downloads import as_file
from evaluator.council.register.queries import Key
from evaluator.council.register.service import Registration
from evaluator.papers.kinds import PaperKind
from evaluator.papers.placeholders import FIELDS
from evaluator.policy import Action
from evaluator.rounds.exports import views as exports
from evaluator.web.request import me, now
from evaluator.work import service as work

bp = Blueprint("papers", __name__, url_prefix="/council", template_folder="templates")
bp.context_processor(pages.names)


def store() -> Store:
    """Return the store of files of this service."""
    return Store(current_app.config["EVALUATOR"].files_dir)


@bp.get("/<code:code>/papers")
def index(code: str) -> ResponseReturnValue:
    """Show the whole set: which paper has its number, which is signed, what can be made."""
    council = _kept(code)
    return render_template("papers/index.html", **pages.the_set(council))


@bp.get("/<code:code>/papers/<string:kind>.<string:form>")
def paper(code: str, kind: str, form: str) -> ResponseReturnValue:
    """Hand out the submission letter or the decision."""
    council, which = _kept(code), _kind(kind)
    if (elsewhere := exports.first("papers", council.round)) is not None:
        return elsewhere
    given = making.facts_of(council, which)
    return as_file(making.made(council, which, given, form, store=store()), form, pages.file_name(which, code))


@bp.get("/<code:code>/papers/notices/<code:initiative>.<string:form>")
def notice(code: str, initiative: str, form: str) -> ResponseReturnValue:
    """Hand out the notice about one initiative."""
    council = _kept(code)
    if (elsewhere := exports.first("papers", council.round)) is not None:
        return elsewhere
    given = making.notice_of(council, queries.of_round(council, initiative).id)
    content = making.made(council, PaperKind.NOTICE, given, form, store=store())
    return as_file(content, form, pages.file_name(PaperKind.NOTICE, initiative))


@bp.get("/<code:code>/papers/certificates/<code:initiative>.<string:form>")
def certificate(code: str, initiative: str, form: str) -> ResponseReturnValue:
    """Hand out the certificate of one initiative."""
    council = _kept(code)
    if (elsewhere := exports.first("papers", council.round)) is not None:
        return elsewhere
    which = queries.of_round(council, initiative).id
    given = making.certificate_of(council, which, base_url=current_app.config["EVALUATOR"].base_url)
    content = making.made(council, PaperKind.CERTIFICATE, given, form, store=store())
    return as_file(content, form, pages.file_name(PaperKind.CERTIFICATE, initiative))


@bp.get("/<code:code>/papers/minutes/<int:number>.docx")
def minutes(code: str, number: int) -> ResponseReturnValue:
    """Hand out the minutes of a session on the office's own form."""
    council = _kept(code)
    given = dict(making.minutes_of(council)).get(number)
    if given is None:
        raise NotFound
    content = making.made(council, PaperKind.MINUTES, given, "docx", store=store())
    return as_file(content, "docx", f"bien-ban-hop-{code}-{number}")


# --- number, date, signature --------------------------------------------------------------------


@bp.route("/<code:code>/papers/<string:kind>/register", methods=["GET", "POST"])
def register_paper(code: str, kind: str) -> ResponseReturnValue:
    """Enter what the office gave a paper, and keep the signed scan."""
    council, key = _kept(code), Key(_kind(kind), request.args.get("about", ""))
    pages.check_about(council, key)
    known = register.maybe(council, key)
    form = RegisterForm(request.form, **({"obj": known} if known is not None else {"data": {"version": 0}}))
    if form.is_sent:
        with form.showing_errors(), transaction():
            _register(_kept(code), key, form)
        if form.is_good:
            flash(_("The register was brought up to date."))
            return redirect(url_for(".index", code=code), 303)
    return render_template(
        "papers/register.html", form=form, council=council, key=key, known=known, intact=_intact(known)
    ), form.status


def _register(council: Any, key: Key, form: RegisterForm) -> None:
    scan = request.files.get("scan")
    given = Registration(
        form.number.data or "",
        form.dated.data,
        form.signed_for.data or "",
        form.signer_office.data or "",
        form.signer.data or "",
    )
    kept = registering.register(council, key, given, read_version=form.read_version, by=me(), now=now())
    if scan is not None and scan.filename:
        registering.keep_scan(kept, scan.filename, scan.read(), store=store(), by=me(), now=now())


def _intact(known: Any) -> bool:
    return known is not None and bool(known.scan_stored_as) and register.is_intact(known, store())


@bp.get("/<code:code>/papers/<string:kind>/scan")
def scan(code: str, kind: str) -> ResponseReturnValue:
    """Hand out the signed scan of a paper."""
    known = register.maybe(_kept(code), Key(_kind(kind), request.args.get("about", "")))
    if known is None or not known.scan_stored_as:
        raise NotFound
    response = current_app.response_class(store().get(known.scan_stored_as), mimetype=pages.media_type(known))
    response.headers["Content-Disposition"] = f'attachment; filename="{pages.scan_name(known)}"'
    return response


@bp.post("/<code:code>/papers/<string:kind>/scan/drop")
def drop_scan(code: str, kind: str) -> ResponseReturnValue:
    """Take a wrong scan away."""
    council_pages.check_button()
    about = request.args.get("about", "")
    with transaction():
        known = register.maybe(_kept(code), Key(_kind(kind), about))
        if known is None:
            raise NotFound
        registering.drop_scan(known, by=me(), now=now())
    flash(_("The scan was taken away. The history keeps its hash."))
    return redirect(url_for(".register_paper", code=code, kind=kind, about=about or None), 303)


# --- certificates, batches ----------------------------------------------------------------------


@bp.post("/<code:code>/papers/certificates")
def issue(code: str) -> ResponseReturnValue:
    """Give every selected initiative its certificate and check code."""
    council_pages.check_button()
    with transaction():
        count = papers.issue_certificates(_kept(code), by=me(), now=now())
        flash(_("%(count)s certificates were issued, each with its check code.", count=count))
    return redirect(url_for(".index", code=code), 303)


@bp.post("/<code:code>/papers/<string:kind>/batch")
def build(code: str, kind: str) -> ResponseReturnValue:
    """Ask for all notices, or all certificates, in one file."""
    council_pages.check_button()
    with transaction():
        asked = papers.ask_batch(_kept(code), _kind(kind), by=me(), now=now()).code
    return redirect(url_for("work.show", code=asked), 303)


@bp.get("/<code:code>/papers/<string:kind>/batch")
def batch(code: str, kind: str) -> ResponseReturnValue:
    """Hand out the batch that was built last."""
    council, which = _kept(code), _kind(kind)
    if which not in papers.BATCHED:
        raise NotFound
    if (elsewhere := exports.first("papers", council.round)) is not None:
        return elsewhere
    found = queries.batch(council, which, papers.BATCHED[which])
    return as_file(store().get(found.stored_as), found.format, pages.file_name(which, code))


@bp.post("/<code:code>/papers/consistency")
def compare(code: str) -> ResponseReturnValue:
    """Ask for the comparison of the whole set."""
    council_pages.check_button()
    with transaction():
        council = _kept(code)
        asked = work.ask(checking.CHECKING, about=council.code, params={"council": code}, by=me(), now=now()).code
    return redirect(url_for("work.show", code=asked), 303)


@bp.get("/<code:code>/papers/consistency")
def consistency(code: str) -> ResponseReturnValue:
    """Show what the last comparison found."""
    council = _kept(code)
    return render_template("papers/consistency.html", council=council, **pages.compared(council))


# --- the offices' own forms ---------------------------------------------------------------------


@bp.route("/<code:code>/papers/forms", methods=["GET", "POST"])
def office_forms(code: str) -> ResponseReturnValue:
    """Show the forms in use and take a new one."""
    council = _kept(code)
    form = OfficeFormForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            file = request.files.get("file")
            name, data = (file.filename or "", file.read()) if file is not None else ("", b"")
            papers.take_form(_kept(code), _kind(form.kind.data), name, data, store=store(), by=me(), now=now())
        if form.is_good:
            flash(_("The form is in use from now on. Look at its preview before you print."))
            return redirect(url_for(".office_forms", code=code), 303)
    return render_template(
        "papers/forms.html", form=form, council=council, forms=queries.forms_of(council.round.unit_id), fields=FIELDS
    ), form.status


@bp.post("/<code:code>/papers/forms/<string:kind>/retire")
def retire_form(code: str, kind: str) -> ResponseReturnValue:
    """Go back to our own form."""
    council_pages.check_button()
    with transaction():
        papers.retire_form(_kept(code), _kind(kind), by=me(), now=now())
    flash(_("Our own form is in use again."))
    return redirect(url_for(".office_forms", code=code), 303)


@bp.get("/<code:code>/papers/forms/<string:kind>.docx")
def preview_form(code: str, kind: str) -> ResponseReturnValue:
    """Hand out a form filled in with this council's own data."""
    council, which = _kept(code), _kind(kind)
    if queries.form_for(council.round.unit_id, which) is None:
        raise NotFound
    if (elsewhere := exports.first("papers", council.round)) is not None:
        return elsewhere
    given = pages.some_facts(council, which, base_url=current_app.config["EVALUATOR"].base_url)
    return as_file(making.made(council, which, given, "docx", store=store()), "docx", f"xem-thu-{which}")


@bp.get("/<code:code>/papers/forms/<string:kind>/example.docx")
def example_form(code: str, kind: str) -> ResponseReturnValue:
    """Hand out a form to begin with: every placeholder, with what it stands for."""
    which = _kind(kind)
    _kept(code)
    if which not in FIELDS:
        raise NotFound
    return as_file(pages.example(which), "docx", f"bieu-mau-{which}")


def _kept(code: str) -> Any:
    """Return a council whose papers the reader may keep."""
    council = councils.get(code, actor=me())
    policy.require(me(), Action.PAPERS_KEEP, council)
    return council


def _kind(name: str) -> PaperKind:
    try:
        return PaperKind(name)
    except ValueError:
        raise NotFound from None
