"""Reads a .docx back as a person would: line by line, a row of a table on one line."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document

from evaluator.rules.vietnamese import nfc

BETWEEN = " | "


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a .docx in reading order, headers and footers last."""
    document = Document(BytesIO(content))
    found = list(_lines(document))
    for section in document.sections:
        for part in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            found += _lines(part)
    return found


def _lines(part: Any) -> Iterator[str]:
    for block in part.iter_inner_content():
        if not hasattr(block, "rows"):
            yield from _said(block.text)
            continue
        for row in block.rows:
            cells = [" ".join(_lines(cell)) for cell in row.cells]
            yield from _said(BETWEEN.join(cell for cell in cells if cell))


def _said(text: str) -> Iterator[str]:
    squeezed = " ".join(nfc(text).split())
    if squeezed:
        yield squeezed
