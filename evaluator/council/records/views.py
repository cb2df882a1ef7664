"""Downloads of a session's papers."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from evaluator.core.errors import NotFound
from evaluator.council import queries
from evaluator.council.records import facts
from evaluator.council.records.queries import closed
from evaluator.papers.count import count_record
from evaluator.papers.minutes import minutes
from evaluator.papers.paper import Paper
from evaluator.rules.vote_rule import Mode
from evaluator.web.request import me

bp = Blueprint("records", __name__, url_prefix="/council")

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@bp.get("/<code:code>/sessions/<int:number>/minutes.<string:kind>")
def session_minutes(code: str, number: int, kind: str) -> ResponseReturnValue:
    """Hand out the minutes of a closed session as .docx or PDF."""
    held = queries.session(code, number, actor=me())
    return _paper(minutes(facts.minutes_of(held)), kind, f"bien-ban-hop-{code}-{number}")


@bp.get("/<code:code>/sessions/<int:number>/polls/<int:which>/count.<string:kind>")
def count(code: str, number: int, which: int, kind: str) -> ResponseReturnValue:
    """Hand out the record of one counted paper ballot as .docx or PDF."""
    poll = queries.poll(code, number, which, actor=me())
    closed(poll.session)
    if poll.mode is not Mode.PAPER or not poll.totals:
        raise NotFound
    return _paper(count_record(facts.count_of(poll)), kind, f"bien-ban-kiem-phieu-{code}-{number}-{which}")


def _paper(paper: Paper, kind: str, name: str) -> Response:
    from evaluator.papers.docx import docx  # noqa: PLC0415 - loads python-docx, which only a download needs
    from evaluator.papers.pdf import pdf  # noqa: PLC0415 - beside it

    writers = {"docx": docx, "pdf": pdf}
    if kind not in writers:
        raise NotFound
    response = Response(writers[kind](paper), mimetype=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
