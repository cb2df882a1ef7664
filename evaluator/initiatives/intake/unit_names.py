"""Recognising a unit by its name: written in full, shortened, misspelt, or new to the list."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evaluator.rules.vietnamese import clean_line, is_syllable, same_tone_place, search_key


class Fit(StrEnum):
    """How a written name was recognised."""

    KNOWN = "known"
    NEW = "new"  # a body of a known sort at a known place: not in the list yet
    SHORT = "short"
    NEAR = "near"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A unit's name as it should read, and how it was found."""

    name: str
    fit: Fit


# How offices shorten; the longest first. At the beginning of a name only: TH, MN.
_SHORT = (
    (r"\bUB(?:TW)?MTTQ\b|\bUB MTTQ\b", "Ủy ban MTTQ Việt Nam"),
    (r"\bUBND\b", "Ủy ban nhân dân"),
    (r"\bHĐND\b", "Hội đồng nhân dân"),
    (r"\bLĐLĐ\b", "Liên đoàn Lao động"),
    (r"\bHội LHPN\b|\bHPN\b", "Hội Liên hiệp Phụ nữ"),
    (r"\bHội ND\b", "Hội Nông dân"),
    (r"\bHội CCB\b", "Hội Cựu chiến binh"),
    (r"^TH&THCS\b", "Trường TH&THCS"),
    (r"^TH\b(?! (?:phổ thông|cơ sở))", "Trường Tiểu học"),
    (r"^Trường TH\b(?!&)", "Trường Tiểu học"),
    (r"^THCS\b", "Trường THCS"),
    (r"^THPT\b", "Trường THPT"),
    (r"^(?:Trường )?MN\b", "Trường Mầm non"),
    (r"\bP(?:hòng )?GD ?& ?ĐT\b", "Phòng Giáo dục và Đào tạo"),
    (r"\bSở GD ?& ?ĐT\b", "Sở Giáo dục và Đào tạo"),
    (r"\bSở KH ?& ?CN\b", "Sở Khoa học và Công nghệ"),
    (r"\bSở TN ?& ?MT\b", "Sở Tài nguyên và Môi trường"),
    (r"\bTTYT\b", "Trung tâm Y tế"),
    (r"\bBVĐK\b", "Bệnh viện Đa khoa"),
    (r"\bHTX\b", "Hợp tác xã"),
    (r"\bTP\b\.?", "thành phố"),
    (r"\bTX\b\.?", "thị xã"),
    (r"\bTT\b\.? (?=[A-ZĐ])", "thị trấn "),
    (r"\b(?:Cty|C\.ty|CTy) CP\b", "Công ty Cổ phần"),
    (r"\b(?:Cty|C\.ty|CTy) TNHH\b", "Công ty TNHH"),
)
_SHORT_PATTERNS = tuple((re.compile(pattern), full) for pattern, full in _SHORT)

# The sorts of bodies a place has one or several of.
_SORTS = (
    "Ủy ban nhân dân", "Hội đồng nhân dân", "Ủy ban MTTQ Việt Nam", "Ban Thường trực Ủy ban MTTQ Việt Nam", "Đảng ủy", "Huyện ủy",
    "Thành ủy", "Thị ủy", "Liên đoàn Lao động", "Công đoàn", "Hội", "Đoàn", "Thành đoàn", "Huyện đoàn", "Tỉnh đoàn", "Sở", "Phòng", "Ban", "Chi cục", "Cục",
    "Văn phòng", "Trung tâm", "Trạm", "Bệnh viện", "Trường", "Hợp tác xã", "Công ty", "Nhà máy", "Doanh nghiệp", "Công an",
    "Bộ Chỉ huy", "Ban Chỉ huy", "Đồn", "Viện", "Kho bạc", "Ngân hàng", "Tòa án", "Bảo tàng", "Thư viện", "Nhà văn hóa",
    "Đài", "Báo", "Xí nghiệp", "Làng", "Khu dân cư", "Tổ dân phố", "Thôn", "Bản", "Khối", "Khu phố", "Chi bộ", "Chi hội", "Quỹ", "Hạt", "Đội", "Liên hiệp", "Tập đoàn",
    "Tổng công ty", "Chi nhánh", "Điện lực", "Cấp nước", "Cửa hàng", "Nông trường", "Lâm trường", "Khách sạn", "Bưu điện", "Viễn thông", "Nhà hàng", "Cảng", "Tòa soạn", "Học viện", "Đại học", "Cơ sở", "Trang trại", "Hộ kinh doanh", "Tổ hợp tác", "Câu lạc bộ", "Ban công tác", "Ban Quản lý", "Thanh tra", "Vườn quốc gia", "Khu bảo tồn",
)  # fmt: skip
_SORT_KEYS = tuple(sorted((search_key(sort) for sort in _SORTS), key=len, reverse=True))
_PLACE_WORDS = r"(?:tinh|thanh pho|thi xa|huyen|quan|phuong|xa|thi tran)"
_PLACE = re.compile(rf"\b{_PLACE_WORDS} (.+?)$")


@dataclass(slots=True)
class UnitNames:
    """The names we know: the list of units, and what the spreadsheet itself repeats."""

    listed: dict[str, str] = field(default_factory=dict)  # exact key -> name as it should read
    weights: Counter[str] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)
    words: Counter[str] = field(default_factory=Counter)
    _by_fold: dict[str, list[str]] = field(default_factory=dict)
    _by_half: dict[tuple[int, int, str], list[str]] = field(default_factory=dict)
    _by_head: dict[str, list[str]] = field(default_factory=dict)
    _any_place: re.Pattern[str] | None = None
    _found: dict[str, Recognised] = field(default_factory=dict)

    LISTED = 1000
    REPEATED = 2

    @classmethod
    def of(cls, listed: Iterable[str], *, repeated: Iterable[str] = (), written: Iterable[str] = ()) -> "UnitNames":
        """Return the names of a list of units, of cells that repeat units, and of the cells to be judged."""
        names = cls()
        for sort in _SORTS:
            names.words.update(dict.fromkeys(_words(sort), cls.LISTED))
        for name in listed:
            names._add(name, cls.LISTED)
            if place := place_of(name):
                names.places.add(place)
        if names.places:
            longest_first = sorted(names.places, key=lambda place: (-len(place), place))
            names._any_place = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        for name in repeated:
            names._add(name, cls.REPEATED)
        for name in written:
            names._add(name, 1)
        return names

    def _add(self, name: str, weight: int) -> None:
        clean = clean_line(name)
        key = exact_key(clean)
        if not key:
            return
        if key not in self.listed:
            self.listed[key] = clean
            folded = search_key(clean)
            if folded not in self._by_fold:
                for half in _halves(folded, len(folded)):
                    self._by_half.setdefault(half, []).append(folded)
            self._by_fold.setdefault(folded, []).append(key)
            if "," in key:
                self._by_head.setdefault(key.rpartition(",")[0], []).append(key)
        self.weights[key] += weight
        for word in _words(clean):
            self.words[word] += weight

    def recognise(self, written: str, *, hint: str = "") -> Recognised:
        """Return the unit a cell means; ``hint`` is a name beside it, taken when the written one may mean it."""
        name = clean_line(written)
        remembered = f"{name}\n{hint}"
        if remembered not in self._found:
            self._found[remembered] = self._recognise(name, clean_line(hint))
        return self._found[remembered]

    def _recognise(self, name: str, hint: str) -> Recognised:
        if self.weights[exact_key(name)] >= self.LISTED:
            return Recognised(self.listed[exact_key(name)], Fit.KNOWN)
        full = in_full(name)
        if full != name:
            settled = self._recognise(full, hint)
            return Recognised(full if settled.fit is Fit.UNKNOWN else settled.name, Fit.SHORT)
        if near := self._near(name):
            return Recognised(near, Fit.NEAR)
        if longer := self._with_its_place(name, hint):
            return Recognised(longer, Fit.SHORT)
        if self._is_body_at_a_place(name):
            mended = self._mended(name, only_broken=True)
            return Recognised(mended, Fit.NEW) if mended == name else Recognised(mended, Fit.NEAR)
        mended = self._mended(name)
        if mended != name and (self.weights[exact_key(mended)] or self._is_body_at_a_place(mended)):
            return Recognised(mended, Fit.NEAR)
        if self.weights[exact_key(name)] > 1 + self.REPEATED:
            return Recognised(name, Fit.KNOWN)
        return Recognised(name, Fit.UNKNOWN)

    def _near(self, name: str) -> str | None:
        """Return a weightier name that differs by one slip of the keyboard or by its marks."""
        key, folded = exact_key(name), search_key(name)
        own = self.weights[key]
        same_letters = [other for other in self._by_fold.get(folded, []) if other != key]
        candidates = same_letters or [
            other for spelling in _spellings_near(folded, self._by_half) for other in self._by_fold[spelling]
        ]
        weightier = [other for other in candidates if self.weights[other] > own and not self._other_place(name, other)]
        best = max(weightier, key=lambda other: self.weights[other], default=None)
        return None if best is None else self.listed[best]

    def _other_place(self, name: str, other_key: str) -> bool:
        """Return whether both names end in places we know, and different ones."""
        here, there = self._place_in(search_key(name)), self._place_in(search_key(self.listed[other_key]))
        return here is not None and there is not None and here != there

    def _place_in(self, folded: str) -> str | None:
        found = self._any_place.findall(folded) if self._any_place else []
        return max(found, key=len, default=None)

    def _with_its_place(self, name: str, hint: str) -> str | None:
        """Return the known name that goes on where this one stops: “Trường THCS Lê Lợi” without its district."""
        start = exact_key(name) + ","
        if hint and exact_key(hint).startswith(start):
            return hint
        longer = self._by_head.get(exact_key(name), [])
        return self.listed[longer[0]] if len(longer) == 1 else None

    def _is_body_at_a_place(self, name: str) -> bool:
        folded = search_key(name)
        return self._place_in(folded) is not None and any(folded.startswith(sort + " ") for sort in _SORT_KEYS)

    def _mended(self, name: str, *, only_broken: bool = False) -> str:
        """Return the name with words nobody else writes replaced by the one frequent word a slip away.

        ``only_broken`` leaves alone what is a good syllable: a rare word need not be a wrong one.
        """
        return re.sub(r"[^\W\d_]{2,}", lambda found: self._mended_word(found[0], only_broken=only_broken), name)

    def _mended_word(self, word: str, *, only_broken: bool) -> str:
        lower = same_tone_place(word.casefold())
        if is_syllable(lower) and (only_broken or self.words[lower] > 1):
            return word
        if self.words[lower] > self.REPEATED + 1:
            return word
        near = [
            (count, other)
            for other in _one_slip(lower)
            if (count := self.words[other]) > self.LISTED // 2 or count > 2 * self.REPEATED
        ]
        if not near:
            return word
        _count, best = max(near)
        return best.capitalize() if word[:1].isupper() else best


def place_of(name: str) -> str:
    """Return the folded name of the place a unit belongs to: “… huyện Quan Hóa” gives quan hoa; "" if it names none."""
    found = _PLACE.search(search_key(name))
    return found[1] if found else ""


def exact_key(name: str) -> str:
    """Return the name with marks, in small letters and one tone placement: equal for the same spelling."""
    return same_tone_place(clean_line(name)).casefold()


def in_full(name: str) -> str:
    """Return the name with the usual short forms written out."""
    for pattern, full in _SHORT_PATTERNS:
        name = pattern.sub(full, name)
    return " ".join(name.split())


def _words(name: str) -> list[str]:
    return [same_tone_place(word.casefold()) for word in re.findall(r"[^\W\d_]+", name)]


def _halves(text: str, length: int) -> tuple[tuple[int, int, str], tuple[int, int, str]]:
    """Return the first and the second half a name of some length would have if it began or ended like this text."""
    middle = length // 2
    return (length, 0, text[:middle]), (length, 1, text[len(text) - (length - middle) :])


def _spellings_near(folded: str, by_half: Mapping[tuple[int, int, str], list[str]]) -> list[str]:
    """Return the known folded names one slip away; digits must agree, or school 1 would become school 2.

    A single slip leaves one half of a name as it is: only names that share a half are compared.
    """
    digits = re.sub(r"\D", "", folded)
    alike = {
        other
        for length in (len(folded) - 1, len(folded), len(folded) + 1)
        for half in _halves(folded, length)
        for other in by_half.get(half, ())
    }
    return sorted(
        other
        for other in alike
        if other != folded and re.sub(r"\D", "", other) == digits and is_one_slip(folded, other)
    )


def is_one_slip(one: str, other: str) -> bool:
    """Return whether one text becomes the other by one letter added, left out, changed, or two swapped."""
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) != len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        # Another letter that makes another good word is another name: Đông Vinh is not Đông Lĩnh misspelt.
        return not (is_syllable(_word_at(one, start)) and is_syllable(_word_at(other, start)))
    swapped = one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
    return swapped == other[start:]


def _word_at(text: str, place: int) -> str:
    start = text.rfind(" ", 0, place) + 1
    end = text.find(" ", place)
    return text[start : end if end >= 0 else None]


_LETTERS = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"


def _one_slip(word: str) -> set[str]:
    """Return every word one slip away from this one."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    changed = {a + c + b[1:] for a, b in splits if b for c in _LETTERS}
    added = {a + c + b for a, b in splits for c in _LETTERS}
    return (left_out | swapped | changed | added) - {word}
