"""Public pages: published books, search that ignores marks, one entry to read and share."""

from itertools import groupby

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from evaluator.compendium import queries
from evaluator.compendium.builders import BUILDERS
from evaluator.compendium.downloads import download
from evaluator.web.security import public

bp = Blueprint("compendium", __name__, url_prefix="/compendium", template_folder="templates")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the published books; search in all of them by word, field, unit and year."""
    given = {name: request.args.get(name, "").strip()[:200] for name in ("field", "unit", "year")}
    text = request.args.get("q", "").strip()[:200]
    is_searching = bool(text or any(given.values()))
    page = queries.search(text, **given, mark=request.args.get("mark", "")) if is_searching else None
    return render_template(
        "compendium/index.html", books=queries.published(), page=page, text=text, choices=queries.choices()
    )


@bp.get("/<code:code>")
@public
def book(code: str) -> ResponseReturnValue:
    """Show a published book: its figures, its contents by field, its files."""
    found = queries.published_book(code)
    edition = queries.published_front(found)
    files = {name: each for name, each in queries.files_of(found).items() if each.digest == found.digest}
    g.brand_context = edition.unit
    return render_template(
        "compendium/book.html",
        book=found,
        edition=edition,
        parts=[
            (field, list(rows)) for field, rows in groupby(queries.published_contents(found), lambda row: row.field)
        ],
        others=[work for work in edition.works if work.entry is None],
        files=files,
        formats=list(BUILDERS),
    )


@bp.get("/<code:code>/<code:entry_code>")
@public
def entry(code: str, entry_code: str) -> ResponseReturnValue:
    """Show one entry."""
    found = queries.published_book(code)
    shown = queries.published_entry(found, entry_code)
    before, after = queries.beside(found, shown.number)
    g.brand_context = found.unit_name
    return render_template("compendium/entry.html", book=found, entry=shown, before=before, after=after)


@bp.get("/<code:code>/files/<string:name>")
@public
def file(code: str, name: str) -> ResponseReturnValue:
    """Hand out a file of a published book."""
    found = queries.published_book(code)
    return download(code, name, queries.public_file(found, name).stored_as)
