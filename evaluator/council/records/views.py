"""Downloads of a session's papers."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from evaluator import policy
from evaluator.core.errors import NotFound
from evaluator.council import queries
from evaluator.council.records import facts
from evaluator.council.records.queries import closed
from evaluator.council.register import queries as register
from evaluator.council.register.downloads import as_file, as_paper
from evaluator.papers.ballots import ballots_docx, ballots_pdf
from evaluator.papers.count import count_record
from evaluator.papers.kinds import PaperKind
from evaluator.papers.minutes import minutes
from evaluator.papers.roll import roll
from evaluator.policy import Action
from evaluator.rules.vote_rule import Mode
from evaluator.web.request import me

bp = Blueprint("records", __name__, url_prefix="/council")

MOST_COPIES = 200
WRITERS = {"docx": ballots_docx, "pdf": ballots_pdf}


@bp.get("/<code:code>/sessions/<int:number>/minutes.<string:kind>")
def session_minutes(code: str, number: int, kind: str) -> ResponseReturnValue:
    """Hand out the minutes of a closed session as .docx or PDF."""
    held = queries.session(code, number, actor=me())
    entry = register.entry(held.council, PaperKind.MINUTES, str(number))
    return as_paper(minutes(facts.minutes_of(held, entry)), kind, f"bien-ban-hop-{code}-{number}")


@bp.get("/<code:code>/sessions/<int:number>/roll.<string:kind>")
def attendance(code: str, number: int, kind: str) -> ResponseReturnValue:
    """Hand out the roll of a session: to be signed at the door, or as it was called."""
    held = queries.session(code, number, actor=me())
    entry = register.entry(held.council, PaperKind.ROLL, str(number))
    return as_paper(roll(facts.roll_of(held, entry)), kind, f"danh-sach-du-hop-{code}-{number}")


@bp.get("/<code:code>/sessions/<int:number>/polls/<int:which>/count.<string:kind>")
def count(code: str, number: int, which: int, kind: str) -> ResponseReturnValue:
    """Hand out the record of one counted paper ballot as .docx or PDF."""
    poll = queries.poll(code, number, which, actor=me())
    closed(poll.session)
    if poll.mode is not Mode.PAPER or not poll.totals:
        raise NotFound
    entry = register.entry(poll.session.council, PaperKind.COUNT, f"{number}/{which}")
    return as_paper(count_record(facts.count_of(poll, entry)), kind, f"bien-ban-kiem-phieu-{code}-{number}-{which}")


@bp.get("/<code:code>/sessions/<int:number>/polls/<int:which>/ballots.<string:kind>")
def ballots(code: str, number: int, which: int, kind: str) -> ResponseReturnValue:
    """Hand out the papers of a secret vote: one for each who may vote, all alike, with lines to cut along."""
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, poll)
    if poll.mode is not Mode.PAPER or kind not in WRITERS:
        raise NotFound
    asked = request.args.get("copies", "")
    copies = min(max(int(asked), 1), MOST_COPIES) if asked.isdigit() else len(poll.roll)
    printed = facts.ballots_of(poll, one_each=request.args.get("per") == "item")
    return as_file(WRITERS[kind](printed, copies=copies), kind, f"phieu-{code}-{number}-{which}")
