"""The book as .docx for the printer's layout person: styles and headings, no tricks."""

from collections.abc import Sequence
from typing import Any

from evaluator.compendium import indexes
from evaluator.compendium.edition import Edition, Entry
from evaluator.compendium.words import WORDS, paragraphs, roman
from evaluator.papers.words import printable
from evaluator.rules.vietnamese import money, number

FACE = "Times New Roman"
RED, BRONZE = "9D1420", "865F12"


def build(edition: Edition) -> bytes:
    """Return the book as .docx, the same bytes for the same edition."""
    return _Book(edition).bytes()


class _Book:
    """Writes one edition from front to back."""

    def __init__(self, edition: Edition) -> None:
        from docx import Document  # noqa: PLC0415 - slow to load; only who wants this format waits for it
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - same
        from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415 - same

        from evaluator.papers import word  # noqa: PLC0415 - loads python-docx

        self.edition, self.word = edition, word
        self.mm, self.pt, self.colour, self.align = Mm, Pt, RGBColor.from_string, WD_ALIGN_PARAGRAPH
        self.document: Any = Document()
        self._styles()

    def bytes(self) -> bytes:
        """Write the parts of the book and return the file."""
        edition = self.edition
        self.word.set_properties(self.document, title=f"{edition.title} {edition.year}", author=edition.unit)
        self._front()
        self._figures()
        self._contents()
        for part in indexes.parts(edition):
            self._heading(f"{WORDS['part']} {roman(part.place)}. {part.field}", 1)
            for entry in part.entries:
                self._entry(entry)
        self._works()
        self._index(WORDS["authors"], WORDS["authors_rule"], indexes.authors(edition))
        self._index(WORDS["units"], WORDS["units_rule"], indexes.units(edition))
        return self.word.saved(self.document)

    def _styles(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = self.mm(160), self.mm(240)
        section.left_margin = section.right_margin = self.mm(19)
        section.top_margin, section.bottom_margin = self.mm(22), self.mm(20)
        section.different_first_page_header_footer = True
        foot = section.footer.paragraphs[0]
        foot.alignment = self.align.CENTER
        self.word.add_field(foot.add_run(), "PAGE")
        normal = self.document.styles["Normal"]
        self.word.set_face(normal, FACE, 12)
        normal.paragraph_format.space_after = self.pt(6)
        for level, size, colour in ((1, 20, RED), (2, 15, RED), (3, 11, BRONZE)):
            style = self.document.styles[f"Heading {level}"]
            self.word.set_face(style, FACE, size)
            style.font.bold, style.font.color.rgb = True, self.colour(colour)
            style.paragraph_format.keep_with_next = True
        self.document.styles["Heading 1"].paragraph_format.page_break_before = True
        self.document.styles["Heading 2"].paragraph_format.space_before = self.pt(18)

    def _front(self) -> None:
        edition = self.edition
        self._centred(edition.parent.upper(), 10, after=0)
        self._centred(edition.unit.upper(), 12, bold=True, after=120)
        self._centred(edition.title, 28, bold=True, red=True, after=6)
        self._centred(edition.subtitle, 13, after=18)
        self._centred(str(edition.year), 36, after=120)
        self._centred(edition.council, 11)
        self._heading(WORDS["publication"], 1)
        for name, value in edition.publication:
            self._line(f"{name}: {value}")
        self._line(edition.announcement)
        if edition.boards:
            self._heading(WORDS["boards"], 1)
        for board in edition.boards:
            self._heading(board.name, 2)
            for seat in board.seats:
                self._line(" - ".join(part for part in (seat.name, seat.post, seat.office) if part))
        if edition.preface:
            self._heading(WORDS["preface"], 1)
            self._text(edition.preface)
        if edition.preface and edition.preface_by:
            self._centred(edition.preface_by.office.upper(), 11, after=0)
            self._centred(edition.preface_by.name, 12, bold=True)

    def _figures(self) -> None:
        figures = self.edition.figures
        self._heading(WORDS["figures"], 1)
        for key in ("received", "accepted", "scored", "recognised"):
            self._line(f"{WORDS[key]}: {number(getattr(figures, key))}")
        heads = (WORDS["name"], WORDS["received"], WORDS["recognised"])
        for caption, shares in ((WORDS["by_field"], figures.by_field), (WORDS["by_unit"], figures.by_unit)):
            if shares:
                self._heading(caption, 2)
                rows = [(share.name, number(share.received), number(share.recognised)) for share in shares]
                self._table(heads, rows, (72, 25, 25))

    def _contents(self) -> None:
        """A contents field for Word to number, and after it the list itself, readable without Word."""
        self._heading(WORDS["contents"], 1)
        self.word.add_field(self.document.add_paragraph().add_run(), 'TOC \\o "1-2" \\h \\z \\u')
        for part in indexes.parts(self.edition):
            self._line(f"{WORDS['part']} {roman(part.place)}. {part.field}", bold=True)
            for entry in part.entries:
                self._line(f"{entry.number:03d}  {entry.title}")

    def _entry(self, entry: Entry) -> None:
        self._heading(f"{entry.number:03d}. {entry.title}", 2)
        for author in entry.authors:
            known = (author.degree, author.post, "" if author.workplace == entry.unit else author.workplace)
            self._line(", ".join((author.name, *filter(None, known))), bold=True)
        self._line(f"{WORDS['unit_of']}: {entry.unit}")
        for section in entry.sections:
            self._heading(section.heading, 3)
            self._text(section.text)
        if entry.benefit is not None:
            self._heading(WORDS["benefit"], 3)
            self._line(money(entry.benefit), bold=True)
        if entry.decision:
            self._line(entry.decision, italic=True)

    def _works(self) -> None:
        self._heading(WORDS["works"], 1)
        rows = [
            (str(place), work.title, f"{', '.join(work.authors)}\n{work.unit}")
            for place, work in enumerate(self.edition.works, 1)
        ]
        self._table((WORDS["no"], WORDS["title"], WORDS["authors_units"]), rows, (12, 62, 48))

    def _index(self, title: str, rule: str, groups: tuple[indexes.IndexGroup, ...]) -> None:
        self._heading(title, 1)
        self._line(f"{rule} {WORDS['numbers_note']}", italic=True)
        for group in groups:
            self._line(group.letter, bold=True)
            for line in group.lines:
                self._line(f"{line.name}  {', '.join(f'{entry:03d}' for entry in line.entries)}")

    def _heading(self, text: str, level: int) -> None:
        paragraph = self.document.add_paragraph()
        # By its id: looking a style up by name reads all styles every time, which is half of the work of a book.
        paragraph._p.style = f"Heading{level}"  # noqa: SLF001 - python-docx has no way by id
        paragraph.add_run(printable(text))

    def _text(self, text: str) -> None:
        for paragraph in paragraphs(text):
            self.document.add_paragraph(printable(paragraph)).alignment = self.align.JUSTIFY

    def _line(self, text: str, *, bold: bool = False, italic: bool = False) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = self.pt(3)
        run = paragraph.add_run(printable(text))
        run.bold, run.italic = bold, italic

    def _centred(self, text: str, size: float, *, bold: bool = False, red: bool = False, after: float = 6) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_after = self.align.CENTER, self.pt(after)
        run = paragraph.add_run(printable(text))
        run.bold, run.font.size = bold, self.pt(size)
        if red:
            run.font.color.rgb = self.colour(RED)

    def _table(self, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]) -> None:
        table = self.document.add_table(rows=1 + len(rows), cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.mm(width)
        for row, values in zip(table.rows, (heads, *rows), strict=True):
            for cell, value, width in zip(row.cells, values, widths, strict=True):
                cell.width, cell.text = self.mm(width), printable(value)
        for cell in table.rows[0].cells:
            cell.paragraphs[0].runs[0].bold = True
