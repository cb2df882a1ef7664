"""Pages on the lockings of a round's results: what was locked when, what changed, and unlocking."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.core.db import transaction
from evaluator.policy import Action, require
from evaluator.reviews.locking import queries
from evaluator.reviews.locking.forms import UnlockForm
from evaluator.reviews.results.queries import rubric_for
from evaluator.reviews.results.service import open_again
from evaluator.rounds import queries as rounds
from evaluator.web.request import me, now

bp = Blueprint("locking", __name__, url_prefix="/results", template_folder="../templates")


@bp.get("/<code:code>/locks")
def index(code: str) -> ResponseReturnValue:
    """List the lockings of a round."""
    a_round = rounds.get(code, actor=me())
    return render_template("reviews/locks.html", round=a_round, locks=queries.locks(a_round, actor=me()))


@bp.get("/<code:code>/locks/<int:number>")
def show(code: str, number: int) -> ResponseReturnValue:
    """Show what changed from the locking before to this one."""
    a_round = rounds.get(code, actor=me())
    lock = queries.lock(a_round, number, actor=me())
    before = queries.lock(a_round, number - 1, actor=me()) if number > 1 else None
    page = _changes(before, lock) if before else None
    labels = {each.key: each.label for each in rubric_for(a_round).classes}
    return render_template("reviews/lock.html", round=a_round, lock=lock, before=before, page=page, labels=labels)


def _changes(before: Any, lock: Any) -> Any:
    with_ranks, mark = bool(request.args.get("ranks")), request.args.get("mark", "")
    return queries.changes(before, lock, actor=me(), with_ranks=with_ranks, mark=mark)


@bp.route("/<code:code>/unlocking", methods=["GET", "POST"])
def unlock(code: str) -> ResponseReturnValue:
    """Unlock the results, with the reason: only the chair."""
    require(me(), Action.SCORING_UNLOCK)
    a_round = rounds.get(code, actor=me())
    form = UnlockForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            open_again(a_round, why=form.why.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The results are unlocked. Reviewers can sign until the deadline; what was locked is kept."))
            return redirect(url_for("results.listed", code=code), 303)
    return render_template("reviews/unlock.html", round=a_round, form=form), form.status
