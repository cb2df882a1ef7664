"""Taking dossiers from a reviewer while scoring runs: what is signed is named by its code before anything happens."""

import pytest
from sqlalchemy import select

from evaluator.assignment.models import Assignment
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Invalid
from evaluator.initiatives.models import Initiative
from evaluator.reviews.handover import service as handover
from evaluator.reviews.models import ScoreResult
from evaluator.reviews.results import service as results
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import actor_of, an_account
from tests.factories_assignment import a_reviewer
from tests.factories_reviews import GOOD, a_dossier_for, a_round_in_review, fill_in, reviewers_of, sign
from tests.page_client import values_of


@pytest.fixture
def in_round(app):
    return a_round_in_review()


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


@pytest.fixture
def marked(in_round):
    """A dossier whose two sheets are signed."""
    people = reviewers_of(in_round, 2)
    dossier = a_dossier_for(*people, in_round=in_round)
    for each in people:
        sign(dossier, each)
    wanted = select(Assignment).where(Assignment.initiative_id == dossier.id).order_by(Assignment.id)
    return dossier, list(db.session.scalars(wanted))


def row_of(page, reviewer):
    """The form of the line on which a reviewer is chosen."""
    return next(form for form in page.all("form") if values_of(form).get("reviewer") == reviewer.code)


def result_of(dossier):
    return db.session.scalars(select(ScoreResult).where(ScoreResult.initiative_id == dossier.id)).one()


def test_a_signed_sheet_is_named_before_it_is_given_up(client, in_round, secretary, marked):
    dossier, (leaving, _stays) = marked
    fresh = a_reviewer(name="Nguyễn Văn Mới")
    client.sign_in(secretary)
    address = f"/rounds/{in_round.code}/assignment/given/{dossier.code}/{leaving.reviewer.code}"
    page = client.get(address)
    assert f"{leaving.reviewer.name} đã ký phiếu của {dossier.code}" in page.text
    row = row_of(page, fresh)
    refused = client.submit(row, page)
    assert refused.status == 422
    assert dossier.code in " ".join(refused.errors())
    assert db.session.get_one(Assignment, leaving.id).is_active

    answer = client.submit(row_of(refused, fresh), refused, is_sure="y")
    assert answer.status == 303, answer.errors()
    assert not db.session.get_one(Assignment, leaving.id).is_active
    db.session.expire_all()
    assert db.session.get_one(Initiative, dossier.id).state is InitiativeState.IN_REVIEW
    assert (result_of(dossier).sheets, result_of(dossier).outstanding) == (1, 1)


def test_a_sheet_that_is_only_begun_is_given_up_without_a_question(in_round, secretary, clock):
    (reviewer,) = reviewers_of(in_round, 1)
    dossier = a_dossier_for(reviewer, in_round=in_round)
    leaving = fill_in(dossier, reviewer, GOOD).assignment
    with transaction():
        handover.replace(leaving, a_reviewer(), is_sure=False, by=actor_of(secretary), now=clock.now())
    assert not leaving.is_active


def test_a_reviewer_who_leaves_is_told_with_every_signed_dossier(client, in_round, secretary, marked):
    dossier, (leaving, _stays) = marked
    client.sign_in(secretary)
    address = f"/rounds/{in_round.code}/assignment/reviewers/{leaving.reviewer.code}/release"
    page = client.get(address)
    assert dossier.code in page.text
    form = page.form("Cho người này rời đợt xét")
    assert client.submit(form, page).status == 422
    answer = client.submit(form, page, is_sure="y")
    assert answer.location == f"/rounds/{in_round.code}/assignment"
    assert not db.session.get_one(Assignment, leaving.id).is_active
    assert db.session.get_one(Initiative, dossier.id).state is InitiativeState.IN_REVIEW


def test_after_scoring_is_closed_nobody_is_replaced(in_round, secretary, clock, marked):
    dossier, (leaving, _stays) = marked
    with transaction():
        results.close(in_round, by=actor_of(secretary), now=clock.now())
    actor = actor_of(secretary)
    with pytest.raises(Closed), transaction():
        handover.replace(leaving, a_reviewer(), is_sure=True, by=actor, now=clock.now())
    with pytest.raises(Closed), transaction():
        handover.release(leaving.reviewer, in_round, is_sure=True, by=actor, now=clock.now())
    assert result_of(dossier).sheets == 2


def test_whoever_has_signed_and_then_declares_a_conflict_counts_no_longer(client, in_round, marked):
    dossier, (near, _stays) = marked
    client.sign_in(near.reviewer, blind=True)
    page = client.get(f"/reviews/{dossier.blind_code}")
    answer = client.submit(page.form(action=f"/reviews/{dossier.blind_code}/conflict"), page, knows="Bạn học cũ")
    assert answer.status == 303, answer.errors()
    assert (result_of(dossier).sheets, result_of(dossier).outstanding) == (1, 0)
    db.session.expire_all()
    assert db.session.get_one(Initiative, dossier.id).state is InitiativeState.IN_REVIEW


def test_a_conflict_entered_from_paper_asks_for_a_new_ranking(in_round, secretary, clock, marked):
    _dossier, (near, _stays) = marked
    service = actor_of(secretary)
    with transaction():
        results.rank(in_round, by=service, now=clock.now())
    clock.move(minutes=20)
    assert results.rank_changed(by=service, now=clock.now()) == 0
    near.ended_at = clock.now()
    db.session.commit()
    assert results.rank_changed(by=service, now=clock.now()) == 1


def test_invalid_is_raised_for_a_service_that_is_not_sure(in_round, secretary, clock, marked):
    dossier, (leaving, _stays) = marked
    with pytest.raises(Invalid) as refused, transaction():
        handover.release(leaving.reviewer, in_round, is_sure=False, by=actor_of(secretary), now=clock.now())
    assert refused.value.fields["is_sure"][0].values == {
        "name": leaving.reviewer.name,
        "count": 1,
        "codes": dossier.code,
    }
