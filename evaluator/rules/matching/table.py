"""Reading ``initiative,reviewer,affinity`` from text, fast: tens of millions of rows into one table of whole numbers.

Reading is half of the time of a large assignment, so rows are taken apart in bulk, eight bytes at a step. The usual
file repeats the same reviewers in the same order for one initiative after another; that is recognised and checked,
and any other order is read as well, only somewhat slower. Values are kept exactly, up to eight decimals.
"""

import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from evaluator.rules.matching.problem import Table, Whole

_CHUNK = 1 << 20
_PAD = 32
_DECIMALS = 8
# So few names are looked up one by one; more of them in bulk.
_FEW = 2000
_LONGEST = 19
# So near to a whole number is a whole number.
_WHOLE = 1e-6
_COMMA, _NEWLINE, _RETURN, _QUOTE, _SPACE, _MINUS, _POINT, _ZERO = 44, 10, 13, 34, 32, 45, 46, 48
_FORM = np.array([_COMMA, _COMMA, _NEWLINE], np.uint8)

Words = NDArray[np.uint64]
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(8)] + [2**64 - 1], np.uint64)


class BadRow(Exception):
    """A row that cannot be read: its number (the first line is 1), the column, the text found there."""

    def __init__(self, row: int, column: str, text: str) -> None:
        super().__init__(f"row {row}: {column} {text!r}")
        self.row, self.column, self.text = row, column, text


@dataclass(slots=True, eq=False)
class PairTable:
    """Names of initiatives and reviewers in order of appearance, and what each pair is worth (0 where none is given).

    A number in ``worth`` is the affinity times ten to the power of ``decimals``.
    """

    initiatives: list[str]
    reviewers: list[str]
    worth: Table
    decimals: int
    is_rounded: bool = False

    def arranged(self, rows: Whole, columns: Whole) -> "PairTable":
        """Return the table with its rows and columns in another order."""
        worth = np.empty_like(self.worth, shape=(len(rows), len(columns)))
        step = 4096
        for start in range(0, len(rows), step):
            worth[start : start + step] = self.worth[rows[start : start + step]][:, columns]
        names = [self.initiatives[row] for row in rows], [self.reviewers[column] for column in columns]
        return PairTable(*names, worth, self.decimals, self.is_rounded)

    def with_reviewers(self, names: list[str]) -> "PairTable":
        """Return the table with further reviewers, of whom no affinity is known."""
        wider = np.zeros((len(self.initiatives), len(self.reviewers) + len(names)), self.worth.dtype)
        wider[:, : len(self.reviewers)] = self.worth
        return PairTable(self.initiatives, self.reviewers + names, wider, self.decimals, self.is_rounded)


class _Names:
    """Names met so far, found again by their bytes, many at a time."""

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self.places: dict[bytes, int] = {}
        self.sorted = np.empty(0, np.uint64)
        self.place_of = np.empty(0, np.int64)
        self.words = np.empty((0, 1), np.uint64)
        self.indexed = 0

    def find(self, text: NDArray[np.uint8], start: Whole, stop: Whole, words: Words) -> Whole:
        """Return the place of every name, giving new ones the next places in order of appearance."""
        if len(start) < _FEW:
            pieces = zip(start.tolist(), stop.tolist(), strict=True)
            return np.array([self._add(bytes(text[head:end])) for head, end in pieces], np.int64)
        self.refresh()
        mixed = _mixed(words)
        places = self._known(mixed, words)
        unknown = np.flatnonzero(places < 0)
        if unknown.size:
            _, first = np.unique(mixed[unknown], return_index=True)
            for at in unknown[np.sort(first)]:
                self._add(bytes(text[start[at] : stop[at]]))
            self._index()
            places[unknown] = self._known(mixed[unknown], words[unknown])
        for at in np.flatnonzero(places < 0):  # two names with the same mark: told apart one by one
            places[at] = self._add(bytes(text[start[at] : stop[at]]))
        return places

    def _known(self, mixed: Words, words: Words) -> Whole:
        if not self.indexed:
            return np.full(len(mixed), -1)
        at = np.minimum(np.searchsorted(self.sorted, mixed), len(self.sorted) - 1)
        places = self.place_of[at]
        width = max(words.shape[1], self.words.shape[1])
        same = (_widened(self.words, width)[places] == _widened(words, width)).all(axis=1)
        return np.where(same, places, -1)

    def _add(self, name: bytes) -> int:
        if name not in self.places:
            self.places[name] = len(self.names)
            self.names.append(name)
        return self.places[name]

    def refresh(self) -> None:
        """Bring the index up to the names added one by one."""
        if self.indexed < len(self.names):
            self._index()

    def _index(self) -> None:
        longest = max(map(len, self.names))
        width = -(-longest // 8) or 1
        self.words = np.array(self.names, f"S{width * 8}").view(np.uint64).reshape(-1, width)
        self.indexed = len(self.names)
        mixed = _mixed(self.words)
        order = np.argsort(mixed, kind="stable")
        self.sorted, self.place_of = mixed[order], order.astype(np.int64)

    def decoded(self) -> list[str]:
        return [name.decode() for name in self.names]


def _widened(words: Words, width: int) -> Words:
    if words.shape[1] == width:
        return words
    wide = np.zeros((len(words), width), np.uint64)
    wide[:, : words.shape[1]] = words
    return wide


def _mixed(words: Words) -> Words:
    """Return one number per name; trailing empty words do not change it."""
    mixed = words[:, 0] * np.uint64(0x9E3779B97F4A7C15)
    for column in range(1, words.shape[1]):
        more = words[:, column] * np.uint64(0xC2B2AE3D27D4EB4F + 2 * column)
        mixed ^= more ^ (more >> np.uint64(29))
    return mixed


class Reader:
    """Fills a table from pieces of a file."""

    def __init__(self, size: int | None) -> None:
        self.size = size
        self.initiatives, self.reviewers = _Names(), _Names()
        self.decimals = 0
        self.worth: Table = np.zeros((0, 0), np.int16)
        self.given = np.zeros((0, 0), np.bool_)
        self.row = 1
        self.read = 0
        self.rounded = False

    def table(self) -> PairTable:
        """Return what was read."""
        initiatives, reviewers = self.initiatives.decoded(), self.reviewers.decoded()
        return PairTable(
            initiatives, reviewers, self.worth[: len(initiatives), : len(reviewers)], self.decimals, self.rounded
        )

    def take(self, buffer: bytearray, length: int, *, last: bool) -> int:
        """Read the whole lines in the first ``length`` bytes and return how many bytes were used.

        The rows of the initiative at the end are left for the next piece unless this is the last.

        Raises:
            BadRow: a row is not of the agreed form, or gives a pair a second time.
        """
        text = np.frombuffer(buffer, np.uint8, length + _PAD)
        found = np.flatnonzero((text[:length] == _COMMA) | (text[:length] == _NEWLINE))
        if (text[:length] == _QUOTE).any() or not _is_regular(text, found):
            return self._take_slowly(buffer, length)
        rows = len(found) // 3
        if not rows:
            return 0
        marks = found[: 3 * rows].reshape(rows, 3)
        first, second, stop = marks[:, 0], marks[:, 1], marks[:, 2].copy()
        start = np.empty(rows, np.int64)
        start[0], start[1:] = 0, marks[:-1, 2] + 1
        stop -= text[stop - 1] == _RETURN
        eights = np.ndarray((length + _PAD - 8,), "<u8", text, strides=(1,))
        names = _gather(eights, start, first)
        changed = np.empty(rows, np.bool_)
        changed[0], changed[1:] = True, (names[1:] != names[:-1]).any(axis=1)
        heads = np.flatnonzero(changed)
        if not last and len(heads) > 1:
            rows = int(heads[-1])
            heads = heads[:-1]
        line = slice(0, rows)
        values = self._values(text, eights, second[line] + 1, stop[line])
        who = _gather(eights, first[line] + 1, second[line])
        places = self.initiatives.find(text, start[heads], first[heads], names[heads])
        columns = self._columns(text, first[line] + 1, second[line], who, heads)
        self.read += int(marks[rows - 1, 2]) + 1
        self._room()
        self._put(places, heads, columns, values, rows)
        self.row += rows
        return int(marks[rows - 1, 2]) + 1

    def _columns(self, text: NDArray[np.uint8], start: Whole, stop: Whole, who: Words, heads: Whole) -> Whole | None:
        """Return each row's reviewer, or None when every initiative lists all known reviewers in known order."""
        width = len(self.reviewers.names)
        if width and len(heads) * width == len(who) and (np.diff(heads) == width).all():
            self.reviewers.refresh()
            known = self.reviewers.words
            if known.shape[1] == who.shape[1] and (who.reshape(len(heads), width, -1) == known).all():
                return None
        return self.reviewers.find(text, start, stop, who)

    def _put(self, places: Whole, heads: Whole, columns: Whole | None, values: Whole, rows: int) -> None:
        """Write the values into the table, refusing pairs that are there already."""
        if columns is None and len(np.unique(places)) == len(places):
            width = len(self.reviewers.names)
            if not self.given[places, :width].any():
                self.worth[places, :width] = values.reshape(len(places), width)
                self.given[places, :width] = True
                return
        if columns is None:
            columns = np.tile(np.arange(len(self.reviewers.names)), len(places))
        line = np.repeat(places, np.diff(np.append(heads, rows)))
        flat = line * self.worth.shape[1] + columns
        seen = self.given.ravel()
        if seen[flat].any() or len(np.unique(flat)) < len(flat):
            self._refuse_twice(line, columns, flat, seen)
        self.worth.ravel()[flat] = values
        seen[flat] = True

    def _refuse_twice(self, line: Whole, columns: Whole, flat: Whole, seen: NDArray[np.bool_]) -> None:
        _, first = np.unique(flat, return_index=True)
        again = np.ones(len(flat), np.bool_)
        again[first] = False
        at = int(np.flatnonzero(again | seen[flat])[0])
        pair = f"{self.initiatives.names[line[at]].decode()},{self.reviewers.names[columns[at]].decode()}"
        raise BadRow(self.row + at, "pair given twice", pair)

    def _room(self) -> None:
        """Make the table large enough; untouched rows of it cost no memory."""
        rows, columns = len(self.initiatives.names), len(self.reviewers.names)
        have_rows, have_columns = self.worth.shape
        if rows <= have_rows and columns <= have_columns:
            return
        if columns > have_columns and have_columns:
            columns += columns // 4
        if rows > have_rows:
            rows = max(rows, int(rows * (self.size / self.read) * 1.05) + 1 if self.size else 2 * rows)
        shape = max(rows, have_rows), max(columns, have_columns)
        worth, given = np.zeros(shape, self.worth.dtype), np.zeros(shape, np.bool_)
        worth[:have_rows, :have_columns] = self.worth
        given[:have_rows, :have_columns] = self.given
        self.worth, self.given = worth, given

    def _values(self, text: NDArray[np.uint8], eights: Words, start: Whole, stop: Whole) -> Whole:
        """Return the values as whole numbers on the common scale, widening the scale when more decimals come."""
        minus = text[start] == _MINUS
        signed = bool(minus.any())
        if signed:
            start = start + minus
        digits = stop - start - 2
        point = text[start + 1] == _POINT
        lead = text[start].astype(np.int64) - _ZERO
        plain = (lead >= 0) & (lead <= 9) & ((point & (digits > 0) & (digits <= _LONGEST - 2)) | (digits == -1))
        known = np.clip(digits, 0, _DECIMALS)
        self._widen(int(known.max(initial=0, where=plain)))
        self.rounded |= bool((digits > _DECIMALS).any())
        values, good = _fractions(text, eights, _Spans(start, stop, known), self.decimals)
        values += lead * 10**self.decimals
        odd = np.flatnonzero(~(plain & good))
        if odd.size:
            found = self._odd_values(text, start[odd], stop[odd], odd)
            values = self._rescaled(values, found)
            values[odd] = np.rint(found * 10.0**self.decimals).astype(np.int64)
        if signed:
            values = np.where(minus, -values, values)
        self._fit(values)
        return values

    def _rescaled(self, values: Whole, found: NDArray[np.float64]) -> Whole:
        """Return the values on a scale on which the found ones are whole, as far as eight decimals can say."""
        before = self.decimals
        scale = before
        while scale < _DECIMALS and (abs(np.rint(found * 10.0**scale) - found * 10.0**scale) > _WHOLE).any():
            scale += 1
        self._widen(scale)
        self.rounded |= bool((abs(np.rint(found * 10.0**scale) - found * 10.0**scale) > _WHOLE).any())
        return values * np.int64(10 ** (self.decimals - before))

    def _odd_values(self, text: NDArray[np.uint8], start: Whole, stop: Whole, rows: Whole) -> NDArray[np.float64]:
        """Return values that are not written as 0.123: whole numbers, several places before the point, exponents."""
        found = np.empty(len(rows))
        for at, (head, end) in enumerate(zip(start.tolist(), stop.tolist(), strict=True)):
            word = bytes(text[head:end])
            try:
                found[at] = float(word)
            except ValueError:
                raise BadRow(self.row + int(rows[at]), "affinity", word.decode(errors="replace")) from None
            if not np.isfinite(found[at]):
                raise BadRow(self.row + int(rows[at]), "affinity", word.decode())
        return found

    def _widen(self, decimals: int) -> None:
        """Go over to a scale with more decimals; what was read before is carried along."""
        if decimals > self.decimals:
            factor = 10 ** (decimals - self.decimals)
            self.decimals = decimals
            if self.worth.size:
                high = max(int(self.worth.max()), -int(self.worth.min())) * factor
                self.worth = self.worth.astype(_type_for(high, self.worth.dtype)) * factor

    def _fit(self, values: Whole) -> None:
        """Take a wider type of number when the values need one."""
        kind = _type_for(max(int(values.max(initial=0)), -int(values.min(initial=0))), self.worth.dtype)
        if kind != self.worth.dtype:
            self.worth = self.worth.astype(kind)

    def _take_slowly(self, buffer: bytearray, length: int) -> int:
        """Read lines with quotes or of uneven form by the standard reader; report the first that is wrong."""
        end = bytes(buffer[:length]).rfind(b"\n") + 1
        lines = []
        for at, row in enumerate(csv.reader(io.StringIO(bytes(buffer[:end]).decode(), newline=""))):
            if not row:
                continue
            if len(row) != 3:
                raise BadRow(self.row + at, "three columns expected, found", ",".join(row))
            if not all(part.strip() for part in row):
                raise BadRow(self.row + at, "a name is missing", ",".join(row))
            if any("," in name or "\n" in name for name in row):
                raise BadRow(self.row + at, "no comma or line break allowed in", str(row))
            lines.append(",".join(part.strip() for part in row) + "\n")
        plain = bytearray("".join(lines).encode())
        size = len(plain)
        self.take(plain + bytearray(_PAD), size, last=True)
        return end


def _type_for(high: int, now: np.dtype[np.signedinteger]) -> np.dtype[np.signedinteger]:
    """Return the smallest type that holds the number and its barred mark, not smaller than the one in use."""
    for kind in (np.int16, np.int32, np.int64):
        if np.dtype(kind).itemsize >= now.itemsize and high < np.iinfo(kind).max:
            return np.dtype(kind)
    msg = "a value is too large"
    raise OverflowError(msg)


def _is_regular(text: NDArray[np.uint8], marks: Whole) -> bool:
    """Return whether the marks come as comma, comma, end of line throughout, nothing between them empty or spaced."""
    whole = len(marks) // 3 * 3
    kinds = text[marks[:whole]].reshape(-1, 3)
    if (kinds != _FORM).any() or (text[marks[whole:]] == _NEWLINE).any():
        return False
    before, after = text[marks[:whole] - 1], text[marks[:whole] + 1]
    empty = (before == _COMMA) | (before == _NEWLINE) | (before == _SPACE) | (after == _SPACE)
    return not empty.any() and (whole == 0 or int(marks[0]) > 0)


def _gather(eights: Words, start: Whole, stop: Whole) -> Words:
    """Return the bytes of each name as numbers of eight bytes each, zero beyond its end."""
    length = stop - start
    width = max(1, -(-int(length.max(initial=1)) // 8))
    words = np.empty((len(start), width), np.uint64)
    for column in range(width):
        words[:, column] = eights[np.minimum(start + 8 * column, len(eights) - 1)]
        words[:, column] &= _KEEP[np.clip(length - 8 * column, 0, 8)]
    return words


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """Where values stand, and how many of their decimals are kept."""

    start: Whole
    stop: Whole
    known: Whole


def _fractions(text: NDArray[np.uint8], eights: Words, spans: _Spans, decimals: int) -> tuple[Whole, NDArray[np.bool_]]:
    """Return the digits after the point as a whole number of ``decimals`` places, and where they were digits."""
    u = np.uint64
    start, stop = spans.start, spans.stop
    keep = _KEEP[spans.known]
    word = eights[start + 2] & keep
    zeros = u(0x3030303030303030) & keep
    good = ((word ^ zeros) & u(0xF0F0F0F0F0F0F0F0)) == 0
    digits = word ^ zeros
    good &= ((digits + u(0x0606060606060606)) & u(0xF0F0F0F0F0F0F0F0)) == 0
    digits <<= u(8 * (_DECIMALS - decimals))
    digits = (digits * u(10) + (digits >> u(8))) & u(0x00FF00FF00FF00FF)
    digits = (digits * u(100) + (digits >> u(16))) & u(0x0000FFFF0000FFFF)
    digits = (digits * u(10000) + (digits >> u(32))) & u(0xFFFFFFFF)
    values = digits.astype(np.int64)
    long = np.flatnonzero(stop - start - 2 > _DECIMALS)
    if long.size:
        ninth = text[start[long] + 2 + _DECIMALS].astype(np.int64) - _ZERO
        tail = eights[stop[long] - 8]
        rest = (tail & u(0xF0F0F0F0F0F0F0F0)) == u(0x3030303030303030)
        rest &= ((tail ^ u(0x3030303030303030)) + u(0x0606060606060606)) & u(0xF0F0F0F0F0F0F0F0) == 0
        values[long] += ninth >= 5
        good[long] &= (ninth >= 0) & (ninth <= 9) & (rest | (stop[long] - start[long] - 2 == _DECIMALS + 1))
    return values, good


def read(file: BinaryIO, *, size: int | None = None) -> PairTable:
    """Return the table of a file with rows ``initiative,reviewer,affinity``; a header row may stand first.

    Raises:
        BadRow: the first row that cannot be read.
        UnicodeDecodeError: the names are not UTF-8.
    """
    reader = Reader(size)
    buffer = bytearray(_CHUNK + _PAD)
    filled, ended, begun = 0, False, False
    while not ended:
        if filled >= len(buffer) - _PAD:
            buffer.extend(bytes(len(buffer)))
        got = file.readinto(memoryview(buffer)[filled : len(buffer) - _PAD])  # type: ignore[attr-defined]  # every binary file has it
        ended = not got
        filled += got
        if ended and filled and buffer[filled - 1] != _NEWLINE:
            buffer[filled] = _NEWLINE
            filled += 1
        used = 0
        if not begun and (filled >= _CHUNK or ended):
            begun = True
            used = _skip_header(buffer, filled, reader)
            buffer[: filled - used] = buffer[used:filled]
            filled -= used
        if not begun:
            continue
        used = reader.take(buffer, filled, last=ended) if filled else 0
        while ended and 0 < used < filled:
            buffer[: filled - used] = buffer[used:filled]
            filled -= used
            used = reader.take(buffer, filled, last=True)
        buffer[: filled - used] = buffer[used:filled]
        filled -= used
    return reader.table()


def _skip_header(buffer: bytearray, filled: int, reader: Reader) -> int:
    """Return the length of a header row (and of the mark that some programs put first), if there is one."""
    mark = 3 if buffer[:3] == b"\xef\xbb\xbf" else 0
    end = buffer.find(b"\n", 0, filled) + 1
    last = bytes(buffer[mark:end]).strip().split(b",")[-1].strip(b'" ')
    try:
        float(last)
    except ValueError:
        reader.row += 1
        return end
    return mark
