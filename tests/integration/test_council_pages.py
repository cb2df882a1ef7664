"""A council walks through a session on its pages; who may not see a page does not, and bad input says what to do."""

from datetime import date

import pytest

from evaluator import verifier
from evaluator.core.db import db, transaction
from evaluator.council import queries as councils
from evaluator.council.models import Council, CouncilRole, ItemState, Session, SessionState, Vote
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode, VoteRule
from tests.factories import CANARY, a_round, an_account, an_author
from tests.factories_council import (
    a_closed_scoring,
    a_council,
    a_result,
    a_session,
    account_of,
    an_item,
    seat,
    the_secretary,
)
from tests.page_client import queries


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


@pytest.fixture
def page(client, secretary):
    return client.sign_in(secretary)


def address(held: Session, *parts: object) -> str:
    return "/".join([f"/council/{held.council.code}/sessions/{held.number}", *map(str, parts)])


def test_a_secretary_sets_up_a_council_opens_a_session_and_calls_the_roll(page):
    a_round_here = a_round(phase=Phase.COUNCIL)
    people = [an_account(Role.MEMBER) for _ in range(3)]
    overview = page.get("/council/")
    assert overview.links()["Hội đồng"] == "/council/"
    form = page.get(f"/council/{a_round_here.code}/found")
    sent = page.submit(
        form.form(),
        form,
        decision_number="12/QĐ-HĐSK",
        decision_date="2026-02-10",
        person_1=people[0].code,
        person_2=people[1].code,
        role_2="secretary",
        person_3=people[2].code,
    )
    council = page.follow(sent)
    assert council.heading == a_round_here.council_name
    assert "12/QĐ-HĐSK" in council.text

    opening = page.get(f"/council/{a_round_here.code}/sessions/new")
    roll = page.follow(page.submit(opening.form(), opening, place="Phòng họp số 2"))
    seats = db.session.query(Council).one().members
    assert roll.heading == "Điểm danh"
    room = page.follow(
        page.submit(
            roll.form(),
            roll,
            **{f"present_{seats[2].id}": None, f"reason_{seats[2].id}": "Ốm", f"teller_{seats[1].id}": "y"},
        )
    )
    assert "2/3" in room.text
    assert "Ốm" in room.text
    assert "Chương trình còn trống" in room.text


def test_a_council_without_a_chair_is_refused_on_the_page_and_keeps_what_was_typed(page):
    a_round_here = a_round(phase=Phase.COUNCIL)
    person = an_account(Role.MEMBER)
    form = page.get(f"/council/{a_round_here.code}/found")
    sent = page.submit(form.form(), form, decision_number="12/QĐ", decision_date="2026-02-10", person_1=person.code)
    assert (sent.status, "Hội đồng có ít nhất 3 thành viên." in sent.text) == (422, True)
    assert sent.one("input", name="decision_number").attrs["value"] == "12/QĐ"


def test_members_are_changed_until_the_first_session(page):
    council = a_council()
    form = page.get(f"/council/{council.code}/members")
    shown = page.follow(page.submit(form.form(), form, decision_number="99/QĐ", person_7=""))
    assert "99/QĐ" in shown.text
    assert "6 thành viên" in shown.text


def test_an_open_vote_goes_from_the_agenda_to_the_decision(page):
    held = a_session()
    a_closed_scoring(held.council.round)
    initiative = a_result(held.council.round).initiative
    room = page.get(address(held))
    room = page.follow(page.submit(room.form("Lấy từ bảng xếp hạng"), room))
    assert initiative.title in room.text

    votes = put(page, room, "1", "open")
    first = seat(held.council, CouncilRole.CHAIR)
    item = page.follow(
        page.submit(
            votes.form("Ghi và kiểm phiếu"),
            votes,
            button="Ghi và kiểm phiếu",
            **{f"vote-{first.id}": "no"},
            others="yes",
        )
    )
    assert "Có 6 tán thành, cần 5; mẫu số là 7, tổng số thành viên Hội đồng." in item.text
    room = page.follow(page.submit(item.form("Công bố quyết định"), item))
    db.session.expire_all()
    assert initiative.state is State.SELECTED
    assert "Đã công bố 1 quyết định." in room.text

    form = page.get(address(held, "items", 1, "reconsider"))
    page.follow(page.submit(form.form(), form, reason="Đọc nhầm số phiếu"))
    db.session.expire_all()
    assert initiative.state is State.REVIEWED


def put(page, room, item: str, mode: str):
    answer = page.submit(room.form("Đưa ra biểu quyết"), room, items=item, mode=mode)
    target = page.follow(answer)
    return page.follow(target) if target.status in {302, 303} else target


def test_recording_without_counting_can_be_gone_on_with_and_a_stale_page_is_refused(page, clock):
    held = a_session()
    an_item(held)
    votes = put(page, page.get(address(held)), "1", "open")
    first = seat(held.council, CouncilRole.CHAIR)
    saved = page.follow(page.submit(votes.form("Chỉ ghi"), votes, button="Chỉ ghi", **{f"vote-{first.id}": "no"}))
    assert [
        each.attrs["value"]
        for each in saved.all("input", type="radio", name=f"vote-{first.id}")
        if "checked" in each.attrs
    ] == ["no"]
    clock.move(minutes=1)
    stale = page.submit(votes.form("Chỉ ghi"), votes, button="Chỉ ghi", **{f"vote-{first.id}": "yes"})
    assert stale.status == 409
    assert "Người khác vừa thay đổi nội dung này." in stale.text


def test_putting_nothing_or_without_a_quorum_says_what_to_do(page):
    held = a_session()
    an_item(held)
    room = page.get(address(held))
    nothing = page.submit(room.form("Đưa ra biểu quyết"), room, mode="open")
    assert nothing.status == 422
    db.session.expire_all()
    for each in held.attendances[:4]:
        each.whereabouts = "left"
    db.session.commit()
    refused = page.submit(room.form("Đưa ra biểu quyết"), room, items="1", mode="open")
    assert refused.status == 409
    assert "Không đủ số thành viên tối thiểu: có 3 tham gia, cần 5 trên 7." in refused.text


def test_papers_are_entered_twice_and_counted(app, page, client, secretary):
    held = a_session()
    an_item(held, number=1)
    an_item(held, number=2)
    teller = seat(held.council, CouncilRole.CRITIC)
    held.tellers = [teller.id]
    db.session.commit()
    room = page.get(address(held))
    answer = page.submit(room.form("Đưa ra biểu quyết"), room, items=["1", "2"], mode="paper")
    papers = page.follow(page.follow(answer))
    totals = {
        "issued": "7", "returned": "7", "valid": "6", "invalid": "1", "cause-unclear": "1",
        "yes-1": "5", "no-1": "1", "abstain-1": "0", "yes-2": "3", "no-2": "2", "abstain-2": "1",
    }  # fmt: skip
    wrong = page.submit(papers.form("Nhập số liệu này"), papers, **{**totals, "yes-1": "6"})
    assert wrong.status == 422
    assert "Tán thành, không tán thành và không có ý kiến cộng lại là 7, nhưng có 6 phiếu hợp lệ." in wrong.text
    once = page.follow(page.submit(papers.form("Nhập số liệu này"), papers, **totals))
    assert "Bạn đã nhập số liệu." in once.text

    client.sign_in(account_of(teller))
    second = client.get(papers.address)
    unequal = client.submit(second.form("Nhập số liệu này"), second, **{**totals, "yes-2": "2", "no-2": "3"})
    assert unequal.status == 422
    assert "Người kia nhập số khác. Hãy cùng nhau đếm lại phiếu." in unequal.text
    agreed = client.follow(client.submit(second.form("Nhập số liệu này"), second, **totals))
    assert "Có thể kiểm phiếu." in agreed.text

    client.sign_in(secretary)
    counting = client.get(papers.address)
    room = client.follow(client.submit(counting.form("Kiểm phiếu"), counting))
    assert [row[-1] for row in room.rows()] == ["Được thông qua", "Không được thông qua"]


def test_a_tie_at_the_cut_off_is_run_off_on_the_pages(page, clock):
    held = a_session()
    rule = {"method": "choose", "k": 1, "base": "returned", "threshold": [1, 3], "compare": ">", "modes": ["paper"]}
    held.council.round.vote_rule = VoteRule.from_document(rule).as_document()
    db.session.commit()
    items = [an_item(held, number=place) for place in (1, 2)]
    clerk = the_secretary()
    with transaction():
        poll = polls.put(held, items, mode=Mode.PAPER, by=clerk, now=clock.now())[0]
        for by in (clerk, the_secretary()):
            polls.enter_papers(poll, PaperList(7, 6, 6, 0, lines={1: (3, 3, 0), 2: (3, 3, 0)}), by=by, now=clock.now())
        polls.close(poll, by=clerk, now=clock.now())
    room = page.get(address(held))
    papers = page.follow(page.follow(page.submit(room.form("Bỏ phiếu lại"), room)))
    assert papers.heading == "Phiếu của lượt biểu quyết 2"


def test_an_author_is_named_as_stepping_aside_before_the_item_is_put(page):
    held = a_session()
    near = seat(held.council, CouncilRole.CRITIC)
    item = an_item(held, authors=[an_author(account_id=near.account_id)])
    room = page.get(address(held))
    assert f"{near.name} không tham gia" in room.text
    one = page.get(address(held, "items", item.number))
    box = one.one("input", type="checkbox", name="aside", value=str(near.id))
    assert {"checked", "disabled"} <= set(box.attrs)


def test_items_are_set_aside_and_taken_up_again(page):
    held = a_session()
    item = an_item(held)
    for way in ("postpone", "withdraw"):
        form = page.get(address(held, "items", 1, way))
        assert page.submit(form.form(), form, reason="").status == 422
        page.follow(page.submit(form.form(), form, reason="Chờ bổ sung số liệu"))
        shown = page.get(address(held, "items", 1))
        assert "Chờ bổ sung số liệu" in shown.text
        page.follow(page.submit(shown.form("Đưa vào xét lại"), shown))
        db.session.expire_all()
        assert item.state is ItemState.WAITING


def test_notes_and_opinions_reach_the_item(page):
    held = a_session()
    an_item(held)
    member = seat(held.council, CouncilRole.MEMBER)
    one = page.get(address(held, "items", 1))
    one = page.follow(
        page.submit(one.form("Lưu ý kiến thảo luận"), one, **{"discussion-discussion": "Cần làm rõ số liệu."})
    )
    assert "Cần làm rõ số liệu." in one.text
    sent = {"opinion-member": str(member.id), "opinion-kind": "reserved", "opinion-text": "Tôi bảo lưu."}
    one = page.follow(page.submit(one.form("Ghi ý kiến"), one, **sent))
    assert "Tôi bảo lưu." in one.text
    empty = page.submit(one.form("Ghi ý kiến"), one, **{**sent, "opinion-text": ""})
    assert empty.status == 422


def test_a_session_is_paused_resumed_and_closed(page):
    held = a_session()
    room = page.get(address(held))
    room = page.follow(page.submit(room.form("Tạm nghỉ"), room))
    room = page.follow(page.submit(room.form("Tiếp tục phiên họp"), room))
    form = page.get(address(held, "close"))
    room = page.follow(page.submit(form.form(), form, conclusion="Hội đồng nhất trí."))
    assert "Hội đồng nhất trí." in room.text
    db.session.expire_all()
    assert held.state is SessionState.CLOSED
    proof = page.get(room.links()["Bằng chứng của phiên họp"])
    assert list(verifier.verify(proof.body))[-1].startswith("V8")


def test_a_vote_is_broken_off_with_a_reason(page):
    held = a_session()
    an_item(held)
    put(page, page.get(address(held)), "1", "open")
    form = page.get(address(held, "votes", 1, "annul"))
    room = page.follow(page.submit(form.form(), form, reason="Đọc nhầm tên"))
    assert "Đã hủy lượt biểu quyết" in room.text


def test_an_item_is_added_by_hand_by_its_blind_code(page):
    held = a_session()
    found = a_result(held.council.round).initiative
    form = page.get(address(held, "items", "new"))
    assert page.submit(form.form(), form, code="khong-co").status == 422
    shown = page.follow(page.submit(form.form(), form, code=found.blind_code))
    assert shown.heading == found.title


def test_those_below_the_gate_are_closed_with_one_press(page):
    council = a_council()
    below = a_result(council.round, standing="failed", rank=None).initiative
    shown = page.get(f"/council/{council.code}")
    page.follow(page.submit(shown.form("Kết thúc xét, không chọn"), shown))
    db.session.expire_all()
    assert below.state is State.NOT_SELECTED


def test_the_screen_of_the_room_shows_no_names_and_renews_itself(page, clock):
    held = a_session()
    item = an_item(held)
    screen = page.get(address(held, "screen"))
    assert screen.headers["Refresh"] == "5"
    clerk = the_secretary()
    with transaction():
        poll = polls.put(held, [item], mode=Mode.OPEN, by=clerk, now=clock.now())[0]
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, Vote.YES), by=clerk, now=clock.now())
    assert item.initiative.title in page.get(address(held, "screen")).text
    with transaction():
        polls.close(poll, by=clerk, now=clock.now())
    screen = page.get(address(held, "screen"))
    main = screen.one("main").text
    assert "7 /7" in main
    assert [member.name for member in held.council.members if member.name in main] == []


def test_a_member_reads_the_dossier_on_one_page_without_its_authors(client):
    held = a_session()
    a_closed_scoring(held.council.round)
    item = an_item(held)
    member = account_of(seat(held.council, CouncilRole.MEMBER))
    client.sign_in(member, blind=True)
    shown = client.get(address(held, "items", 1, "dossier"))
    assert (shown.heading, CANARY in shown.body.decode()) == (item.initiative.title, False)
    assert item.initiative.blind_code in shown.text
    for path in ("", "items/1", "screen"):
        assert client.get(address(held, path).rstrip("/")).status == 200
    assert client.get(f"/council/{held.council.code}").status == 200


def test_a_member_who_is_an_author_does_not_read_the_scores_of_the_own_dossier(client):
    held = a_session()
    a_closed_scoring(held.council.round)
    near = seat(held.council, CouncilRole.MEMBER)
    an_item(held, number=1, authors=[an_author(account_id=near.account_id)])
    an_item(held, number=2)
    client.sign_in(account_of(near), blind=False)
    assert client.get(address(held, "items", 1, "dossier")).status == 403
    assert client.get(address(held, "items", 2, "dossier")).status == 200


@pytest.mark.parametrize(
    "path", ["roll", "close", "items/new", "items/1/postpone", "votes/1/names", "votes/1/annul", "votes/1/papers"]
)
def test_an_ordinary_member_looks_on_and_changes_nothing(client, clock, path):
    held = a_session()
    item = an_item(held)
    with transaction():
        polls.put(held, [item], mode=Mode.OPEN, by=the_secretary(), now=clock.now())
    client.sign_in(account_of(seat(held.council, CouncilRole.MEMBER)), blind=False)
    assert client.get(address(held, path)).status == 403
    client.sign_in(account_of(seat(held.council, CouncilRole.CHAIR)), blind=False)
    assert client.get(address(held, path)).status == (403 if path == "votes/1/papers" else 200)


@pytest.mark.parametrize(
    "path", ["", "/sessions/1", "/sessions/1/items/1", "/sessions/1/screen", "/sessions/1/votes/1"]
)
def test_a_stranger_does_not_learn_that_there_is_a_council(client, path):
    held = a_session()
    an_item(held)
    client.sign_in(an_account(Role.MEMBER), blind=False)
    assert client.get(f"/council/{held.council.code}{path}").status == 404
    assert client.get("/council/").text.count(held.council.title) == 0


def test_a_member_votes_on_one_screen_and_sees_what_having_no_opinion_means(client, clock):
    held = a_session()
    item = an_item(held)
    clerk, me = the_secretary(), account_of(seat(held.council, CouncilRole.MEMBER))
    with transaction():
        poll = polls.put(held, [item], mode=Mode.OPEN, by=clerk, now=clock.now())[0]
    client.sign_in(me, blind=True)
    room = client.get(address(held))
    ballot = client.get(room.links()["Biểu quyết"])
    assert "không có ý kiến có tác dụng như không tán thành" in ballot.text
    assert client.submit(ballot.form(), ballot).status == 422
    voted = client.follow(client.submit(ballot.form(), ballot, vote="no"))
    assert "Đã ghi nhận biểu quyết của bạn." in voted.text
    with transaction():
        polls.close(poll, by=clerk, now=clock.now())
    assert "Đã kiểm phiếu." in client.get(ballot.address).text
    assert client.submit(voted.form(), voted, vote="yes").status == 409
    client.sign_in(an_account(Role.SECRETARY))
    assert client.get(ballot.address).status == 403


def test_what_is_not_there_is_not_found(page):
    held = a_session()
    for path in ("items/9", "votes/9"):
        assert page.get(address(held, path)).status == 404
    assert page.get(f"/council/{held.council.code}/sessions/9").status == 404
    assert page.get("/council/khong-co").status == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_session_page_costs_the_same_however_long_the_agenda_is(page, count):
    held = a_session()
    for number in range(1, count + 1):
        an_item(held, number=number)
    with queries() as seen:
        assert page.get(address(held)).status == 200
    assert seen.count == 26


def test_the_history_names_what_was_done(page, clock):
    held = a_session()
    item = an_item(held)
    clerk = the_secretary()
    with transaction():
        poll = polls.put(held, [item], mode=Mode.OPEN, by=clerk, now=clock.now())[0]
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, Vote.YES), by=clerk, now=clock.now())
        polls.close(poll, by=clerk, now=clock.now())
        deciding.decide_all(held, by=clerk, now=clock.now())
    history = page.get("/history")
    assert [word for word in ("Đưa ra biểu quyết", "Kiểm phiếu", "Công bố quyết định") if word in history.text] == [
        "Đưa ra biểu quyết",
        "Kiểm phiếu",
        "Công bố quyết định",
    ]


def test_the_pages_stand_in_english_too(client):
    held = a_session()
    an_item(held)
    reader = an_account(Role.SECRETARY, language="en")
    client.sign_in(reader)
    client.language = "en"
    assert "Put to the vote" in client.get(address(held)).text
    assert client.get(address(held, "items", 1)).heading


def test_a_council_of_another_round_stays_apart(page):
    one, other = a_council(), a_council()
    assert councils.maybe_of(one.code).id == one.id
    assert councils.maybe_of(other.code).id == other.id
    assert date(2026, 2, 10) == one.decision_date
