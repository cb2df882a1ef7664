"""Which column is which: headings under other names, on two rows, below a block of titles."""

import re
from dataclasses import dataclass

from evaluator.core.text import N_, sentence
from evaluator.initiatives.intake.findings import Finding, Severity, letter
from evaluator.initiatives.intake.workbook import Cell, Sheet, is_blank
from evaluator.rules.vietnamese import clean_line, same_tone_place, search_key


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know: its key, its heading in the template, and other ways offices write it."""

    key: str
    heading: str
    others: tuple[str, ...] = ()

    def answers_to(self, heading: str) -> bool:
        """Return whether a folded heading means this column."""
        return heading in {search_key(self.heading), *map(search_key, self.others)}


COLUMNS = (
    Column("number", "STT", ("TT", "Số TT", "Số thứ tự", "No")),
    Column("code", "Mã hồ sơ", ("Mã HS", "Mã số", "Mã số hồ sơ", "Số hồ sơ", "Mã")),
    Column(
        "title",
        "Tên sáng kiến",
        (
            "Tên sáng kiến/ý tưởng",
            "Tên sáng kiến, ý tưởng",
            "Tên SK",
            "Tên giải pháp",
            "Tên đề tài",
            "Tên sáng kiến (giải pháp)",
            "Tên công trình",
            "Tên ý tưởng",
            "Tên sáng kiến, giải pháp",
        ),
    ),
    Column("kind", "Loại", ("Loại hình", "Loại hồ sơ", "Phân loại", "Hình thức")),
    Column("field", "Lĩnh vực", ("Lĩnh vực áp dụng", "Lĩnh vực áp dụng sáng kiến", "Ngành", "Ngành, lĩnh vực")),
    Column(
        "name",
        "Họ và tên tác giả",
        ("Họ tên", "Họ và tên", "Tên tác giả", "Tác giả", "Họ tên tác giả", "Tác giả sáng kiến"),
    ),
    Column(
        "birth_date", "Ngày sinh", ("Ngày, tháng, năm sinh", "Năm sinh", "Ngày tháng năm sinh", "Sinh ngày", "NTNS")
    ),
    Column(
        "workplace",
        "Đơn vị công tác",
        (
            "Nơi công tác",
            "Đơn vị",
            "Cơ quan công tác",
            "Nơi công tác hoặc nơi thường trú",
            "Cơ quan",
            "Cơ quan, đơn vị",
        ),
    ),
    Column("job_title", "Chức danh", ("Chức vụ", "Chức danh, chức vụ", "Chức vụ, chức danh")),
    Column("qualification", "Trình độ", ("Trình độ chuyên môn", "Trình độ CM", "Học vị")),
    Column(
        "share",
        "Tỷ lệ đóng góp (%)",
        (
            "Tỷ lệ (%) đóng góp",
            "Tỷ lệ đóng góp",
            "Tỷ lệ %",
            "% đóng góp",
            "Tỷ lệ",
            "Tỷ lệ (%)",
            "Tỷ lệ (%) đóng góp vào việc tạo ra sáng kiến",
        ),
    ),
    Column(
        "problem",
        "Tình trạng kỹ thuật trước khi có sáng kiến",
        (
            "Tình trạng trước khi có SK",
            "Tình trạng trước khi có sáng kiến",
            "Thực trạng",
            "Tình trạng giải pháp đã biết",
            "Hiện trạng",
        ),
    ),
    Column(
        "solution",
        "Nội dung giải pháp",
        ("Nội dung sáng kiến", "Nội dung", "Mô tả giải pháp", "Mô tả bản chất của sáng kiến", "Bản chất sáng kiến"),
    ),
    Column("novelty", "Tính mới", ("Tính mới, tính sáng tạo", "Điểm mới", "Tính mới của giải pháp")),
    Column(
        "conditions",
        "Khả năng áp dụng",
        ("Khả năng áp dụng, nhân rộng", "Phạm vi áp dụng", "Điều kiện áp dụng", "Điều kiện cần thiết để áp dụng"),
    ),
    Column(
        "money_benefit",
        "Hiệu quả kinh tế (đồng)",
        (
            "Hiệu quả KT",
            "Hiệu quả KT (đồng)",
            "Hiệu quả kinh tế",
            "Số tiền làm lợi",
            "Giá trị làm lợi",
            "Giá trị làm lợi (đồng)",
            "Số tiền làm lợi (đồng)",
        ),
    ),
    Column(
        "benefit_author",
        "Hiệu quả xã hội",
        ("Hiệu quả XH", "Lợi ích xã hội", "Lợi ích", "Hiệu quả", "Lợi ích theo ý kiến của tác giả"),
    ),
    Column(
        "applied_on",
        "Ngày áp dụng lần đầu",
        (
            "Ngày áp dụng",
            "Ngày áp dụng thử",
            "Ngày sáng kiến được áp dụng lần đầu",
            "Ngày áp dụng lần đầu hoặc áp dụng thử",
            "Thời gian áp dụng",
        ),
    ),
    Column("applier", "Đơn vị đã áp dụng", ("Nơi áp dụng", "Đơn vị áp dụng", "Nơi đã áp dụng")),
    Column("advised_by", "Người hướng dẫn, cố vấn", ("Người hướng dẫn", "Cố vấn", "Người cố vấn")),
    Column("nominated_by", "Người giới thiệu", ("Người đề cử", "Người tiến cử", "Người giới thiệu, đề cử")),
    Column("is_state_funded", "Dùng ngân sách nhà nước", ("Kinh phí nhà nước", "Ngân sách nhà nước")),
    Column("phone", "Điện thoại", ("SĐT", "Số điện thoại", "ĐT", "Di động", "Điện thoại liên hệ")),
    Column("email", "Email", ("E-mail", "Thư điện tử", "Hộp thư", "Địa chỉ email")),
)
BY_KEY = {column.key: column for column in COLUMNS}
NEEDED = ("code", "title", "name", "workplace", "share", "solution")
_MOST_TITLE_ROWS = 30
_LEAST_HEADINGS = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table begins and which column holds what."""

    places: dict[str, int]  # key -> index of the column
    first_row: int  # index of the first row below the headings
    findings: tuple[Finding, ...]

    def letter(self, key: str) -> str:
        """Return the letter of a column, "" when the sheet has none."""
        return letter(self.places[key]) if key in self.places else ""

    def cell(self, row: list[Cell], key: str) -> Cell:
        """Return what stands in a row under a heading; an empty text when there is no such column."""
        place = self.places.get(key)
        return row[place] if place is not None and place < len(row) else ""


def recognise(heading: str, columns: tuple[Column, ...] = COLUMNS) -> Column | None:
    """Return the column a heading means, if we know it."""
    folded = search_key(heading)
    if not folded:
        return None
    without_brackets = search_key(re.sub(r"\([^)]*\)", " ", heading))
    for candidate in (folded, without_brackets):
        for column in columns:
            if column.answers_to(candidate):
                return column
    return None


def find_layout(sheet: Sheet, columns: tuple[Column, ...] = COLUMNS) -> Layout | None:
    """Return where the table of a sheet stands, or None when no row looks like headings."""
    for top in range(min(_MOST_TITLE_ROWS, len(sheet.rows))):
        upper = _headings(sheet.rows[top], columns)
        if len(upper) < min(_LEAST_HEADINGS, len(columns)):
            continue
        below = _headings(sheet.rows[top + 1], columns) if top + 1 < len(sheet.rows) else {}
        # A second row of headings adds columns the first does not have and no data of its own.
        added = {place: column for place, column in below.items() if column not in upper.values()}
        is_double = bool(added) and len(_filled(sheet.rows[top + 1])) == len(below)
        found = {place: (column, top) for place, column in upper.items()}
        if is_double:
            found |= {place: (column, top + 1) for place, column in added.items()}
        return Layout(
            places={column.key: place for place, (column, _row) in sorted(found.items(), reverse=True)},
            first_row=top + (2 if is_double else 1),
            findings=tuple(_findings(sheet, found, top=top, is_double=is_double)),
        )
    return None


def _headings(row: list[Cell], columns: tuple[Column, ...]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for place, cell in enumerate(row):
        column = recognise(cell, columns) if isinstance(cell, str) else None
        if column is not None and column not in found.values():
            found[place] = column
    return found


def _filled(row: list[Cell]) -> list[Cell]:
    return [cell for cell in row if not is_blank(cell)]


def _findings(sheet: Sheet, found: dict[int, tuple[Column, int]], *, top: int, is_double: bool) -> list[Finding]:
    findings = []
    if any(_filled(row) for row in sheet.rows[:top]):
        findings.append(
            Finding(
                1,
                "",
                "title_block",
                sentence(N_("Rows 1 to %(last)s hold titles, not dossiers."), last=top),
                sentence(N_("They were passed over; the table begins with its headings.")),
                Severity.FIXED,
            )
        )
    if is_double:
        findings.append(
            Finding(
                top + 1,
                "",
                "header_two_rows",
                sentence(N_("The headings stand on two rows.")),
                sentence(N_("Both rows were read as one.")),
                Severity.FIXED,
            )
        )
    for place, (column, row) in found.items():
        written = str(sheet.rows[row][place])
        if same_tone_place(written) != same_tone_place(column.heading):
            findings.append(
                Finding(
                    row + 1,
                    letter(place),
                    "header_renamed",
                    sentence(
                        N_("The heading “%(written)s” was taken for “%(heading)s”."),
                        written=clean_line(written),
                        heading=column.heading,
                    ),
                    sentence(N_("Nothing to do.")),
                    Severity.FIXED,
                )
            )
    return findings
