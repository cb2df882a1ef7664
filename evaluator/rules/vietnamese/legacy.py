"""Text of another age: TCVN3 (ABC) and VNI typed over Latin-1, and letters that only look Latin."""

import re

from evaluator.rules.vietnamese.text import is_syllable, nfc

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)

_VNI_MARKED = {
    "a": ("øùûõï", "àáảãạ"),
    "aâ": ("âàáåãä", "âầấẩẫậ"),
    "aê": ("êèéúüë", "ăằắẳẵặ"),
    "e": ("øùûõï", "èéẻẽẹ"),
    "eâ": ("âàáåãä", "êềếểễệ"),
    "o": ("øùûõï", "òóỏõọ"),
    "oâ": ("âàáåãä", "ôồốổỗộ"),
    "ô": ("øùûõï", "ờớởỡợ"),
    "u": ("øùûõï", "ùúủũụ"),
    "ö": ("øùûõï", "ừứửữự"),
    "y": ("øùûõ", "ỳýỷỹ"),
}
_VNI = {
    letters[0] + mark: unicode
    for letters, (marks, unicodes) in _VNI_MARKED.items()
    for mark, unicode in zip(marks, unicodes, strict=True)
} | {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI |= {old[:1].upper() + old[1:]: new.upper() for old, new in _VNI.items()} | {
    old.upper(): new.upper() for old, new in _VNI.items()
}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_NOT_LATIN1_LETTER = re.compile("[\u0100-\u024f\u0300-\u036f\u1e00-\u1eff]")
_TOKEN = re.compile("[A-Za-z\u00a1-\u00ff\u00ad]+")
_BEYOND_ASCII = re.compile("[\u00a1-\u00ff\u00ad]")


def decode_legacy(text: str) -> tuple[str, str]:
    """Return the text in Unicode and the name of its old encoding ("TCVN3", "VNI"), or "" if it was none.

    Both encodings use Latin-1 letters only, and turn words into what no Vietnamese syllable looks like;
    a reading is taken when it makes all such words into syllables. TCVN3 keeps its marked capitals in the
    font, so they come back as small letters.
    """
    if _NOT_LATIN1_LETTER.search(nfc(text)) or not _BEYOND_ASCII.search(text):
        return text, ""
    if _strange(text) == 0:
        return text, ""
    readings = [
        (_strange(decoded), decoded, name) for name, decoded in (("TCVN3", _from_tcvn3(text)), ("VNI", _from_vni(text)))
    ]
    strange, decoded, name = min(readings)
    return (decoded, name) if strange == 0 else (text, "")


def _strange(text: str) -> int:
    """Return how many words with letters beyond ASCII cannot be Vietnamese syllables."""
    tokens = re.findall("[^\\W\\d_]+|[\u00a1-\u00bf\u00ad\u00d7\u00f7]", text)
    joined = _TOKEN.findall(text) if not _NOT_LATIN1_LETTER.search(text) else tokens
    return sum(1 for word in joined if not word.isascii() and not is_syllable(nfc(word)))


def _from_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(char, char) for char in text)


def _from_vni(text: str) -> str:
    return _VNI_PATTERN.sub(lambda found: _VNI[found[0]], text)


# --- letters that only look Latin -------------------------------------------------------------

_LOOKALIKE = str.maketrans(
    "аеорсухіјѕԁԛԝһАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν",
    "aeopcyxijsdqwhABEKMHOPCTXYIJSABEZHIKMNOPTYXoiv",
)
_LOOKS_LATIN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_RUN = re.compile(r"[^\W\d_]+")


def repair_lookalikes(text: str) -> str:
    """Return the text with Cyrillic and Greek letters inside Latin words made Latin; other scripts stay."""
    if not _LOOKS_LATIN.search(text) or not _LATIN.search(text):
        return text

    def repaired(found: re.Match[str]) -> str:
        word = found[0]
        latin = word.translate(_LOOKALIKE)
        return latin if not _LOOKS_LATIN.search(latin) else word

    return nfc(_RUN.sub(repaired, text))
