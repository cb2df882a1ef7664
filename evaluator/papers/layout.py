"""What both writers print the same way: the number line, the place line, the grounds, the recipients."""

import re
from collections.abc import Iterator

from evaluator.papers.paper import Addressed, Grounds, Items, Paper
from evaluator.rules.vietnamese import long_date

NUMBER_TO_COME = "(chờ số)"
PLACE_TO_COME = "............"


def number_line(paper: Paper) -> str:
    """Return "Số: 05/BB-HĐSK"; below ten padded; "chờ số" where the eOffice has not numbered it yet."""
    if paper.number_text:
        return f"Số: {paper.number_text}"
    number = NUMBER_TO_COME if paper.number is None else f"{paper.number:02d}"
    return f"Số: {number}/{paper.kind_code}-{paper.letterhead.symbol}"


def place_line(paper: Paper) -> str:
    """Return "Thanh Hóa, ngày 05 tháng 3 năm 2026", with gaps while there is no place or date."""
    day = "ngày ... tháng ... năm ......" if paper.dated is None else long_date(paper.dated)
    return f"{paper.letterhead.place or PLACE_TO_COME}, {day}"


def title(paper: Paper) -> str:
    """Return what the paper is about, with each year kept on the line of its word."""
    return re.sub(r"năm (\d{4})", "năm\u00a0\\1", paper.about)


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def annex_name(paper: Paper, place: int) -> str:
    """Return "Phụ lục", with a Roman number where there are several (Decree 30, Appendix I)."""
    return "Phụ lục" if len(paper.annexes) == 1 else f"Phụ lục {ROMAN[place]}"


def addressed_lines(block: Addressed) -> tuple[str, ...]:
    """Return "Kính gửi: …" on one line for one, else a dashed list below it."""
    if len(block.to) == 1:
        return (f"Kính gửi: {block.to[0]}",)
    last = len(block.to) - 1
    return ("Kính gửi:", *(f"- {name}{'.' if place == last else ';'}" for place, name in enumerate(block.to)))


def grounds_lines(grounds: Grounds) -> Iterator[str]:
    """Yield the grounds, each ending in a semicolon and the last in a full stop."""
    for place, line in enumerate(grounds.lines, 1):
        yield line.rstrip(" ;.") + (";" if place < len(grounds.lines) else ".")


def item_lines(items: Items) -> Iterator[str]:
    """Yield dashed lines, each ending in a semicolon and the last in a full stop."""
    for place, line in enumerate(items.lines, 1):
        yield f"- {line.rstrip(' ;.')}" + (";" if place < len(items.lines) else ".")


def recipient_lines(paper: Paper) -> Iterator[str]:
    """Yield "- …;" lines, the last with a full stop."""
    for place, line in enumerate(paper.recipients, 1):
        yield f"- {line.rstrip(' ;.')}" + (";" if place < len(paper.recipients) else ".")
