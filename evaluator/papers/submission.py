"""The submission letter (tờ trình): the council asks who decides to recognise what it has chosen."""

from dataclasses import dataclass
from datetime import date

from evaluator.papers.paper import Addressed, Block, Grounds, Items, Letterhead, Paper, Paragraph, Signature
from evaluator.papers.references import Reference
from evaluator.papers.words import in_sentence
from evaluator.papers.works import Work, list_of
from evaluator.rules.vietnamese import count, long_date


@dataclass(frozen=True, slots=True)
class Season:
    """How many dossiers came how far."""

    submitted: int
    accepted: int
    reviewed: int
    voted: int
    selected: int


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """Everything in a submission letter."""

    letterhead: Letterhead
    to: str  # who decides
    round_title: str
    council: str
    grounds: tuple[str, ...]
    sessions: tuple[date, ...]
    season: Season
    rule: str
    works: tuple[Work, ...]
    self_reference: Reference
    capacity: tuple[str, ...]
    signer: str


def submission(facts: SubmissionFacts) -> Paper:
    """Return the submission letter with the list of what is to be recognised."""
    season = facts.season
    days = "; ".join(long_date(day) for day in facts.sessions)
    blocks: list[Block] = [
        Addressed((facts.to,)),
        *([Grounds(facts.grounds)] if facts.grounds else []),
        Paragraph(
            f"{facts.council} đã tổ chức xét chọn theo {in_sentence(facts.round_title)}. Hội đồng họp {days} và kính trình "
            f"{facts.to} kết quả như sau:"
        ),
        Paragraph("", lead="1. Kết quả tiếp nhận, chấm điểm và biểu quyết"),
        Items(
            (
                f"Hồ sơ đã nộp: {count(season.submitted)}; hồ sơ hợp lệ: {count(season.accepted)}",
                f"Hồ sơ đã chấm điểm: {count(season.reviewed)}; hồ sơ đưa ra biểu quyết: {count(season.voted)}",
                f"Sáng kiến được Hội đồng thông qua: {count(season.selected)}",
            )
        ),
        Paragraph(facts.rule, lead="Quy tắc thông qua:"),
        Paragraph("", lead="2. Đề nghị"),
        Paragraph(
            f"Hội đồng kính trình {facts.to} xem xét, quyết định công nhận {count(len(facts.works))} sáng kiến, "
            "ý tưởng tiêu biểu (có danh sách kèm theo)./."
        ),
    ]
    return Paper(
        letterhead=facts.letterhead,
        kind="Tờ trình",
        kind_code="TTr",
        about=f"Về việc công nhận sáng kiến, ý tưởng tiêu biểu, {in_sentence(facts.round_title)}",
        blocks=tuple(blocks),
        signatures=(Signature(facts.capacity, facts.signer, hint=""),),
        number_text=facts.self_reference.number,
        dated=facts.self_reference.dated,
        recipients=("Như trên", "Thành viên Hội đồng", "Lưu: VT, HĐ"),
        annexes=(
            list_of(
                facts.works,
                title="Danh sách sáng kiến, ý tưởng đề nghị công nhận",
                belongs_to=f"Kèm theo {facts.self_reference.cited} của {facts.council}",
            ),
        ),
    )
