"""When no plan exists: the smallest reason, and what would help."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.rules.matching.flow import Flow
from evaluator.rules.matching.problem import PIECE, Impossible, Problem, Shortage, Whole

# Among many initiatives without reviewers the reason is sought from so many; one proof is enough.
ASKED = 64


def check_sums(problem: Problem) -> None:
    """Refuse at once what cannot work by counting alone.

    Raises:
        Impossible: more reviews are needed than reviewers may take, or fewer than they were promised.
    """
    count, width = problem.size
    needed, room, promised = int(problem.seats.sum()), int(problem.most.sum()), int(problem.least.sum())
    everybody = tuple(range(width))
    if needed > room:
        raise Impossible(Shortage(tuple(range(count)), everybody, needed, room, 0, needed - room))
    if promised > needed:
        raise Impossible(Shortage(tuple(range(count)), everybody, needed, promised, 0, promised - needed, owed=True))


def check_rows(problem: Problem) -> None:
    """Refuse when a single initiative has too few reviewers who may read it.

    Raises:
        Impossible: naming the initiative that lacks most.
    """
    worst: Shortage | None = None
    for rows in problem.pieces():
        allowed = problem.allowed(rows)
        for needed, found, of_field in _needs(problem, rows, allowed):
            lacking = needed - found * problem.share // problem.grid
            at = int(lacking.argmax()) if len(lacking) else 0
            if len(lacking) and lacking[at] > (worst.lacking if worst else 0):
                place = rows.start + at
                worst = Shortage((place,), (), int(needed[at]), 0, int(found[at]), int(lacking[at]), of_field=of_field)
    if worst:
        raise Impossible(worst)


def _needs(problem: Problem, rows: slice, allowed: NDArray[np.bool_]) -> Iterator[tuple[Whole, Whole, bool]]:
    """Yield what each row needs and how many may give it: reviews by anybody, and one review by somebody of the field."""
    yield problem.seats[rows], allowed.sum(axis=1), False
    if problem.coverage is not None:
        known = (allowed & problem.coverage.experts(rows)).sum(axis=1)
        yield np.where(problem.coverage.asks(rows), np.minimum(problem.seats[rows], 1), 0), known, True


def pairs_that_help(problem: Problem, flow: Flow, *, asked: int = ASKED) -> Whole:
    """Return pairs through which initiatives without reviewers can be helped by handing work on.

    ``asked``: from so many of them the smallest reason is sought; where any reason will do, one is enough.

    Raises:
        Impossible: a set of initiatives has, together, too few reviewers with room.
    """
    short = np.flatnonzero(flow.missing)
    if not short.size:
        return np.empty(0, np.int64)
    check_rows(problem)
    network = _Network(problem, flow)
    helpful, reasons = [], []
    for start in short[:asked]:
        chain, reason = network.search(int(start))
        helpful.append(chain)
        if reason:
            reasons.append(reason)
    if reasons:
        raise Impossible(min(reasons, key=lambda reason: (len(reason.initiatives), reason.initiatives)))
    return np.concatenate(helpful)


class _Network:
    """What could be handed on, over all allowed pairs, given a flow.

    Where an initiative asks for somebody of its field and all its other seats are given, an expert's seat can only go
    to an expert; another's seat can go to anybody. So each row stands twice: from ``count`` on with every reviewer
    open to it, below with experts alone. Without such a rule only the upper ones are used.
    """

    def __init__(self, problem: Problem, flow: Flow) -> None:
        self.problem, self.flow = problem, flow
        count, width = problem.size
        used = np.flatnonzero(flow.parts > 0)
        self.rows, self.columns = np.divmod(flow.pairs[used], width)
        self.parts = flow.parts[used]
        self.has_room = flow.load < problem.most * problem.grid
        expert = problem.are_experts(self.rows, self.columns)
        lay = np.bincount(self.rows[~expert], self.parts[~expert], count).astype(np.int64)
        self.is_shut = lay >= problem.lay_seats(slice(None))
        self.is_shut &= problem.coverage.asks(slice(None)) if problem.coverage is not None else np.False_
        # Which of the two a row becomes when this pair is handed on.
        self.stands = self.rows + count * ~(expert & self.is_shut[self.rows])

    def search(self, start: int) -> tuple[Whole, Shortage | None]:
        """Look for a chain of hand-overs from an initiative to a reviewer with room; or return why there is none."""
        count, width = self.problem.size
        came_from = np.full(width, -1)
        holder = np.full(2 * count, -1)
        seen = np.zeros(2 * count, np.bool_)
        begin = start if self.is_shut[start] else start + count
        seen[begin] = True
        wave = np.array([begin])
        while wave.size:
            fresh = self._reach(wave, came_from)
            free = fresh[self.has_room[fresh]]
            if free.size:
                return self._chain(begin, int(free[0]), came_from, holder), None
            mine = np.isin(self.columns, fresh) & ~seen[self.stands]
            wave, first = np.unique(self.stands[mine], return_index=True)
            holder[wave] = self.columns[mine][first]
            seen[wave] = True
        return np.empty(0, np.int64), self._reason(seen, np.flatnonzero(came_from >= 0))

    def _usable(self, part: Whole) -> NDArray[np.bool_]:
        """Return which reviewers each of these rows, standing as they do, may be given at all."""
        count = self.problem.size[0]
        usable = self.problem.allowed(part % count)
        if self.problem.coverage is not None:
            usable &= self.problem.coverage.experts(part % count) | (part >= count)[:, None]
        return usable

    def _reach(self, wave: Whole, came_from: Whole) -> Whole:
        """Note from which row of the wave each further reviewer can be reached, and return those reviewers."""
        before = came_from >= 0
        step = max(1, PIECE // max(1, self.problem.size[1]))
        for at in range(0, len(wave), step):
            part = wave[at : at + step]
            usable = self._usable(part) & (came_from < 0)
            usable[self._full(part % self.problem.size[0])] = False
            found = np.flatnonzero(usable.any(axis=0))
            came_from[found] = part[usable[:, found].argmax(axis=0)]
            if self.has_room[found].any() or (came_from >= 0).all():
                break
        return np.flatnonzero((came_from >= 0) & ~before)

    def _full(self, part: Whole) -> tuple[Whole, Whole]:
        """Return row (within the part) and column of the pairs that hold all they may."""
        first, stop = np.searchsorted(self.rows, part), np.searchsorted(self.rows, part, side="right")
        number = stop - first
        at = np.repeat(first - np.cumsum(number) + number, number) + np.arange(number.sum())
        held = self.parts[at] >= self.problem.share
        return np.repeat(np.arange(len(part)), number)[held], self.columns[at][held]

    def _chain(self, begin: int, end: int, came_from: Whole, holder: Whole) -> Whole:
        """Return the new pairs on the way from the initiative to the reviewer with room."""
        count, width = self.problem.size
        steps = []
        reviewer = end
        while True:
            stand = int(came_from[reviewer])
            steps.append(stand % count * width + reviewer)
            if stand == begin:
                return np.array(steps)
            reviewer = int(holder[stand])

    def _reason(self, seen: NDArray[np.bool_], people: Whole) -> Shortage:
        """Return the counts that show the initiatives have too few reviewers together.

        A row that only experts could help lacks one review by an expert; its other seats are no part of the reason.
        """
        (count, width), grid = self.problem.size, self.problem.grid
        whole = seen[count:]
        rows = np.flatnonzero(seen[:count] | whole)
        stands = rows + count * whole[rows]
        outside = np.ones(width, np.bool_)
        outside[people] = False
        step = max(1, PIECE // max(1, width))
        pieces = (self._usable(stands[at : at + step]) & outside for at in range(0, len(rows), step))
        seats = np.where(whole[rows], self.problem.seats[rows], np.minimum(self.problem.seats[rows], 1))
        needed, room = int(seats.sum()), int(self.problem.most[people].sum())
        others = sum(int(piece.sum()) for piece in pieces) * self.problem.share // grid
        lacking = -(-int(self.flow.missing[rows].sum()) // grid)
        of_field = not bool(whole[rows].all())
        return Shortage(tuple(rows.tolist()), tuple(people.tolist()), needed, room, others, lacking, of_field=of_field)


def broken_promise(problem: Problem, flow: Flow) -> Impossible:
    """Return the refusal that names the reviewers whose promised least cannot be kept."""
    grid = problem.grid
    under = np.flatnonzero(flow.load < problem.least * grid)
    owed = int(problem.least[under].sum())
    got = int(flow.load[under].sum()) // grid
    return Impossible(Shortage((), tuple(under.tolist()), owed, got, 0, max(1, owed - got), owed=True))


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would make a plan possible: this many more reviews per reviewer, or this many more reviewers.

    ``more_load`` is None when no load would help; ``more_people`` is the least number that could be enough.
    """

    more_load: int | None
    more_people: int


def remedy(shortage: Shortage, problem: Problem) -> Remedy:
    """Return the smallest relief for one reason; ``solve.relief`` follows it until a plan exists."""
    if shortage.owed or not shortage.reviewers:
        return Remedy(None, shortage.lacking)
    usual = max(1, int(np.median(problem.most)))
    each = min(usual, len(shortage.initiatives))
    most_wanted = int(problem.seats[list(shortage.initiatives)].max())
    people = max(-(-shortage.lacking // each), 1)
    return Remedy(-(-shortage.lacking // len(shortage.reviewers)), min(people, max(most_wanted, people)))


def with_more_load(problem: Problem, more: int) -> Problem:
    """Return the same question where everybody may take so many more."""
    return replace(problem, most=problem.most + more)
