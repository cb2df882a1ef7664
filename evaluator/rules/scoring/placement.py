"""Relative placement: ranks from the places each reviewer gave, where reviewers' scales cannot be compared.

After nsdc.dance: whoever a majority of the reviewers placed first is first; a place further down needs a majority for
"that place or better". The greater majority goes first, then the smaller sum of the places in it, then the same
question with one place more. It needs a total from every reviewer on every dossier.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Placed:
    """What a dossier's place rests on: ``votes`` of ``judges`` put it at ``column`` or better, together ``places``."""

    initiative: str
    column: int
    votes: int
    places: int
    judges: int


@dataclass(frozen=True, slots=True)
class Order:
    """Dossiers best first, those nothing tells apart together; ``incomplete`` lack a reviewer's total."""

    blocks: tuple[tuple[Placed, ...], ...]
    incomplete: tuple[str, ...]
    judges: int


def order(marks: Mapping[str, Mapping[str, Fraction]]) -> Order:
    """Return the dossiers by relative placement.

    ``marks`` are totals by dossier and reviewer. Equal totals of one reviewer share the better place.
    """
    judges = sorted({judge for given in marks.values() for judge in given})
    complete = sorted(name for name, given in marks.items() if len(given) == len(judges))
    of_judges = [_places({name: marks[name][judge] for name in complete}) for judge in judges]
    rows = [_Row(name, sorted(places[name] for places in of_judges)) for name in complete]
    rows.sort(key=lambda row: row.column)
    blocks = [
        tuple(row.placed() for row in block)
        for column, equals in groupby(rows, key=lambda row: row.column)
        for block in _split(list(equals), column, len(complete))
    ]
    return Order(tuple(blocks), tuple(sorted(marks.keys() - set(complete))), len(judges))


def _places(totals: Mapping[str, Fraction]) -> dict[str, int]:
    """Return the place of each dossier with one reviewer, best first; equals share the better one."""
    found: dict[str, int] = {}
    for _total, equals in groupby(sorted(totals, key=lambda name: -totals[name]), key=lambda name: totals[name]):
        found |= dict.fromkeys(equals, len(found) + 1)
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """A dossier with the places it was given, best first."""

    initiative: str
    places: list[int]

    @property
    def column(self) -> int:
        """Return the best place for which there is a majority."""
        return self.places[len(self.places) // 2]

    def merit(self, column: int) -> tuple[int, int]:
        """Return what is compared at a place, smaller first: the votes for it or better, then their sum."""
        inside = [place for place in self.places if place <= column]
        return -len(inside), sum(inside)

    def placed(self) -> Placed:
        """Return what the place rests on."""
        votes, places = self.merit(self.column)
        return Placed(self.initiative, self.column, -votes, places, len(self.places))


def _split(block: list[_Row], column: int, last: int) -> Iterator[list[_Row]]:
    """Yield a block of equals in parts, best first, asking one place further each time."""
    if len(block) == 1 or column > last:
        yield block
        return
    block.sort(key=lambda row: row.merit(column))
    for _merit, equals in groupby(block, key=lambda row: row.merit(column)):
        yield from _split(list(equals), column + 1, last)
