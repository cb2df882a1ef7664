"""Results of scoring: the mean, floors and rank; who may read them, and what each page shows."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, NotFound
from evaluator.notices.models import Notice
from evaluator.policy import SYSTEM, Action, allows
from evaluator.reviews.models import ScoreResult, Standing
from evaluator.reviews.results import doing, queries, reminders
from evaluator.reviews.results import service as results
from evaluator.reviews.results.service import Subject
from evaluator.rounds.models import Round
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from evaluator.work.models import Work
from tests.factories import CANARY, START, actor_of, an_account, an_author
from tests.factories_assignment import an_assignment
from tests.factories_reviews import (
    GOOD,
    POOR,
    a_dossier_for,
    a_round_in_review,
    fill_in,
    reviewers_of,
    sign,
)
from tests.page_client import queries as statements


@pytest.fixture
def in_round(app):
    return a_round_in_review()


@pytest.fixture
def reviewers(in_round):
    return reviewers_of(in_round, 2)


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY, name="Lê Thị Thu Hà")


def rank(in_round):
    with transaction():
        return results.rank(db.session.get_one(Round, in_round.id), by=SYSTEM, now=START)


def close(in_round):
    with transaction():
        results.close(db.session.get_one(Round, in_round.id), by=SYSTEM, now=START)


def row_of(initiative):
    db.session.expire_all()
    return db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative.id))


def marks(novelty, application, benefit):
    return {"novelty": str(novelty), "application": str(application), "benefit": str(benefit)}


def test_a_result_is_kept_up_to_date_with_every_signature(in_round, reviewers):
    initiative = a_dossier_for(*reviewers, in_round=in_round)

    sign(initiative, reviewers[0], marks(27, 24, 36))
    first = row_of(initiative)
    assert (first.standing, first.sheets, first.outstanding, first.score) == (Standing.WAITING, 1, 1, "87")
    sign(initiative, reviewers[1], marks(22, 22, 30))

    last = row_of(initiative)
    assert (last.standing, last.sheets, last.outstanding, last.score, last.spread, last.totals) == (
        Standing.PASSED,
        2,
        0,
        "161/2",
        1300,
        [7400, 8700],
    )


@pytest.mark.parametrize(("benefit", "standing"), [(25, Standing.PASSED), (24, Standing.FAILED)])
def test_a_floor_missed_fails_whatever_the_total(in_round, reviewers, benefit, standing):
    initiative = a_dossier_for(reviewers[0], in_round=in_round)

    sign(initiative, reviewers[0], marks(30, 30, benefit))

    assert row_of(initiative).standing is standing


@pytest.mark.parametrize(("second", "is_flagged"), [(marks(24, 24, 24), False), (marks(23, 24, 24), True)])
def test_sheets_more_than_fifteen_apart_are_flagged(in_round, reviewers, second, is_flagged):
    initiative = a_dossier_for(*reviewers, in_round=in_round)

    sign(initiative, reviewers[0], GOOD)
    sign(initiative, reviewers[1], second)

    assert row_of(initiative).is_flagged is is_flagged


def test_ranking_goes_by_passing_then_score_and_shares_a_rank_between_equals(in_round, reviewers):
    best, equal, also, failed, waiting = (a_dossier_for(reviewers[0], in_round=in_round) for _ in range(5))
    for initiative, points in (
        (best, marks(30, 30, 40)),
        (equal, GOOD),
        (also, GOOD),
        (failed, marks(30, 30, 24)),
    ):
        sign(initiative, reviewers[0], points)

    assert rank(in_round) == 4
    assert rank(in_round) == 4  # again, and nothing changes

    ranks = {each.id: (row_of(each).rank, row_of(each).is_tied) for each in (best, equal, also, failed, waiting)}
    assert ranks == {
        best.id: (1, False),
        equal.id: (2, True),
        also.id: (2, True),
        failed.id: (4, False),
        waiting.id: (None, False),
    }


def test_closing_takes_the_signed_sheets_and_leaves_dossiers_without_any(in_round, reviewers):
    half = a_dossier_for(*reviewers, in_round=in_round)
    none = a_dossier_for(*reviewers, in_round=in_round)
    sign(half, reviewers[0])

    close(in_round)

    db.session.refresh(half)
    db.session.refresh(none)
    assert (half.state, row_of(half).standing, row_of(half).rank) == (InitiativeState.REVIEWED, Standing.PASSED, 1)
    assert (none.state, row_of(none).standing, row_of(none).rank) == (
        InitiativeState.IN_REVIEW,
        Standing.UNSCORED,
        None,
    )
    with pytest.raises(Conflict, match="closed already"):
        close(in_round)


def test_closing_is_refused_while_nothing_is_signed_and_can_be_taken_back(in_round, reviewers):
    initiative = a_dossier_for(reviewers[0], in_round=in_round)
    with pytest.raises(Conflict, match="No sheet has been signed"):
        close(in_round)

    sign(initiative, reviewers[0])
    close(in_round)
    with transaction():
        results.open_again(db.session.get_one(Round, in_round.id), why="Bổ sung phiếu", by=SYSTEM, now=START)

    assert queries.scoring_of(in_round).is_closed is False


def test_a_dossier_whose_last_reviewer_was_taken_off_is_completed_by_the_ranking(in_round, reviewers):
    initiative = a_dossier_for(reviewers[0], in_round=in_round)
    other = an_assignment(initiative, reviewers[1])
    sign(initiative, reviewers[0])
    other.ended_at = START
    db.session.commit()

    rank(in_round)

    db.session.refresh(initiative)
    assert initiative.state is InitiativeState.REVIEWED


def test_list_and_single_check_agree_for_everybody(in_round, reviewers, secretary):
    """The policy's answer for one result and the database's for all are one truth."""
    judge, other = reviewers
    member = an_account(Role.MEMBER)
    both = an_account(Role.SECRETARY, Role.REVIEWER)
    owner = an_account(Role.SECRETARY, Role.AUTHOR)
    initiatives = [a_dossier_for(judge, other, in_round=in_round) for _ in range(3)]
    initiatives[1].authors[0].share = 5000
    initiatives[1].authors.append(an_author(name=owner.name, account_id=owner.id, position=2, share=5000))
    an_assignment(initiatives[2], both)
    for initiative in initiatives:
        sign(initiative, judge)
    rank(in_round)

    for is_closed in (False, True):
        if is_closed:
            close(in_round)
        for person in (judge, member, both, owner, secretary, an_account(Role.AUTHOR)):
            actor = actor_of(person)
            listed = set(
                db.session.scalars(
                    select(ScoreResult.initiative_id).where(queries.may_read(actor, is_closed=is_closed))
                )
            )
            single = {each.id for each in initiatives if allows(actor, Action.RESULT_READ, Subject(each.id, is_closed))}
            assert listed == single, (person.roles, is_closed)


def test_a_reviewer_never_learns_the_others_points(client, in_round, reviewers):
    initiative = a_dossier_for(*reviewers, in_round=in_round)
    sign(initiative, reviewers[1], marks(22, 22, 30))
    browser = client.sign_in(reviewers[0])

    assert browser.get(f"/results/{in_round.code}").status == 403
    assert browser.get(f"/results/{in_round.code}/of/{initiative.code}").status == 404
    assert "74" not in browser.get(f"/reviews/{initiative.blind_code}").one("form", id="sheet").text


def test_members_read_the_results_only_when_scoring_is_closed_and_without_names(client, in_round, reviewers):
    initiative = a_dossier_for(*reviewers, in_round=in_round)
    sign(initiative, reviewers[0])
    member = an_account(Role.MEMBER)
    browser = client.sign_in(member)

    before = browser.get(f"/results/{in_round.code}")
    assert (before.status, "Việc chấm đang diễn ra" in before.text) == (200, True)
    assert browser.get(f"/results/{in_round.code}/of/{initiative.code}").status == 404
    close(in_round)

    assert initiative.title in browser.get(f"/results/{in_round.code}").text
    page = browser.get(f"/results/{in_round.code}/of/{initiative.code}")
    assert page.heading == initiative.title
    assert reviewers[0].name not in page.text
    assert "Phiếu 1" in page.text


def test_the_secretary_sees_the_list_the_dots_and_what_led_to_the_score(client, in_round, reviewers, secretary):
    far = a_dossier_for(*reviewers, in_round=in_round)
    sign(far, reviewers[0], GOOD)
    sign(far, reviewers[1], POOR)
    rank(in_round)
    browser = client.sign_in(secretary)

    page = browser.get(f"/results/{in_round.code}")
    row = page.rows()[0]
    assert (row[0], row[2], row[4], row[6]) == ("1", "69,5", "35 lệch lớn", "Không đạt")
    one = browser.get(page.links()[far.title])
    assert {"1 tiêu chí", "87", "52", "69,5"} - set(one.text.split()) == {"1 tiêu chí"}
    assert reviewers[0].name in one.text


@pytest.mark.parametrize("sort", ["rank", "-rank", "points", "-points", "spread", "-outstanding", "received", "bogus"])
def test_the_list_is_sorted_by_any_column_at_a_constant_cost(client, in_round, reviewers, secretary, sort):
    for points in (GOOD, POOR):
        sign(a_dossier_for(reviewers[0], in_round=in_round), reviewers[0], points)
    rank(in_round)
    browser = client.sign_in(secretary)

    with statements() as two:
        page = browser.get(f"/results/{in_round.code}?sort={sort}")
    totals = [row[2] for row in page.rows()]
    assert totals == (["52", "87"] if sort in {"-rank", "points"} else totals)
    sign(a_dossier_for(reviewers[0], in_round=in_round), reviewers[0])
    with statements() as three:
        browser.get(f"/results/{in_round.code}?sort={sort}")
    assert two.count == three.count


def test_pages_follow_one_another_by_key_without_gap(in_round, reviewers, secretary):
    for _ in range(27):
        sign(a_dossier_for(reviewers[0], in_round=in_round), reviewers[0])
    rank(in_round)
    actor = actor_of(secretary)

    first = queries.listed(in_round, actor=actor, sort="rank")
    second = queries.listed(in_round, actor=actor, sort="rank", mark=first.next)

    assert (len(first.rows), len(second.rows), second.next) == (25, 2, "")
    assert len({row.code for row in (*first.rows, *second.rows)}) == 27
    assert [row.code for row in queries.listed(in_round, actor=actor, mark=second.previous).rows] == [
        row.code for row in first.rows
    ]


def test_ranking_and_closing_are_long_work_that_leads_back(client, app, in_round, reviewers, secretary):
    initiative = a_dossier_for(reviewers[0], in_round=in_round)
    fill_in(initiative, reviewers[0], GOOD)
    browser = client.sign_in(secretary)
    page = browser.get(f"/results/{in_round.code}")

    asked = browser.submit(page.form("Xếp hạng ngay"), page)
    assert asked.location.startswith("/work/")
    told = doing.rank(
        {"round": in_round.code}, by=SYSTEM, clock=app.extensions["clock"], progress=lambda *_words, **_values: None
    )
    assert told == {"computed": 1, "ranked": 0, "url": f"/results/{in_round.code}"}
    assert row_of(initiative).standing is Standing.WAITING


def test_what_was_signed_since_the_last_ranking_is_ranked_by_the_clock(in_round, reviewers):
    sign(a_dossier_for(reviewers[0], in_round=in_round), reviewers[0])

    with transaction():
        assert results.rank_changed(by=SYSTEM, now=START) == 1
        assert results.rank_changed(by=SYSTEM, now=START) == 1  # the same piece of work
    assert db.session.scalars(select(Work.kind)).all() == ["rank-results"]
    rank(in_round)
    with transaction():
        assert results.rank_changed(by=SYSTEM, now=START) == 0


def test_reviewers_are_listed_with_their_progress_and_reminded(client, in_round, reviewers, secretary):
    for _ in range(2):
        initiative = a_dossier_for(*reviewers, in_round=in_round)
        sign(initiative, reviewers[0])
    browser = client.sign_in(secretary)

    page = browser.get(f"/results/{in_round.code}/reviewers")
    texts = {row[0].split(" nguoi")[0]: row[1] for row in page.rows()}
    assert sorted(words.split()[-3:] for words in texts.values()) == [["0", "/", "2"], ["2", "/", "2"]]
    sent = browser.submit(page.form("Nhắc"), page)

    assert sent.status == 303
    notice = db.session.scalars(select(Notice).where(Notice.template == "review-reminder")).one()
    assert (notice.account_id, notice.params["count"]) == (reviewers[1].id, 2)


def test_a_reminder_without_anything_left_is_refused(in_round, reviewers):
    sign(a_dossier_for(reviewers[0], in_round=in_round), reviewers[0])

    with pytest.raises(Conflict, match="signed everything"):
        reminders.remind(in_round, reviewers[0].code, by=SYSTEM, now=START)
    with pytest.raises(NotFound):
        reminders.remind(in_round, "NOBODY", by=SYSTEM, now=START)


@pytest.mark.parametrize(("days_before", "told"), [(5, 0), (3, 1), (0, 1), (-1, 0)])
def test_the_clock_reminds_in_the_last_days_only(in_round, reviewers, days_before, told):
    a_dossier_for(reviewers[0], in_round=in_round)

    with transaction():
        now = in_round.review_closes_at - timedelta(days=days_before)
        assert reminders.remind_late(by=SYSTEM, now=now) == told


def test_all_scores_go_out_as_a_table_without_formulas(client, in_round, reviewers, secretary):
    initiative = a_dossier_for(reviewers[0], in_round=in_round)
    sign(initiative, reviewers[0])
    db.session.execute(db.text("UPDATE score_sheet SET remark = '=1+1'"))
    browser = client.sign_in(secretary)

    answer = browser.take(f"/results/{in_round.code}/scores.csv")
    lines = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))

    assert lines[0][4:8] == ["Tính mới, tính sáng tạo", "Khả năng áp dụng, nhân rộng", "Hiệu quả", "Tổng"]
    assert lines[1][0] == initiative.code
    assert lines[1][4:] == ["27", "24", "36", "87", "'=1+1"]
    assert CANARY not in answer.headers["Content-Disposition"]


def test_the_secretary_gives_more_time_and_gives_a_signed_sheet_back(client, in_round, reviewers, secretary):
    initiative = a_dossier_for(*reviewers, in_round=in_round)
    sign(initiative, reviewers[0])
    browser = client.sign_in(secretary)
    address = f"/results/{in_round.code}/of/{initiative.code}"
    page = browser.get(address)

    wrong = browser.submit(page.form("Gia hạn"), page, until="2026-03-01")
    assert (wrong.status, wrong.heading) == (422, "Gia hạn một phiếu chấm")
    given = browser.submit(page.form("Gia hạn"), page, until="2026-04-30")
    assert (given.status, given.location) == (303, address)
    assert "Được gia hạn đến hết ngày 30/04/2026." in browser.follow(given).text

    wrong = browser.submit(page.form("Trả lại"), page)
    assert (wrong.status, wrong.heading) == (422, "Trả lại phiếu đã ký")
    back = browser.submit(page.form("Trả lại"), page, why="Nhầm tiêu chí")
    assert (back.status, back.location) == (303, address)
    assert row_of(initiative).sheets == 0


def test_a_reviewer_gives_neither_time_nor_sheets_back(client, in_round, reviewers):
    initiative = a_dossier_for(*reviewers, in_round=in_round)
    sign(initiative, reviewers[0])
    browser = client.sign_in(reviewers[0])
    browser.get("/reviews/")
    token = browser.get("/reviews/").all("input", name="csrf_token")[0].attrs["value"]

    for act, given in (("extension", {"until": "2026-04-30"}), ("reopening", {"why": "Nhầm"})):
        answer = browser.post(f"/reviews/{initiative.code}/{reviewers[0].code}/{act}", {"csrf_token": token, **given})
        assert answer.status == 404
