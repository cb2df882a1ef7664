"""Pages of a vote: record it by name, enter its papers, count it, break it off, run it off."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.council import pages, queries
from evaluator.council.ballots import kinds
from evaluator.council.forms import ReasonForm
from evaluator.council.polls import service as polls
from evaluator.policy import Action
from evaluator.rules.vote_rule import VoteRule
from evaluator.web.request import me, now

bp = Blueprint("polls", __name__, url_prefix="/council", template_folder="../templates")
bp.context_processor(pages.names)


@bp.get("/<code:code>/sessions/<int:number>/votes/<int:which>")
def record(code: str, number: int, which: int) -> ResponseReturnValue:
    """Go to where a vote is recorded, or to its item once it is counted."""
    poll = queries.poll(code, number, which, actor=me())
    if poll.state != "open":
        return redirect(url_for("council.item", code=code, number=number, place=poll.lines[0].item.number))
    if pages.is_sealed(poll):
        return redirect(url_for("sealed.of_vote", code=code, number=number, which=which))
    return redirect(url_for(".papers" if pages.is_secret(poll) else ".by_name", code=code, number=number, which=which))


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/names", methods=["GET", "POST"])
def by_name(code: str, number: int, which: int) -> ResponseReturnValue:
    """Record a show of hands, and count it."""
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, poll)
    form = kinds.names_form(poll, request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            poll = queries.poll(code, number, which, actor=me())
            kinds.record_names(poll, form, by=me(), now=now())
            if "count" in request.form:
                polls.close(poll, by=me(), now=now())
            place = poll.lines[0].item.number
        if form.is_good:
            if "count" in request.form:
                return redirect(url_for("council.item", code=code, number=number, place=place), 303)
            flash(_("The votes are recorded; nothing is counted yet."))
            return redirect(url_for(".by_name", code=code, number=number, which=which), 303)
        poll = queries.poll(code, number, which, actor=me())
    return render_template("council/votes.html", form=form, **_page(poll)), form.status


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/ballot", methods=["GET", "POST"])
def ballot(code: str, number: int, which: int) -> ResponseReturnValue:
    """Let a member vote on a phone: yes or no on an item, names from a list, or a ranking; changed until the count."""
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.VOTE_CAST, poll)
    mine = kinds.has_own(poll)
    form = kinds.own_form(poll, request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            kinds.cast(queries.poll(code, number, which, actor=me()), form, by=me(), now=now())
        if form.is_good:
            flash(_("Your vote was taken. You can change it until the votes are counted."))
            return redirect(url_for(".ballot", code=code, number=number, which=which), 303)
        poll = queries.poll(code, number, which, actor=me())
    return render_template("council/ballot.html", form=form, mine=mine, **_page(poll)), form.status


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/papers", methods=["GET", "POST"])
def papers(code: str, number: int, which: int) -> ResponseReturnValue:
    """Enter the totals of a paper ballot; the second equal entry by another person makes them stand."""
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.PAPERS_COUNT, poll)
    rule = VoteRule.from_document(poll.rule)
    form = kinds.papers_form(poll, request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            poll = queries.poll(code, number, which, actor=me())
            entered = kinds.papers_in(poll, form)
            polls.enter_papers(poll, entered, by=me(), now=now())
            agreed = bool(poll.totals)
        if form.is_good:
            said = (
                _("Two people have entered the same. The papers can be counted.")
                if agreed
                else _("Entered. Now a second person enters the same numbers.")
            )
            flash(said)
            return redirect(url_for(".papers", code=code, number=number, which=which), 303)
        poll = queries.poll(code, number, which, actor=me())
    page = _page(poll) | {
        "picks_only": rule.is_listed,
        "mine": any(each.entered_by_id == me().id for each in poll.entries),
    }
    return render_template("council/papers.html", form=form, **page), form.status


@bp.post("/<code:code>/sessions/<int:number>/votes/<int:which>/count")
def count(code: str, number: int, which: int) -> ResponseReturnValue:
    """Count a vote."""
    pages.check_button()
    with transaction():
        poll = polls.close(queries.poll(code, number, which, actor=me()), by=me(), now=now())
        places = [line.item.number for line in poll.lines]
    if len(places) == 1:
        return redirect(url_for("council.item", code=code, number=number, place=places[0]), 303)
    flash(_("The papers were counted: see the result of each item below."))
    return redirect(url_for("council.session", code=code, number=number), 303)


@bp.post("/<code:code>/sessions/<int:number>/votes/<int:which>/run-off")
def run_off(code: str, number: int, which: int) -> ResponseReturnValue:
    """Put those tied at the cut-off to a new vote."""
    pages.check_button()
    with transaction():
        new = polls.run_off(queries.poll(code, number, which, actor=me()), by=me(), now=now()).number
    return redirect(url_for(".record", code=code, number=number, which=new), 303)


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/annul", methods=["GET", "POST"])
def annul(code: str, number: int, which: int) -> ResponseReturnValue:
    """Break an open vote off, with the reason."""
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, poll)
    form = ReasonForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            polls.annul(queries.poll(code, number, which, actor=me()), reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            flash(_("The vote was broken off; its items wait again."))
            return redirect(url_for("council.session", code=code, number=number), 303)
    item = poll.lines[0].item
    heading = _("Break off vote %(number)s", number=which)
    return render_template("council/reason.html", form=form, item=item, heading=heading), form.status


def _page(poll: Any) -> dict[str, Any]:
    """Return what both pages of a vote show."""
    rule = VoteRule.from_document(poll.rule)
    return {
        "poll": poll,
        "session": poll.session,
        "rule": rule,
        "aside": pages.aside(poll),
        "abstaining": pages.abstaining(rule),
        "room": queries.room(poll.session),
    }
