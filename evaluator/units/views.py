"""The tree of units: looked through level by level, kept, imported."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evaluator import policy
from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.policy import Action
from evaluator.rules.calendar import day_of
from evaluator.units import exchange, queries
from evaluator.units import service as units
from evaluator.units.forms import CloseForm, ImportForm, MergeForm, RenameForm, UnitForm
from evaluator.units.queries import UnitRow
from evaluator.units.service import ImportReport, UnitPlan
from evaluator.web.request import me, now

bp = Blueprint("units", __name__, url_prefix="/units", template_folder="templates")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the top of the tree, or what a search finds."""
    day, text = _day(), request.args.get("q", "").strip()
    if text:
        rows = [UnitRow(unit, None) for unit in queries.search(text, moment=day)]
    else:
        rows = queries.under(None, moment=day)
    return render_template("units/index.html", rows=rows, text=text, day=day)


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Show a unit: what stands above and under it, its names, what became of it."""
    unit, day = queries.get(code, actor=me()), _day()
    return render_template(
        "units/show.html",
        unit=unit,
        above=[(each.name, url_for(".show", code=each.code)) for each in queries.ancestors(unit)],
        rows=queries.under(unit, moment=day),
        former=queries.former_names(unit),
        predecessors=queries.predecessors(unit),
        successor=queries.successor(unit),
        day=day,
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """Add a unit."""
    policy.require(me(), Action.UNIT_MANAGE)
    code = request.args.get("parent", "")
    above = queries.by_codes([code]).get(code)
    shown = {"parent": above.name, "level": above.level + 1} if above is not None else {"level": 1}
    form = UnitForm(request.form, data=shown)
    if form.is_sent:
        with form.showing_errors(), transaction():
            unit = units.create(_plan(form), by=me(), now=now())
            code = unit.code
        if form.is_good:
            flash(_("The unit was added."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("units/edit.html", form=form, unit=None), form.status


@bp.route("/<code:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Put right what was entered wrongly."""
    policy.require(me(), Action.UNIT_MANAGE)
    unit = queries.get(code, actor=me())
    form = UnitForm(request.form, data=_shown(unit))
    if form.is_sent:
        with form.showing_errors(), transaction():
            if form.read_version != unit.version:
                raise Conflict
            units.correct(unit, _plan(form), by=me(), now=now())
        if form.is_good:
            flash(_("The unit was put right."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("units/edit.html", form=form, unit=unit), form.status


@bp.route("/<code:code>/name", methods=["GET", "POST"])
def rename(code: str) -> ResponseReturnValue:
    """Give a unit a new name from a day on."""
    policy.require(me(), Action.UNIT_MANAGE)
    unit = queries.get(code, actor=me())
    form = RenameForm(request.form, data={"on": day_of(now())})
    if form.is_sent:
        with form.showing_errors(), transaction():
            units.rename(
                unit, form.name.data, short_name=form.short_name.data or "", on=form.on.data, by=me(), now=now()
            )
        if form.is_good:
            flash(_("The unit has its new name; what happened before keeps the old one."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("units/rename.html", form=form, unit=unit), form.status


@bp.route("/<code:code>/end", methods=["GET", "POST"])
def close(code: str) -> ResponseReturnValue:
    """End a unit on a day; the successor takes over what stands under it."""
    policy.require(me(), Action.UNIT_MANAGE)
    unit = queries.get(code, actor=me())
    form = CloseForm(request.form, data={"on": day_of(now())})
    if form.is_sent:
        with form.showing_errors(), transaction():
            heir = _unit("successor", form.successor.data)
            units.close(unit, on=form.on.data, successor=heir, by=me(), now=now())
        if form.is_good:
            flash(_("The end of the unit was noted."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("units/close.html", form=form, unit=unit), form.status


@bp.route("/<code:code>/merger", methods=["GET", "POST"])
def merge(code: str) -> ResponseReturnValue:
    """Let several units go over into this one on a day."""
    policy.require(me(), Action.UNIT_MANAGE)
    unit = queries.get(code, actor=me())
    form = MergeForm(request.form, data={"on": day_of(now())})
    if form.is_sent:
        with form.showing_errors(), transaction():
            merged = [_unit("units", line) for line in form.units.data.splitlines() if line.strip()]
            units.merge(merged, unit, on=form.on.data, by=me(), now=now())
        if form.is_good:
            flash(_("The merger was noted."))
            return redirect(url_for(".show", code=code), 303)
    return render_template("units/merge.html", form=form, unit=unit), form.status


@bp.route("/import", methods=["GET", "POST"])
def import_list() -> ResponseReturnValue:
    """Take a list of units from a file; first only say what would happen."""
    policy.require(me(), Action.UNIT_MANAGE)
    form = ImportForm(request.form or None)
    report: ImportReport | None = None
    if form.is_sent:
        with form.showing_errors():
            report = _imported(form)
            form.status = 422 if report.problems else 200
        if form.is_good and not form.only_try.data:
            flash(_("The list was imported."))
            return redirect(url_for(".index"), 303)
    return render_template("units/import.html", form=form, report=report), form.status


def _imported(form: ImportForm) -> ImportReport:
    """Import the file that was sent, or try it.

    Raises:
        Invalid: on ``file`` when there is none.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid.on("file", N_("Choose the file with the list."))
    plans, problems = exchange.read(sent.read())
    if problems:
        return ImportReport(problems=problems)
    with transaction(keep=not form.only_try.data):
        return units.import_units(plans, by=me(), now=now())


def _day() -> date | None:
    """Return the day whose tree is asked for: today if none is given, None for all times."""
    text = request.args.get("on", "")
    if text == "all":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return day_of(now())


def _shown(unit: Any) -> dict[str, Any]:
    """Return a unit as its form shows it."""
    names = ("name", "short_name", "code", "level", "kind", "valid_from", "note", "version")
    above = queries.ancestors(unit)
    return {name: getattr(unit, name) for name in names} | {"parent": above[-1].name if above else ""}


def _plan(form: UnitForm) -> UnitPlan:
    """Return what was typed.

    Raises:
        Invalid: on ``parent`` when no unit is called so.
    """
    parent = _unit("parent", form.parent.data)
    return UnitPlan(
        code=(form.code.data or "").strip(),
        name=form.name.data,
        level=form.level.data,
        short_name=form.short_name.data or "",
        kind=form.kind.data or "",
        parent=parent.code if parent is not None else "",
        note=form.note.data or "",
        valid_from=form.valid_from.data,
    )


def _unit(field: str, text: str | None) -> Any:
    """Return the unit a person has typed, or None for nothing.

    Raises:
        Invalid: on the field when no unit, or more than one, is called so.
    """
    return queries.typed(field, text or "", moment=now())
