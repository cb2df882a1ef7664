"""An empty list of dossiers with the headings we read, and one example row."""

import io
from datetime import UTC, datetime

import xlsxwriter

from evaluator.initiatives.intake.columns import COLUMNS

_WIDTHS = {
    "title": 44,
    "problem": 50,
    "solution": 60,
    "novelty": 40,
    "conditions": 40,
    "benefit_author": 40,
    "workplace": 34,
}
_EXAMPLE = {
    "number": 1,
    "code": "DKST-2026-0001",
    "title": "Máy gieo hạt cầm tay cho ruộng bậc thang",
    "kind": "Sáng kiến",
    "field": "Nông, lâm, ngư nghiệp",
    "name": "Họ và tên tác giả thứ nhất",
    "birth_date": "05/03/1980",
    "workplace": "Tên đầy đủ của đơn vị",
    "share": 60,
    "money_benefit": 25000000,
    "applied_on": "12/09/2025",
}
_NOTE = "Mỗi tác giả một dòng; dòng của đồng tác giả chỉ ghi lại Mã hồ sơ, Tên sáng kiến và các cột về tác giả. Xóa dòng mẫu trước khi gửi."


MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes whenever it is asked for


def template_workbook() -> bytes:
    """Return the .xlsx: headings on the first row, an example below, both easy to overwrite."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet("Danh sách hồ sơ")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#F1EEEA", "border": 1})
    example = book.add_format({"italic": True, "font_color": "#615C57"})
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTHS.get(column.key, 18))
        sheet.write(0, place, column.heading, head)
        sheet.write(1, place, _EXAMPLE.get(column.key, ""), example)
    sheet.write_comment(0, 1, _NOTE, {"width": 320, "height": 110})
    sheet.freeze_panes(1, 3)
    book.close()
    return out.getvalue()
