"""An administrator lets somebody in, who chooses a password by keyboard; the pages of people and units have no flaws."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.people import service as people
from evaluator.policy import ANYONE, OPERATOR
from evaluator.rules.roles import Role
from evaluator.units.models import Unit
from tests.browser.conftest import DESK, PHONE
from tests.factories import a_unit, an_account

NARROW = {"width": 320, "height": 640}
LIST = "id,name,level,parent_id\nP,Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa,1,\nS1,Sở Y tế tỉnh Thanh Hóa,2,P\n"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("screen", [DESK, NARROW], ids=["desk", "narrow"])
def test_the_pages_of_people_and_units_have_no_flaws(visit, clock, screen):
    top = a_unit(code="P", name="Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa", note="lập theo Nghị quyết " * 3)
    a_unit(code="S1", name="Sở Văn hóa, Thể thao và Du lịch tỉnh Thanh Hóa", parent=top)
    other = an_account(Role.REVIEWER, Role.MEMBER, unit=top)
    with transaction():
        people.invite(other, by=OPERATOR, now=clock.now())
    visitor = visit(screen).sign_in(an_account(Role.ADMIN, Role.SECRETARY, unit=top))
    flaws = {}
    for path in (
        "/account", "/account/password", "/accounts", "/accounts/new", f"/accounts/{other.code}", "/units", "/units/P",
        "/units/new", "/units/S1/edit", "/units/S1/name", "/units/S1/end", "/units/S1/merger", "/units/import",
        "/outbox", "/outbox?box=failed", "/history", "/history/verification",
    ):  # fmt: skip
        visitor.go(path)
        flaws[path] = visitor.flaws()
    visitor.go("/outbox")
    visitor.page.locator("tbody a").first.click()
    flaws["message"] = visitor.flaws()
    assert {path: found for path, found in flaws.items() if found} == {}


@pytest.mark.engines("sqlite")
def test_an_administrator_lets_somebody_in_who_chooses_a_password_by_keyboard(visit):
    a_unit(name="Ủy ban MTTQ Việt Nam huyện Nga Sơn")
    desk = visit(DESK).sign_in(an_account(Role.ADMIN))
    page = desk.go("/accounts/new")
    page.get_by_label("Họ và tên").fill("Trần Thị Lan")
    page.get_by_label("Thư điện tử").fill("lan@thanhhoa.example")
    page.get_by_label("Đơn vị").fill("MTTQ huyện Nga Sơn")
    page.get_by_label("người chấm").check()
    page.get_by_role("button", name="Mở tài khoản này").click()
    page.get_by_role("link", name="Thư gửi người này").click()
    page.locator("tbody a").first.click()
    link = page.locator(".letter a").get_attribute("href")

    phone = visit(PHONE)
    page = phone.go(urlsplit(link).path)
    assert phone.flaws() == []
    page.get_by_label("Mật khẩu mới", exact=True).focus()
    page.keyboard.type("mưa rơi trên lá")
    page.keyboard.press("Tab")
    page.keyboard.type("mưa rơi trên lá")
    page.keyboard.press("Enter")
    page.get_by_text("Mật khẩu đã được đặt").wait_for()
    phone.go("/account")
    assert page.get_by_label("Họ và tên").input_value() == "Trần Thị Lan"
    assert phone.flaws() == []


@pytest.mark.engines("sqlite")
def test_a_forgotten_password_a_used_link_and_a_wrong_password_have_no_flaws(visit, clock):
    account = an_account(Role.AUTHOR)
    with transaction():
        people.ask_reset(account.email, by=ANYONE, now=clock.now())
    with transaction():
        people.invite(account, by=OPERATOR, now=clock.now())
    visitor = visit(NARROW)
    page = visitor.go("/forgotten-password")
    flaws = [visitor.flaws()]
    page.get_by_label("Thư điện tử").fill(account.email)
    page.get_by_role("button", name="Gửi liên kết cho tôi").click()
    flaws.append(visitor.flaws())
    page = visitor.go("/login")
    page.get_by_label("Thư điện tử").fill(account.email)
    page.get_by_label("Mật khẩu").fill("sai rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("alert").wait_for()
    flaws.append(visitor.flaws())
    assert flaws == [[], [], []]


@pytest.mark.engines("sqlite")
def test_a_list_of_units_is_tried_and_taken(visit, tmp_path):
    path = tmp_path / "units.csv"
    path.write_text(LIST, encoding="utf-8")
    visitor = visit(PHONE).sign_in(an_account(Role.SECRETARY))
    page = visitor.go("/units/import")
    page.get_by_label("Danh sách dạng .csv").set_input_files(path)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_text("Danh sách hợp lệ: sẽ thêm 2 đơn vị").wait_for()
    assert visitor.flaws() == []
    page.get_by_label("Danh sách dạng .csv").set_input_files(path)
    page.get_by_label("Chỉ chạy thử, chưa ghi").uncheck()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_text("Đã nhập danh sách.").wait_for()
    assert visitor.flaws() == []
    assert db.session.scalars(select(Unit.code).order_by(Unit.code)).all() == ["P", "S1"]
