"""A paper as .docx that opens clean in Word and LibreOffice."""

from typing import Any

from docx import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from evaluator.papers import layout, word
from evaluator.papers import measures as m
from evaluator.papers.paper import (
    Addressed,
    Block,
    Centred,
    Grounds,
    Heading,
    Items,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from evaluator.papers.words import printable

CENTRE, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY


def docx(paper: Paper) -> bytes:
    """Return the paper as .docx, the same bytes for the same paper."""
    document = Document()
    _set_page(document)
    word.set_properties(document, title=f"{paper.kind}: {paper.about}", author=paper.letterhead.issuer)
    _head(document, paper)
    _title(document, paper)
    for block in paper.blocks:
        _block(document, block)
    _foot(document, paper)
    _annexes(document, paper)
    return word.saved(document)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE[0]), Mm(m.PAGE[1])
    section.top_margin, section.bottom_margin = Mm(m.MARGINS["top"]), Mm(m.MARGINS["bottom"])
    section.left_margin, section.right_margin = Mm(m.MARGINS["left"]), Mm(m.MARGINS["right"])
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True  # the first page shows no number
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    run = number.add_run()
    run.font.size = Pt(m.PAGE_NUMBER_SIZE)
    word.add_field(run, "PAGE")
    style = document.styles["Normal"]
    word.set_face(style, m.FACE, m.BODY_SIZE)
    style.paragraph_format.space_after = Pt(0)


def _head(document: Any, paper: Paper) -> None:
    """Two columns without lines: who issues, and the national title; below them number and place."""
    table = _plain_table(document, (m.LEFT_BLOCK, m.RIGHT_BLOCK), rows=2)
    left, right = table.rows[0].cells
    if paper.letterhead.parent:
        _line(left.paragraphs[0], paper.letterhead.parent.upper(), size=m.ISSUER_SIZE)
        issuer = left.add_paragraph()
    else:
        issuer = left.paragraphs[0]
    _line(issuer, paper.letterhead.issuer.upper(), size=m.ISSUER_SIZE, bold=True)
    _rule(left.add_paragraph(), (m.LEFT_BLOCK - m.ISSUER_LINE) / 2)
    _line(right.paragraphs[0], m.NATIONAL_TITLE, size=m.NATIONAL_TITLE_SIZE, bold=True)
    _line(right.add_paragraph(), m.MOTTO, size=m.MOTTO_SIZE, bold=True)
    _rule(right.add_paragraph(), (m.RIGHT_BLOCK - m.MOTTO_LINE) / 2)
    number, place = table.rows[1].cells
    _line(number.paragraphs[0], layout.number_line(paper), size=m.NUMBER_SIZE)
    _line(place.paragraphs[0], layout.place_line(paper), size=m.NUMBER_SIZE, italic=True)


def _title(document: Any, paper: Paper) -> None:
    kind = document.add_paragraph()
    kind.paragraph_format.space_before = Pt(18)
    _line(kind, paper.kind.upper(), size=m.KIND_SIZE, bold=True)
    _line(document.add_paragraph(), layout.title(paper), size=m.KIND_SIZE, bold=True)
    if paper.note:
        _line(document.add_paragraph(), f"({paper.note})", size=m.BODY_SIZE, italic=True)
    rule = document.add_paragraph()
    _rule(rule, (m.TEXT_WIDTH - m.KIND_LINE) / 2)
    rule.paragraph_format.space_after = Pt(6)


def _block(document: Any, block: Block) -> None:
    match block:
        case Paragraph():
            _paragraph(document, block)
        case Heading():
            paragraph = _body(document)
            paragraph.paragraph_format.keep_with_next = True
            _run(paragraph, block.text, bold=True)
        case Grounds():
            for line in layout.grounds_lines(block):
                _run(_body(document), line, italic=True)
        case Centred():
            centred = document.add_paragraph()
            centred.paragraph_format.space_before = Pt(m.PARAGRAPH_SPACE * 1.5)
            _line(centred, block.text, size=m.BODY_SIZE, bold=True, keep=True)
        case Addressed():
            _addressed(document, block)
        case Items():
            for line in layout.item_lines(block):
                _run(_body(document), line)
        case Table():
            _table(document, block)


def _addressed(document: Any, block: Addressed) -> None:
    first, *rest = layout.addressed_lines(block)
    head = document.add_paragraph()
    head.paragraph_format.space_before = Pt(m.PARAGRAPH_SPACE)
    _line(head, first, size=m.BODY_SIZE, align=CENTRE if not rest else LEFT)
    if rest:
        head.paragraph_format.left_indent = Mm(m.ADDRESS_INDENT)
    for text in rest:
        line = document.add_paragraph()
        line.paragraph_format.left_indent = Mm(m.ADDRESS_INDENT + m.INDENT)
        _line(line, text, size=m.BODY_SIZE, align=LEFT)


def _annexes(document: Any, paper: Paper) -> None:
    """Each annex begins a page: its name, its title in capitals, and in italics the paper it belongs to."""
    for place, annex in enumerate(paper.annexes, 1):
        name = document.add_paragraph()
        name.paragraph_format.page_break_before = True
        _line(name, layout.annex_name(paper, place), size=m.KIND_SIZE, bold=True)
        _line(document.add_paragraph(), annex.title.upper(), size=m.KIND_SIZE, bold=True)
        _line(document.add_paragraph(), f"({annex.belongs_to})", size=m.BODY_SIZE, italic=True)
        for block in annex.blocks:
            _block(document, block)


def _paragraph(document: Any, block: Paragraph) -> None:
    paragraph = _body(document)
    if block.lead:
        _run(paragraph, f"{block.lead} ", bold=True)
    if not block.text:  # a line of its own in bold
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = LEFT, True
    first, *rest = block.text.split("\n")
    _run(paragraph, first, italic=block.italic)
    for line in rest:
        _run(_body(document), line, italic=block.italic)


def _body(document: Any) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = JUSTIFY
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_before = Mm(m.INDENT), Pt(m.PARAGRAPH_SPACE)
    form.line_spacing, form.line_spacing_rule = m.LINE_SPACING, WD_LINE_SPACING.MULTIPLE
    return paragraph


def _table(document: Any, block: Table) -> None:
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(6)
    whole = sum(column.share for column in block.columns)
    widths = tuple(m.TEXT_WIDTH * column.share / whole for column in block.columns)
    rows = (*block.rows, block.foot) if block.foot else block.rows
    table = _plain_table(document, widths, rows=1 + len(rows), padding=1.2)
    table.style = "Table Grid"
    _repeat(table.rows[0])
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        _line(cell.paragraphs[0], column.head, size=m.TABLE_SIZE, bold=True)
    # Reading a cell of python-docx walks the whole table; one list of rows is enough.
    for place, (shown, values) in enumerate(zip(table.rows[1:], rows, strict=True)):
        is_foot = bool(block.foot) and place == len(rows) - 1
        _keep_whole(shown)
        if block.is_signed:
            shown.height, shown.height_rule = Mm(m.SIGNED_ROW), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, value, column in zip(shown.cells, values, block.columns, strict=True):
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            _line(cell.paragraphs[0], value, size=m.TABLE_SIZE, bold=is_foot, align=CENTRE if column.figures else LEFT)
    after = document.add_paragraph()
    after.paragraph_format.line_spacing = Pt(4)


def _foot(document: Any, paper: Paper) -> None:
    """Signatures side by side; to the left of one alone, or below two, who receives the paper."""
    if document.paragraphs:
        document.paragraphs[-1].paragraph_format.keep_with_next = True  # no signature alone on a page
    gap = document.add_paragraph()
    gap.paragraph_format.space_before, gap.paragraph_format.keep_with_next = Pt(8), True
    alone = len(paper.signatures) == 1 and bool(paper.recipients)
    columns = 2 if alone else max(1, len(paper.signatures))
    table = _plain_table(document, (m.TEXT_WIDTH / columns,) * columns, rows=1)
    cells = table.rows[0].cells
    _keep_whole(table.rows[0])
    if alone:
        _recipients(cells[0], paper)
    for cell, signature in zip(cells[1:] if alone else cells, paper.signatures, strict=False):
        _signature(cell, signature)
    if paper.recipients and not alone:
        document.add_paragraph()
        _recipients(document, paper)


def _signature(cell: Any, signature: Signature) -> None:
    for place, capacity in enumerate(signature.capacity):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _line(paragraph, capacity.upper(), size=m.BODY_SIZE, bold=True, keep=True)
    if signature.hint:
        _line(cell.add_paragraph(), signature.hint, size=m.TABLE_SIZE, italic=True, keep=True)
    name = cell.add_paragraph()
    name.paragraph_format.space_before = Mm(m.SIGNATURE_SPACE)
    _line(name, signature.name, size=m.BODY_SIZE, bold=True)


def _recipients(place: Any, paper: Paper) -> None:
    head = place.add_paragraph() if not hasattr(place, "vertical_alignment") else place.paragraphs[0]
    _line(head, "Nơi nhận:", size=m.RECIPIENTS_HEAD_SIZE, bold=True, italic=True, align=LEFT)
    for line in layout.recipient_lines(paper):
        _line(place.add_paragraph(), line, size=m.RECIPIENTS_SIZE, align=LEFT)


def _plain_table(document: Any, widths: tuple[float, ...], *, rows: int, padding: float = 0) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    margins = OxmlElement("w:tblCellMar")
    for edge in ("left", "right"):
        element = OxmlElement(f"w:{edge}")
        element.set(qn("w:w"), str(Mm(padding).twips))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - python-docx has no margins of its own
    look.addprevious(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def _line(
    paragraph: Any,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = CENTRE,
    keep: bool = False,
) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.keep_with_next = keep
    _run(paragraph, text, bold=bold, italic=italic, size=size)


def _run(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = m.BODY_SIZE) -> None:
    run = paragraph.add_run(printable(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(paragraph: Any, indent: float) -> None:
    """A solid line of its own: the top border of a very low paragraph, drawn in from both sides."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(indent)
    form.line_spacing_rule, form.line_spacing, form.space_before = WD_LINE_SPACING.EXACTLY, Pt(6), Pt(1)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders of its own
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _repeat(row: Any) -> None:
    _mark(row, "w:tblHeader")
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    _mark(row, "w:cantSplit")


def _mark(row: Any, name: str) -> None:
    element = OxmlElement(name)
    row._tr.get_or_add_trPr().append(element)  # noqa: SLF001 - python-docx has no such property of its own
