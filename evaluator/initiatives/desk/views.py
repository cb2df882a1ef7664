"""The secretary's pages: the register of a round, and one dossier after the other to check."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Invalid, NotFound
from evaluator.core.files import Store
from evaluator.core.text import N_
from evaluator.initiatives import checking, files, identity, precheck, queries
from evaluator.initiatives.blind import neutral_name
from evaluator.initiatives.desk import looks
from evaluator.initiatives.desk import queries as desk
from evaluator.initiatives.desk.forms import ACCEPT, REFUSE, CheckForm, CopyForm
from evaluator.initiatives.desk.queries import Wanted
from evaluator.initiatives.receipts import number_of
from evaluator.initiatives.service import open_supplement
from evaluator.initiatives.timeline import timeline
from evaluator.policy import Action
from evaluator.rounds import queries as rounds
from evaluator.rules.calendar import day_of, end_of_day
from evaluator.rules.dossier import FIELDS, TEXT_NAMES
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.precheck import TRACE_NAMES
from evaluator.units import queries as units
from evaluator.web.language import say
from evaluator.web.request import me, now

bp = Blueprint("desk", __name__, url_prefix="/register", template_folder="../templates")

USUAL_TERM = timedelta(days=5)


def store() -> Store:
    """Return the store of files of this service."""
    return Store(current_app.config["EVALUATOR"].files_dir)


@bp.get("/")
def register() -> ResponseReturnValue:
    """List the dossiers of a round: sorted, filtered and searched by the address."""
    policy.require(me(), Action.INITIATIVE_LIST)
    all_rounds = rounds.newest_first(me())
    a_round = _round(all_rounds)
    if a_round is None:
        return render_template("initiatives/register.html", round=None, page=None)
    wanted = Wanted(**{name: request.args.get(name, "") for name in Wanted.__dataclass_fields__})
    shows_names = identity.is_list_open(a_round, to=me(), now=now())
    if wanted.needs_names and not shows_names:
        return redirect(looks.names_of(a_round), 303)
    return render_template(
        "initiatives/register.html",
        round=a_round,
        round_options=[(each.code, each.title) for each in all_rounds],
        page=desk.register(a_round, wanted, actor=me(), shows_names=shows_names),
        shows_names=shows_names,
        counts=desk.counts(a_round, actor=me()),
        most_counted=desk.MOST_COUNTED,
        wanted=wanted,
        field_options=[(name, name) for name in a_round.fields or FIELDS],
        unit=units.get(wanted.unit, actor=me()) if wanted.unit else None,
    )


@bp.get("/next")
def next_to_check() -> ResponseReturnValue:
    """Open the dossier that waits longest."""
    a_round = _round(rounds.newest_first(me()))
    waiting = desk.maybe_next_to_check(a_round.id, after=None, actor=me()) if a_round is not None else None
    if waiting is None:
        flash(_("No dossier waits to be checked."))
        return redirect(url_for(".register", round=a_round.code if a_round else None), 303)
    return redirect(url_for(".check", code=waiting.code), 303)


@bp.route("/<code:code>", methods=["GET", "POST"])
def check(code: str) -> ResponseReturnValue:
    """Check one dossier: accept it, ask for a supplement, or refuse it; then the next one."""
    initiative = queries.get(code, actor=me())
    policy.require(me(), Action.INITIATIVE_CHECK, initiative)
    if not identity.is_open(initiative, to=me(), now=now()):
        return redirect(url_for("looks.authors", code=code, back="check"), 303)
    form = CheckForm(request.form)
    if request.method == "GET":
        form.version.data = str(initiative.version)
        form.until.data = day_of(now() + USUAL_TERM)
    if form.is_sent:
        with form.showing_errors():
            copies = _copies(form, initiative)
            with transaction():
                _decide(form, initiative, copies)
        if form.is_good:
            return _to_the_next(form, initiative)
    following = desk.maybe_next_to_check(initiative.round_id, after=initiative, actor=me())
    texts = initiative.texts()
    return render_template(
        "initiatives/check.html",
        form=form,
        initiative=initiative,
        steps=timeline(initiative),
        supplement=open_supplement(initiative),
        texts=[(name, heading, texts[name]) for name, heading in TEXT_NAMES.items() if texts[name]],
        number=number_of(initiative),
        following=following.code if following else None,
        traces=precheck.in_texts(initiative),
        reports=precheck.in_files(initiative),
        neutral_name=neutral_name,
        trace_names={trace.value: say(name) for trace, name in TRACE_NAMES.items()},
    ), form.status


@bp.route("/<code:code>/files/<code:file_code>", methods=["GET", "POST"])
def copy(code: str, file_code: str) -> ResponseReturnValue:
    """Replace the reviewers' copy of a file by one in which somebody struck out what tells of the authors."""
    initiative = queries.get(code, actor=me())
    policy.require(me(), Action.INITIATIVE_CHECK, initiative)
    attachment = queries.attachment(initiative, file_code)
    if not identity.is_open(initiative, to=me(), now=now()):
        return redirect(url_for("looks.authors", code=code, back="check"), 303)
    form = CopyForm(request.form)
    if form.is_sent:
        with form.showing_errors():
            upload = _uploaded()
            with transaction():
                checking.replace_copy(initiative, attachment, upload, by=me(), now=now())
        if form.is_good:
            flash(_("Reviewers get the new copy; it was checked like the first."))
            return redirect(url_for(".check", code=code, _anchor="traces"), 303)
    return render_template(
        "initiatives/copy.html", form=form, initiative=initiative, attachment=attachment
    ), form.status


def _uploaded() -> files.Upload:
    """Return the file that was sent.

    Raises:
        Invalid: none was, or it is of a kind that is not taken.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid.on("file", N_("Choose the file first."))
    return files.receive(sent.filename, sent.read(), store=store())


def _copies(form: CheckForm, initiative: Any) -> dict[str, precheck.Copy]:
    """Return the copies in which traces are struck out, when the dossier is to be accepted."""
    if form.verdict.data != ACCEPT:
        return {}
    let_stand, withhold = request.form.getlist("let_stand"), request.form.getlist("withhold")
    return precheck.struck_copies(initiative, let_stand=let_stand, withhold=withhold, store=store())


def _decide(form: CheckForm, initiative: Any, copies: dict[str, precheck.Copy]) -> None:
    """Hand the verdict to the command it names."""
    if form.read_version != initiative.version:
        raise Conflict(N_("The dossier has changed since you opened it. Look at it as it is now, then decide."))
    if form.verdict.data == ACCEPT:
        checking.accept(
            initiative,
            let_stand=request.form.getlist("let_stand"),
            withhold=request.form.getlist("withhold"),
            copies=copies,
            reason=form.reason.data or "",
            by=me(),
            now=now(),
        )
    elif form.verdict.data == REFUSE:
        checking.refuse(initiative, form.reason.data or "", by=me(), now=now())
    elif form.until.data is None:
        raise Invalid.on("until", N_("Give the day by which the supplement is due."))
    else:
        until = end_of_day(form.until.data)
        checking.ask_supplement(initiative, form.reason.data or "", until=until, by=me(), now=now())


def _to_the_next(form: CheckForm, initiative: Any) -> ResponseReturnValue:
    told = {
        ACCEPT: _("Dossier %(code)s was accepted for review.", code=initiative.code),
        REFUSE: _("Dossier %(code)s was refused; the author is told the reason.", code=initiative.code),
    }
    flash(
        told.get(
            form.verdict.data, _("Dossier %(code)s went back to its author for a supplement.", code=initiative.code)
        )
    )
    following = desk.maybe_next_to_check(initiative.round_id, after=initiative, actor=me())
    if following is None:
        flash(_("That was the last one: no dossier waits to be checked."))
        return redirect(url_for(".register", round=initiative.round.code), 303)
    with transaction():
        identity.go_on(initiative, following, by=me(), now=now())
        code = following.code
    return redirect(url_for(".check", code=code), 303)


def _round(all_rounds: list[Any]) -> Any:
    """Return the round of the address, or the one most people mean."""
    wanted = request.args.get("round")
    if wanted:
        found = next((each for each in all_rounds if each.code == wanted), None)
        if found is None:
            raise NotFound
        return found
    return next((each for each in all_rounds if each.state is RoundState.OPEN), next(iter(all_rounds), None))
