"""The papers of a result and their release, walked through in a browser."""

import pytest

from evaluator.core.db import db
from evaluator.papers.kinds import PaperKind
from tests.browser.conftest import DESK, PHONE
from tests.factories_council import account_of
from tests.factories_papers import a_number, a_result_on_paper, some_certificates

pytestmark = pytest.mark.engines("sqlite")


@pytest.mark.parametrize(("screen", "language"), [(PHONE, "vi"), (DESK, "en")])
def test_the_pages_of_a_result_have_no_flaws(visit, screen, language):
    council = a_result_on_paper()
    some_certificates(council)
    a_number(council, PaperKind.DECISION)
    chair = account_of(council.members[0])
    chair.language = language
    db.session.commit()
    visitor = visit(screen, language=language).sign_in(chair)
    pages = ("papers", "papers/forms", "papers/decision/register", "papers/consistency", "release", "audience")
    found = {}
    for page in pages:
        visitor.go(f"/council/{council.code}/{page}")
        found[page] = visitor.flaws()
    assert found == {page: [] for page in pages}


def test_a_chair_registers_the_decision_and_releases_the_results_without_script(visit):
    council = a_result_on_paper()
    visitor = visit(PHONE, script=False).sign_in(account_of(council.members[0]))
    page = visitor.go(f"/council/{council.code}/papers/decision/register")
    page.get_by_label("Số, ký hiệu").fill("45/QĐ-HĐSK")
    page.locator("[name=dated]").fill("2026-03-05")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Công bố kết quả").click()
    page.get_by_role("button", name="Soạn thông báo").click()
    page.get_by_role("button", name="Công bố, gửi").click()
    page.get_by_role("link", name="Trang công bố").wait_for()
    db.session.refresh(council.round)
    assert council.round.released_at is not None
