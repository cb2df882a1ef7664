"""Pages of what is settled before a proposal: the rules, the pairs, and who remains for each dossier."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.assignment.preparing import exchange, queries
from evaluator.assignment.preparing import service as preparing
from evaluator.assignment.preparing.forms import FixtureForm, FixtureTableForm, RulesForm, SettleForm
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.people import queries as people
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.rules.assigning import TIE_NAMES, Tie
from evaluator.rules.conflicts import KIND_NAMES
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import me, now

bp = Blueprint("preparing", __name__, url_prefix="/rounds/<code:code>/assignment", template_folder="../templates")


@bp.route("/rules", methods=["GET", "POST"])
def rules(code: str) -> ResponseReturnValue:
    """Decide what the round asks of every assignment."""
    a_round = rounds.get(code, actor=me())
    decided = queries.decided(a_round, actor=me())
    form = RulesForm.with_rules(request.form)
    if request.method == "GET":
        form.show(decided.standards, head=decided.head.email if decided.head else "", version=decided.version)
    if form.is_sent:
        with form.showing_errors(), transaction():
            asked = form.standards(head_id=_head_id(form.head.data or ""))
            preparing.set_rules(a_round, asked, read_version=form.read_version, by=me(), now=now())
        if form.is_good:
            flash(_("Saved. Proposals made from now on keep to these rules."))
            return redirect(url_for(".rules", code=code), 303)
    return render_template("assignment/rules.html", round=a_round, form=form, head=decided.head), form.status


def _head_id(email: str) -> int | None:
    """Return the account of an address.

    Raises:
        Invalid: nobody has it.
    """
    if not email.strip():
        return None
    found = people.maybe_by_email(email)
    if found is None:
        raise Invalid.on("head", N_("Nobody has an account of this address."))
    return found.id


@bp.get("/remaining")
def remaining(code: str) -> ResponseReturnValue:
    """Show for each dossier who remains once everybody with a conflict has stepped aside."""
    a_round = rounds.get(code, actor=me())
    standing = queries.remaining(a_round, actor=me(), text=request.args.get("q", ""), mark=request.args.get("mark", ""))
    return render_template("assignment/remaining.html", round=a_round, standing=standing, kinds=KIND_NAMES)


@bp.route("/pairs", methods=["GET", "POST"])
def pairs(code: str) -> ResponseReturnValue:
    """List the settled pairs, and settle one."""
    a_round = rounds.get(code, actor=me())
    form = FixtureForm(request.form)
    form.offer()
    page = queries.fixtures(a_round, actor=me(), mark=request.args.get("mark", ""))
    if form.is_sent:
        with form.showing_errors(), transaction():
            pairing = exchange.pairing_of(a_round, Tie(form.tie.data), *form.names(), actor=me())
            preparing.settle(a_round, [pairing], note=form.note.data or "", by=me(), now=now())
        if form.is_good:
            flash(_("Settled. The next proposal keeps to it."))
            return redirect(url_for(".pairs", code=code), 303)
    return (
        render_template(
            "assignment/pairs.html", round=a_round, page=page, form=form, ties=TIE_NAMES, upload=FixtureTableForm()
        ),
        form.status,
    )


@bp.post("/pairs/<code:pair>/release")
def release_pair(code: str, pair: str) -> ResponseReturnValue:
    """Let a settled pair go."""
    a_round = rounds.get(code, actor=me())
    found = queries.fixture(a_round, pair, actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            preparing.unsettle(found, a_round, by=me(), now=now())
        flash(_("The pair is free again."))
    return redirect(url_for(".pairs", code=code), 303)


@bp.route("/pairs/table", methods=["GET", "POST"])
def pairs_table(code: str) -> ResponseReturnValue:
    """Take a table of pairs in: first it is shown what it would settle, and nothing is."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.ASSIGNMENT_RULE, a_round)
    form = FixtureTableForm(request.form)
    if form.is_sent:
        upload = request.files.get("file")
        with form.showing_errors():
            if upload is None or not upload.filename:
                raise Invalid.on("file", say("This field is required."))
            reading = exchange.read(a_round, exchange.lines(upload.read()), actor=me())
            return render_template(
                "assignment/pairs_effect.html",
                round=a_round,
                reading=reading,
                ties=TIE_NAMES,
                form=SettleForm(pairs=exchange.written(reading.pairings)),
            )
    return render_template("assignment/pairs_table.html", round=a_round, form=form, ties=TIE_NAMES), form.status


@bp.post("/pairs/table/effect")
def settle_table(code: str) -> ResponseReturnValue:
    """Settle the pairs that were shown, as one."""
    a_round = rounds.get(code, actor=me())
    form = SettleForm(request.form)
    if form.is_sent:
        try:
            pairings = exchange.read_written(a_round, form.pairs.data or "", actor=me())
            with transaction():
                preparing.settle(a_round, pairings, by=me(), now=now())
        except Invalid as refused:
            told = next((messages[0] for messages in refused.fields.values()), None)
            flash(say(told or refused), "error")
            return redirect(url_for(".pairs_table", code=code), 303)
        flash(_("%(count)s pairs were settled as one.", count=len(pairings)))
    return redirect(url_for(".pairs", code=code), 303)
