"""The question of an assignment and its answer, as frozen values of whole numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Table = NDArray[np.signedinteger]

# Rows are looked at in pieces of about this many numbers, so that a piece stays small in memory.
PIECE = 1 << 19
# What a barred pair is worth inside a piece: less than any price can make up for.
NEVER = -(1 << 60)
_NEVER_NARROW = -(1 << 30)


def barred(worth: Table) -> int:
    """Return the number that marks a forbidden pair in a table of this type."""
    return int(np.iinfo(worth.dtype).min)


def closed(values: Table) -> int:
    """Return the number that marks a forbidden pair in such a piece."""
    return _NEVER_NARROW if values.dtype == np.int32 else NEVER


def is_open(values: Table) -> NDArray[np.bool_]:
    """Return which numbers of a piece made by ``Problem.less`` stand for an allowed pair."""
    opened: NDArray[np.bool_] = values > closed(values) // 2
    return opened


def seeded_order(keys: Sequence[str], seed: int) -> Whole:
    """Return the positions of the keys in an order that depends on the seed, not on the file.

    Ties between equally good plans fall by this order, so nobody gains by standing first.
    """
    salt = seed.to_bytes(16, "big", signed=True)
    marks = [blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys]
    return np.argsort(np.frombuffer(b"".join(marks), ">u8"), kind="stable").astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Who knows the field of which initiative: at least one whole review of each is by such a reviewer.

    field   P: the number of each initiative's field; -1: it asks for nobody
    knows   fields x R: whether a reviewer knows a field
    """

    field: Whole
    knows: NDArray[np.bool_]

    def asks(self, rows: slice | Whole) -> NDArray[np.bool_]:
        """Return which of the rows ask for somebody of their field."""
        asking: NDArray[np.bool_] = self.field[rows] >= 0
        return asking

    def experts(self, rows: slice | Whole) -> NDArray[np.bool_]:
        """Return per row and reviewer whether the reviewer knows the field; everybody does where nobody is asked for."""
        known: NDArray[np.bool_] = self.knows[self.field[rows]] | ~self.asks(rows)[:, None]
        return known

    def are_experts(self, rows: Whole, columns: Whole) -> NDArray[np.bool_]:
        """Return the same for single pairs."""
        known: NDArray[np.bool_] = self.knows[self.field[rows], columns] | ~self.asks(rows)
        return known

    def only(self, rows: Whole) -> "Coverage":
        """Return the same of some rows."""
        return Coverage(self.field[rows], self.knows)

    def without(self, rows: Whole) -> "Coverage":
        """Return the same where these rows ask for nobody any more."""
        field = self.field.copy()
        field[rows] = -1
        return Coverage(field, self.knows)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is asked.

    worth   P x R whole numbers (affinity times a power of ten); ``barred(worth)`` forbids the pair
    seats   P: reviews an initiative needs; most, least: R: what a reviewer may and should take
    grid    parts of which a whole assignment of a pair consists (1, or a power of two when drawn by lot)
    share   parts of the grid that one pair may hold at most
    floor   pairs worth less are forbidden as well
    even    each further assignment of a reviewer costs so much more than the one before: keeps loads alike
    coverage  of whom at least one review of each initiative must be; None: no matter
    """

    worth: Table
    seats: Whole
    most: Whole
    least: Whole
    seed: int = 0
    grid: int = 1
    share: int = 1
    floor: int | None = None
    even: int = 0
    coverage: Coverage | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Return how many initiatives and how many reviewers there are."""
        return self.worth.shape[0], self.worth.shape[1]

    @property
    def span(self) -> int:
        """Return a number that no difference of two allowed worths exceeds."""
        lows, highs = [0], [0]
        for rows in self.pieces():
            piece = self.worth[rows]
            highs.append(int(piece.max(initial=0)))
            lows.append(int(piece.min(initial=0, where=piece != barred(self.worth))))
        return max(highs) - min(lows) + 1

    def pieces(self) -> Iterator[slice]:
        """Yield the rows in slices small enough to be worked on at once."""
        count, width = self.size
        step = max(1, PIECE // max(1, width))
        for start in range(0, count, step):
            yield slice(start, min(count, start + step))

    def less(self, rows: slice | Whole, price: Whole) -> Table:
        """Return worth minus price of the rows, with NEVER-like numbers at forbidden pairs."""
        piece = self.worth[rows]
        closed = piece == barred(self.worth)
        if self.floor is not None:
            closed |= piece < self.floor
        narrow = max(abs(int(price.min(initial=0))), abs(int(price.max(initial=0)))) < 1 << 28
        if narrow and self.worth.dtype.itemsize <= 2:
            values: Table = piece.astype(np.int32)
            values -= price.astype(np.int32)
            values[closed] = _NEVER_NARROW
            return values
        wide: Table = piece.astype(np.int64)
        wide -= price
        wide[closed] = NEVER
        return wide

    def allowed(self, rows: slice | Whole) -> NDArray[np.bool_]:
        """Return which pairs of the rows are not forbidden."""
        piece = self.worth[rows]
        free: NDArray[np.bool_] = piece != barred(self.worth)
        if self.floor is not None:
            free &= piece >= self.floor
        return free

    def lay_seats(self, rows: slice | Whole) -> Whole:
        """Return how many parts of each row may go to reviewers who do not know its field."""
        parts = self.seats[rows] * self.grid
        if self.coverage is None:
            return parts
        laid: Whole = np.where(self.coverage.asks(rows), np.maximum(parts - self.grid, 0), parts)
        return laid

    def are_experts(self, rows: Whole, columns: Whole) -> NDArray[np.bool_]:
        """Return which single pairs count as of the field."""
        if self.coverage is None:
            return np.ones(len(rows), np.bool_)
        return self.coverage.are_experts(rows, columns)

    def seat_cost(self, seat: Whole, fine: int) -> Whole:
        """Return what each reviewer's seat of that number costs: evenness, less the fine for a promise not kept."""
        return self.even * seat - np.where(seat < self.least, fine, 0)

    def load_cost(self, load: Whole) -> int:
        """Return what evenness takes from a plan with these loads (in parts)."""
        seats, rest = np.divmod(load, self.grid)
        return int((self.even * (self.grid * seats * (seats - 1) // 2 + rest * seats)).sum())

    def with_floor(self, floor: int | None) -> "Problem":
        """Return the same question where pairs worth less than the floor are forbidden."""
        return replace(self, floor=floor)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An answer: who reviews what, what it is worth, and what the best possible could be worth.

    ``initiative``, ``reviewer`` and ``parts`` run in parallel, one entry per pair.
    ``total`` and ``bound`` count worth times parts, less what evenness takes; their difference is proven.
    """

    initiative: Whole
    reviewer: Whole
    parts: Whole
    total: int
    bound: int
    rounds: int = 1
    floor: int | None = None

    @property
    def gap(self) -> Fraction:
        """Return what an optimal plan could still gain at most, relative to this one."""
        if self.bound <= self.total:
            return Fraction(0)
        return Fraction(self.bound - self.total, max(1, abs(self.total)))

    def loads(self, reviewers: int) -> Whole:
        """Return how many parts every reviewer carries."""
        return np.bincount(self.reviewer, self.parts, reviewers).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Shortage:
    """The smallest reason found why no plan exists: positions, not names.

    The ``initiatives`` need ``needed`` reviews together. Outside the ``reviewers``, who may take ``room``
    in all, they have only ``others`` allowed pairs; so ``lacking`` reviews find nobody.
    With ``of_field`` some of these reviews must be by somebody of the initiative's own field.
    With ``owed`` it is the other way about: these reviewers were promised more than they may be given.
    """

    initiatives: tuple[int, ...]
    reviewers: tuple[int, ...]
    needed: int
    room: int
    others: int
    lacking: int
    owed: bool = field(default=False)
    of_field: bool = field(default=False)


class Impossible(Exception):
    """No plan meets every demand; carries the smallest reason."""

    def __init__(self, shortage: Shortage) -> None:
        super().__init__(f"{shortage.lacking} reviews find nobody")
        self.shortage = shortage
