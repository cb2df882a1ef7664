"""The receipt slip of a dossier as an official paper."""

from evaluator.core.errors import NotFound
from evaluator.initiatives.models import Initiative
from evaluator.papers.letterhead import place_of
from evaluator.papers.paper import Letterhead, Paper
from evaluator.papers.receipt import Part, ReceiptFacts, receipt
from evaluator.rules.dossier import NEEDED_TEXTS
from evaluator.rules.vietnamese import money

# The words of the printed form (Circular 18/2013, Appendix I): Vietnamese by law, whatever the reader's language.
PART_NAMES = {
    "problem": "Tình trạng giải pháp đã biết",
    "solution": "Nội dung giải pháp",
    "novelty": "Tính mới của giải pháp",
    "conditions": "Điều kiện và khả năng áp dụng",
    "benefit_author": "Lợi ích theo ý kiến của tác giả",
    "benefit_applier": "Lợi ích theo ý kiến của nơi đã áp dụng",
    "participants": "Danh sách người tham gia áp dụng lần đầu",
}


def receipt_of(initiative: Initiative) -> Paper:
    """Return the slip: number, time, parts and fingerprint.

    Raises:
        NotFound: it has not been submitted.
    """
    if initiative.submitted_at is None or initiative.receipt_number is None:
        raise NotFound
    return receipt(
        ReceiptFacts(
            letterhead=Letterhead(
                parent=initiative.round.unit_name.upper(),
                issuer=initiative.round.council_name.upper(),
                symbol="HĐSK",
                place=place_of(initiative.round.unit_name),
            ),
            number=number_of(initiative),
            received_at=initiative.submitted_at,
            round_title=initiative.round.title,
            code=initiative.code,
            title=initiative.title,
            authors=tuple(author.name for author in initiative.authors),
            unit=initiative.unit_name,
            parts=_parts(initiative),
            received_by="",
            handed_in_by=initiative.authors[0].name if initiative.authors else "",
            fingerprint=initiative.content_hash,
        )
    )


def number_of(initiative: Initiative) -> str:
    """Return the receipt number as the register writes it: padded, so that it sorts and reads well."""
    return f"{initiative.receipt_number:04d}" if initiative.receipt_number is not None else ""


def _parts(initiative: Initiative) -> tuple[Part, ...]:
    texts = initiative.texts()
    written = [Part(name, bool(texts[key])) for key, name in PART_NAMES.items() if texts[key] or key in NEEDED_TEXTS]
    benefit = [Part("Giá trị làm lợi", True, money(initiative.money_benefit))] if initiative.money_benefit else []
    files = [Part("Tệp kèm theo", True, each.name) for each in initiative.attachments]
    return (*written, *benefit, *files)
