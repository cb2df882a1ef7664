"""Vietnamese letters: one normal form, folding for search, syllables, invisible characters."""

import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v\f\r ]+")
_UNTIDY = re.compile(
    "[\u00a0\u00ad\u1680\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\ufffc\t\v\f\r]|  |^\\s|\\s$|\n[ \n]|[ ]\n"
)
_WORD = re.compile(r"[^\W_]+")


def nfc(text: str) -> str:
    """Return the text in the one form we store: NFC, whatever mixture of marks came in."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return the text in NFC without invisible characters, odd or doubled spaces; line breaks stay."""
    if unicodedata.is_normalized("NFC", text) and not _UNTIDY.search(text):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tidy = (_ODD_SPACE.sub(" ", _INVISIBLE.sub("", nfc(line))).strip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(tidy)).strip()


def clean_line(text: str) -> str:
    """Return the text cleaned and on one line: for titles, names and codes."""
    return " ".join(clean(text).split())


def letter_and_tone(char: str) -> tuple[str, int]:
    """Return a letter without its tone (hats stay) and the tone's rank: ngang huyền hỏi ngã sắc nặng."""
    return _split(char)


@lru_cache(maxsize=4096)
def _split(char: str) -> tuple[str, int]:
    tone, kept = 0, []
    for mark in unicodedata.normalize("NFD", char):
        if mark in TONES:
            tone = TONES[mark]
        else:
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)), tone


class _Folding(dict[int, str]):
    """A table for str.translate that works out each letter the first time it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lower = char.lower()[:1]
        bare = unicodedata.normalize("NFD", lower)[:1]
        folded = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i"}.get(bare, bare)
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the text in small letters without tones and hats, đ as d: as long as its NFC form.

    One character in, one character out, so positions in the folded text are positions in the original.
    """
    return nfc(text).translate(_FOLDING)


# i and y are one sound where they end an open syllable alone: kĩ/kỹ thuật, lí/lý do, quí/quý.
_I_OR_Y = re.compile(r"(?<![^\W_])(h|k|l|m|s|t|v|qu|)y(?![^\W_])")


def search_fold(text: str) -> str:
    """Return ``fold`` with kỹ and kĩ made one; still one character in, one out."""
    folded = fold(text)
    return _I_OR_Y.sub(r"\1i", folded) if "y" in folded else folded


def search_key(text: str) -> str:
    """Return the folded words, single-spaced: equal for all spellings of the same thing."""
    return " ".join(words(search_fold(_INVISIBLE.sub("", nfc(text)))))


def words(text: str) -> list[str]:
    """Return the runs of letters and digits."""
    return _WORD.findall(text)


# --- tone placement ---------------------------------------------------------------------------

_TONE = "[\u0300\u0309\u0303\u0301\u0323]"
_AT_END = r"(?![^\W\d_]|[\u0300-\u036f])"
_LATE = re.compile("[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ]")
_LATE_TONES = (
    re.compile(rf"([oO])([aAeE])({_TONE}){_AT_END}"),
    re.compile(rf"(?<![qQ])([uU])([yY])({_TONE}){_AT_END}"),
)


def same_tone_place(text: str) -> str:
    """Return the text with hoà, khoẻ, thuỷ written hòa, khỏe, thủy: for comparing, never for storing."""
    written = nfc(text)
    if not _LATE.search(written):
        return written
    spread = unicodedata.normalize("NFD", written)
    for late in _LATE_TONES:
        spread = late.sub(r"\1\3\2", spread)
    return nfc(spread)


# --- syllables --------------------------------------------------------------------------------

_ONSET = "(?:ngh|ng|nh|th|tr|ch|gh|gi|kh|ph|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|)"
_OPEN = (
    "uya|uyu|oai|oay|oeo|uây|uôi|ươi|ươu|iêu|yêu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|oo|ôi|ơi|ua|ui|uơ|ưa|ưi|ưu|"
    "a|e|ê|i|o|ô|ơ|u|ư|y|oa|oe|uê|uy"
)
_BEFORE_ANY = "uyê|oa|oă|oe|iê|yê|uâ|uô|ươ|a|ă|â|e|o|oo|ô|ơ|u|ư"  # may end in c, m, n, ng, p, t
_BEFORE_THIN = "ê|i|uê|uy|y"  # may end in ch, m, n, nh, p, t
_SYLLABLE = re.compile(
    f"{_ONSET}(?:{_OPEN}|(?:{_BEFORE_ANY})(?:ng|c|m|n|p|t)|(?:{_BEFORE_THIN}|a|oa)(?:nh|ch|m|n|p|t))"
)


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Return whether a word in NFC could be one Vietnamese syllable: its shape, and one tone at most."""
    letters, tones = "", 0
    for char in word.lower():
        letter, tone = _split(char)
        letters += letter
        tones += tone > 0
    return tones <= 1 and _SYLLABLE.fullmatch(letters) is not None


# --- capitals ---------------------------------------------------------------------------------

_TELLING = 4  # fewer letters may be an abbreviation


def is_shouted(text: str) -> bool:
    """Return whether a text of several words stands in capitals only."""
    letters = [char for char in text if char.isalpha()]
    return len(text.split()) > 1 and len(letters) >= _TELLING and all(char.isupper() for char in letters)


def sentence_case(text: str) -> str:
    """Return a shouted title with one capital at its beginning."""
    lower = text.lower()
    return lower[:1].upper() + lower[1:]


def name_case(text: str) -> str:
    """Return a shouted name with a capital on each syllable."""
    return " ".join(part[:1].upper() + part[1:].lower() for part in text.split())
