"""Pages of the results of scoring, for the secretary and, once scoring is closed, the council."""

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator.core.db import transaction
from evaluator.policy import Action, require
from evaluator.reviews.results import doing, pictures, queries, reminders
from evaluator.reviews.results.table import SheetTable
from evaluator.rounds import queries as rounds
from evaluator.rounds.exports import views as exports
from evaluator.web import charts
from evaluator.web.filters import show_points
from evaluator.web.request import me, now
from evaluator.work import service as work

bp = Blueprint("results", __name__, url_prefix="/results", template_folder="../templates")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Go to the results of the round most people mean."""
    require(me(), Action.RESULT_LIST)
    a_round = rounds.maybe_current(me())
    if a_round is None:
        return render_template("reviews/no_round.html")
    return redirect(url_for(".listed", code=a_round.code), 303)


@bp.get("/<code:code>")
def listed(code: str) -> ResponseReturnValue:
    """List the results of a round."""
    a_round = rounds.get(code, actor=me())
    sort, standing = request.args.get("sort", "rank"), request.args.get("standing", "")
    flagged = request.args.get("flagged") == "1"
    mark = request.args.get("mark", "")
    scoring = queries.scoring_for(a_round, me())
    return render_template(
        "reviews/results.html",
        round=a_round,
        scoring=scoring,
        counts=queries.counts(a_round, actor=me()),
        page=queries.listed(a_round, actor=me(), sort=sort, standing=standing, flagged=flagged, mark=mark),
        sort=sort,
        picture=_distribution(pictures.distribution(a_round, scoring)),
        scale=pictures.scale_of(a_round),
    )


def _distribution(found: pictures.Distribution | None) -> charts.Histogram | None:
    if found is None:
        return None
    line = (
        (found.pass_at / 100, _("Pass mark %(points)s", points=show_points(found.pass_at))) if found.pass_at else None
    )
    return charts.histogram(found.counts, maximum=found.maximum, pass_mark=line)


@bp.get("/<code:code>/of/<code:initiative>")
def show(code: str, initiative: str) -> ResponseReturnValue:
    """Show one result with everything that led to it."""
    a_round = rounds.get(code, actor=me())
    view = queries.view(initiative, a_round, actor=me())
    explained = pictures.explain(a_round, view)
    return render_template(
        "reviews/result.html",
        round=a_round,
        view=view,
        explained=explained,
        dots=_dots(explained),
    )


def _dots(explained: pictures.Explanation) -> charts.Dots | None:
    """Return the dots of all sheets with mean and pass mark; None where the scale has no end or nothing is signed."""
    if explained.maximum is None or not explained.totals:
        return None
    marks = [
        (
            each.total / 100,
            _("Sheet %(number)s: %(points)s", number=number, points=show_points(each.total)),
            not each.used,
        )
        for number, each in explained.totals.items()
    ]
    mean = (explained.score / 100, show_points(explained.score)) if explained.score is not None else None
    line = (
        (explained.pass_at / 100, _("Pass mark %(points)s", points=show_points(explained.pass_at)))
        if explained.pass_at
        else None
    )
    return charts.dots(marks, maximum=explained.maximum / 100, mean=mean, pass_mark=line)


@bp.get("/<code:code>/reviewers")
def reviewers(code: str) -> ResponseReturnValue:
    """List the reviewers of a round and how far each is."""
    a_round = rounds.get(code, actor=me())
    page = queries.reviewers(a_round, actor=me(), mark=request.args.get("mark", ""))
    return render_template("reviews/reviewers.html", round=a_round, page=page)


@bp.post("/<code:code>/reviewers/<code:reviewer>/remind")
def remind(code: str, reviewer: str) -> ResponseReturnValue:
    """Remind one reviewer by mail of the sheets that are still to be signed."""
    with transaction():
        reminders.remind(rounds.get(code, actor=me()), reviewer, by=me(), now=now())
    flash(_("A reminder is on its way."))
    return redirect(url_for(".reviewers", code=code), 303)


@bp.post("/<code:code>/ranking")
def rank(code: str) -> ResponseReturnValue:
    """Compute all results of a round anew; long work with a progress page."""
    return _ask(doing.RANK, code)


@bp.post("/<code:code>/closing")
def close(code: str) -> ResponseReturnValue:
    """Close scoring: the ranking is made, and the council may read it."""
    return _ask(doing.CLOSE, code)


def _ask(kind: str, code: str) -> ResponseReturnValue:
    require(me(), Action.SCORING_CLOSE)
    a_round = rounds.get(code, actor=me())
    with transaction():
        asked = work.ask(kind, about=a_round.code, params={"round": a_round.code}, by=me(), now=now())
        address = url_for("work.show", code=asked.code)
    return redirect(address, 303)


@bp.get("/<code:code>/scores.csv")
def scores(code: str) -> ResponseReturnValue:
    """Stream every signed sheet of a round: one line each, a column per criterion."""
    a_round = rounds.get(code, actor=me())
    require(me(), Action.SCORING_CLOSE)
    if (elsewhere := exports.first("scores", a_round)) is not None:
        return elsewhere
    lots = queries.all_sheets(a_round, actor=me())
    rubric = queries.rubric_for(a_round)
    labels = [criterion.label for criterion in rubric.criteria]
    head = [_("Code"), _("Blind code"), _("Reviewer"), _("Signed"), *labels, _("Total"), _("Remark")]
    response = Response(stream_with_context(SheetTable(rubric).pages(head, lots)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=scores-{a_round.code}.csv"
    return response
