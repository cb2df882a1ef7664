"""Locking, unlocking and what changed; explanations; re-marking; statistics."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select, update

from evaluator import invariants
from evaluator.assignment.models import Assignment
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import SYSTEM
from evaluator.reviews.explanations import queries as explanations
from evaluator.reviews.facts import queries as facts_queries
from evaluator.reviews.facts import service as facts
from evaluator.reviews.locking import queries as locking
from evaluator.reviews.models import Remarking, ScoreResult, ScoringFact
from evaluator.reviews.remarking import queries as remarkings
from evaluator.reviews.remarking import service as remarking
from evaluator.reviews.results import measure
from evaluator.reviews.results import service as results
from evaluator.reviews.statistics import queries as statistics
from evaluator.rounds.models import Round
from evaluator.rules.agreement import AGREEMENT_UNKNOWN, Mark
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import CANARY, START, a_round, actor_of, an_account, an_author, save
from tests.factories_assignment import a_reviewer, a_statement, an_assignment
from tests.factories_reviews import GOOD, POOR, a_dossier_for, a_round_in_review, reviewers_of, sign
from tests.page_client import queries as counted
from tests.rubric_builder import a_rubric, preset

FAIR = {"novelty": "21", "application": "21", "benefit": "28"}  # 70, just enough


@pytest.fixture
def in_round(app):
    in_round = a_round_in_review()
    in_round.released_at = START
    return save(in_round)


@pytest.fixture
def reviewers(in_round):
    return reviewers_of(in_round, 2)


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


@pytest.fixture
def chair(app):
    return an_account(Role.CHAIR, Role.MEMBER, name="Phạm Văn Chính")


def again(a_round):
    return db.session.get_one(Round, a_round.id)


def lock(a_round, by=SYSTEM):
    with transaction():
        results.close(again(a_round), by=by, now=START)


def unlock(a_round, by=SYSTEM, why="Sót một phiếu"):
    with transaction():
        results.open_again(again(a_round), why=why, by=by, now=START)


def a_scored(in_round, reviewers, *points):
    """A dossier with signed sheets."""
    initiative = a_dossier_for(*reviewers[: len(points)], in_round=in_round)
    for reviewer, texts in zip(reviewers, points, strict=False):
        sign(initiative, reviewer, texts)
    return initiative


def test_locking_keeps_every_outcome_with_its_rank_and_one_seal(in_round, reviewers, secretary):
    good, poor = a_scored(in_round, reviewers, GOOD, GOOD), a_scored(in_round, reviewers, POOR, FAIR)
    lock(in_round, by=actor_of(secretary))
    (kept,) = locking.locks(in_round, actor=actor_of(secretary))

    assert (kept.number, kept.locked_by, kept.unlocked_at, len(kept.digest)) == (1, secretary.name, None, 64)
    outcomes = {row.initiative_id: row for row in db.session.scalars(select(locking.LockedOutcome))}
    assert (outcomes[good.id].score, outcomes[good.id].passed, outcomes[good.id].rank) == ("87", True, 1)
    assert (outcomes[poor.id].score, outcomes[poor.id].passed, outcomes[poor.id].rank) == ("61", False, 2)
    assert outcomes[good.id].document["score"] == "87.00"


def test_the_same_sheets_locked_again_have_the_same_seal(in_round, reviewers, secretary):
    a_scored(in_round, reviewers, GOOD, POOR)
    lock(in_round)
    unlock(in_round)
    lock(in_round)
    second, first = locking.locks(in_round, actor=actor_of(secretary))

    assert second.digest == first.digest
    assert locking.changes(first, second, actor=actor_of(secretary)).rows == []


def test_only_the_chair_unlocks_and_says_why(in_round, reviewers, secretary, chair):
    a_scored(in_round, reviewers, GOOD, GOOD)
    lock(in_round)
    with pytest.raises(Forbidden):
        unlock(in_round, by=actor_of(secretary))
    with pytest.raises(Invalid) as refused:
        unlock(in_round, by=actor_of(chair), why="  ")
    assert list(refused.value.fields) == ["why"]

    unlock(in_round, by=actor_of(chair))
    (kept,) = locking.locks(in_round, actor=actor_of(chair))
    assert (kept.unlocked_at, kept.unlocked_by, kept.unlock_reason) == (START, "Phạm Văn Chính", "Sót một phiếu")
    with pytest.raises(Conflict):
        unlock(in_round, by=actor_of(chair))


def test_what_changed_between_two_lockings_is_listed_and_both_stay(in_round, reviewers, secretary):
    same = a_scored(in_round, reviewers, GOOD, GOOD)
    other = a_scored(in_round, reviewers, FAIR)
    lock(in_round)
    unlock(in_round)
    an_assignment(other, reviewers[1])
    db.session.execute(update(Initiative).where(Initiative.id == other.id).values(state=InitiativeState.IN_REVIEW))
    db.session.commit()
    sign(other, reviewers[1], POOR)
    lock(in_round)
    second, first = locking.locks(in_round, actor=actor_of(secretary))
    (change,) = locking.changes(first, second, actor=actor_of(secretary)).rows

    assert change.code == other.code != same.code
    assert (change.before.score, change.before.passed, change.after.score, change.after.passed) == (
        7000,
        True,
        6100,
        False,
    )
    assert change.is_decisive


def test_a_dossier_scored_only_in_the_second_locking_is_a_change(in_round, reviewers, secretary):
    a_scored(in_round, reviewers, GOOD)
    lock(in_round)
    unlock(in_round)
    late = a_scored(in_round, reviewers, GOOD)
    lock(in_round)
    second, first = locking.locks(in_round, actor=actor_of(secretary))

    (change,) = [
        each for each in locking.changes(first, second, actor=actor_of(secretary)).rows if each.code == late.code
    ]
    assert (change.before, change.is_decisive) == (None, True)


def test_a_locked_result_that_was_forced_is_found(in_round, reviewers):
    forced = a_scored(in_round, reviewers, GOOD, GOOD)
    lock(in_round)
    assert invariants.check()["results-are-as-locked"] == []
    db.session.execute(update(ScoreResult).values(score="99"))
    db.session.commit()

    assert invariants.check()["results-are-as-locked"] == [forced.code]
    db.session.execute(update(ScoreResult).values(score="87"))
    db.session.commit()


def test_the_pages_of_lockings_show_them_and_the_chair_unlocks_there(in_round, reviewers, chair, client):
    a_scored(in_round, reviewers, GOOD, GOOD)
    other = a_scored(in_round, reviewers, FAIR)
    lock(in_round)
    client.sign_in(chair)
    listed = client.get(f"/results/{in_round.code}/locks")
    assert "Lần khoá 1" in listed.text
    assert "Đây là lần khoá đầu tiên" in client.get(f"/results/{in_round.code}/locks/1").text
    assert client.get(f"/results/{in_round.code}/locks/9").status == 404

    page = client.get(f"/results/{in_round.code}/unlocking")
    assert client.submit(page.form("Mở khoá"), page).status == 422
    done = client.follow(client.submit(page.form("Mở khoá"), page, why="Sót một phiếu"))
    assert "Đã mở khoá kết quả" in done.text
    db.session.execute(update(Assignment).where(Assignment.initiative_id == other.id).values(ended_at=START))
    db.session.commit()
    lock(in_round)
    assert other.title in client.get(f"/results/{in_round.code}/locks/2").text
    assert "Không có thay đổi" not in client.get(f"/results/{in_round.code}/locks/2").text


def test_the_secretary_may_not_open_the_page_that_unlocks(in_round, secretary, client):
    client.sign_in(secretary)

    assert client.get(f"/results/{in_round.code}/unlocking").status == 403
    assert "Chưa khoá" in client.get(f"/results/{in_round.code}/locks").text


# --- explanations -----------------------------------------------------------------------------


def decide(initiative, state=InitiativeState.NOT_SELECTED):
    db.session.execute(update(Initiative).where(Initiative.id == initiative.id).values(state=state))
    db.session.commit()


def test_the_council_reads_every_number_and_whether_one_sheet_decides(in_round, reviewers, secretary, client):
    fair = a_scored(in_round, reviewers, FAIR, POOR)
    good = a_scored(in_round, reviewers, FAIR, GOOD)
    single = a_scored(in_round, reviewers, FAIR, FAIR)
    lock(in_round)
    client.sign_in(secretary)
    page = client.get(f"/results/{in_round.code}/of/{fair.code}/explanation")

    assert f"Phiếu của {reviewers[0].name}: 70 điểm." in page.text
    assert "Trung bình của 52 · 70: 61." in page.text
    assert "Điểm: 61, cần ít nhất 70: không đạt." in page.text
    assert "Xếp thứ 3." in page.text
    assert f"không có phiếu của {reviewers[1].name} thì kết luận sẽ khác" in page.text
    assert "Bỏ bất kỳ một phiếu nào" in client.get(f"/results/{in_round.code}/of/{single.code}/explanation").text
    assert client.get(f"/results/{in_round.code}/of/{good.code}/explanation.pdf").body.startswith(b"%PDF")


def test_a_member_reads_it_without_names(in_round, reviewers, client):
    fair = a_scored(in_round, reviewers, FAIR, POOR)
    lock(in_round)
    client.sign_in(an_account(Role.MEMBER))
    page = client.get(f"/results/{in_round.code}/of/{fair.code}/explanation")

    assert "Phiếu số 1: 70 điểm." in page.text
    assert reviewers[0].name not in page.text
    assert "không có phiếu của 2 thì kết luận sẽ khác" in page.text


def test_a_dossier_without_sheets_has_nothing_to_explain(in_round, reviewers, secretary):
    empty = a_dossier_for(reviewers[0], in_round=in_round)

    with pytest.raises(NotFound):
        explanations.for_council(empty.code, in_round, actor=actor_of(secretary))


def test_what_told_equals_apart_is_explained(app, secretary):
    rubric = "r07-young-science"
    a_round_of_dates = a_round(phase=Phase.REVIEW, rubric=rubric)
    (reviewer,) = reviewers_of(a_round_of_dates, 1)
    document = {**a_round_of_dates.rubric, "ties": [{"kind": "date"}]}
    db.session.execute(update(Round).where(Round.id == a_round_of_dates.id).values(rubric=document))
    db.session.commit()
    points = {each.key: "5" for each in preset("r07").criteria}
    early, late = (a_scored(a_round_of_dates, [reviewer], points) for _ in range(2))
    for initiative, days in ((early, 2), (late, 1)):
        db.session.execute(
            update(Initiative).where(Initiative.id == initiative.id).values(submitted_at=START - timedelta(days=days))
        )
    db.session.commit()
    lock(a_round_of_dates)
    explained = explanations.for_council(late.code, again(a_round_of_dates), actor=actor_of(secretary))

    assert [str(line.text) for line in explained.part("rank")] == [
        "Rank 2.",
        "Equal scores: the dossier handed in earlier goes first.",
    ]


def test_an_author_reads_the_own_result_without_a_name_once_it_is_decided(in_round, reviewers, client):
    mine = a_scored(in_round, reviewers, FAIR, POOR)
    lock(in_round)
    owner = db.session.get_one(Account, mine.owner_id)
    client.sign_in(owner)
    assert client.get(f"/my-results/{mine.code}").status == 404
    decide(mine)
    page = client.get(f"/my-results/{mine.code}")

    assert page.heading == "Kết quả của bạn được tính như thế nào"
    assert "Phiếu số 1: 70 điểm." in page.text
    assert all(reviewer.name not in page.text for reviewer in reviewers)
    assert client.get(f"/my-results/{mine.code}/explanation.pdf").body.startswith(b"%PDF")
    assert client.get("/my-results/NOWHERE").status == 404


def test_nobody_else_reads_the_result_of_an_author(in_round, reviewers, secretary):
    mine = a_scored(in_round, reviewers, FAIR)
    decide(mine)

    for account in (secretary, reviewers[0], an_account()):
        with pytest.raises(NotFound):
            explanations.for_author(mine.code, actor=actor_of(account), now=START)


def test_a_decided_initiative_without_sheets_explains_nothing(in_round, reviewers):
    mine = a_dossier_for(reviewers[0], in_round=in_round)
    decide(mine)
    owner = db.session.get_one(Account, mine.owner_id)

    with pytest.raises(NotFound):
        explanations.for_author(mine.code, actor=actor_of(owner), now=START)


# --- re-marking -------------------------------------------------------------------------------


@pytest.fixture
def decided(in_round, reviewers):
    initiative = a_scored(in_round, reviewers, FAIR, POOR)
    lock(in_round)
    decide(initiative)
    return initiative


@pytest.fixture
def owner(decided):
    return db.session.get_one(Account, decided.owner_id)


def asked(decided, owner, reason="Chưa xem minh chứng ở phụ lục 2"):
    with transaction():
        return remarking.ask(db.session.get_one(Initiative, decided.id), reason=reason, by=actor_of(owner), now=START)


def test_an_author_asks_once_and_within_the_days(decided, owner):
    request = asked(decided, owner)
    assert (request.score_before, request.is_open) == ("61", True)
    with pytest.raises(Conflict):
        asked(decided, owner)
    with pytest.raises(Closed):
        remarking.ask(
            decided, reason="x", by=actor_of(owner), now=remarking.ask_until(decided.round) + timedelta(seconds=1)
        )
    with pytest.raises(Invalid):
        remarking.ask(decided, reason=" ", by=actor_of(owner), now=remarking.ask_until(decided.round))


def test_nobody_asks_for_another(decided, secretary):
    with pytest.raises(Forbidden):
        remarking.ask(decided, reason="x", by=actor_of(secretary), now=START)


def test_a_request_is_refused_with_words(decided, owner, secretary):
    request = asked(decided, owner)
    with pytest.raises(Invalid), transaction():
        remarking.refuse(request, answer="", by=actor_of(secretary), now=START)
    with transaction():
        remarking.refuse(request, answer="Minh chứng đã được xem.", by=actor_of(secretary), now=START)

    assert (request.is_open, request.answer, request.score_after) == (False, "Minh chứng đã được xem.", "")
    for act in (
        lambda: remarking.refuse(request, answer="x", by=actor_of(secretary), now=START),
        lambda: remarking.accept(request, by=actor_of(secretary), now=START),
        lambda: remarking.answer(request, text="x", by=actor_of(secretary), now=START),
    ):
        with pytest.raises(Conflict):
            act()


def test_others_mark_anew_and_both_scores_stay(in_round, decided, owner, reviewers, secretary):
    request = asked(decided, owner)
    by = actor_of(secretary)
    with pytest.raises(Conflict), transaction():
        remarking.accept(request, by=by, now=START)  # still locked
    unlock(in_round)
    with pytest.raises(Conflict), transaction():
        remarking.answer(request, text="x", by=by, now=START)  # not accepted
    with transaction():
        remarking.accept(request, by=by, now=START)
    with pytest.raises(Conflict):
        remarking.accept(request, by=by, now=START)

    assert db.session.get_one(Initiative, decided.id).state is InitiativeState.IN_REVIEW
    assert (
        db.session.scalars(
            select(Assignment.reviewer_id).where(Assignment.initiative_id == decided.id, Assignment.ended_at.is_(None))
        ).all()
        == []
    )
    for reviewer in reviewers:
        assert decided.id in actor_of(reviewer).conflicts

    other = a_reviewer()
    a_statement(other, in_round)
    an_assignment(decided, other)
    with pytest.raises(Conflict), transaction():
        remarking.answer(request, text="x", by=by, now=START)  # not marked yet
    sign(decided, other, GOOD)
    lock(in_round)
    with pytest.raises(Invalid), transaction():
        remarking.answer(request, text=" ", by=by, now=START)
    with transaction():
        remarking.answer(request, text="Điểm mới là 87.", by=by, now=START)
    assert (request.score_before, request.score_after, request.answer) == ("61", "87", "Điểm mới là 87.")


def test_a_reviewed_dossier_is_reopened_without_a_decision_to_take_back(in_round, decided, owner, secretary):
    request = asked(decided, owner)
    unlock(in_round)
    decide(decided, InitiativeState.REVIEWED)
    db.session.expire_all()
    with transaction():
        remarking.accept(request, by=actor_of(secretary), now=START)

    assert db.session.get_one(Initiative, decided.id).state is InitiativeState.IN_REVIEW


def test_re_marking_from_the_pages(in_round, decided, owner, secretary, client):
    client.sign_in(owner)
    page = client.get(f"/my-results/{decided.code}")
    page = client.get(page.links()["Đề nghị chấm lại (phúc khảo)"])
    sent = client.follow(client.submit(page.form("Gửi đơn"), page, reason="Chưa xem phụ lục 2"))
    assert "Hội đồng chưa trả lời." in sent.text
    assert "Đề nghị chấm lại (phúc khảo)" not in sent.links()

    client.sign_in(secretary)
    listed = client.get(f"/results/{in_round.code}/remarkings")
    page = client.get(listed.links()[decided.title])
    assert "Chưa xem phụ lục 2" in page.text
    refused = client.submit(page.form("Chấp nhận"), page, "Chấp nhận")
    assert (refused.status, "Kết quả đang khoá" in refused.text) == (409, True)
    unlock(in_round)
    done = client.follow(client.submit(page.form("Chấp nhận"), page, "Chấp nhận"))
    assert "Đang chấm lại" in done.text

    other = a_reviewer()
    a_statement(other, in_round)
    an_assignment(decided, other)
    sign(decided, other, GOOD)
    lock(in_round)
    page = client.get(f"/results/{in_round.code}/remarkings/{decided.code}")
    client.follow(client.submit(page.form("Gửi trả lời"), page, "Gửi trả lời", answer="Điểm mới là 87."))
    shown = client.get(f"/results/{in_round.code}/remarkings/{decided.code}")
    assert "Điểm mới là 87." in shown.text
    decide(decided)
    client.sign_in(owner)
    assert "Điểm mới là 87." in client.get(f"/my-results/{decided.code}").text


def test_a_request_is_refused_from_the_page(in_round, decided, owner, secretary, client):
    asked(decided, owner)
    client.sign_in(secretary)
    page = client.get(f"/results/{in_round.code}/remarkings/{decided.code}")
    done = client.submit(page.form("Chấp nhận"), page, "Từ chối với nội dung này", answer="Đã xem đủ.")

    assert client.follow(done).status == 200
    assert db.session.scalar(select(Remarking.answer)) == "Đã xem đủ."


def test_requests_are_hidden_from_who_has_a_stake_and_from_strangers(in_round, decided, owner, secretary):
    asked(decided, owner)
    both = an_account(Role.SECRETARY)
    an_author_too = an_author(account_id=both.id, name=both.name, share=None, position=9)
    db.session.get_one(Initiative, decided.id).authors.append(an_author_too)
    db.session.commit()

    assert remarkings.of_round(in_round, actor=actor_of(both)) == []
    with pytest.raises(NotFound):
        remarkings.get(decided.code, in_round, actor=actor_of(both))
    assert len(remarkings.of_round(in_round, actor=actor_of(secretary))) == 1
    with pytest.raises(Forbidden):
        remarkings.of_round(in_round, actor=actor_of(owner))
    with pytest.raises(NotFound):
        remarkings.own(decided.code, actor=actor_of(secretary))


# --- statistics -------------------------------------------------------------------------------


def test_statistics_are_measured_with_the_ranking_and_shown(in_round, reviewers, secretary, client):
    for points in ((GOOD, FAIR), (FAIR, FAIR), (POOR, GOOD)):
        a_scored(in_round, reviewers, *points)
    client.sign_in(secretary)
    assert "Chưa có thống kê" in client.get(f"/results/{in_round.code}/statistics").text
    lock(in_round)
    page = client.get(f"/results/{in_round.code}/statistics")

    assert reviewers[0].name in page.text
    assert "Chưa đủ dữ liệu: có người chấm chỉ mới chấm 3 phiếu; mỗi người cần ít nhất 8 phiếu." in page.text
    assert "Số phiếu đã ký so với thời hạn" in page.text
    found = statistics.of_round(in_round, actor=actor_of(secretary))
    assert (found.marks, found.line, found.changed) == (6, 70.0, ())
    assert found.scale > 0


def test_who_reviews_now_does_not_look_at_how_others_mark(in_round, reviewers):
    a_scored(in_round, reviewers, GOOD)
    both = an_account(Role.SECRETARY, Role.REVIEWER)
    a_dossier_for(both, in_round=in_round)

    with pytest.raises(Forbidden):
        statistics.of_round(in_round, actor=actor_of(both))
    lock(in_round)
    assert statistics.of_round(in_round, actor=actor_of(both)) is not None


def test_corrected_scores_stand_beside_the_raw_ones_where_they_would_decide_otherwise():
    marks = [
        Mark(f"{number:09}", who, Fraction(str(points + (3 if who == "1" else 0) + (number % 3) * 0.2)))
        for number, points in enumerate([60, 66, 69, 71, 75, 80] * 4)
        for who in ("1", "2")
    ] + [Mark("000000900", "1", Fraction(71)), Mark("000000901", "2", Fraction(69))]
    found = measure.measure(preset("r01"), marks)

    assert found["doubts"] == []
    assert [row[0] for row in found["changed"]] == [900, 901]
    assert found["changed_count"] == 2


def test_a_rubric_without_a_pass_mark_has_no_line():
    assert measure.measure(a_rubric(), [])["line"] is None
    assert measure.measure(preset("r01"), [])["words"] == AGREEMENT_UNKNOWN


def test_initiatives_near_the_line_are_listed_without_those_of_the_reader(in_round, reviewers, secretary, client):
    near = a_scored(in_round, reviewers, FAIR, {"novelty": "22", "application": "21", "benefit": "28"})
    for _ in range(3):
        a_scored(in_round, reviewers, GOOD, POOR)
    lock(in_round)
    client.sign_in(secretary)

    assert near.title in client.get(f"/results/{in_round.code}/statistics").text


# --- facts ------------------------------------------------------------------------------------


def test_public_votes_and_the_chairs_sheet_reach_the_rules(app, secretary):
    in_round = a_round(phase=Phase.REVIEW, rubric="r04-thai-nguyen")
    (reviewer,) = reviewers_of(in_round, 1)
    points = {"innovation": "20", "effect": "20", "application": "20"}
    most, half = (a_scored(in_round, [reviewer], points) for _ in range(2))
    db.session.add_all([ScoringFact(initiative_id=most.id, votes=200), ScoringFact(initiative_id=half.id, votes=100)])
    db.session.commit()
    lock(in_round)
    scores = dict(db.session.execute(select(ScoreResult.initiative_id, ScoreResult.score)).all())

    assert scores == {most.id: "80", half.id: "70"}


def test_the_lists_cost_the_same_whatever_their_length(in_round, reviewers, secretary, client):
    def cost(path):
        with counted() as seen:
            assert client.get(path).status == 200
        return seen.count

    a_scored(in_round, reviewers, GOOD, FAIR)
    lock(in_round)
    client.sign_in(secretary)
    paths = [f"/results/{in_round.code}/{name}" for name in ("locks", "locks/1", "remarkings", "statistics")]
    one = [cost(path) for path in paths]
    unlock(in_round)
    for _ in range(2):
        a_scored(in_round, reviewers, GOOD, POOR)
    lock(in_round)
    assert [cost(path) for path in paths] == one


def test_the_canary_never_reaches_an_explanation_of_the_council(in_round, reviewers, client):
    fair = a_scored(in_round, reviewers, FAIR)
    lock(in_round)
    client.sign_in(an_account(Role.MEMBER))

    assert CANARY not in client.get(f"/results/{in_round.code}/of/{fair.code}/explanation").text


# --- public votes and categories --------------------------------------------------------------


def enter(a_round, text, by):
    with transaction():
        return facts.enter(again(a_round), text, by=actor_of(by), now=START)


def test_votes_are_pasted_as_a_list_and_replace_what_was_there(in_round, reviewers, secretary, client):
    one, two = a_scored(in_round, reviewers, GOOD), a_scored(in_round, reviewers, GOOD)
    assert enter(in_round, f"{one.code}\t12\n\n{two.code};;\n", secretary) == 2
    client.sign_in(secretary)
    page = client.get(f"/results/{in_round.code}/facts")
    assert page.one("textarea", name="lines").text == f"{one.code} | 12 {two.code}"
    done = client.follow(client.submit(page.form("Lưu"), page, lines=f"{two.code} | 3"))

    assert "Đã nhập 1 hồ sơ" in done.text
    assert db.session.execute(select(ScoringFact.initiative_id, ScoringFact.votes)).all() == [(two.id, 3)]


def test_every_wrong_line_is_told_and_nothing_is_taken(in_round, reviewers, secretary, client):
    one = a_scored(in_round, reviewers, GOOD)
    client.sign_in(secretary)
    page = client.get(f"/results/{in_round.code}/facts")
    text = f"X | 1\n{one.code} | 2\n{one.code} | 3\n"
    refused = client.submit(page.form("Lưu"), page, lines=text)

    assert refused.status == 422
    assert "Dòng 1: đợt này không có hồ sơ “X”." in refused.text
    assert f"Dòng 3: “{one.code}” đã có ở dòng trên." in refused.text
    for wrong in (f"{one.code} | -1", f"{one.code} | nhiều", f"{one.code} | 1 | Công nhân"):
        with pytest.raises(Invalid):
            enter(in_round, wrong, secretary)
    assert db.session.scalars(select(ScoringFact)).all() == []


def test_a_category_is_named_by_its_words(app, secretary):
    in_round = a_round_in_review()
    document = {**in_round.rubric, "categories": [{"key": "worker", "label": "Công nhân"}]}
    db.session.execute(update(Round).where(Round.id == in_round.id).values(rubric=document, digest="own"))
    db.session.commit()
    db.session.expire_all()
    one = a_scored(in_round, reviewers_of(in_round, 1), GOOD)
    enter(in_round, f"{one.code} | | công nhân", secretary)

    assert db.session.scalar(select(ScoringFact.category)) == "worker"
    assert facts_queries.written(again(in_round), actor=actor_of(secretary)) == f"{one.code} |  | Công nhân"
    assert facts_queries.categories(again(in_round)) == ["Công nhân"]


def test_votes_do_not_change_once_the_results_are_locked(in_round, reviewers, secretary):
    one = a_scored(in_round, reviewers, GOOD)
    lock(in_round)

    with pytest.raises(Conflict):
        enter(in_round, f"{one.code} | 5", secretary)
    with pytest.raises(Forbidden):
        enter(in_round, "", reviewers[0])
