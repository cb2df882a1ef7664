"""Pages after the vote: draft and release the letters, set who sees what, and what is announced."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import EvaluatorError
from evaluator.core.files import Store
from evaluator.council import pages
from evaluator.council import queries as councils
from evaluator.council.papers import making
from evaluator.council.papers import queries as papers
from evaluator.council.papers.queries import ready
from evaluator.council.register.downloads import as_file
from evaluator.council.release import doing, queries
from evaluator.council.release import service as releases
from evaluator.council.release.forms import AudienceForm
from evaluator.papers.kinds import PaperKind
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now
from evaluator.web.security import public
from evaluator.work import service as work

bp = Blueprint("release", __name__, template_folder="templates")


@bp.get("/council/<code:code>/release")
def show(code: str) -> ResponseReturnValue:
    """Show what the letters will tell, to whom, and what the round opens to whom."""
    council = _led(code)
    earlier = queries.releases_of(council)
    draft = next((each for each in earlier if each.is_draft), None)
    return render_template(
        "release/show.html",
        council=council,
        earlier=[each for each in earlier if each.released_at],
        draft=draft,
        figures=queries.waiting(council, draft),
        letters=queries.letters(draft, mark=request.args.get("mark", "")) if draft else None,
        problem=_problem(council),
        openings=council.round.openness.openings,
    )


@bp.post("/council/<code:code>/release/draft")
def draft(code: str) -> ResponseReturnValue:
    """Draft the letters."""
    pages.check_button()
    if queries.count_without_letter(_led(code)) > doing.MOST_AT_ONCE:
        return _ask(doing.DRAFTING, code)
    with transaction():
        releases.draft(_led(code), by=me(), now=now())
    flash(_("The letters are drafted. Nobody has heard of them; look through them, then release them."))
    return redirect(url_for(".show", code=code), 303)


@bp.post("/council/<code:code>/release/letters")
def send(code: str) -> ResponseReturnValue:
    """Release every letter in one act."""
    pages.check_button()
    if queries.count_letters(queries.draft_of(_led(code))) > doing.MOST_AT_ONCE:
        return _ask(doing.RELEASING, code)
    with transaction():
        count = releases.release(queries.draft_of(_led(code)), by=me(), now=now())
        flash(_("The results are released: %(count)s letters wait in the outbox.", count=count))
    return redirect(url_for(".show", code=code), 303)


@bp.post("/council/<code:code>/release/undo")
def undo(code: str) -> ResponseReturnValue:
    """Take the drafts back."""
    pages.check_button()
    with transaction():
        releases.undo(queries.draft_of(_led(code)), by=me(), now=now())
    flash(_("The drafts were taken back; nobody has heard of them."))
    return redirect(url_for(".show", code=code), 303)


@bp.route("/council/<code:code>/audience", methods=["GET", "POST"])
def audience(code: str) -> ResponseReturnValue:
    """Set who may see the result, the points, the rank and the reasons, and from when."""
    council = _led(code)
    form = AudienceForm(request.form)
    if request.method == "GET":
        form.show(council.round.openness)
    if form.is_sent:
        with form.showing_errors(), transaction():
            releases.open_to(_led(code), form.openness(), by=me(), now=now())
        if form.is_good:
            flash(_("Saved."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("release/audience.html", form=form, council=council), form.status


@bp.get("/announced/<code:code>")
@public
def announced(code: str) -> ResponseReturnValue:
    """Show the results of a round as far as the reader may know them."""
    a_round = rounds.announced(code)
    page = queries.announced(a_round, actor=me(), now=now(), mark=request.args.get("mark", ""))
    return render_template("release/announced.html", round=a_round, page=page)


@bp.get("/announced/<code:code>/notices/<code:initiative>.pdf")
def own_notice(code: str, initiative: str) -> ResponseReturnValue:
    """Hand an author the notice about the own initiative, once the results are released."""
    council = queries.council_of(code)
    given = queries.own(council, initiative, actor=me())
    store = Store(current_app.config["EVALUATOR"].files_dir)
    form = "docx" if papers.form_for(council.round.unit_id, PaperKind.NOTICE) is not None else "pdf"
    content = making.made(council, PaperKind.NOTICE, making.notice_of(council, given.id), form, store=store)
    return as_file(content, form, f"thong-bao-{initiative}")


def _ask(kind: str, code: str) -> ResponseReturnValue:
    """Ask for long work on the letters of a council, and go to its progress."""
    with transaction():
        asked = work.ask(kind, about=code, params={"council": _led(code).code}, by=me(), now=now()).code
    return redirect(url_for("work.show", code=asked), 303)


def _led(code: str) -> Any:
    """Return a council whose results the reader may release."""
    council = councils.get(code, actor=me())
    policy.require(me(), Action.RESULTS_RELEASE, council)
    return council


def _problem(council: Any) -> Any:
    """Return why letters cannot be drafted yet, in words."""
    try:
        ready(council)
    except EvaluatorError as error:
        return error.sentence
    return releases.NOT_LOCKED if queries.lock_number(council.round) is None else None
