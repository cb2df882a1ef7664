"""A paper as a frozen value: what stands on it and in which order; how it looks is the business of the writers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The slots a unit fills in: who stands above it, who issues, the symbol of its papers, where it sits."""

    parent: str  # regular capitals, e.g. ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM TỈNH …; may be empty
    issuer: str  # bold capitals, e.g. BAN THƯỜNG TRỰC, or the council's name
    symbol: str  # issuing body in the number, e.g. HĐSK in 05/BB-HĐSK
    place: str  # e.g. Thanh Hóa; stands before the date; may be empty


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, justified, its first line indented; a lead word stands in bold before it."""

    text: str
    lead: str = ""
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A bold line that opens a part, e.g. "I. THÀNH PHẦN"."""

    text: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """Legal grounds ("căn cứ"): italic, each ends with a semicolon, the last with a full stop."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Centred:
    """A bold line in the middle, e.g. QUYẾT ĐỊNH: between the grounds and the articles."""

    text: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """The line Kính gửi and whom a paper is for; several stand below each other with dashes."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Dashed lines, one below the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its share of the width, and whether it holds figures."""

    head: str
    share: int
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table with a head that repeats on every page; ``foot`` is a bold last row, or empty.

    ``is_signed`` leaves room in each row for a signature.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    is_signed: bool = False


Block = Paragraph | Heading | Grounds | Centred | Addressed | Items | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own: what it is called in capitals, and which paper it belongs to."""

    title: str
    belongs_to: str  # e.g. Kèm theo Quyết định số … ngày …, without parentheses
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: capacity lines in capitals, the name without any degree, a hint between them."""

    capacity: tuple[str, ...]
    name: str
    hint: str = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class Paper:
    """One official document. The number and the date may still be missing: the eOffice gives them."""

    letterhead: Letterhead
    kind: str  # tên loại, e.g. Biên bản; printed in capitals
    kind_code: str  # its legal abbreviation, e.g. BB
    about: str  # trích yếu
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    number: int | None = None
    number_text: str = ""  # instead of number and symbol, where a register gives the whole of it
    dated: date | None = None
    recipients: tuple[str, ...] = ()  # nơi nhận, without dashes; the last one is the file copy
    note: str = ""  # e.g. "Bản sửa lần 2", shown under the title
    annexes: tuple[Annex, ...] = ()
