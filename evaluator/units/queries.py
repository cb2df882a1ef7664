"""Reading the tree of organisations, as it stood or stands on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import Invalid, NotFound
from evaluator.core.text import N_
from evaluator.policy import Action, Actor
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import clean_line, fold
from evaluator.units.models import FormerName, Unit
from evaluator.units.names import Match, Matcher


@dataclass(frozen=True, slots=True)
class Tree:
    """Who stands under whom and who followed whom, by id: all of it, for checks over many units."""

    parents: dict[int, int | None]
    successors: dict[int, int | None]

    def ancestors(self, unit_id: int) -> list[int]:
        """Return the units above, the nearest first."""
        return _follow(self.parents, unit_id)

    def heir(self, unit_id: int) -> int:
        """Return the unit that carries on in the end; a unit without successor is its own."""
        return [unit_id, *_follow(self.successors, unit_id)][-1]

    def same_house(self, one: int, other: int) -> bool:
        """Return whether two units are one and the same today, however often they were merged."""
        return self.heir(one) == self.heir(other)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the tree, with how many stand under it."""

    unit: Unit
    children: int | None  # None: not counted


def visible_to(actor: Actor) -> Select[Unit]:
    """Return the units the actor may see: organisations are public to all who have signed in."""
    units = select(Unit)
    return units if policy.allows(actor, Action.UNIT_READ) else units.where(false())


def get(code: str, *, actor: Actor) -> Unit:
    """Return a unit by its code.

    Raises:
        NotFound: there is none, or the actor may not see units.
    """
    unit: Unit | None = db.session.scalar(visible_to(actor).where(Unit.code == code))
    if unit is None:
        raise NotFound
    return unit


def on(moment: datetime | date) -> list[Unit]:
    """Return the units that exist on a day, the highest level first, then in alphabetical order."""
    found = select(Unit).where(exists_on(moment)).order_by(Unit.level, Unit.sort_key, Unit.id)
    return list(db.session.scalars(found))


def by_codes(codes: Iterable[str]) -> dict[str, Unit]:
    """Return units by code, in one statement."""
    return {unit.code: unit for unit in db.session.scalars(select(Unit).where(Unit.code.in_(set(codes))))}


def under(unit: Unit | None, *, moment: datetime | date | None) -> list[UnitRow]:
    """Return the units directly under one (or at the top), with the number of those under each.

    ``moment`` None means of all times.
    """
    child = aliased(Unit)
    below = and_(child.parent_id == Unit.id, _lives(child, moment))
    count = select(func.count(child.id)).where(below).correlate(Unit).scalar_subquery()
    is_here = Unit.parent_id.is_(None) if unit is None else Unit.parent_id == unit.id
    rows = select(Unit, count).where(is_here, _lives(Unit, moment)).order_by(Unit.level, Unit.sort_key, Unit.id)
    return [UnitRow(each, children) for each, children in db.session.execute(rows)]


def ancestors(unit: Unit) -> list[Unit]:
    """Return the units above, the highest first."""
    line = select(Unit.id, Unit.parent_id).where(Unit.id == unit.parent_id).cte(recursive=True)
    line = line.union(select(Unit.id, Unit.parent_id).where(Unit.id == line.c.parent_id))
    above = select(Unit).where(Unit.id.in_(select(line.c.id))).order_by(Unit.level)
    return list(db.session.scalars(above))


def descendant_ids(unit: Unit) -> frozenset[int]:
    """Return the ids of the unit and of all under it, of all times."""
    line = select(Unit.id).where(Unit.id == unit.id).cte(recursive=True)
    line = line.union(select(Unit.id).where(Unit.parent_id == line.c.id))
    return frozenset(db.session.scalars(select(line.c.id)))


def predecessors(unit: Unit) -> Sequence[Unit]:
    """Return the units that went over into this one."""
    return db.session.scalars(
        select(Unit).where(Unit.successor_id == unit.id).order_by(Unit.valid_to, Unit.sort_key)
    ).all()


def former_names(unit: Unit) -> Sequence[FormerName]:
    """Return the names a unit bore before, the latest first."""
    names = select(FormerName).where(FormerName.unit_id == unit.id).order_by(FormerName.until.desc())
    return db.session.scalars(names).all()


def names_on(unit_ids: Iterable[int], moment: datetime | date) -> dict[int, str]:
    """Return what units were called on a day, by id."""
    wanted, day = set(unit_ids), _day(moment)
    rows = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))
    names = {row.id: row.name for row in rows}
    former = select(FormerName.unit_id, FormerName.name).where(FormerName.unit_id.in_(wanted), FormerName.until > day)
    # The name of that day is the one that was given up soonest after it: it comes last and stays.
    for row in db.session.execute(former.order_by(FormerName.until.desc())):
        names[row.unit_id] = row.name
    return names


def name_on(unit: Unit, moment: datetime | date) -> str:
    """Return what a unit was called on a day."""
    return names_on([unit.id], moment)[unit.id]


def tree() -> Tree:
    """Return the whole tree by ids, in one statement."""
    rows = db.session.execute(select(Unit.id, Unit.parent_id, Unit.successor_id)).all()
    return Tree({row.id: row.parent_id for row in rows}, {row.id: row.successor_id for row in rows})


def search(text: str, *, moment: datetime | date | None = None, limit: int = 50) -> list[Unit]:
    """Return units whose name or code holds all the words, with or without marks."""
    found = select(Unit).where(_lives(Unit, moment))
    for word in fold(text).split():
        found = found.where(Unit.search.contains(word, autoescape=True))
    return list(db.session.scalars(found.order_by(Unit.level, Unit.sort_key, Unit.id).limit(limit)))


def matcher(moment: datetime | date | None = None) -> Matcher[int]:
    """Return what finds unit ids by what people write: present, short and former names, in two statements."""
    units = select(Unit.id, Unit.name, Unit.short_name).where(_lives(Unit, moment)).order_by(Unit.id)
    known: Matcher[int] = Matcher()
    ids = set()
    for unit_id, name, short_name in db.session.execute(units):
        ids.add(unit_id)
        known.add(unit_id, name)
        known.add(unit_id, short_name)
    for unit_id, name in db.session.execute(select(FormerName.unit_id, FormerName.name)):
        if unit_id in ids:
            known.add(unit_id, name)
    return known


def match(name: str, *, moment: datetime | date | None = None) -> Match[int] | None:
    """Return the unit a single name means; for many names build one ``matcher``."""
    return matcher(moment).match(name)


def typed(field: str, text: str, *, moment: datetime) -> Unit | None:
    """Return the unit a person has typed into a field: its code, or its name however abbreviated; None for nothing.

    Raises:
        Invalid: on the field, with the names that are near.
    """
    text = clean_line(text)
    if not text:
        return None
    by_code = by_codes([text]).get(text)
    if by_code is not None:
        return by_code
    known = matcher(moment)
    found = known.match(text)
    if found is not None:
        return db.session.get_one(Unit, found.key)
    near = known.near(text)
    if near:
        raise Invalid.on(field, N_("No unit is called so. Perhaps you mean: %(names)s."), names="; ".join(near))
    raise Invalid.on(field, N_("No unit is called so. Look it up on the page of units, or leave this empty."))


def successor(unit: Unit) -> Unit | None:
    """Return the unit that carries on, if one does."""
    return None if unit.successor_id is None else db.session.get_one(Unit, unit.successor_id)


def exists_on(moment: datetime | date) -> ColumnElement[bool]:
    """Return the condition that a unit exists on a day."""
    return _lives(Unit, moment)


def _lives(unit: type[Unit], moment: datetime | date | None) -> ColumnElement[bool]:
    if moment is None:
        return unit.id.is_not(None)
    day = _day(moment)
    return and_(
        or_(unit.valid_from.is_(None), unit.valid_from <= day), or_(unit.valid_to.is_(None), unit.valid_to > day)
    )


def _day(moment: datetime | date) -> date:
    return day_of(moment) if isinstance(moment, datetime) else moment


def _follow(links: dict[int, int | None], start: int) -> list[int]:
    """Return what comes next and next; a ring in the data ends the walk."""
    found: list[int] = []
    step = links.get(start)
    while step is not None and step not in found and step != start:
        found.append(step)
        step = links.get(step)
    return found


def out_of_place() -> list[str]:
    """Return the codes of units whose level is not below that of the unit above them: rings are among them."""
    above = aliased(Unit)
    wrong = select(Unit.code).join(above, above.id == Unit.parent_id).where(above.level >= Unit.level)
    return list(db.session.scalars(wrong.order_by(Unit.code)))
