"""A secretary leads a session in a browser: roll, an author who steps aside, hands, papers, a lost quorum, decisions."""

import os
from datetime import date
from pathlib import Path

import pytest

from evaluator.core.db import db, transaction
from evaluator.council import queries
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, ItemState
from evaluator.council.polls import service as polls
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode
from tests.browser.conftest import DESK, PHONE
from tests.factories import an_account, an_author
from tests.factories_council import a_closed_scoring, a_council, a_session, account_of, an_item, seat, the_secretary

TITLES = (
    "Ứng dụng thẻ màu và nhật ký đọc để nâng cao kỹ năng đọc hiểu cho học sinh lớp 4 vùng đồng bào dân tộc",
    "Máy gieo hạt tự chế từ xe đạp cũ",
    "Sổ tay điện tử theo dõi sức khỏe người cao tuổi tại khu dân cư",
    "Giải pháp thu gom vỏ bao bì thuốc bảo vệ thực vật gắn với điểm thưởng cho hộ nông dân",
)


def picture(page, name: str) -> None:
    """Keep a picture to look at, where PICTURES names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def session_ready(app):
    council = a_council()
    held = a_session(council, present=0)
    a_closed_scoring(council.round)
    critic = seat(council, CouncilRole.CRITIC)
    authors = {2: [an_author(account_id=critic.account_id)]}
    for number, title in enumerate(TITLES, start=1):
        more = {"authors": authors[number]} if number in authors else {}
        an_item(held, number=number, title=title, **more)
    return held


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_session_is_led_from_roll_call_to_decision(visit, session_ready, screen):
    held = session_ready
    size = "desk" if screen is DESK else "phone"
    base = f"/council/{held.council.code}/sessions/1"
    secretary = an_account(Role.SECRETARY)
    teller = account_of(seat(held.council, CouncilRole.CRITIC))
    visitor = visit(screen).sign_in(secretary)

    page = visitor.go(base)
    picture(page, f"{size}-1-no-quorum")
    assert page.get_by_role("button", name="Đưa ra biểu quyết").is_disabled()
    assert visitor.flaws() == []

    page = visitor.go(f"{base}/roll")
    page.locator(f"[name=teller_{seat(held.council, CouncilRole.CRITIC).id}]").check()
    absent = seat(held.council, CouncilRole.MEMBER, 1)
    page.locator(f"[name=present_{absent.id}]").uncheck()
    page.locator(f"[name=reason_{absent.id}]").fill("Đi công tác, có báo trước")
    picture(page, f"{size}-2-roll")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_url(f"**{base}")
    picture(page, f"{size}-3-session")

    page = visitor.go(f"{base}/items/2")  # the critic is its author and leaves the room
    picture(page, f"{size}-4-item-with-recusal")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Đưa ra biểu quyết").click()
    page.wait_for_url("**/names")
    assert page.locator("fieldset.ballot").count() == 5
    page.locator("fieldset.ballot").nth(1).get_by_label("Không tán thành").check()
    page.locator("[name=others][value=yes]").check()
    picture(page, f"{size}-5-votes")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Ghi và kiểm phiếu").click()
    page.wait_for_url("**/items/2")
    picture(page, f"{size}-6-counted")
    assert visitor.flaws() == []

    page = visitor.go(base)
    for number in ("1", "3"):
        page.locator(f"input[name=items][value='{number}']").check()
    page.locator("input[name=mode][value=paper]").check()
    page.get_by_role("button", name="Đưa ra biểu quyết").click()
    page.wait_for_url("**/papers")
    totals = {
        "issued": 6, "returned": 6, "valid": 6, "invalid": 0,
        "yes-1": 6, "no-1": 0, "abstain-1": 0, "yes-3": 4, "no-3": 1, "abstain-3": 1,
    }  # fmt: skip
    enter(page, totals)
    picture(page, f"{size}-7-papers")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Nhập số liệu này").click()
    page.wait_for_load_state()
    other = visit(screen).sign_in(teller)
    second = other.go(f"{base}/votes/2/papers")
    enter(second, {**totals, "yes-3": 5, "no-3": 0})
    second.get_by_role("button", name="Nhập số liệu này").click()
    second.wait_for_load_state()
    picture(second, f"{size}-8-unequal")
    enter(second, totals)
    second.get_by_role("button", name="Nhập số liệu này").click()
    second.wait_for_load_state()
    page = visitor.go(f"{base}/votes/2/papers")
    page.get_by_role("button", name="Kiểm phiếu").click()
    page.wait_for_url(f"**{base}")
    picture(page, f"{size}-9-counted")
    page.get_by_role("button", name="Công bố quyết định").click()
    page.wait_for_url(f"**{base}")
    picture(page, f"{size}-10-decided")
    assert visitor.flaws() == []
    for name, path in (
        ("11-screen", f"{base}/screen"),
        ("12-dossier", f"{base}/items/1/dossier"),
        ("13-council", f"/council/{held.council.code}"),
        ("14-councils", "/council/"),
        ("15-members", f"/council/{held.council.code}/sessions/1/close"),
    ):
        page = visitor.go(path)
        picture(page, f"{size}-{name}")
        assert visitor.flaws() == []

    db.session.expire_all()
    items = {item.number: item for item in db.session.query(type(held_item(held))).filter_by(session_id=held.id)}
    assert {number: item.initiative.state for number, item in items.items()} == {
        1: State.SELECTED, 2: State.NOT_SELECTED, 3: State.NOT_SELECTED, 4: State.REVIEWED,
    }  # fmt: skip
    assert items[4].state is ItemState.WAITING


def held_item(held):
    from evaluator.council import queries

    return queries.items(held, [1])[0]


def enter(page, totals: dict[str, int]) -> None:
    for name, number in totals.items():
        page.locator(f"[name='{name}']").fill(str(number))


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_council_is_founded_without_script(visit, session_ready, screen):
    visitor = visit(screen, script=False).sign_in(an_account(Role.SECRETARY))
    people = [an_account(Role.MEMBER) for _ in range(3)]
    from evaluator.rules.calendar import Phase
    from tests.factories import a_round

    a_round_here = a_round(phase=Phase.COUNCIL)
    page = visitor.go(f"/council/{a_round_here.code}/found")
    page.fill("[name=decision_number]", "404/QĐ-HĐSK")
    page.fill("[name=decision_date]", date(2026, 2, 10).isoformat())
    for place, person in enumerate(people, start=1):
        page.select_option(f"[name=person_{place}]", person.code)
    page.select_option("[name=role_2]", "secretary")
    picture(page, f"{'desk' if screen is DESK else 'phone'}-16-found")
    page.get_by_role("button", name="Lưu").click()
    assert page.locator("h1").inner_text() == a_round_here.council_name


def test_a_ballot_fits_one_phone_screen(visit, session_ready, clock):
    held = session_ready
    clerk, member = the_secretary(), account_of(seat(held.council, CouncilRole.MEMBER))
    with transaction():
        everybody = [each.id for each in held.council.members]
        council.call_roll(held, present=everybody, by=clerk, now=clock.now())
        polls.put(held, queries.items(held, [1]), mode=Mode.OPEN, by=clerk, now=clock.now())
    for screen, size in ((PHONE, "phone"), (DESK, "desk")):
        visitor = visit(screen).sign_in(member)
        page = visitor.go(f"/council/{held.council.code}/sessions/1")
        picture(page, f"{size}-17-member-session")
        page.get_by_role("link", name="Biểu quyết", exact=True).click()
        page.get_by_label("Không có ý kiến").check()
        picture(page, f"{size}-18-ballot")
        assert visitor.flaws() == []
        button = page.get_by_role("button", name="Biểu quyết" if size == "phone" else "Đổi ý kiến", exact=True)
        box = button.bounding_box()
        assert box["y"] + box["height"] <= screen["height"]
        button.click()
        page.get_by_text("Đã ghi nhận biểu quyết của bạn.").wait_for()
