"""Official papers: the measures of Decree 30, the words offices expect, the same in .docx and PDF."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Pt
from pypdf import PdfReader

from evaluator.core.errors import Unavailable
from evaluator.papers import layout, press
from evaluator.papers.ballots import Ballot, ballots_docx, ballots_pdf
from evaluator.papers.count import CountFacts, CountItem, Teller, count_record
from evaluator.papers.decision import DecisionFacts, decision
from evaluator.papers.docx import docx
from evaluator.papers.letterhead import council_symbol, place_of, symbol_of
from evaluator.papers.minutes import Attendee, MinuteItem, MinutesFacts, minutes
from evaluator.papers.package import packed, repacked
from evaluator.papers.paper import Grounds, Items, Letterhead, Paper, Paragraph, Signature
from evaluator.papers.pdf import pdf, pdfs
from evaluator.papers.receipt import Part, ReceiptFacts, receipt
from evaluator.papers.references import Reference
from evaluator.papers.result_notice import NoticeFacts, result_notice
from evaluator.papers.roll import RollFacts, Seat, roll
from evaluator.papers.submission import Season, SubmissionFacts, submission
from evaluator.papers.words import hour_and_date, in_sentence, percent, printable
from evaluator.papers.works import Contributor, Work

HEAD = Letterhead("Ủy ban MTTQ Việt Nam tỉnh Mẫu", "Hội đồng sáng kiến", "HĐSK", "Thành phố Mẫu")
MORNING = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)  # half past eight in the council's zone

RECEIPT = receipt(
    ReceiptFacts(
        HEAD,
        number="0042/2026",
        received_at=MORNING,
        round_title="Đợt xét năm 2026",
        code="SK-0042",
        title="Tưới nhỏ giọt <b>#1</b>",
        authors=("Nguyễn Thị Ánh", "Đỗ Văn Ước"),
        unit="Trạm Khuyến nông Mẫu",
        parts=(Part("Đơn đề nghị", present=True), Part("Xác nhận của đơn vị", present=False)),
        received_by="Đỗ Văn Ước",
        handed_in_by="Nguyễn Thị Ánh",
        fingerprint="9f2c",
    )
)
COUNT = count_record(
    CountFacts(
        HEAD,
        council="Hội đồng sáng kiến",
        session="Phiên họp thứ nhất",
        place="trụ sở Ủy ban",
        opened_at=MORNING,
        closed_at=MORNING + timedelta(hours=1),
        tellers=(Teller("Trần Thị Ánh", "Trưởng ban"), Teller("Vũ Đình Ổn", "Ủy viên")),
        members=7,
        present=6,
        voting=6,
        issued=6,
        collected=6,
        valid=6,
        invalid=0,
        items=(
            CountItem("Tưới nhỏ giọt", yes=5, no=1, no_opinion=0, base=7, needed=5, passed=True, code="SK-0001"),
            CountItem("Sổ tay điện tử", yes=4, no=2, no_opinion=0, base=7, needed=5, passed=False),
        ),
        rule="Ít nhất 2/3 tổng số thành viên tán thành.",
        number="05/BB-HĐSK",
        causes=(("ký tên hoặc đánh dấu", 1),),
    )
)
MINUTES = minutes(
    MinutesFacts(
        HEAD,
        council="Hội đồng sáng kiến",
        session="Phiên họp thứ nhất",
        place="trụ sở Ủy ban",
        opened_at=MORNING,
        closed_at=MORNING + timedelta(hours=3),
        chair="Lê Thị Minh Nguyệt",
        secretary="Đỗ Văn Ước",
        attendees=(
            Attendee("Lê Thị Minh Nguyệt", "Chủ tịch Hội đồng", present=True),
            Attendee("Trần Thị Ánh", "Ủy viên", present=False, reason="đi công tác"),
            Attendee("Vũ Đình Ổn", "Ủy viên", present=False),
        ),
        quorum="Đủ số thành viên theo quy định.",
        rule="Ít nhất 2/3 tổng số thành viên tán thành.",
        agenda=("Nghe báo cáo", "Biểu quyết."),
        items=(
            MinuteItem(
                "Tưới nhỏ giọt",
                "SK-0001",
                "Dễ nhân rộng.",
                yes=5,
                no=1,
                no_opinion=1,
                base=7,
                needed=5,
                passed=True,
                recused=("Trần Thị Ánh",),
                reserved=("Đề nghị xem lại tính mới.",),
            ),
            MinuteItem("Sổ tay điện tử", "", "", yes=2, no=5, no_opinion=0, base=7, needed=5, passed=False),
        ),
        conclusion=("Công nhận 01 sáng kiến.",),
        grounds=("Căn cứ Quy chế của Hội đồng.", "Căn cứ Kế hoạch năm 2026;"),
        correction="Bản sửa lần 1",
    )
)
WORKS = (
    Work(
        "SK-0001",
        "Tưới nhỏ giọt",
        (Contributor("Nguyễn Thị Ánh", "60%"), Contributor("Đỗ Văn Ước", "40%")),
        "Trạm Khuyến nông Mẫu",
        grade="Giải nhất",
        votes="5/7",
        points="87,25",
        rank="1",
        reasons=("Đạt điều kiện về điểm.",),
    ),
    Work("SK-0002", "Sổ tay điện tử", (Contributor("Vũ Đình Ổn"),), "Ủy ban MTTQ Việt Nam xã Mẫu"),
)
CHAIR = ("TM. Hội đồng", "Chủ tịch")
AWAITED = Reference("Quyết định")
SUBMISSION = submission(
    SubmissionFacts(
        HEAD,
        to="Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Mẫu",
        round_title="Đợt xét năm 2026",
        council="Hội đồng sáng kiến",
        grounds=("Căn cứ Quy chế của Hội đồng.",),
        sessions=(date(2026, 3, 5),),
        season=Season(submitted=9, accepted=8, reviewed=8, voted=5, selected=2),
        rule="Ít nhất 2/3 tổng số thành viên tán thành.",
        works=WORKS,
        self_reference=Reference("Tờ trình", "04/TTr-HĐSK", date(2026, 3, 6)),
        capacity=CHAIR,
        signer="Lê Thị Minh Nguyệt",
    )
)
DECISION = decision(
    DecisionFacts(
        HEAD,
        authority="Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh Mẫu",
        round_title="Đợt xét năm 2026",
        council="Hội đồng sáng kiến",
        grounds=("Căn cứ Quy chế của Hội đồng.",),
        submission=Reference("Tờ trình", "04/TTr-HĐSK", date(2026, 3, 6)),
        works=WORKS,
        self_reference=AWAITED,
        capacity=CHAIR,
        signer="Lê Thị Minh Nguyệt",
    )
)
NOTICE = result_notice(
    NoticeFacts(
        HEAD,
        round_title="Đợt xét năm 2026",
        council="Hội đồng sáng kiến",
        work=WORKS[0],
        is_selected=False,
        decision=AWAITED,
        asks_until="ngày 09/3/2026",
        self_reference=Reference("Thông báo", "101/TB-HĐSK", date(2026, 3, 6)),
        capacity=CHAIR,
        signer="Lê Thị Minh Nguyệt",
    )
)
ROLL = roll(
    RollFacts(
        HEAD,
        session="Phiên họp thứ nhất",
        place="trụ sở Ủy ban",
        held_on=date(2026, 3, 5),
        seats=(
            Seat("Lê Thị Minh Nguyệt", "Phó Chủ tịch", "Chủ tịch Hội đồng", is_present=True),
            Seat("Vũ Đình Ổn", "", "Ủy viên", is_present=False, note="đi công tác"),
        ),
        secretary="Đỗ Văn Ước",
        chair="Lê Thị Minh Nguyệt",
    )
)
PAPERS = {
    "receipt": RECEIPT,
    "count": COUNT,
    "minutes": MINUTES,
    "submission": SUBMISSION,
    "decision": DECISION,
    "notice": NOTICE,
    "roll": ROLL,
}


def lines_of(content: bytes) -> list[str]:
    """Return the texts of a .docx in reading order, tables cell by cell."""
    document = Document(BytesIO(content))
    lines = []
    for block in document.iter_inner_content():
        cells = [cell for row in block.rows for cell in row.cells] if hasattr(block, "rows") else [block]
        for cell in cells:
            paragraphs = getattr(cell, "paragraphs", None)
            lines += [line.text for line in paragraphs] if paragraphs else [cell.text]
    return [line.strip() for line in lines if line.strip()]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_gives_the_same_bytes_twice(name):
    assert docx(PAPERS[name]) == docx(PAPERS[name])
    assert pdf(PAPERS[name]) == pdf(PAPERS[name])


@pytest.mark.parametrize("name", PAPERS)
def test_the_pdf_of_a_paper_says_what_the_docx_says(name):
    words = squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(pdf(PAPERS[name]))).pages))
    words = words.replace(
        "ơơ", "ơ"
    )  # how the bold italic of Liberation Serif, our stand-in for Times, maps this letter

    assert [line for line in lines_of(docx(PAPERS[name])) if squeezed(line) not in words] == []


def test_a_docx_has_the_measures_of_the_decree():
    document = Document(BytesIO(docx(COUNT)))
    section = document.sections[0]

    lengths = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    margins = (section.left_margin, section.right_margin)
    assert [round(each.mm) for each in (*lengths, *margins)] == [210, 297, 20, 20, 30, 20]
    assert section.different_first_page_header_footer is True
    assert (document.styles["Normal"].font.name, document.styles["Normal"].font.size) == ("Times New Roman", Pt(13))
    assert document.core_properties.created == datetime(2000, 1, 1, tzinfo=UTC)


def test_the_head_of_a_paper_stands_as_the_decree_says():
    assert lines_of(docx(COUNT))[:8] == [
        "ỦY BAN MTTQ VIỆT NAM TỈNH MẪU",
        "HỘI ĐỒNG SÁNG KIẾN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BB-HĐSK",
        "Thành phố Mẫu, ngày 05 tháng 3 năm 2026",
        "BIÊN BẢN KIỂM PHIẾU",
        "Phiên họp thứ nhất",
    ]


def test_a_receipt_names_its_number_its_parts_and_what_is_missing():
    lines = lines_of(docx(RECEIPT))

    assert "Số: 0042/2026" in lines
    assert "Thời điểm tiếp nhận: 08 giờ 30 phút, ngày 05 tháng 3 năm 2026" in lines
    assert "Tên sáng kiến: Tưới nhỏ giọt <b>#1</b>" in lines
    assert lines[lines.index("STT") :][4:11] == [
        "1",
        "Đơn đề nghị",
        "Đã nộp",
        "2",
        "Xác nhận của đơn vị",
        "Còn thiếu",
        "Hồ sơ còn thiếu 01 thành phần: Xác nhận của đơn vị.",
    ]
    assert lines[-2:] == ["(Ký, ghi rõ họ tên)", "Đỗ Văn Ước"]


def test_a_count_states_papers_and_shares_of_the_rules_own_base():
    lines = lines_of(docx(COUNT))

    assert "- Số phiếu phát ra: 06 phiếu; số phiếu thu về: 06 phiếu;" in lines
    row = lines.index("Tưới nhỏ giọt (SK-0001)")
    assert lines[row : row + 6] == ["Tưới nhỏ giọt (SK-0001)", "5/7", "71,43%", "1", "0", "Thông qua"]
    assert "Không đạt (cần 5)" in lines
    assert "Có 01 trong tổng số 02 nội dung biểu quyết được thông qua, 01 nội dung không được thông qua." in lines


def test_minutes_tell_who_was_absent_and_why_and_end_with_two_signatures():
    lines = lines_of(docx(MINUTES))

    assert "- Trần Thị Ánh - Ủy viên: đi công tác;" in lines
    assert "- Vũ Đình Ổn - Ủy viên: không nêu lý do." in lines
    assert (
        "Ra khỏi phòng họp: Trần Thị Ánh. Thành viên có lợi ích liên quan không dự thảo luận, không biểu quyết "
        "nội dung này."
    ) in lines
    assert "Ý kiến bảo lưu: Đề nghị xem lại tính mới." in lines
    assert lines[lines.index("THƯ KÝ") :] == [
        "THƯ KÝ",
        "(Ký, ghi rõ họ tên)",
        "Đỗ Văn Ước",
        "CHỦ TỊCH HỘI ĐỒNG",
        "(Ký, ghi rõ họ tên)",
        "Lê Thị Minh Nguyệt",
        "Nơi nhận:",
        "- Thành viên Hội đồng;",
        "- Lưu: VT, HĐ.",
    ]


def test_lists_end_each_line_with_a_semicolon_and_the_last_with_a_stop():
    assert list(layout.grounds_lines(Grounds(("Căn cứ A.", "Căn cứ B;")))) == ["Căn cứ A;", "Căn cứ B."]
    assert list(layout.item_lines(Items(("một;", "hai")))) == ["- một;", "- hai."]


def test_a_paper_without_number_or_date_leaves_room_for_both():
    paper = Paper(HEAD, "Quyết định", "QĐ", "Công nhận", (Paragraph("Điều 1\nĐiều 2"),), ())

    assert layout.number_line(paper) == "Số: (chờ số)/QĐ-HĐSK"
    assert layout.place_line(paper) == "Thành phố Mẫu, ngày ... tháng ... năm ......"
    assert lines_of(docx(paper))[-2:] == ["Điều 1", "Điều 2"]


def test_one_signature_stands_beside_the_recipients():
    paper = Paper(
        Letterhead("", "Hội đồng sáng kiến", "HĐSK", "Thành phố Mẫu"),
        "Quyết định",
        "QĐ",
        "Công nhận sáng kiến",
        (Paragraph("Công nhận."),),
        (Signature(("TM. Hội đồng", "Chủ tịch"), "Lê Thị Minh Nguyệt"),),
        dated=date(2026, 2, 9),
        recipients=("Như Điều 3", "Lưu: VT"),
    )

    lines = lines_of(docx(paper))
    assert lines[0] == "HỘI ĐỒNG SÁNG KIẾN"
    assert lines[-7:] == [
        "Nơi nhận:",
        "- Như Điều 3;",
        "- Lưu: VT.",
        "TM. HỘI ĐỒNG",
        "CHỦ TỊCH",
        "(Ký, ghi rõ họ tên)",
        "Lê Thị Minh Nguyệt",
    ]
    assert pdf(paper).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Thanh Hóa", "Thanh Hóa"),
        ("Ủy ban MTTQ Việt Nam xã Nga Sơn", "Nga Sơn"),
        ("Ban Thường trực", ""),
    ],
)
def test_the_place_is_read_from_the_name_of_the_unit(unit, place):
    assert place_of(unit) == place


@pytest.mark.parametrize(
    ("number", "symbol"),
    [("404/QĐ-HĐSK", "HĐSK"), ("12/QĐ-MTTQ-BTT", "MTTQ-BTT"), ("12/QĐ-MTTQ-BTT/2026", "MTTQ-BTT"), ("404", "HĐSK")],
)
def test_the_symbol_is_read_from_the_number_of_the_decision(number, symbol):
    assert symbol_of(number) == symbol


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(2, 3, "66,67%"), (5, 7, "71,43%"), (1, 2, "50%"), (1, 800, "0,13%"), (0, 0, "–")]
)
def test_shares_are_rounded_half_up_to_two_places(part, whole, shown):
    assert percent(part, whole) == shown


def test_an_hour_is_told_in_the_councils_zone():
    assert hour_and_date(datetime(2026, 1, 31, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút, ngày 01 tháng 02 năm 2026"


def test_unprintable_characters_are_left_out_and_letters_composed():
    assert printable("a\x00b\u202ec\td\r\nHo\u0300a") == "abc d\nHòa"


def test_a_package_carries_no_time_and_keeps_its_order():
    made = packed([("b", b"2"), ("a", b"1")], stored=frozenset({"b"}))

    assert packed([("b", b"2"), ("a", b"1")], stored=frozenset({"b"})) == made
    assert repacked(repacked(made)) == repacked(made)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert [(each.filename, each.date_time) for each in archive.infolist()] == [
            ("b", (1980, 1, 1, 0, 0, 0)),
            ("a", (1980, 1, 1, 0, 0, 0)),
        ]


def test_the_press_reads_no_file_outside_its_folder(tmp_path):
    spy = tmp_path / "spy.typ"
    spy.write_text('#read("/etc/passwd")', "utf-8")

    with pytest.raises(Unavailable):
        press.print_pdf(spy, {})


def test_the_press_stops_a_document_that_eats_memory_or_time(tmp_path, monkeypatch):
    monkeypatch.setattr(press, "CPU_SECONDS", 2)
    monkeypatch.setattr(press, "MEMORY_MB", 1024)
    greedy = tmp_path / "greedy.typ"
    greedy.write_text('#let a = "x" * 1000000\n#while true { a = a + a }', "utf-8")

    with pytest.raises(Unavailable):
        press.print_pdf(greedy, {})


def test_an_annex_begins_a_page_and_names_the_paper_it_belongs_to():
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf(DECISION))).pages]

    assert len(pages) == 2
    assert "Kèm theo Quyết định số (chờ số) ngày ... tháng ... năm ......" in " ".join(pages[1].split())
    lines = lines_of(docx(DECISION))
    assert lines[lines.index("Phụ lục") + 1] == "DANH SÁCH SÁNG KIẾN, Ý TƯỞNG TIÊU BIỂU ĐƯỢC CÔNG NHẬN"
    assert lines[lines.index("STT") :][5:10] == [
        "1",
        "Tưới nhỏ giọt (SK-0001)",
        "Nguyễn Thị Ánh (60%); Đỗ Văn Ước (40%)",
        "Trạm Khuyến nông Mẫu",
        "Giải nhất",
    ]


def test_a_decision_has_its_three_articles_between_grounds_and_signature():
    lines = lines_of(docx(DECISION))
    articles = [line for line in lines if line.startswith("Điều ")]
    assert [line[:7] for line in articles] == ["Điều 1.", "Điều 2.", "Điều 3."]
    assert lines.index("QUYẾT ĐỊNH:") < lines.index(articles[0])
    assert "Theo đề nghị của Hội đồng sáng kiến tại Tờ trình số 04/TTr-HĐSK ngày 06 tháng 3 năm 2026." in lines


def test_a_notice_of_refusal_goes_to_every_author_and_the_unit_and_says_why():
    lines = lines_of(docx(NOTICE))
    assert lines[lines.index("Kính gửi:") + 1 :][:3] == [
        "- Ông (bà) Nguyễn Thị Ánh;",
        "- Ông (bà) Đỗ Văn Ước;",
        "- Trạm Khuyến nông Mẫu.",
    ]
    assert any(line.endswith("không được công nhận trong đợt này.") for line in lines)
    assert "- Đạt điều kiện về điểm." in lines


def test_several_papers_in_one_file_each_number_their_own_pages():
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdfs([DECISION, SUBMISSION]))).pages]
    assert [page.split()[0] == "2" for page in pages] == [False, True, False, True]


@pytest.mark.parametrize(
    ("title", "inside"),
    [("Đợt xét năm 2026", "đợt xét năm 2026"), ("Hội đồng", "Hội đồng"), ("UBND tỉnh", "UBND tỉnh")],
)
def test_a_title_inside_a_sentence_begins_small_unless_it_is_a_name(title, inside):
    assert in_sentence(title) == inside


def test_a_council_signs_with_the_symbol_of_its_own_decision_or_the_usual_one():
    assert (council_symbol("404/QĐ-HĐSK"), council_symbol("12/QĐ-MTTQ-BTT/2026")) == ("HĐSK", "HĐSK")


def test_ballots_are_the_same_bytes_twice_and_a_long_list_has_pages_of_its_own():
    short = Ballot("Ủy ban", "Hội đồng", "Phiếu biểu quyết", "Phiên họp thứ nhất", "Đánh dấu X.", ("Tưới nhỏ giọt",))
    long = replace(short, works=tuple(f"Giải pháp {number}" for number in range(1, 15)))
    for writer in (ballots_pdf, ballots_docx):
        assert writer((short,), copies=3) == writer((short,), copies=3)
    assert [len(PdfReader(BytesIO(ballots_pdf((each,), copies=3))).pages) for each in (short, long)] == [1, 3]
