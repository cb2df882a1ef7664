"""The other two sheets of a season: who judges, and who has declared a conflict with what."""

from dataclasses import dataclass

from evaluator.initiatives.intake import cells
from evaluator.initiatives.intake.cells import Place
from evaluator.initiatives.intake.columns import Column, Layout, find_layout
from evaluator.initiatives.intake.findings import Finding
from evaluator.initiatives.intake.workbook import Cell, Sheet, is_blank, maybe_named
from evaluator.rules.vietnamese import clean_line

_MEMBER = Column("member", "Mã thành viên", ("Mã TV", "Mã"))
_NAME = Column("name", "Họ và tên", ("Họ tên",))

MEMBER_COLUMNS = (
    _MEMBER,
    _NAME,
    Column("unit", "Đơn vị", ("Đơn vị công tác", "Nơi công tác")),
    Column("fields", "Lĩnh vực chuyên môn", ("Lĩnh vực", "Chuyên môn")),
    Column("email", "Email", ("E-mail", "Thư điện tử")),
    Column("load", "Số hồ sơ tối đa", ("Tối đa", "Số hồ sơ")),
)
CONFLICT_COLUMNS = (
    _MEMBER,
    _NAME,
    Column("code", "Mã hồ sơ", ("Mã HS",)),
    Column("reason", "Lý do", ("Lí do", "Nguyên nhân")),
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of the council as the sheet names him or her."""

    row: int
    code: str
    name: str
    unit: str
    fields: tuple[str, ...]
    email: str
    load: int | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A declared conflict: which member, which dossier, why."""

    row: int
    member: str
    code: str
    reason: str


def read_members(sheets: list[Sheet], findings: list[Finding]) -> list[MemberRow]:
    """Return the council of the sheet “Hội đồng”; empty when there is none."""
    return [
        MemberRow(
            row=number,
            code=_text(layout, row, "member"),
            name=_text(layout, row, "name"),
            unit=_text(layout, row, "unit"),
            fields=tuple(part.strip() for part in _text(layout, row, "fields").split(";") if part.strip()),
            email=cells.email(layout.cell(row, "email"), Place(number, layout.letter("email"), "Email", findings)),
            load=_whole(layout.cell(row, "load")),
        )
        for layout, number, row in _table(maybe_named(sheets, "Hội đồng", "Thành viên", "Người chấm"), MEMBER_COLUMNS)
    ]


def read_conflicts(sheets: list[Sheet]) -> list[ConflictRow]:
    """Return the declared conflicts of the sheet “Xung đột lợi ích”; empty when there is none."""
    return [
        ConflictRow(
            row=number,
            member=_text(layout, row, "member"),
            code=cells.dossier_code(layout.cell(row, "code"), Place(number, "", "")),
            reason=_text(layout, row, "reason"),
        )
        for layout, number, row in _table(maybe_named(sheets, "Xung đột lợi ích", "Xung đột"), CONFLICT_COLUMNS)
    ]


def _table(sheet: Sheet | None, columns: tuple[Column, ...]) -> list[tuple[Layout, int, list[Cell]]]:
    """Return the filled rows below the headings, each with its number."""
    layout = None if sheet is None else find_layout(sheet, columns)
    if sheet is None or layout is None:
        return []
    below = enumerate(sheet.rows[layout.first_row :], start=layout.first_row + 1)
    return [(layout, number, row) for number, row in below if not is_blank(layout.cell(row, "name"))]


def _text(layout: Layout, row: list[Cell], key: str) -> str:
    return clean_line(cells.text(layout.cell(row, key), Place(0, "", "")))


def _whole(raw: Cell) -> int | None:
    text = cells.shown(raw).strip()
    return int(text) if text.isdigit() else None
