"""Reviewers say what they would like to read: on titles without names, in the days of the round, after the statement."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.assignment.models import Conflict, ReviewerWish
from evaluator.assignment.proposals import queries as proposed
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.finding import Wishes
from evaluator.assignment.wishing import queries
from evaluator.assignment.wishing import service as wishing
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Forbidden, NotFound
from evaluator.initiatives.models import Initiative
from evaluator.rules.assigning import Wish
from evaluator.rules.calendar import Phase
from evaluator.rules.roles import Role
from tests.factories import CANARY, DAY, START, a_round, actor_of, an_account
from tests.factories_assignment import a_reviewer, a_statement, accepted, some_rules
from tests.page_client import queries as counted


@pytest.fixture
def in_round(app):
    made = a_round(phase=Phase.REVIEW, reviews_per_initiative=1)
    some_rules(made, wishes_open_at=START - DAY, wishes_close_at=START + DAY)
    return made


@pytest.fixture
def reviewer(in_round):
    person = a_reviewer()
    a_statement(person, in_round)
    return person


def wishes_of(person):
    rows = db.session.execute(
        select(Initiative.blind_code, ReviewerWish.wish)
        .join(Initiative, Initiative.id == ReviewerWish.initiative_id)
        .where(ReviewerWish.account_id == person.id)
    )
    return dict(tuple(row) for row in rows)


def test_a_reviewer_says_wishes_and_changes_them(client, in_round, reviewer):
    one, other = sorted(accepted(2, in_round=in_round), key=lambda each: each.blind_code)
    client.sign_in(reviewer, blind=True)
    page = client.get(f"/rounds/{in_round.code}/wishes")
    assert page.heading == "Nguyện vọng chấm của ông/bà"
    assert one.blind_title in page.text
    answer = client.submit(page.form("Lưu"), page, **{f"wish_{one.blind_code}": "gladly"})
    assert answer.status == 303, answer.errors()
    assert wishes_of(reviewer) == {one.blind_code: Wish.GLADLY}

    page = client.follow(answer)
    changed = {f"wish_{one.blind_code}": "rather-not", f"wish_{other.blind_code}": "can"}
    client.submit(page.form("Lưu"), page, **changed)
    assert wishes_of(reviewer) == {one.blind_code: Wish.RATHER_NOT, other.blind_code: Wish.CAN}


def test_who_stands_too_near_declares_it_on_the_title_and_loses_sight_of_it(client, in_round, reviewer):
    (dossier,) = accepted(1, in_round=in_round)
    client.sign_in(reviewer, blind=True)
    page = client.get(f"/rounds/{in_round.code}/wishes")
    client.submit(page.form("Lưu"), page, **{f"wish_{dossier.blind_code}": "conflict"})
    assert db.session.scalars(select(Conflict.account_id)).all() == [reviewer.id]
    assert dossier.blind_title not in client.get(f"/rounds/{in_round.code}/wishes").text
    assert wishes_of(reviewer) == {}


def test_no_title_is_shown_before_the_statement_is_signed(client, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    person = a_reviewer()
    client.sign_in(person, blind=True)
    answer = client.get(f"/rounds/{in_round.code}/wishes")
    assert (answer.status, answer.location) == (303, f"/reviews/statement/{in_round.code}")
    with pytest.raises(Forbidden), transaction():
        wishing.say(in_round, {dossier.blind_code: Wish.CAN}, by=actor_of(person), now=START)


def test_the_own_work_is_not_among_the_titles(in_round, reviewer, clock):
    own, other = accepted(2, in_round=in_round)
    own.owner_id = reviewer.id
    db.session.commit()
    offered = queries.offers(in_round, actor=actor_of(reviewer), now=clock.now()).rows
    assert [each.code for each in offered] == [other.blind_code]
    with transaction():
        kept = wishing.say(in_round, {own.blind_code: Wish.GLADLY}, by=actor_of(reviewer), now=clock.now())
    assert (kept, wishes_of(reviewer)) == (0, {})


@pytest.mark.parametrize(("after", "refused"), [(-DAY, None), (-DAY - timedelta(seconds=1), Closed), (DAY, Closed)])
def test_wishes_are_said_from_the_first_day_to_the_last(in_round, reviewer, after, refused):
    (dossier,) = accepted(1, in_round=in_round)
    actor, moment = actor_of(reviewer), START + after
    if refused is None:
        with transaction():
            assert wishing.say(in_round, {dossier.blind_code: Wish.CAN}, by=actor, now=moment) == 1
    else:
        with pytest.raises(refused), transaction():
            wishing.say(in_round, {dossier.blind_code: Wish.CAN}, by=actor, now=moment)


def test_a_round_that_asks_nobody_has_no_such_page(client, in_round):
    silent = a_round(phase=Phase.REVIEW)
    client.sign_in(a_reviewer(), blind=True)
    assert client.get(f"/rounds/{silent.code}/wishes").status == 404
    with pytest.raises(NotFound):
        queries.require_open(silent, actor=actor_of(a_reviewer()), now=START)


def test_the_secretary_says_no_wishes(client, in_round):
    client.sign_in(an_account(Role.SECRETARY))
    assert client.get(f"/rounds/{in_round.code}/wishes").status == 403


def test_the_page_asks_the_same_number_of_questions_however_many_titles(client, in_round, reviewer):
    accepted(2, in_round=in_round)
    client.sign_in(reviewer, blind=True)
    client.get(f"/rounds/{in_round.code}/wishes")
    with counted() as few:
        client.get(f"/rounds/{in_round.code}/wishes")
    accepted(12, in_round=in_round)
    with counted() as many:
        page = client.get(f"/rounds/{in_round.code}/wishes")
    assert few.count == many.count
    assert CANARY not in page.text


def test_a_wish_moves_a_dossier_to_whoever_would_gladly_read_it(in_round, clock):
    (dossier,) = accepted(1, in_round=in_round, field="Y tế")
    eager, knows = a_reviewer(fields=("Y tế",)), a_reviewer(fields=("Y tế",))
    stranger = a_reviewer(fields=())
    for person in (eager, knows, stranger):
        a_statement(person, in_round)
    secretary = actor_of(an_account(Role.SECRETARY))

    def chosen():
        with transaction():
            proposal = proposals.propose(in_round, Wishes(most=1), by=secretary, now=clock.now())
        return proposed.pairs_of(proposal, [dossier.id])[dossier.id][0]

    for willing, unwilling in ((eager, knows), (knows, eager)):
        with transaction():
            for person, wish in ((willing, Wish.GLADLY), (unwilling, Wish.RATHER_NOT), (stranger, Wish.GLADLY)):
                wishing.say(in_round, {dossier.blind_code: wish}, by=actor_of(person), now=clock.now())
        row = chosen()
        assert row.reviewer_id == willing.id
        assert str(row.reasons[-1]) == "The reviewer would gladly read it."
        assert row.affinity == 4000 + 2000  # four fifths of the field's half, and the whole wish


def test_the_reviewer_finds_the_page_where_the_work_stands(client, in_round, reviewer):
    client.sign_in(reviewer, blind=True)
    assert client.get("/reviews/").links()["Cho biết nguyện vọng"] == f"/rounds/{in_round.code}/wishes"
