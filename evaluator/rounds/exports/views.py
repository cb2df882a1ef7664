"""The page on which somebody puts on record that a file with names is taken along, and goes on to it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import NotFound
from evaluator.rounds import queries
from evaluator.rounds.exports import service as exports
from evaluator.web.forms import PageForm
from evaluator.web.request import me, now

bp = Blueprint("exports", __name__, url_prefix="/rounds/<code:code>/files", template_folder="../templates")

# Where each kind of file is: the endpoint, and by what its address names the thing.
FILES = {
    "scores": ("results.scores", "code"),
    "assignment": ("proposals.export", "code"),
    "papers": ("papers.index", "code"),
    "list": ("intake.original", "of"),
    "report": ("intake.report", "of"),
}
KINDS = {"list": "intake", "report": "intake"}


class TakeForm(PageForm):
    """A file with names, please; with a reason where the round asks for one."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


@bp.route("/<string:what>", methods=["GET", "POST"])
def take(code: str, what: str) -> ResponseReturnValue:
    """Put on record that a file with names is taken along, then give it."""
    a_round = queries.get(code, actor=me())
    if what not in FILES:
        raise NotFound
    kind = KINDS.get(what, what)
    policy.require(me(), exports.EXPORTS[kind].action, a_round)
    form = TakeForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            exports.take(kind, queries.get(code, actor=me()), form.reason.data or "", by=me(), now=now())
        if form.is_good:
            return redirect(_file(what, code), 303)
    return render_template("rounds/take.html", form=form, round=a_round, name=exports.EXPORTS[kind].name), form.status


def first(what: str, a_round: Any, of: str = "") -> ResponseReturnValue | None:
    """Return where somebody goes who has not yet put on record that this file is taken along."""
    if exports.is_open(KINDS.get(what, what), a_round, to=me(), now=now()):
        return None
    return redirect(url_for("exports.take", code=a_round.code, what=what, of=of or None), 303)


def _file(what: str, code: str) -> str:
    endpoint, named_by = FILES[what]
    return url_for(endpoint, code=code if named_by == "code" else request.args.get("of", ""))
