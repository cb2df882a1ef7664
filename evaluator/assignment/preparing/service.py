"""Settling what every assignment of a round keeps to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from evaluator import policy
from evaluator.assignment import judges, standards, ties
from evaluator.assignment.models import AssignmentRules, Fixture
from evaluator.assignment.standards import Standards
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Tie
from evaluator.rules.conflicts import FIXED, Weight
from evaluator.rules.vietnamese import clean_line

MOST_FIXTURES = 5000


def set_rules(a_round: Round, asked: Standards, *, read_version: int, by: Actor, now: datetime) -> AssignmentRules:
    """Decide what the round asks of every assignment. Work that is given stays; proposals made from now on keep to it.

    Raises:
        Invalid: reviewers' wishes end before they begin.
        Conflict: somebody else decided since ``read_version``.
    """
    policy.require(by, Action.ASSIGNMENT_RULE, a_round)
    row = standards.maybe_row(a_round.id)
    if read_version != (row.version if row is not None else 0):
        raise Conflict
    if (asked.wishes_open_at is None) != (asked.wishes_close_at is None):
        raise Invalid.on("wishes_close_on", N_("Give both days, or neither."))
    if asked.wishes_open_at and asked.wishes_close_at and asked.wishes_open_at >= asked.wishes_close_at:
        raise Invalid.on("wishes_close_on", N_("This date lies before the one it has to follow."))
    if row is None:
        row = AssignmentRules(round_id=a_round.id)
        db.session.add(row)
    row.reading = _chosen(asked, "reading")
    row.voting = _chosen(asked, "voting")
    row.head_id, row.needs_expert, row.is_cross_unit = asked.head_id, asked.needs_expert, asked.is_cross_unit
    row.wishes_open_at, row.wishes_close_at = asked.wishes_open_at, asked.wishes_close_at
    audit.record(
        "assignment-rules.set",
        about=a_round,
        by=by,
        now=now,
        reading=row.reading,
        voting=row.voting,
        head=asked.head_id,
        needs_expert=asked.needs_expert,
        is_cross_unit=asked.is_cross_unit,
    )
    return row


def _chosen(asked: Standards, which: str) -> dict[str, str]:
    return {kind.value: weight.value for kind, weight in getattr(asked, which).items() if kind not in FIXED}


@dataclass(frozen=True, slots=True)
class Pairing:
    """What is to be settled: a reviewer and a dossier, or, to be kept apart, two reviewers."""

    tie: Tie
    reviewer: Account
    initiative: Initiative | None = None
    other: Account | None = None


def settle(a_round: Round, pairings: Collection[Pairing], *, note: str = "", by: Actor, now: datetime) -> list[Fixture]:
    """Settle some pairs beforehand, as one.

    Raises:
        Invalid: a pair is settled already or makes no sense, or a must goes to somebody who is barred; nothing is kept.
    """
    policy.require(by, Action.ASSIGNMENT_RULE, a_round)
    known = ties.settled(a_round.id)
    if len(known) + len(pairings) > MOST_FIXTURES:
        raise Invalid(N_("At most %(count)s pairs can be settled in a round."), count=MOST_FIXTURES)
    seen = {_key(each.reviewer_id, each.initiative_id, each.other_id) for each in known}
    fresh = []
    for pairing in pairings:
        _check(a_round, pairing, by=by)
        key = _key(
            pairing.reviewer.id,
            pairing.initiative.id if pairing.initiative else None,
            pairing.other.id if pairing.other else None,
        )
        if key in seen:
            raise Invalid.on("reviewer", N_("This pair of %(name)s is settled already."), name=pairing.reviewer.name)
        seen.add(key)
        fresh.append(
            Fixture(
                code=random_code(10),
                round_id=a_round.id,
                tie=pairing.tie,
                reviewer_id=pairing.reviewer.id,
                initiative_id=key[1],
                other_id=key[2] if pairing.other else None,
                note=clean_line(note)[:500],
                made_at=now,
                made_by_id=by.id,
            )
        )
    _check_musts(a_round, [each for each in pairings if each.tie is Tie.MUST])
    db.session.add_all(fresh)
    audit.record("pairs.settled", about=a_round, by=by, now=now, pairs=len(fresh))
    return fresh


def _key(reviewer_id: int, initiative_id: int | None, other_id: int | None) -> tuple[int, int | None, int | None]:
    """Return what two settled pairs may not share; which of two people is named first is no matter."""
    if other_id is None:
        return reviewer_id, initiative_id, None
    return min(reviewer_id, other_id), None, max(reviewer_id, other_id)


def _check(a_round: Round, pairing: Pairing, *, by: Actor) -> None:
    if pairing.tie is Tie.APART:
        if pairing.other is None or pairing.other.id == pairing.reviewer.id:
            raise Invalid.on("other", N_("Name two different reviewers."))
        return
    initiative = pairing.initiative
    if initiative is None or initiative.round_id != a_round.id or initiative.id in by.authored:
        raise Invalid.on("dossier", N_("There is no dossier of this code in the round."))


def _check_musts(a_round: Round, musts: Collection[Pairing]) -> None:
    """Refuse a must for somebody who may not judge the dossier."""
    people = judges.by_ids({each.reviewer.id for each in musts})
    dossiers = {each.initiative.id for each in musts if each.initiative}
    found = judges.findings(people, dossiers, standards.of(a_round.id)) if musts else {}
    for each in musts:
        for finding in found.get((each.reviewer.id, each.initiative.id if each.initiative else 0), ()):
            if finding.weight is Weight.BAR:
                raise Invalid.on(
                    "reviewer",
                    N_("%(name)s must not judge this dossier: %(reason)s."),
                    name=each.reviewer.name,
                    reason=finding.reason,
                )


def unsettle(fixture: Fixture, a_round: Round, *, by: Actor, now: datetime) -> None:
    """Let a settled pair go; proposals are free again."""
    policy.require(by, Action.ASSIGNMENT_RULE, a_round)
    audit.record("pair.released", about=a_round, by=by, now=now, tie=fixture.tie, reviewer=fixture.reviewer_id)
    db.session.delete(fixture)
