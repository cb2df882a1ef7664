"""What every .docx of ours has in common: one face, Vietnamese, no clock, fields that Word fills in."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from evaluator.papers.package import repacked
from evaluator.papers.words import printable

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # a file tells no time of making


def set_face(style: Any, face: str, size: float) -> None:
    """Set the face of a style for all scripts, in points, and its language."""
    style.font.name, style.font.size = face, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), face)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    properties.append(language)


def set_properties(document: Any, *, title: str, author: str) -> None:
    """Set what the file says of itself: title, author, language; nothing of who made it or when."""
    properties = document.core_properties
    properties.title, properties.author = printable(title)[:250], printable(author)[:250]
    properties.last_modified_by = properties.comments = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = EPOCH


def add_centred(
    paragraph: Any, text: str, *, size: float, bold: bool = False, italic: bool = False, before: float = 0
) -> None:
    """Write a centred line, in points; ``before`` is the room above it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(printable(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def borders(tag: str, edges: Iterable[str], **look: str) -> Any:
    """Return the borders of a table or a page, the same for each edge; python-docx has none of its own."""
    whole = OxmlElement(tag)
    for edge in edges:
        line = OxmlElement(f"w:{edge}")
        for key, value in look.items():
            line.set(qn(f"w:{key}"), value)
        whole.append(line)
    return whole


def add_field(run: Any, code: str) -> None:
    """Add a field ("PAGE", "TOC …") to a run; Word works it out."""
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = code
        run._r.append(element)  # noqa: SLF001 - python-docx has no fields of its own


def saved(document: Any) -> bytes:
    """Return the document as bytes, the same for the same content."""
    relations = document.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[key]  # a picture of the library's own template
    stream = BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())
