"""Exact numbers: reading, rounding, writing."""

from decimal import Decimal
from fractions import Fraction

import pytest

from evaluator.rules.amounts import (
    Figure,
    Figures,
    Rounding,
    exact,
    hundredths,
    plain,
    points_text,
    readable,
    rounded,
)


@pytest.mark.parametrize(
    ("value", "how", "expected"),
    [
        ("69.995", Rounding.HALF_UP, "70"),
        ("69.9949", Rounding.HALF_UP, "69.99"),
        ("0.005", Rounding.HALF_EVEN, "0"),
        ("0.015", Rounding.HALF_EVEN, "0.02"),
        ("0.0151", Rounding.HALF_EVEN, "0.02"),
        ("0.0149", Rounding.HALF_EVEN, "0.01"),
        ("69.999", Rounding.DOWN, "69.99"),
        ("69.991", Rounding.UP, "70"),
        ("69.99", Rounding.UP, "69.99"),
        ("-0.005", Rounding.HALF_UP, "0"),
    ],
)
def test_rounding_goes_the_stated_way_at_the_edge(value, how, expected):
    assert rounded(Fraction(value), 2, how) == Fraction(expected)


def test_rounding_to_no_decimals_gives_a_whole_number():
    assert rounded(Fraction("70.5"), 0) == 71


@pytest.mark.parametrize(
    ("raw", "expected"), [(8, "8"), (Decimal("8.25"), "33/4"), ("8.25", "33/4"), ("1/3", "1/3"), ("-2", "-2")]
)
def test_an_exact_number_is_read_exactly(raw, expected):
    assert exact(raw) == Fraction(expected)


@pytest.mark.parametrize("raw", [8.5, True, "8,5", "NaN", "inf", "1e3", "", None, Decimal("NaN"), "1/0", [1]])
def test_what_is_not_exact_is_refused(raw):
    with pytest.raises(ValueError):
        exact(raw)


def test_points_have_at_most_two_decimals():
    assert hundredths("8.25") == 825
    with pytest.raises(ValueError):
        hundredths("8.255")


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("82.5", 2, "82.50"),
        ("0.5", 0, "0.5"),
        ("1/8", 0, "0.125"),
        ("59/3", 2, "59/3"),
        ("-1/4", 0, "-0.25"),
        ("70", 0, "70"),
        ("0.05", 2, "0.05"),
    ],
)
def test_a_number_is_written_exactly(value, places, expected):
    assert plain(Fraction(value), places) == expected


def test_a_number_for_people_has_its_fraction_beside_the_rounded_one():
    assert readable(Fraction(59, 3)) == "19.67 (59/3)"
    assert readable(Fraction(5, 2), 2) == "2.50"
    assert points_text(850) == "8.5"


def test_figures_are_written_with_the_readers_decimal_sign():
    assert str(Figure.of_points(825)) == "8.25"
    assert Figure(Fraction(70), 2).in_vietnamese() == "70,00"
    assert str(Figures((Fraction(1, 2), Fraction(3)))) == "0.5 · 3"
    assert Figures((Fraction(1, 2), Fraction(3))).in_vietnamese() == "0,5 · 3"
