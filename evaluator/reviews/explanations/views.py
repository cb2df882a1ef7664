"""The explanation of a result as a page and as a paper, for the council and for the author."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.core.text import N_, Sentence
from evaluator.papers.explanation import ExplanationFacts, explanation
from evaluator.papers.letterhead import SYMBOL, place_of
from evaluator.papers.paper import Letterhead
from evaluator.papers.pdf import pdf
from evaluator.reviews.explanations import queries
from evaluator.reviews.explanations.queries import Explained
from evaluator.reviews.explanations.remarks import Remark
from evaluator.rounds import queries as rounds
from evaluator.rules.scoring import Part
from evaluator.web.language import say, say_in
from evaluator.web.request import me, now

bp = Blueprint("explanations", __name__, template_folder="../templates")


@bp.get("/results/<code:code>/of/<code:initiative>/explanation")
def council(code: str, initiative: str) -> ResponseReturnValue:
    """Explain a result to the council."""
    explained = queries.for_council(initiative, rounds.get(code, actor=me()), actor=me())
    return render_template("reviews/explanation.html", explained=explained, sections=_sections(explained))


@bp.get("/results/<code:code>/of/<code:initiative>/explanation.pdf")
def council_pdf(code: str, initiative: str) -> ResponseReturnValue:
    """Explain a result to the council on paper."""
    return _pdf(queries.for_council(initiative, rounds.get(code, actor=me()), actor=me()))


@bp.get("/my-results/<code:code>")
def author(code: str) -> ResponseReturnValue:
    """Explain to an author how the result of the own initiative came about."""
    explained = queries.for_author(code, actor=me(), now=now())
    return render_template("reviews/own_result.html", explained=explained, sections=_sections(explained))


@bp.get("/my-results/<code:code>/explanation.pdf")
def author_pdf(code: str) -> ResponseReturnValue:
    """Explain it to an author on paper."""
    return _pdf(queries.for_author(code, actor=me(), now=now()))


def _sections(explained: Explained) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the headings with their lines, each line with the part it belongs to."""
    found = [
        (_("The score sheets"), (Part.SHEET, Part.CRITERION)),
        (_("From the sheets to the score"), (Part.STEP,)),
        (_("What the score is made of"), (Part.SUMMAND, Part.SCORE)),
        (_("Conditions"), (Part.GATE,)),
        (_("The result"), (Part.RESULT, Part.RANK)),
    ]
    sections = [
        (heading, [(line.part.value, say(line.text)) for line in explained.part(*parts)]) for heading, parts in found
    ]
    told = [("remark", say(_remark(each))) for each in explained.remarks]
    return [(heading, lines) for heading, lines in [*sections, (_("Remarks of the reviewers"), told)] if lines]


def _remark(remark: Remark) -> Sentence:
    if remark.reviewer:
        return Sentence(
            N_("Sheet %(number)s, %(name)s: %(text)s"),
            {"number": remark.number, "name": remark.reviewer, "text": remark.text},
        )
    return Sentence(N_("Sheet %(number)s: %(text)s"), {"number": remark.number, "text": remark.text})


def _pdf(explained: Explained) -> Response:
    """Return the paper, in Vietnamese: papers of the council are."""
    a_round, initiative = explained.round, explained.initiative
    headings = {
        "Các phiếu chấm": (Part.SHEET, Part.CRITERION),
        "Từ các phiếu đến điểm": (Part.STEP,),
        "Điểm gồm những gì": (Part.SUMMAND, Part.SCORE),
        "Các điều kiện": (Part.GATE,),
        "Kết quả": (Part.RESULT, Part.RANK),
    }
    sections = {
        heading: tuple(say_in("vi", line.text) for line in explained.part(*parts))
        for heading, parts in headings.items()
    }
    sections["Nhận xét của người chấm"] = tuple(say_in("vi", _remark(each)) for each in explained.remarks)
    paper = explanation(
        ExplanationFacts(
            letterhead=Letterhead(
                parent=a_round.unit_name.upper(),
                issuer=a_round.council_name.upper(),
                symbol=SYMBOL,
                place=place_of(a_round.unit_name),
            ),
            round_title=a_round.title,
            code=initiative.code,
            title=explained.title,
            sections=tuple((heading, lines) for heading, lines in sections.items() if lines),
            closing=f"Tính theo bộ tiêu chí đã giữ nguyên của đợt, mã niêm phong {a_round.digest[:16]}.",
        )
    )
    response = Response(pdf(paper), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename=explanation-{initiative.code}.pdf"
    return response
