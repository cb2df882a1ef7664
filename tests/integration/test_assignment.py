"""Conflicts, statements, profiles and single assignments."""

import pytest
from sqlalchemy import select

from evaluator import invariants
from evaluator.assignment import queries
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment, EndCause
from evaluator.core.db import db, transaction
from evaluator.core.errors import Invalid, NotFound
from evaluator.notices.models import Notice
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import a_round, actor_of, an_account, an_initiative
from tests.factories_assignment import a_reviewer, an_assignment


@pytest.fixture
def in_round(app):
    return a_round(phase=Phase.REVIEW)


@pytest.fixture
def given(in_round):
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    return an_assignment(initiative, a_reviewer())


def sent(template):
    return [notice.account_id for notice in db.session.scalars(select(Notice).where(Notice.template == template))]


def test_declaring_a_conflict_takes_the_dossier_away_at_once(given, clock):
    secretary = an_account(Role.SECRETARY)
    reviewer = given.reviewer

    with transaction():
        assignment.declare_conflict(given.initiative, note="Em họ", by=actor_of(reviewer), now=clock.now())

    assert actor_of(reviewer).assigned == frozenset()
    assert actor_of(reviewer).conflicts == {given.initiative_id}
    assert (given.ended_at, given.end_cause) == (clock.now(), EndCause.CONFLICT)
    assert sent("conflict-declared") == [secretary.id]


def test_declaring_a_conflict_twice_is_declaring_it_once(given, clock):
    actor = actor_of(given.reviewer)
    with transaction():
        first = assignment.declare_conflict(given.initiative, by=actor, now=clock.now()).id
    with transaction():
        assert assignment.declare_conflict(given.initiative, by=actor, now=clock.now()).id == first


def test_declaring_a_conflict_is_refused_to_a_reviewer_who_was_not_given_the_dossier(given, clock):
    stranger = actor_of(a_reviewer())
    with pytest.raises(NotFound), transaction():
        assignment.declare_conflict(given.initiative, by=stranger, now=clock.now())


def test_an_assignment_is_found_by_its_reviewer_and_by_nobody_else(given):
    code = given.initiative.blind_code
    assert queries.get(code, actor=actor_of(given.reviewer)).id == given.id
    with pytest.raises(NotFound):
        queries.get(code, actor=actor_of(a_reviewer()))


def test_the_statement_is_signed_once_per_round(in_round, clock):
    reviewer = a_reviewer()
    for _ in range(2):
        with transaction():
            assignment.sign_conflict_statement(in_round, by=actor_of(reviewer), now=clock.now())
    assert queries.maybe_statement(reviewer.id, in_round.id).signed_at == clock.now()


def test_handing_back_needs_a_reason(given, clock):
    actor = actor_of(given.reviewer)
    with pytest.raises(Invalid) as refused, transaction():
        assignment.hand_back(given, reason="  ", by=actor, now=clock.now())
    assert list(refused.value.fields) == ["reason"]

    with transaction():
        assignment.hand_back(given, reason="Nằm viện", by=actor, now=clock.now())
    assert given.end_cause is EndCause.WITHDRAWN


def test_replacing_gives_one_dossier_to_somebody_else_and_tells_only_that_person(given, clock):
    other = a_reviewer()
    with transaction():
        assignment.replace(given, other, by=actor_of(an_account(Role.SECRETARY)), now=clock.now())
    assert [each.reviewer_id for each in queries.reviewers_of(given.initiative_id)] == [other.id]
    assert sent("review-assigned") == [other.id]


def test_replacing_by_somebody_of_the_same_unit_is_refused(given, clock):
    neighbour = a_reviewer(unit=given.initiative.unit)
    with pytest.raises(Invalid) as refused, transaction():
        assignment.replace(given, neighbour, by=actor_of(an_account(Role.SECRETARY)), now=clock.now())
    assert "works in the same unit" in str(refused.value.fields["reviewer"][0])
    assert given.ended_at is None


def test_releasing_a_reviewer_frees_all_of_a_round_and_nothing_else(in_round, clock):
    reviewer, other = a_reviewer(), a_reviewer()
    first, second = (an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW) for _ in range(2))
    for initiative in (first, second):
        an_assignment(initiative, reviewer)
    kept = an_assignment(first, other)
    with transaction():
        number = assignment.release(reviewer, in_round, by=actor_of(an_account(Role.SECRETARY)), now=clock.now())
    assert number == 2
    active = db.session.scalars(select(Assignment.id).where(Assignment.ended_at.is_(None))).all()
    assert active == [kept.id]


def test_a_reviewer_is_described(app, clock):
    account = an_account(Role.REVIEWER)
    about = assignment.Description(fields=("Y tế",), keywords="điều dưỡng", most=12, relatives=("Lê Thị Mận",))
    with transaction():
        assignment.describe_reviewer(account, about, by=actor_of(an_account(Role.SECRETARY)), now=clock.now())
    profile = queries.maybe_profile(account)
    assert (profile.fields, profile.most, profile.relatives) == (["Y tế"], 12, ["Lê Thị Mận"])


def test_a_dossier_with_its_author_or_with_a_declared_conflict_is_found_by_the_invariant(given, clock):
    assert queries.in_conflict() == []
    given.initiative.owner_id = given.reviewer_id
    db.session.commit()
    assert queries.in_conflict() == [given.initiative.code]
    assert invariants.check()["nobody-judges-in-conflict"] == [given.initiative.code]
    given.ended_at = clock.now()
    db.session.commit()
