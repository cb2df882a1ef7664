"""Lists by key: a page costs the same wherever it stands, and stays put while rows are added."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal, tuple_
from sqlalchemy.orm import Session

from evaluator.core.errors import Invalid
from evaluator.core.text import N_

Row = TypeVar("Row")
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the marks from which the neighbouring pages start ('' when there is none)."""

    rows: Sequence[Row]
    next: str = ""
    previous: str = ""


def page_by_key(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    *,
    keys: Sequence[SQLColumnExpression[Any]],
    mark: str = "",
    descending: bool = False,
    size: int = PAGE_SIZE,
    scalars: bool = False,
) -> Page[Any]:
    """Return one page of a statement that has no ORDER BY yet.

    ``keys`` are never null and together unique; the last is usually the id. ``mark`` is one of a
    Page returned before with the same keys. All keys run in one direction, so that one index serves.

    Raises:
        Invalid: the mark is none of ours.
    """
    backwards, values = _read(mark, len(keys))
    ordered = statement.add_columns(*(key.label(f"_key_{i}") for i, key in enumerate(keys)))
    down = descending != backwards
    if values:
        here = tuple_(*keys)
        there = tuple_(*(_bound(key, value) for key, value in zip(keys, values, strict=True)))
        ordered = ordered.where(here < there if down else here > there)
    ordered = ordered.order_by(*(key.desc() if down else key.asc() for key in keys)).limit(size + 1)
    found = session.execute(ordered).all()
    more, found = len(found) > size, found[:size]
    if backwards:
        found = found[::-1]
    width = len(keys)
    marks = [tuple(row)[-width:] for row in found]
    rows = [row[0] if scalars else row for row in found]
    has_next = bool(found) and (more or backwards)
    has_previous = bool(found) and (more if backwards else bool(values))
    return Page(
        rows,
        next=_write("a", marks[-1]) if has_next else "",
        previous=_write("b", marks[0]) if has_previous else "",
    )


def _bound(key: Any, value: Any) -> ColumnElement[Any]:
    """Return the value of a mark as the key's own type."""
    return literal(datetime.fromisoformat(value[1]) if isinstance(value, list) else value, key.type)


def _write(direction: str, values: Sequence[Any]) -> str:
    plain = [["t", value.isoformat()] if isinstance(value, datetime) else value for value in values]
    text = json.dumps([direction, *plain], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(mark: str, width: int) -> tuple[bool, list[Any]]:
    if not mark:
        return False, []
    try:
        direction, *values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
    except ValueError:
        values, direction = [], ""
    if direction not in {"a", "b"} or len(values) != width:
        raise Invalid(N_("This link to a page of the list is broken. Start again at the first page."))
    return direction == "b", values
