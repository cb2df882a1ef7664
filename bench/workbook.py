"""Writes an office's list of dossiers with as many rows as wished, in the layout of the season's workbook."""

import random
from datetime import date
from pathlib import Path

import xlsxwriter

from bench import words
from evaluator.rules.dossier import FIELDS

HEADINGS = (
    "STT", "Mã hồ sơ", "Tên sáng kiến", "Loại", "Lĩnh vực", "Họ và tên tác giả", "Ngày sinh", "Đơn vị công tác",
    "Chức danh", "Trình độ", "Tỷ lệ đóng góp (%)", "Tình trạng kỹ thuật trước khi có sáng kiến",
    "Nội dung giải pháp", "Tính mới", "Khả năng áp dụng", "Hiệu quả kinh tế (đồng)", "Hiệu quả xã hội",
    "Ngày áp dụng lần đầu", "Đơn vị đã áp dụng", "Điện thoại", "Email",
)  # fmt: skip


def write(path: Path, rows: int, *, units: list[str], seed: int = 1) -> None:
    """Write a workbook of one-author dossiers."""
    chance = random.Random(seed)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Danh sách hồ sơ")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, rows + 1):
        unit = units[number % len(units)]
        line = (
            number, f"DKST-2026-{number:05}", words.sentence(chance, 9).capitalize(), "Sáng kiến",
            FIELDS[number % len(FIELDS)], words.name(chance), date(1985, 5, 1 + number % 28), unit, "Cán bộ", "Đại học",
            100, words.sentence(chance, 60), words.sentence(chance, 90), words.sentence(chance, 40), words.sentence(chance, 30),
            chance.randrange(10, 900) * 1_000_000, words.sentence(chance, 30), date(2025, 1 + number % 12, 10), unit,
            f"030{number:07}", f"tacgia{number}@donvi.example",
        )  # fmt: skip
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value)
            else:
                sheet.write(number, column, value)
    book.close()
