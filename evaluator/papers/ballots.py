"""Secret ballots on paper: identical copies, ready to be cut; nothing on them tells one voter from another."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from evaluator.papers import measures as m
from evaluator.papers import word
from evaluator.papers.press import print_pdf

TEMPLATE = Path(__file__).with_name("ballots.typ")
ON_A_PAGE = 12  # a list of more works than this has a page of its own
BOX = "☐"
AGREEMENT = ("Đồng ý", "Không đồng ý", "Không có ý kiến")
CHOICE = ("Chọn",)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is printed on each copy: whose vote it is, on what, and the boxes to mark."""

    parent: str
    issuer: str
    kind: str  # Phiếu biểu quyết, Phiếu bầu
    session: str
    guidance: str
    works: tuple[str, ...]
    boxes: tuple[str, ...] = AGREEMENT

    @property
    def is_long(self) -> bool:
        """Whether it fills a page."""
        return len(self.works) > ON_A_PAGE

    def each(self) -> tuple["Ballot", ...]:
        """Return one ballot for each work instead of one list."""
        return tuple(replace(self, works=(work,)) for work in self.works)


def ballots_pdf(ballots: tuple[Ballot, ...], *, copies: int) -> bytes:
    """Return so many copies of each ballot as PDF, with lines to cut along; the same bytes for the same ballots."""
    data = {
        "measures": {name.lower(): getattr(m, name) for name in dir(m) if name.isupper()},
        "copies": copies,
        "ballots": [
            {
                "parent": ballot.parent,
                "issuer": ballot.issuer,
                "kind": ballot.kind,
                "session": ballot.session,
                "guidance": ballot.guidance,
                "works": list(ballot.works),
                "boxes": list(ballot.boxes),
                "is_long": ballot.is_long,
            }
            for ballot in ballots
        ],
    }
    return print_pdf(TEMPLATE, data, system_fonts=True)


def ballots_docx(ballots: tuple[Ballot, ...], *, copies: int) -> bytes:
    """Return the same as .docx: each copy in a frame of dashes that is never torn across pages."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE[0]), Mm(m.PAGE[1])
    section.top_margin = section.bottom_margin = section.left_margin = section.right_margin = Mm(15)
    word.set_face(document.styles["Normal"], m.FACE, m.BODY_SIZE)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    word.set_properties(document, title=ballots[0].kind, author=ballots[0].issuer)
    for ballot in ballots:
        frame = document.add_table(rows=copies, cols=1)
        _dashed(frame)
        for row in frame.rows:
            properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx cannot keep a row whole
            properties.append(OxmlElement("w:cantSplit"))
            row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
            _copy(row.cells[0], ballot)
        document.add_paragraph()
    return word.saved(document)


def _copy(cell: Any, ballot: Ballot) -> None:
    word.add_centred(cell.paragraphs[0], ballot.parent.upper(), size=m.ISSUER_SIZE, before=6)
    word.add_centred(cell.add_paragraph(), ballot.issuer.upper(), size=m.ISSUER_SIZE, bold=True)
    word.add_centred(cell.add_paragraph(), "(Đóng dấu Hội đồng)", size=11, italic=True)
    word.add_centred(cell.add_paragraph(), ballot.kind.upper(), size=m.KIND_SIZE, bold=True, before=8)
    word.add_centred(cell.add_paragraph(), ballot.session, size=m.BODY_SIZE)
    word.add_centred(cell.add_paragraph(), ballot.guidance, size=m.TABLE_SIZE, italic=True, before=4)
    table = cell.add_table(rows=1 + len(ballot.works), cols=2 + len(ballot.boxes))
    table.style, table.autofit = "Table Grid", False
    heads = ("STT", "Tên sáng kiến", *ballot.boxes)
    rows = [heads, *((str(place), work, *[BOX] * len(ballot.boxes)) for place, work in enumerate(ballot.works, 1))]
    widths = (12, 172 - 24 * len(ballot.boxes) - 12, *[24] * len(ballot.boxes))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, values in zip(table.rows, rows, strict=True):
        is_head = values is heads
        for place, (shown, value, width) in enumerate(zip(row.cells, values, widths, strict=True)):
            shown.width = Mm(width)
            word.add_centred(shown.paragraphs[0], value, size=m.TABLE_SIZE if value != BOX else 18, bold=is_head)
            if place == 1 and not is_head:
                shown.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
    word.add_centred(cell.add_paragraph(), "", size=6)


def _dashed(table: Any) -> None:
    """Draw the lines to cut along."""
    edges = ("top", "left", "bottom", "right", "insideH")
    borders = word.borders("w:tblBorders", edges, val="dashed", sz="4", space="0", color="808080")
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - python-docx has no borders of its own
    look.addprevious(borders)
