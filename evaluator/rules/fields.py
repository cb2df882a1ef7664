"""How the fields of a rubric are written down: one codec per sort of value, used by both directions.

A rubric document is plain JSON or TOML data: tables, lists, texts, whole numbers, truth values. Exact
numbers are written as texts ("8.25", "1/3") in the canonical form and may be typed as numbers in TOML.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import exact, hundredths, plain, points_text

Document = dict[str, Any]
TABLE = N_("Write a table.")
ONE_OF = N_("Write one of: %(names)s.")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a rubric: where, what, and how to mend it."""

    place: str
    problem: Sentence
    remedy: Sentence

    @property
    def sentence(self) -> Sentence:
        """Return place, problem and remedy as one sentence."""
        return sentence(
            N_("%(place)s: %(problem)s %(remedy)s"), place=self.place, problem=self.problem, remedy=self.remedy
        )

    def __str__(self) -> str:
        """Return it in English, for a log or a terminal."""
        return str(self.sentence)


def say(place: str, problem: str, remedy: str, **values: Any) -> Problem:
    """Return a problem; both sentences take the same values."""
    return Problem(place, sentence(problem, **values), sentence(remedy, **values))


class Unreadable(Exception):
    """A document that is not a rubric; carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class Number(str):
    """The text of an exact number: canonical JSON quotes it, TOML for people does not."""

    __slots__ = ()


class Shape(StrEnum):
    """What sort of value a codec writes: a page needs to know it to ask for one."""

    TEXT = "text"
    WHOLE = "whole"
    TRUTH = "truth"
    POINTS = "points"
    EXACT = "exact"
    CHOICE = "choice"
    LIST = "list"
    TABLE = "table"
    RECORD = "record"
    KINDS = "kinds"


@dataclass(frozen=True, slots=True)
class Codec:
    """How one value goes into a document and comes out of it; ``load`` raises TypeError, ValueError or Unreadable.

    ``dump`` is told whether to leave out what equals the default.
    """

    dump: Callable[[Any, bool], Any]
    load: Callable[[Any, str], Any]
    expected: str
    shape: Shape
    inside: Any = None  # what a list, a table, a choice or a record is made of


def _of_type(kind: type, shape: Shape, expected: str) -> Codec:
    def load(raw: Any, _place: str) -> Any:
        if type(raw) is not kind:
            raise TypeError(raw)
        return raw

    return Codec(lambda value, _brief: value, load, expected, shape)


TEXT = _of_type(str, Shape.TEXT, N_("Write a text in quotation marks."))
WHOLE = _of_type(int, Shape.WHOLE, N_("Write a whole number."))
TRUTH = _of_type(bool, Shape.TRUTH, N_("Write true or false."))
POINTS = Codec(
    lambda points, _brief: Number(points_text(points)),
    lambda raw, _place: hundredths(raw),
    N_("Write a number with at most two decimals."),
    Shape.POINTS,
)
EXACT = Codec(
    lambda value, _brief: plain(value) if "/" in plain(value) else Number(plain(value)),
    lambda raw, _place: exact(raw),
    N_("Write an exact number, such as 0.3 or “1/3”."),
    Shape.EXACT,
)


def optional(codec: Codec) -> Codec:
    """Return the codec of a value that may be left out; it is then absent from the document."""
    return replace(codec, dump=lambda value, brief: None if value is None else codec.dump(value, brief))


def choice(kind: type[StrEnum]) -> Codec:
    """Return the codec of an enumeration."""

    def load(raw: Any, place: str) -> StrEnum:
        if not isinstance(raw, str) or raw not in set(kind):
            raise Unreadable(
                [
                    Problem(
                        place,
                        sentence(N_("“%(value)s” is not possible here."), value=raw),
                        sentence(ONE_OF, names=", ".join(kind)),
                    )
                ]
            )
        return kind(raw)

    return Codec(lambda value, _brief: value.value, load, "", Shape.CHOICE, kind)


def several(item: Codec) -> Codec:
    """Return the codec of a list."""

    def load(raw: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise TypeError(raw)
        return tuple(_collected((f"{place}[{number}]", item, one) for number, one in enumerate(raw)))

    expected = N_("Write a list.")
    return Codec(lambda values, brief: [item.dump(value, brief) for value in values], load, expected, Shape.LIST, item)


def table_of(item: Codec) -> Codec:
    """Return the codec of a table from keys to values, kept as pairs in the order of the keys."""

    def load(raw: Any, place: str) -> tuple[tuple[str, Any], ...]:
        if not isinstance(raw, dict):
            raise TypeError(raw)
        steps = ((f"{place}.{key}", item, raw[key]) for key in sorted(raw))
        return tuple(zip(sorted(raw), _collected(steps), strict=True))

    return Codec(
        lambda pairs, brief: {key: item.dump(one, brief) for key, one in pairs}, load, TABLE, Shape.TABLE, item
    )


def record(kind: type) -> Codec:
    """Return the codec of a frozen dataclass."""
    return Codec(
        lambda value, brief: dump(value, brief=brief),
        lambda raw, place: load(kind, raw, place),
        TABLE,
        Shape.RECORD,
        kind,
    )


def later(codec: Callable[[], Codec]) -> Codec:
    """Return the codec that is only defined further down: for what may contain itself."""
    return Codec(
        lambda value, brief: codec().dump(value, brief),
        lambda raw, place: codec().load(raw, place),
        TABLE,
        Shape.KINDS,
        codec,
    )


def one_of(*kinds: type) -> Codec:
    """Return the codec of a dataclass chosen by the document's ``kind``."""
    by_name = {kind.kind: kind for kind in kinds}  # type: ignore[attr-defined]  # every kind names itself

    def load_kind(raw: Any, place: str) -> Any:
        if not isinstance(raw, dict):
            raise TypeError(raw)
        name = raw.get("kind")
        if not isinstance(name, str) or name not in by_name:
            raise Unreadable(
                [
                    Problem(
                        f"{place}.kind",
                        sentence(N_("“%(value)s” is not possible here."), value=name or ""),
                        sentence(ONE_OF, names=", ".join(by_name)),
                    )
                ]
            )
        return load(by_name[name], {key: raw[key] for key in raw if key != "kind"}, place)

    return Codec(
        lambda value, brief: {"kind": value.kind, **dump(value, brief=brief)}, load_kind, TABLE, Shape.KINDS, by_name
    )


def written(codec: Codec, default: Any = MISSING, *, added: bool = False) -> Any:
    """Return a dataclass field that is written with ``codec``.

    ``added`` marks a field that came after rounds had been frozen: it is written only where it differs from its
    default, so that older documents keep their bytes and their digest.
    """
    return field(default=default, metadata={"codec": codec, "added": added})


def dump(value: Any, *, brief: bool = False) -> Document:
    """Return the document of a dataclass: every field, or only what differs from the default."""
    return {
        each.name: each.metadata["codec"].dump(getattr(value, each.name), brief)
        for each in fields(value)
        if getattr(value, each.name) is not None
        and not ((brief or each.metadata["added"]) and getattr(value, each.name) == each.default)
    }


def load(kind: type, raw: Any, place: str) -> Any:
    """Build a dataclass from its document. Raises Unreadable with every problem inside it."""
    if not isinstance(raw, dict):
        raise Unreadable([_wrong(place, TABLE)])
    known: dict[str, Field[Any]] = {each.name: each for each in fields(kind)}
    prefix = f"{place}." if place else ""
    problems = [_unknown(f"{prefix}{name}", known) for name in raw if name not in known]
    problems += [
        _absent(f"{prefix}{name}") for name, each in known.items() if each.default is MISSING and name not in raw
    ]
    steps = ((f"{prefix}{name}", known[name].metadata["codec"], raw[name]) for name in raw if name in known)
    try:
        values = _collected(steps)
    except Unreadable as unreadable:
        problems += unreadable.problems
    if problems:
        raise Unreadable(problems)
    return kind(**dict(zip((name for name in raw if name in known), values, strict=True)))


def _collected(steps: Iterator[tuple[str, Codec, Any]]) -> list[Any]:
    """Load every value, and only then complain, so that all mistakes are told at once."""
    values, problems = [], []
    for place, codec, raw in steps:
        try:
            values.append(codec.load(raw, place))
        except Unreadable as unreadable:
            problems += unreadable.problems
        except (TypeError, ValueError):
            problems.append(_wrong(place, codec.expected))
    if problems:
        raise Unreadable(problems)
    return values


def _wrong(place: str, expected: str) -> Problem:
    return Problem(place, sentence(N_("This cannot be read.")), sentence(expected))


def _unknown(place: str, known: dict[str, Any]) -> Problem:
    return Problem(
        place,
        sentence(N_("There is no such entry here.")),
        sentence(ONE_OF, names=", ".join(known)),
    )


def _absent(place: str) -> Problem:
    return Problem(place, sentence(N_("This entry is missing.")), sentence(N_("Add it.")))
