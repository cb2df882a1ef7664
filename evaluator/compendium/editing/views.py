"""Pages of the editors."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from evaluator import policy
from evaluator.compendium import confidential, queries
from evaluator.compendium import service as compendium
from evaluator.compendium.assembly import fields_in_order
from evaluator.compendium.builders import BUILDERS
from evaluator.compendium.document import digest
from evaluator.compendium.downloads import download
from evaluator.compendium.editing.forms import EntryForm, FrontForm, TakeBackForm
from evaluator.compendium.words import SECTIONS
from evaluator.core.db import transaction
from evaluator.core.errors import NotFound
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.web.forms import ConfirmForm
from evaluator.web.request import me, now
from evaluator.work import queries as work

bp = Blueprint("editing", __name__, url_prefix="/editing", template_folder="../templates")

# Which of the author's texts stands beside which section.
SOURCES = {
    "problem": ("problem",),
    "solution": ("solution",),
    "novelty": ("novelty",),
    "conditions": ("conditions",),
    "benefit": ("benefit_author", "benefit_applier"),
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the books, and the rounds whose book can be begun."""
    policy.require(me(), Action.COMPENDIUM_READ)
    return render_template(
        "editing/index.html", books=queries.newest_first(me()), rounds=queries.rounds_without_book(me())
    )


@bp.post("/<code:code>/open")
def open_edition(code: str) -> ResponseReturnValue:
    """Begin the book of a round."""
    a_round = rounds.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            compendium.open_edition(a_round, by=me(), now=now())
        flash(_("The book was begun with the author's words of every selected work."))
    return redirect(url_for(".show", code=code), 303)


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show the works of a book, what is left to do, and its files."""
    book = queries.get(code, actor=me())
    texts = queries.texts_of(book)
    files = queries.files_of(book)
    # To say whether the files are stale a book still in work is put together, which takes a moment.
    edition_digest = book.digest or (digest(queries.assembled(book)) if files else "")
    return render_template(
        "editing/show.html",
        book=book,
        texts=texts,
        approved=sum(text.is_approved for text in texts),
        files=files,
        formats=list(BUILDERS),
        digest=edition_digest,
        building=work.maybe_latest(compendium.BUILDING, code),
    )


@bp.route("/<code:code>/front", methods=["GET", "POST"])
def front(code: str) -> ResponseReturnValue:
    """Change the front matter."""
    book = queries.get(code, actor=me())
    policy.require(me(), Action.COMPENDIUM_EDIT, book)
    form = FrontForm(request.form)
    if request.method == "GET":
        form.show(book)
    if form.is_sent:
        with form.showing_errors(), transaction():
            compendium.edit_front(book, form.front(), read_version=form.read_version, by=me(), now=now())
        if form.is_good:
            flash(_("The front matter was saved."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("editing/front.html", form=form, book=queries.get(code, actor=me())), form.status


@bp.route("/<code:code>/entries/<code:entry_code>", methods=["GET", "POST"])
def entry(code: str, entry_code: str) -> ResponseReturnValue:
    """Word an entry, the author's words beside it; save, or release it and go on."""
    book = queries.get(code, actor=me())
    text = queries.text_of(book, entry_code)
    form = EntryForm(request.form)
    used = [each.field for each in queries.texts_of(book)]
    form.offer(fields_in_order(book.round.fields, [text.field, *used]))
    if request.method == "GET":
        form.show(text)
    if form.is_sent:
        with form.showing_errors(), transaction():
            compendium.edit_entry(text, form.wording(), read_version=form.read_version, by=me(), now=now())
            if form.then.data == "approve":
                compendium.approve_entry(text, by=me(), now=now())
        if form.is_good:
            return _after_saving(code, entry_code, approved=form.then.data == "approve")
        book = queries.get(code, actor=me())  # the failed change was rolled back
        text = queries.text_of(book, entry_code)
    before, after = queries.neighbours(text)
    secret = text.initiative.confidential
    own = {
        name: "\n\n".join(
            words for source in sources if (words := confidential.without(getattr(text.initiative, source), secret))
        )
        for name, sources in SOURCES.items()
    }
    page = render_template(
        "editing/entry.html",
        form=form,
        book=book,
        text=text,
        own=own,
        sections=list(SECTIONS),
        advised=compendium.ADVISED,
        before=before,
        after=after,
        hides_something=bool(secret.strip()),
    )
    return page, form.status


@bp.get("/<code:code>/entries/<code:entry_code>/preview")
def preview(code: str, entry_code: str) -> ResponseReturnValue:
    """Show an entry as its readers will see it."""
    book = queries.get(code, actor=me())
    text = queries.text_of(book, entry_code)
    return render_template("editing/preview.html", book=book, text=text, entry=queries.preview(text))


@bp.post("/<code:code>/entries/<code:entry_code>/approve")
def approve(code: str, entry_code: str) -> ResponseReturnValue:
    """Release an entry as it stands."""
    text = queries.text_of(queries.get(code, actor=me()), entry_code)
    if ConfirmForm(request.form).is_sent:
        with transaction():
            compendium.approve_entry(text, by=me(), now=now())
        flash(_("The entry was released for print."))
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code:code>/approve")
def approve_all(code: str) -> ResponseReturnValue:
    """Release every entry that still waits."""
    book = queries.get(code, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            done = compendium.approve_all(book, by=me(), now=now())
        if form.is_good:
            flash(ngettext("%(num)s entry was released.", "%(num)s entries were released.", done))
        else:
            flash(form.error, "error")
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code:code>/build")
def build(code: str) -> ResponseReturnValue:
    """Ask for the book in every format and show how far it is."""
    book = queries.get(code, actor=me())
    if not ConfirmForm(request.form).is_sent:
        return redirect(url_for(".show", code=code), 303)
    with transaction():
        asked = compendium.ask_build(book, by=me(), now=now()).code
    return redirect(url_for("work.show", code=asked), 303)


@bp.get("/<code:code>/files/<string:name>")
def file(code: str, name: str) -> ResponseReturnValue:
    """Hand out the newest file of a format."""
    found = queries.files_of(queries.get(code, actor=me())).get(name)
    if found is None:
        raise NotFound
    return download(code, name, found.stored_as)


@bp.post("/<code:code>/publish")
def publish(code: str) -> ResponseReturnValue:
    """Show the book to everybody."""
    book = queries.get(code, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            compendium.publish(book, by=me(), now=now())
        if form.is_good:
            flash(_("The book is published. Its files are being built; everybody can read it now."))
        else:
            flash(form.error, "error")
    return redirect(url_for(".show", code=code), 303)


@bp.route("/<code:code>/take-back", methods=["GET", "POST"])
def take_back(code: str) -> ResponseReturnValue:
    """Take a published book off the public pages."""
    book = queries.get(code, actor=me())
    policy.require(me(), Action.COMPENDIUM_TAKE_BACK, book)
    form = TakeBackForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            compendium.take_back(book, reason=form.reason.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The book was taken back. It can be edited and published again."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("editing/take_back.html", form=form, book=book), form.status


def _after_saving(code: str, entry_code: str, *, approved: bool) -> ResponseReturnValue:
    if not approved:
        flash(_("The entry was saved. It waits for approval."))
        return redirect(url_for(".entry", code=code, entry_code=entry_code), 303)
    text = queries.text_of(queries.get(code, actor=me()), entry_code)
    _before, after = queries.neighbours(text)
    if after:
        flash(_("Released. Here is the next one that waits."))
        return redirect(url_for(".entry", code=code, entry_code=after), 303)
    flash(_("Released. Every entry of the book is approved now."))
    return redirect(url_for(".show", code=code), 303)
