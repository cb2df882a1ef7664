"""What must hold for every text, name and amount."""

import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from evaluator.rules import vietnamese

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
texts = st.text(alphabet=LETTERS + LETTERS.upper() + " -.,0123456789", max_size=60)


@given(st.text(max_size=80))
def test_folding_is_as_long_as_the_normal_form(text):
    assert len(vietnamese.fold(text)) == len(unicodedata.normalize("NFC", text))


@given(texts)
def test_folding_twice_changes_nothing_more(text):
    once = vietnamese.fold(text)

    assert vietnamese.fold(once) == once


@given(texts, texts)
def test_folding_does_not_see_how_marks_were_typed(one, other):
    spread = unicodedata.normalize("NFD", one + other)

    assert vietnamese.search_key(spread) == vietnamese.search_key(one + other)


@given(texts)
def test_order_keys_are_ascii_and_equal_for_equal_words(text):
    key = vietnamese.sort_key(text)

    assert key.isascii()
    assert key == vietnamese.sort_key(unicodedata.normalize("NFD", text))


@given(texts, texts)
def test_a_text_comes_before_the_same_text_with_more_words(one, other):
    shorter = " ".join(vietnamese.words(one))
    longer = f"{shorter} {other}"

    if vietnamese.words(other) and shorter:
        assert vietnamese.sort_key(shorter) < vietnamese.sort_key(longer)


@given(st.integers(min_value=0, max_value=10**15))
def test_money_that_was_written_is_read_back(dong):
    written = vietnamese.money(dong)

    assert vietnamese.read_money(written).dong == dong


@given(st.integers(min_value=0, max_value=100_000))
def test_points_that_were_written_are_read_back(hundredths):
    assert vietnamese.read_hundredths(vietnamese.points(hundredths).replace(".", "")) == hundredths


@given(st.dates(min_value=date(1000, 1, 1)))
def test_days_that_were_written_are_read_back(day):
    assert vietnamese.read_date(vietnamese.short_date(day), latest_year=9999).day == day


@given(st.text(alphabet=LETTERS + " ", max_size=60))
def test_text_in_unicode_is_never_taken_for_an_old_encoding(text):
    decoded, encoding = vietnamese.decode_legacy(text)

    if encoding:  # only a text without any letter of Unicode's own could be mistaken, and then it was no Vietnamese
        assert all(ord(char) < 0x100 for char in text)
    else:
        assert decoded == text
