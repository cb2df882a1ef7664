"""The receipt slip (phiếu tiếp nhận): what was handed in, what is missing, when, and to whom."""

from dataclasses import dataclass
from datetime import datetime

from evaluator.papers.paper import Block, Column, Letterhead, Paper, Paragraph, Signature, Table
from evaluator.papers.words import hour_and_date
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import count


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the dossier: its name, whether it is there, and a remark (a file name, a number of pages)."""

    name: str
    present: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Everything on a receipt slip."""

    letterhead: Letterhead
    number: str  # the receipt number as the register gives it
    received_at: datetime  # aware
    round_title: str
    code: str
    title: str
    authors: tuple[str, ...]
    unit: str
    parts: tuple[Part, ...]
    received_by: str  # a person's name; empty: the system received it
    handed_in_by: str
    fingerprint: str = ""  # digest of what was handed in


def receipt(facts: ReceiptFacts) -> Paper:
    """Return the receipt slip of one dossier (domain.md 2.5: number, date, parts, missing parts, who received)."""
    missing = [part.name for part in facts.parts if not part.present]
    blocks: list[Block] = [
        Paragraph(hour_and_date(facts.received_at), lead="Thời điểm tiếp nhận:"),
        Paragraph(facts.round_title, lead="Đợt xét:"),
        Paragraph(facts.code, lead="Mã hồ sơ:"),
        Paragraph(facts.title, lead="Tên sáng kiến:"),
        Paragraph("; ".join(facts.authors), lead="Tác giả:"),
        Paragraph(facts.unit, lead="Đơn vị:"),
        Paragraph("", lead="Thành phần hồ sơ đã nộp:"),
        Table(
            (
                Column("STT", 2, figures=True),
                Column("Thành phần hồ sơ", 12),
                Column("Tình trạng", 4),
                Column("Ghi chú", 7),
            ),
            tuple(
                (str(place), part.name, "Đã nộp" if part.present else "Còn thiếu", part.remark)
                for place, part in enumerate(facts.parts, 1)
            ),
        ),
        Paragraph(
            f"Hồ sơ còn thiếu {count(len(missing))} thành phần: {'; '.join(missing)}."
            if missing
            else "Hồ sơ đủ thành phần theo quy định."
        ),
    ]
    if facts.fingerprint:
        blocks.append(Paragraph("", lead="Mã kiểm tra nội dung hồ sơ (SHA-256):"))
        blocks.append(Paragraph(facts.fingerprint))
    return Paper(
        letterhead=facts.letterhead,
        kind="Phiếu tiếp nhận",
        kind_code="PTN",
        about="Hồ sơ đề nghị công nhận sáng kiến",
        blocks=tuple(blocks),
        signatures=(
            Signature(("Người nộp hồ sơ",), facts.handed_in_by),
            Signature(("Người tiếp nhận",), facts.received_by),
        ),
        number_text=facts.number,
        dated=day_of(facts.received_at),
    )
