"""Reading affinities: every way people write them, in any order, and each mistake with its row."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.rules.matching.table import BadRow, read


def found(text, **more):
    return read(io.BytesIO(text.encode() if isinstance(text, str) else text), **more)


def shown(text):
    """Return what was read as plain numbers by names."""
    table = found(text)
    unit = 10**table.decimals
    return {
        (row, column): int(table.worth[at, place]) / unit
        for at, row in enumerate(table.initiatives)
        for place, column in enumerate(table.reviewers)
    }


def test_a_plain_table_is_read_exactly():
    table = found("initiative,reviewer,affinity\na,x,0.1234\na,y,0.5\nb,x,1\nb,y,0\n")
    assert (table.initiatives, table.reviewers, table.decimals) == (["a", "b"], ["x", "y"], 4)
    assert table.worth.tolist() == [[1234, 5000], [10000, 0]]
    assert table.worth.dtype == np.int16


@pytest.mark.parametrize(
    "text",
    [
        "a,x,0.5\nb,y,0.25\n",
        "initiative,reviewer,affinity\na,x,0.5\nb,y,0.25",
        "\ufeffinitiative,reviewer,affinity\r\na,x,0.5\r\nb,y,0.25\r\n",
        "a,x,.5\nb,y,2.5e-1\n",
        '"a","x",0.5\n"b","y",0.25\n',
        "a, x, 0.5\nb, y, 0.25\n",
        "initiative,reviewer,affinity\n\na,x,0.50\nb,y,0.250\n",
    ],
)
def test_the_same_table_in_another_dress(text):
    assert shown(text) == {("a", "x"): 0.5, ("a", "y"): 0, ("b", "x"): 0, ("b", "y"): 0.25}


@pytest.mark.parametrize(
    ("written", "value"),
    [("12.5", 12.5), ("100", 100), ("-0.25", -0.25), ("-3", -3), ("1e-05", 0.00001), ("0.12345678", 0.12345678)],
)
def test_unusual_values_are_read(written, value):
    assert shown(f"a,x,{written}\n") == {("a", "x"): value}


@pytest.mark.parametrize("written", ["0.123456789", "0.12345678901234567", "0.99999999999999999"])
def test_more_decimals_than_kept_are_rounded_and_said_so(written):
    table = found(f"a,x,{written}\nb,x,0.5\n")
    assert table.is_rounded
    assert abs(int(table.worth[0, 0]) / 10**8 - float(written)) <= 0.5e-8


def test_more_decimals_later_rescale_what_was_read_before():
    table = found("a,x,0.5\na,y,1\nb,x,0.123456\nb,y,2\n")
    assert table.decimals == 6
    assert table.worth.tolist() == [[500000, 1000000], [123456, 2000000]]


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("a,x,0.5\na,y,much\n", 2, "affinity"),
        ("initiative,reviewer,affinity\na,x,0.5\na,y,nan\n", 3, "affinity"),
        ("a,x,0.5\nb,x,1\na,x,0.5\n", 3, "pair given twice"),
        ("a,x,0.5\na,x,0.5\n", 2, "pair given twice"),
        ("a,x,0.5\na,0.5\n", 2, "three columns expected, found"),
        ("a,x,0.5\na,y,0.5,0.6\n", 2, "three columns expected, found"),
        ("a,x,0.5\nb,,0.5\n", 2, "a name is missing"),
        ("a,x,0.5\n,y,0.5\n", 2, "a name is missing"),
    ],
)
def test_a_mistake_is_named_with_its_row(text, row, column):
    with pytest.raises(BadRow) as bad:
        found(text)
    assert (bad.value.row, bad.value.column) == (row, column)


def test_nothing_is_an_empty_table():
    assert found("").initiatives == []
    assert found("initiative,reviewer,affinity\n").initiatives == []


NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-é", min_size=1, max_size=20)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(NAMES, NAMES), unique=True, min_size=1, max_size=60),
    st.integers(1, 5),
    st.data(),
)
def test_any_order_and_any_names_are_read_as_written(pairs, decimals, data):
    values = data.draw(st.lists(st.integers(-(10**decimals), 10**decimals), min_size=len(pairs), max_size=len(pairs)))
    unit = 10**decimals
    text = "".join(
        f"{row},{column},{'-' if value < 0 else ''}{abs(value) // unit}.{abs(value) % unit:0{decimals}}\n"
        for (row, column), value in zip(pairs, values, strict=True)
    )
    table = found("initiative,reviewer,affinity\n" + text)
    got = {
        (row, column): int(table.worth[at, place]) * unit // 10**table.decimals
        for at, row in enumerate(table.initiatives)
        for place, column in enumerate(table.reviewers)
        if table.worth[at, place]
    }
    assert got == {pair: value for pair, value in zip(pairs, values, strict=True) if value}


@pytest.mark.parametrize("order", ["by initiative", "by reviewer", "shuffled"])
def test_large_tables_are_read_in_any_order(order):
    rng = np.random.default_rng(1)
    rows, columns = 700, 130
    worth = rng.integers(0, 10_000, (rows, columns))
    lines = [(row, column) for row in range(rows) for column in range(columns)]
    if order == "by reviewer":
        lines.sort(key=lambda pair: pair[::-1])
    if order == "shuffled":
        rng.shuffle(lines)
    text = "".join(f"SK-{row:05},người-chấm-{column},0.{worth[row, column]:04}\n" for row, column in lines)
    table = found(text, size=len(text.encode()))
    places = [table.initiatives.index(f"SK-{row:05}") for row in range(rows)]
    across = [table.reviewers.index(f"người-chấm-{column}") for column in range(columns)]
    assert (table.worth[places][:, across] == worth).all()
