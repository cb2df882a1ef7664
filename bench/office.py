"""What an office does now and then: start the service, import a list, assign reviewers, print the book."""

import csv
import random
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import large_round, processes, words, workbook
from bench.measure import Row
from config import Config
from evaluator.app import create_app
from evaluator.compendium.builders import BUILDERS
from evaluator.compendium.edition import Contributor, Edition, Entry, Figures, Seat, Section, Work
from evaluator.core import schema
from evaluator.core.db import db
from evaluator.rules.dossier import FIELDS

REPEATS = 3
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def start() -> Iterator[Row]:
    """How long the service takes to come up, and the memory of all its processes after some use."""
    for size in (0, 5_000):
        with instance_with(size) as instance:
            seconds = []
            for _ in range(REPEATS):
                with processes.service(instance) as (process, address, taken):
                    seconds.append(taken * 1000)
                    for _ in range(100):
                        urllib.request.urlopen(address + "/login").read()  # noqa: S310 - our own server
                    resident = processes.memory(process)
            yield Row("start until it answers (wall)", size, statistics.median(seconds), max(seconds))
            yield Row("memory of all processes, MB", size, resident, resident, aim="150 MB")


def imports() -> Iterator[Row]:
    """The command that takes a workbook into a round."""
    for size in (300, 5_000):
        with instance_with(0) as instance:
            units = [row["name"] for row in large_round.units()]
            workbook.write(instance / "list.xlsx", size, units=units)
            take = [*FLASK, "initiatives", "import", str(instance / "list.xlsx"), "--round", large_round.CODE]
            wall, cost, peak = processes.peak([*take, "--dry-run"], instance)
            yield Row("import: dry run", size, cost * 1000, cost * 1000, note=f"{wall:.1f} s wall, {peak:.0f} MB")
            wall, cost, peak = processes.peak(take, instance)
            yield Row("import", size, cost * 1000, cost * 1000, note=f"{wall:.1f} s wall, {peak:.0f} MB")


def assignment() -> Iterator[Row]:
    """The exact optimum from a file of affinities."""
    for initiatives, reviewers in ((300, 30), (1_000, 100)):
        with tempfile.TemporaryDirectory() as folder:
            chance, table = random.Random(1), Path(folder) / "affinity.csv"
            with table.open("w", newline="") as file:
                csv.writer(file).writerows(
                    (f"I{i}", f"R{r}", f"{chance.random():.4f}") for i in range(initiatives) for r in range(reviewers)
                )
            command = [*FLASK, "assign", "--affinity", str(table), "--reviews", "3", "--max-load", "33", "--json"]
            wall, cost, peak = processes.peak([*command, "--out", str(Path(folder) / "out.csv")], Path(folder))
            note = f"{reviewers} reviewers, 3 each; {wall:.1f} s wall, {peak:.0f} MB"
            yield Row("assign from files", initiatives, cost * 1000, cost * 1000, note=note)


def book() -> Iterator[Row]:
    """Every format of the book; the PDF is made in a child process, so the time is that of the wall."""
    for entries in (60, 300):
        book_of = edition(entries)
        for name, builder in BUILDERS.items():
            yield _timed(f"book: {name} (wall)", entries, builder.build, book_of)


def _timed(what: str, size: int, build: Callable[[Edition], bytes], book_of: Edition) -> Row:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        content = build(book_of)
        times.append((time.perf_counter() - begun) * 1000)
    return Row(what, size, statistics.median(times), max(times), bytes=len(content))


@contextmanager
def instance_with(dossiers: int) -> Iterator[Path]:
    """Yield the folder of an instance with a round of so many dossiers; none: a round that takes submissions."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(Config.development({"INSTANCE_DIR": folder}))
        with app.app_context():
            schema.upgrade()
            large_round.fill(dossiers)
            db.session.remove()
            db.engine.dispose()
        yield instance


def edition(entries: int) -> Edition:
    """Return a book of so many entries, about a page each."""
    chance = random.Random(1)
    headings = ("Tình trạng trước khi có sáng kiến", "Nội dung giải pháp", "Tính mới", "Hiệu quả")
    book_entries = tuple(
        Entry(
            code=f"SK-{number:04}",
            number=number,
            title=words.sentence(chance, 12).capitalize(),
            kind="Sáng kiến",
            field=FIELDS[number % len(FIELDS)],
            authors=(Contributor(words.name(chance), "Kỹ sư", "Cán bộ", "Trạm Khuyến nông"),),
            unit=f"Ủy ban MTTQ Việt Nam xã {number}",
            sections=tuple(Section(each, words.sentence(chance, 100).capitalize() + ".") for each in headings),
            benefit=25_000_000,
            decision="Quyết định số 05/QĐ-HĐSK ngày 05 tháng 3 năm 2026",
        )
        for number in range(1, entries + 1)
    )
    return Edition(
        code="2026-1",
        title="Tuyển tập sáng kiến, ý tưởng tiêu biểu",
        subtitle="Phong trào thi đua “Đoàn kết sáng tạo”",
        year=2026,
        unit="Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        parent="Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
        council="Hội đồng sáng kiến",
        place="Thanh Hóa",
        preface=words.sentence(chance, 200),
        preface_by=Seat("Lê Thị Minh", "Chủ tịch Hội đồng"),
        announcement="Các công trình được công nhận theo Quyết định số 05/QĐ-HĐSK.",
        publication=(("Khổ sách", "16 × 24 cm"),),
        boards=(),
        figures=Figures(entries * 2, entries * 2, entries * 2, entries),
        fields=tuple(FIELDS),
        entries=book_entries,
        works=tuple(
            Work(entry.title, tuple(each.name for each in entry.authors), entry.unit, entry.field, entry.number)
            for entry in book_entries
        ),
    )
