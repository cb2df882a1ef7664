"""Certificates of recognition (giấy chứng nhận), one page each, many in one file; each carries a code to check it by."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from evaluator.papers import measures as m
from evaluator.papers import word
from evaluator.papers.press import print_pdf
from evaluator.papers.works import Work

TEMPLATE = Path(__file__).with_name("certificate.typ")
HEADING = "GIẤY CHỨNG NHẬN"
WHAT = "SÁNG KIẾN, Ý TƯỞNG TIÊU BIỂU"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything on one certificate (Circular 18/2013, Appendix II)."""

    parent: str
    issuer: str
    round_title: str
    number: str  # "(chờ số)" or the number with its symbol
    place_and_date: str
    work: Work
    decision: str  # as it is cited
    capacity: tuple[str, ...]
    signer: str
    check_code: str
    check_url: str


def grouped(code: str) -> str:
    """Return a check code in groups of four, as people read it out."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def certificates_pdf(certificates: tuple[CertificateFacts, ...]) -> bytes:
    """Return certificates as one PDF, a page each; the same bytes for the same certificates."""
    data = {
        "measures": {name.lower(): getattr(m, name) for name in dir(m) if name.isupper()},
        "heading": HEADING,
        "what": WHAT,
        "certificates": [
            {
                "parent": each.parent,
                "issuer": each.issuer,
                "number": each.number,
                "place_and_date": each.place_and_date,
                "authors": each.work.names,
                "title": each.work.title,
                "unit": each.work.unit,
                "grade": each.work.grade,
                "decision": each.decision,
                "capacity": list(each.capacity),
                "signer": each.signer,
                "check_code": grouped(each.check_code),
                "check_url": each.check_url,
                "qr": segno.make(each.check_url, error="m").svg_inline(border=0),
            }
            for each in certificates
        ],
    }
    return print_pdf(TEMPLATE, data, system_fonts=True)


def certificates_docx(certificates: tuple[CertificateFacts, ...]) -> bytes:
    """Return certificates as one .docx, a page each."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(m.PAGE[1]), Mm(m.PAGE[0])
    section.top_margin = section.bottom_margin = Mm(18)
    section.left_margin = section.right_margin = Mm(25)
    _frame(section)
    word.set_face(document.styles["Normal"], m.FACE, m.BODY_SIZE)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    word.set_properties(document, title=HEADING, author=certificates[0].issuer)
    for place, each in enumerate(certificates):
        _certificate(document, each, is_first=place == 0)
    return word.saved(document)


def _certificate(document: Any, each: CertificateFacts, *, is_first: bool) -> None:
    head = document.add_paragraph()
    head.paragraph_format.page_break_before = not is_first
    word.add_centred(head, m.NATIONAL_TITLE, size=m.MOTTO_SIZE, bold=True)
    word.add_centred(document.add_paragraph(), m.MOTTO, size=14, bold=True)
    word.add_centred(document.add_paragraph(), each.parent.upper(), size=m.BODY_SIZE, before=8)
    word.add_centred(document.add_paragraph(), each.issuer.upper(), size=m.BODY_SIZE, bold=True)
    word.add_centred(document.add_paragraph(), HEADING, size=28, bold=True, before=12)
    word.add_centred(document.add_paragraph(), WHAT, size=18, bold=True)
    word.add_centred(document.add_paragraph(), f"Số: {each.number}", size=m.BODY_SIZE, before=2)
    word.add_centred(document.add_paragraph(), "Chứng nhận", size=14, italic=True, before=8)
    word.add_centred(document.add_paragraph(), each.work.names, size=20, bold=True)
    if each.work.unit:
        word.add_centred(document.add_paragraph(), each.work.unit, size=14)
    word.add_centred(document.add_paragraph(), "là tác giả của sáng kiến, ý tưởng", size=14, italic=True, before=4)
    word.add_centred(document.add_paragraph(), f"“{each.work.title}”", size=17, bold=True)
    if each.work.grade:
        word.add_centred(document.add_paragraph(), f"Xếp loại: {each.work.grade}", size=14)
    word.add_centred(document.add_paragraph(), f"(Theo {each.decision})", size=12, italic=True, before=4)
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    picture = BytesIO()
    segno.make(each.check_url, error="m").save(picture, kind="png", scale=4, border=0)
    picture.seek(0)
    left.paragraphs[0].add_run().add_picture(picture, width=Mm(22))
    word.add_centred(left.add_paragraph(), f"Mã kiểm tra: {grouped(each.check_code)}", size=10)
    left.paragraphs[1].alignment = WD_ALIGN_PARAGRAPH.LEFT
    word.add_centred(right.paragraphs[0], each.place_and_date, size=m.BODY_SIZE, italic=True)
    for line in each.capacity:
        word.add_centred(right.add_paragraph(), line.upper(), size=m.BODY_SIZE, bold=True)
    word.add_centred(right.add_paragraph(), each.signer, size=m.BODY_SIZE, bold=True, before=48)


def _frame(section: Any) -> None:
    """Draw a double frame around every page."""
    edges = ("top", "left", "bottom", "right")
    borders = word.borders("w:pgBorders", edges, val="double", sz="12", space="24", color="9C1C1C")
    borders.set(qn("w:offsetFrom"), "page")
    properties = section._sectPr  # noqa: SLF001 - python-docx has no page borders
    properties.find(qn("w:pgMar")).addnext(borders)
