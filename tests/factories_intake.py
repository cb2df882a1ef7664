"""Makes workbooks as offices send them, clean or with one thing wrong, and a small PDF."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from pypdf import PdfWriter

from evaluator.core.db import transaction
from evaluator.initiatives import identity
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.rounds.models import Round
from tests.factories import START, actor_of

HEADINGS = (
    "STT", "Mã hồ sơ", "Tên sáng kiến", "Loại", "Lĩnh vực", "Họ và tên tác giả", "Ngày sinh", "Đơn vị công tác", "Chức danh",
    "Trình độ", "Tỷ lệ đóng góp (%)", "Tình trạng kỹ thuật trước khi có sáng kiến", "Nội dung giải pháp", "Tính mới",
    "Khả năng áp dụng", "Hiệu quả kinh tế (đồng)", "Hiệu quả xã hội", "Ngày áp dụng lần đầu", "Đơn vị đã áp dụng", "Điện thoại", "Email",
)  # fmt: skip
UNITS = (
    "Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa",
    "Ủy ban MTTQ Việt Nam huyện Hà Trung",
    "Ủy ban MTTQ Việt Nam huyện Quan Hóa",
    "Trường Tiểu học Kim Đồng, huyện Hà Trung",
    "Sở Nội vụ tỉnh Thanh Hóa",
)
FIELDS = (
    "Giáo dục và đào tạo",
    "Y dược, chăm sóc sức khỏe",
    "Nông, lâm, ngư nghiệp",
    "Công nghệ thông tin, chuyển đổi số",
)
LETTERS = dict(zip(HEADINGS, "ABCDEFGHIJKLMNOPQRSTU", strict=True))

Row = dict[str, Any]


def a_row(number: int = 1, **changes: Any) -> Row:
    """The first row of a good dossier; ``changes`` are given by heading, with ``_`` for what a name cannot hold."""
    row: Row = {
        "STT": number,
        "Mã hồ sơ": f"DKST-2024-{number:04d}",
        "Tên sáng kiến": f"Tưới nhỏ giọt bằng ống tận dụng, mẫu {number}",
        "Loại": "Sáng kiến",
        "Lĩnh vực": "Nông, lâm, ngư nghiệp",
        "Họ và tên tác giả": f"Lò Văn Mai {_NAMES[number % len(_NAMES)]}",
        "Ngày sinh": date(1980, 3, 5),
        "Đơn vị công tác": "Trường Tiểu học Kim Đồng, huyện Hà Trung",
        "Chức danh": "Giáo viên",
        "Trình độ": "Đại học",
        "Tỷ lệ đóng góp (%)": 100,
        "Tình trạng kỹ thuật trước khi có sáng kiến": "Nước thất thoát nhiều.",
        "Nội dung giải pháp": "Tưới nhỏ giọt, hẹn giờ cơ học.",
        "Tính mới": "Không cần điện.",
        "Khả năng áp dụng": "Nơi có bể cao.",
        "Hiệu quả kinh tế (đồng)": 25_000_000,
        "Hiệu quả xã hội": "Giảm công tưới.",
        "Ngày áp dụng lần đầu": date(2023, 9, 12),
        "Đơn vị đã áp dụng": "Trường Tiểu học Kim Đồng, huyện Hà Trung",
        "Điện thoại": "0312345678",
        "Email": f"mai{number}@example.org",
    }
    return row | changes


_NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Linh", "Minh", "Nga")


def a_co_author(head: Row, name: str = "Hà Thị Lan", share: Any = 40, **changes: Any) -> Row:
    """A further author's row of a dossier."""
    row = dict.fromkeys(HEADINGS)
    for heading in ("Mã hồ sơ", "Tên sáng kiến", "Đơn vị công tác"):
        row[heading] = head[heading]
    return row | {"Họ và tên tác giả": name, "Ngày sinh": date(1985, 1, 2), "Tỷ lệ đóng góp (%)": share} | changes


def a_workbook(
    rows: Iterable[Row | Sequence[Any]],
    *,
    above: Sequence[Sequence[Any]] = (),
    headings: Sequence[Sequence[Any]] = (HEADINGS,),
    sheets: dict[str, Sequence[Sequence[Any]]] | None = None,
    title: str = "Danh sách hồ sơ",
) -> bytes:
    """The bytes of an .xlsx: rows above, headings (one row or two), the rows, and further sheets."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in (*above, *headings):
        sheet.append(list(row))
    for row in rows:
        sheet.append([row.get(heading) for heading in HEADINGS] if isinstance(row, dict) else list(row))
    for name, lines in (sheets or {}).items():
        further = book.create_sheet(name)
        for line in lines:
            further.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_pdf(*, author: str = "") -> bytes:
    """The bytes of a PDF of one empty page, with its author in the metadata."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": author})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_look(secretary: Account, *things: Initiative | Round) -> None:
    """Put on record that the secretary has opened the authors of dossiers, or the names of a round's register."""
    by = actor_of(secretary)
    with transaction():
        for thing in things:
            if isinstance(thing, Round):
                identity.look_at_list(thing, "Xem để kiểm tra", by=by, now=START)
            else:
                identity.look(thing, "Xem để kiểm tra", by=by, now=START)
