"""The author's and the secretary's pages, walked as people walk them."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.core.files import Store
from evaluator.initiatives import files, service
from evaluator.initiatives.blind import blind, blind_bytes_key
from evaluator.initiatives.indexing import put
from evaluator.initiatives.models import Initiative, IntakeSheet
from evaluator.policy import OPERATOR
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import DAY, START, a_round, a_unit, an_account, an_author, an_initiative
from tests.factories_intake import FIELDS, UNITS, a_look, a_pdf, a_row, a_workbook
from tests.factories_named_files import everything_in, in_pdf, in_word_pieces
from tests.page_client import PageClient
from tests.page_client import queries as counted

TYPED = {
    "title": "Bếp đun củi tiết kiệm",
    "kind": "initiative",
    "field": "Nông nghiệp",
    "unit_name": "Xã Hà Trung",
    "applied_on": "12/09/2025",
    "money_benefit": "25 triệu",
    "problem": "Khói nhiều, tốn củi.",
    "solution": "Buồng đốt kín, ống khói cao.",
    "novelty": "Làm từ đất sét tại chỗ.",
    "benefit_author": "Bớt một nửa củi.",
}


@pytest.fixture
def author(app):
    return an_account(Role.AUTHOR, unit=a_unit(name="Xã Hà Trung"))


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


def begin(client: PageClient, author) -> str:
    """Sign in and begin a dossier; return the address of its form."""
    client.sign_in(author)
    page = client.get("/initiatives/new")
    return client.submit(page.form("Bắt đầu"), page).location


# --- the author -------------------------------------------------------------------------------


def test_an_author_submits_a_dossier_and_gets_a_receipt(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)

    answer = client.submit(page.form("Nộp hồ sơ"), page, "Nộp hồ sơ", **TYPED)

    shown = client.follow(answer)
    assert shown.heading == "Bếp đun củi tiết kiệm"
    initiative = db.session.scalars(select(Initiative)).one()
    assert (initiative.state, initiative.receipt_number, initiative.money_benefit) == (State.SUBMITTED, 1, 25_000_000)
    for said in ("0001", initiative.code, initiative.content_hash, "25.000.000 đồng", "Đã tiếp nhận, số 0001"):
        assert said in shown.text


def test_the_receipt_comes_as_pdf_and_as_word(client, author):
    initiative = an_initiative(owner=author)
    client.sign_in(author)

    pdf = client.get(f"/initiatives/{initiative.code}/receipt.pdf")
    word = client.get(f"/initiatives/{initiative.code}/receipt.docx")

    assert (pdf.status, pdf.body[:5]) == (200, b"%PDF-")
    assert (word.status, word.body[:2]) == (200, b"PK")


def test_there_is_no_receipt_of_a_draft(client, author):
    draft = an_initiative(owner=author, state=State.DRAFT)

    assert client.sign_in(author).get(f"/initiatives/{draft.code}/receipt.pdf").status == 404


def test_shares_of_99_are_refused_with_their_sum_and_everything_typed_stays(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)

    answer = client.submit(page.form("Nộp hồ sơ"), page, "Nộp hồ sơ", **TYPED, **{"authors-0-share": "99"})

    assert answer.status == 422
    assert "Tổng tỷ lệ đóng góp là 99%; phải đúng bằng 100%." in answer.text
    assert answer.one("input", name="title").attrs["value"] == TYPED["title"]
    assert answer.one("input", name="authors-0-share").attrs["value"] == "99"
    draft = db.session.scalars(select(Initiative)).one()
    assert (draft.state, draft.title, draft.authors[0].share) == (State.DRAFT, TYPED["title"], 9_900)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("applied_on", "30/02/2025", "Ngày này không có trong lịch."),
        ("applied_on", "2025", "Ghi đủ ngày, tháng, năm, ví dụ 05/03/1980."),
        ("money_benefit", "8.5", "Ghi số đồng, ví dụ 1.200.000 hoặc 1,2 triệu."),
        ("authors-0-share", "một nửa", "Ghi tỷ lệ phần trăm, ví dụ 60 hoặc 33,33."),
        ("authors-0-share", "101", "Tỷ lệ nằm trong khoảng từ 0 đến 100."),
        ("authors-0-birth_date", "mùa xuân", "Ghi ngày theo mẫu 05/03/1980."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_stays_as_typed(client, author, name, typed, said):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)

    answer = client.submit(page.form("Nộp hồ sơ"), page, "Lưu bản nháp", **{**TYPED, name: typed})

    assert answer.status == 422
    assert said in " ".join(answer.errors())
    assert answer.one("input", name=name).attrs["value"] == typed


def test_a_co_author_gets_a_line_and_an_emptied_line_goes(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)

    more = client.follow(client.submit(page.form("Nộp hồ sơ"), page, "Thêm đồng tác giả", **{"authors-0-share": "60"}))
    assert more.one("input", name="authors-1-name").attrs["value"] == ""
    two = {"authors-1-name": "Vi Thị Son", "authors-1-share": "40"}
    saved = client.follow(client.submit(more.form("Nộp hồ sơ"), more, "Lưu bản nháp", **two))
    assert saved.one("input", name="authors-1-name").attrs["value"] == "Vi Thị Son"
    gone = client.follow(
        client.submit(saved.form("Nộp hồ sơ"), saved, "Lưu bản nháp", **{"authors-1-name": "", "authors-1-share": ""})
    )

    assert gone.all("input", name="authors-1-name") == []


def test_the_draft_is_kept_while_it_is_typed_and_a_second_window_hears_of_it(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)
    form = page.form("Nộp hồ sơ")

    kept = client.submit(form, page, **{**TYPED, "title": "Bản một"})
    assert kept.status == 303
    stale = client.submit(form, page, "Lưu bản nháp", **{**TYPED, "title": "Bản hai"})

    assert stale.status == 409
    assert "Nội dung bạn gõ vẫn ở đây" in stale.text
    assert stale.one("input", name="title").attrs["value"] == "Bản hai"
    assert db.session.scalars(select(Initiative.title)).one() == "Bản một"


def test_autosave_answers_a_program_with_the_new_version(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)
    form = page.form("Nộp hồ sơ")
    values = {
        each.attrs["name"]: each.attrs.get("value", "")
        for each in form.all("input")
        if each.attrs.get("type") == "hidden"
    }
    address = edit.replace("/edit", "/autosave")
    accept = {"Accept": "application/json"}

    first = client.post(address, {**values, **TYPED, "authors-0-name": "Mai"}, headers=accept)
    again = client.post(address, {**values, **TYPED}, headers=accept)
    wrong = client.post(address, {**values, **TYPED, "applied_on": "mai"}, headers=accept)

    version = db.session.scalars(select(Initiative.version)).one()
    assert (first.status, first.json) == (200, {"saved": True, "version": version})
    assert (again.status, again.json["code"]) == (409, "conflict")
    assert (wrong.status, wrong.json) == (422, {"saved": False})


def test_a_file_is_attached_with_the_form_and_removed_with_its_button(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)
    form = page.form("Nộp hồ sơ")

    saved = client.follow(
        client.submit(form, page, "Lưu bản nháp", **TYPED, file=(io.BytesIO(a_pdf(author="Mai")), "ảnh và số liệu.pdf"))
    )
    assert "ảnh và số liệu.pdf" in saved.text
    (attachment,) = db.session.scalars(select(Initiative)).one().attachments
    fetched = client.get(f"{edit.removesuffix('/edit')}/files/{attachment.code}")
    assert fetched.body == a_pdf(author="Mai")

    without = client.follow(client.submit(saved.form("Nộp hồ sơ"), saved, remove=attachment.code, save=None))
    assert "ảnh và số liệu.pdf" not in without.text


def test_a_file_of_a_kind_not_taken_is_refused_and_what_was_typed_stays(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)

    answer = client.submit(
        page.form("Nộp hồ sơ"), page, "Lưu bản nháp", **TYPED, file=(io.BytesIO(b"MZ\x90"), "virus.pdf")
    )

    assert answer.status == 422
    assert "Đây là chương trình, không phải tài liệu." in answer.text
    assert answer.one("input", name="title").attrs["value"] == TYPED["title"]


def test_after_the_deadline_the_answer_names_it_and_keeps_what_was_typed(client, author, clock):
    in_round = a_round()
    edit = begin(client, author)
    page = client.get(edit)
    clock.moment = in_round.submission_closes_at + timedelta(seconds=1)

    late = client.submit(page.form("Nộp hồ sơ"), page, "Nộp hồ sơ", **TYPED)

    assert late.status == 409
    assert "Đợt xét này nhận hồ sơ đến" in late.text
    assert late.one("input", name="title").attrs["value"] == TYPED["title"]


def test_a_submitted_form_sent_again_is_told_so(client, author):
    a_round()
    edit = begin(client, author)
    page = client.get(edit)
    client.submit(page.form("Nộp hồ sơ"), page, "Nộp hồ sơ", **TYPED)

    again = client.submit(page.form("Nộp hồ sơ"), page, "Nộp hồ sơ", **TYPED)

    assert again.status == 409
    assert "Hồ sơ này đã nộp, số tiếp nhận 1." in again.text
    assert len(db.session.scalars(select(Initiative)).all()) == 1


def test_an_author_withdraws_with_a_reason(client, author):
    initiative = an_initiative(owner=author)
    page = client.sign_in(author).get(f"/initiatives/{initiative.code}/withdraw")

    shown = client.follow(client.submit(page.form(), page, reason="Chưa kịp hoàn thiện."))

    assert "Chưa kịp hoàn thiện." in shown.text
    assert initiative.state is State.WITHDRAWN


def test_ones_own_dossiers_are_listed_at_the_same_cost_however_many(client, author):
    an_initiative(owner=author)
    client.sign_in(author)
    with counted() as one:
        client.get("/initiatives/")
    for _each in range(3):
        an_initiative(owner=author)
    with counted() as more:
        page = client.get("/initiatives/")

    assert len(page.rows()) == 4
    assert more.count <= one.count + 3  # one statement for each further round; the rounds of the factories differ


def test_a_co_author_with_an_account_reads_and_does_not_write(client, author):
    owner = an_account(Role.AUTHOR)
    shared = an_initiative(
        owner=owner, state=State.DRAFT, authors=[an_author(share=5_000), an_author(share=5_000, account_id=author.id)]
    )
    client.sign_in(author)

    assert client.get(f"/initiatives/{shared.code}").status == 200
    assert client.get(f"/initiatives/{shared.code}/edit").status == 403


def test_strangers_find_nothing(client):
    initiative = an_initiative()
    client.sign_in(an_account(Role.AUTHOR))

    for rest in ("", "/edit", "/withdraw", "/receipt.pdf"):
        assert client.get(f"/initiatives/{initiative.code}{rest}").status == 404
    assert client.get(f"/register/{initiative.code}").status == 404
    assert client.get("/register/").status == 403
    assert client.get("/intake/").status == 403


# --- the secretary ----------------------------------------------------------------------------


def test_the_secretary_accepts_one_dossier_and_is_led_to_the_next(client, secretary):
    in_round = a_round()
    first, second = (an_initiative(in_round=in_round, submitted_at=START - n * DAY) for n in (2, 1))
    a_look(secretary, first)  # once: deciding opens the next in the same way
    client.sign_in(secretary)
    page = client.follow(client.get("/register/next"))
    assert page.heading == first.title

    onwards = client.submit(page.form(), page, verdict="accept")

    assert onwards.location == f"/register/{second.code}"
    assert first.state is State.ACCEPTED
    page = client.follow(onwards)
    last = client.follow(client.submit(page.form(), page, verdict="refuse", reason="Không thuộc phạm vi của đợt xét."))
    assert "không còn hồ sơ nào chờ kiểm tra" in last.text
    assert second.state is State.REFUSED


def test_a_supplement_needs_its_reason_and_its_day(client, secretary):
    initiative = an_initiative()
    a_look(secretary, initiative)
    page = client.sign_in(secretary).get(f"/register/{initiative.code}")

    bare = client.submit(page.form(), page, verdict="supplement", until="")
    assert (bare.status, "Ghi ngày hết hạn bổ sung." in bare.text) == (422, True)
    silent = client.submit(bare.form(), bare, verdict="supplement", until="09/03/2026", reason="?")
    assert (silent.status, "Ghi lý do thành câu" in silent.text) == (422, True)
    assert silent.one("textarea", name="reason").text == "?"
    client.submit(silent.form(), silent, verdict="supplement", until="09/03/2026", reason="Thiếu xác nhận của đơn vị.")

    assert initiative.state is State.SUPPLEMENT
    shown = client.get(f"/initiatives/{initiative.code}")
    assert "Thiếu xác nhận của đơn vị." in shown.text
    assert "09/03/2026" in shown.text


def test_the_secretary_sees_every_trace_and_may_let_one_stand(client, secretary):
    initiative = an_initiative(
        authors=[an_author(name="Lê Văn Tùng")], problem="Theo Lê Văn Tùng.", solution="Gọi 0319435473."
    )
    a_look(secretary, initiative)
    page = client.sign_in(secretary).get(f"/register/{initiative.code}")
    assert [mark.text for mark in page.all("mark")] == ["Lê Văn Tùng", "0319435473"]
    key = page.all("input", name="let_stand")[0].attrs["value"]

    silent = client.submit(page.form(), page, verdict="accept", let_stand=key)
    assert (silent.status, "Ghi lý do thành câu" in silent.text) == (422, True)
    assert "checked" in silent.one("input", name="let_stand", value=key).attrs
    client.submit(silent.form(), silent, verdict="accept", let_stand=key, reason="Là tài liệu trích dẫn.")

    assert (initiative.blind_copy["problem"], initiative.blind_copy["solution"]) == ("Theo Lê Văn Tùng.", "Gọi […].")


def test_a_file_is_struck_at_one_press_and_a_pdf_waits_for_a_cleaned_copy(client, secretary, app):
    store = Store(app.config["EVALUATOR"].files_dir)
    initiative = an_initiative(authors=[an_author(name="Lê Văn Tùng")])
    for name, data in (("a.docx", in_word_pieces("Lê Văn Tùng")), ("b.pdf", in_pdf("Lê Văn Tùng"))):
        upload = files.receive(name, data, store=store)
        with transaction():
            service.attach(initiative, upload, by=OPERATOR, now=START)
    a_look(secretary, initiative)
    page = client.sign_in(secretary).get(f"/register/{initiative.code}")
    assert {mark.text for mark in page.all("mark")} == {"Lê Văn Tùng"}

    told = client.submit(page.form(), page, verdict="accept", withhold=None)
    assert (told.status, "b.pdf vẫn để lộ tác giả" in told.text) == (422, True)
    pdf = initiative.attachments[1]
    copy = client.get(f"/register/{initiative.code}/files/{pdf.code}")
    sent = {"csrf_token": copy.form().one("input", name="csrf_token").attrs["value"]}
    cleaned = (io.BytesIO(in_pdf("một người")), "sach.pdf")
    answer = client.open("POST", copy.address, data={**sent, "file": cleaned}, content_type="multipart/form-data")
    page = client.follow(answer)
    client.submit(page.form(), page, verdict="accept")

    db.session.expire_all()
    given = blind(initiative).files
    assert [each.name for each in given] == ["tep-01.docx", "tep-02.pdf"]
    for each in given:
        assert "Tùng" not in everything_in(store.get(blind_bytes_key(initiative, each.name)), each.kind)


def test_a_dossier_that_changed_meanwhile_is_not_decided_unseen(client, secretary):
    initiative = an_initiative()
    a_look(secretary, initiative)
    page = client.sign_in(secretary).get(f"/register/{initiative.code}")
    initiative.title = "Tên đã đổi"
    db.session.commit()

    answer = client.submit(page.form(), page, verdict="accept")

    assert (answer.status, initiative.state) == (409, State.SUBMITTED)


@pytest.fixture
def full_register(app, secretary):
    in_round = a_round()
    made = [
        an_initiative(
            in_round=in_round,
            title=title,
            field=field,
            state=state,
            unit=a_unit(name=unit),
            authors=[an_author(name=name)],
            submitted_at=START - day * DAY,
        )
        for title, field, state, unit, name, day in (
            ("Đèn năng lượng mặt trời", "Y tế", State.SUBMITTED, "Xã Đông Sơn", "Hà Văn Ánh", 3),
            ("Dạy đọc bằng tranh", "Giáo dục", State.SUBMITTED, "Xã An Hòa", "Lê Thị Đào", 2),
            ("Ăn sạch, ở sạch", "Y tế", State.ACCEPTED, "Xã Ân Thi", "Vi Văn An", 1),
        )
    ]
    put(made)
    db.session.commit()
    an_initiative(in_round=in_round, title="Bản nháp của người khác", state=State.DRAFT)
    a_look(secretary, in_round)
    return in_round


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("title", ["Ăn", "Dạy", "Đèn"]),
        ("-title", ["Đèn", "Dạy", "Ăn"]),
        ("unit", ["Dạy", "Ăn", "Đèn"]),
        ("author", ["Ăn", "Đèn", "Dạy"]),
        ("field", ["Dạy", "Đèn", "Ăn"]),
        ("submitted", ["Đèn", "Dạy", "Ăn"]),
        ("-submitted", ["Ăn", "Dạy", "Đèn"]),
        ("", ["Đèn", "Dạy", "Ăn"]),
    ],
)
def test_the_register_is_ordered_by_any_column_the_vietnamese_way(client, secretary, full_register, sort, titles):
    page = client.sign_in(secretary).get(f"/register/?sort={sort}")

    assert [row[1].split()[0] for row in page.rows()] == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("state=submitted", ["Đèn", "Dạy"]),
        ("field=Y+tế", ["Đèn", "Ăn"]),
        ("state=submitted&field=Y+tế", ["Đèn"]),
        ("q=mat+troi", ["Đèn"]),
        ("q=MẶT+TRỜI", ["Đèn"]),
        ("q=an+hoa", ["Dạy"]),
        ("q=le+thi+da", ["Dạy"]),
        ("q=may+bay", []),
        ("q=sach&sort=title", ["Ăn"]),
        ("q=xa&state=accepted", ["Ăn"]),
    ],
)
def test_the_register_is_filtered_and_searched_by_its_address(client, secretary, full_register, query, titles):
    page = client.sign_in(secretary).get(f"/register/?{query}")

    assert [row[1].split()[0] for row in page.rows()] == titles


def test_the_register_shows_one_unit_where_its_name_is_pressed(client, secretary, full_register):
    page = client.sign_in(secretary).get("/register/")

    page = client.get(page.links()["Xã Ân Thi"])

    assert [row[3] for row in page.rows()] == ["Xã Ân Thi"]
    assert len(client.get(page.links()["Xem tất cả đơn vị"]).rows()) == 3


def test_words_with_marks_put_titles_with_the_same_marks_first(client, secretary):
    in_round = a_round()
    made = [
        an_initiative(in_round=in_round, title=title)
        for title in ("Bàn ghế cho lớp học", "Bản làng sạch đẹp", "Bán hàng qua mạng")
    ]
    put(made)
    db.session.commit()
    a_look(secretary, in_round)
    client.sign_in(secretary)

    for word, first in (("bản", "Bản làng sạch đẹp"), ("bán", "Bán hàng qua mạng"), ("bàn", "Bàn ghế cho lớp học")):
        assert client.get(f"/register/?q={word}").rows()[0][1] == first


@pytest.mark.parametrize("query", ["sort=chieu-dai", "state=draft", "state=khong-co", "mark=hong&sort=title"])
def test_an_address_that_means_nothing_is_refused_and_not_a_fault(client, secretary, full_register, query):
    assert client.sign_in(secretary).get(f"/register/?{query}").status == 422


def test_the_pages_of_the_register_hold_every_dossier_once(client, secretary):
    in_round = a_round()
    for number in range(60):
        an_initiative(in_round=in_round, title=f"Sáng kiến {number % 7}", submitted_at=START - DAY)
    client.sign_in(secretary)
    page, seen = client.get("/register/?sort=title"), []
    while True:
        seen += [row[0] for row in page.rows()]
        following = page.links().get("Trang sau")
        if following is None:
            break
        page = client.get(following)

    assert len(seen) == len(set(seen)) == 60


def test_the_register_costs_the_same_with_one_row_and_with_three(client, secretary):
    in_round = a_round()
    an_initiative(in_round=in_round)
    client.sign_in(secretary)
    client.get("/register/")
    with counted() as one:
        client.get("/register/")
    for _each in range(2):
        an_initiative(in_round=in_round)
    with counted() as three:
        page = client.get("/register/")

    assert len(page.rows()) == 3
    assert three.count == one.count == 6


def test_the_register_of_no_round_says_what_will_stand_there(client, secretary):
    assert "Khi có đợt xét được mở" in client.sign_in(secretary).get("/register/").text


# --- the intake -------------------------------------------------------------------------------


@pytest.fixture
def prepared(app):
    for name in UNITS:
        a_unit(name=name)
    return a_round(fields=list(FIELDS))


def hand_in(client: PageClient, data: bytes, name: str = "danh-sach.xlsx"):
    page = client.get("/intake/")
    return client.submit(page.form("Đọc danh sách"), page, file=(io.BytesIO(data), name))


def test_a_list_is_read_first_and_its_good_rows_are_taken_on_demand(client, secretary, prepared):
    client.sign_in(secretary)
    data = a_workbook([a_row(1), a_row(2, Email="hai@@example.org"), a_row(3, Loại="GP")])

    report = client.follow(hand_in(client, data))

    assert db.session.scalars(select(Initiative)).all() == []
    assert [row[:1] + row[3:] for row in report.rows()] == [["U3", "cần sửa"], ["D4", "cần xem lại"]]
    assert "Nhập 2 hồ sơ hợp lệ" in report.text
    taken = client.follow(client.submit(report.form("Nhập 2 hồ sơ hợp lệ"), report))
    assert "Đã nhập 2 hồ sơ" in taken.text
    rows = db.session.scalars(select(Initiative).order_by(Initiative.code)).all()
    assert [(each.code, each.state, each.receipt_number, each.unit_name) for each in rows] == [
        ("DKST-2024-0001", State.SUBMITTED, 1, UNITS[3]),
        ("DKST-2024-0003", State.SUBMITTED, 2, UNITS[3]),
    ]
    assert [each.unit_id is not None for each in rows] == [True, True]


def test_the_corrected_list_takes_only_what_was_missing(client, secretary, prepared):
    client.sign_in(secretary)
    for rows in ([a_row(1), a_row(2, Email="hai@@example.org")], [a_row(1), a_row(2)]):
        report = client.follow(hand_in(client, a_workbook(rows)))
        button = next(each.text for each in report.all("button") if each.text.startswith("Nhập"))
        client.submit(report.form(button), report)

    sheets = db.session.scalars(select(IntakeSheet).order_by(IntakeSheet.id)).all()
    assert [(each.counts["taken"], each.counts["already"]) for each in sheets] == [(1, 0), (1, 1)]


def test_the_same_list_is_not_taken_twice(client, secretary, prepared):
    client.sign_in(secretary)
    report = client.follow(hand_in(client, a_workbook([a_row(1)])))
    form = report.form("Nhập 1 hồ sơ hợp lệ")
    client.submit(form, report)

    again = client.submit(form, report)

    assert (again.status, "Không có gì bị nhập hai lần" in again.text) == (409, True)


def test_a_code_of_another_round_is_an_error_of_the_list(client, secretary, prepared):
    an_initiative(code="DKST-2024-0001")
    client.sign_in(secretary)
    page = client.get("/intake/")

    answer = client.submit(
        page.form("Đọc danh sách"), page, round=prepared.code, file=(io.BytesIO(a_workbook([a_row(1)])), "a.xlsx")
    )

    assert "đã thuộc đợt xét" in client.follow(answer).text


def test_the_report_is_a_file_and_the_list_itself_can_be_fetched(client, secretary, prepared):
    client.sign_in(secretary)
    data = a_workbook([a_row(1, Email="hai@@example.org")])
    report = client.follow(hand_in(client, data))

    csv = client.take(report.links()["Báo cáo (.csv)"])
    original = client.get(report.links()["Tệp gốc"])

    assert csv.body.decode("utf-8-sig").splitlines() == [
        "row,column,problem,remedy,severity",
        '2,U,“Email” không phải địa chỉ thư điện tử: hai@@example.org.,"Sửa lại, hoặc để trống ô này.",error',
    ]
    assert original.body == data


def test_findings_can_be_filtered_by_their_gravity(client, secretary, prepared):
    client.sign_in(secretary)
    report = client.follow(hand_in(client, a_workbook([a_row(1, Email="hai@@example.org"), a_row(2, Loại="GP")])))

    only = client.get(report.address + "?severity=warning")

    assert [row[0] for row in only.rows()] == ["D3"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp rỗng."),
        (b"words", "Đây không phải bảng tính."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel kiểu cũ (.xls)"),
        (a_workbook([], headings=()), "Bảng tính rỗng."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(client, secretary, prepared, data, said):
    client.sign_in(secretary)

    answer = hand_in(client, data)

    assert (answer.status, said in answer.text) == (422, True)


def test_a_list_is_not_taken_once_the_reviewers_have_the_dossiers(client, secretary, clock, prepared):
    client.sign_in(secretary)
    report = client.follow(hand_in(client, a_workbook([a_row(1)])))
    clock.moment = prepared.checking_closes_at + timedelta(seconds=1)

    assert client.submit(report.form("Nhập 1 hồ sơ hợp lệ"), report).status == 409


def test_the_empty_list_is_a_spreadsheet(client, secretary):
    a_round(phase=Phase.SUBMISSION)

    assert client.sign_in(secretary).get("/intake/template.xlsx").body[:2] == b"PK"
