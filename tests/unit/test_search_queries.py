"""What a person types into the search line, and how what was found is shown."""

import pytest

from evaluator.core.search import Term, highlighted, parse, snippet
from evaluator.rules.vietnamese import search_fold


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("  -- !!", []),
        ("sáng kiến", [Term(("sang",)), Term(("kien",), is_prefix=True)]),
        ("k", [Term(("k",))]),
        ('"tưới nhỏ giọt"', [Term(("tuoi", "nho", "giot"))]),
        ("“tưới nhỏ” lúa", [Term(("tuoi", "nho")), Term(("lua",), is_prefix=True)]),
        ("DKST-2024-0001", [Term(("dkst",)), Term(("2024",)), Term(("0001",), is_prefix=True)]),
        ('kỹ thuật OR "', [Term(("ki",)), Term(("thuat",)), Term(("or",))]),
        ("a'b; DROP TABLE", [Term(("a",)), Term(("b",)), Term(("drop",)), Term(("table",), is_prefix=True)]),
    ],
)
def test_a_query_becomes_terms_that_must_all_be_found(typed, terms):
    assert parse(typed, search_fold) == terms


def test_a_query_has_no_end_of_terms():
    assert len(parse("a " * 500, search_fold)) == 12


def test_what_was_asked_for_is_marked_where_it_is_written():
    pieces = highlighted("Kỹ thuật tưới; kĩ sư tưới", "ki tuoi", search_fold)

    assert [text for text, is_found in pieces if is_found] == ["Kỹ", "tưới", "kĩ", "tưới"]
    assert "".join(text for text, _is_found in pieces) == "Kỹ thuật tưới; kĩ sư tưới"


def test_only_whole_words_are_marked_but_for_the_last():
    pieces = highlighted("sang sáng sangtrong", "sang ", search_fold)

    assert [text for text, is_found in pieces if is_found] == ["sang", "sáng", "sangtrong"]


def test_words_side_by_side_are_marked_as_one():
    assert highlighted("nước tưới, nhỏ giọt", '"tưới nhỏ"', search_fold) == [
        ("nước ", False),
        ("tưới, nhỏ", True),
        (" giọt", False),
    ]


def test_a_piece_of_a_long_text_stands_around_the_first_find():
    text = " ".join(f"chữ{number}" for number in range(200)) + " Tưới nhỏ giọt " + " ".join(["đuôi"] * 200)

    pieces = snippet(text, "tuoi nho", search_fold)

    shown = "".join(piece for piece, _is_found in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 220
    assert [piece for piece, is_found in pieces if is_found] == ["Tưới", "nhỏ"]


def test_without_a_find_the_beginning_is_shown():
    assert snippet("Ngắn thôi", "khác", search_fold) == [("Ngắn thôi", False)]
