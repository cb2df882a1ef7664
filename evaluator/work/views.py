"""How far a piece of long work is: a page that works without script, and a fragment for those with."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from evaluator.core.text import Sentence
from evaluator.web.language import say
from evaluator.web.request import me
from evaluator.work import queries

bp = Blueprint("work", __name__, url_prefix="/work", template_folder="templates")


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show progress, then the result."""
    work = queries.get(code, actor=me())
    return render_template("work/show.html", work=work, message=say(Sentence(work.message, work.values)))


@bp.get("/<code:code>/progress")
def progress(code: str) -> ResponseReturnValue:
    """Return the progress for the script of that page."""
    work = queries.get(code, actor=me())
    return jsonify(
        state=work.state.value,
        percent=work.percent,
        done=work.done,
        total=work.total,
        message=say(Sentence(work.message, work.values)),
    )
