"""The explanation of a result: the council's with the reviewers it may know, the author's without."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.text import Sentence
from evaluator.initiatives import unblinding
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor, allows, require
from evaluator.reviews.explanations import remarks
from evaluator.reviews.explanations.remarks import Remark
from evaluator.reviews.models import Remarking, ScoreResult
from evaluator.reviews.remarking.service import ask_until
from evaluator.reviews.results import queries as results
from evaluator.reviews.results.decided import with_decided
from evaluator.reviews.results.dossiers import dossiers, season_of
from evaluator.reviews.rubrics import rubric_of, scorer_of
from evaluator.rounds.models import Round
from evaluator.rules import agreement, scoring
from evaluator.rules.audience import Shown
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.scoring.outcome import Outcome

SELECTED = (InitiativeState.SELECTED, InitiativeState.PUBLISHED)
# What an author may read of the explanation, by what the round opens to authors.
TOLD = {
    Action.ANNOUNCED_POINTS: (
        scoring.Part.SHEET,
        scoring.Part.CRITERION,
        scoring.Part.STEP,
        scoring.Part.SUMMAND,
        scoring.Part.SCORE,
    ),
    Action.ANNOUNCED_RANK: (scoring.Part.RANK,),
    Action.ANNOUNCED_REASONS: (scoring.Part.GATE, scoring.Part.RESULT),
}
MOST_TIED = 200  # so many equals are looked at again to say what told them apart


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome in lines, and who it is about."""

    initiative: Initiative
    title: str  # as the reader may know it
    round: Round
    outcome: Outcome
    lines: tuple[scoring.Line, ...]
    hangs_on: tuple[str, ...] = ()  # sheets without which the decision would be another
    remarking: Remarking | None = None
    answer: str = ""  # to a request for re-marking, as the author may read it
    may_ask: bool = False
    remarks: tuple[Remark, ...] = ()
    names_reviewers: bool = False

    def part(self, *parts: str) -> tuple[scoring.Line, ...]:
        """Return the lines of some parts, in their order."""
        return tuple(line for line in self.lines if line.part in parts)


def for_council(code: str, a_round: Round, *, actor: Actor) -> Explained:
    """Return the explanation for the council; names stand on it only for those who may know them.

    Raises:
        NotFound: there is no result yet, or the actor may not read it.
    """
    view = results.view(code, a_round, actor=actor)
    if view.outcome is None:
        raise NotFound
    outcome = _placed(view.initiative, a_round, view.outcome)
    names = {sheet.key: sheet.reviewer for sheet in view.sheets if sheet.reviewer}
    audience = scoring.Audience.COUNCIL if names else scoring.Audience.AUTHOR
    marked = next(dossiers([view.initiative.id]))
    changes = agreement.without_one_sheet(scorer_of(a_round), marked.dossier, season_of(a_round))
    lines = scoring.explain(rubric_of(a_round), outcome, audience=audience, names=names)
    numbers = {sheet.key: str(sheet.number) for sheet in view.sheets}
    hangs_on = tuple(names.get(change.reviewer) or numbers[change.reviewer] for change in changes)
    return Explained(view.initiative, view.title, a_round, outcome, lines, hangs_on)


def for_author(code: str, *, actor: Actor, now: datetime) -> Explained:
    """Return the explanation for an author of the initiative, without a word on who marked it unless the round tells.

    Raises:
        NotFound: the actor is no author of it, nothing is decided, or there is no score.
    """
    initiative = db.session.scalar(
        select(Initiative).where(Initiative.code == code).options(lazyload(Initiative.authors))
    )
    if initiative is None:
        raise NotFound
    require(actor, Action.RESULT_OWN, initiative)
    a_round = initiative.round
    marked = next(dossiers([initiative.id]))
    if not marked.dossier.sheets:
        raise NotFound
    outcome = _placed(initiative, a_round, scorer_of(a_round).outcome(marked.dossier, season_of(a_round)))
    shown = Shown(initiative.id, initiative.state in SELECTED, initiative.unit_id, a_round.open_to(now))
    told = {part for action, parts in TOLD.items() if allows(actor, action, shown) for part in parts}
    explained = scoring.explain(rubric_of(a_round), outcome, audience=scoring.Audience.AUTHOR)
    lines = tuple(line for line in explained if line.part in told)
    remarking = db.session.scalar(select(Remarking).where(Remarking.initiative_id == initiative.id))
    may_ask = remarking is None and now <= ask_until(a_round)
    return Explained(
        initiative,
        initiative.title,
        a_round,
        outcome,
        lines,
        remarking=remarking,
        answer=remarks.without_reviewers(initiative, remarking.answer) if remarking else "",
        may_ask=may_ask,
        remarks=remarks.for_author(initiative) if scoring.Part.GATE in told else (),
        names_reviewers=unblinding.names_reviewers(initiative),
    )


def _placed(initiative: Initiative, a_round: Round, outcome: Outcome) -> Outcome:
    """Return the outcome with the rank it was given, what told it from its equals and what a cap made of it."""
    result = db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative.id))
    if result is None or (result.rank is None and not result.decided):
        return outcome
    placed = with_decided(outcome, result)
    if placed.broken_by is not None or result.rank is None:
        return placed
    return replace(placed, broken_by=_broken_by(a_round, result, outcome.initiative))


def _broken_by(a_round: Round, result: ScoreResult, key: str) -> Sentence | None:
    equals = db.session.scalars(
        select(ScoreResult.initiative_id)
        .where(
            ScoreResult.round_id == a_round.id,
            ScoreResult.score_order == result.score_order,
            ScoreResult.score == result.score,
            ScoreResult.standing == result.standing,
        )
        .order_by(ScoreResult.initiative_id)
        .limit(MOST_TIED)
    ).all()
    if len(equals) < 2:
        return None
    scorer, season = scorer_of(a_round), season_of(a_round)
    outcomes = (scorer.outcome(marked.dossier, season) for marked in dossiers(equals))
    keys = [each for each in map(scoring.key_of, outcomes) if each is not None]
    place = scoring.places(scorer.rubric, keys).get(key)
    return place.broken_by if place else None
