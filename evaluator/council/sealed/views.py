"""Pages of a sealed vote: prepared, opened, cast on the member's device, shut, opened by its holders."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Invalid, NotFound
from evaluator.core.text import N_
from evaluator.council import queries as councils
from evaluator.council.sealed import casting, opening, pages, papers, purging, queries
from evaluator.council.sealed import service as sealed_ballot
from evaluator.council.sealed.casting import Ballot
from evaluator.council.sealed.forms import FileForm, MemberForm, PaperForm, PaperTotalsForm, PartForm, PrepareForm
from evaluator.council.sealed.keys import Signer
from evaluator.council.sealed.schemas import BallotDocument, ValidationError
from evaluator.policy import Action
from evaluator.web.forms import ConfirmForm
from evaluator.web.request import me, now

bp = Blueprint("sealed", __name__, url_prefix="/council", template_folder="templates")

BALLOT = BallotDocument()
ANSWER = 1024  # answers to a cast ballot are padded to a multiple of this
PLACE = "/<code:code>/sessions/<int:number>/sealed/<int:place>"


@bp.before_request
def _leave_unnamed() -> None:
    """Who looks at a ballot, casts it or fetches a receipt does not stand in the log: nobody is to read who was late."""
    g.is_unnamed = request.endpoint in {f"sealed.{name}" for name in ("ballot", "cast", "receipt", "receipt_file")}


def _signer(sealed: Any) -> Signer:
    return Signer.of(str(current_app.config["SECRET_KEY"]), sealed.key)


def _check_button() -> None:
    if not ConfirmForm(request.form).validate():
        raise Conflict(N_("Send the form again: the page was open for too long."))


def _to(code: str, number: int, place: int) -> ResponseReturnValue:
    return redirect(url_for("sealed.show", code=code, number=number, place=place), 303)


# --- preparing ----------------------------------------------------------------------------------


@bp.route("/<code:code>/sessions/<int:number>/sealed/new", methods=["GET", "POST"])
def prepare(code: str, number: int) -> ResponseReturnValue:
    """Prepare a sealed vote on the items that were ticked."""
    held = councils.session(code, number, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, held)
    form = PrepareForm.for_members(pages.members(held), request.form)
    if request.method == "GET":  # what was ticked on the page before
        form.items.data, form.aside.data = (request.args.getlist(name, type=int) for name in ("items", "aside"))
    if form.is_sent:
        with form.showing_errors(), transaction():
            held = councils.session(code, number, actor=me())
            place = sealed_ballot.prepare(
                held,
                councils.items(held, form.items.data),
                holders=form.holders(),
                publication=form.publication.data,
                aside=form.aside.data,
                by=me(),
                now=now(),
            ).number
        if form.is_good:
            flash(_("The sealed vote is prepared. Now its holders make the keys."))
            return _to(code, number, place)
        held = councils.session(code, number, actor=me())
    return render_template("sealed/prepare.html", form=form, **pages.to_prepare(held, form)), form.status


@bp.get("/<code:code>/sessions/<int:number>/votes/<int:which>/sealed")
def of_vote(code: str, number: int, which: int) -> ResponseReturnValue:
    """Go from a vote of the session to its sealed ballot."""
    return redirect(
        url_for(".show", code=code, number=number, place=queries.of_vote(code, number, which, actor=me()).number)
    )


@bp.get(PLACE)
def show(code: str, number: int, place: int) -> ResponseReturnValue:
    """Show where a sealed vote stands, and what the reader can do about it."""
    sealed = queries.get(code, number, place, actor=me())
    return render_template("sealed/show.html", **pages.standing(sealed, FileForm()))


@bp.post(f"{PLACE}/drop")
def drop(code: str, number: int, place: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _check_button()
    with transaction():
        sealed_ballot.drop(queries.get(code, number, place, actor=me()), by=me(), now=now())
    flash(_("The draft was thrown away."))
    return redirect(url_for("council.session", code=code, number=number), 303)


@bp.post(f"{PLACE}/freeze")
def freeze(code: str, number: int, place: int) -> ResponseReturnValue:
    """Freeze the definition."""
    _check_button()
    with transaction():
        sealed = queries.get(code, number, place, actor=me())
        sealed_ballot.freeze(sealed, signer=_signer(sealed), by=me(), now=now())
    flash(_("The definition is frozen. Compare the fingerprints, then open the box."))
    return _to(code, number, place)


@bp.post(f"{PLACE}/open")
def open_voting(code: str, number: int, place: int) -> ResponseReturnValue:
    """Open the box."""
    _check_button()
    with transaction():
        sealed_ballot.open_voting(queries.get(code, number, place, actor=me()), by=me(), now=now())
    flash(_("The box is open. Members can vote."))
    return _to(code, number, place)


@bp.post(f"{PLACE}/shut")
def shut(code: str, number: int, place: int) -> ResponseReturnValue:
    """Shut the box."""
    _check_button()
    with transaction():
        sealed_ballot.shut(queries.get(code, number, place, actor=me()), by=me(), now=now())
    flash(_("The box is shut. Now the holders of the outer lock open it."))
    return _to(code, number, place)


# --- keys ---------------------------------------------------------------------------------------


@bp.post(f"{PLACE}/locks/<string:layer>/key")
def give_key(code: str, number: int, place: int, layer: str) -> ResponseReturnValue:
    """Take the public half of a key."""
    form = FileForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            lock = queries.lock(queries.get(code, number, place, actor=me()), layer)
            sealed_ballot.give_key(lock, _uploaded(), by=me(), now=now())
        if form.is_good:
            flash(_("The public key was taken."))
            return _to(code, number, place)
    sealed = queries.get(code, number, place, actor=me())
    return render_template("sealed/show.html", **pages.standing(sealed, form)), form.status


@bp.get(f"{PLACE}/locks/<string:layer>/box.json")
def box(code: str, number: int, place: int, layer: str) -> ResponseReturnValue:
    """Hand out what the holders of a lock open: envelopes by hash, without names."""
    sealed = queries.get(code, number, place, actor=me())
    response = jsonify(opening.box(sealed, queries.lock(sealed, layer), by=me()))
    response.headers["Content-Disposition"] = f'attachment; filename="hom-phieu-{code}-{number}-{place}-{layer}.json"'
    return response


@bp.post(f"{PLACE}/locks/<string:layer>/opened")
def opened(code: str, number: int, place: int, layer: str) -> ResponseReturnValue:
    """Take what a holder got by taking the lock off."""
    form = FileForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            sealed = queries.get(code, number, place, actor=me())
            is_off = opening.hand_in(sealed, queries.lock(sealed, layer), _uploaded(), by=me(), now=now())
        if form.is_good:
            said = (
                _("Both are equal: the lock is off.") if is_off else _("Taken. Now the other holder hands in the same.")
            )
            flash(said)
            return _to(code, number, place)
    sealed = queries.get(code, number, place, actor=me())
    return render_template("sealed/show.html", **pages.standing(sealed, form)), form.status


@bp.post(f"{PLACE}/locks/<string:layer>/destroyed")
def destroyed(code: str, number: int, place: int, layer: str) -> ResponseReturnValue:
    """Take a holder's statement that a key is destroyed."""
    form = FileForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            lock = queries.lock(queries.get(code, number, place, actor=me()), layer)
            purging.state_destroyed(lock, _uploaded(), by=me(), now=now())
        if form.is_good:
            flash(_("The statement was kept."))
            return _to(code, number, place)
    sealed = queries.get(code, number, place, actor=me())
    return render_template("sealed/show.html", **pages.standing(sealed, form)), form.status


def _uploaded() -> dict[str, Any]:
    """Return the JSON object of the file that was sent.

    Raises:
        Invalid: there is none, or it is something else.
    """
    file = request.files.get("file")
    try:
        document = json.loads(file.read()) if file else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Invalid(N_("Choose the file that the opening tool wrote."))
    return document


# --- casting ------------------------------------------------------------------------------------


@bp.get(f"{PLACE}/ballot")
def ballot(code: str, number: int, place: int) -> ResponseReturnValue:
    """Show a member the ballot; it is sealed on the member's device and never filled in here."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.VOTE_CAST, sealed)
    return render_template("sealed/ballot.html", **pages.ballot(sealed))


@bp.get(f"{PLACE}/definition.json")
def definition(code: str, number: int, place: int) -> ResponseReturnValue:
    """Hand out the frozen definition: the browser checks its hash before it seals."""
    sealed = queries.get(code, number, place, actor=me())
    if sealed.poll is None:
        raise NotFound
    return jsonify({"definition": sealed.poll.definition, "poll_hash": sealed.poll_hash})


@bp.post(f"{PLACE}/cast")
def cast(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take a sealed ballot and answer with the receipt; every answer of a vote is as long as every other."""
    try:
        document = BALLOT.load(request.get_json(silent=True) or {})
    except ValidationError as error:
        raise Invalid(N_("The ballot was not in the form of one. Load the page again, then vote.")) from error
    envelopes = {each["part"]: bytes.fromhex(each["envelope"]) for each in document["parts"]}
    if len(envelopes) < len(document["parts"]):
        raise Invalid(N_("The ballot does not hold one envelope for each item. Load the page again, then vote."))
    with transaction():
        sealed = queries.to_cast(code, number, place, actor=me())
        given = Ballot(document["poll_hash"], envelopes, document["request"])
        receipt = casting.cast(sealed, given, signer=_signer(sealed), by=me(), now=now())
    content = json.dumps(receipt)
    return Response(content.ljust(-(-len(content) // ANSWER) * ANSWER), mimetype="application/json")


@bp.get(f"{PLACE}/receipt")
def receipt(code: str, number: int, place: int) -> ResponseReturnValue:
    """Show a member the receipt: that the envelopes are in the box, nothing of what they hold."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.VOTE_CAST, sealed)
    found = _own_receipt(sealed)
    marks = {name: pages.grouped(found[name]) for name in ("commit", "head")}
    return render_template("sealed/receipt.html", sealed=sealed, session=sealed.session, receipt=found, **marks)


@bp.get(f"{PLACE}/receipt.json")
def receipt_file(code: str, number: int, place: int) -> ResponseReturnValue:
    """Hand out the receipt as a file for the verifier."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.VOTE_CAST, sealed)
    response = jsonify(_own_receipt(sealed))
    response.headers["Content-Disposition"] = f'attachment; filename="bien-nhan-{code}-{number}-{place}.json"'
    return response


def _own_receipt(sealed: Any) -> dict[str, Any]:
    seat = queries.seat_of(sealed, me())
    found = casting.maybe_receipt(sealed, seat, signer=_signer(sealed)) if seat else None
    if found is None:
        raise NotFound
    return found


# --- the roll while the box is open -------------------------------------------------------------


@bp.post(f"{PLACE}/paper")
def on_paper(code: str, number: int, place: int) -> ResponseReturnValue:
    """Note that a member votes on paper: oneself, or anybody by who leads."""
    form = PaperForm(request.form)
    with transaction():
        sealed = queries.get(code, number, place, actor=me())
        form.member.choices = pages.member_choices(sealed)
        if not form.validate():
            raise Conflict(N_("Send the form again: the page was open for too long."))
        member = queries.member(sealed, form.member.data)
        sealed_ballot.mark_paper(sealed, member, by=me(), now=now())
        name = member.name
    flash(_("%(name)s votes on paper.", name=name))
    return _to(code, number, place)


@bp.route(f"{PLACE}/papers", methods=["GET", "POST"])
def enter_papers(code: str, number: int, place: int) -> ResponseReturnValue:
    """Enter the totals of the papers of those who could not seal; the second equal entry makes them stand."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.PAPERS_COUNT, sealed)
    names = pages.paper_names(sealed)
    form = PaperTotalsForm.for_parts(names, request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            sealed = queries.get(code, number, place, actor=me())
            stands = papers.enter(sealed, form.given(names), by=me(), now=now())
        if form.is_good:
            said = _("Two people have entered the same. The papers can be counted.")
            flash(said if stands else _("Entered. Now a second person enters the same numbers."))
            return _to(code, number, place)
        sealed = queries.get(code, number, place, actor=me())
    page = {"sealed": sealed, "session": sealed.session, "names": names}
    return render_template("sealed/papers.html", form=form, **page), form.status


@bp.route(f"{PLACE}/recuse", methods=["GET", "POST"])
def recuse(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take a member out of an item at the vote; an envelope on it is void."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, sealed)
    form = MemberForm(request.form)
    form.member.choices, form.part.choices = pages.member_choices(sealed), pages.part_choices(sealed)
    if form.is_sent:
        with form.showing_errors(), transaction():
            sealed = queries.get(code, number, place, actor=me())
            member = queries.member(sealed, form.member.data)
            sealed_ballot.recuse(sealed, member, form.part.data, reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            flash(_("The member was taken out of the item; an envelope on it is void."))
            return _to(code, number, place)
    heading = _("Take a member out of an item")
    return render_template(
        "sealed/reason.html", form=form, sealed=sealed, session=sealed.session, heading=heading
    ), form.status


@bp.route(f"{PLACE}/withdraw", methods=["GET", "POST"])
def withdraw(code: str, number: int, place: int) -> ResponseReturnValue:
    """Take an item out of the vote; its envelopes are never opened."""
    sealed = queries.get(code, number, place, actor=me())
    policy.require(me(), Action.COUNCIL_LEAD, sealed)
    form = PartForm(request.form)
    form.part.choices = pages.part_choices(sealed)
    if form.is_sent:
        with form.showing_errors(), transaction():
            sealed = queries.get(code, number, place, actor=me())
            sealed_ballot.withdraw(sealed, form.part.data, reason=form.reason.data, by=me(), now=now())
        if form.is_good:
            flash(_("The item was taken out of the vote; its envelopes are never opened."))
            return _to(code, number, place)
    heading = _("Take an item out of the vote")
    return render_template(
        "sealed/reason.html", form=form, sealed=sealed, session=sealed.session, heading=heading
    ), form.status
