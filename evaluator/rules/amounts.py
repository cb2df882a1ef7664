"""Exact numbers: points as whole hundredths, sums as fractions, one place that rounds."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

HUNDREDTHS = 100
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_RATIO = re.compile(r"([0-9]+)/([1-9][0-9]*)")


class Rounding(StrEnum):
    """What happens to a digit that does not fit."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    DOWN = "down"
    UP = "up"


def rounded(value: Fraction, places: int, how: Rounding = Rounding.HALF_UP) -> Fraction:
    """Return ``value`` with ``places`` decimals. The only function of the rules that rounds."""
    scaled = value * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = {
        Rounding.HALF_UP: twice >= scaled.denominator,
        Rounding.HALF_EVEN: twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1),
        Rounding.DOWN: False,
        Rounding.UP: rest > 0,
    }[how]
    return Fraction(whole + up, 10**places)


def exact(raw: object) -> Fraction:
    """Read an exact number: int, Decimal, "8.25" or "1/3". Raises ValueError, never takes a float."""
    if isinstance(raw, int | Fraction) and not isinstance(raw, bool):
        return Fraction(raw)
    if isinstance(raw, Decimal) and raw.is_finite():
        return Fraction(raw)
    if isinstance(raw, str) and (_PLAIN.fullmatch(raw) or _RATIO.fullmatch(raw)):
        return Fraction(raw)
    raise ValueError(raw)


def hundredths(raw: object) -> int:
    """Read points as whole hundredths: 8.5 gives 850. Raises ValueError beyond two decimals."""
    scaled = exact(raw) * HUNDREDTHS
    if scaled.denominator != 1:
        raise ValueError(raw)
    return scaled.numerator


def plain(value: Fraction, least_places: int = 0) -> str:
    """Write a number exactly: "82.50", "8.25", and "59/3" where no decimal ends."""
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives, least_places)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def points_text(points: int) -> str:
    """Write whole hundredths as points: 850 gives "8.5"."""
    return plain(Fraction(points, HUNDREDTHS))


def readable(value: Fraction, least_places: int = 0) -> str:
    """Write a number for people: exactly, and where no decimal ends rounded with the exact fraction beside it."""
    text = plain(value, least_places)
    return f"{plain(rounded(value, 2), 2)} ({text})" if "/" in text else text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number inside a sentence; the edge writes it with the reader's decimal sign."""

    value: Fraction
    places: int = 0

    @classmethod
    def of_points(cls, points: int) -> "Figure":
        """Return the figure of whole hundredths of a point."""
        return cls(Fraction(points, HUNDREDTHS))

    def __str__(self) -> str:
        """Write it with a decimal point."""
        return readable(self.value, self.places)

    def in_vietnamese(self) -> str:
        """Write it with a decimal comma."""
        return str(self).replace(".", ",")


@dataclass(frozen=True, slots=True)
class Figures:
    """Several numbers inside a sentence."""

    values: tuple[Fraction, ...]

    def __str__(self) -> str:
        """Write them with decimal points."""
        return " · ".join(map(readable, self.values))

    def in_vietnamese(self) -> str:
        """Write them with decimal commas."""
        return str(self).replace(".", ",")
