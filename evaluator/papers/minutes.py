"""The minutes of a session (biên bản họp): who was there, what was said, what was decided."""

from dataclasses import dataclass
from datetime import date, datetime

from evaluator.papers.paper import Block, Grounds, Heading, Items, Letterhead, Paper, Paragraph, Signature
from evaluator.papers.words import hour_and_date, percent
from evaluator.rules.calendar import day_of
from evaluator.rules.vietnamese import count


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member at roll call. ``reason`` says why one is absent."""

    name: str
    office: str  # Chủ tịch Hội đồng, Ủy viên, …
    present: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MinuteItem:
    """One item of the agenda: what was said, how the council voted, what it concluded."""

    title: str
    code: str
    discussion: str
    yes: int
    no: int
    no_opinion: int
    base: int
    needed: int
    passed: bool
    how: str = "Biểu quyết"  # Biểu quyết công khai, Bỏ phiếu kín
    put_as: str = ""  # the title under which it was put to the vote, where authors were still hidden
    papers: str = ""  # of a secret ballot: issued, collected, valid, not valid by cause; ending in a full stop
    set_aside: str = ""  # instead of a vote: postponed or withdrawn, and why, ending in a full stop
    recused: tuple[str, ...] = ()  # who left the room, and why
    taken_back: tuple[str, ...] = ()  # votes broken off, decisions taken back, each with its reason and a full stop
    incidents: tuple[str, ...] = ()  # what happened beside the vote, each with a full stop
    place: int | None = None  # where ballots ranked the items
    written: tuple[str, ...] = ()  # opinions that absent members sent in
    reserved: tuple[str, ...] = ()  # opinions that members keep, as they worded them


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """Everything in the minutes."""

    letterhead: Letterhead
    council: str
    session: str
    place: str
    opened_at: datetime
    closed_at: datetime
    chair: str
    secretary: str
    attendees: tuple[Attendee, ...]
    quorum: str  # in words, ending in a full stop
    rule: str
    agenda: tuple[str, ...]
    items: tuple[MinuteItem, ...]
    conclusion: tuple[str, ...]
    grounds: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()  # who came, left and came back, and when
    number: str = ""
    dated: date | None = None
    seal: str = ""  # the head of the ledger of votes, shortened; whoever has the evidence can compare it
    correction: str = ""  # of a later version: what was corrected, shown under the title


def minutes(facts: MinutesFacts) -> Paper:
    """Return the minutes of a session (domain.md 2.5), secretary left and chair right."""
    present = [who for who in facts.attendees if who.present]
    absent = [who for who in facts.attendees if not who.present]
    blocks: list[Block] = [
        *([Grounds(facts.grounds)] if facts.grounds else []),
        Paragraph(
            f"Hôm nay, hồi {hour_and_date(facts.opened_at)}, tại {facts.place}, {facts.council} họp {facts.session}."
        ),
        Heading("I. THÀNH PHẦN"),
        Paragraph(f"{facts.chair}", lead="1. Chủ trì:"),
        Paragraph(f"{facts.secretary}", lead="2. Thư ký:"),
        Paragraph(f"{count(len(present))}/{count(len(facts.attendees))} thành viên", lead="3. Có mặt:"),
        Items(tuple(f"{who.name} - {who.office}" for who in present)),
        Paragraph(f"{count(len(absent))} thành viên" if absent else "Không", lead="4. Vắng mặt:"),
        *([Items(tuple(_absence(who) for who in absent))] if absent else []),
        *_movements(facts.movements),
        Paragraph(facts.quorum),
        Heading("II. NỘI DUNG"),
        Items(facts.agenda),
        Heading("III. THẢO LUẬN VÀ BIỂU QUYẾT"),
        Paragraph(facts.rule, lead="Quy tắc thông qua:"),
    ]
    for place, item in enumerate(facts.items, 1):
        blocks.extend(_item(place, item))
    blocks.append(Heading("IV. KẾT LUẬN"))
    blocks.extend(Paragraph(line) for line in facts.conclusion)
    if facts.seal:
        blocks.append(Paragraph(facts.seal, lead="Mã niêm phong sổ biểu quyết:"))
    blocks.append(
        Paragraph(
            f"Cuộc họp kết thúc hồi {hour_and_date(facts.closed_at)}. "
            "Biên bản đã được đọc lại cho các thành viên cùng nghe và nhất trí thông qua./."
        )
    )
    return Paper(
        letterhead=facts.letterhead,
        kind="Biên bản họp",
        kind_code="BB",
        about=facts.session,
        blocks=tuple(blocks),
        signatures=(Signature(("Thư ký",), facts.secretary), Signature(("Chủ tịch Hội đồng",), facts.chair)),
        number_text=facts.number,
        dated=facts.dated or day_of(facts.closed_at),
        recipients=("Thành viên Hội đồng", "Lưu: VT, HĐ"),
        note=facts.correction,
    )


def _movements(movements: tuple[str, ...]) -> list[Block]:
    return [Paragraph("", lead="5. Ra, vào trong phiên họp:"), Items(movements)] if movements else []


def _absence(who: Attendee) -> str:
    return f"{who.name} - {who.office}: {who.reason or 'không nêu lý do'}"


def _item(place: int, item: MinuteItem) -> list[Block]:
    code = f" ({item.code})" if item.code else ""
    blocks: list[Block] = [Paragraph("", lead=f"{place}. {item.title}{code}")]
    if item.discussion:
        blocks.append(Paragraph(item.discussion, lead="Ý kiến thảo luận:"))
    if item.recused:
        blocks.append(
            Paragraph(
                f"{'; '.join(item.recused)}. Thành viên có lợi ích liên quan không dự thảo luận, không biểu quyết "
                "nội dung này.",
                lead="Ra khỏi phòng họp:",
            )
        )
    blocks.extend(Paragraph(opinion, lead="Ý kiến bằng văn bản:", italic=True) for opinion in item.written)
    blocks.extend(Paragraph(each, lead="Thu hồi:") for each in item.taken_back)
    blocks.extend(Paragraph(each, lead="Diễn biến:") for each in item.incidents)
    if item.set_aside:
        return [*blocks, Paragraph(item.set_aside, lead="Kết quả:")]
    if item.put_as and item.put_as != item.title:
        blocks.append(Paragraph(f"“{item.put_as}”.", lead="Đưa ra biểu quyết với tên:"))
    if item.papers:
        blocks.append(Paragraph(item.papers, lead="Phiếu biểu quyết:"))
    if item.place is not None:
        chosen = "được chọn" if item.passed else "không được chọn"
        ranked = f"xếp thứ {item.place} theo {count(item.base)} phiếu xếp hạng. Kết quả: {chosen}."
        reserved = [Paragraph(opinion, lead="Ý kiến bảo lưu:", italic=True) for opinion in item.reserved]
        return [*blocks, Paragraph(ranked, lead=f"{item.how}:"), *reserved]
    verdict = "thông qua" if item.passed else f"không thông qua (cần ít nhất {count(item.needed)} phiếu tán thành)"
    blocks.append(
        Paragraph(
            f"tán thành {item.yes}/{item.base} ({percent(item.yes, item.base)}), không tán thành {item.no}, "
            f"không có ý kiến {item.no_opinion}. Kết quả: {verdict}.",
            lead=f"{item.how}:",
        )
    )
    blocks.extend(Paragraph(opinion, lead="Ý kiến bảo lưu:", italic=True) for opinion in item.reserved)
    return blocks
