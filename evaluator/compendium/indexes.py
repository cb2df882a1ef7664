"""What the back matter and the site look things up by: authors, units, fields, each in Vietnamese order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from evaluator.compendium.edition import Edition, Entry
from evaluator.rules.vietnamese import index_letter, name_key, sort_key, split_name


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One name and the numbers of the entries it stands in."""

    name: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexGroup:
    """The lines under one letter."""

    letter: str
    lines: tuple[IndexLine, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The entries of one field."""

    place: int
    field: str
    entries: tuple[Entry, ...]


def parts(edition: Edition) -> tuple[Part, ...]:
    """Return the parts of the book: the fields in the edition's order that have entries."""
    filled = [
        (field, found)
        for field in edition.fields
        if (found := tuple(entry for entry in edition.entries if entry.field == field))
    ]
    return tuple(Part(place, field, found) for place, (field, found) in enumerate(filled, 1))


def authors(edition: Edition) -> tuple[IndexGroup, ...]:
    """Return the authors by given name, then middle names, then family name (domain.md 8.1)."""
    pairs = ((author.name, entry.number) for entry in edition.entries for author in entry.authors)
    return _grouped(pairs, name_key, lambda name: index_letter(given_name(name)))


def units(edition: Edition) -> tuple[IndexGroup, ...]:
    """Return the units in the order of the Vietnamese alphabet."""
    return _grouped(((entry.unit, entry.number) for entry in edition.entries), sort_key, index_letter)


def given_name(name: str) -> str:
    """Return the part of a name that Vietnamese lists are ordered by (tên), without degrees."""
    return split_name(name)[2] or name


def _grouped(
    pairs: Iterable[tuple[str, int]], key: Callable[[str], str], letter: Callable[[str], str]
) -> tuple[IndexGroup, ...]:
    found: dict[str, set[int]] = {}
    for name, number in pairs:
        found.setdefault(name, set()).add(number)
    lines = [IndexLine(name, tuple(sorted(found[name]))) for name in sorted(found, key=key)]
    return tuple(IndexGroup(initial, tuple(group)) for initial, group in groupby(lines, lambda line: letter(line.name)))
