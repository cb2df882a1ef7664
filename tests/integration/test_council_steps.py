"""The pages of what happens beside a plain vote: substitutes, supplements, lists, rounds, rankings, ties, want of a quorum."""

import pytest

from evaluator.core.db import db, transaction
from evaluator.council import queries
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, ItemState, Poll, PollState
from evaluator.council.polls import service as polls
from evaluator.notices.models import Notice
from evaluator.rounds import presets
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode
from tests.factories import START, an_account
from tests.factories_council import (
    a_closed_scoring,
    a_council,
    a_result,
    a_session,
    account_of,
    an_item,
    seat,
    the_secretary,
    under,
)
from tests.page_client import Page, PageClient, values_of

HALF = {"threshold": [1, 2], "compare": ">"}
CHOOSE = {"method": "choose", "k": 1, "base": "returned", **HALF}


@pytest.fixture
def page(client: PageClient) -> PageClient:
    return client.sign_in(an_account(Role.SECRETARY))


def address(held, *parts: object) -> str:
    return "/".join([f"/council/{held.council.code}/sessions/{held.number}", *map(str, parts)])


def put(held, *items, mode: Mode = Mode.OPEN) -> Poll:
    with transaction():
        return polls.put(held, items, mode=mode, by=the_secretary(), now=START)[0]


def items_of(held, count: int):
    return [an_item(held, number=number, title=f"Sáng kiến số {number}") for number in range(1, count + 1)]


def press(page: PageClient, shown: Page, button: str, **changes) -> Page:
    answer = page.submit(shown.form(button), shown, button, **changes)
    return page.follow(answer) if answer.status in {302, 303} else answer


def fill(page: PageClient, path: str, **values) -> Page:
    shown = page.get(path)
    answer = page.submit(shown.form(), shown, **values)
    return page.follow(answer) if answer.status in {302, 303} else answer


def fresh(thing):
    db.session.commit()
    db.session.expire_all()
    return thing


# --- seats --------------------------------------------------------------------------------------


def test_a_substitute_is_named_on_the_page_and_the_seat_given_back(page):
    held = a_session(a_council(), present=6)
    absent, other = held.members[6], an_account(Role.MEMBER, name="Lê Dự Thay")
    shown = page.get(address(held, "seats"))
    values = {"member": absent.id, "account": other.code, "paper": "12/GUQ ngày 01/3/2026"}
    shown = press(
        page, shown, "Ghi người dự thay này", **{f"substitute-{name}": value for name, value in values.items()}
    )
    assert "Lê Dự Thay" in shown.text
    assert fresh(held).sitting[absent.id] == other.id
    press(page, shown, f"{absent.name} đã đến: trả lại vị trí")
    assert fresh(held).sitting[absent.id] == absent.account_id


def test_a_proxy_is_recorded_only_where_the_rule_knows_them(page):
    held = a_session(a_council(), present=6)
    assert "không ủy quyền" in page.get(address(held, "seats")).text
    under(held, **HALF, base="members", proxies=1)
    giver, holder = held.members[6], held.members[0]
    values = {"proxy-giver": giver.id, "proxy-holder": holder.id, "proxy-paper": "3/GUQ"}
    shown = press(page, page.get(address(held, "seats")), "Ghi ủy quyền này", **values)
    assert f"{holder.name} biểu quyết theo ủy quyền" in shown.text


def test_members_change_by_a_new_decision_after_the_council_has_met(page):
    held = a_session()
    path = f"/council/{held.council.code}/members"
    changed = {"decision_date": "2026-03-02", "person_7": "", "reason": "Nghỉ hưu"}
    refused = fill(page, path, **changed, decision_number=held.council.decision_number)
    assert (refused.status, "Hội đồng đã họp" in refused.text) == (422, True)
    shown = fill(page, path, **changed, decision_number="600/QĐ-HĐSK")
    assert "theo Quyết định số 600/QĐ-HĐSK: Nghỉ hưu" in shown.text
    assert "Thôi tham gia theo Quyết định số 600/QĐ-HĐSK" in page.get(address(held)).text


# --- items --------------------------------------------------------------------------------------


def test_an_item_is_sent_back_its_author_is_told_and_the_answer_recorded(page):
    held = a_session()
    (item,) = items_of(held, 1)
    gone = fill(page, address(held, "items", 1, "send-back"), asked="Nêu rõ phạm vi áp dụng", until="2026-03-10")
    assert "Trả bổ sung" in gone.text
    notice = db.session.query(Notice).filter_by(template="council-asks-supplement").one()
    assert "Nêu rõ phạm vi áp dụng" in notice.params.values()
    assert "hạn 10/03/2026" in page.get(address(held, "items", 1)).text
    shown = fill(page, address(held, "items", 1, "supplement"), supplement="Áp dụng tại 12 xã")
    assert "Áp dụng tại 12 xã" in shown.text
    assert fresh(item).state is ItemState.WAITING


def test_a_day_that_has_passed_is_no_term_for_a_supplement(page):
    held = a_session()
    items_of(held, 1)
    refused = fill(page, address(held, "items", 1, "send-back"), asked="Nêu rõ", until="2026-03-01")
    assert (refused.status, "Ngày này đã qua" in refused.text) == (422, True)


def test_the_agenda_is_filled_with_the_most_disputed_first(page):
    held = a_session()
    a_closed_scoring(held.council.round)
    for rank, spread in ((1, 100), (2, 900), (3, -1)):
        a_result(held.council.round, rank=rank, title=f"Hồ sơ chênh {spread}").spread = spread
    shown = press(page, page.get(address(held)), "Lập theo độ chênh điểm: chênh nhiều xét trước")
    titles = [row[2] for row in shown.rows()]
    assert [title.split(" ")[3][:3] for title in titles] == ["900", "100"]


def test_want_of_a_quorum_is_noted_for_the_minutes(page):
    held = a_session(a_council(), present=3)
    (item,) = items_of(held, 1)
    shown = page.get(address(held))
    form = values_of(shown.form("Ghi nhận: chưa quyết định vì không đủ thành viên"))
    shown = page.follow(page.post(address(held, "no-quorum"), {**form, "items": "1"}))
    assert "Đã ghi vào biên bản" in shown.text
    assert "Chưa có quyết định" in shown.text
    assert fresh(item).state is ItemState.WAITING
    refused = page.post(address(held, "no-quorum"), {name: value for name, value in form.items() if name != "items"})
    assert (refused.status, "Hãy đánh dấu các nội dung trước." in refused.text) == (422, True)
    assert page.post(address(held, "no-quorum"), {"items": "1"}).status == 422  # without the token of the page


def test_an_item_at_the_vote_is_withdrawn_on_its_page(page):
    held = a_session()
    (item,) = items_of(held, 1)
    put(held, item)
    assert "Rút nội dung 1" in page.get(address(held, "items", 1)).text
    fill(page, address(held, "items", 1, "withdraw"), reason="Tác giả xin rút")
    assert fresh(item).state is ItemState.WITHDRAWN
    assert "được rút khi đang biểu quyết" in page.get(address(held, "items", 1)).text


def test_a_counted_item_is_voted_on_again_with_its_reason(page):
    held = a_session()
    (item,) = items_of(held, 1)
    put(held, item)
    press(page, page.get(address(held, "votes", 1, "names")), "Ghi và kiểm phiếu", others="yes")
    fill(page, address(held, "items", 1, "vote-again"), reason="Đọc nhầm tên hồ sơ")
    put(held, fresh(item))
    press(page, page.get(address(held, "votes", 2, "names")), "Ghi và kiểm phiếu", others="yes")
    assert "Biểu quyết lại hồ sơ này. Đọc nhầm tên hồ sơ" in page.get(address(held, "items", 1)).text


# --- votes --------------------------------------------------------------------------------------


def test_a_member_steps_aside_from_an_open_vote(page):
    held = a_session()
    poll = put(held, *items_of(held, 1))
    fill(page, address(held, "votes", 1, "recuse"), member=held.members[6].id, reason="Là em ruột tác giả")
    assert len(fresh(poll).roll) == 6
    assert held.members[6].name in page.get(address(held, "items", 1)).text


def test_the_casting_vote_is_asked_for_after_a_tie_and_recorded(page):
    held = under(a_session(), **HALF, base="yes_no", chair_casts=True)
    poll = put(held, *items_of(held, 1))
    votes = {f"vote-{member}": "yes" if place < 3 else "no" for place, member in enumerate(poll.roll[:6])}
    shown = press(page, page.get(address(held, "votes", 1, "names")), "Ghi và kiểm phiếu", **votes)
    assert "ý kiến của người chủ trì quyết định" in shown.text
    assert "Ghi phiếu quyết định" in page.get(address(held)).text
    shown = press(page, shown, "Chủ trì quyết định: tán thành")
    assert f"Phiếu quyết định: {seat(held.council, CouncilRole.CHAIR).name}" in shown.text


def test_lots_are_drawn_from_a_seed_on_the_page(page):
    held = under(a_session(), **{**CHOOSE, "threshold": [1, 3], "tie": "lot"})
    poll = put(held, *items_of(held, 2))
    names = {f"vote-{member}": "1" if place < 3 else "2" for place, member in enumerate(poll.roll[:6])}
    press(page, page.get(address(held, "votes", 1, "names")), "Ghi và kiểm phiếu", **names)
    assert "Rút thăm" in page.get(address(held)).links()
    fill(page, address(held, "votes", 1, "lots"), seed="05213")
    assert "Số công khai để rút thăm: 05213" in page.get(address(held, "items", 1)).text


def test_a_choice_from_a_list_is_recorded_by_name_and_a_wrong_one_put_back(page):
    held = under(a_session(), **{**CHOOSE, "k": 2})
    poll = put(held, *items_of(held, 3))
    shown = page.get(address(held, "votes", 1, "names"))
    first = f"vote-{poll.roll[0]}"
    refused = press(page, shown, "Chỉ ghi", **{first: ["1", "2", "3"]})
    assert (refused.status, "Hãy chọn nhiều nhất 2 hồ sơ." in refused.text) == (422, True)
    press(page, shown, "Chỉ ghi", **{first: ["1", "3"], f"vote-{poll.roll[1]}": "0"})
    fresh(poll)
    assert [[str(vote.vote) for vote in line.votes] for line in poll.lines] == [
        ["yes", "abstain"], ["no", "abstain"], ["yes", "abstain"],
    ]  # fmt: skip
    again = page.get(address(held, "votes", 1, "names"))
    ticked = [each.attrs["value"] for each in again.all("input", name=first) if "checked" in each.attrs]
    assert ticked == ["1", "3"]


@pytest.mark.parametrize(
    ("rule", "values", "kept"),
    [
        ({**CHOOSE, "k": 2}, {"choice": ["1", "2"]}, {"1": "yes", "2": "yes", "3": "no"}),
        ({"method": "plurality-rounds", **HALF, "base": "valid"}, {"choice": "3"}, {"1": "no", "2": "no", "3": "yes"}),
    ],
)
def test_a_member_names_from_the_list_on_the_own_screen(client, rule, values, kept):
    held = under(a_session(), **rule)
    poll = put(held, *items_of(held, 3))
    member = account_of(seat(held.council, CouncilRole.MEMBER))
    visitor = client.sign_in(member)
    shown = fill(visitor, address(held, "votes", 1, "ballot"), **values)
    assert "Đã ghi nhận biểu quyết của bạn" in shown.text
    fresh(poll)
    assert {str(line.item.number): str(line.votes[0].vote) for line in poll.lines} == kept


def test_a_member_ranks_on_the_own_screen(client):
    held = under(a_session(), method="schulze", k=1)
    poll = put(held, *items_of(held, 3))
    visitor = client.sign_in(account_of(seat(held.council, CouncilRole.MEMBER)))
    path = address(held, "votes", 1, "ballot")
    fill(visitor, path, **{"place-2": "1", "place-1": "2", "place-3": "2"})
    assert [each.ranking for each in fresh(poll).rankings] == [[[2], [1, 3]]]
    refused = fill(visitor, path, **{"place-1": "", "place-2": "", "place-3": ""})
    assert (refused.status, "Chỉ xếp hồ sơ trong danh sách" in refused.text) == (422, True)


def test_rankings_are_recorded_by_name_and_show_the_places(page):
    held = under(a_session(), method="borda", k=1)
    poll = put(held, *items_of(held, 3))
    shown = page.get(address(held, "votes", 1, "names"))
    refused = press(page, shown, "Chỉ ghi", **{f"vote-{poll.roll[0]}": "hai, một"})
    assert (refused.status, "Ghi số thứ tự hồ sơ" in refused.text) == (422, True)
    given = {f"vote-{member}": "2, 1=3" for member in poll.roll}
    press(page, shown, "Ghi và kiểm phiếu", **given)
    item = page.get(address(held, "items", 2)).text
    assert "hạng 1" in item
    assert f"{held.members[0].name} 2, 1=3" in item
    assert "hạng 2" in page.get(address(held, "items", 1)).text
    assert "hạng 1" in page.get(address(held, "screen")).text


def test_ranked_papers_are_entered_line_by_line(app, page):
    held = under(a_session(), method="irv", k=1)
    poll = put(held, *items_of(held, 3), mode=Mode.PAPER)
    totals = {"issued": 7, "returned": 7, "valid": 6, "blank": 1, "invalid": 0}
    lines = {"ranking-1": "1, 2", "papers-1": "4", "ranking-2": "3", "papers-2": "2"}
    fill(page, address(held, "votes", 1, "papers"), **totals, **lines)
    other = PageClient(app).sign_in(an_account(Role.SECRETARY))
    shown = fill(other, address(held, "votes", 1, "papers"), **totals, **lines)
    press(other, shown, "Kiểm phiếu")
    assert [str(line.verdict) for line in fresh(poll).lines] == ["passed", "failed", "failed"]


def test_the_next_round_is_held_from_the_session_page(page):
    held = under(a_session(), method="plurality-rounds", **HALF, base="valid")
    poll = put(held, *items_of(held, 3))
    names = {f"vote-{member}": choice for member, choice in zip(poll.roll, "1112233", strict=True)}
    press(page, page.get(address(held, "votes", 1, "names")), "Ghi và kiểm phiếu", **names)
    shown = page.get(address(held))
    assert "Lượt 1 chưa chọn được hồ sơ nào" in shown.text
    page.submit(shown.form("Bỏ phiếu vòng tiếp theo"), shown)
    second = fresh(queries).poll(held.council.code, 1, 2, actor=the_secretary())
    assert [line.item.number for line in second.lines] == [1, 2, 3]
    assert (second.state, second.former_id) == (PollState.OPEN, poll.id)


def test_prizes_are_shown_as_they_stand_and_a_tie_is_sent_to_another_vote(page):
    rule = {**presets.vote_rule("prize-tiers"), "tiers": [{"name": "Giải Nhất", "quota": 1}, {"name": "Giải Nhì"}]}
    held = under(a_session(), **rule)
    first, second = items_of(held, 2)
    for number, item in enumerate((first, second), start=1):
        put(held, item)
        press(page, page.get(address(held, "votes", number, "names")), "Ghi và kiểm phiếu", others="yes")
    shown = page.get(address(held))
    assert "2 hồ sơ bằng điểm và bằng phiếu" in shown.text
    assert "Biểu quyết lại nội dung 2" in shown.links()
    fill(page, address(held, "items", 2, "vote-again"), reason="Xếp giải Nhất")
    put(held, fresh(second))
    last = held.members[6].id
    press(
        page, page.get(address(held, "votes", 3, "names")), "Ghi và kiểm phiếu", others="yes", **{f"vote-{last}": "no"}
    )
    press(page, page.get(address(held)), "Công bố quyết định")
    assert "Giải Nhất" in page.get(address(held, "screen")).text


def test_papers_with_blank_ones_and_a_listed_surplus_are_taken(app, page):
    held = under(a_session(), **HALF, base="returned")
    poll = put(held, *items_of(held, 1), mode=Mode.PAPER)
    totals = {"issued": 6, "returned": 7, "valid": 6, "blank": 1, "invalid": 0, "yes-1": 6, "no-1": 0, "abstain-1": 0}
    path = address(held, "votes", 1, "papers")
    refused = fill(page, path, **totals)
    assert (refused.status, "Ban kiểm phiếu lập danh sách phiếu thừa" in refused.text) == (422, True)
    for visitor in (page, PageClient(app).sign_in(an_account(Role.SECRETARY))):
        fill(visitor, path, **totals, surplus="Thừa 1 phiếu không có dấu")
    assert fresh(poll).totals["surplus"] == "Thừa 1 phiếu không có dấu"


def test_a_member_who_does_not_lead_changes_none_of_it(client):
    held = a_session()
    put(held, *items_of(held, 1))
    visitor = client.sign_in(account_of(seat(held.council, CouncilRole.MEMBER)))
    for path in (
        "seats",
        "items/1/send-back",
        "items/1/supplement",
        "items/1/vote-again",
        "votes/1/recuse",
        "votes/1/lots",
    ):
        assert visitor.get(address(held, path)).status == 403
    with transaction():
        council.pause(held, by=the_secretary(), now=START)
    assert visitor.post(address(held, "no-quorum"), {"items": "1"}).status == 403
