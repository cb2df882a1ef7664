"""A reviewer at the score sheet: one key for each criterion and one to sign; nothing that was typed is lost."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from evaluator.core.db import db
from evaluator.reviews.models import ScoreSheet
from tests.browser.conftest import DESK, PHONE
from tests.factories_assignment import a_reviewer
from tests.factories_reviews import GOOD, a_dossier_for, a_round_in_review, fill_in, reviewers_of, sign

SAVED = "Đã lưu lúc"
SLOW = 20_000  # ms a busy machine may take; a fast one takes one or two seconds


@pytest.fixture
def in_round(app):
    return a_round_in_review()


@pytest.fixture
def reviewer(in_round):
    return reviewers_of(in_round, 1)[0]


@pytest.fixture
def dossiers(in_round, reviewer):
    return [a_dossier_for(reviewer, in_round=in_round) for _ in range(3)]


def sheets():
    db.session.rollback()
    return db.session.scalars(select(ScoreSheet).order_by(ScoreSheet.id)).all()


def address(initiative):
    return f"/reviews/{initiative.blind_code}"


def status(page):
    return page.locator("[data-status]")


def test_three_digits_and_ctrl_enter_sign_a_dossier_and_open_the_next(visit, reviewer, dossiers):
    person = visit(DESK).sign_in(reviewer)
    page = person.go(address(dossiers[0]))

    for digit in "545":
        page.keyboard.press(digit)
    expect(page.locator("[data-total]")).to_have_text("89")
    expect(page.locator("[data-floors]")).to_contain_text("3/3")
    expect(page.locator("[data-missing]")).to_have_text("Đã chấm đủ")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address(dossiers[1])}")

    (sheet,) = sheets()
    assert sheet.signed_at is not None
    assert sheet.points == {"novelty": 2900, "application": 2400, "benefit": 3600}
    assert person.complaints == []


def test_the_arrows_move_by_one_step_and_an_exact_number_can_be_typed(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.keyboard.press("4")
    page.locator("[data-criterion=novelty] .quick[aria-pressed=true]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#points_novelty")).to_have_value("23")
    page.fill("#points_benefit", "31")

    expect(page.locator("[data-total]")).to_have_text("54")
    pressed = page.locator("[data-criterion=benefit] .quick[aria-pressed=true]")
    expect(pressed).to_contain_text("31–40")


def test_the_draft_is_kept_by_itself_within_two_seconds(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.keyboard.press("4")
    page.fill("#remark", "Số liệu rõ ràng.")

    expect(status(page)).to_contain_text(SAVED, timeout=SLOW)
    (sheet,) = sheets()
    assert (sheet.points, sheet.remark, sheet.signed_at) == ({"novelty": 2400}, "Số liệu rõ ràng.", None)


def test_a_lost_line_loses_nothing(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.context.set_offline(True)
    page.keyboard.press("4")
    expect(status(page)).to_contain_text("Mất kết nối", timeout=SLOW)
    page.context.set_offline(False)
    page.reload()

    expect(page.locator("#points_novelty")).to_have_value("24")
    with page.expect_response(lambda answer: "Sau khi" in (answer.request.post_data or ""), timeout=SLOW):
        page.fill("#remark", "Sau khi có mạng.")
    expect(status(page)).to_contain_text(SAVED, timeout=SLOW)
    expect(page.locator("[data-message]")).not_to_contain_text("cửa sổ khác")
    assert [(sheet.points, sheet.remark) for sheet in sheets()] == [({"novelty": 2400}, "Sau khi có mạng.")]


def test_a_second_window_is_told_and_overwrites_nothing(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))
    fill_in(dossiers[0], reviewer, {"novelty": "30"})

    page.keyboard.press("3")

    expect(page.locator("[data-message]")).to_contain_text("cửa sổ khác", timeout=SLOW)
    assert [sheet.points for sheet in sheets()] == [{"novelty": 3000}]


def test_a_number_out_of_range_is_marked_at_once_and_mended(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.fill("#points_novelty", "31")
    expect(page.locator("[data-criterion=novelty] [data-error]")).to_have_text(
        "Hãy cho điểm từ 0 đến 30.", timeout=SLOW
    )
    page.fill("#points_novelty", "30")
    expect(status(page)).to_contain_text(SAVED, timeout=SLOW)

    assert [sheet.points for sheet in sheets()] == [{"novelty": 3000}]


@pytest.mark.parametrize(
    ("key", "words"), [("k", "Khai báo và rời hồ sơ này"), ("x", "Trả lại hồ sơ"), ("t", "Đề nghị gia hạn")]
)
def test_each_way_out_is_one_key(visit, reviewer, dossiers, key, words):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.keyboard.press(key)
    page.keyboard.type("Có lý do")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".notice--good, .notice").first).to_be_visible()
    assert page.url.endswith(address(dossiers[0] if key == "t" else dossiers[1])), words


def test_the_keys_are_listed_on_a_question_mark(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.keyboard.press("?")

    expect(page.locator("#keys")).to_be_visible()


def test_a_sheet_is_filled_in_and_signed_without_script(visit, reviewer, dossiers):
    page = visit(PHONE, script=False).sign_in(reviewer).go(address(dossiers[0]))

    for key, points in GOOD.items():
        page.fill(f"#points_{key}", points)
    page.click("button[value=sign]")

    assert page.url.endswith(address(dossiers[1]))
    assert sheets()[0].signed_at is not None


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_reviewers_pages_have_no_flaws(visit, in_round, reviewer, dossiers, screen, dark):
    sign(dossiers[2], reviewer)
    person = visit(screen, dark=dark).sign_in(reviewer)

    flaws = {}
    for path in ("/reviews/", "/reviews/?show=signed", address(dossiers[0]), address(dossiers[2])):
        person.go(path)
        flaws[path] = person.flaws()
    person.go(f"/reviews/statement/{in_round.code}")
    flaws["statement"] = person.flaws()

    assert {path: found for path, found in flaws.items() if found} == {}
    assert person.complaints == []


def test_a_conflict_declared_with_one_key_takes_the_dossier_out_of_sight_at_once(visit, reviewer, dossiers):
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))
    page.keyboard.press("5")
    expect(status(page)).to_contain_text(SAVED, timeout=SLOW)

    page.keyboard.press("k")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address(dossiers[1])}")

    page.go_back()  # neither the browser's own copy nor ours shows it again
    expect(page.locator("h1")).not_to_contain_text(dossiers[0].blind_title)
    page.goto(page.url.split("/reviews")[0] + "/reviews/")
    expect(page.locator("main")).not_to_contain_text(dossiers[0].blind_title)
    expect(page.locator("main")).to_contain_text(dossiers[1].blind_title)


def test_a_conflict_is_declared_with_one_key_also_when_the_sheet_is_signed(visit, reviewer, dossiers):
    sign(dossiers[0], reviewer)
    page = visit(DESK).sign_in(reviewer).go(address(dossiers[0]))

    page.keyboard.press("k")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address(dossiers[1])}")

    page.goto(page.url.replace(address(dossiers[1]), address(dossiers[0])))
    expect(page.locator("main")).not_to_contain_text(dossiers[0].blind_title)


def test_nothing_opens_before_the_conflict_statement_is_signed(visit, in_round):
    unsigned = a_reviewer()
    dossier = a_dossier_for(unsigned, in_round=in_round)
    page = visit(PHONE).sign_in(unsigned).go(address(dossier))

    expect(page.locator("main")).not_to_contain_text(dossier.problem)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ký cam kết").click()
    page.goto(page.url.split("/reviews")[0] + address(dossier))
    expect(page.locator("main")).to_contain_text(dossier.problem)
