"""A rubric in preparation as a reviewer will meet it: the same sheet, with nothing behind it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from evaluator.reviews.blind import sections_of, so_far_of
from evaluator.reviews.forms import ScoreSheetForm
from evaluator.rounds.rubrics import queries
from evaluator.rounds.rubrics.service import rubric_of
from evaluator.web.request import me

bp = Blueprint("preview", __name__, url_prefix="/rubrics", template_folder="templates")


@bp.get("/<code:code>/as-reviewer")
def show(code: str) -> ResponseReturnValue:
    """Show the draft of a rubric as an empty score sheet."""
    saved = queries.get(code, actor=me())
    rubric = rubric_of(saved)
    sections = sections_of(rubric, {})
    return render_template(
        "reviews/preview.html",
        saved=saved,
        rubric=rubric,
        sections=sections,
        so_far=so_far_of(rubric, {}),
        form=ScoreSheetForm.for_sections(sections),
    )
