"""A secretary makes R7 from nothing, tries it and saves it; the author reads how the own result came about."""

import pytest
from sqlalchemy import update

from evaluator.core.db import db, transaction
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import SYSTEM
from evaluator.reviews.results import service as results
from evaluator.rounds.models import Round
from evaluator.rounds.rubrics import queries
from evaluator.rules import rubric_document
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.procedure import Cap, Per
from evaluator.rules.roles import Role
from evaluator.rules.rubric_checks import problems
from tests.browser.conftest import DESK, PHONE
from tests.factories import START, actor_of, an_account
from tests.factories_reviews import GOOD, POOR, a_dossier_for, a_round_in_review, reviewers_of, sign

CRITERIA = """Tổng quan, lý do chọn đề tài | 10
Mục tiêu | 15
Phương pháp | 15
Nội dung khoa học | 35
Đóng góp kinh tế–xã hội, giáo dục, an ninh | 15
Hình thức báo cáo | 5"""
CLASSES = (("Giải nhất, giải nhì", "90", ""), ("Giải ba", "80", "90"), ("Giải khuyến khích", "70", "80"))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("screen", "script"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_a_secretary_makes_r7_from_nothing(visit, app, screen, script):
    account = an_account(Role.SECRETARY)
    visitor = visit(screen, script=script).sign_in(account)
    page = visitor.go("/rubrics/")
    page.get_by_role("link", name="Lập bộ tiêu chí").first.click()
    page.get_by_label("Tên bộ tiêu chí").fill("Tài năng khoa học trẻ")
    page.locator("[name=criteria]").fill(CRITERIA)
    page.get_by_role("button", name="Lập", exact=True).click()
    page.wait_for_url("**/rubrics/tai-nang-khoa-hoc-tre")
    assert not script or visitor.flaws() == []

    page.get_by_text("Thêm tiêu chí").click()
    page.get_by_role("link", name="Điểm thưởng").click()
    page.get_by_label("Tên gọi").fill("Điểm thưởng")
    page.get_by_label("Điểm tối đa", exact=True).fill("5")
    assert not script or visitor.flaws() == []
    page.get_by_role("button", name="Lưu", exact=True).click()

    page.get_by_text("Thêm bước").click()
    page.get_by_role("link", name="Phiếu lệch xa giá trị giữa").click()
    page.get_by_label("Giới hạn", exact=True).fill("15")
    page.get_by_role("button", name="Lưu", exact=True).click()

    for label, least, below in CLASSES:
        page.get_by_role("link", name="Thêm loại").click()
        page.get_by_label("Tên gọi").fill(label)
        page.get_by_label("Ít nhất", exact=True).fill(least)
        page.get_by_label("Dưới").fill(below)
        page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("link", name="Thêm giới hạn").click()
    page.get_by_label("Nhiều nhất").fill("2")
    page.get_by_label("Tính trong").select_option(label="Từng lĩnh vực")
    page.get_by_label("Giải nhất, giải nhì").check()
    assert not script or visitor.flaws() == []
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Mỗi lĩnh vực có nhiều nhất 2 hồ sơ được xếp “Giải nhất, giải nhì”.").wait_for()
    page.locator("aside").get_by_role("link", name="Sửa").first.click()
    page.locator("[name=maximum]").fill("100")
    page.get_by_role("button", name="Lưu", exact=True).click()

    page.get_by_role("link", name="Chấm thử").click()
    for field in page.locator("[name^='s1-']").all():
        field.fill("5")
    page.get_by_role("button", name="Tính", exact=True).click()
    page.get_by_text("Điểm: 35.").wait_for()
    assert not script or visitor.flaws() == []
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Lưu thành phiên bản").click()
    page.get_by_text("Đã lưu phiên bản 1").wait_for()

    made = rubric_document.from_document(queries.newest_versions(actor_of(account))[0].document)
    assert problems(made) == []
    assert [step.kind for step in made.steps] == ["deviation", "least-sheets", "combine", "round"]
    assert made.caps == (Cap(most=2, per=Per.FIELD, classes=("giai-nhat-giai-nhi",)),)
    assert [each.maximum for each in made.criteria] == [1000, 1500, 1500, 3500, 1500, 500, 500]


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_results_are_explained_measured_and_locked_on_pages_without_flaws(visit, app, screen):
    in_round = a_round_in_review()
    reviewers = reviewers_of(in_round, 2)
    for points in (GOOD, POOR, GOOD):
        initiative = a_dossier_for(*reviewers, in_round=in_round)
        for reviewer in reviewers:
            sign(initiative, reviewer, points)
    with transaction():
        results.close(db.session.get_one(Round, in_round.id), by=SYSTEM, now=START)
    code, mine = in_round.code, initiative.code
    chair = visit(screen).sign_in(an_account(Role.CHAIR, Role.SECRETARY))
    for path in (
        "",
        "/statistics",
        "/locks",
        "/locks/1",
        "/unlocking",
        "/remarkings",
        "/facts",
        f"/of/{mine}/explanation",
    ):
        chair.go(f"/results/{code}{path}")
        assert chair.flaws() == [], path

    db.session.execute(update(Initiative).values(state=InitiativeState.NOT_SELECTED))
    db.session.execute(update(Round).values(released_at=START))
    db.session.commit()
    author = visit(screen).sign_in(db.session.get_one(Account, initiative.owner_id))
    author.go(f"/my-results/{mine}").get_by_text("Phiếu số 2: 87 điểm.").wait_for()
    assert author.flaws() == []
    author.page.get_by_role("link", name="Đề nghị chấm lại (phúc khảo)").click()
    author.page.get_by_label("Nội dung đề nghị xem lại và lý do").fill("Chưa xem phụ lục 2")
    author.page.get_by_role("button", name="Gửi đơn").click()
    author.page.get_by_text("Hội đồng chưa trả lời.").wait_for()
