"""The dossiers of a round as the rules score them: signed sheets with roles, votes of the public, categories."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select

from evaluator.assignment.models import Assignment
from evaluator.core.db import db
from evaluator.core.text import Sentence
from evaluator.initiatives.models import Initiative
from evaluator.people.models import RoleGrant
from evaluator.reviews.models import ScoreSheet, Scoring, ScoringFact
from evaluator.reviews.rubrics import scorer_of
from evaluator.rounds.models import Round
from evaluator.rules.calendar import day_of
from evaluator.rules.procedure import PublicVote
from evaluator.rules.roles import Role
from evaluator.rules.scoring.outcome import Dossier, Season, Sheet


@dataclass(frozen=True, slots=True)
class Marked:
    """One dossier with its signed sheets, and how many are outstanding."""

    initiative_id: int
    dossier: Dossier
    outstanding: int


def key_of(assignment_id: int) -> str:
    """Return the name of a sheet in an outcome: it says nothing about the person."""
    return f"{assignment_id:09}"


def dossiers(initiative_ids: Sequence[int]) -> Iterator[Marked]:
    """Yield some dossiers with their signed sheets, in three reads whatever their number."""
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Assignment.initiative_id,
            Assignment.id,
            Assignment.reviewer_id,
            ScoreSheet.points,
            ScoreSheet.signed_at,
            _is_chair().label("is_chair"),
        )
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.initiative_id.in_(initiative_ids), Assignment.ended_at.is_(None))
    ):
        rows[row.initiative_id].append(row)
    known = {row.id: row for row in db.session.execute(_facts(initiative_ids))}
    for initiative_id in initiative_ids:
        signed = [row for row in rows[initiative_id] if row.signed_at is not None]
        facts = known[initiative_id]
        dossier = Dossier(
            f"{initiative_id:09}",
            tuple(
                Sheet(key_of(row.id), row.points, Role.CHAIR if row.is_chair else "", person=str(row.reviewer_id))
                for row in signed
            ),
            category=facts.category or "",
            votes=facts.votes,
            submitted_on=day_of(facts.submitted_at) if facts.submitted_at else None,
            field=facts.field or "",
            unit=facts.unit_name or "",
        )
        yield Marked(initiative_id, dossier, len(rows[initiative_id]) - len(signed))


def _is_chair() -> ColumnElement[bool]:
    granted = select(RoleGrant.account_id).where(
        RoleGrant.account_id == Assignment.reviewer_id, RoleGrant.role == Role.CHAIR
    )
    return granted.exists()


def _facts(initiative_ids: Sequence[int]) -> Any:
    return (
        select(
            Initiative.id,
            Initiative.submitted_at,
            Initiative.field,
            Initiative.unit_name,
            ScoringFact.votes,
            ScoringFact.category,
        )
        .outerjoin(ScoringFact, ScoringFact.initiative_id == Initiative.id)
        .where(Initiative.id.in_(initiative_ids))
    )


def season_of(a_round: Round) -> Season:
    """Return what the rules must know of all dossiers first: the most public votes, and measured leniencies."""
    scorer = scorer_of(a_round)
    season = Season()
    if any(isinstance(step, PublicVote) for step in scorer.rubric.steps):
        season = Season(_most_votes(a_round))
    if scorer.calibrates is None:
        return season
    kept = db.session.scalar(select(Scoring.summary).where(Scoring.round_id == a_round.id)) or {}
    doubt = kept.get("leniency_doubt")
    return replace(season, leniencies=kept.get("leniencies", {}), doubt=Sentence(*doubt) if doubt else None)


def _most_votes(a_round: Round) -> int:
    most = db.session.scalar(
        select(func.max(ScoringFact.votes))
        .join(Initiative, Initiative.id == ScoringFact.initiative_id)
        .where(Initiative.round_id == a_round.id)
    )
    return most or 0
