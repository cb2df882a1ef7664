"""The outbox: what waits, what could not be sent, what went out; and what to say on Zalo instead."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.notices import queries
from evaluator.notices import service as notices
from evaluator.notices.letters import letter
from evaluator.notices.queries import Box
from evaluator.notices.sender import has_server
from evaluator.policy import Action
from evaluator.web.forms import ConfirmForm
from evaluator.web.request import me, now

bp = Blueprint("notices", __name__, url_prefix="/outbox", template_folder="templates")


@bp.get("")
def index() -> ResponseReturnValue:
    """List messages, the newest first."""
    policy.require(me(), Action.NOTICE_LIST)
    given = request.args.get("box", "")
    box = Box(given) if given in set(Box) else Box.WAITING
    page = queries.listed(me(), box=box, text=request.args.get("q", ""), mark=request.args.get("mark", ""))
    rows = [(notice, letter(notice)) for notice in page.rows]
    return render_template("notices/index.html", page=page, rows=rows, has_server=has_server())


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Read one message as the person gets it, with the short text for Zalo."""
    notice = queries.get(code, actor=me())
    return render_template("notices/show.html", notice=notice, letter=letter(notice), has_server=has_server())


@bp.post("/<code:code>/handing-over")
def hand_over(code: str) -> ResponseReturnValue:
    """Note that the person has been told."""
    notice = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            notices.hand_over(notice, by=me(), now=now())
        flash(_("Noted. No mail goes out for this message any more."))
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code:code>/retry")
def try_again(code: str) -> ResponseReturnValue:
    """Send a message again that could not be sent."""
    notice = queries.get(code, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            notices.try_again(notice, by=me(), now=now())
        flash(_("The message goes out again within a minute."))
    return redirect(url_for(".show", code=code), 303)
