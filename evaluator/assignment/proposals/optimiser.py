"""From a round's dossiers and reviewers to the best pairs, each explained; brings numpy and OR-tools, so import it late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from evaluator.assignment.judges import Reviewer
from evaluator.assignment.proposals import refusals
from evaluator.assignment.proposals.question import FAIR_UP_TO, Question
from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules import affinity, conflicts
from evaluator.rules.assigning import Wish
from evaluator.rules.matching import apart, draw, solve
from evaluator.rules.matching.problem import Coverage, Impossible, Problem, Whole, barred, seeded_order

# A warning weighs as much as a fifth of a perfect fit: avoided where somebody nearly as good is there.
_WARNING = affinity.WHOLE // 5
# From no dossier to an even share, a further dossier comes to weigh this much: loads stay alike where fit allows.
_EVENNESS = affinity.WHOLE // 5
_OTHERS = 15
_ROWS = 2048
_SAID = {Wish.GLADLY: 1, Wish.RATHER_NOT: -1}
_WISHES = {
    Wish.GLADLY: N_("The reviewer would gladly read it."),
    Wish.RATHER_NOT: N_("The reviewer would rather not read it; nobody else suited nearly as well."),
}


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
    _weigh_wishes(question, fit)
    rows = seeded_order([dossier.code for dossier in question.dossiers], question.seed)
    columns = seeded_order([reviewer.email for reviewer in question.reviewers], question.seed)
    problem = _problem(question, fit, rows, columns)
    places = Places(question, rows, columns)
    must = places.pairs(question.must)
    problem = solve.set_aside(problem, *must)
    close = _close(question, columns)
    _bar_close_to_given(question, places, problem, close)
    best = solve.fair if question.is_fair and fit.size <= FAIR_UP_TO else solve.assign
    try:
        plan = best(problem)
    except Impossible as error:
        raise refusals.refusal(question, problem, error.shortage, rows, columns) from error
    try:
        plan = plan if close is None else apart.keep(problem, plan, close, best=best)
    except Impossible as error:
        raise refusals.nobody_left_apart(question, error.shortage, rows) from error
    drawn = plan
    if problem.grid > 1:
        drawn = draw.draw(
            plan, problem.grid, question.seed, experts=problem.are_experts(plan.initiative, plan.reviewer)
        )
    every_row, every_column = np.append(must[0], drawn.initiative), np.append(must[1], drawn.reviewer)
    return Answer(
        pairs=_pairs(question, model, fit, rows[every_row], columns[every_column]),
        others=_others(question, fit, problem, rows, columns),
        gap=plan.gap,
    )


class Places:
    """Where people and dossiers stand in the table of the problem."""

    def __init__(self, question: Question, rows: Whole, columns: Whole) -> None:
        self.row_of = {question.dossiers[at].id: place for place, at in enumerate(rows.tolist())}
        self.column_of = {question.reviewers[at].id: place for place, at in enumerate(columns.tolist())}

    def pairs(self, pairs: Iterable[tuple[int, int]]) -> tuple[Whole, Whole]:
        """Return rows and columns of the pairs (reviewer id, initiative id) that are in the table."""
        found = (
            (self.row_of[initiative_id], self.column_of[reviewer_id])
            for reviewer_id, initiative_id in pairs
            if initiative_id in self.row_of and reviewer_id in self.column_of
        )
        # One number after the other: of a province's conflicts, a million pairs, no list is made.
        rows, columns = np.fromiter(chain.from_iterable(found), np.int64).reshape(-1, 2).T
        return rows, columns


def _weigh_wishes(question: Question, fit: NDArray[np.int16]) -> None:
    if question.wishes is None:
        return
    affinity.make_room_for_wishes(fit)
    places = Places(question, np.arange(len(question.dossiers)), np.arange(len(question.reviewers)))
    for wish, said in _SAID.items():
        pairs = places.pairs(pair for pair, each in question.wishes.items() if each is wish)
        affinity.add_wishes(fit, *pairs, said)


def _close(question: Question, columns: Whole) -> NDArray[np.bool_] | None:
    """Return who never reads the same dossier as whom; None where nobody is kept apart."""
    people = [question.reviewers[at] for at in columns]
    close = np.zeros((len(people), len(people)), np.bool_)
    if question.is_cross_unit:
        units = np.array([each.unit_id or -place for place, each in enumerate(people, 1)])  # no unit: close to nobody
        close |= units[:, None] == units
    place_of = {each.id: place for place, each in enumerate(people)}
    for one, other in question.apart:
        if one in place_of and other in place_of:
            close[place_of[one], place_of[other]] = close[place_of[other], place_of[one]] = True
    np.fill_diagonal(close, val=False)
    return close if close.any() else None


def _bar_close_to_given(question: Question, places: Places, problem: Problem, close: NDArray[np.bool_] | None) -> None:
    """Keep whoever may not meet a dossier's present or settled reviewers away from it."""
    if close is None:
        return
    there = {(each, dossier.id) for dossier in question.dossiers for each in dossier.has} | question.must
    rows, columns = places.pairs(there)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        problem.worth[row, close[column]] = barred(problem.worth)


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
    places = Places(question, rows, columns)
    worth[places.pairs(question.warned)] -= _WARNING
    taken = {(each, dossier.id) for dossier in question.dossiers for each in dossier.has}
    worth[places.pairs(chain(question.barred, taken))] = barred(worth)
    problem = Problem(
        worth=worth,
        even=even,
        seats=np.array([question.dossiers[at].wanted for at in rows], np.int64),
        most=np.minimum(np.array([question.room[at] for at in columns], np.int64), len(rows)),
        least=np.array([question.least[at] for at in columns], np.int64),
        seed=question.seed,
        coverage=_coverage(question, rows, columns) if question.needs_expert else None,
    )
    return problem if question.share == 1 else draw.by_lot(problem, question.share)


def _coverage(question: Question, rows: Whole, columns: Whole) -> Coverage:
    """Return who knows the field of which dossier; a dossier that has somebody of its field asks for nobody."""
    names = sorted({dossier.field for dossier in question.dossiers} - {""})
    number = {name: place for place, name in enumerate(names)}
    fields = {reviewer.id: reviewer.fields for reviewer in question.reviewers}
    knows = np.zeros((max(1, len(names)), len(columns)), np.bool_)
    for column, at in enumerate(columns.tolist()):
        for name in question.reviewers[at].fields:
            if name in number:
                knows[number[name], column] = True
    asks = [
        -1
        if not dossier.field or any(dossier.field in fields.get(each, ()) for each in dossier.has)
        else number[dossier.field]
        for dossier in (question.dossiers[at] for at in rows)
    ]
    return Coverage(np.array(asks, np.int64), knows)


def _pairs(
    question: Question, model: affinity.Affinities, fit: NDArray[np.int16], rows: Whole, columns: Whole
) -> list[Pair]:
    """Return the pairs in the order of the dossiers, each with its reasons."""
    found = []
    for at in np.lexsort((columns, rows)).tolist():
        row, column = int(rows[at]), int(columns[at])
        dossier, reviewer = question.dossiers[row], question.reviewers[column]
        reasons = model.explain(row, column)
        if (reviewer.id, dossier.id) in question.must:
            reasons.insert(0, sentence(N_("Settled beforehand by the secretary.")))
        said = (question.wishes or {}).get((reviewer.id, dossier.id))
        if said in _WISHES:
            reasons.append(sentence(_WISHES[said]))
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


def conflict_sets(
    found: Mapping[tuple[int, int], Sequence[conflicts.Finding]],
) -> tuple[frozenset[tuple[int, int]], dict[tuple[int, int], Sentence]]:
    """Split the conflicts found into pairs that are barred and pairs that carry a warning."""
    bars = {pair for pair, reasons in found.items() if reasons[0].weight is conflicts.Weight.BAR}
    return frozenset(bars), {pair: reasons[0].reason for pair, reasons in found.items() if pair not in bars}
