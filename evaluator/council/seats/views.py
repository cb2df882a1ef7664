"""Pages of the seats in a session: who sits for whom, who votes for whom."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import NotFound
from evaluator.council import pages, queries
from evaluator.council.seats import service as seats
from evaluator.council.seats.forms import ProxyForm, SubstituteForm, choices
from evaluator.people import queries as people
from evaluator.policy import Action
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import VoteRule
from evaluator.web.request import me, now

bp = Blueprint("seats", __name__, url_prefix="/council", template_folder="../templates")
bp.context_processor(pages.names)


@bp.get("/<code:code>/sessions/<int:number>/seats")
def show(code: str, number: int) -> ResponseReturnValue:
    """Show who sits on each seat of a session, and let substitutes and proxies be recorded."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    return _page(held, SubstituteForm(prefix="substitute-"), ProxyForm(prefix="proxy-"))


@bp.post("/<code:code>/sessions/<int:number>/seats/substitutes")
def substitute(code: str, number: int) -> ResponseReturnValue:
    """Let somebody sit for an absent member."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = _substitutes(held, SubstituteForm(request.form, prefix="substitute-"))
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            member, account = _member(held, form.member.data), _people()[form.account.data]
            seats.substitute(held, member, account, paper=form.paper.data, by=me(), now=now())
        if form.is_good:
            flash(_("The substitute has the seat. Call the roll again."))
            return redirect(url_for(".show", code=code, number=number), 303)
    return _page(queries.session(code, number, actor=me()), form, ProxyForm(prefix="proxy-"))


@bp.post("/<code:code>/sessions/<int:number>/seats/<int:place>/back")
def take_back(code: str, number: int, place: int) -> ResponseReturnValue:
    """Give a member who came the own seat back."""
    pages.check_button()
    with transaction():
        held = queries.session(code, number, actor=me())
        member = next((each for each in held.members if each.position == place), None)
        if member is None:
            raise NotFound
        seats.take_back(held, member, by=me(), now=now())
    flash(_("The member has the seat back. Call the roll again."))
    return redirect(url_for(".show", code=code, number=number), 303)


@bp.post("/<code:code>/sessions/<int:number>/seats/proxies")
def give_proxy(code: str, number: int) -> ResponseReturnValue:
    """Record that an absent member has another one vote in the own place."""
    held = queries.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = _proxies(held, ProxyForm(request.form, prefix="proxy-"))
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = queries.session(code, number, actor=me())
            giver, holder = _member(held, form.giver.data), _member(held, form.holder.data)
            seats.give_proxy(held, giver, holder, paper=form.paper.data, by=me(), now=now())
        if form.is_good:
            flash(_("The proxy was recorded; it counts in open votes."))
            return redirect(url_for(".show", code=code, number=number), 303)
    return _page(queries.session(code, number, actor=me()), SubstituteForm(prefix="substitute-"), form)


def _page(held: Any, substitutes: SubstituteForm, proxies: ProxyForm) -> ResponseReturnValue:
    page = {
        "session": held,
        "seats": queries.attendances_of(held),
        "sits_for": {each.member_id: each for each in held.substitutes if each.ended_at is None},
        "votes_for": {each.giver_id: each for each in held.proxies},
        "names_of": {member.id: held.name_of(member) for member in held.everybody},
        "substitutes": _substitutes(held, substitutes),
        "proxies": _proxies(held, proxies),
        "most": VoteRule.from_document(held.council.round.vote_rule).proxies,
    }
    return render_template("council/seats.html", **page), max(substitutes.status, proxies.status)


def _substitutes(held: Any, form: SubstituteForm) -> SubstituteForm:
    sitting = set(held.sitting.values()) | {member.account_id for member in held.members}
    taken = {each.member_id for each in held.substitutes if each.ended_at is None}
    form.member.choices = choices(
        (each.member_id, each.member.name)
        for each in queries.attendances_of(held)
        if each.whereabouts != "present" and each.member_id not in taken and each.member.role != "chair"
    )
    form.account.choices = choices(
        (code, pages.named(account)) for code, account in _people().items() if account.id not in sitting
    )
    return form


def _proxies(held: Any, form: ProxyForm) -> ProxyForm:
    away = {each.member_id for each in held.attendances if each.whereabouts != "present"}
    form.giver.choices = choices((member.id, member.name) for member in held.members if member.id in away)
    form.holder.choices = choices((member.id, held.name_of(member)) for member in held.members if member.id not in away)
    return form


def _people() -> dict[str, Any]:
    return {account.code: account for account in people.with_role(Role.MEMBER, Role.CHAIR, Role.SECRETARY)}


def _member(held: Any, member_id: int) -> Any:
    found = next((member for member in held.members if member.id == member_id), None)
    if found is None:
        raise NotFound
    return found
