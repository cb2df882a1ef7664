"""Keeping the tree of organisations: founding, renaming, closing, merging, importing."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.policy import Action, Actor
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import clean_line, fold, sort_key
from evaluator.units import queries
from evaluator.units.models import FormerName, Unit

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """What is said about a unit; ``parent`` is the code of the unit above, empty at the top."""

    code: str
    name: str
    level: int
    short_name: str = ""
    kind: str = ""
    parent: str = ""
    state_code: str = ""
    note: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell of a list, and what to do."""

    row: int
    column: str
    problem: Sentence
    remedy: Sentence


@dataclass(slots=True)
class ImportReport:
    """What an import has done, or would do; with problems it has done nothing."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def create(plan: UnitPlan, *, by: Actor, now: datetime) -> Unit:
    """Add a unit to the tree.

    Raises:
        Invalid: on ``code``, ``name``, ``level`` or ``parent``.
    """
    policy.require(by, Action.UNIT_MANAGE)
    if queries.by_codes([plan.code]):
        raise Invalid.on("code", N_("There is already a unit with this code."))
    unit = Unit(code=plan.code, valid_from=plan.valid_from)
    _write(unit, plan, parent=_parent(plan))
    db.session.add(unit)
    audit.record("unit.created", about=unit, by=by, now=now, name=unit.name, parent=plan.parent)
    return unit


def correct(unit: Unit, plan: UnitPlan, *, by: Actor, now: datetime) -> None:
    """Put right what was entered wrongly; a new name from some day on is a ``rename``.

    Raises:
        Invalid: on ``name``, ``level`` or ``parent``.
    """
    policy.require(by, Action.UNIT_MANAGE)
    before = _said(unit)
    parent = _parent(plan)
    if parent is not None and unit.id in {parent.id, *(each.id for each in queries.ancestors(parent))}:
        raise Invalid.on("parent", N_("A unit cannot stand under itself."))
    _write(unit, plan, parent=parent)
    after = _said(unit)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        audit.record("unit.corrected", about=unit, by=by, now=now, changes=changes)


def rename(unit: Unit, name: str, *, short_name: str = "", on: date, by: Actor, now: datetime) -> None:
    """Give a unit a new name from a day on; what happened before keeps the old one.

    Raises:
        Invalid: on ``name`` when it is empty or the same, on ``on`` when it lies ahead or before an earlier change.
    """
    policy.require(by, Action.UNIT_MANAGE)
    name = clean_line(name)
    if not name or name == unit.name:
        raise Invalid.on("name", N_("Give the new name of the unit."))
    if on > day_of(now):
        raise Invalid.on("on", N_("A name changes on its day: come back on that day, or give an earlier one."))
    earlier = [former.until for former in queries.former_names(unit)]
    if any(on <= until for until in earlier) or (unit.valid_from is not None and on <= unit.valid_from):
        raise Invalid.on(
            "on", N_("The day must come after the founding of the unit and after its last change of name.")
        )
    db.session.add(FormerName(unit_id=unit.id, until=on, name=unit.name, short_name=unit.short_name))
    audit.record("unit.renamed", about=unit, by=by, now=now, before=unit.name, after=name, on=on)
    unit.name, unit.short_name = name, clean_line(short_name)
    unit.search, unit.sort_key = _search_text(unit), sort_key(unit.name)[:600]


def close(unit: Unit, *, on: date, successor: Unit | None = None, by: Actor, now: datetime) -> None:
    """End a unit on a day, which is the first on which it is no longer there; ``successor`` carries on.

    Raises:
        Conflict: it has an end already.
        Invalid: on ``on`` or ``successor``; units that stand under it would be left without one.
    """
    policy.require(by, Action.UNIT_MANAGE)
    if unit.valid_to is not None:
        raise Conflict(N_("This unit has an end already."))
    if unit.valid_from is not None and on <= unit.valid_from:
        raise Invalid.on("on", N_("A unit can only end after it was founded."))
    if successor is not None:
        _check_successor(unit, successor, on)
    below = [row.unit for row in queries.under(unit, moment=on)]
    if below and on > day_of(now):
        raise Invalid.on("on", N_("The units under it move on that day: come back then, or give an earlier day."))
    if below and successor is None:
        raise Invalid.on(
            "successor",
            N_(
                "%(count)s units stand under it on that day. Close them first, or name a successor that takes them over."
            ),
            count=len(below),
        )
    for child in below if successor is not None else ():
        child.parent_id = successor.id if successor is not None and successor.id != child.id else unit.parent_id
    unit.valid_to, unit.successor_id = on, successor.id if successor else None
    heir = successor.code if successor else ""
    audit.record("unit.closed", about=unit, by=by, now=now, on=on, successor=heir, moved=[each.code for each in below])


def merge(units: Collection[Unit], into: Unit, *, on: date, by: Actor, now: datetime) -> None:
    """Let several units go over into one on a day, which may be one of them and then simply lives on.

    Raises:
        Conflict: one of them has an end already.
        Invalid: on ``successor`` or ``on``.
    """
    policy.require(by, Action.UNIT_MANAGE)
    for unit in units:
        if unit is not into:
            close(unit, on=on, successor=into, by=by, now=now)


def import_units(plans: dict[int, UnitPlan], *, by: Actor, now: datetime) -> ImportReport:
    """Take a list of units, by row: new codes are added, known ones put right; all or nothing.

    Units above may stand anywhere in the list or be there already. Rows that are wrong stand in the report.
    """
    policy.require(by, Action.UNIT_MANAGE)
    codes = {plan.code for plan in plans.values()} | {plan.parent for plan in plans.values()}
    known = queries.by_codes(codes - {""})
    report = ImportReport(problems=_problems(plans, known))
    if report.problems:
        return report
    waiting = {plan.code: plan for plan in plans.values()}
    while waiting:
        # Each turn takes those whose parent is there; without rings every turn takes some.
        ready = [plan for plan in waiting.values() if plan.parent not in waiting]
        for plan in ready:
            _take(plan, known, report)
            del waiting[plan.code]
        db.session.flush()  # the next turn needs the ids of this one
    audit.record("units.imported", about=None, by=by, now=now, created=report.created, changed=report.changed)
    return report


def _take(plan: UnitPlan, known: dict[str, Unit], report: ImportReport) -> None:
    """Add or put right one unit of a list."""
    unit, parent = known.get(plan.code), known[plan.parent] if plan.parent else None
    if unit is None:
        unit = known[plan.code] = Unit(code=plan.code, valid_from=plan.valid_from)
        _write(unit, plan, parent=parent)
        db.session.add(unit)
        report.created += 1
        return
    before = _said(unit)
    _write(unit, plan, parent=parent)
    if _said(unit) != before:
        report.changed += 1
    else:
        report.unchanged += 1


def _problems(plans: dict[int, UnitPlan], known: dict[str, Unit]) -> list[Problem]:
    """Return what makes a list unfit to be taken."""
    first: dict[str, int] = {}
    levels = {code: unit.level for code, unit in known.items()} | {plan.code: plan.level for plan in plans.values()}
    found = []
    for row, plan in plans.items():
        if first.setdefault(plan.code, row) != row:
            problem = sentence(
                N_("The code %(code)s stands in row %(row)s already."), code=plan.code, row=first[plan.code]
            )
            found.append(Problem(row, "id", problem, sentence(N_("Give each unit a code of its own."))))
        if plan.parent and plan.parent not in levels:
            problem = sentence(N_("There is no unit with the code %(code)s."), code=plan.parent)
            found.append(Problem(row, "parent_id", problem, sentence(N_("Add the unit above to the list."))))
        elif plan.parent and levels[plan.parent] >= plan.level:
            problem = sentence(N_("The unit above, %(code)s, is not of a higher level."), code=plan.parent)
            found.append(Problem(row, "level", problem, sentence(N_("The level grows by one with each step down."))))
    return found


def _parent(plan: UnitPlan) -> Unit | None:
    """Return the unit above.

    Raises:
        Invalid: on ``parent`` when there is none, on ``level`` when it is not higher.
    """
    if not plan.parent:
        return None
    parent = queries.by_codes([plan.parent]).get(plan.parent)
    if parent is None:
        raise Invalid.on("parent", N_("There is no unit with the code %(code)s."), code=plan.parent)
    if parent.level >= plan.level:
        raise Invalid.on(
            "level", N_("The level must be below that of the unit above, which is %(level)s."), level=parent.level
        )
    return parent


def _write(unit: Unit, plan: UnitPlan, *, parent: Unit | None) -> None:
    """Take over what is said about a unit.

    Raises:
        Invalid: on ``code``, ``name`` or ``level``.
    """
    if not clean_line(plan.name):
        raise Invalid.on("name", N_("Give the name of the unit."))
    if not CODE.fullmatch(plan.code):
        raise Invalid.on("code", N_("A code has up to 40 letters, digits, dots and hyphens, without marks."))
    if plan.level < 1:
        raise Invalid.on("level", N_("The highest level is 1."))
    unit.name, unit.short_name = clean_line(plan.name), clean_line(plan.short_name)
    unit.level, unit.kind, unit.state_code, unit.note = plan.level, plan.kind, plan.state_code, plan.note
    unit.parent_id = parent.id if parent is not None else None
    unit.search, unit.sort_key = _search_text(unit), sort_key(unit.name)[:600]


def _check_successor(unit: Unit, successor: Unit, on: date) -> None:
    """Make sure that the successor is there on that day and does not lead back in a ring.

    Raises:
        Invalid: on ``successor``.
    """
    line = [successor, *_successors(successor)]
    if unit.id in {each.id for each in line}:
        raise Invalid.on("successor", N_("A unit cannot go over into itself."))
    if not successor.exists_on(on):
        raise Invalid.on("successor", N_("“%(name)s” does not exist on that day."), name=successor.name)


def _successors(unit: Unit) -> list[Unit]:
    """Return who follows, and who follows them."""
    line = select(Unit.id, Unit.successor_id).where(Unit.id == unit.successor_id).cte(recursive=True)
    line = line.union(select(Unit.id, Unit.successor_id).where(Unit.id == line.c.successor_id))
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(select(line.c.id)))))


def _said(unit: Unit) -> dict[str, object]:
    """Return what a correction may change."""
    names = ("name", "short_name", "level", "kind", "state_code", "note", "parent_id")
    return {name: getattr(unit, name) for name in names}


def _search_text(unit: Unit) -> str:
    return fold(f"{unit.name} {unit.short_name} {unit.code}")[:800]
