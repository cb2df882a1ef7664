"""A paper as PDF: the same value, the same measures, set by typst in a child process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluator.papers import layout
from evaluator.papers import measures as m
from evaluator.papers.paper import Addressed, Block, Centred, Grounds, Heading, Items, Paper, Paragraph, Table
from evaluator.papers.press import print_pdf
from evaluator.papers.words import printable

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(paper: Paper) -> bytes:
    """Return the paper as PDF/UA-1, the same bytes for the same paper."""
    return print_pdf(TEMPLATE, _data(paper), system_fonts=True)


def pdfs(papers: Sequence[Paper]) -> bytes:
    """Return several papers in one PDF, each beginning a page of its own and numbering its own pages."""
    first = papers[0]
    data = {"title": first.kind, "issuer": first.letterhead.issuer, "papers": [_one(paper) for paper in papers]}
    return print_pdf(TEMPLATE, {"measures": _measures(), **data}, system_fonts=True)


def _data(paper: Paper) -> dict[str, Any]:
    return {
        "measures": _measures(),
        "title": f"{paper.kind}: {paper.about}",
        "issuer": paper.letterhead.issuer,
        "papers": [_one(paper)],
    }


def _measures() -> dict[str, Any]:
    return {name.lower(): getattr(m, name) for name in dir(m) if name.isupper()}


def _one(paper: Paper) -> dict[str, Any]:
    return {
        "title": f"{paper.kind}: {paper.about}",
        "parent": paper.letterhead.parent,
        "issuer": paper.letterhead.issuer,
        "number": layout.number_line(paper),
        "place": layout.place_line(paper),
        "kind": paper.kind,
        "about": layout.title(paper),
        "note": paper.note,
        "blocks": _with_last([shown for block in paper.blocks for shown in _blocks(block)]),
        "signatures": [
            {
                "capacity": list(signature.capacity),
                "hint": signature.hint,
                "name": signature.name,
            }
            for signature in paper.signatures
        ],
        "recipients": list(layout.recipient_lines(paper)),
        "annexes": [
            {
                "name": layout.annex_name(paper, place),
                "title": annex.title,
                "belongs_to": annex.belongs_to,
                "blocks": [shown for block in annex.blocks for shown in _blocks(block)],
            }
            for place, annex in enumerate(paper.annexes, 1)
        ],
    }


def _with_last(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks with the last line marked: it does not leave the signature alone on a page."""
    return [*blocks[:-1], {**blocks[-1], "last": True}] if blocks else blocks


def _blocks(block: Block) -> list[dict[str, Any]]:
    match block:
        case Paragraph():
            first, *rest = printable(block.text).split("\n")
            return [
                {"is": "line", "lead": block.lead, "text": first, "italic": block.italic},
                *({"is": "line", "lead": "", "text": line, "italic": block.italic} for line in rest),
            ]
        case Heading():
            return [{"is": "heading", "text": block.text}]
        case Centred():
            return [{"is": "centred", "text": block.text}]
        case Addressed():
            return [{"is": "addressed", "lines": list(layout.addressed_lines(block))}]
        case Grounds():
            lines, italic = layout.grounds_lines(block), True
        case Items():
            lines, italic = layout.item_lines(block), False
        case Table():
            return [_table(block)]
    return [{"is": "line", "lead": "", "text": line, "italic": italic} for line in lines]


def _table(block: Table) -> dict[str, Any]:
    return {
        "is": "table",
        "heads": [column.head for column in block.columns],
        "shares": [column.share for column in block.columns],
        "figures": [column.figures for column in block.columns],
        "rows": [list(row) for row in block.rows],
        "foot": list(block.foot),
        "is_signed": block.is_signed,
    }
