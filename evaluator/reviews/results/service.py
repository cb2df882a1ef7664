"""Computing results of scoring: one dossier when a sheet changes, all of a round for the ranking, closing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import lazyload

from evaluator import policy
from evaluator.assignment.models import Assignment
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ResultLock, ScoreResult, Scoring, Standing
from evaluator.reviews.results import decided
from evaluator.reviews.results.dossiers import dossiers, season_of
from evaluator.reviews.results.measure import measure
from evaluator.reviews.results.snapshot import Snapshot, maybe_current
from evaluator.reviews.rubrics import scorer_of
from evaluator.rounds import queries as rounds
from evaluator.rounds.models import Round
from evaluator.rules import lifecycle
from evaluator.rules.agreement import Mark, leniencies, marks_of
from evaluator.rules.amounts import HUNDREDTHS, rounded
from evaluator.rules.lifecycle import Event
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.procedure import Ranking
from evaluator.rules.rubric import Rubric
from evaluator.rules.scoring.outcome import Dossier, Outcome
from evaluator.rules.scoring.pipeline import Scorer
from evaluator.rules.scoring.ties import Key, close_race, key_of, places, within_caps
from evaluator.work import service as work

# Sheets further apart than this share of all points are pointed out for a talk, whatever the rubric does with
# them: 15 of 100, the distance at which the council of R7 calls a sheet invalid.
TALK_ABOUT = Fraction(15, 100)
CHUNK = 500
MILLION = 10**6
NO_RANK = 2**31 - 1
BUCKETS = 20
SCORED_STATES = (State.IN_REVIEW, State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED)

ALREADY_CLOSED = N_("Scoring of this round is closed already.")
NOT_CLOSED = N_("Scoring of this round is not closed.")
NO_REASON = N_("Say why the results are unlocked; people will ask.")
NOTHING_SCORED = N_("No sheet has been signed yet, so there is nothing to close.")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the policy is asked about: a result, without its contents."""

    initiative_id: int
    is_closed: bool


def subject(initiative_id: int, *, is_closed: bool) -> Subject:
    """Return the result of an initiative as the policy knows it."""
    return Subject(initiative_id, is_closed)


def scoring_of(a_round: Round) -> Scoring:
    """Return the row of a round's scoring, made when it is first needed."""
    scoring = db.session.scalar(select(Scoring).where(Scoring.round_id == a_round.id))
    if scoring is None:
        scoring = Scoring(round_id=a_round.id)
        db.session.add(scoring)
        db.session.flush()  # the caller may change it at once
    return scoring


def update_result(initiative_id: int, a_round: Round, *, now: datetime) -> ScoreResult:
    """Compute and keep the result of one initiative; its rank waits for the next ranking."""
    db.session.flush()  # the sheet that has just changed counts
    computed = next(_computed(a_round, [initiative_id], now=now))
    result = db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative_id))
    if result is None:
        result = ScoreResult(initiative_id=initiative_id, round_id=a_round.id)
        db.session.add(result)
    for name, value in computed.columns.items():
        setattr(result, name, value)
    return result


@dataclass(frozen=True, slots=True)
class Computed:
    """The columns of one result, what ranks it, and what it was made of."""

    initiative_id: int
    columns: dict[str, Any]
    key: Key | None
    outcome: Outcome | None = None
    marks: tuple[Mark, ...] = ()


def _computed(
    a_round: Round, initiative_ids: Sequence[int], *, now: datetime, is_final: bool = False
) -> Iterator[Computed]:
    """Yield the results of some initiatives from their active assignments and signed sheets, in a few reads.

    ``is_final``: sheets that are missing are not waited for any more.
    """
    scorer, season = scorer_of(a_round), season_of(a_round)
    for marked in dossiers(initiative_ids):
        is_waiting = marked.outstanding > 0 and not is_final
        outcome = scorer.outcome(marked.dossier, season) if marked.dossier.sheets else None
        standing = _result(marked.dossier, outcome, scorer, is_waiting=is_waiting)
        columns = {**standing.columns, "outstanding": marked.outstanding, "computed_at": now}
        who = {sheet.reviewer: sheet.marker for sheet in marked.dossier.sheets}
        marks = tuple(
            Mark(marked.dossier.initiative, who[sheet.reviewer], sheet.total)
            for sheet in (outcome.sheets if outcome else ())
        )
        yield Computed(marked.initiative_id, columns, standing.key, outcome, marks)


def _result(dossier: Dossier, outcome: Outcome | None, scorer: Scorer, *, is_waiting: bool) -> Computed:
    totals = [sheet.total for sheet in outcome.sheets] if outcome else []
    spread = max(totals) - min(totals) if len(totals) > 1 else None
    score = outcome.score if outcome else None
    columns = {
        "standing": Standing.WAITING if is_waiting else _standing(outcome),
        "sheets": len(totals),
        "score": "" if score is None else str(score),
        "score_order": -1 if score is None else int(score * MILLION),
        "spread": -1 if spread is None else shown(spread),
        "is_flagged": is_far_apart(scorer.rubric, spread) or bool(outcome and outcome.flags and totals),
        "totals": [shown(total) for total in totals],
    }
    key = key_of(outcome) if outcome and not is_waiting else None
    return Computed(int(dossier.initiative), columns, key)


def _standing(outcome: Outcome | None) -> Standing:
    if outcome is None or outcome.score is None:
        return Standing.UNSCORED
    return Standing.PASSED if outcome.passed else Standing.FAILED


def is_far_apart(rubric: Rubric, spread: Fraction | None) -> bool:
    """Return whether sheets lie so far apart that the council should talk about them."""
    most = rubric.reachable
    return spread is not None and most is not None and spread > most * TALK_ABOUT


def shown(amount: Fraction) -> int:
    """Return an exact amount in hundredths, as it is shown beside the exact one."""
    return int(rounded(amount, 2) * HUNDREDTHS)


# --- a whole round ----------------------------------------------------------------------------


def rank(a_round: Round, *, by: Actor, now: datetime) -> int:
    """Compute all results of a round and rank those whose sheets are all in; return how many have a rank.

    Safe to repeat. Ranks are by passing, then score, then the tie-breaks of the frozen rubric.
    """
    return list(rank_in_steps(a_round, by=by, now=now))[-1]


def rank_in_steps(a_round: Round, *, by: Actor, now: datetime, snapshot: Snapshot | None = None) -> Iterator[int]:
    """Do what ``rank`` does lot by lot, so that others can write in between; yield how many are done, then ranked.

    A ``snapshot`` keeps every outcome on the way.
    """
    policy.require(by, Action.SCORING_CLOSE)
    keys: list[Key] = []
    marks: list[Mark] = []
    totals: Counter[int] = Counter()
    done = 0
    _measure_leniencies(a_round)
    for chunk in _chunks(a_round):
        found = list(_computed(a_round, chunk, now=now, is_final=scoring_of(a_round).is_closed))
        _keep(a_round, found)
        if snapshot is not None:
            snapshot.keep((each.initiative_id, each.outcome) for each in found if each.outcome is not None)
        keys += [each.key for each in found if each.key is not None]
        marks += [mark for each in found for mark in each.marks]
        totals.update(_bucket(a_round, each.key.score) for each in found if each.key is not None)
        done += len(chunk)
        yield done
    _place(scorer_of(a_round).rubric, keys)
    _complete(a_round)
    scoring = scoring_of(a_round)
    scoring.ranked_at = now
    scoring.summary = {
        **_leniencies(scoring),
        "histogram": [totals[i] for i in range(BUCKETS)],
        "close_race": close_race(scorer_of(a_round).rubric, keys) is not None,
        "statistics": measure(scorer_of(a_round).rubric, marks),
    }
    yield len(keys)


def _measure_leniencies(a_round: Round) -> None:
    """Measure what the rubric takes off each reviewer's totals, from all signed sheets, and keep it with the round."""
    scorer = scorer_of(a_round)
    if scorer.calibrates is None:
        return
    found = (marked.dossier for chunk in _chunks(a_round) for marked in dossiers(chunk))
    marks = [mark for dossier in found for mark in marks_of(scorer, dossier)]
    taken_off, doubt = leniencies(marks, fewest_sheets=scorer.calibrates.fewest)
    kept = {"leniencies": taken_off, "leniency_doubt": None if doubt is None else [doubt.message, doubt.values]}
    scoring = scoring_of(a_round)
    scoring.summary = {**scoring.summary, **kept}


def _leniencies(scoring: Scoring) -> dict[str, Any]:
    """Return what was measured before the sheets were scored: it is part of what the scores rest on."""
    return {name: scoring.summary[name] for name in ("leniencies", "leniency_doubt") if name in scoring.summary}


def _chunks(a_round: Round) -> Iterator[list[int]]:
    """Yield the ids of the initiatives that are or were in review, in lots."""
    last = 0
    while True:
        ids = list(
            db.session.scalars(
                select(Initiative.id)
                .where(Initiative.round_id == a_round.id, Initiative.id > last, Initiative.state.in_(SCORED_STATES))
                .order_by(Initiative.id)
                .limit(CHUNK)
            )
        )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _keep(a_round: Round, found: Iterable[Computed]) -> None:
    """Write the rows of a lot anew: two statements whatever their number."""
    rows = [
        {
            "initiative_id": each.initiative_id,
            "round_id": a_round.id,
            "rank": None,
            "is_tied": False,
            "rank_order": NO_RANK,
            "decided": None,
        }
        | each.columns
        for each in found
    ]
    db.session.execute(delete(ScoreResult).where(ScoreResult.initiative_id.in_([row["initiative_id"] for row in rows])))
    db.session.execute(insert(ScoreResult), rows)


def _place(rubric: Rubric, keys: list[Key]) -> None:
    """Write the ranks, and what comparing places or a cap made of them."""
    found = places(rubric, keys)
    limits = within_caps(rubric, keys, found)
    in_words = rubric.ranking is Ranking.PLACEMENT
    rows = [
        {
            "id": row.id,
            "rank": place.rank,
            "is_tied": place.tied,
            "rank_order": NO_RANK if place.rank is None else place.rank,
            **decided.columns(place if in_words else None, limits.get(f"{row.initiative_id:09}")),
        }
        for lot in _lots([int(key.initiative) for key in keys])
        for row in db.session.execute(
            select(ScoreResult.id, ScoreResult.initiative_id).where(ScoreResult.initiative_id.in_(lot))
        )
        for place in (found[f"{row.initiative_id:09}"],)
    ]
    if rows:
        db.session.execute(update(ScoreResult), rows)


def _complete(a_round: Round) -> None:
    """Take on what waits for no sheet any more: a missing reviewer was taken off it, or scoring was closed."""
    for initiative in db.session.scalars(
        select(Initiative)
        .join(ScoreResult, ScoreResult.initiative_id == Initiative.id)
        .where(
            Initiative.round_id == a_round.id,
            Initiative.state == State.IN_REVIEW,
            ScoreResult.standing.in_([Standing.PASSED, Standing.FAILED]),
        )
        .options(lazyload(Initiative.authors))
    ):
        initiative.state = lifecycle.after(initiative.state, Event.COMPLETE_REVIEWS)


def _lots(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _bucket(a_round: Round, score: Fraction) -> int:
    """Return which of the bars of the distribution a score belongs to."""
    most = scorer_of(a_round).rubric.reachable or max(score, Fraction(1))
    return min(int(score * BUCKETS / most), BUCKETS - 1)


def rank_changed(*, by: Actor, now: datetime) -> int:
    """Ask for a new ranking of every open round in which something was signed since the last; return how many."""
    policy.require(by, Action.SCORING_CLOSE)
    asked = 0
    for a_round in rounds.open_rounds():
        scoring = scoring_of(a_round)
        since = [] if scoring.ranked_at is None else [ScoreResult.computed_at > scoring.ranked_at]
        changed = select(ScoreResult.id).where(ScoreResult.round_id == a_round.id, *since).limit(1)
        if not scoring.is_closed and (db.session.scalar(changed) is not None or _lost_a_reviewer(scoring)):
            work.ask("rank-results", about=a_round.code, params={"round": a_round.code}, by=by, now=now)
            asked += 1
    return asked


def _lost_a_reviewer(scoring: Scoring) -> bool:
    """Return whether a reviewer was taken off a dossier since the last ranking: the own sheet counts no longer."""
    if scoring.ranked_at is None:
        return False
    ended = select(Assignment.id).where(
        Assignment.round_id == scoring.round_id, Assignment.ended_at > scoring.ranked_at
    )
    return db.session.scalar(ended.limit(1)) is not None


def close(a_round: Round, *, by: Actor, now: datetime) -> Scoring:
    """The secretary closes scoring: sheets change no more, the ranking is made, the council may read it.

    Initiatives whose sheets are not all in are taken with the signed ones; those without any stay in review.

    Raises:
        Conflict: it is closed already, or nothing is signed.
    """
    policy.require(by, Action.SCORING_CLOSE)
    scoring = scoring_of(a_round)
    if scoring.closed_at is not None:
        raise Conflict(ALREADY_CLOSED)
    scoring.closed_at = now
    lock = ResultLock(round_id=a_round.id, number=_next_number(a_round), locked_at=now, locked_by=by.label)
    db.session.add(lock)
    db.session.flush()  # the outcomes that are kept name it
    snapshot = Snapshot(lock.id)
    if not list(rank_in_steps(a_round, by=by, now=now, snapshot=snapshot))[-1]:
        raise Conflict(NOTHING_SCORED)
    snapshot.seal(a_round)
    audit.record("scoring.closed", about=a_round, by=by, now=now, number=lock.number, digest=lock.digest)
    return scoring


def _next_number(a_round: Round) -> int:
    newest = db.session.scalar(select(func.max(ResultLock.number)).where(ResultLock.round_id == a_round.id))
    return (newest or 0) + 1


def open_again(a_round: Round, *, why: str, by: Actor, now: datetime) -> Scoring:
    """The chair takes the closing back, with the reason; what was locked is kept, who has time left may sign again.

    Raises:
        Conflict: it is not closed.
        Invalid: there is no reason.
    """
    policy.require(by, Action.SCORING_UNLOCK)
    scoring, lock = scoring_of(a_round), maybe_current(a_round)
    if scoring.closed_at is None:
        raise Conflict(NOT_CLOSED)
    if not why.strip():
        raise Invalid.on("why", NO_REASON)
    scoring.closed_at = None
    if lock is not None:
        lock.unlocked_at, lock.unlocked_by, lock.unlock_reason = now, by.label, why.strip()
    audit.record("scoring.opened-again", about=a_round, by=by, now=now, reason=why.strip())
    return scoring
