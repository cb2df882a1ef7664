"""Pages of a council: its members, its sessions, the room, the items, the votes."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.council import evidence, pages, queries, recusals
from evaluator.council import service as council
from evaluator.council.forms import (
    AddItemForm,
    CloseForm,
    DiscussionForm,
    FoundForm,
    OpenSessionForm,
    OpinionForm,
    PutForm,
    ReasonForm,
    RollForm,
)
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.service import NewMember
from evaluator.people import queries as people
from evaluator.policy import Action
from evaluator.reviews.results import queries as results
from evaluator.rounds import queries as rounds
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode, VoteRule
from evaluator.web.request import me, now

bp = Blueprint("council", __name__, url_prefix="/council", template_folder="templates")
bp.context_processor(pages.names)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the councils the reader may see, and the rounds that wait for one."""
    return render_template(
        "council/index.html", councils=queries.newest_first(me()), waiting=queries.rounds_without(me())
    )


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show a council: who sits, by which rule it decides, its sessions, what it decided."""
    held = queries.get(code, actor=me())
    return render_template(
        "council/show.html",
        council=held,
        rule=VoteRule.from_document(held.round.vote_rule),
        sessions=queries.sessions_of(held),
        tally=queries.tally_of(held.round),
    )


# --- the council --------------------------------------------------------------------------------


@bp.route("/<code:code>/found", methods=["GET", "POST"])
def found(code: str) -> ResponseReturnValue:
    """Set up the council of a round."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.COUNCIL_FOUND, a_round)
    seats = _people()
    form = FoundForm.for_people([(account.code, pages.named(account)) for account in seats.values()], request.form)
    if request.method == "GET":
        form.title.data = a_round.council_name
    if form.is_sent:
        with form.showing_errors(), transaction():
            council.found(
                rounds.get(code, actor=me()),
                title=form.title.data,
                decision_number=form.decision_number.data,
                decision_date=form.decision_date.data,
                members=_members(form),
                by=me(),
                now=now(),
            )
        if form.is_good:
            flash(_("The council is set up."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("council/found.html", form=form, round=a_round, council=None, met=False), form.status


@bp.route("/<code:code>/members", methods=["GET", "POST"])
def members(code: str) -> ResponseReturnValue:
    """Change the members by a later decision; after the first session seats are ended and added, not replaced."""
    held = queries.get(code, actor=me())
    policy.require(me(), Action.COUNCIL_FOUND, held.round)
    form = FoundForm.for_people([(each.code, pages.named(each)) for each in _people().values()], request.form)
    if request.method == "GET":
        form.version.data = held.version
        pages.show_seats(form, held, has_met=bool(queries.sessions_of(held)))
    if form.is_sent:
        with form.showing_errors(), transaction():
            council.change_members(
                queries.get(code, actor=me()),
                decision_number=form.decision_number.data,
                decision_date=form.decision_date.data,
                members=_members(form),
                reason=form.reason.data or "",
                read_version=form.read_version,
                by=me(),
                now=now(),
            )
        if form.is_good:
            flash(_("The members were changed."))
            return redirect(url_for(".show", code=code), 303)
    met = bool(queries.sessions_of(held))
    return render_template("council/found.html", form=form, round=held.round, council=held, met=met), form.status


def _people() -> dict[str, Any]:
    """Return who may be seated, by code, in the order of names."""
    return {account.code: account for account in people.with_role(Role.MEMBER, Role.CHAIR, Role.SECRETARY)}


def _members(form: FoundForm) -> list[NewMember]:
    known = _people()
    return [
        NewMember(known[person], role, serves_from=since, serves_to=until)
        for person, role, since, until in form.seats()
        if person in known
    ]


# --- a session ----------------------------------------------------------------------------------


@bp.route("/<code:code>/sessions/new", methods=["GET", "POST"])
def open_session(code: str) -> ResponseReturnValue:
    """Open the next session."""
    held = queries.get(code, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = OpenSessionForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            number = council.open_session(
                queries.get(code, actor=me()), place=form.place.data, by=me(), now=now()
            ).number
        if form.is_good:
            flash(_("The session is open. Call the roll."))
            return redirect(url_for(".roll", code=code, number=number), 303)
    return render_template("council/open_session.html", form=form, council=held), form.status


@bp.get("/<code:code>/sessions/<int:number>")
def session(code: str, number: int) -> ResponseReturnValue:
    """Show the room: quorum and majority at the top, the agenda, what is at the vote, what was decided."""
    held = queries.session(code, number, actor=me())
    return render_template("council/session.html", **pages.session_page(held, PutForm(data={"mode": "open"})))


@bp.post("/<code:code>/sessions/<int:number>/vote")
def put(code: str, number: int) -> ResponseReturnValue:
    """Put the ticked items to the vote."""
    form = PutForm(request.form)
    if form.is_sent and form.mode.data == Mode.SEALED:  # its keys come first
        chosen = {"items": form.items.data, "aside": form.aside.data}
        return redirect(url_for("sealed.prepare", code=code, number=number, **chosen), 303)
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            items = queries.items(held, form.items.data)
            aside = {item.id: form.aside.data for item in items}
            made = polls.put(held, items, mode=Mode(form.mode.data), recused=aside, by=me(), now=now())
            target = pages.where_to_record(made, code, number)
        if form.is_good:
            return redirect(target, 303)
    held = queries.session(code, number, actor=me())
    return render_template("council/session.html", **pages.session_page(held, form)), form.status


@bp.route("/<code:code>/sessions/<int:number>/roll", methods=["GET", "POST"])
def roll(code: str, number: int) -> ResponseReturnValue:
    """Call the roll: who is in the room, why others are not, who counts papers."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    seats = [seat for seat in queries.attendances_of(held) if seat.ended_at is None]
    form = RollForm.for_members([seat.member_id for seat in seats], request.form)
    if request.method == "GET":
        pages.show_roll(form, held)
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            council.call_roll(held, present=form.ticked("present"), absent=form.reasons(), by=me(), now=now())
            if form.ticked("teller"):
                council.name_tellers(held, members=form.ticked("teller"), by=me(), now=now())
        if form.is_good:
            flash(_("The roll was called."))
            return redirect(url_for(".session", code=code, number=number), 303)
    return render_template("council/roll.html", form=form, session=held, seats=seats), form.status


@bp.post("/<code:code>/sessions/<int:number>/agenda")
def agenda(code: str, number: int) -> ResponseReturnValue:
    """Fill the agenda from the ranking, best first or most disputed first."""
    pages.check_button()
    with transaction():
        order = council.Order.SPREAD if request.form.get("order") == "spread" else council.Order.RANKING
        held = queries.session(code, number, actor=me())
        items = council.agenda_from_ranking(held, order=order, by=me(), now=now())
        flash(_("%(count)s initiatives were put on the agenda.", count=len(items)))
    return redirect(url_for(".session", code=code, number=number), 303)


@bp.route("/<code:code>/sessions/<int:number>/items/new", methods=["GET", "POST"])
def add_item(code: str, number: int) -> ResponseReturnValue:
    """Put one initiative on the agenda by hand."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = AddItemForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            found = queries.reviewed(held.council, form.code.data.strip())
            item = council.add_item(held, found, by=me(), now=now())
            place = item.number
        if form.is_good:
            return redirect(url_for(".item", code=code, number=number, place=place), 303)
    return render_template("council/add_item.html", form=form, session=held), form.status


@bp.post("/<code:code>/sessions/<int:number>/pause")
def pause(code: str, number: int) -> ResponseReturnValue:
    """Interrupt the session."""
    pages.check_button()
    with transaction():
        council.pause(queries.session(code, number, actor=me()), by=me(), now=now())
    flash(_("The session is paused. Nothing is lost; resume it when you go on."))
    return redirect(url_for(".session", code=code, number=number), 303)


@bp.post("/<code:code>/sessions/<int:number>/resume")
def resume(code: str, number: int) -> ResponseReturnValue:
    """Go on after a pause."""
    pages.check_button()
    with transaction():
        council.resume(queries.session(code, number, actor=me()), by=me(), now=now())
    flash(_("The session goes on."))
    return redirect(url_for(".session", code=code, number=number), 303)


@bp.post("/<code:code>/sessions/<int:number>/decisions")
def decide(code: str, number: int) -> ResponseReturnValue:
    """Declare the decisions on all counted items."""
    pages.check_button()
    with transaction():
        decisions = deciding.decide_all(queries.session(code, number, actor=me()), by=me(), now=now())
        flash(_("%(count)s decisions were declared.", count=len(decisions)))
    return redirect(url_for(".session", code=code, number=number), 303)


@bp.post("/<code:code>/refusals")
def refuse(code: str) -> ResponseReturnValue:
    """Close the files of those that did not pass the score gate."""
    pages.check_button()
    with transaction():
        done = council.refuse_below_the_gate(queries.get(code, actor=me()), by=me(), now=now())
        flash(_("%(count)s initiatives below the score gate were closed as not selected.", count=done))
    return redirect(url_for(".show", code=code), 303)


@bp.route("/<code:code>/sessions/<int:number>/close", methods=["GET", "POST"])
def close(code: str, number: int) -> ResponseReturnValue:
    """Close the session with the chair's conclusion."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = CloseForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            council.close_session(held, conclusion=form.conclusion.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("The session is closed."))
            return redirect(url_for(".session", code=code, number=number), 303)
    return render_template("council/close.html", form=form, session=held), form.status


@bp.get("/<code:code>/sessions/<int:number>/screen")
def screen(code: str, number: int) -> ResponseReturnValue:
    """Show the screen of the room: only what everybody in it may see; it renews itself."""
    held = queries.session(code, number, actor=me())
    page = render_template("council/screen.html", **pages.projector(held))
    return page, 200, {"Refresh": "5"}


@bp.get("/<code:code>/sessions/<int:number>/evidence.zip")
def proof(code: str, number: int) -> ResponseReturnValue:
    """Hand out the evidence of a closed session: anybody can check it without us."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    response = Response(evidence.bundle(held), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="bang-chung-{code}-{number}.zip"'
    return response


# --- an item ------------------------------------------------------------------------------------


@bp.get("/<code:code>/sessions/<int:number>/items/<int:place>")
def item(code: str, number: int, place: int) -> ResponseReturnValue:
    """Show one item: who steps aside, its votes, what was said."""
    each = queries.item(code, number, place, actor=me())
    policy.require(me(), Action.ITEM_READ, each)
    return render_template("council/item.html", **pages.item_page(each))


@bp.get("/<code:code>/sessions/<int:number>/items/<int:place>/dossier")
def study(code: str, number: int, place: int) -> ResponseReturnValue:
    """Show a member the dossier on one page, without its authors: summary, scores, remarks, conflicts."""
    each = queries.item(code, number, place, actor=me())
    policy.require(me(), Action.ITEM_STUDY, each)
    view = results.view(each.initiative.code, each.session.council.round, actor=me())
    near = recusals.found(each.session, [each])[each.id]
    return render_template("council/dossier.html", **pages.dossier_page(each, view, near))


@bp.post("/<code:code>/sessions/<int:number>/items/<int:place>/notes")
def note(code: str, number: int, place: int) -> ResponseReturnValue:
    """Keep what was said about an item."""
    form = DiscussionForm(request.form, prefix="discussion-")
    if form.is_sent:
        with form.showing_errors(), transaction():
            each = queries.item(code, number, place, actor=me())
            council.note_discussion(
                each, form.discussion.data or "", read_version=form.read_version, by=me(), now=now()
            )
        if form.is_good:
            flash(_("The note was saved."))
            return redirect(url_for(".item", code=code, number=number, place=place), 303)
    each = queries.item(code, number, place, actor=me())
    return render_template("council/item.html", **pages.item_page(each, discussion=form)), form.status


@bp.post("/<code:code>/sessions/<int:number>/items/<int:place>/opinions")
def opinion(code: str, number: int, place: int) -> ResponseReturnValue:
    """Record an opinion for the minutes."""
    each = queries.item(code, number, place, actor=me())
    form = pages.opinion_form(each, OpinionForm(request.form, prefix="opinion-"))
    if form.is_sent:
        with form.showing_errors(), transaction():
            each = queries.item(code, number, place, actor=me())
            member = pages.member_of(each, form.member.data)
            council.record_opinion(each, member, kind=form.kind.data, text=form.text.data, by=me(), now=now())
        if form.is_good:
            flash(_("The opinion was recorded for the minutes."))
            return redirect(url_for(".item", code=code, number=number, place=place), 303)
    return render_template("council/item.html", **pages.item_page(each, opinion=form)), form.status


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/postpone", methods=["GET", "POST"])
def postpone(code: str, number: int, place: int) -> ResponseReturnValue:
    """Leave an item for a later session."""
    return _set_aside(code, number, place, council.postpone, _("Postpone item %(number)s", number=place))


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/withdraw", methods=["GET", "POST"])
def withdraw(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take an item off the agenda."""
    return _set_aside(code, number, place, council.withdraw, _("Withdraw item %(number)s", number=place))


@bp.route("/<code:code>/sessions/<int:number>/items/<int:place>/reconsider", methods=["GET", "POST"])
def reconsider(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take a declared decision back."""
    return _set_aside(
        code, number, place, deciding.reconsider, _("Take the decision on item %(number)s back", number=place)
    )


def _set_aside(code: str, number: int, place: int, verb: Callable[..., object], heading: str) -> ResponseReturnValue:
    each = queries.item(code, number, place, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, each)
    form = ReasonForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            verb(queries.item(code, number, place, actor=me()), reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            return redirect(url_for(".session", code=code, number=number), 303)
    return render_template("council/reason.html", form=form, item=each, heading=heading), form.status


@bp.post("/<code:code>/sessions/<int:number>/items/<int:place>/take-up")
def take_up(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take an item up again."""
    pages.check_button()
    with transaction():
        council.take_up(queries.item(code, number, place, actor=me()), by=me(), now=now())
    return redirect(url_for(".item", code=code, number=number, place=place), 303)
