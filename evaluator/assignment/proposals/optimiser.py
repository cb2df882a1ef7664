"""From a round's dossiers and reviewers to the best pairs, each explained; brings numpy and OR-tools, so import it late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from evaluator.assignment.judges import Reviewer
from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules import affinity, conflicts
from evaluator.rules.matching import draw, shortage, solve
from evaluator.rules.matching.problem import Impossible, Problem, Shortage, Whole, barred, seeded_order

# A warning weighs as much as a fifth of a perfect fit: avoided where somebody nearly as good is there.
_WARNING = affinity.WHOLE // 5
# From no dossier to an even share, a further dossier comes to weigh this much: loads stay alike where fit allows.
_EVENNESS = affinity.WHOLE // 5
_OTHERS = 15
# Each level tried costs a flow: with more pairs the search would outlast the lease of a piece of long work.
_FAIR_UP_TO = 5_000_000
_NAMED = 5
_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier that needs reviewers; ``has`` are the ids of those who have it already."""

    id: int
    code: str
    field: str
    text: str
    wanted: int
    has: frozenset[int]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything an answer depends on; ``room``, ``least`` and ``carried`` run in parallel to ``reviewers``."""

    dossiers: Sequence[Dossier]
    reviewers: Sequence[Reviewer]
    room: Sequence[int]
    least: Sequence[int]
    carried: Sequence[int]
    barred: frozenset[tuple[int, int]] = frozenset()  # reviewer id, initiative id
    warned: Mapping[tuple[int, int], Sentence] = field(default_factory=dict)
    experience: Mapping[int, str] = field(default_factory=dict)  # by reviewer id: titles of earlier works
    seed: int = 0
    is_fair: bool = True
    share: Fraction = Fraction(1)  # no pair more likely than this; 1: no lot is drawn


@dataclass(frozen=True, slots=True)
class Pair:
    """A reviewer for a dossier, how well they suit, and why, in words."""

    initiative_id: int
    reviewer_id: int
    affinity: int
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best pairs; per dossier who else would suit, best first; how far from the best at most (proven)."""

    pairs: list[Pair]
    others: "Others"
    gap: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """Who else would suit each dossier: ids of reviewers and their affinities, a row per dossier, -1 for nobody."""

    reviewers: NDArray[np.int64]
    affinities: NDArray[np.int16]

    def of(self, row: int) -> list[list[int]]:
        """Return the pairs of one row, best first."""
        found = zip(self.reviewers[row].tolist(), self.affinities[row].tolist(), strict=True)
        return [[reviewer, value] for reviewer, value in found if value >= 0]


def answer(question: Question) -> Answer:
    """Return the best assignment.

    Raises:
        Invalid: there is none; says the smallest reason, and what would make one possible.
    """
    if not question.reviewers:
        raise Invalid(N_("There is no reviewer yet. Give the role of reviewer to some accounts first."))
    model = affinity.Affinities(
        [_expert(each, question.experience.get(each.id, "")) for each in question.reviewers],
        (affinity.Subject(each.field, each.text) for each in question.dossiers),
    )
    fit = _table(model, len(question.dossiers), len(question.reviewers))
    rows = seeded_order([dossier.code for dossier in question.dossiers], question.seed)
    columns = seeded_order([reviewer.email for reviewer in question.reviewers], question.seed)
    problem = _problem(question, fit, rows, columns)
    try:
        plan = (solve.fair if question.is_fair and fit.size <= _FAIR_UP_TO else solve.assign)(problem)
    except Impossible as error:
        raise _refusal(question, problem, error.shortage, rows, columns) from error
    drawn = plan if problem.grid == 1 else draw.draw(plan, problem.grid, question.seed)
    return Answer(
        pairs=_pairs(question, model, fit, rows[drawn.initiative], columns[drawn.reviewer]),
        others=_others(question, fit, problem, rows, columns),
        gap=plan.gap,
    )


def _expert(reviewer: Reviewer, experience: str) -> affinity.Expert:
    """Return what a reviewer knows: declared fields and words, and what earlier works were called."""
    words = f"{reviewer.keywords} {' '.join(reviewer.fields)} {experience}"
    return affinity.Expert(frozenset(reviewer.fields), words)


def _table(model: affinity.Affinities, count: int, width: int) -> NDArray[np.int16]:
    fit = np.zeros((count, width), np.int16)
    for start in range(0, count, _ROWS):
        stop = min(count, start + _ROWS)
        fit[start:stop] = model.rows(range(start, stop))
    return fit


def _problem(question: Question, fit: NDArray[np.int16], rows: Whole, columns: Whole) -> Problem:
    """Return the question in numbers: rows and columns in the order of the seed, conflicts and present work barred."""
    share = sum(dossier.wanted for dossier in question.dossiers) // len(question.reviewers)
    even = max(1, _EVENNESS // max(1, share + sum(question.carried) // len(question.reviewers)))
    # Who carries something already stands as many steps higher; at most as many as keep the numbers small.
    steps = np.minimum(np.array([question.carried[at] for at in columns], np.int64) * even, affinity.WHOLE)
    worth = np.empty_like(fit)
    for start in range(0, len(rows), _ROWS):  # piece by piece: a province's table is a hundred megabytes
        part = slice(start, start + _ROWS)
        worth[part] = fit[rows[part]][:, columns] - steps.astype(np.int16)
    row_of = {question.dossiers[at].id: place for place, at in enumerate(rows.tolist())}
    column_of = {question.reviewers[at].id: place for place, at in enumerate(columns.tolist())}
    for reviewer_id, initiative_id in question.warned:
        if initiative_id in row_of and reviewer_id in column_of:
            worth[row_of[initiative_id], column_of[reviewer_id]] -= _WARNING
    taken = {(each, dossier.id) for dossier in question.dossiers for each in dossier.has}
    for reviewer_id, initiative_id in chain(question.barred, taken):
        if initiative_id in row_of and reviewer_id in column_of:
            worth[row_of[initiative_id], column_of[reviewer_id]] = barred(worth)
    problem = Problem(
        worth=worth,
        even=even,
        seats=np.array([question.dossiers[at].wanted for at in rows], np.int64),
        most=np.minimum(np.array([question.room[at] for at in columns], np.int64), len(rows)),
        least=np.array([question.least[at] for at in columns], np.int64),
        seed=question.seed,
    )
    return problem if question.share == 1 else draw.by_lot(problem, question.share)


def _pairs(
    question: Question, model: affinity.Affinities, fit: NDArray[np.int16], rows: Whole, columns: Whole
) -> list[Pair]:
    """Return the pairs in the order of the dossiers, each with its reasons."""
    found = []
    for at in np.lexsort((columns, rows)).tolist():
        row, column = int(rows[at]), int(columns[at])
        dossier, reviewer = question.dossiers[row], question.reviewers[column]
        reasons = model.explain(row, column)
        warning = question.warned.get((reviewer.id, dossier.id))
        if warning:
            reasons.append(sentence(N_("Note: the reviewer %(reason)s."), reason=warning))
        found.append(Pair(dossier.id, reviewer.id, int(fit[row, column]), tuple(reasons)))
    return found


def _others(question: Question, fit: NDArray[np.int16], problem: Problem, rows: Whole, columns: Whole) -> Others:
    """Return for each dossier the reviewers who suit best among all who may read it."""
    keep = min(_OTHERS, len(columns))
    ids = np.array([question.reviewers[at].id for at in columns], np.int64)
    found = Others(np.zeros((len(rows), keep), np.int64), np.full((len(rows), keep), -1, np.int16))
    for place, row in enumerate(rows.tolist()):
        values = np.where(problem.worth[place] == barred(problem.worth), -1, fit[row, columns])
        best = np.argsort(-values, kind="stable")[:keep]
        found.reviewers[row], found.affinities[row] = ids[best], values[best]
    return found


def _refusal(question: Question, problem: Problem, reason: Shortage, rows: Whole, columns: Whole) -> Invalid:
    """Return the smallest reason in words, with the ways out."""
    if reason.owed:
        return Invalid.on(
            "least", N_("The least number of dossiers per reviewer cannot be kept for everybody. Choose a lower one.")
        )
    if len(reason.initiatives) == len(question.dossiers) and len(reason.reviewers) == len(question.reviewers):
        help_ = shortage.remedy(reason, problem)
        return Invalid.on(
            "most",
            N_(
                "%(needed)s reviews are needed, but the %(people)s reviewers may take only %(room)s together. "
                "Let each take %(more)s more, or add at least %(reviewers)s reviewers."
            ),
            needed=reason.needed,
            people=len(reason.reviewers),
            room=reason.room,
            more=help_.more_load,
            reviewers=help_.more_people,
        )
    codes = _listed([question.dossiers[int(rows[place])].code for place in reason.initiatives])
    if not reason.reviewers:
        free = np.flatnonzero(problem.allowed(np.array(reason.initiatives))[0])
        names = [question.reviewers[int(columns[place])].name for place in free]
        return Invalid.on(
            "reviews",
            N_(
                "Too few reviewers are free of a conflict of interest for the dossier %(code)s: it needs %(needed)s, "
                "and only these may read it: %(names)s. Invite an expert from outside, or ask for fewer reviews."
            ),
            code=codes,
            needed=reason.needed,
            names=_listed(names) or "–",
        )
    help_ = shortage.remedy(reason, problem)
    return Invalid.on(
        "most",
        N_(
            "%(count)s dossiers (%(codes)s) may only be read by the same %(people)s reviewers (%(names)s), who can take "
            "%(room)s of the %(needed)s reviews. Let each take %(more)s more, or add at least %(reviewers)s reviewers "
            "without a conflict of interest."
        ),
        count=len(reason.initiatives),
        codes=codes,
        people=len(reason.reviewers),
        names=_listed([question.reviewers[int(columns[place])].name for place in reason.reviewers]),
        room=reason.room + reason.others,
        needed=reason.needed,
        more=help_.more_load,
        reviewers=help_.more_people,
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown


def conflict_sets(
    found: Mapping[tuple[int, int], Sequence[conflicts.Finding]],
) -> tuple[frozenset[tuple[int, int]], dict[tuple[int, int], Sentence]]:
    """Split the conflicts found into pairs that are barred and pairs that carry a warning."""
    bars = {pair for pair, reasons in found.items() if reasons[0].weight is conflicts.Weight.BAR}
    return frozenset(bars), {pair: reasons[0].reason for pair, reasons in found.items() if pair not in bars}
