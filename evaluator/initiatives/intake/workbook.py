"""Opening a spreadsheet safely: what it really is, how large it becomes, which sheets it has."""

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from evaluator.core.errors import Invalid
from evaluator.core.files.kinds import kind_of
from evaluator.core.text import N_
from evaluator.rules.vietnamese import search_key

Cell = str | int | float | bool | date | datetime | time | timedelta
MOST_ROWS = 200_000

_NOT_A_SPREADSHEET = {
    "old-office": N_(
        "This is a file of the old Excel (.xls). Open it in Excel and save it as “Excel Workbook (.xlsx)”."
    ),
    "macros": N_("This workbook contains macros. Save it as “Excel Workbook (.xlsx)” without macros."),
    "pdf": N_("This is a PDF, not a spreadsheet. Send the .xlsx file it was made from."),
    "docx": N_("This is a Word file, not a spreadsheet. Put the list into an .xlsx file."),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: row 1 of the spreadsheet is ``rows[0]``; empty cells are empty strings."""

    name: str
    rows: list[list[Cell]]


def open_workbook(data: bytes) -> list[Sheet]:
    """Return the sheets of an .xlsx file.

    Raises:
        Invalid: it is no spreadsheet, is damaged, locked, empty, or would unpack into far too much.
    """
    if not data:
        raise Invalid.on("file", N_("The file is empty."))
    try:
        kind = kind_of(data)
    except Invalid as error:
        raise Invalid(fields={"file": [error.sentence]}) from None
    if kind != "xlsx":
        raise Invalid.on("file", _NOT_A_SPREADSHEET.get(kind, N_("This is not a spreadsheet. Choose an .xlsx file.")))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [_read(book.get_sheet_by_name(name), name) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError, KeyError):
        raise Invalid.on(
            "file", N_("The spreadsheet is damaged and cannot be read. Save it anew and send it again.")
        ) from None
    if not any(sheet.rows for sheet in sheets):
        raise Invalid.on("file", N_("The spreadsheet is empty."))
    return sheets


def _read(sheet: Any, name: str) -> Sheet:
    if sheet.total_height > MOST_ROWS:
        raise Invalid.on("file", N_("The sheet “%(sheet)s” has more than %(rows)s rows."), sheet=name, rows=MOST_ROWS)
    return Sheet(name, sheet.to_python(skip_empty_area=False))


def maybe_named(sheets: list[Sheet], *names: str) -> Sheet | None:
    """Return the first sheet with one of the names, however its marks and capitals are written."""
    wanted = {search_key(name) for name in names}
    return next((sheet for sheet in sheets if search_key(sheet.name) in wanted), None)


def is_blank(cell: Cell) -> bool:
    """Return whether nothing is written in a cell."""
    return isinstance(cell, str) and not cell.strip()
