"""The decision of recognition (quyết định công nhận): legal grounds, three articles, the list."""

from dataclasses import dataclass

from evaluator.papers.paper import Block, Centred, Grounds, Letterhead, Paper, Paragraph, Signature
from evaluator.papers.references import Reference
from evaluator.papers.words import in_sentence
from evaluator.papers.works import Work, list_of
from evaluator.rules.vietnamese import count


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Everything in a decision."""

    letterhead: Letterhead
    authority: str  # who decides, as it stands above the grounds
    round_title: str
    council: str
    grounds: tuple[str, ...]
    submission: Reference
    works: tuple[Work, ...]
    self_reference: Reference
    capacity: tuple[str, ...]
    signer: str


def decision(facts: DecisionFacts) -> Paper:
    """Return the decision with its list; it cites the grounds of its day and the council's submission."""
    number = count(len(facts.works))
    asked = f"Theo đề nghị của {facts.council} tại {facts.submission.cited}"
    blocks: list[Block] = [
        Centred(facts.authority.upper()),
        Grounds((*facts.grounds, asked)),
        Centred("QUYẾT ĐỊNH:"),
        Paragraph(
            f"Công nhận {number} sáng kiến, ý tưởng tiêu biểu theo {in_sentence(facts.round_title)} (có danh sách kèm theo).",
            lead="Điều 1.",
        ),
        Paragraph(
            "Tác giả, nhóm tác giả của các sáng kiến, ý tưởng có tên trong danh sách được cấp Giấy chứng nhận và "
            "hưởng các quyền lợi theo quy định hiện hành.",
            lead="Điều 2.",
        ),
        Paragraph(
            f"Quyết định này có hiệu lực kể từ ngày ký. {facts.council}, các đơn vị liên quan và các tác giả có tên "
            "tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.",
            lead="Điều 3.",
        ),
    ]
    return Paper(
        letterhead=facts.letterhead,
        kind="Quyết định",
        kind_code="QĐ",
        about=f"Về việc công nhận sáng kiến, ý tưởng tiêu biểu, {in_sentence(facts.round_title)}",
        blocks=tuple(blocks),
        signatures=(Signature(facts.capacity, facts.signer, hint=""),),
        number_text=facts.self_reference.number,
        dated=facts.self_reference.dated,
        recipients=("Cấp trên trực tiếp (b/c)", "Như Điều 3", "Thành viên Hội đồng", "Lưu: VT, HĐ"),
        annexes=(
            list_of(
                facts.works,
                title="Danh sách sáng kiến, ý tưởng tiêu biểu được công nhận",
                belongs_to=f"Kèm theo {facts.self_reference.cited}",
            ),
        ),
    )
