"""Vietnamese numbers, points and money: written, read, and in words."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from evaluator.rules.vietnamese.text import clean_line, fold

Exact = int | Decimal | Fraction


class Unreadable(ValueError):
    """A text that is no number, amount or date; ``why`` says what is wrong with it."""

    def __init__(self, why: "Why") -> None:
        self.why = why
        super().__init__(why.value)


class Why(StrEnum):
    """What can be wrong with a number, an amount or a date."""

    NOT_A_NUMBER = "not-a-number"
    TOO_MANY_PLACES = "too-many-places"
    AMBIGUOUS = "ambiguous"
    NEGATIVE = "negative"
    NOT_A_DATE = "not-a-date"
    YEAR_ONLY = "year-only"
    NOT_IN_CALENDAR = "not-in-calendar"


# --- writing ----------------------------------------------------------------------------------


def number(value: Exact, places: int | None = None) -> str:
    """Return 1.234.567,89: dots for thousands, a comma for decimals (CLDR vi).

    ``places`` rounds half up to exactly so many decimals; without it a decimal keeps those it has.
    A Fraction without ``places`` is shown to two.
    """
    if isinstance(value, Fraction):
        shown = _rounded(value, 2 if places is None else places)
        return number(shown if places is not None else _bare(shown))
    exact = Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign, digits = ("-" if exact < 0 else ""), f"{abs(exact):f}"
    whole, _, decimals = digits.partition(".")
    return sign + f"{int(whole):,}".replace(",", ".") + ("," + decimals if decimals else "")


def points(hundredths: int, places: int | None = None) -> str:
    """Return points kept in hundredths as people write them: 825 is 8,25; 800 is 8."""
    exact = Decimal(hundredths).scaleb(-2)
    return number(_bare(exact)) if places is None else number(exact, places)


def percent(hundredths: int) -> str:
    """Return a share kept in hundredths of a percent: 3333 is 33,33%."""
    return points(hundredths) + "%"


def money(amount: int) -> str:
    """Return whole đồng: 1.234.567 đồng."""
    return number(amount) + " đồng"


def count(value: int) -> str:
    """Return a number of things as papers write it: below ten with a zero in front (05 thành viên)."""
    return f"{value:02d}" if 0 <= value < 10 else number(value)


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")


def in_words(value: int) -> str:
    """Return a whole number in words: 1.205.000 is một triệu hai trăm linh năm nghìn."""
    if value < 0:
        return "âm " + in_words(-value)
    if value == 0:
        return _DIGITS[0]
    billions, rest = divmod(value, 10**9)
    parts = [in_words(billions) + " tỷ"] if billions else []
    for scale in (2, 1, 0):
        group = rest // 1000**scale % 1000
        if group:
            spoken = _three(group, full=bool(parts))
            parts.append(f"{spoken} {_SCALES[scale]}".strip())
    return " ".join(parts)


def money_in_words(amount: int) -> str:
    """Return an amount as payment papers want it: Một triệu hai trăm nghìn đồng."""
    spoken = in_words(amount) + " đồng"
    return spoken[:1].upper() + spoken[1:]


def _three(group: int, *, full: bool) -> str:
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or full else []
    if tens == 0:
        said += [f"linh {_DIGITS[units]}" if said else _DIGITS[units]] if units else []
        return " ".join(said)
    said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if units:
        last = _DIGITS[units]
        if units == 5:
            last = "lăm"
        elif units == 1 and tens > 1:
            last = "mốt"
        elif units == 4 and tens > 1:
            last = "tư"
        said.append(last)
    return " ".join(said)


def _rounded(value: Fraction, places: int) -> Decimal:
    scaled = abs(value) * 10**places
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def _bare(value: Decimal) -> Decimal:
    """Return the decimal without zeros at its end."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


# --- reading ----------------------------------------------------------------------------------

_PLAIN = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
_GROUPED_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_GROUPED_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GROUPED_SPACES = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:,\d+)?")


def read_decimal(text: str) -> Decimal:
    """Return a small number (points, shares) written with a comma or a dot: 8,5 and 8.5 are the same.

    Raises:
        Unreadable: it is no number.
    """
    bare = clean_line(text).replace(" ", "")
    if _PLAIN.fullmatch(bare) or _DECIMAL.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    raise Unreadable(Why.NOT_A_NUMBER)


def read_hundredths(text: str) -> int:
    """Return points or a percentage in whole hundredths: 8,25 is 825.

    Raises:
        Unreadable: it is no number, or finer than hundredths.
    """
    exact = read_decimal(text).scaleb(2)
    if exact != exact.to_integral_value():
        raise Unreadable(Why.TOO_MANY_PLACES)
    return int(exact)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as read: whole đồng, and what a person should look at."""

    dong: int | None
    is_estimate: bool = False  # "khoảng 50 triệu": a word beside the number weakens it
    is_none: bool = False  # "-", "không": a word instead of a number
    in_units: bool = False  # "1,2 tỷ": written with triệu or tỷ


_UNIT = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "k": 1000}
_MONEY = re.compile(
    r"(?P<before>[^\d+-]*?)(?P<number>[+-]?\d[\d., ]*?)\s*(?P<unit>ty|ti|trieu|tr|nghin|ngan|k)?"
    r"\s*(?P<currency>dong|d|vnd|₫)?\s*(?P<after>/\s*nam|mot nam|moi nam)?[\s.]*"
)
_NOTHING = {"", "-", "–", "—", "khong", "khong co", "chua tinh", "chua co", "khong dinh luong duoc", "n/a"}
_ABOUT = {"khoang", "uoc tinh", "uoc", "tren", "gan", "hon", "uoc dat", "tren duoi", "~", "≈", "tu"}


def read_money(text: str) -> Amount:
    """Return whole đồng from 1.200.000, 1200000, 1,2 tỷ, khoảng 50 triệu, or from a word for nothing.

    A money field never guesses: 8.5 without a unit is neither eight nor eighty-five thousand.
    Fractions of a đồng are dropped, there is no such coin.

    Raises:
        Unreadable: it is no amount, is negative, or could be read in two ways.
    """
    folded = fold(clean_line(text))
    if folded in _NOTHING:
        return Amount(None, is_none=True)
    found = _MONEY.fullmatch(folded)
    if found is None:
        raise Unreadable(Why.NOT_A_NUMBER)
    before = found["before"].strip(" :")
    if before and before not in _ABOUT:
        raise Unreadable(Why.NOT_A_NUMBER)
    value = _money_number(found["number"].strip(), has_unit=bool(found["unit"]))
    if value < 0:
        raise Unreadable(Why.NEGATIVE)
    dong = int((value * _UNIT.get(found["unit"] or "", 1)).quantize(Decimal(1), ROUND_DOWN))
    return Amount(dong, is_estimate=bool(before or found["after"]), in_units=bool(found["unit"]))


def _money_number(text: str, *, has_unit: bool) -> Decimal:
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if has_unit and _DECIMAL.fullmatch(text) and len(re.split("[.,]", text)[1]) != 3:
        return Decimal(text.replace(",", "."))
    if _GROUPED_DOTS.fullmatch(text) and not (has_unit and text.count(".") == 1):
        return Decimal(text.replace(".", "").replace(",", "."))
    if has_unit and re.fullmatch(r"\d+,\d+", text):
        return Decimal(text.replace(",", "."))
    if _GROUPED_SPACES.fullmatch(text):
        return Decimal(text.replace(" ", "").replace(",", "."))
    if _GROUPED_COMMAS.fullmatch(text) and text.count(",") > 1:
        return Decimal(text.replace(",", ""))
    raise Unreadable(Why.AMBIGUOUS if re.fullmatch(r"[\d., ]+", text) else Why.NOT_A_NUMBER)
