"""The roll of attendance (danh sách thành viên dự họp): every seat, its place to sign, and why a seat is empty."""

from dataclasses import dataclass
from datetime import date

from evaluator.papers.paper import Block, Column, Letterhead, Paper, Paragraph, Signature, Table
from evaluator.rules.vietnamese import count


@dataclass(frozen=True, slots=True)
class Seat:
    """One member. ``is_present`` is None before the roll was called: the member signs on paper."""

    name: str
    post: str  # chức vụ, nơi công tác
    office: str  # Chủ tịch Hội đồng, Ủy viên, …
    is_present: bool | None = None
    note: str = ""  # why absent; when one came later or left


@dataclass(frozen=True, slots=True)
class RollFacts:
    """Everything on a roll of attendance."""

    letterhead: Letterhead
    session: str
    place: str
    held_on: date
    seats: tuple[Seat, ...]
    secretary: str
    chair: str
    number: str = ""


def roll(facts: RollFacts) -> Paper:
    """Return the roll of a session: to be signed at the door, or as it was called."""
    called = [seat for seat in facts.seats if seat.is_present is not None]
    present = sum(bool(seat.is_present) for seat in called)
    counted = (
        [
            Paragraph(
                f"{count(len(facts.seats))} thành viên; có mặt: {count(present)}; "
                f"vắng mặt: {count(len(facts.seats) - present)}.",
                lead="Tổng số:",
            )
        ]
        if called
        else [Paragraph(f"{count(len(facts.seats))} thành viên; có mặt: ......; vắng mặt: .......", lead="Tổng số:")]
    )
    blocks: list[Block] = [
        Paragraph(facts.place, lead="Địa điểm:"),
        Table(
            (
                Column("STT", 3, figures=True),
                Column("Họ và tên", 9),
                Column("Chức vụ, nơi công tác", 10),
                Column("Chức danh trong Hội đồng", 8),
                Column("Ký tên, hoặc lý do vắng mặt", 10),
            ),
            tuple(
                (str(place), seat.name, seat.post, seat.office, _mark(seat))
                for place, seat in enumerate(facts.seats, 1)
            ),
            is_signed=True,
        ),
        *counted,
    ]
    return Paper(
        letterhead=facts.letterhead,
        kind="Danh sách",
        kind_code="DS",
        about=f"Thành viên Hội đồng dự họp, {facts.session}",
        blocks=tuple(blocks),
        signatures=(Signature(("Thư ký",), facts.secretary), Signature(("Chủ tịch Hội đồng",), facts.chair)),
        number_text=facts.number,
        dated=facts.held_on,
    )


def _mark(seat: Seat) -> str:
    if seat.is_present is False:
        return f"Vắng mặt: {seat.note or 'không nêu lý do'}"
    return seat.note
