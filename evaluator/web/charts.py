"""Where the marks of a picture stand: figures in, coordinates out; the macros only draw them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 22, 34


@dataclass(frozen=True, slots=True)
class Mark:
    """One dot or tick: where, what it says, and whether it stands out."""

    x: float
    y: float
    label: str = ""
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where, how large, what it says, and its kind ("", good, bad, gold, quiet)."""

    x: float
    y: float
    width: float
    height: float
    label: str
    figure: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dots:
    """The totals of all sheets on one dossier, on the scale of the rubric."""

    dots: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    low: float
    high: float
    mean: float | None
    mean_text: str
    pass_at: float | None
    pass_text: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many dossiers reached how many points, with the pass line."""

    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    pass_at: float | None
    pass_text: str

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """The same as a table."""
        return [(bar.label, bar.figure) for bar in self.bars]


@dataclass(frozen=True, slots=True)
class Curve:
    """Done against time, with the even pace as a plan and the deadline."""

    points: str
    plan: str
    ticks: tuple[Mark, ...]
    rows: tuple[Mark, ...]
    end: Mark | None


@dataclass(frozen=True, slots=True)
class Vote:
    """Yes, no and no opinion on one base, with the threshold."""

    bars: tuple[Bar, ...]
    needed_at: float


def dots(
    totals: Sequence[tuple[float, str, bool]],
    *,
    maximum: float,
    mean: tuple[float, str] | None = None,
    pass_mark: tuple[float, str] | None = None,
) -> Dots:
    """Place sheets (total, its words, whether it is far from the others) on a line from 0 to the maximum."""
    scale = _scale(maximum, 12, WIDTH - 12)
    taken: dict[int, int] = {}
    marks = []
    for total, words, is_far in sorted(totals):
        x = scale(total)
        level = taken[round(x / 16)] = taken.get(round(x / 16), -1) + 1
        marks.append(Mark(x, 58 - 15 * level, words, is_far))
    xs = [mark.x for mark in marks]
    return Dots(
        dots=tuple(marks),
        ticks=tuple(Mark(scale(maximum * i / 10), 0, _short(maximum * i / 10)) for i in range(0, 11, 2)),
        low=min(xs, default=0),
        high=max(xs, default=0),
        mean=scale(mean[0]) if mean else None,
        mean_text=mean[1] if mean else "",
        pass_at=scale(pass_mark[0]) if pass_mark else None,
        pass_text=pass_mark[1] if pass_mark else "",
    )


def histogram(
    counts: Sequence[tuple[float, float, int]], *, maximum: float, pass_mark: tuple[float, str] | None = None
) -> Histogram:
    """Place counts of (from, to, how many) as bars; those from the pass mark on are told apart."""
    across, most = _scale(maximum, LEFT, WIDTH - RIGHT), max((count for *_, count in counts), default=0)
    top = _round_up(most)
    up = _scale(top, HEIGHT - BOTTOM, TOP)
    edge = pass_mark[0] if pass_mark else None
    bars = tuple(
        Bar(
            across(low) + 1.5,
            up(count),
            across(high) - across(low) - 3,
            up(0) - up(count),
            f"{_short(low)}–{_short(high)}",
            str(count),
            "" if edge is None or low < edge else "ink",
        )
        for low, high, count in counts
    )
    return Histogram(
        bars=bars,
        ticks=tuple(Mark(across(maximum * i / 10), HEIGHT - BOTTOM + 18, _short(maximum * i / 10)) for i in range(11)),
        rows=tuple(Mark(LEFT, up(top * i / 4), _short(top * i / 4)) for i in range(5)),
        pass_at=across(edge) if edge is not None else None,
        pass_text=pass_mark[1] if pass_mark else "",
    )


def curve(
    done: Sequence[tuple[datetime, int]],
    *,
    total: int,
    start: datetime,
    end: datetime,
    now: datetime,
    words: Sequence[tuple[datetime, str]] = (),
) -> Curve:
    """Place a running count of what is done between start and deadline; ``words`` are ticks on the days."""
    span = max((end - start).total_seconds(), 1)
    across = _scale(span, LEFT, WIDTH - RIGHT)
    up = _scale(max(total, 1), HEIGHT - BOTTOM, TOP)

    def place(moment: datetime) -> float:
        return across(min(max((moment - start).total_seconds(), 0), span))

    steps = [(place(start), up(0)), *((place(moment), up(count)) for moment, count in done)]
    if done:
        steps.append((place(min(now, end)), up(done[-1][1])))
    path = [steps[0]] + [corner for (_, y), (x, y2) in pairwise(steps) for corner in ((x, y), (x, y2))]
    return Curve(
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in path),
        plan=f"{across(0):.1f},{up(0):.1f} {across(span):.1f},{up(max(total, 1)):.1f}",
        ticks=tuple(Mark(place(moment), HEIGHT - BOTTOM + 18, text) for moment, text in words),
        rows=tuple(Mark(LEFT, up(max(total, 1) * i / 4), _short(round(max(total, 1) * i / 4))) for i in range(5)),
        end=Mark(*steps[-1], str(done[-1][1])) if done else None,
    )


def funnel(stages: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """Place stages (words, count, kind) as bars from the widest on, one under the other."""
    across = _scale(max((count for _, count, _ in stages), default=0) or 1, 0, WIDTH - 250)
    return tuple(
        Bar(170, 8 + 34 * i, max(across(count), 2), 24, label, str(count), kind)
        for i, (label, count, kind) in enumerate(stages)
    )


def vote(yes: int, no: int, none: int, *, base: int, needed: int) -> Vote:
    """Place the votes on one base as parts of one bar, with the threshold."""
    across = _scale(max(base, yes + no + none, 1), 0, WIDTH)
    bars, x = [], 0.0
    for count, kind in ((yes, "good"), (none, "quiet"), (no, "bad")):
        bars.append(Bar(x, 16, across(count), 22, "", str(count), kind))
        x += across(count)
    return Vote(tuple(bars), across(needed))


def _scale(maximum: float, start: float, end: float) -> Callable[[float], float]:
    def place(value: float) -> float:
        return round(start + (end - start) * value / (maximum or 1), 1)

    return place


def _round_up(most: int) -> int:
    """Return the next count that four rows of the grid divide well."""
    step = next(unit * 10**power for power in range(8) for unit in (1, 2, 5) if unit * 10**power * 4 >= most)
    return max(step * 4, 4)


def _short(value: float) -> str:
    return f"{value:g}"
