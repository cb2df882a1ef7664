"""The steps over sheets, one function each. They change the tally; every change leaves its reason behind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS, Figure, Figures, rounded
from evaluator.rules.procedure import (
    Action,
    Apart,
    ByCount,
    Calibrate,
    Clamp,
    Combine,
    Deviation,
    DropExtremes,
    Extremes,
    LeastSheets,
    Measure,
    Middle,
    PublicVote,
    Round,
    SetAside,
    Spread,
)
from evaluator.rules.scoring.outcome import Dossier, Flag, Season, Sheet, StepResult

ENOUGH = N_("%(sheets)s sheets count; at least %(needed)s are needed.")
TOO_FEW = N_("Only %(sheets)s sheets count, but %(needed)s are needed. Ask for another sheet.")
ALL_DROPPED = N_("Every sheet was dropped, so there is no score. Ask for new sheets.")
NO_SHEETS = N_("There is no sheet yet.")
SET_ASIDE = N_("The sheets of the role “%(role)s” do not make the score; they may break a tie.")
NONE_SET_ASIDE = N_("No sheet of the role “%(role)s” had to be set aside.")
WITHIN = N_("No sheet lies more than %(limit)s from the middle, %(middle)s.")
WITHIN_PERCENT = N_("No sheet lies more than %(limit)s %% from the middle, %(middle)s.")
DROPPED = N_("Sheets more than %(limit)s from the middle, %(middle)s, were dropped: %(totals)s.")
DROPPED_PERCENT = N_("Sheets more than %(limit)s %% from the middle, %(middle)s, were dropped: %(totals)s.")
FAR = N_("Sheets lie more than %(limit)s from the middle, %(middle)s: %(totals)s. Talk about them.")
FAR_PERCENT = N_("Sheets lie more than %(limit)s %% from the middle, %(middle)s: %(totals)s. Talk about them.")
FAR_ASK = N_("Sheets lie more than %(limit)s from the middle, %(middle)s: %(totals)s. Another sheet is needed.")
FAR_ASK_PERCENT = N_(
    "Sheets lie more than %(limit)s %% from the middle, %(middle)s: %(totals)s. Another sheet is needed."
)
WHY_FAR = N_("%(distance)s from the middle, %(middle)s: more than allowed")
CLOSE = N_("Highest and lowest lie %(spread)s apart; up to %(limit)s is allowed.")
CLOSE_PERCENT = N_("Highest and lowest lie %(spread)s apart; up to %(limit)s %% of the highest is allowed.")
WIDE = N_("Highest and lowest lie %(spread)s apart, more than %(limit)s. Talk about them.")
WIDE_PERCENT = N_("Highest and lowest lie %(spread)s apart, more than %(limit)s %% of the highest. Talk about them.")
WIDE_ASK = N_("Highest and lowest lie %(spread)s apart, more than %(limit)s. Another sheet is needed.")
WIDE_ASK_PERCENT = N_(
    "Highest and lowest lie %(spread)s apart, more than %(limit)s %% of the highest. Another sheet is needed."
)
ALONE = N_("No sheet of the role “%(role)s” can be compared with others.")
TOGETHER = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others; up to %(limit)s is allowed."
)
TOGETHER_PERCENT = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others; up to %(limit)s %% of it is allowed."
)
APART = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others, more than %(limit)s. Talk about it."
)
APART_PERCENT = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others, more than %(limit)s %% of it. "
    "Talk about it."
)
APART_ASK = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others, more than %(limit)s. "
    "Another sheet is needed."
)
APART_ASK_PERCENT = N_(
    "The sheet of the role “%(role)s” lies %(spread)s from the mean of the others, more than %(limit)s %% of it. "
    "Another sheet is needed."
)
NOT_MEASURED = N_("No leniency has been measured yet, so the totals stay as they were given.")
NOT_CALIBRATED = N_("The totals stay as they were given. %(why)s")
CALIBRATED = N_("Each reviewer's leniency was taken off: %(before)s became %(after)s.")
WHY_CALIBRATED = N_("%(total)s as given; corrected by the reviewer's leniency to %(counted)s")
KEPT_EXTREMES = N_("%(sheets)s sheets: all of them count.")
DROPPED_EXTREMES = N_("%(sheets)s sheets: the highest and the lowest do not count: %(totals)s.")
MERGED_EXTREMES = N_("%(sheets)s sheets: the highest and the lowest count half each: %(totals)s.")
WHY_HIGHEST = N_("the highest does not count")
WHY_LOWEST = N_("the lowest does not count")
WHY_HALF = N_("highest and lowest count half each")
WHY_ROLE = N_("set aside: this role does not make the score")
CLAMPED = N_("Totals further than %(limit)s from the median, %(middle)s, were moved to that limit: %(totals)s.")
NOT_CLAMPED = N_("No total lies further than %(limit)s from the median, %(middle)s.")
WHY_CLAMPED = N_("moved from %(total)s to %(counted)s")
MEAN = N_("Mean of %(totals)s: %(score)s.")
WEIGHTED_MEAN = N_("Mean of %(totals)s with the weights %(weights)s: %(score)s.")
MEDIAN = N_("Median of %(totals)s: %(score)s.")
SUM = N_("Sum of %(totals)s: %(score)s.")
ROUNDED = {
    "half-up": N_("Rounded half up to %(places)s decimals: %(score)s."),
    "half-even": N_("Rounded half to even to %(places)s decimals: %(score)s."),
    "down": N_("Rounded down to %(places)s decimals: %(score)s."),
    "up": N_("Rounded up to %(places)s decimals: %(score)s."),
}
ROUNDED_SHEETS = N_("Each sheet's total is rounded to %(places)s decimals: %(totals)s.")
PUBLIC_SHARE = N_("Public vote: %(maximum)s × %(votes)s ÷ %(highest)s = %(points)s points.")
PUBLIC_EVERY = N_("Public vote: %(votes)s votes, %(gives)s points for every %(every)s: %(points)s points.")
PUBLIC_NOBODY = N_("Public vote: no dossier of this round has a vote, so nobody gains points.")
PUBLIC_UNKNOWN = N_("Public vote: no count has been entered for this dossier, so it gains no points.")


@dataclass(slots=True)
class Entry:
    """A sheet on its way through the steps; ``uncapped`` is what its criteria add up to."""

    sheet: Sheet
    worths: dict[str, int]
    uncapped: Fraction
    total: Fraction
    counted: Fraction
    weight: Fraction = Fraction(1)
    used: bool = True
    why: Sentence | None = None

    def drop(self, why: Sentence) -> None:
        """Let it count no longer."""
        self.used, self.why = False, why


@dataclass(slots=True)
class Tally:
    """Everything about one dossier while the steps act on it; entries stand in the order of total, reviewer.

    ``reachable`` is the most points a sheet can have.
    """

    dossier: Dossier
    season: Season
    entries: list[Entry]
    reachable: Fraction | None = None
    score: Fraction | None = None
    unscored: Sentence | None = None
    steps: list[StepResult] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)

    @property
    def used(self) -> list[Entry]:
        """Return the entries that still count, lowest first."""
        return [entry for entry in self.entries if entry.used]

    def note(self, step: Any, text: Sentence, adds: Fraction = Fraction(0), about: Iterable[Entry] = ()) -> None:
        """Write down what a step did."""
        reviewers = tuple(entry.sheet.reviewer for entry in about)
        self.steps.append(StepResult(step.kind, text, adds, self.score, reviewers))

    def fail(self, step: Any, why: Sentence) -> None:
        """End without a score; another sheet is needed."""
        self.unscored = why
        self.note(step, why)
        self.flags.append(Flag(Action.ASK, why))


def middle(values: list[Fraction], by: Middle) -> Fraction:
    """Return mean, median or sum of at least one value, exactly."""
    if by is Middle.MEDIAN:
        ordered = sorted(values)
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    whole = sum(values, Fraction(0))
    return whole if by is Middle.SUM else whole / len(values)


def _figures(entries: Iterable[Entry]) -> Figures:
    return Figures(tuple(entry.counted for entry in entries))


def _least_sheets(step: LeastSheets, tally: Tally) -> None:
    count = len(tally.used)
    if count >= step.count:
        tally.note(step, sentence(ENOUGH, sheets=count, needed=step.count))
    else:
        tally.fail(step, sentence(TOO_FEW, sheets=count, needed=step.count))


def _set_aside(step: SetAside, tally: Tally) -> None:
    gone = [entry for entry in tally.used if entry.sheet.role == step.role]
    for entry in gone:
        entry.drop(sentence(WHY_ROLE))
    tally.note(step, sentence(SET_ASIDE if gone else NONE_SET_ASIDE, role=step.role), about=gone)


def _deviation(step: Deviation, tally: Tally) -> None:
    while True:
        centre = middle([entry.counted for entry in tally.used], step.of)
        far = [entry for entry in tally.used if _is_far(abs(entry.counted - centre), centre, step)]
        values: dict[str, object] = {"limit": Figure.of_points(step.limit), "middle": Figure(centre)}
        if not far:
            tally.note(step, sentence(_by_measure(step, WITHIN, WITHIN_PERCENT), **values))
            return
        values["totals"] = _figures(far)
        if step.action is not Action.DROP:
            ask = step.action is Action.ASK
            text = _by_measure(step, FAR_ASK, FAR_ASK_PERCENT) if ask else _by_measure(step, FAR, FAR_PERCENT)
            _flag(step, tally, sentence(text, **values), far)
            return
        for entry in far:
            entry.drop(sentence(WHY_FAR, distance=Figure(abs(entry.counted - centre)), middle=Figure(centre)))
        tally.note(step, sentence(_by_measure(step, DROPPED, DROPPED_PERCENT), **values), about=far)
        if not step.repeat or not tally.used:
            return


def _is_far(distance: Fraction, reference: Fraction, step: Deviation | Spread | Apart) -> bool:
    """Return whether a distance is more than allowed; percent of zero allows nothing."""
    limit = Fraction(step.limit, HUNDREDTHS)
    return distance > (limit if step.measure is Measure.POINTS else limit * abs(reference) / 100)


def _by_measure(step: Deviation | Spread | Apart, points: str, percent: str) -> str:
    return points if step.measure is Measure.POINTS else percent


def _flag(step: Deviation | Spread | Apart, tally: Tally, text: Sentence, about: list[Entry]) -> None:
    tally.note(step, text, about=about)
    tally.flags.append(Flag(step.action, text, tuple(entry.sheet.reviewer for entry in about)))


def _spread(step: Spread, tally: Tally) -> None:
    low, high = _lowest_and_highest(tally)
    distance = high.counted - low.counted
    values = {"spread": Figure(distance), "limit": Figure.of_points(step.limit)}
    if not _is_far(distance, high.counted, step):
        tally.note(step, sentence(_by_measure(step, CLOSE, CLOSE_PERCENT), **values))
        return
    ask = step.action is Action.ASK
    text = _by_measure(step, WIDE_ASK, WIDE_ASK_PERCENT) if ask else _by_measure(step, WIDE, WIDE_PERCENT)
    _flag(step, tally, sentence(text, **values), [low, high])


def _lowest_and_highest(tally: Tally) -> tuple[Entry, Entry]:
    ordered = _ordered(tally)
    return ordered[0], ordered[-1]


def _ordered(tally: Tally) -> list[Entry]:
    return sorted(tally.used, key=lambda entry: (entry.counted, entry.sheet.reviewer))


def _apart(step: Apart, tally: Tally) -> None:
    own = [entry for entry in tally.used if entry.sheet.role == step.role]
    others = [entry.counted for entry in tally.used if entry.sheet.role != step.role]
    if not own or not others:
        tally.note(step, sentence(ALONE, role=step.role))
        return
    centre = middle(others, Middle.MEAN)
    furthest = max(own, key=lambda entry: abs(entry.counted - centre))
    distance = abs(furthest.counted - centre)
    values = {"role": step.role, "spread": Figure(distance), "limit": Figure.of_points(step.limit)}
    if not _is_far(distance, centre, step):
        tally.note(step, sentence(_by_measure(step, TOGETHER, TOGETHER_PERCENT), **values))
        return
    ask = step.action is Action.ASK
    text = _by_measure(step, APART_ASK, APART_ASK_PERCENT) if ask else _by_measure(step, APART, APART_PERCENT)
    _flag(step, tally, sentence(text, **values), [furthest])


def _calibrate(step: Calibrate, tally: Tally) -> None:
    season = tally.season
    if season.doubt is not None:
        tally.note(step, sentence(NOT_CALIBRATED, why=season.doubt))
        return
    moved = [entry for entry in tally.used if season.leniencies.get(entry.sheet.marker)]
    if not moved:
        tally.note(step, sentence(NOT_MEASURED))
        return
    before = _figures(moved)
    for entry in moved:
        given = entry.counted
        corrected = max(given - Fraction(season.leniencies[entry.sheet.marker], HUNDREDTHS), Fraction(0))
        entry.counted = corrected if tally.reachable is None else min(corrected, tally.reachable)
        entry.why = sentence(WHY_CALIBRATED, total=Figure(given), counted=Figure(entry.counted))
    tally.note(step, sentence(CALIBRATED, before=before, after=_figures(moved)), about=moved)


def _drop_extremes(step: DropExtremes, tally: Tally) -> None:
    ordered = _ordered(tally)
    if len(ordered) < step.from_sheets:
        tally.note(step, sentence(KEPT_EXTREMES, sheets=len(ordered)))
        return
    low, high = ordered[: step.lowest], ordered[len(ordered) - step.highest :]
    _drop(low, high)
    gone = low + high
    tally.note(step, sentence(DROPPED_EXTREMES, sheets=len(ordered), totals=_figures(gone)), about=gone)


def _drop(low: list[Entry], high: list[Entry]) -> None:
    for entry in low:
        entry.drop(sentence(WHY_LOWEST))
    for entry in high:
        entry.drop(sentence(WHY_HIGHEST))


def _by_count(step: ByCount, tally: Tally) -> None:
    ordered = _ordered(tally)
    rules = [rule for rule in step.rules if rule.sheets <= len(ordered)]
    if not rules:
        needed = min(rule.sheets for rule in step.rules)
        tally.fail(step, sentence(TOO_FEW, sheets=len(ordered), needed=needed))
        return
    extremes = max(rules, key=lambda rule: rule.sheets).extremes
    ends = [ordered[0], ordered[-1]]
    if extremes is Extremes.KEEP:
        tally.note(step, sentence(KEPT_EXTREMES, sheets=len(ordered)))
    elif extremes is Extremes.DROP:
        _drop(ordered[:1], ordered[-1:])
        tally.note(step, sentence(DROPPED_EXTREMES, sheets=len(ordered), totals=_figures(ends)), about=ends)
    else:
        for entry in ends:
            entry.weight, entry.why = entry.weight / 2, sentence(WHY_HALF)
        tally.note(step, sentence(MERGED_EXTREMES, sheets=len(ordered), totals=_figures(ends)), about=ends)


def _clamp(step: Clamp, tally: Tally) -> None:
    centre = middle([entry.counted for entry in tally.used], Middle.MEDIAN)
    reach = Fraction(step.limit, HUNDREDTHS)
    moved = [entry for entry in tally.used if abs(entry.counted - centre) > reach]
    values = {"limit": Figure(reach), "middle": Figure(centre)}
    if not moved:
        tally.note(step, sentence(NOT_CLAMPED, **values))
        return
    text = sentence(CLAMPED, totals=_figures(moved), **values)
    for entry in moved:
        before, entry.counted = entry.counted, min(max(entry.counted, centre - reach), centre + reach)
        entry.why = sentence(WHY_CLAMPED, total=Figure(before), counted=Figure(entry.counted))
    tally.note(step, text, about=moved)


def _combine(step: Combine, tally: Tally) -> None:
    used = tally.used
    weights = dict(step.weights)
    for entry in used:
        entry.weight *= weights.get(entry.sheet.role, 1)
    values: dict[str, object] = {"totals": _figures(used)}
    if step.by is Middle.MEDIAN:
        tally.score, text = middle([entry.counted for entry in used], Middle.MEDIAN), MEDIAN
    elif step.by is Middle.SUM:
        tally.score, text = _weighted(step.by, used, [entry.counted for entry in used]), SUM
    else:
        tally.score, text = _weighted(step.by, used, [entry.counted for entry in used]), MEAN
        if any(entry.weight != 1 for entry in used):
            text, values["weights"] = WEIGHTED_MEAN, Figures(tuple(entry.weight for entry in used))
    # What the criteria alone bring in, with nothing capped, moved or rounded: the explanation begins there.
    base = _weighted(Middle.SUM if step.by is Middle.SUM else Middle.MEAN, used, [entry.uncapped for entry in used])
    tally.note(step, sentence(text, score=Figure(tally.score), **values), tally.score - base)


def _weighted(by: Middle, used: list[Entry], totals: list[Fraction]) -> Fraction:
    """Return the mean or sum of totals with the weights of their sheets."""
    if all(entry.weight == 1 for entry in used):
        return middle(totals, by)
    whole = sum((total * entry.weight for total, entry in zip(totals, used, strict=True)), Fraction(0))
    return whole if by is Middle.SUM else whole / sum(entry.weight for entry in used)


def _round(step: Round, tally: Tally) -> None:
    if tally.score is None:
        for entry in tally.used:
            entry.counted = rounded(entry.counted, step.places, step.how)
        tally.note(step, sentence(ROUNDED_SHEETS, places=step.places, totals=_figures(tally.used)))
        return
    before, tally.score = tally.score, rounded(tally.score, step.places, step.how)
    text = sentence(ROUNDED[step.how], places=step.places, score=Figure(tally.score, step.places))
    tally.note(step, text, tally.score - before)


def public_points(step: PublicVote, votes: int, highest: int) -> Fraction:
    """Return the points a number of public votes is worth; nothing where nobody has a vote (R4)."""
    maximum = Fraction(step.maximum, HUNDREDTHS)
    if step.every is not None:
        return min(maximum, Fraction(votes // step.every * step.gives, HUNDREDTHS))
    return rounded(maximum * votes / highest, step.places, step.how) if highest else Fraction(0)


def _public_vote(step: PublicVote, tally: Tally) -> None:
    votes, highest = tally.dossier.votes, tally.season.highest_votes
    points = public_points(step, votes or 0, highest)
    values = {"votes": votes, "points": Figure(points)}
    if votes is None:
        text = sentence(PUBLIC_UNKNOWN)
    elif step.every is not None:
        text = sentence(PUBLIC_EVERY, every=step.every, gives=Figure.of_points(step.gives), **values)
    elif not highest:
        text = sentence(PUBLIC_NOBODY)
    else:
        text = sentence(PUBLIC_SHARE, maximum=Figure.of_points(step.maximum), highest=highest, **values)
    tally.score = (tally.score or Fraction(0)) + points
    tally.note(step, text, points)


APPLY: dict[type, Callable[[Any, Tally], None]] = {
    LeastSheets: _least_sheets,
    SetAside: _set_aside,
    Calibrate: _calibrate,
    Apart: _apart,
    Deviation: _deviation,
    Spread: _spread,
    DropExtremes: _drop_extremes,
    ByCount: _by_count,
    Clamp: _clamp,
    Combine: _combine,
    Round: _round,
    PublicVote: _public_vote,
}


def apply(step: Any, tally: Tally) -> None:
    """Let one step act. Without any sheet left only ``least-sheets`` speaks, and there is no score."""
    if tally.used or isinstance(step, LeastSheets):
        APPLY[type(step)](step, tally)
    else:
        tally.fail(step, sentence(ALL_DROPPED if tally.entries else NO_SHEETS))
