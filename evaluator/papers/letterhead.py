"""What a letterhead can be read from: the place in a unit's name, the symbol in a decision's number."""

import re

_PLACE = re.compile(r"(?:tỉnh|thành phố|huyện|thị xã|xã|phường|thị trấn|đặc khu)\s+(\S.*)$", re.IGNORECASE)
_SYMBOL = re.compile(r"/[^-/]+-([^/]*[^/\s])")
SYMBOL = "HĐSK"


def place_of(unit_name: str) -> str:
    """Return the place a unit sits in, as far as its name tells: "… tỉnh Thanh Hóa" gives "Thanh Hóa"."""
    found = _PLACE.search(unit_name.strip())
    return found[1].strip() if found else ""


def symbol_of(number: str) -> str:
    """Return who issues, from a number such as 404/QĐ-HĐSK; the usual symbol of such a council where it has none."""
    found = _SYMBOL.search(number)
    return found[1].strip() if found else SYMBOL


def council_symbol(number: str) -> str:
    """Return the symbol of a council's own papers: that of the decision that set it up if the council gave it itself."""
    symbol = symbol_of(number)
    return symbol if symbol.startswith("HĐ") else SYMBOL
