"""An author on a phone hands a dossier in; the secretary takes an office's list and checks what came."""

import re
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import a_round, a_unit, an_account

pytestmark = pytest.mark.engines("sqlite")

TEXTS = {
    "problem": "Bà con gặt lúa ở ruộng bậc thang bằng liềm, mất nhiều công.",
    "solution": "Chế máy gặt cầm tay từ máy cắt cỏ cũ, thêm bộ gom lúa.",
    "novelty": "Nhẹ dưới năm ký, một người mang được lên ruộng cao.",
    "benefit_author": "Mỗi sào đỡ một công, không rụng hạt.",
}


def initiatives() -> list[Initiative]:
    db.session.rollback()
    return list(db.session.scalars(select(Initiative).order_by(Initiative.id)))


def begin(page) -> None:
    page.get_by_role("button", name="Bắt đầu").click()
    page.wait_for_url("**/edit")


def fill_in(page) -> None:
    page.fill("[name=title]", "Máy gặt lúa cầm tay cho ruộng bậc thang")
    page.check("[name=kind][value=solution]")
    page.select_option("[name=field]", "Nông nghiệp")
    page.fill("[name=unit_name]", "Hội Nông dân xã Lũng Cao")
    page.fill("[name=applied_on]", "05/03/2025")
    page.fill("[name=authors-0-name]", "Hà Văn Thắng")
    page.fill("[name=authors-0-share]", "100")
    page.fill("[name=authors-0-workplace]", "Bản Nủa, xã Lũng Cao")
    for name, text in TEXTS.items():
        page.fill(f"[name={name}]", text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_author_submits_a_dossier_on_a_phone(visit, script):
    a_round()
    author = an_account(Role.AUTHOR)
    person = visit(PHONE, script=script).sign_in(author)
    page = person.go("/initiatives/new")
    begin(page)
    fill_in(page)
    page.fill("[name=authors-0-share]", "99")
    page.get_by_role("button", name="Nộp hồ sơ").click()

    page.wait_for_load_state()
    assert page.input_value("[name=title]") == "Máy gặt lúa cầm tay cho ruộng bậc thang"
    assert page.input_value("[name=authors-0-share]") == "99"
    assert page.locator(".error-summary").count() == 1

    page.fill("[name=authors-0-share]", "100")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile(r"/initiatives/[^/]+$"))

    (initiative,) = initiatives()
    assert initiative.state is InitiativeState.SUBMITTED
    assert initiative.receipt_number == 1
    assert initiative.problem == TEXTS["problem"]
    assert page.locator("main").get_by_text("Giấy biên nhận").count() or page.locator("a[href$='receipt.pdf']").count()


def a_list(path: Path, unit: str) -> Path:
    """An office's spreadsheet of two dossiers, the second with a share of 90."""
    headings = (
        "STT", "Mã hồ sơ", "Tên sáng kiến", "Loại", "Lĩnh vực", "Họ và tên tác giả", "Ngày sinh", "Đơn vị công tác",
        "Chức danh", "Trình độ", "Tỷ lệ đóng góp (%)", "Tình trạng kỹ thuật trước khi có sáng kiến",
        "Nội dung giải pháp", "Tính mới", "Khả năng áp dụng", "Hiệu quả kinh tế (đồng)", "Hiệu quả xã hội",
        "Ngày áp dụng lần đầu", "Đơn vị đã áp dụng", "Điện thoại", "Email",
    )  # fmt: skip
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách hồ sơ")
        sheet.write_row(0, 0, headings)
        for number, share in ((1, 100), (2, 90)):
            line = (
                number, f"DKST-2026-000{number}", f"Giải pháp số {number} cho bản làng", "Sáng kiến", "Nông nghiệp",
                "Hà Thị Lan", "05/03/1980", unit, "Cán bộ", "Đại học", share, "Trước đây làm tay, mất công.",
                "Dùng máy tự chế.", "Nhẹ và rẻ.", "Mọi nơi.", 12000000, "Bà con đỡ vất vả.", "05/03/2025", unit,
                "0912345678", f"lan{number}@donvi.example",
            )  # fmt: skip
            sheet.write_row(number, 0, line)
    return path


def test_the_secretary_takes_a_list_and_checks_what_came(visit, tmp_path):
    unit = a_unit(name="Ủy ban MTTQ Việt Nam xã Lũng Cao")
    a_round(unit=unit)
    secretary = an_account(Role.SECRETARY, unit=unit)
    person = visit(DESK).sign_in(secretary)
    page = person.go("/intake/")
    page.set_input_files("[name=file]", a_list(tmp_path / "danh-sach.xlsx", unit.name))
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile(r"/intake/[A-Z0-9]+"))

    assert initiatives() == []  # first the report
    assert person.flaws() == []
    page.locator("form[action$='/take'] button").click()
    page.wait_for_load_state()
    assert [each.code for each in initiatives()] == ["DKST-2026-0001"]

    person.go("/register/next")
    page.get_by_role("button", name="Xem tên tác giả").click()  # looking behind the blind is an act of its own
    page.wait_for_url("**/register/DKST-2026-0001")
    page.check("[name=verdict][value=accept]")
    page.locator("form#verdict-form button, form:has([name=verdict]) button").last.click()
    page.wait_for_load_state()
    (initiative,) = initiatives()
    assert initiative.state is InitiativeState.ACCEPTED
    assert initiative.blind_code is not None
