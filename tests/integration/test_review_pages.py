"""A reviewer's pages and the autosave: every page is audited, and never shows what belongs to an author."""

import re

import pytest
from sqlalchemy import select

from evaluator.core.db import db
from evaluator.reviews.models import ScoreSheet
from evaluator.rounds import presets
from evaluator.rules import rubric_document
from evaluator.rules.amounts import points_text
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from evaluator.rules.rubric import Choice, Comment, Quantity
from tests.factories import CANARY, a_round, an_account, an_attachment, an_initiative
from tests.factories_assignment import a_reviewer, a_statement, an_assignment
from tests.factories_reviews import GOOD, a_dossier_for, a_round_in_review, fill_in, sign
from tests.page_client import queries


@pytest.fixture
def in_round(app):
    return a_round_in_review()


@pytest.fixture
def reviewer(in_round):
    person = a_reviewer(name="Nguyễn Thị Hạnh")
    a_statement(person, in_round)
    return person


@pytest.fixture
def initiative(in_round, reviewer):
    return a_dossier_for(reviewer, in_round=in_round)


@pytest.fixture
def at(client, reviewer):
    """The reviewer's browser; the page client searches every answer for authors' data."""
    return client.sign_in(reviewer)


def points_typed(**points):
    return {f"points_{key}": value for key, value in points.items()}


def address(initiative):
    return f"/reviews/{initiative.blind_code}"


def sheet_form(page, initiative):
    return page.form(action=address(initiative))


def test_the_first_thing_is_the_conflict_statement(client, in_round):
    person = a_reviewer()
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    an_assignment(initiative, person)
    browser = client.sign_in(person)

    todo = browser.get("/reviews/")
    assert f"/reviews/statement/{in_round.code}" in todo.links().values()
    page = browser.follow(browser.get(address(initiative)))
    assert page.heading == "Cam kết về xung đột lợi ích"
    refused = browser.submit(page.form(), page)
    assert (refused.status, len(refused.errors())) == (422, 2)
    signed = browser.submit(page.form(), page, agree="y")
    assert (signed.status, signed.location) == (303, address(initiative))


def test_the_sheet_shows_the_dossier_without_its_author(at, initiative):
    an_attachment(initiative)

    page = at.get(address(initiative))

    assert page.heading == initiative.title
    assert initiative.blind_code in page.text
    assert "Tệp minh chứng 1" in page.text
    assert initiative.code not in page.text
    assert CANARY not in page.text


def test_a_draft_is_kept_and_signing_opens_the_next(at, initiative, reviewer, in_round):
    other = a_dossier_for(reviewer, in_round=in_round)
    page = at.get(address(initiative))

    kept = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="8,5"), do="save")
    assert (kept.status, kept.location) == (422, "")  # whole points only
    kept = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="24"), do="save")
    assert (kept.status, kept.location) == (303, address(initiative))
    page = at.follow(kept)
    signed = at.submit(sheet_form(page, initiative), page, **points_typed(**GOOD), do="sign")

    assert (signed.status, signed.location) == (303, address(other))
    assert "Đã ký phiếu chấm" in at.follow(signed).text


def test_signing_an_incomplete_sheet_keeps_what_was_typed_and_links_to_what_is_missing(at, initiative):
    page = at.get(address(initiative))

    refused = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="24"), remark="Tốt", do="sign")

    assert refused.status == 422
    assert refused.one("input", id="points_novelty").attrs["value"] == "24"
    assert {"#points_application", "#points_benefit"} <= set(refused.links().values())
    assert refused.one("textarea", id="remark").text == "Tốt"


def test_a_signed_sheet_sent_again_answers_with_its_reason(at, initiative, reviewer):
    page = at.get(address(initiative))
    sign(initiative, reviewer)

    again = at.submit(sheet_form(page, initiative), page, **points_typed(**GOOD), do="sign")

    assert again.status == 409
    assert "Bạn đã ký phiếu này lúc" in again.text


def test_two_windows_answer_with_a_reason_and_keep_what_was_typed(at, initiative, reviewer):
    page = at.get(address(initiative))
    fill_in(initiative, reviewer, {"novelty": "30"})

    refused = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="21"), do="save")

    assert refused.status == 409
    assert "cửa sổ khác" in refused.text
    assert refused.one("input", id="points_novelty").attrs["value"] == "21"


def test_after_the_deadline_saving_answers_with_the_date_and_keeps_what_was_typed(at, initiative, clock):
    page = at.get(address(initiative))
    clock.move(days=18, minutes=1)

    refused = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="21"), do="save")

    assert refused.status == 409
    assert "Việc chấm đã kết thúc lúc 09:00, 20/03/2026" in refused.text
    assert refused.one("input", id="points_novelty").attrs["value"] == "21"
    assert db.session.scalars(select(ScoreSheet)).all() == []


def test_the_autosave_keeps_a_draft_and_tells_where_it_stands(at, initiative):
    answer = at.open(
        "PUT",
        f"/api/v1/score-sheets/{initiative.blind_code}",
        json={"version": 0, "points": {"novelty": "24", "application": "20"}, "remark": "Gọn"},
    )

    assert answer.status == 200
    assert {name: answer.json[name] for name in ("version", "total", "missing", "floors_met", "points")} == {
        "version": 1,
        "total": "44",
        "missing": ["benefit"],
        "floors_met": 1,
        "points": {"novelty": "24", "application": "20"},
    }
    assert answer.json["floors_missed"] == ["Khả năng áp dụng, nhân rộng"]
    assert at.get(f"/api/v1/score-sheets/{initiative.blind_code}").json["remark"] == "Gọn"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"version": 0, "points": {"novelty": "31"}}, 422, "invalid"),
        ({"version": 7, "points": {"novelty": "24"}}, 409, "conflict"),
        ({"version": 0, "points": {"novelty": "24"}, "signed": True}, 422, "invalid"),
        ({"points": {}}, 422, "invalid"),
    ],
)
def test_the_autosave_refuses_with_a_problem_document(at, initiative, sent, status, code):
    answer = at.open("PUT", f"/api/v1/score-sheets/{initiative.blind_code}", json=sent)

    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_saving_stays_within_twelve_statements_by_script_and_by_form(at, initiative):
    at.get(address(initiative))
    with queries() as by_script:
        kept = at.open(
            "PUT", f"/api/v1/score-sheets/{initiative.blind_code}", json={"version": 0, "points": {"novelty": "24"}}
        )
    page = at.get(address(initiative))
    with queries() as by_form:
        sent = at.submit(sheet_form(page, initiative), page, **points_typed(novelty="25"), do="save")

    assert (kept.status, sent.status) == (200, 303)
    assert by_script.count <= 12
    assert by_form.count <= 12


def test_the_list_costs_the_same_for_one_dossier_and_for_three(at, initiative, reviewer, in_round):
    def links():
        return [link for link in at.get("/reviews/").links().values() if re.fullmatch("/reviews/[A-Z0-9]{8}", link)]

    expected = {address(initiative)}
    links()
    with queries() as one:
        assert set(links()) == expected
    expected |= {address(a_dossier_for(reviewer, in_round=in_round)) for _ in range(2)}
    with queries() as three:
        assert set(links()) == expected

    assert one.statements == three.statements


def test_knowing_the_author_takes_the_dossier_away_at_once(at, initiative):
    page = at.get(address(initiative))

    left = at.submit(page.form("Khai báo và rời hồ sơ này"), page, why="Cùng cơ quan cũ")

    assert (left.status, left.location) == (303, "/reviews/")
    assert at.get(address(initiative)).status == 404


def test_giving_back_needs_a_reason_and_takes_the_dossier_away(at, initiative):
    page = at.get(address(initiative))
    form = page.form("Trả lại hồ sơ")

    refused = at.submit(form, page)
    assert (refused.status, refused.heading) == (422, f"Trả lại hồ sơ {initiative.blind_code}")
    left = at.submit(form, page, why="Ngoài lĩnh vực của tôi")
    assert (left.status, left.location) == (303, "/reviews/")
    assert at.get(address(initiative)).status == 404


def test_asking_for_more_time_says_so_on_the_sheet(at, initiative):
    page = at.get(address(initiative))

    asked = at.follow(at.submit(page.form("Đề nghị gia hạn"), page, why="Đi công tác đến ngày 25"))

    assert "Bạn đã đề nghị gia hạn" in asked.text
    assert "Xin gia hạn" in at.get("/reviews/").text


def test_a_dossier_of_another_reviewer_looks_like_none_at_all(at, in_round):
    colleague = a_reviewer()
    hidden = a_dossier_for(colleague, in_round=in_round)

    theirs, nothing = at.get(address(hidden)), at.get("/reviews/ZZZZZZZZ")

    assert (theirs.status, theirs.text) == (404, nothing.text.replace("ZZZZZZZZ", hidden.blind_code))


def test_everybody_else_has_no_sheets(client, initiative):
    browser = client.sign_in(an_account(Role.SECRETARY))

    assert browser.get(address(initiative)).status == 404
    assert browser.get("/reviews/").status == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_speak_both_languages(client, in_round, language):
    person = a_reviewer(language=language)
    a_statement(person, in_round)
    initiative = a_dossier_for(person, in_round=in_round)
    browser = client.sign_in(person)

    assert browser.get("/reviews/").heading == {"vi": "Hồ sơ tôi chấm", "en": "Dossiers I review"}[language]
    assert {"vi": "Tổng tạm tính", "en": "Total so far"}[language] in browser.get(address(initiative)).text


def some_points(rubric):
    """What a reviewer could type for every criterion of a rubric; of alternatives only the first."""
    given, chosen = {}, set()
    for criterion in rubric.criteria:
        if criterion.one_of in chosen:
            continue
        if criterion.one_of:
            chosen.add(criterion.one_of)
        if isinstance(criterion, Choice):
            given[criterion.key] = criterion.options[0].key
        elif isinstance(criterion, Comment):
            given[criterion.key] = "Cần thiết"
        elif isinstance(criterion, Quantity):
            given[criterion.key] = "1"
        else:
            given[criterion.key] = points_text(criterion.most or 0).replace(".", ",")
    return given


@pytest.mark.parametrize("key", sorted(presets.rubrics()))
def test_every_rubric_that_ships_can_be_marked_and_signed(client, key):
    in_round = a_round(phase=Phase.REVIEW, rubric=key)
    person = a_reviewer()
    a_statement(person, in_round)
    initiative = a_dossier_for(person, in_round=in_round)
    rubric = rubric_document.from_document(in_round.rubric)
    browser = client.sign_in(person)
    page = browser.get(address(initiative))
    assert all(criterion.label in page.text for criterion in rubric.criteria)

    signed = browser.submit(sheet_form(page, initiative), page, **points_typed(**some_points(rubric)), do="sign")

    assert (signed.status, signed.errors()) == (303, [])
    read = browser.get(address(initiative))
    assert "Bạn đã ký phiếu này lúc" in read.text
