"""A session walked through in a browser: a substitute, recusals, a tie at the cut-off, a lost quorum, a run-off, one paper item."""

import os
from pathlib import Path

import pytest

from evaluator import verifier
from evaluator.core.db import db
from evaluator.council import evidence, queries
from evaluator.council.models import CouncilRole
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import an_account, an_author
from tests.factories_council import a_closed_scoring, a_council, a_session, an_item, seat, under

TITLES = (
    "Ứng dụng thẻ màu và nhật ký đọc cho học sinh lớp 4 vùng đồng bào dân tộc",
    "Máy gieo hạt tự chế từ xe đạp cũ",
    "Sổ tay điện tử theo dõi sức khỏe người cao tuổi tại khu dân cư",
    "Thu gom vỏ bao bì thuốc bảo vệ thực vật gắn với điểm thưởng cho hộ nông dân",
    "Tổ hòa giải trực tuyến ở khu dân cư",
)
RULE = {
    "title": "Chọn nhiều nhất 2 hồ sơ, quá nửa số thành viên có mặt",
    "method": "choose", "k": 2, "base": "present", "threshold": [1, 2], "compare": ">",
    "quorum": {"fraction": [2, 3], "of": "members", "roles": ["chair|vice"]},
}  # fmt: skip


class Walk:
    """The secretary's way through one session; every page is looked at."""

    def __init__(self, visitor, held, size: str) -> None:
        self.visitor, self.page, self.size = visitor, visitor.page, size
        self.base = f"/council/{held.council.code}/sessions/1"
        self.steps = 0

    def go(self, path: str = ""):
        page = self.visitor.go(f"{self.base}{path}")
        self.look(path.strip("/").replace("/", "-") or "session")
        return page

    def look(self, name: str) -> None:
        """Keep a picture where PICTURES names a folder, and ask axe."""
        self.steps += 1
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=str(Path(folder) / f"{self.size}-{self.steps:02}-{name}.png"), full_page=True)
        assert self.page.get_by_text("Mã sự cố").count() == 0, "a fault of ours"
        assert self.visitor.flaws() == []

    def press(self, button: str, then: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_url(f"**{then}")

    def roll(self, out: list[int]) -> None:
        """Call the roll with these members out of the room."""
        self.go("/roll")
        for box in self.page.locator("[name^=present_]").all():
            box.set_checked(int(box.get_attribute("name").removeprefix("present_")) not in out)
        self.press("Lưu điểm danh", self.base)


@pytest.fixture
def held(app):
    council = a_council()
    session = under(a_session(council, present=0), **RULE)
    a_closed_scoring(council.round)
    critic = seat(council, CouncilRole.CRITIC)
    for number, title in enumerate(TITLES, start=1):
        authors = {"authors": [an_author(account_id=critic.account_id)]} if number == 5 else {}
        an_item(session, number=number, title=title, **authors)
    return session


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_session_with_recusals_a_lost_quorum_a_run_off_and_a_paper_item_is_walked_through(visit, held, screen):
    members = held.members
    stand_in = an_account(Role.MEMBER, name="Phạm Thị Dự Thay")
    visitor = visit(screen).sign_in(an_account(Role.SECRETARY))
    walk = Walk(visitor, held, "desk" if screen is DESK else "phone")
    page = visitor.page

    walk.go("/seats")
    page.select_option("[name=substitute-member]", str(members[6].id))
    page.select_option("[name=substitute-account]", stand_in.code)
    page.fill("[name=substitute-paper]", "12/GUQ ngày 01/3/2026")
    walk.press("Ghi người dự thay này", "/seats")
    page.get_by_text("Phạm Thị Dự Thay").first.wait_for()
    walk.look("substitute")
    walk.roll([])

    walk.go()
    for number in "1234":
        page.locator(f"input[name=items][value='{number}']").check()
    page.locator("input[name=mode][value=open]").check()
    walk.press("Đưa ra biểu quyết", "/votes/1/names")
    choices = [(1, 2), (1, 2), (1, 2), (2, 3), (1, 3), (1, 3), (3, 4)]  # 5, 4, 4 and 1: a tie for the second place
    mark(page, members, choices)
    walk.look("choices")
    walk.press("Ghi và kiểm phiếu", "/items/1")
    walk.look("counted")

    walk.roll([member.id for member in members[3:]])  # four leave: the council can decide nothing
    walk.go()
    page.get_by_text("khi Hội đồng đủ túc số").first.wait_for()
    assert page.get_by_role("button", name="Bỏ phiếu lại", exact=True).count() == 0
    walk.go("/items/5")
    walk.press("Ghi nhận: chưa quyết định vì không đủ thành viên", walk.base)
    walk.look("no-quorum-noted")

    walk.roll([])
    walk.go()
    walk.press("Bỏ phiếu lại", "/names")
    mark(page, members, [(2,), (2,), (2,), (2,), (3,), (3,), (2,)])
    walk.look("run-off")
    walk.press("Ghi và kiểm phiếu", "/items/2")
    walk.look("run-off-counted")

    walk.go("/items/5")  # a critic is its author and leaves the room
    page.locator("input[name=mode][value=paper]").check()
    walk.press("Đưa ra biểu quyết", "/papers")
    totals = {"issued": 6, "returned": 6, "valid": 5, "blank": 0, "invalid": 1, "yes-5": 5}
    for name, number in totals.items():
        page.fill(f"[name='{name}']", str(number))
    page.get_by_text("Lý do phiếu không hợp lệ").click()
    page.fill("[name=cause-marked]", "1")
    walk.look("papers")
    page.get_by_role("button", name="Nhập số liệu này").click()
    page.wait_for_load_state()
    other = visit(screen).sign_in(an_account(Role.SECRETARY))
    second = other.go(f"{walk.base}/votes/4/papers")
    for name, number in (totals | {"cause-marked": 1}).items():
        second.locator(f"[name='{name}']").evaluate("(box, value) => { box.value = value }", str(number))
    second.get_by_role("button", name="Nhập số liệu này").click()
    second.wait_for_load_state()
    walk.go("/votes/4/papers")
    walk.press("Kiểm phiếu", "/items/5")
    walk.look("paper-item")

    walk.go()
    walk.press("Công bố quyết định", walk.base)
    walk.go("/screen")
    walk.go("/close")
    page.fill("[name=conclusion]", "Hội đồng thống nhất chọn ba hồ sơ.")
    walk.press("Bế mạc phiên họp", walk.base)
    walk.look("closed")

    db.session.expire_all()
    items = queries.items(held, [1, 2, 3, 4, 5])
    assert [item.initiative.state for item in items] == [
        State.SELECTED, State.SELECTED, State.NOT_SELECTED, State.NOT_SELECTED, State.SELECTED,
    ]  # fmt: skip
    assert [recusal.member.name for recusal in items[4].recusals] == [seat(held.council, CouncilRole.CRITIC).name]
    assert len(list(verifier.verify(evidence.bundle(held)))) >= 9  # each check of the evidence holds


def mark(page, members, choices) -> None:
    for member, names in zip(members, choices, strict=True):
        for number in names:
            page.locator(f"[name='vote-{member.id}'][value='{number}']").check()
