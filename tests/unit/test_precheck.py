"""The check before reviewers read finds whatever tells of an author, however it is spelt and wherever it stands."""

import io

import docx
import openpyxl
import pytest
import xlsxwriter

from evaluator.core.files import read, scrubbed
from evaluator.papers.paper import Letterhead, Paper, Paragraph
from evaluator.papers.pdf import pdf
from evaluator.rules.precheck import MASK, Trace, find, masked, needles
from tests.factories_intake import a_pdf

AUTHORS = ("PGS.TS. Lê Văn Tùng", "Vi Thị Sáng")
UNITS = (
    "Ủy ban MTTQ Việt Nam huyện Quan Hóa",
    "Trường Tiểu học Quảng Cát, thành phố Thanh Hóa",
    "Hợp tác xã Dịch vụ Như Xuân (mẫu)",
)
WANTED = needles(AUTHORS, UNITS)


def found(text: str) -> list[tuple[str, Trace]]:
    return [(hit.text, hit.trace) for hit in find(text, WANTED)]


@pytest.mark.parametrize(
    ("text", "hit", "trace"),
    [
        ("do Lê Văn Tùng làm", "Lê Văn Tùng", Trace.PERSON),
        ("do LÊ VĂN TÙNG làm", "LÊ VĂN TÙNG", Trace.PERSON),
        ("do Le Van Tung làm", "Le Van Tung", Trace.PERSON),
        ("do Lê-Văn-Tùng làm", "Lê-Văn-Tùng", Trace.PERSON),
        ("thầy Tùng hướng dẫn", "thầy Tùng", Trace.PERSON),
        ("đ/c Sáng báo cáo", "đ/c Sáng", Trace.PERSON),
        ("nhóm Thị Sáng", "Thị Sáng", Trace.PERSON),
        ("tại Ủy ban MTTQ Việt Nam huyện Quan Hoá", "Ủy ban MTTQ Việt Nam huyện Quan Hoá", Trace.UNIT),
        ("tại UB MTTQ huyện Quan Hóa", "UB MTTQ huyện Quan Hóa", Trace.UNIT),
        ("ở Trường TH Quảng Cát", "Trường TH Quảng Cát", Trace.UNIT),
        ("ở tiểu học Quảng Cát", "tiểu học Quảng Cát", Trace.UNIT),
        ("HTX Dịch vụ Như Xuân", "HTX Dịch vụ Như Xuân", Trace.UNIT),
        ("nông dân Quan Hóa", "Quan Hóa", Trace.PLACE),
        ("gọi 0319 435 473 nhé", "0319 435 473", Trace.PHONE),
        ("gọi 0319.435.473, nhé", "0319.435.473", Trace.PHONE),
        ("gọi (0237) 3 852 246", "0237) 3 852 246", Trace.PHONE),
        ("gọi 0912–345–678", "0912–345–678", Trace.PHONE),
        ("do lê văn tùng làm", "lê văn tùng", Trace.PERSON),
        ("tệp LeVanTung.docx", "LeVanTung", Trace.PERSON),
        ("đồng chí L.V. Tùng", "L.V. Tùng", Trace.PERSON),
        ("trường Quảng Cát", "Quảng Cát", Trace.PLACE),
        ("tung.lv[at]donvi.example", "tung.lv[at]donvi.example", Trace.EMAIL),
        ("gọi +84319435473", "+84319435473", Trace.PHONE),
        ("thư: tung.lv@donvi.example", "tung.lv@donvi.example", Trace.EMAIL),
        ("thư: tung.lv @donvi.example", "tung.lv @donvi.example", Trace.EMAIL),
    ],
)
def test_a_trace_is_found_however_it_is_spelt(text, hit, trace):
    assert found(text) == [(hit, trace)]


@pytest.mark.parametrize(
    "text",
    [
        "sáng kiến này rất sáng sủa, thị trường rộng",
        "quan hóa trị và tùng bách",
        "năm 2024 tiết kiệm 25.000.000 đồng, 1.200 m2",
        "số 12/2024/QĐ-UBND",
        "lãi 84.000.000.000 đồng và 0,84123456789",
        "trường tiểu học nào cũng làm được",
    ],
)
def test_ordinary_words_and_figures_are_no_traces(text):
    assert found(text) == []


def test_what_is_inside_a_longer_trace_is_found_once():
    assert found("thầy Lê Văn Tùng ở Ủy ban MTTQ Việt Nam huyện Quan Hóa") == [
        ("thầy Lê Văn Tùng"[5:], Trace.PERSON),
        ("Ủy ban MTTQ Việt Nam huyện Quan Hóa", Trace.UNIT),
    ]


def test_a_masked_text_holds_no_trace_and_keeps_all_else():
    text = "Thầy Tùng (0319435473) ở Trường Tiểu học Quảng Cát đã đo 25 lần; sáng kiến giữ nguyên."

    safe = masked(text, find(text, WANTED))

    assert safe == f"{MASK} ({MASK}) ở {MASK} đã đo 25 lần; sáng kiến giữ nguyên."
    assert find(safe, WANTED) == []


def test_nothing_is_looked_for_where_nobody_is_named():
    assert find("Lê Văn Tùng", needles((), ())) == []


# --- inside files -----------------------------------------------------------------------------

NAMED = "Báo cáo của Lê Văn Tùng"


def a_word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("Nội dung")
    document.sections[0].header.paragraphs[0].text = NAMED
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_word_file_with_the_name_split() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("Báo cáo của Lê ")
    paragraph.add_run("Văn ").bold = True
    paragraph.add_run("Tùng & nhóm")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_word_file_with_a_comment() -> bytes:
    document = docx.Document()
    document.add_paragraph("Nội dung")
    document.add_comment(document.paragraphs[0].runs, text=NAMED, author="X", initials="X")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_spreadsheet() -> bytes:
    book = openpyxl.Workbook()
    book.active["B2"] = NAMED
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_spreadsheet_with_shared_texts() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write("A1", NAMED)
    book.close()
    return out.getvalue()


def a_pdf_file() -> bytes:
    letterhead = Letterhead("", "HỘI ĐỒNG", "HĐ", "")
    return pdf(Paper(letterhead, "Báo cáo", "BC", "kết quả", (Paragraph(NAMED),), ()))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (a_word_file, "docx"),
        (a_word_file_with_the_name_split, "docx"),
        (a_word_file_with_a_comment, "docx"),
        (a_spreadsheet, "xlsx"),
        (a_spreadsheet_with_shared_texts, "xlsx"),
        (a_pdf_file, "pdf"),
    ],
)
def test_a_name_inside_a_scrubbed_file_is_found(make, kind):
    passages = read(scrubbed(make(), kind), kind).passages

    assert [hit for each in passages for hit in found(each.text)] == [("Lê Văn Tùng", Trace.PERSON)]


@pytest.mark.parametrize(("data", "kind"), [(a_pdf(), "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"broken", "pdf")])
def test_what_cannot_be_read_is_not_said_to_be_clean(data, kind):
    assert not read(data, kind).has_words
