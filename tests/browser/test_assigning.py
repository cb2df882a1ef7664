"""A secretary assigns reviewers: proposes, replaces one, announces; on a phone without script and at a desk."""

import pytest
from sqlalchemy import func, select

from evaluator.assignment.models import Assignment, ReviewerWish
from evaluator.core.db import db
from evaluator.rules.assigning import Wish
from evaluator.rules.calendar import Phase
from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import a_round, an_account
from tests.factories_assignment import a_reviewer, a_statement, accepted


@pytest.fixture
def in_round(app):
    made = a_round(phase=Phase.REVIEW, reviews_per_initiative=2)
    accepted(3, in_round=made)
    for name in ("Lê Văn Hùng", "Nguyễn Thị Hoa", "Phạm Quốc Bảo", "Đỗ Minh Đức"):
        a_reviewer(name=name)
    return made


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("screen", "script"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_the_secretary_proposes_replaces_one_and_announces(visit, in_round, screen, script):
    visitor = visit(screen, script=script).sign_in(an_account(Role.SECRETARY))
    page = visitor.go(f"/rounds/{in_round.code}/assignment")
    page.get_by_role("button", name="Lập phương án").click()
    page.wait_for_url("**/proposal")

    page.locator("tbody").get_by_role("link", name="Sửa").first.click()
    page.get_by_role("link", name="Thay").first.click()
    page.get_by_role("button", name="Chọn").first.click()
    page.get_by_text("Đã đổi. Chưa ai được báo").wait_for()

    page.get_by_role("link", name="Phương án", exact=True).click()
    page.get_by_role("link", name="Công bố phân công").click()
    page.get_by_role("button", name="Công bố và gửi thư báo").click()
    page.get_by_text("Đã công bố 6 lượt phân công").wait_for()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 6


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("screen", "dark"), [(PHONE, True), (DESK, False)], ids=["phone", "desk"])
def test_the_pages_of_assigning_have_no_flaws(visit, in_round, screen, dark):
    visitor = visit(screen, dark=dark).sign_in(an_account(Role.SECRETARY))
    base = f"/rounds/{in_round.code}/assignment"
    page = visitor.go(base)
    flaws = {"start": visitor.flaws()}
    page.get_by_role("button", name="Lập phương án").click()
    page.wait_for_url("**/proposal")
    flaws["proposal"] = visitor.flaws()
    page.locator("tbody").get_by_role("link", name="Sửa").first.click()
    page.get_by_role("link", name="Thay").first.click()
    flaws["dossier"] = visitor.flaws()
    for path in (
        *("", "/proposal/announcement", "/proposal/table", "/reviewers", "/conflicts", "/given"),
        *("/rules", "/remaining", "/pairs", "/pairs/table"),
    ):
        visitor.go(base + path)
        flaws[path] = visitor.flaws()
    assert {name: found for name, found in flaws.items() if found} == {}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("screen", "script"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_the_secretary_asks_what_reviewers_would_like_and_one_answers(visit, in_round, screen, script):
    visitor = visit(screen, script=script).sign_in(an_account(Role.SECRETARY))
    page = visitor.go(f"/rounds/{in_round.code}/assignment/rules")
    page.get_by_label("Từ đầu ngày").fill("2026-03-01")
    page.get_by_label("Đến hết ngày").fill("2026-03-07")
    page.get_by_role("button", name="Lưu quy định").click()
    page.get_by_text("Đã lưu. Các phương án lập từ nay").wait_for()

    reviewer = a_reviewer(name="Hoàng Văn Nguyện")
    a_statement(reviewer, in_round)
    visitor = visit(screen, script=script).sign_in(reviewer)
    page = visitor.go("/reviews/")
    page.get_by_role("link", name="Cho biết nguyện vọng").click()
    assert not script or visitor.flaws() == []
    page.get_by_role("radio", name="rất muốn chấm").first.check()
    page.get_by_role("button", name="Lưu").click()
    page.get_by_text("Đã lưu 1 nguyện vọng").wait_for()
    db.session.rollback()
    assert db.session.scalars(select(ReviewerWish.wish)).all() == [Wish.GLADLY]
