"""Reviewers, and dossiers ready to be assigned."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluator.assignment.models import Assignment, AssignmentRules, ConflictStatement, ReviewerProfile
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Kind, Weight
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import START, a_unit, an_account, an_initiative, save


def a_reviewer(
    *,
    fields: tuple[str, ...] = ("Nông nghiệp",),
    most: int | None = None,
    keywords: str = "",
    also: tuple[Role, ...] = (),
    **columns: Any,
) -> Account:
    """Somebody who reviews, with a profile, from a unit of the own."""
    account = an_account(Role.REVIEWER, *also, unit=columns.pop("unit", None) or a_unit(), **columns)
    save(ReviewerProfile(account_id=account.id, fields=list(fields), most=most, keywords=keywords, relatives=[]))
    return account


def accepted(count: int, *, in_round: Round, **columns: Any) -> list[Initiative]:
    """Dossiers that wait for reviewers."""
    return [an_initiative(in_round=in_round, state=InitiativeState.ACCEPTED, **columns) for _ in range(count)]


def an_assignment(initiative: Initiative, reviewer: Account, *, announced_at: datetime = START) -> Assignment:
    """A dossier in a reviewer's hands."""
    return save(
        Assignment(
            round_id=initiative.round_id,
            initiative_id=initiative.id,
            reviewer_id=reviewer.id,
            affinity=7500,
            reasons=[],
            announced_at=announced_at,
        )
    )


def a_statement(reviewer: Account, in_round: Round, *, signed_at: datetime = START) -> ConflictStatement:
    """A signed conflict statement."""
    return save(ConflictStatement(account_id=reviewer.id, round_id=in_round.id, signed_at=signed_at))


def some_rules(
    in_round: Round,
    *,
    reading: Mapping[Kind, Weight] | None = None,
    voting: Mapping[Kind, Weight] | None = None,
    **columns: Any,
) -> AssignmentRules:
    """What a round asks of assignments, as far as it differs from what is usual."""
    chosen = {
        "reading": {kind.value: weight.value for kind, weight in (reading or {}).items()},
        "voting": {kind.value: weight.value for kind, weight in (voting or {}).items()},
    }
    return save(AssignmentRules(round_id=in_round.id, **chosen, **columns))
