"""Filling in, keeping, signing and giving back score sheets: what works, and each refusal with its reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from evaluator.notices.models import Notice
from evaluator.reviews import queries
from evaluator.reviews import service as reviews
from evaluator.reviews.models import ScoreSheet
from evaluator.reviews.results import service as results
from evaluator.rounds.models import Round
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import START, actor_of, an_account
from tests.factories_assignment import a_reviewer, an_assignment
from tests.factories_reviews import (
    GOOD,
    a_dossier_for,
    a_round_in_review,
    desk_of,
    fill_in,
    reviewers_of,
    sign,
)

LATE = timedelta(days=60)


@pytest.fixture
def in_round(app) -> Round:
    return a_round_in_review()


@pytest.fixture
def pair(in_round):
    """A dossier and its two reviewers."""
    people = reviewers_of(in_round, 2)
    return a_dossier_for(*people, in_round=in_round), *people


def sheet_of(initiative, reviewer) -> ScoreSheet | None:
    return desk_of(initiative, reviewer).sheet


def refill(initiative, reviewer, texts=GOOD, *, version, now=START):
    with transaction():
        place = desk_of(initiative, reviewer)
        reviews.fill_in(place, texts, remark="", read_version=version, by=actor_of(reviewer), now=now)


def test_a_draft_keeps_points_with_comma_or_dot_and_the_remark(pair):
    initiative, reviewer, _other = pair

    fill_in(initiative, reviewer, {"novelty": " 24 ", "benefit": "31.0"})

    sheet = sheet_of(initiative, reviewer)
    assert (sheet.points, sheet.remark, sheet.signed_at, sheet.version) == (
        {"novelty": 2400, "benefit": 3100},
        "Rõ ràng.",
        None,
        1,
    )


def test_a_draft_is_refused_as_a_whole_and_by_criterion_when_points_are_out_of_range(pair):
    initiative, reviewer, _other = pair

    with pytest.raises(Invalid) as error:
        fill_in(initiative, reviewer, {"novelty": "31", "application": "24", "benefit": "viel"})

    assert set(error.value.fields) == {"novelty", "benefit"}
    assert sheet_of(initiative, reviewer) is None


def test_a_second_window_cannot_overwrite_silently(pair):
    initiative, reviewer, _other = pair
    fill_in(initiative, reviewer, {"novelty": "24"})
    refill(initiative, reviewer, {"novelty": "25"}, version=1)

    with pytest.raises(Conflict) as error:
        refill(initiative, reviewer, {"novelty": "10"}, version=1)

    assert str(error.value) == reviews.OTHER_WINDOW
    assert sheet_of(initiative, reviewer).points == {"novelty": 2500}


def test_signing_makes_the_points_evidence(pair):
    initiative, reviewer, _other = pair

    sign(initiative, reviewer)

    entry = db.session.scalars(select(Entry).where(Entry.event == "sheet.signed")).one()
    assert sheet_of(initiative, reviewer).signed_at == START
    assert entry.facts["points"] == {"novelty": 2700, "application": 2400, "benefit": 3600}
    with pytest.raises(Conflict, match="You signed this sheet"):
        fill_in(initiative, reviewer, {"novelty": "1"})


def test_signing_twice_is_refused_with_the_reason(pair):
    initiative, reviewer, _other = pair
    sign(initiative, reviewer)

    with pytest.raises(Conflict, match="You signed this sheet"), transaction():
        reviews.sign(desk_of(initiative, reviewer), by=actor_of(reviewer), now=START)


def test_signing_names_what_is_missing(pair):
    initiative, reviewer, _other = pair
    fill_in(initiative, reviewer, {"novelty": "24"})

    with pytest.raises(Invalid) as error, transaction():
        reviews.sign(desk_of(initiative, reviewer), by=actor_of(reviewer), now=START)

    assert set(error.value.fields) == {"application", "benefit"}
    assert sheet_of(initiative, reviewer).signed_at is None


def test_after_the_deadline_nothing_is_kept_and_the_date_is_told(pair):
    initiative, reviewer, _other = pair

    with pytest.raises(Closed, match="Marking closed at"):
        fill_in(initiative, reviewer, GOOD, now=START + LATE)

    assert sheet_of(initiative, reviewer) is None


def test_more_time_is_asked_for_and_given_to_one_sheet_alone(pair, in_round):
    initiative, reviewer, other = pair
    secretary = an_account(Role.SECRETARY)
    with transaction():
        reviews.ask_time(desk_of(initiative, reviewer), why="Đi công tác đến 25", by=actor_of(reviewer), now=START)
    notice = db.session.scalars(select(Notice).where(Notice.template == "review-time-asked")).one()
    assert notice.account_id == secretary.id

    with transaction():
        place = queries.place_of(initiative.code, reviewer.code, actor=actor_of(secretary))
        reviews.extend(place, until=START + LATE * 2, by=actor_of(secretary), now=START)

    sign(initiative, reviewer, now=START + LATE)
    assert sheet_of(initiative, reviewer).signed_at == START + LATE
    with pytest.raises(Closed):
        fill_in(initiative, other, GOOD, now=START + LATE)


def test_an_extension_must_lie_after_the_deadline(pair, in_round):
    initiative, reviewer, _other = pair
    secretary = actor_of(an_account(Role.SECRETARY))
    place = queries.place_of(initiative.code, reviewer.code, actor=secretary)

    with pytest.raises(Invalid) as error:
        reviews.extend(place, until=in_round.review_closes_at, by=secretary, now=START)

    assert set(error.value.fields) == {"until"}


def test_the_last_signature_completes_the_initiative_and_tells_the_secretary(pair):
    initiative, reviewer, other = pair
    an_account(Role.SECRETARY)

    sign(initiative, reviewer)
    assert initiative.state is InitiativeState.IN_REVIEW
    sign(initiative, other)

    db.session.refresh(initiative)
    notices = db.session.scalars(select(Notice.template).where(Notice.template == "reviews-complete")).all()
    assert (initiative.state, notices) == (InitiativeState.REVIEWED, ["reviews-complete"])


def test_a_sheet_given_back_can_be_changed_and_signed_again(pair):
    initiative, reviewer, other = pair
    secretary = an_account(Role.SECRETARY)
    sign(initiative, reviewer)
    sign(initiative, other)

    with transaction():
        place = queries.place_of(initiative.code, reviewer.code, actor=actor_of(secretary))
        reviews.reopen(place, why="Nhầm tiêu chí", by=actor_of(secretary), now=START)

    db.session.refresh(initiative)
    assert initiative.state is InitiativeState.IN_REVIEW
    sign(initiative, reviewer, {**GOOD, "novelty": "30"})
    db.session.refresh(initiative)
    assert initiative.state is InitiativeState.REVIEWED
    assert sheet_of(initiative, reviewer).points["novelty"] == 3000
    history = db.session.scalars(select(Entry.event).where(Entry.about_kind == "score_sheet").order_by(Entry.id)).all()
    assert history == ["sheet.signed", "sheet.signed", "sheet.reopened", "sheet.signed"]


def test_a_sheet_is_not_given_back_unsigned_without_a_reason_or_after_closing(pair, in_round):
    initiative, reviewer, _other = pair
    secretary = actor_of(an_account(Role.SECRETARY))

    def give_back(why="Nhầm"):
        with transaction():
            place = queries.place_of(initiative.code, reviewer.code, actor=secretary)
            reviews.reopen(place, why=why, by=secretary, now=START)

    with pytest.raises(Conflict, match="not signed"):
        give_back()
    sign(initiative, reviewer)
    with pytest.raises(Invalid):
        give_back(why="  ")
    with transaction():
        results.close(db.session.get_one(Round, in_round.id), by=secretary, now=START)
    with pytest.raises(Closed):
        give_back()


def test_closing_of_scoring_closes_every_sheet(pair, in_round):
    initiative, reviewer, other = pair
    sign(initiative, reviewer)
    with transaction():
        results.close(db.session.get_one(Round, in_round.id), by=actor_of(an_account(Role.SECRETARY)), now=START)

    with pytest.raises(Closed):
        fill_in(initiative, other, GOOD)


def test_without_the_statement_the_dossier_stays_shut(in_round):
    reviewer = a_reviewer()
    initiative = a_dossier_for(in_round=in_round)
    an_assignment(initiative, reviewer)
    place = desk_of(initiative, reviewer)

    with pytest.raises(Forbidden) as error:
        queries.blind_sheet(place, actor=actor_of(reviewer), now=START)

    assert error.value.reasons == ("only after the conflict statement of the round is signed",)


def test_a_dossier_of_somebody_else_does_not_exist_for_a_reviewer(pair, in_round):
    initiative, _reviewer, _other = pair
    stranger = reviewers_of(in_round, 1)[0]

    with pytest.raises(NotFound):
        queries.desk(initiative.blind_code, actor=actor_of(stranger))


def test_the_queue_puts_begun_sheets_first_and_signed_ones_apart(in_round):
    reviewer = reviewers_of(in_round, 1)[0]
    first, second, third = (a_dossier_for(reviewer, in_round=in_round) for _ in range(3))
    sign(first, reviewer)
    fill_in(third, reviewer, {"novelty": "24"})
    actor = actor_of(reviewer)

    todo, signed = queries.queue(actor), queries.queue(actor, signed=True)

    assert [(row.code, row.marked, row.criteria) for row in todo.rows] == [
        (third.blind_code, 1, 3),
        (second.blind_code, 0, 3),
    ]
    assert [row.code for row in signed.rows] == [first.blind_code]
    progress = queries.progress(actor)
    assert (progress.signed, progress.given, progress.left) == (1, 3, 2)
    assert queries.maybe_next_code(actor, after=third.blind_code) == second.blind_code
