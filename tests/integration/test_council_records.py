"""The papers of a session: its minutes and the records of its ballots, from the votes to the downloads."""

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict
from evaluator.council import ledger
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, Item, OpinionKind, Vote
from evaluator.council.polls import deciding, incidents
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.council.records import facts, queries
from evaluator.papers.count import CountItem, Teller
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode
from tests.factories import START, actor_of, an_account
from tests.factories_council import a_council, a_session, account_of, an_item, seat, the_secretary, under
from tests.page_client import queries as counted

PAPERS = PaperList(issued=7, returned=7, valid=6, invalid=1, lines={2: (5, 1, 0), 3: (4, 1, 1)}, causes={"unclear": 1})


@pytest.fixture
def secretary(app):
    return the_secretary()


@pytest.fixture
def held(secretary, clock):
    """A session with an open vote, a paper ballot over two items, a postponed item, and opinions; still open."""
    held = a_session()
    items = [an_item(held, number=number, title=f"Giải pháp {number}") for number in (1, 2, 3, 4)]
    chair, teller = seat(held.council, CouncilRole.CHAIR), seat(held.council, CouncilRole.CRITIC)
    with transaction():
        council.name_tellers(held, members=[teller.id], by=secretary, now=clock.now())
        council.note_discussion(items[0], "Dễ nhân rộng.", read_version=items[0].version, by=secretary, now=clock.now())
        council.record_opinion(
            items[0], chair, kind=OpinionKind.RESERVED, text="Cần thêm số liệu.", by=secretary, now=clock.now()
        )
        council.postpone(items[3], reason="thiếu xác nhận", by=secretary, now=clock.now())
        poll = polls.put(held, items[:1], mode=Mode.OPEN, by=secretary, now=clock.now())[0]
        votes = {member: Vote.YES if place else Vote.NO for place, member in enumerate(poll.roll)}
        polls.cast_by_name(poll, votes, by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
        ballot = polls.put(held, items[1:3], mode=Mode.PAPER, by=secretary, now=clock.now())[0]
    for who in (secretary, actor_of(account_of(teller))):
        with transaction():
            polls.enter_papers(ballot, PAPERS, by=who, now=clock.now())
    with transaction():
        polls.close(ballot, by=secretary, now=clock.now())
        deciding.decide_all(held, by=secretary, now=clock.now())
    return held


@pytest.fixture
def closed(held, secretary, clock):
    clock.move(hours=3)
    with transaction():
        council.close_session(held, conclusion="Giao Tổ thư ký hoàn thiện hồ sơ.", by=secretary, now=clock.now())
    clock.move(hours=-3)
    return held


def test_minutes_wait_for_the_end_of_the_session(held):
    with pytest.raises(Conflict):
        facts.minutes_of(held)


def test_minutes_hold_the_roll_the_votes_and_the_opinions(closed):
    minutes = facts.minutes_of(closed)

    assert (minutes.letterhead.symbol, minutes.chair) == ("HĐSK", closed.council.members[0].name)
    assert [who.present for who in minutes.attendees] == [True] * 7
    first, second, third, last = minutes.items
    assert (first.yes, first.no, first.base, first.needed, first.passed) == (6, 1, 7, 5, True)
    assert (first.how, first.discussion) == ("Biểu quyết công khai", "Dễ nhân rộng.")
    assert first.reserved == (f"{minutes.chair}: Cần thêm số liệu.",)
    assert (second.how, second.passed, third.passed) == ("Bỏ phiếu kín", True, False)
    assert last.set_aside == "chuyển sang phiên họp sau vì thiếu xác nhận."
    assert minutes.conclusion == (
        "Hội đồng đã biểu quyết 03 hồ sơ: 02 hồ sơ được thông qua, 01 hồ sơ không được thông qua.",
        "Giao Tổ thư ký hoàn thiện hồ sơ.",
    )
    assert minutes.rule.endswith(".")
    assert minutes.seal == list(ledger.entries_of(closed))[-1].hash[:16]


def test_the_record_of_a_count_repeats_the_papers(closed):
    count = facts.counts_of(closed)[0]

    assert (count.issued, count.collected, count.valid, count.invalid) == (7, 7, 6, 1)
    assert (count.members, count.present, count.voting) == (7, 7, 7)
    assert count.tellers == (Teller("Ủy viên Số 4", "Trưởng ban"),)
    assert count.items[0] == CountItem(
        "Giải pháp 2", yes=5, no=1, no_opinion=0, base=7, needed=5, passed=True, code=count.items[0].code
    )
    assert count.causes == (("không rõ ràng hoặc tẩy xóa", 1),)


def test_an_absent_member_stands_with_the_reason(secretary, clock):
    held = a_session(a_council(), present=5)
    with transaction():
        council.close_session(held, by=secretary, now=clock.now())

    assert [(who.name[-1], who.reason) for who in facts.minutes_of(held).attendees if not who.present] == [
        ("6", "Đi công tác"),
        ("7", "Đi công tác"),
    ]


def test_minutes_cost_the_same_however_long_the_agenda(secretary, clock):
    counts = []
    for length in (1, 3):
        held = a_session()
        for number in range(1, length + 1):
            an_item(held, number=number)
        with transaction():
            council.close_session(held, by=secretary, now=clock.now())
        with counted() as seen:
            queries.records_of(held)
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_a_member_downloads_minutes_and_counts_in_both_formats(closed, client):
    member = account_of(closed.council.members[1])
    client.sign_in(member)
    address = f"/council/{closed.council.code}/sessions/{closed.number}"
    page = client.get(address)

    links = [page.links()[words] for words in ("Biên bản họp, Word", "Biên bản kiểm phiếu lần 2, PDF")]
    minutes, count = (client.get(link) for link in links)
    assert count.body.startswith(b"%PDF-")
    lines = [line.text for line in Document(BytesIO(minutes.body)).paragraphs]
    assert "BIÊN BẢN HỌP" in lines
    assert minutes.headers["Content-Disposition"].endswith(f'bien-ban-hop-{closed.council.code}-1.docx"')


def test_papers_are_refused_while_the_session_runs_and_unknown_ones_are_not_there(held, client):
    client.sign_in(account_of(held.council.members[0]))
    address = f"/council/{held.council.code}/sessions/1"

    assert client.get(f"{address}/minutes.docx").status == 409
    assert client.get(f"{address}/polls/2/count.pdf").status == 409


def test_an_open_vote_has_no_record_of_papers(closed, client):
    client.sign_in(account_of(closed.council.members[0]))
    address = f"/council/{closed.council.code}/sessions/1"

    assert client.get(f"{address}/polls/1/count.docx").status == 404
    assert client.get(f"{address}/minutes.txt").status == 404


def test_others_do_not_learn_of_the_session(closed, client):
    client.sign_in(an_account(Role.EDITOR))
    assert client.get(f"/council/{closed.council.code}/sessions/1/minutes.docx").status == 404


def test_minutes_say_who_left_the_room_what_was_taken_back_and_why_papers_were_invalid(held, secretary, clock):
    item = held_item(held, 1)
    with transaction():
        deciding.reconsider(item, reason="đếm nhầm một phiếu", by=secretary, now=clock.now())
    with transaction():
        member = held.council.members[-1].id
        poll = polls.put(held, [item], mode=Mode.OPEN, recused={item.id: [member]}, by=secretary, now=clock.now())[0]
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, Vote.YES), by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
        deciding.decide_all(held, by=secretary, now=clock.now())
        council.close_session(held, by=secretary, now=clock.now())

    first, second, *_ = facts.minutes_of(held).items

    assert first.taken_back == (
        "quyết định theo lượt biểu quyết số 1 được thu hồi vì đếm nhầm một phiếu; Hội đồng biểu quyết lại.",
    )
    assert first.recused == ("Ủy viên Số 7 (xin không tham gia nội dung này)",)
    assert second.papers == "phát ra 07, thu về 07, hợp lệ 06, không hợp lệ 01 (không rõ ràng hoặc tẩy xóa: 01)."


def held_item(held, number):
    return db.session.scalars(select(Item).where(Item.session_id == held.id, Item.number == number)).one()


def test_who_comes_late_and_who_leaves_stands_in_the_minutes(secretary, clock):
    held = a_session(a_council(), present=0)
    everybody = [member.id for member in held.council.members]
    for absent in (everybody[1:2], [], everybody[:1]):
        with transaction():
            council.call_roll(
                held,
                present=set(everybody) - set(absent),
                absent=dict.fromkeys(absent, "bận"),
                by=secretary,
                now=clock.now(),
            )
        clock.move(minutes=30)
    with transaction():
        council.close_session(held, by=secretary, now=clock.now())
    assert facts.minutes_of(held).movements == (
        "09 giờ 30 phút: Ủy viên Số 2 đến dự",
        "10 giờ 00 phút: Ủy viên Số 1 rời phiên họp",
    )


def test_the_roll_leaves_room_to_sign_until_it_is_called(secretary, clock):
    held = a_session(a_council(), present=0)
    assert {seat.is_present for seat in facts.roll_of(held).seats} == {None}
    everybody = [member.id for member in held.council.members]
    with transaction():
        council.call_roll(
            held, present=set(everybody[1:]), absent={everybody[0]: "Đi công tác"}, by=secretary, now=clock.now()
        )
    seats = facts.roll_of(held).seats
    assert [(seat.is_present, seat.note) for seat in seats][:2] == [(False, "Đi công tác"), (True, "")]


def test_there_are_as_many_identical_ballots_as_members_who_may_vote(secretary, clock, client):
    held = a_session(a_council(), present=5)
    items = [an_item(held, number=number, title=f"Giải pháp {number}") for number in (1, 2)]
    with transaction():
        polls.put(held, items, mode=Mode.PAPER, by=secretary, now=clock.now())
    client.sign_in(account_of(seat(held.council, CouncilRole.CHAIR)))
    address = f"/council/{held.council.code}/sessions/1/polls/1/ballots"

    one_list = client.get(f"{address}.pdf").body
    each = Document(BytesIO(client.get(f"{address}.docx?per=item").body))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(one_list)).pages)
    assert (text.count("PHIẾU BIỂU QUYẾT"), text.count("Giải pháp 1"), text.count("Giải pháp 2")) == (5, 5, 5)
    copies = [[str(row.cells[0]._tc.xml) for row in table.rows] for table in each.tables]
    assert [(len(rows), len(set(rows))) for rows in copies] == [(5, 1), (5, 1)]


def test_only_who_leads_prints_ballots(secretary, clock, client):
    held = a_session()
    with transaction():
        polls.put(held, [an_item(held)], mode=Mode.PAPER, by=secretary, now=clock.now())
    client.sign_in(account_of(held.council.members[-1]))
    assert client.get(f"/council/{held.council.code}/sessions/1/polls/1/ballots.pdf").status == 403


def test_minutes_tell_what_happened_beside_the_vote(secretary, clock):
    there = {"by": secretary, "now": clock.now()}
    session = under(a_session(), threshold=[1, 2], compare=">", base="yes_no", chair_casts=True,
                    quorum={"fraction": [2, 3], "of": "members"})  # fmt: skip
    item, ranked = an_item(session), an_item(session, number=2)
    everybody = [member.id for member in session.members]
    with transaction():
        council.send_back(item, asked="Nêu rõ phạm vi áp dụng.", until=clock.now().date(), **there)
        council.record_supplement(item, "Áp dụng tại 12 xã", **there)
        council.call_roll(session, present=everybody[:3], **there)
        polls.note_no_quorum(session, [item], **there)
        council.call_roll(session, present=everybody, **there)
    for yes, no in ((5, 2), (3, 3)):
        with transaction():
            (poll,) = polls.put(session, [item], mode=Mode.OPEN, **there)
            votes = dict(zip(poll.roll, ["yes"] * yes + ["no"] * no, strict=False))
            polls.cast_by_name(poll, votes, **there)
            polls.close(poll, **there)
            if yes == 5:
                deciding.vote_again(item, reason="Có thành viên nghe nhầm", **there)
    with transaction():
        incidents.break_tie(poll, "yes", **there)
        polls.put(session, [ranked], mode=Mode.OPEN, **there)
        council.withdraw(ranked, reason="Tác giả xin rút", **there)
        deciding.decide_all(session, **there)
        council.close_session(session, **there)
    told, withdrawn = facts.minutes_of(session).items
    chair = seat(session.council, CouncilRole.CHAIR).name
    assert told.incidents == (
        "Hội đồng đề nghị tác giả bổ sung: Nêu rõ phạm vi áp dụng.",
        "Tác giả đã bổ sung: Áp dụng tại 12 xã.",
        "Lượt biểu quyết 1 chưa quyết định: Không đủ số thành viên tối thiểu: có 3 tham gia, cần 5 trên 7.",
        "Lượt biểu quyết 2 là biểu quyết lại của lượt 1.",
        "Lượt biểu quyết 3 là biểu quyết lại của lượt 2: Có thành viên nghe nhầm.",
        f"Phiếu quyết định của {chair}: tán thành.",
    )
    assert withdrawn.incidents == ("Hồ sơ được rút trong lượt biểu quyết 4; các ý kiến đã biểu quyết không được kiểm.",)
    assert withdrawn.set_aside == "rút khỏi chương trình vì Tác giả xin rút."


def test_a_later_decision_on_roles_changes_nothing_in_the_minutes_of_a_closed_session(closed, secretary, clock):
    before = facts.minutes_of(closed)
    chair, vice = seat(closed.council, CouncilRole.CHAIR), seat(closed.council, CouncilRole.VICE)
    swapped = {chair.id: CouncilRole.VICE, vice.id: CouncilRole.CHAIR}
    with transaction():
        council.change_members(
            closed.council,
            decision_number="600/QĐ",
            decision_date=START.date(),
            members=[
                council.NewMember(each.account, swapped.get(each.id, each.role), each.job_title)
                for each in closed.council.members
            ],
            reason="Kiện toàn",
            read_version=closed.council.version,
            by=secretary,
            now=clock.now(),
        )

    assert seat(closed.council, CouncilRole.CHAIR) == vice
    assert facts.minutes_of(closed) == before
