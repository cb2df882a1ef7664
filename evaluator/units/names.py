"""Names of organisations as people write them: abbreviated, without marks, with a slip. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from evaluator.rules.vietnamese import clean_line, same_tone_place, search_key, sort_key

Key = TypeVar("Key")

# One short form for everything that offices write for the same words; Vietnamese data, not our words.
_SAME = {
    "ubnd": ("Ủy ban nhân dân", "UB nhân dân"),
    "ubmttq": (
        "Ủy ban Mặt trận Tổ quốc Việt Nam", "Ủy ban Mặt trận Tổ quốc", "Ủy ban MTTQ Việt Nam", "Ủy ban MTTQVN",
        "Ủy ban MTTQ", "UB MTTQ Việt Nam", "UB MTTQ VN", "UB MTTQ", "UBMTTQVN", "UBMTTQ VN", "UBMTTQ Việt Nam",
        "MTTQ Việt Nam", "MTTQ VN", "MTTQVN", "MTTQ", "Mặt trận Tổ quốc Việt Nam", "Mặt trận Tổ quốc",
    ),
    "ldld": ("Liên đoàn Lao động",),
    "hlhpn": ("Hội Liên hiệp Phụ nữ", "Hội LHPN", "LHPN", "Hội Phụ nữ"),
    "hnd": ("Hội Nông dân",),
    "hccb": ("Hội Cựu chiến binh", "Hội CCB"),
    "htnxp": ("Hội Cựu thanh niên xung phong", "Hội Cựu TNXP"),
    "dtn": ("Đoàn Thanh niên Cộng sản Hồ Chí Minh", "Đoàn TNCS Hồ Chí Minh", "Đoàn TNCS HCM", "Đoàn Thanh niên", "Đoàn TN"),
    "mn": ("Trường Mầm non", "Trường MN", "Mầm non"),
    "th": ("Trường Tiểu học", "Trường TH", "Tiểu học"),
    "thcs": ("Trường Trung học cơ sở", "Trường THCS", "Trung học cơ sở"),
    "thpt": ("Trường Trung học phổ thông", "Trường THPT", "Trung học phổ thông"),
    "dh": ("Trường Đại học", "Đại học", "Trường ĐH"),
    "cd": ("Trường Cao đẳng", "Cao đẳng", "Trường CĐ"),
    "pgddt": ("Phòng Giáo dục và Đào tạo", "Phòng GD và ĐT", "Phòng GD&ĐT", "Phòng GDĐT", "PGD&ĐT", "PGD"),
    "sgddt": ("Sở Giáo dục và Đào tạo", "Sở GD và ĐT", "Sở GD&ĐT", "Sở GDĐT", "SGD&ĐT"),
    "skhcn": ("Sở Khoa học và Công nghệ", "Sở Khoa học Công nghệ", "Sở KH&CN", "Sở KHCN"),
    "snnptnt": ("Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông nghiệp và PTNT", "Sở NN&PTNT", "Sở NN và PTNT"),
    "stnmt": ("Sở Tài nguyên và Môi trường", "Sở TN&MT", "Sở TNMT"),
    "stttt": ("Sở Thông tin và Truyền thông", "Sở TT&TT", "Sở TTTT"),
    "svhttdl": ("Sở Văn hóa, Thể thao và Du lịch", "Sở VH,TT&DL", "Sở VHTT&DL", "Sở VHTTDL"),
    "sldtbxh": ("Sở Lao động - Thương binh và Xã hội", "Sở LĐ-TB&XH", "Sở LĐTBXH"),
    "bhxh": ("Bảo hiểm xã hội",),
    "ttit": ("Trung tâm Y tế", "TTYT", "TT Y tế"),
    "tramit": ("Trạm Y tế", "TYT"),
    "bvdk": ("Bệnh viện Đa khoa", "BV Đa khoa", "BVĐK"),
    "bv": ("Bệnh viện",),
    "htx": ("Hợp tác xã",),
    "ctcp": ("Công ty Cổ phần", "Cty Cổ phần", "Cty CP", "Công ty CP", "CTCP"),
    "cttnhh": ("Công ty Trách nhiệm hữu hạn", "Công ty TNHH", "Cty TNHH"),
    "tp": ("thành phố",),
    "tx": ("thị xã",),
    "tt": ("thị trấn",),
    "h": ("huyện",),
    "p": ("phường",),
    "x": ("xã",),
    "dk": ("đặc khu",),
    "": ("tỉnh", "Việt Nam", "VN", "và"),
}  # fmt: skip
_SHORT = {search_key(long): short for short, longs in _SAME.items() for long in longs}
_LONG_FORMS = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})\b")
_TAIL = re.compile(r"(?:,\s*(?:huyện|thành phố|thị xã|TP\.?|TX\.?|H\.)|,?\s+tỉnh)\s.*$", re.IGNORECASE)

ONE_SLIP, TWO_SLIPS = 8, 40  # from how many letters on one slip, or two, still leave no doubt
_FAR = 12  # slips beyond which a name is not even worth offering
_ALIKE = 0.5  # share of words two names must have in common to be worth comparing


class How(StrEnum):
    """How a name was recognised; anything but ``EXACT`` is worth showing to a person."""

    EXACT = "exact"
    SPELLING = "spelling"  # marks, capitals, spaces
    ABBREVIATED = "abbreviated"  # UBND, TP, or the district left out
    SLIP = "slip"  # a letter too many, too few, or two changed places


@dataclass(frozen=True, slots=True)
class Match(Generic[Key]):
    """The organisation a text means."""

    key: Key
    name: str
    how: How


@dataclass(slots=True)
class Matcher(Generic[Key]):
    """Finds organisations by what people write. Built once, asked for every row of a list."""

    _exact: dict[str, Key] = field(default_factory=dict)
    _folded: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _short: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _headless: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _names: dict[Key, str] = field(default_factory=dict)
    _answers: dict[str, Match[Key] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[tuple[Key, str]]) -> "Matcher[Key]":
        """Return a matcher over (key, name) pairs; a key may come with several names, the first is shown."""
        matcher: Matcher[Key] = cls()
        for key, name in names:
            matcher.add(key, name)
        return matcher

    def add(self, key: Key, name: str) -> None:
        """Know one more name."""
        if not name:
            return
        self._names.setdefault(key, name)
        self._exact.setdefault(_same_words(name), key)
        self._folded[search_key(name)].add(key)
        self._short[shortened(name)].add(key)
        self._headless[shortened(_TAIL.sub("", name))].add(key)
        self._answers.clear()

    def match(self, text: str) -> Match[Key] | None:
        """Return what the text means, or None when nothing or more than one organisation fits."""
        if text not in self._answers:
            self._answers[text] = self._find(text)
        return self._answers[text]

    def near(self, text: str, *, limit: int = 3) -> list[str]:
        """Return the names most like a text, the likeliest first: to offer when nothing matches."""
        slips = self._slips(text, (self._folded, self._short, self._headless), most=_FAR)
        return [self._names[key] for key in sorted(slips, key=lambda key: (slips[key], sort_key(self._names[key])))][
            :limit
        ]

    def _find(self, text: str) -> Match[Key] | None:
        exact = self._exact.get(_same_words(text))
        if exact is not None:
            return Match(exact, self._names[exact], How.EXACT)
        short = shortened(text)
        for found, how in (
            (self._folded.get(search_key(text)), How.SPELLING),
            (self._short.get(short), How.ABBREVIATED),
            (self._headless.get(short), How.ABBREVIATED),
            (self._one_slip_away(short, text), How.SLIP),
        ):
            if found:
                key = next(iter(found))
                return Match(key, self._names[key], how) if len(found) == 1 else None
        return None

    def _one_slip_away(self, short: str, text: str) -> set[Key]:
        """Return the organisations nearest to the text, if they are near enough to mean them."""
        most = (len(short) >= ONE_SLIP) + (len(short) >= TWO_SLIPS)
        slips = self._slips(text, (self._folded, self._short), most=most)
        return {key for key, count in slips.items() if count == min(slips.values())}

    def _slips(self, text: str, books: Iterable[dict[str, set[Key]]], *, most: int) -> dict[Key, int]:
        """Return by how many slips the text differs from each name, as each book writes it."""
        slips: dict[Key, int] = {}
        for known in books:
            written = search_key(text) if known is self._folded else shortened(text)
            for other in _comparable(written, known):
                count = _distance(written, other, most=most)
                for key in known[other] if count <= most else ():
                    slips[key] = min(count, slips.get(key, count))
        return slips


def _comparable(written: str, known: Iterable[str]) -> list[str]:
    """Return the names that share enough words with what was written, and every number."""
    wanted, numbers = Counter(written.split()), _numbers(written)
    enough = max(1, round(wanted.total() * _ALIKE))
    return [
        other for other in known if (wanted & Counter(other.split())).total() >= enough and _numbers(other) == numbers
    ]


def shortened(name: str) -> str:
    """Return the folded name with every usual word in its one short form: equal for all ways to write it."""
    return " ".join(_LONG_FORMS.sub(lambda found: _SHORT[found[0]], search_key(name)).split())


def _same_words(name: str) -> str:
    return same_tone_place(clean_line(name)).casefold()


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters must be added, dropped, changed or swapped (Damerau); most + 1 when more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
