"""Vietnamese order: of words (CLDR vi, syllable by syllable), of people's names, and index letters."""

import re
from functools import lru_cache

from evaluator.rules.vietnamese.text import clean_line, letter_and_tone, nfc, words

# Letters with hats are letters of their own; tones and case come after (CLDR collation vi).
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
INDEX_LETTERS = tuple("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY")

# The key is plain ASCII, so that every database orders it alike; the separators sort below all letters.
_RANK = {char: chr(ord("A") + place) for place, char in enumerate(ALPHABET)} | {str(d): str(d) for d in range(10)}
_AFTER_SYLLABLE, _BEFORE_TONES, _BEFORE_CASE, _AFTER_PART = " ", "!", "\x1f", "\x1e"

_TITLES = re.compile(
    r"^(?:(?:GS|PGS|TSKH|TS|ThS|Th\.S|BS|CKI{1,2}|KS|CN|DS|LS|KTS|NGND|NGƯT|TTND|TTƯT)\.?\s*[.,]?\s+|"
    r"(?:GS|PGS|TSKH|TS|ThS|BS|KS|CN|DS)\.\s*|(?:Ông|Bà|Anh|Chị|Đồng chí|Đ/c)\s+(?=\S+\s+\S))",
    re.IGNORECASE,
)


def sort_key(text: str) -> str:
    """Return a key by which plain comparison gives the dictionary's order.

    Letters first (a ă â … d đ … u ư), then tones (ngang huyền hỏi ngã sắc nặng), syllable by syllable;
    capitals only where all else is equal. Punctuation does not count.
    """
    return _body(text) + _BEFORE_CASE + _case(text)


def name_key(full_name: str) -> str:
    """Return a key that orders people as offices do: by tên, then chữ đệm, then họ (domain 8.1)."""
    family, middle, given = split_name(full_name)
    parts = (_body(part) for part in (given, middle, family))
    return _AFTER_PART.join(parts) + _BEFORE_CASE + _case(full_name)


def split_name(full_name: str) -> tuple[str, str, str]:
    """Return họ, chữ đệm and tên of a full name; degrees and forms of address are left out."""
    parts = without_titles(full_name).split()
    if not parts:
        return "", "", ""
    if len(parts) == 1:
        return "", "", parts[0]
    return parts[0], " ".join(parts[1:-1]), parts[-1]


def without_titles(full_name: str) -> str:
    """Return the name without PGS.TS., ThS., Ông, Bà in front: a signature bears no degree (Decree 30)."""
    name, before = clean_line(full_name), ""
    while name != before:
        before, name = name, _TITLES.sub("", name)
    return name or before


def index_letter(text: str) -> str:
    """Return the letter a word stands under in an index: Ánh under A, Đức under Đ, Ước under Ư."""
    for char in nfc(text).lower():
        letter, _tone = letter_and_tone(char)
        if letter in _RANK:
            return letter.upper()
    return "#"


@lru_cache(maxsize=65536)
def _syllable(word: str) -> str:
    letters, tones = "", ""
    for char in word.lower():
        letter, tone = letter_and_tone(char)
        letters += _RANK.get(letter, "z" + letter)
        tones += str(tone)
    return letters + _BEFORE_TONES + tones.rstrip("0") + _AFTER_SYLLABLE


def _body(text: str) -> str:
    return "".join(_syllable(word) for word in words(nfc(text)))


def _case(text: str) -> str:
    return "".join("1" if char.isupper() else "0" for word in words(nfc(text)) for char in word).rstrip("0")
