"""Pages of proposals: ask for one, look it over weakest first, change it, announce it."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.assignment import queries as assignments
from evaluator.assignment import standards
from evaluator.assignment.preparing import queries as preparing
from evaluator.assignment.proposals import doing, exchange, queries
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.effects import effect as effect_of
from evaluator.assignment.proposals.finding import Wishes, usual_most, work_out
from evaluator.assignment.proposals.forms import ApplyForm, ChangeForm, TableForm, WishesForm
from evaluator.assignment.proposals.question import FAIR_UP_TO
from evaluator.assignment.wishing import queries as wishing
from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Invalid, NotFound
from evaluator.people import queries as people
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.rounds.exports import views as exports
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import me, now
from evaluator.work import queries as works
from evaluator.work import service as work

bp = Blueprint("proposals", __name__, url_prefix="/rounds/<code:code>/assignment", template_folder="../templates")

# Dossiers times reviewers up to which a page may wait for the answer: about a second.
AT_ONCE = 150_000
# Where reviewers say what they would like, lots are drawn lightly: a lie then brings nobody a certain dossier.
ASKED_SHARE, DRAWN_AMONG = 90, 5
# Pairs up to which a page may wait until they are given: about a second too.
GIVEN_AT_ONCE = 5_000


@bp.route("", methods=["GET", "POST"])
def start(code: str) -> ResponseReturnValue:
    """Show how far assigning is, and ask for a proposal."""
    a_round = rounds.get(code, actor=me())
    overview = assignments.overview(a_round, actor=me())
    form = WishesForm(request.form)
    if request.method == "GET":
        wanted = overview.dossiers * a_round.reviews_per_initiative
        form.show(
            reviews=a_round.reviews_per_initiative,
            most=max(1, usual_most(wanted, overview.reviewers)),
            share_percent=_share(a_round, overview.reviewers),
        )
    if form.is_sent:
        if overview.dossiers * overview.reviewers > AT_ONCE:
            return _at_length(code, form.wishes())
        with form.showing_errors():
            found = work_out(a_round, form.wishes(), by=me())
            with transaction():
                proposals.keep(a_round, found, by=me(), now=now())
        if form.is_good:
            return redirect(url_for(".proposal", code=code), 303)
    return (
        render_template(
            "assignment/start.html",
            round=a_round,
            overview=overview,
            form=form,
            running=works.maybe_latest(doing.KIND, a_round.code),
            announcing=works.maybe_latest(doing.ANNOUNCING, a_round.code),
            short=preparing.short_of_people(a_round, actor=me()) if overview.reviewers else 0,
            standards=standards.of(a_round.id),
            said=wishing.count_people(a_round),
            announced=queries.maybe_announced(a_round),
        ),
        form.status,
    )


def _share(a_round: Any, reviewers: int) -> int:
    """Return how sure a pair may be where nobody says: lots need several times as many people as a dossier needs."""
    draws = standards.of(a_round.id).asks_wishes and reviewers >= DRAWN_AMONG * a_round.reviews_per_initiative
    return ASKED_SHARE if draws else 100


def _at_length(code: str, wishes: Wishes) -> ResponseReturnValue:
    """Hand a large proposal to the scheduler and show how far it is."""
    a_round = rounds.get(code, actor=me())
    policy.require(me(), Action.ASSIGNMENT_PROPOSE, a_round)
    with transaction():
        asked = work.ask(doing.KIND, about=code, params=doing.as_params(code, wishes), by=me(), now=now())
        address = url_for("work.show", code=asked.code)
    return redirect(address, 303)


@bp.get("/proposal")
def proposal(code: str) -> ResponseReturnValue:
    """Show the proposal, the weakest dossiers first."""
    a_round = rounds.get(code, actor=me())
    found = queries.draft(a_round, actor=me())
    page = queries.listed(found, actor=me(), text=request.args.get("q", ""), mark=request.args.get("mark", ""))
    return render_template(
        "assignment/proposal.html",
        round=a_round,
        proposal=found,
        figures=queries.figures(found),
        page=page,
        fair_up_to=FAIR_UP_TO,
    )


@bp.route("/proposal/dossiers/<code:initiative>", methods=["GET", "POST"])
def dossier(code: str, initiative: str) -> ResponseReturnValue:
    """Change the reviewers of one dossier; what each change would do is shown beside its button."""
    a_round = rounds.get(code, actor=me())
    found = queries.draft(a_round, actor=me())
    row = queries.dossier(found, initiative, actor=me())
    form = ChangeForm(request.form)
    if form.is_sent:
        ids = people.ids_by_code([form.fresh.data or "", form.out.data or ""])
        added = [(row.initiative_id, ids[form.fresh.data])] if form.fresh.data in ids else []
        removed = [(row.initiative_id, ids[form.out.data])] if form.out.data in ids else []
        with form.showing_errors(), transaction():
            proposals.change(found, added=added, removed=removed, by=me(), now=now())
        if form.is_good:
            flash(_("Changed. Nobody has been told yet; you can undo it on the page of the proposal."))
            return redirect(url_for(".dossier", code=code, initiative=initiative), 303)
    pairs = queries.pairs_of(found, [row.initiative_id])[row.initiative_id]
    out = request.args.get("instead-of", "")
    leaving = next((pair for pair in pairs if pair.code == out), None)
    return (
        render_template(
            "assignment/dossier.html",
            round=a_round,
            row=row,
            pairs=pairs,
            kept=assignments.reviewers_of(row.initiative_id),
            leaving=leaving,
            candidates=queries.candidates(
                found, row, instead_of=leaving.reviewer_id if leaving else None, text=request.args.get("q", "")
            ),
            form=form,
        ),
        form.status,
    )


@bp.post("/proposal/undo")
def undo(code: str) -> ResponseReturnValue:
    """Take the newest change back."""
    found = queries.draft(rounds.get(code, actor=me()), actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            proposals.undo(found, by=me(), now=now())
        flash(_("The last change was taken back."))
    return redirect(url_for(".proposal", code=code), 303)


@bp.post("/proposal/discard")
def discard(code: str) -> ResponseReturnValue:
    """Throw the proposal away."""
    found = queries.draft(rounds.get(code, actor=me()), actor=me())
    if ConfirmForm(request.form).is_sent:
        with transaction():
            proposals.discard(found, by=me(), now=now())
        flash(_("The proposal was thrown away. Nobody had been told of it."))
    return redirect(url_for(".start", code=code), 303)


@bp.route("/proposal/announcement", methods=["GET", "POST"])
def announce(code: str) -> ResponseReturnValue:
    """Give the dossiers to the reviewers and send the mails."""
    a_round = rounds.get(code, actor=me())
    found = queries.draft(a_round, actor=me())
    form = ConfirmForm(request.form)
    if form.is_sent and found.dossiers * found.reviews > GIVEN_AT_ONCE:
        return _announce_at_length(code)
    if form.is_sent:
        with form.showing_errors(), transaction():
            number = proposals.announce(found, by=me(), now=now())
        if form.is_good:
            flash(_("%(count)s assignments were announced. Every reviewer gets one mail.", count=number))
            return redirect(url_for(".start", code=code), 303)
    return (
        render_template(
            "assignment/announce.html",
            round=a_round,
            proposal=found,
            figures=queries.figures(found),
            form=form,
        ),
        form.status,
    )


def _announce_at_length(code: str) -> ResponseReturnValue:
    """Hand a large announcement to the scheduler and show how far it is."""
    policy.require(me(), Action.ASSIGNMENT_ANNOUNCE, rounds.get(code, actor=me()))
    with transaction():
        asked = work.ask(doing.ANNOUNCING, about=code, params={"round": code}, by=me(), now=now())
        address = url_for("work.show", code=asked.code)
    return redirect(address, 303)


@bp.post("/recall")
def recall(code: str) -> ResponseReturnValue:
    """Take what was announced back, as long as nobody has begun to read."""
    a_round = rounds.get(code, actor=me())
    found = queries.maybe_announced(a_round)
    if found is None:
        raise NotFound
    if ConfirmForm(request.form).is_sent:
        try:
            with transaction():
                proposals.recall(found, by=me(), now=now())
        except Conflict as refused:
            flash(say(refused), "error")
            return redirect(url_for(".start", code=code), 303)
        flash(_("The announcement was taken back; it is a proposal again."))
    return redirect(url_for(".proposal", code=code), 303)


@bp.get("/proposal.csv")
def export(code: str) -> ResponseReturnValue:
    """Give the proposal as a table, streamed."""
    a_round = rounds.get(code, actor=me())
    found = queries.draft(a_round, actor=me())
    if (elsewhere := exports.first("assignment", a_round)) is not None:
        return elsewhere
    rows = queries.export(found, actor=me())
    head = [_("Code"), _("Code of the reviewer"), _("Title"), _("Reviewer"), _("Suitability in percent"), _("Why")]

    def lines() -> Iterator[str]:
        yield "\ufeff"  # Excel reads UTF-8 only with this mark
        yield exchange.line(head)
        for row in rows:
            why = " ".join(say(reason) for reason in row.reasons)
            suits = f"{row.affinity // 100}"
            yield exchange.line([row.code, row.reviewer_code, row.title, row.reviewer_name, suits, why])

    response = Response(stream_with_context(lines()), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="assignment-{code}.csv"'
    return response


@bp.route("/proposal/table", methods=["GET", "POST"])
def table(code: str) -> ResponseReturnValue:
    """Take a changed table in: first its net effect is shown, and nothing is changed."""
    a_round = rounds.get(code, actor=me())
    found = queries.draft(a_round, actor=me())
    form = TableForm(request.form)
    if form.is_sent:
        upload = request.files.get("file")
        with form.showing_errors():
            if upload is None or not upload.filename:
                raise Invalid.on("file", say("This field is required."))
            reading = exchange.read(found, upload.read(), actor=me())
            effect = effect_of(found, added=reading.added, removed=reading.removed, actor=me())
            return render_template(
                "assignment/effect.html",
                round=a_round,
                reading=reading,
                effect=effect,
                changes=exchange.written(effect),
                form=ApplyForm(),
            )
    return render_template("assignment/table.html", round=a_round, form=form), form.status


@bp.post("/proposal/table/effect")
def apply(code: str) -> ResponseReturnValue:
    """Make the changes that were shown, as one."""
    found = queries.draft(rounds.get(code, actor=me()), actor=me())
    form = ApplyForm(request.form)
    if form.is_sent:
        try:
            added, removed = exchange.read_changes(found, form.changes.data or "", actor=me())
            with transaction():
                proposals.change(found, added=added, removed=removed, by=me(), now=now())
        except (Invalid, Conflict) as refused:
            flash(say(refused), "error")
            return redirect(url_for(".table", code=code), 303)
        flash(_("%(count)s pairs were changed as one; you can undo them as one.", count=len(added) + len(removed)))
    return redirect(url_for(".proposal", code=code), 303)
