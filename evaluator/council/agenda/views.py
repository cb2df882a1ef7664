"""Pages of an item: send it back for a supplement, vote on it again, note that there was no quorum, settle its tie."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.council import pages, queries
from evaluator.council import service as council
from evaluator.council.agenda.forms import ItemsForm, RecuseForm, SeedForm, SendBackForm, SupplementForm
from evaluator.council.forms import PutForm, ReasonForm
from evaluator.council.polls import deciding, incidents
from evaluator.council.polls import service as polls
from evaluator.council.seats.forms import choices
from evaluator.policy import Action
from evaluator.web.forms import PageForm
from evaluator.web.request import me, now

bp = Blueprint("agenda", __name__, url_prefix="/council", template_folder="../templates")
bp.context_processor(pages.names)


# --- items --------------------------------------------------------------------------------------


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/send-back", methods=["GET", "POST"])
def send_back(code: str, number: int, place: int) -> ResponseReturnValue:
    """Send an item back for a supplement; its author is told."""
    item = _item(code, number, place)
    form = SendBackForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            item = _item(code, number, place)
            council.send_back(item, asked=form.asked.data, until=form.until.data, by=me(), now=now())
        if form.is_good:
            flash(_("The item was sent back; its author is told what is asked."))
            return redirect(url_for("council.session", code=code, number=number), 303)
    heading = _("Send item %(number)s back for a supplement", number=place)
    return _task(item, form, heading, [form.asked, form.until])


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/supplement", methods=["GET", "POST"])
def supplement(code: str, number: int, place: int) -> ResponseReturnValue:
    """Record what the author answered; the item waits for its vote again."""
    item = _item(code, number, place)
    form = SupplementForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            council.record_supplement(_item(code, number, place), form.supplement.data, by=me(), now=now())
        if form.is_good:
            flash(_("The supplement was recorded; the item can be put to the vote."))
            return redirect(url_for("council.item", code=code, number=number, place=place), 303)
    return _task(item, form, _("Record the supplement to item %(number)s", number=place), [form.supplement])


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/vote-again", methods=["GET", "POST"])
def vote_again(code: str, number: int, place: int) -> ResponseReturnValue:
    """Let a counted item wait for a new vote, with the reason."""
    item = _item(code, number, place)
    form = ReasonForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            deciding.vote_again(_item(code, number, place), reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            return redirect(url_for("council.item", code=code, number=number, place=place), 303)
    heading = _("Vote on item %(number)s again", number=place)
    return render_template("council/reason.html", form=form, item=item, heading=heading), form.status


@bp.post("/<code:code>/sessions/<int:number>/no-quorum")
def no_quorum(code: str, number: int) -> ResponseReturnValue:
    """Note for the minutes that the ticked items could not be decided for want of a quorum."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = ItemsForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            polls.note_no_quorum(held, queries.items(held, form.items.data), by=me(), now=now())
        if form.is_good:
            flash(_("No decision for want of a quorum: this stands in the minutes. The items wait."))
            return redirect(url_for("council.session", code=code, number=number), 303)
    shown = PutForm(data={"mode": "open", "items": form.items.data})
    shown.error = form.error or _("Tick the items first.")
    held = queries.session(code, number, actor=me())
    return render_template("council/session.html", **pages.session_page(held, shown)), form.status


# --- votes --------------------------------------------------------------------------------------


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/recuse", methods=["GET", "POST"])
def recuse(code: str, number: int, which: int) -> ResponseReturnValue:
    """Let a member step aside from a vote that is open."""
    poll = _poll(code, number, which)
    form = RecuseForm(request.form)
    form.member.choices = choices(pages.voters(poll))
    if form.is_sent:
        with form.showing_errors(), transaction():
            poll = _poll(code, number, which)
            member = pages.member_of(poll.lines[0].item, form.member.data)
            incidents.recuse(poll, member, reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            flash(_("The member has stepped aside; a vote already given is void."))
            return redirect(url_for("polls.record", code=code, number=number, which=which), 303)
        poll = _poll(code, number, which)
    heading = _("A member steps aside from vote %(number)s", number=which)
    return _task(poll.lines[0].item, form, heading, [form.member, form.reason])


@bp.post("/<code:code>/sessions/<int:number>/votes/<int:which>/casting")
def casting(code: str, number: int, which: int) -> ResponseReturnValue:
    """Record the chair's casting vote after a tie."""
    pages.check_button()
    with transaction():
        poll = _poll(code, number, which)
        incidents.break_tie(poll, "yes" if request.form.get("vote") == "yes" else "no", by=me(), now=now())
        place = poll.lines[0].item.number
    flash(_("The casting vote was recorded."))
    return redirect(url_for("council.item", code=code, number=number, place=place), 303)


@bp.route("/<code:code>/sessions/<int:number>/votes/<int:which>/lots", methods=["GET", "POST"])
def lots(code: str, number: int, which: int) -> ResponseReturnValue:
    """Decide a tie by lot from a public seed."""
    poll = _poll(code, number, which)
    form = SeedForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            incidents.draw_lots(_poll(code, number, which), seed=form.seed.data, by=me(), now=now())
        if form.is_good:
            flash(_("The lot was drawn; anybody can redo it from the seed."))
            return redirect(url_for("council.session", code=code, number=number), 303)
        poll = _poll(code, number, which)
    return _task(poll.lines[0].item, form, _("Draw lots in vote %(number)s", number=which), [form.seed])


def _item(code: str, number: int, place: int) -> Any:
    item = queries.item(code, number, place, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, item)
    return item


def _poll(code: str, number: int, which: int) -> Any:
    poll = queries.poll(code, number, which, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, poll)
    return poll


def _task(item: Any, form: PageForm, heading: str, fields: list[Any]) -> ResponseReturnValue:
    return render_template("council/item_task.html", form=form, item=item, heading=heading, fields=fields), form.status
