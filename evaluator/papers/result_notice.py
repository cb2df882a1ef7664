"""The notice of a result (thông báo kết quả) to the authors and the unit of one dossier; a refusal says why."""

from dataclasses import dataclass

from evaluator.papers.paper import Addressed, Block, Items, Letterhead, Paper, Paragraph, Signature
from evaluator.papers.references import Reference
from evaluator.papers.words import in_sentence
from evaluator.papers.works import Work


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Everything in a notice. What authors may not know stands empty in ``work``."""

    letterhead: Letterhead
    round_title: str
    council: str
    work: Work
    is_selected: bool
    decision: Reference
    asks_until: str  # until when re-marking may be asked for; empty where there is none
    self_reference: Reference
    capacity: tuple[str, ...]
    signer: str


def result_notice(facts: NoticeFacts) -> Paper:
    """Return the notice: what was decided, the figures its readers may know, the reasons, what can still be asked."""
    work = facts.work
    outcome = (
        f"được công nhận là sáng kiến, ý tưởng tiêu biểu theo {facts.decision.cited}"
        if facts.is_selected
        else "không được công nhận trong đợt này"
    )
    figures = (
        *((f"Điểm: {work.points}",) if work.points else ()),
        *((f"Xếp hạng: {work.rank}",) if work.rank else ()),
        *((f"Xếp loại: {work.grade}",) if work.grade and facts.is_selected else ()),
        *((f"Số phiếu tán thành: {work.votes}",) if work.votes else ()),
    )
    blocks: list[Block] = [
        Addressed((*(f"Ông (bà) {author.name}" for author in work.authors), *((work.unit,) if work.unit else ()))),
        Paragraph(f"{facts.council} thông báo kết quả xét chọn theo {in_sentence(facts.round_title)} như sau:"),
        Paragraph(f"Sáng kiến “{work.title}” (mã hồ sơ {work.code}) của {work.names} {outcome}.", lead="1. Kết quả:"),
    ]
    if figures:
        blocks += [Paragraph("", lead="2. Số liệu"), Items(figures)]
    if work.reasons:
        blocks += [Paragraph("", lead=f"{3 if figures else 2}. Lý do"), Items(work.reasons)]
    if facts.asks_until:
        blocks.append(
            Paragraph(f"Tác giả có thể đề nghị chấm lại bằng văn bản, nêu rõ lý do, đến hết {facts.asks_until}.")
        )
    blocks.append(Paragraph("Hội đồng trân trọng thông báo và cảm ơn tác giả đã tham gia phong trào./."))
    return Paper(
        letterhead=facts.letterhead,
        kind="Thông báo",
        kind_code="TB",
        about=f"Kết quả xét sáng kiến, ý tưởng, {in_sentence(facts.round_title)}",
        blocks=tuple(blocks),
        signatures=(Signature(facts.capacity, facts.signer, hint=""),),
        number_text=facts.self_reference.number,
        dated=facts.self_reference.dated,
        recipients=("Như trên", "Lưu: VT, HĐ"),
    )
