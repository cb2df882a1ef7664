"""The record of a count (biên bản kiểm phiếu): papers issued and collected, the result of each item."""

from dataclasses import dataclass
from datetime import date, datetime

from evaluator.papers.paper import Block, Column, Heading, Items, Letterhead, Paper, Paragraph, Signature, Table
from evaluator.papers.words import hour_and_date, percent
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import count


@dataclass(frozen=True, slots=True)
class Teller:
    """A member of the counting team."""

    name: str
    office: str  # Trưởng ban, Ủy viên


@dataclass(frozen=True, slots=True)
class CountItem:
    """The count of one item. ``base`` is the number the rule divides by, ``needed`` the votes it asks for."""

    title: str
    yes: int
    no: int
    no_opinion: int
    base: int
    needed: int
    passed: bool
    code: str = ""
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class CountFacts:
    """Everything on a record of a count."""

    letterhead: Letterhead
    council: str
    session: str  # e.g. "Phiên họp thứ nhất xét công nhận sáng kiến năm 2026"
    place: str
    opened_at: datetime
    closed_at: datetime
    tellers: tuple[Teller, ...]
    members: int
    present: int
    voting: int
    issued: int
    collected: int
    valid: int
    invalid: int
    items: tuple[CountItem, ...]
    rule: str  # the rule in words, ending in a full stop
    causes: tuple[tuple[str, int], ...] = ()  # why papers were not valid, and how many
    number: str = ""
    dated: date | None = None
    remarks: tuple[str, ...] = ()


def count_record(facts: CountFacts) -> Paper:
    """Return the record of a count (domain.md 2.5), with the share of yes in the rule's own base."""
    passed = [item for item in facts.items if item.passed]
    blocks: list[Block] = [
        Paragraph(
            f"Hồi {hour_and_date(facts.opened_at)}, tại {facts.place}, Ban kiểm phiếu của {facts.council} "
            f"tiến hành kiểm phiếu tại {facts.session}."
        ),
        Heading("I. BAN KIỂM PHIẾU"),
        Items(tuple(f"Ông (bà) {teller.name} - {teller.office}" for teller in facts.tellers)),
        Heading("II. SỐ THÀNH VIÊN VÀ SỐ PHIẾU"),
        Items(
            (
                (
                    f"Số thành viên Hội đồng được triệu tập: {count(facts.members)} người; "
                    f"có mặt: {count(facts.present)} người; tham gia bỏ phiếu: {count(facts.voting)} người"
                ),
                f"Số phiếu phát ra: {count(facts.issued)} phiếu; số phiếu thu về: {count(facts.collected)} phiếu",
                f"Số phiếu hợp lệ: {count(facts.valid)} phiếu; số phiếu không hợp lệ: {count(facts.invalid)} phiếu",
            )
        ),
        *_causes(facts),
        Heading("III. KẾT QUẢ KIỂM PHIẾU"),
        Paragraph(facts.rule, lead="Quy tắc thông qua:"),
        _results(facts.items),
        Heading("IV. KẾT LUẬN"),
        Paragraph(
            f"Có {count(len(passed))} trong tổng số {count(len(facts.items))} nội dung biểu quyết được thông qua, "
            f"{count(len(facts.items) - len(passed))} nội dung không được thông qua."
        ),
        *(Paragraph(remark) for remark in facts.remarks),
        Paragraph(
            f"Việc kiểm phiếu kết thúc hồi {hour_and_date(facts.closed_at)}. "
            "Biên bản được đọc công khai trước Hội đồng, các thành viên Ban kiểm phiếu thống nhất và cùng ký tên./."
        ),
    ]
    return Paper(
        letterhead=facts.letterhead,
        kind="Biên bản kiểm phiếu",
        kind_code="BB",
        about=facts.session,
        blocks=tuple(blocks),
        signatures=tuple(Signature((teller.office,), teller.name) for teller in reversed(facts.tellers)),
        number_text=facts.number,
        dated=facts.dated or day_of(facts.closed_at),
    )


def _causes(facts: CountFacts) -> list[Block]:
    """Return why papers were not valid, cause by cause (domain.md 2.5.1)."""
    if not facts.causes:
        return []
    return [
        Paragraph("Phiếu không hợp lệ chia theo lý do:"),
        Items(tuple(f"{cause}: {count(number)} phiếu" for cause, number in facts.causes)),
    ]


def _results(items: tuple[CountItem, ...]) -> Table:
    return Table(
        (
            Column("STT", 3, figures=True),
            Column("Nội dung biểu quyết", 13),
            Column("Tán thành", 4, figures=True),
            Column("Tỷ lệ", 5, figures=True),
            Column("Không tán thành", 4, figures=True),
            Column("Không có ý kiến", 4, figures=True),
            Column("Kết quả", 6),
        ),
        tuple(
            (
                str(place),
                f"{item.title} ({item.code})" if item.code else item.title,
                f"{item.yes}/{item.base}",
                percent(item.yes, item.base),
                str(item.no),
                str(item.no_opinion),
                "Thông qua" if item.passed else f"Không đạt (cần {item.needed})",
            )
            for place, item in enumerate(items, 1)
        ),
    )
