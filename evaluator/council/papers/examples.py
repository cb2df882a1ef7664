"""A form to begin with: every placeholder of a kind in a Word document, each with what it stands for."""

from typing import Any

from docx import Document

from evaluator.papers import measures as m
from evaluator.papers import word
from evaluator.papers.kinds import PaperKind
from evaluator.papers.placeholders import FIELDS


def example(kind: PaperKind) -> bytes:
    """Return a .docx with every placeholder of a kind, ready to be arranged by the office."""
    fields = FIELDS[kind]
    document = Document()
    word.set_face(document.styles["Normal"], m.FACE, m.BODY_SIZE)
    word.set_properties(document, title="Biểu mẫu", author="")
    document.add_paragraph("Sắp xếp lại, giữ nguyên các ô trong ngoặc nhọn, xóa phần giải thích bên phải.")
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, meaning in fields.single.items():
        _row(table, f"{{{{ {name} }}}}", meaning)
    for name, columns in fields.lists.items():
        document.add_paragraph()
        _repeated(document, name, [*columns])
    return word.saved(document)


def _repeated(document: Any, name: str, columns: list[str]) -> None:
    """Add a table whose middle row stands once for each row of a list."""
    table = document.add_table(rows=3, cols=len(columns))
    table.style = "Table Grid"
    table.rows[0].cells[0].text = f"{{%tr for dong in {name} %}}"
    for cell, column in zip(table.rows[1].cells, columns, strict=True):
        cell.text = f"{{{{ dong.{column} }}}}"
    table.rows[2].cells[0].text = "{%tr endfor %}"


def _row(table: Any, left: str, right: str) -> None:
    cells = table.add_row().cells
    cells[0].text, cells[1].text = left, right
