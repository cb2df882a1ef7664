"""The page of statistics: agreement, leniency, what hangs on single sheets, progress."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from evaluator.reviews.statistics import queries
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import end_of_day
from evaluator.web import charts
from evaluator.web.filters import show_date
from evaluator.web.request import me, now

bp = Blueprint("statistics", __name__, url_prefix="/results", template_folder="../templates")


@bp.get("/<code:code>/statistics")
def show(code: str) -> ResponseReturnValue:
    """Show how the reviewers of a round agree, and how far the sheets are."""
    a_round = rounds.get(code, actor=me())
    statistics = queries.of_round(a_round, actor=me())
    signed = queries.signed_by_day(a_round)
    return render_template(
        "reviews/statistics.html",
        round=a_round,
        statistics=statistics,
        curve=_curve(a_round, signed),
        signed=[(show_date(end_of_day(day)), count) for day, count in signed],
    )


def _curve(a_round: Any, signed: tuple[tuple[date, int], ...]) -> charts.Curve | None:
    if not signed:
        return None
    start, end = a_round.checking_closes_at, a_round.review_closes_at
    return charts.curve(
        [(min(end_of_day(day), now()), count) for day, count in signed],
        total=queries.sheets_wanted(a_round),
        start=start,
        end=end,
        now=now(),
        words=[(start, show_date(start)), (end, show_date(end))],
    )
