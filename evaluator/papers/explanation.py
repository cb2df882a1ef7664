"""The explanation of a result (bản giải trình kết quả chấm): every number from the sheets to the rank."""

from dataclasses import dataclass

from evaluator.papers.paper import Block, Heading, Items, Letterhead, Paper, Paragraph, Signature


@dataclass(frozen=True, slots=True)
class ExplanationFacts:
    """Everything on an explanation; sections are headings with their lines."""

    letterhead: Letterhead
    round_title: str
    code: str
    title: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    closing: str


def explanation(facts: ExplanationFacts) -> Paper:
    """Return the paper that explains one result."""
    blocks: list[Block] = [
        Paragraph(facts.round_title, lead="Đợt xét:"),
        Paragraph(facts.code, lead="Mã hồ sơ:"),
        Paragraph(facts.title, lead="Tên sáng kiến:"),
    ]
    for number, (heading, lines) in enumerate(facts.sections, start=1):
        blocks += [Heading(f"{number}. {heading}"), Items(lines)]
    blocks.append(Paragraph(facts.closing, italic=True))
    return Paper(
        letterhead=facts.letterhead,
        kind="Bản giải trình",
        kind_code="GT",
        about=f"Kết quả chấm điểm hồ sơ {facts.code}",
        blocks=tuple(blocks),
        signatures=(Signature(("ỦY VIÊN THƯ KÝ",), ""),),
        recipients=("Lưu: VT.",),
    )
