"""The secretary's pages of assigning, pressed as a secretary would."""

import csv
import io

import pytest
from sqlalchemy import func, select

from evaluator import jobs
from evaluator.assignment import judges, standards, ties
from evaluator.assignment import queries as assignments
from evaluator.assignment.models import Assignment, ProposalPair
from evaluator.assignment.proposals import doing
from evaluator.assignment.proposals import views as proposal_views
from evaluator.core.db import db
from evaluator.rules.calendar import Phase
from evaluator.rules.conflicts import Kind, Weight
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from evaluator.work import queries as works
from tests.factories import CANARY, a_round, actor_of, an_account, an_initiative
from tests.factories_assignment import a_reviewer, accepted, an_assignment
from tests.page_client import PageClient
from tests.page_client import queries as counted


@pytest.fixture
def in_round(app):
    return a_round(phase=Phase.REVIEW, reviews_per_initiative=2)


@pytest.fixture
def desk(app, client):
    return client.sign_in(an_account(Role.SECRETARY, name="Trần Thị Thư Ký"))


def base(in_round):
    return f"/rounds/{in_round.code}/assignment"


def proposed(desk, in_round, **wishes):
    page = desk.get(base(in_round))
    answer = desk.submit(page.form(), page, **wishes)
    assert answer.status == 303, answer.errors()
    return desk.follow(answer)


def test_a_proposal_is_asked_for_looked_over_and_announced(desk, in_round):
    accepted(3, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    page = proposed(desk, in_round)
    assert page.heading == "Phương án phân công chấm"
    assert len(page.rows()) == 3

    page = desk.get(page.links()["Công bố phân công"])
    answer = desk.submit(page.form(), page)
    assert answer.location == base(in_round)
    assert "Mọi hồ sơ hợp lệ đã đủ người chấm." in desk.follow(answer).text
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 6


def test_the_reason_stands_at_its_field_when_nothing_is_possible(desk, in_round):
    accepted(5, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    page = desk.get(base(in_round))
    answer = desk.submit(page.form(), page, most="3")
    assert answer.status == 422
    assert "3 người chấm chỉ nhận được tổng cộng 9 lượt" in answer.text


def test_a_large_round_is_handed_to_long_work(desk, in_round, clock, monkeypatch):
    monkeypatch.setattr(proposal_views, "AT_ONCE", 1)
    accepted(2, in_round=in_round)
    for _ in range(2):
        a_reviewer()
    page = desk.get(base(in_round))
    answer = desk.submit(page.form(), page)
    assert answer.location.startswith("/work/")
    asked = works.maybe_latest(doing.KIND, in_round.code)
    assert jobs.run_work(asked.code, clock=clock)
    assert jobs.run_work(asked.code, clock=clock) is False
    done = desk.get(answer.location)
    assert done.links()["Xem kết quả"] == f"{base(in_round)}/proposal"
    assert len(desk.get(f"{base(in_round)}/proposal").rows()) == 2


def test_long_work_that_is_impossible_says_the_reason(desk, in_round, clock, monkeypatch):
    monkeypatch.setattr(proposal_views, "AT_ONCE", 1)
    accepted(2, in_round=in_round)
    a_reviewer(), a_reviewer()
    page = desk.get(base(in_round))
    answer = desk.submit(page.form(), page, most="1")
    jobs.run_work(works.maybe_latest(doing.KIND, in_round.code).code, clock=clock)
    assert "2 người chấm chỉ nhận được tổng cộng 2 lượt" in desk.get(answer.location).text


def test_a_reviewer_is_replaced_by_hand_and_it_is_undone(desk, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    proposed(desk, in_round)
    address = f"{base(in_round)}/proposal/dossiers/{dossier.code}"
    page = desk.get(address)
    before = {row[0] for row in page.rows(0)}
    page = desk.get(page.links()[next(words for words in page.links() if words.startswith("Thay "))].split("#")[0])
    chosen = page.rows(1)[0]
    assert chosen[3].startswith("0 → 1")
    form = next(
        form for form in page.all("form") if any(each.attrs.get("name") == "fresh" for each in form.all("input"))
    )
    page = desk.follow(desk.submit(form, page))
    after = {row[0] for row in page.rows(0)}
    assert after != before
    assert len(after) == 2

    page = desk.get(f"{base(in_round)}/proposal")
    desk.submit(page.form("Hoàn lại thay đổi gần nhất"), page)
    assert {row[0] for row in desk.get(address).rows(0)} == before


def test_a_table_goes_out_comes_back_changed_and_is_shown_before_it_counts(desk, in_round):
    dossiers = accepted(2, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    proposed(desk, in_round)
    out = desk.take(f"{base(in_round)}/proposal.csv").body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(out)))
    assert len(rows) == 1 + 4
    everybody = {each.code for each in judges.available_reviewers()}
    mine = [row for row in rows[1:] if row[0] == dossiers[0].code]
    (spare,) = everybody - {row[1] for row in mine}
    changed = "\n".join(["Mã;Người", f"{mine[0][0]};{mine[0][1]}", f"{mine[0][0]};{spare}"])

    page = desk.get(f"{base(in_round)}/proposal/table")
    shown = desk.submit(page.form(), page, file=(io.BytesIO(changed.encode()), "sua.csv"))
    assert [row[2] for row in shown.rows()] == ["bỏ ra", "thêm vào"]
    pairs = select(func.count()).select_from(ProposalPair).where(ProposalPair.by_hand.is_(True))
    assert db.session.scalar(pairs) == 0

    desk.submit(shown.form("Thực hiện các thay đổi này"), shown)
    db.session.expire_all()
    assert db.session.scalar(pairs) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"ma,nguoi\n", "Tệp không có dòng nào ghi mã hồ sơ"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(desk, in_round, content, said):
    accepted(1, in_round=in_round)
    a_reviewer(), a_reviewer()
    proposed(desk, in_round)
    page = desk.get(f"{base(in_round)}/proposal/table")
    answer = desk.submit(page.form(), page, file=(io.BytesIO(content), "x.csv"))
    assert answer.status == 422
    assert said in answer.text


def test_unknown_codes_in_a_table_are_named_and_left_out(desk, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    a_reviewer(), a_reviewer()
    proposed(desk, in_round)
    page = desk.get(f"{base(in_round)}/proposal/table")
    content = f"a,b\nSK-KHONG,{'X' * 8}\n{dossier.code},KHONGCO\n".encode()
    shown = desk.submit(page.form(), page, file=(io.BytesIO(content), "x.csv"))
    assert "Hồ sơ SK-KHONG không có trong phương án này." in shown.text
    assert "Không có người chấm mang mã KHONGCO." in shown.text


def test_a_reviewer_is_described_and_let_go(desk, in_round):
    reviewer = a_reviewer(fields=())
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    an_assignment(initiative, reviewer)
    page = desk.get(f"{base(in_round)}/reviewers/{reviewer.code}")
    desk.submit(page.form("Lưu"), page, fields=["Y tế", "Giáo dục"], most="7", keywords="điều dưỡng")
    assert desk.get(f"{base(in_round)}/reviewers").rows()[0][1:3] == ["Y tế, Giáo dục", "7"]

    page = desk.get(f"{base(in_round)}/reviewers/{reviewer.code}")
    answer = desk.get(page.links()["Cho thôi chấm đợt này"])
    answer = desk.follow(desk.submit(answer.form("Cho người này rời đợt xét"), answer))
    assert "1 hồ sơ cần người chấm khác" in answer.text
    assert actor_of(reviewer).assigned == frozenset()


def test_one_dossier_goes_to_somebody_else(desk, in_round):
    reviewer, other = a_reviewer(), a_reviewer()
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    an_assignment(initiative, reviewer)
    page = desk.get(f"{base(in_round)}/given/{initiative.code}/{reviewer.code}")
    form = next(
        form for form in page.all("form") if any(each.attrs.get("value") == other.code for each in form.all("input"))
    )
    desk.submit(form, page)
    assert [each.reviewer_id for each in assignments.reviewers_of(initiative.id)] == [other.id]


def test_a_conflict_from_paper_is_entered(desk, in_round):
    reviewer = a_reviewer()
    initiative = an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW)
    an_assignment(initiative, reviewer)
    page = desk.get(f"{base(in_round)}/conflicts")
    answer = desk.submit(page.form(), page, dossier=initiative.code, person=reviewer.email, note="Là con rể")
    assert answer.status == 303
    assert desk.get(f"{base(in_round)}/conflicts").rows()[0][1:3] == [reviewer.name, "Là con rể"]
    assert actor_of(reviewer).assigned == frozenset()

    answer = desk.submit(page.form(), page, dossier="SK-KHONG", person="ai@example.org")
    assert answer.status == 422


def test_the_pages_of_assigning_are_closed_to_reviewers_and_authors(app, in_round):
    accepted(1, in_round=in_round)
    addresses = ["", "/proposal", "/reviewers", "/conflicts", "/given", "/proposal.csv", "/proposal/table"]
    for account in (a_reviewer(), an_account(Role.AUTHOR)):
        client = PageClient(app).sign_in(account)
        assert {client.get(base(in_round) + address).status for address in addresses} <= {403, 404}


def test_a_secretary_who_is_an_author_does_not_see_who_reviews_the_own_dossier(app, in_round):
    secretary = an_account(Role.SECRETARY)
    own, other = accepted(1, in_round=in_round, owner=secretary)[0], accepted(1, in_round=in_round)[0]
    for _ in range(3):
        a_reviewer()
    desk = PageClient(app).sign_in(secretary)
    page = proposed(desk, in_round)
    assert own.code not in page.text
    assert other.code in page.text
    assert own.code not in desk.take(f"{base(in_round)}/proposal.csv").text
    assert desk.get(f"{base(in_round)}/proposal/dossiers/{own.code}").status == 404
    assert own.code not in desk.get(f"{base(in_round)}/given").text


def test_what_a_reviewer_hears_of_an_assignment_names_no_author(app, in_round):
    accepted(1, in_round=in_round)
    reviewer = a_reviewer()
    a_reviewer()
    desk = PageClient(app).sign_in(an_account(Role.SECRETARY))
    proposed(desk, in_round)
    page = desk.get(f"{base(in_round)}/proposal/announcement")
    desk.submit(page.form(), page)
    kept = assignments.active_for(reviewer.id, in_round.id)
    given = db.session.scalars(kept).one()
    assert CANARY.lower() not in str(given.reasons).lower()


@pytest.mark.parametrize(
    ("address", "most"), [("", 22), ("/proposal", 14), ("/reviewers", 14), ("/given", 10), ("/conflicts", 8)]
)
def test_a_list_costs_the_same_however_long_it_is(desk, in_round, address, most):
    costs = []
    for _ in range(2):
        for dossier in accepted(2, in_round=in_round):
            an_assignment(dossier, a_reviewer())
        a_reviewer(), a_reviewer()
        proposed(desk, in_round)
        with counted() as seen:
            desk.get(base(in_round) + address)
        costs.append(seen.count)
    assert costs[0] == costs[1] <= most


def test_the_rules_of_a_round_are_decided_on_their_page(desk, in_round):
    head = an_account(Role.MEMBER)
    page = desk.get(f"{base(in_round)}/rules")
    answer = desk.submit(
        page.form("Lưu quy định"), page, reading_same_unit="warn", head=head.email, needs_expert="y", is_cross_unit="y"
    )
    assert answer.status == 303, answer.errors()
    asked = standards.of(in_round.id)
    assert (asked.reading[Kind.SAME_UNIT], asked.head_id) == (Weight.WARN, head.id)
    assert (asked.needs_expert, asked.is_cross_unit, asked.asks_wishes) == (True, True, False)

    page = desk.follow(answer)
    refused = desk.submit(page.form("Lưu quy định"), page, wishes_open_on="2026-03-05", wishes_close_on="2026-03-01")
    assert refused.status == 422
    stale = desk.submit(page.form("Lưu quy định"), page, version="0")
    assert stale.status == 409
    unknown = desk.submit(page.form("Lưu quy định"), page, head="khong.ai@example.org")
    assert unknown.status == 422


def test_pairs_are_settled_one_by_one_and_let_go(desk, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    one, other = a_reviewer(), a_reviewer()
    address = f"{base(in_round)}/pairs"
    page = desk.get(address)
    page = desk.follow(
        desk.submit(page.form("Định trước"), page, reviewer=one.email, tie="never", dossier=dossier.code, note="Bận")
    )
    page = desk.follow(desk.submit(page.form("Định trước"), page, reviewer=one.code, tie="apart", other=other.code))
    assert [row[1] for row in page.rows()] == ["không cùng chấm một hồ sơ", "không được chấm"]
    refused = desk.submit(page.form("Định trước"), page, reviewer="ai đó", tie="must", dossier=dossier.code)
    assert refused.status == 422
    refused = desk.submit(page.form("Định trước"), page, reviewer=one.code, tie="must", dossier="KHÔNG CÓ")
    assert refused.status == 422

    first = next(form for form in page.all("form") if "release" in form.attrs.get("action", ""))
    page = desk.follow(desk.submit(first, page))
    assert len(page.rows()) == 1


def test_a_table_of_pairs_is_shown_before_it_is_settled_as_one(desk, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    one, other = a_reviewer(), a_reviewer()
    table = f"Người chấm,Quan hệ,Hồ sơ\n{one.code},bắt buộc,{dossier.code}\n{one.code},tách,{other.code}\nX,tách,Y\n"
    page = desk.get(f"{base(in_round)}/pairs/table")
    shown = desk.submit(page.form("Xem trước nội dung định trước"), page, file=(io.BytesIO(table.encode()), "cap.csv"))
    assert (shown.status, len(shown.rows())) == (200, 2)
    assert "Dòng 4" in shown.text
    assert ties.settled(in_round.id) == []
    answer = desk.submit(shown.form("Định trước 2 cặp này trong một lần"), shown)
    assert answer.location == f"{base(in_round)}/pairs"
    assert len(ties.settled(in_round.id)) == 2
    again = desk.submit(shown.form("Định trước 2 cặp này trong một lần"), shown)
    assert again.location == f"{base(in_round)}/pairs/table"
    assert len(ties.settled(in_round.id)) == 2


def test_who_remains_is_shown_and_an_expert_asked_for(desk, in_round):
    (dossier,) = accepted(1, in_round=in_round)
    a_reviewer(unit=dossier.unit), a_reviewer(name="Lê Thị Còn")
    page = desk.get(f"{base(in_round)}/remaining")
    assert "Đề nghị mời chuyên gia bên ngoài." in page.text
    assert "cần thêm 1 chuyên gia bên ngoài" in page.rows()[0][2]
    assert "1 hồ sơ không đủ người được phép chấm." in desk.get(base(in_round)).text


def test_a_large_announcement_is_handed_to_the_scheduler(desk, in_round, clock, monkeypatch):
    monkeypatch.setattr(proposal_views, "GIVEN_AT_ONCE", 1)
    accepted(2, in_round=in_round)
    a_reviewer(), a_reviewer()
    proposed(desk, in_round)
    page = desk.get(f"{base(in_round)}/proposal/announcement")
    answer = desk.submit(page.form("Công bố và gửi thư báo"), page)
    assert answer.location.startswith("/work/")
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 0
    assert "Hồ sơ đang được giao" in desk.get(base(in_round)).text
    jobs.run_work(works.maybe_latest(doing.ANNOUNCING, in_round.code).code, clock=clock)
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 4
    assert desk.get(answer.location).links()["Xem kết quả"] == base(in_round)


@pytest.mark.parametrize("path", ["/proposal", "/proposal/announcement", "/remaining", "/pairs", "", "/rules"])
def test_pages_of_assigning_ask_as_many_questions_however_many_dossiers(desk, in_round, path):
    accepted(3, in_round=in_round)
    for _ in range(4):
        a_reviewer()
    proposed(desk, in_round)
    desk.get(base(in_round) + path)
    with counted() as few:
        desk.get(base(in_round) + path)
    accepted(5, in_round=in_round)
    proposed(desk, in_round)
    with counted() as many:
        desk.get(base(in_round) + path)
    assert few.count == many.count


def test_a_dossier_accepted_late_is_missing_its_reviewers_though_all_others_are_reviewed(desk, in_round):
    done = an_initiative(in_round=in_round, state=InitiativeState.REVIEWED)
    for _ in range(2):
        an_assignment(done, a_reviewer())
    page = desk.get(base(in_round))
    assert "Hồ sơ đã phân công đều đã có đủ phiếu chấm." in page.text
    assert "Chưa có hồ sơ nào được xác nhận hợp lệ" not in page.text

    accepted(1, in_round=in_round)
    assert assignments.overview(in_round, actor=actor_of(an_account(Role.SECRETARY))).lacking == 2
    assert "Hồ sơ đã phân công đều đã có đủ phiếu chấm." not in desk.get(base(in_round)).text
