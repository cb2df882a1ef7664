"""Cleaning one cell: each reader returns a value and notes what it had to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from evaluator.core.text import N_, sentence
from evaluator.initiatives.intake.findings import Finding, Severity
from evaluator.initiatives.intake.workbook import Cell
from evaluator.rules import vietnamese
from evaluator.rules.dossier import OLDEST_BIRTH_YEAR, Kind
from evaluator.rules.vietnamese import Unreadable, Why, clean_line, search_key

_EXCEL_EPOCH = date(1899, 12, 30)
_LATEST_YEAR_NUMBER = 2100  # a bare number up to here is a year, above it a day counted by Excel


@dataclass(slots=True)
class Place:
    """One cell being read: where it stands, and where the notes about it go."""

    row: int
    letter: str
    heading: str
    findings: list[Finding] = field(default_factory=list)

    def note(self, severity: Severity, code: str, problem: str, remedy: str, **values: Any) -> None:
        """Add a finding about this cell; ``problem`` and ``remedy`` are marked message ids."""
        values["heading"] = self.heading
        self.findings.append(
            Finding(self.row, self.letter, code, sentence(problem, **values), sentence(remedy, **values), severity)
        )

    def fixed(self, code: str, problem: str, remedy: str = N_("Nothing to do."), **values: Any) -> None:
        """Note something put right without asking."""
        self.note(Severity.FIXED, code, problem, remedy, **values)

    def warn(self, code: str, problem: str, remedy: str, **values: Any) -> None:
        """Note something put right that a person should look at."""
        self.note(Severity.WARNING, code, problem, remedy, **values)

    def error(self, code: str, problem: str, remedy: str, **values: Any) -> None:
        """Note something only a person can decide."""
        self.note(Severity.ERROR, code, problem, remedy, **values)


LOOK = N_("Please check that it is right.")


def shown(raw: Cell) -> str:
    """Return a cell as a person would type it; whole numbers without a decimal point."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime | date):
        return raw.strftime("%d/%m/%Y")
    return str(raw)


# --- text -------------------------------------------------------------------------------------


def text(raw: Cell, at: Place) -> str:
    """Return running text in clean Unicode; its line breaks stay."""
    written = shown(raw)
    if not written.strip():
        return ""
    decoded, encoding = vietnamese.decode_legacy(written)
    if encoding:
        at.warn(
            "legacy_" + encoding.lower(),
            N_("“%(heading)s” is written in the old %(encoding)s font encoding: %(now)s"),
            LOOK,
            encoding=encoding,
            now=_short(decoded),
        )
    composed = vietnamese.nfc(decoded)
    if composed != decoded:
        at.fixed("text_nfd", N_("“%(heading)s” had its marks typed apart from the letters; they were joined."))
    visible = vietnamese.clean(composed)
    if visible != composed:
        _note_spaces(composed, at)
    latin = vietnamese.repair_lookalikes(visible)
    if latin != visible:
        at.warn(
            "homoglyph",
            N_("“%(heading)s” held letters of another script that only look Latin; now it reads: %(now)s"),
            LOOK,
            now=_short(latin),
        )
    if vietnamese.same_tone_place(latin) != latin:
        at.fixed(
            "tone_placement",
            N_(
                "“%(heading)s” places tone marks the other way (hoà for hòa). It is kept as written and found either way."
            ),
        )
    return latin


_SPACES_ONLY = re.compile(r"[ \n\r\t]")


def _note_spaces(written: str, at: Place) -> None:
    plain = re.sub("[^\\S \n\r\t]|[\u00ad\u200b-\u200f\u2060\ufeff]", "", written)
    if plain != written:
        at.fixed("nbsp_zero_width", N_("“%(heading)s” held invisible characters; they were taken out."))
    if re.sub(_SPACES_ONLY, "", plain) == re.sub(_SPACES_ONLY, "", written) and plain == written:
        at.fixed("trailing_space", N_("“%(heading)s” held spaces or line breaks too many; they were taken out."))


def prose(raw: Cell, at: Place) -> str:
    """Return a long text; a sign in front that Excel would take for a formula is dropped."""
    read = text(raw, at)
    if read[:1] in {"=", "+", "@"} or (read[:1] == "-" and read[1:2].isalpha()):
        read = read[1:].lstrip()
        at.warn(
            "formula_text",
            N_("“%(heading)s” begins with a sign that Excel takes for a formula; it was dropped."),
            LOOK,
        )
    return read


def title(raw: Cell, at: Place) -> str:
    """Return a title on one line; one in capitals is set in small letters, to be looked at."""
    read = " ".join(prose(raw, at).split())
    if vietnamese.is_shouted(read):
        read = vietnamese.sentence_case(read)
        at.warn(
            "all_caps",
            N_("“%(heading)s” stands in capitals; it was set as: %(now)s"),
            N_("Please check the capitals of proper names."),
            now=read,
        )
    return read


def person(raw: Cell, at: Place) -> str:
    """Return a person's name on one line; one in capitals gets a capital on each syllable."""
    read = " ".join(text(raw, at).split())
    if vietnamese.is_shouted(read):
        read = vietnamese.name_case(read)
        at.warn("all_caps", N_("“%(heading)s” stands in capitals; it was set as: %(now)s"), LOOK, now=read)
    if not read:
        at.error("name_missing", N_("“%(heading)s” is empty."), N_("Write the author's full name, or delete the row."))
    return read


def _short(value: str, most: int = 80) -> str:
    line = clean_line(value)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


# --- dates ------------------------------------------------------------------------------------

_DATE_PROBLEMS = {
    Why.YEAR_ONLY: (
        "date_year_only",
        N_("“%(heading)s” holds only a year: %(written)s."),
        N_("Write day, month and year, such as 05/03/1980."),
    ),
    Why.NOT_IN_CALENDAR: (
        "date_impossible",
        N_("“%(heading)s”: the calendar has no %(written)s."),
        N_("Correct the day or the month."),
    ),
    Why.NOT_A_DATE: (
        "date_unreadable",
        N_("“%(heading)s” is no date: %(written)s."),
        N_("Write day, month and year, such as 05/03/1980."),
    ),
}


def day(raw: Cell, at: Place, *, latest: date, earliest_year: int = OLDEST_BIRTH_YEAR) -> date | None:
    """Return a date however it was typed; None when the cell is empty or an error was noted.

    ``latest`` is the last day it can be; it also fills in the century of a two-digit year.
    """
    read = _day(raw, at, latest=latest)
    if read is None:
        return None
    if read > latest:
        at.error(
            "date_future",
            N_("“%(heading)s” lies after the dossier was handed in: %(written)s."),
            N_("Correct the date."),
            written=vietnamese.short_date(read),
        )
        return None
    if read.year < earliest_year:
        at.error(
            "date_unreadable",
            N_("“%(heading)s” is no date: %(written)s."),
            N_("Write day, month and year, such as 05/03/1980."),
            written=vietnamese.short_date(read),
        )
        return None
    return read


def _day(raw: Cell, at: Place, *, latest: date) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    written = shown(raw).strip()
    if not written:
        return None
    if isinstance(raw, int | float) or (written.isdigit() and len(written) == 5):
        return _serial(int(float(written)), at)
    try:
        reading = vietnamese.read_date(written, latest_year=latest.year)
    except Unreadable as unreadable:
        code, problem, remedy = _DATE_PROBLEMS.get(unreadable.why, _DATE_PROBLEMS[Why.NOT_A_DATE])
        at.error(code, problem, remedy, written=_short(written))
        return None
    now = vietnamese.short_date(reading.day)
    if reading.century_guessed:
        at.warn("date_text_dmyy", N_("“%(heading)s” has a year of two digits; it was read as %(now)s."), LOOK, now=now)
    else:
        at.fixed("date_text", N_("“%(heading)s” was text; it was read as the date %(now)s."), now=now)
    return reading.day


def _serial(number: int, at: Place) -> date | None:
    if number <= _LATEST_YEAR_NUMBER:
        code, problem, remedy = _DATE_PROBLEMS[Why.YEAR_ONLY]
        at.error(code, problem, remedy, written=str(number))
        return None
    read = _EXCEL_EPOCH + timedelta(days=number)
    at.fixed(
        "date_serial",
        N_("“%(heading)s” was a day counted by Excel (%(number)s); it was read as %(now)s."),
        number=number,
        now=vietnamese.short_date(read),
    )
    return read


# --- money and shares -------------------------------------------------------------------------


def money(raw: Cell, at: Place) -> int | None:
    """Return whole đồng; None when there is no amount or an error was noted."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if raw < 0:
            at.error(
                "money_unreadable",
                N_("“%(heading)s” is no amount of money: %(written)s."),
                _MONEY_REMEDY,
                written=shown(raw),
            )
            return None
        return int(raw)
    written = clean_line(shown(raw))
    if not written:
        return None
    try:
        amount = vietnamese.read_money(written)
    except Unreadable:
        at.error(
            "money_unreadable",
            N_("“%(heading)s” is no amount of money: %(written)s."),
            _MONEY_REMEDY,
            written=_short(written),
        )
        return None
    if amount.dong is None:
        at.warn(
            "money_none_text",
            N_("“%(heading)s” holds a word instead of a number (%(written)s); it was left empty."),
            LOOK,
            written=_short(written),
        )
        return None
    now = vietnamese.money(amount.dong)
    if amount.is_estimate:
        at.warn(
            "money_about",
            N_("“%(heading)s” is an estimate (%(written)s); it was read as %(now)s."),
            LOOK,
            written=_short(written),
            now=now,
        )
    elif amount.in_units:
        at.fixed(
            "money_words", N_("“%(heading)s” (%(written)s) was read as %(now)s."), written=_short(written), now=now
        )
    else:
        at.fixed(
            "money_dots_comma", N_("“%(heading)s” (%(written)s) was read as %(now)s."), written=_short(written), now=now
        )
    return amount.dong


_MONEY_REMEDY = N_("Write whole đồng, such as 1.200.000, or 1,2 triệu.")


def share(raw: Cell, at: Place) -> Decimal | None:
    """Return a percentage as written; what 0,6 means is decided with the other shares of the dossier."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Decimal(str(raw))
    written = clean_line(shown(raw))
    if not written:
        return None
    bare = written.removesuffix("%").strip()
    try:
        read = vietnamese.read_decimal(bare)
    except Unreadable:
        at.error(
            "share_unreadable",
            N_("“%(heading)s” is no percentage: %(written)s."),
            N_("Write a number from 1 to 100."),
            written=_short(written),
        )
        return None
    if bare != written:
        at.fixed(
            "share_percent_text",
            N_("“%(heading)s” was text with a percent sign; it was read as %(now)s."),
            now=vietnamese.number(read),
        )
    return read


# --- codes, addresses, choices ----------------------------------------------------------------

_CODE = re.compile(r"([A-Z]{1,10})[\s\-_/.]*((?:19|20)\d\d)[\s\-_/.]*(\d{1,6})")
_PLAIN_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,63}")


def dossier_code(raw: Cell, at: Place, *, digits: int = 4) -> str:
    """Return the code of a dossier in one spelling (DKST-2024-0068); "" when there is none."""
    written = shown(raw)
    if not written.strip():
        return ""
    folded = vietnamese.fold(clean_line(written)).upper()
    found = _CODE.fullmatch(folded)
    code = f"{found[1]}-{found[2]}-{int(found[3]):0{digits}d}" if found else clean_line(written)
    if code != written:
        at.warn(
            "code_variant",
            N_("“%(heading)s” was written %(written)s; it was read as %(now)s."),
            LOOK,
            written=_short(written),
            now=code,
        )
    if not _PLAIN_CODE.fullmatch(code):
        at.error(
            "code_unreadable",
            N_("“%(heading)s” cannot be used as a code: %(written)s."),
            N_("Use letters, digits, hyphens and dots only."),
            written=_short(written),
        )
        return ""
    return code


def year_of_code(code: str) -> int | None:
    """Return the year in a code such as DKST-2024-0068."""
    found = _CODE.fullmatch(code)
    return int(found[2]) if found else None


_PHONE = re.compile(r"0\d{9,10}")


def phone(raw: Cell, at: Place) -> str:
    """Return a telephone number as ten digits; the first when there are two."""
    written = clean_line(shown(raw))
    if not written:
        return ""
    first, *others = re.split(r"\s*[/;,]\s*|\s+hoặc\s+|\s+-\s+", written)
    digits = re.sub(r"[\s.\-()]", "", first)
    national = re.sub(r"^(?:\+|00)84", "0", digits)
    if national != digits:
        at.fixed("phone_plus84", N_("“%(heading)s” was written with +84; it was read as %(now)s."), now=national)
    elif re.fullmatch(r"84\d{9}", digits):
        national = "0" + digits[2:]
        at.fixed("phone_plus84", N_("“%(heading)s” was written with +84; it was read as %(now)s."), now=national)
    elif re.fullmatch(r"[1-9]\d{8}", digits):
        national = "0" + digits
        at.fixed("phone_lost_zero", N_("“%(heading)s” had lost its first zero; it was read as %(now)s."), now=national)
    elif digits != first:
        at.fixed("phone_punct", N_("“%(heading)s” held spaces or dots; it was read as %(now)s."), now=national)
    if others:
        at.warn("phone_two", N_("“%(heading)s” holds two numbers; the first was taken: %(now)s."), LOOK, now=national)
    if not _PHONE.fullmatch(national):
        at.warn(
            "phone_unreadable",
            N_("“%(heading)s” is no telephone number: %(written)s. It was kept as written."),
            LOOK,
            written=_short(written),
        )
        return written[:40]
    return national


_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)


def email(raw: Cell, at: Place) -> str:
    """Return an e-mail address without spaces, in small letters."""
    written = shown(raw)
    bare = re.sub(r"\s", "", vietnamese.clean(written))
    if not bare:
        return ""
    if not _EMAIL.fullmatch(bare):
        at.error(
            "email_broken",
            N_("“%(heading)s” is no e-mail address: %(written)s."),
            N_("Correct it, or leave the cell empty."),
            written=_short(written),
        )
        return ""
    if bare != written:
        at.fixed("email_space", N_("“%(heading)s” held spaces; it was read as %(now)s."), now=bare)
    return bare.lower()


KINDS = {Kind.INITIATIVE: "Sáng kiến", Kind.SOLUTION: "Giải pháp", Kind.MODEL: "Mô hình", Kind.IDEA: "Ý tưởng"}
_KIND_WORDS = {
    "sk": Kind.INITIATIVE, "sang kien": Kind.INITIATIVE, "gp": Kind.SOLUTION, "giai phap": Kind.SOLUTION,
    "mh": Kind.MODEL, "mo hinh": Kind.MODEL, "cach lam": Kind.MODEL, "yt": Kind.IDEA, "i tuong": Kind.IDEA, "y tuong": Kind.IDEA,
}  # fmt: skip


def kind(raw: Cell, at: Place) -> Kind | None:
    """Return what is submitted, from our four words or an office's shorter ones."""
    written = shown(raw)
    folded = search_key(written)
    if not folded:
        at.error("kind_missing", N_("“%(heading)s” is empty."), N_("Write Sáng kiến, Giải pháp, Mô hình or Ý tưởng."))
        return None
    read = next((value for word, value in _KIND_WORDS.items() if folded == word or folded.startswith(word + " ")), None)
    if read is None:
        at.error(
            "kind_unknown",
            N_("“%(heading)s” is none of the kinds: %(written)s."),
            N_("Write Sáng kiến, Giải pháp, Mô hình or Ý tưởng."),
            written=_short(written),
        )
        return None
    if written != KINDS[read]:
        at.warn(
            "kind_variant",
            N_("“%(heading)s” (%(written)s) was read as “%(now)s”."),
            LOOK,
            written=_short(written),
            now=KINDS[read],
        )
    return read


# Short names offices use; the value is a word of the field's full name that only that field has.
_FIELD_WORDS: Mapping[str, str] = {
    "cntt": "cong nghe thong tin", "chuyen doi so": "chuyen doi so", "tin hoc": "cong nghe thong tin", "co khi": "co khi", "dien": "co khi",
    "xd": "xay dung", "gt": "giao thong", "gtvt": "giao thong", "vat lieu": "vat lieu", "nang luong": "nang luong", "hoa chat": "hoa chat",
    "nong nghiep": "nong lam", "nn ptnt": "nong lam", "nn": "nong lam", "thuy san": "nong lam", "tn mt": "tai nguyen",
    "moi truong": "moi truong", "i te": "suc khoe", "y te": "suc khoe", "y": "duoc", "y duoc": "duoc", "duoc": "duoc", "gd dt": "giao duc",
    "giao duc": "giao duc", "gd": "giao duc", "cchc": "cai cach hanh chinh", "quan li": "quan li", "quan ly": "quan li", "mat tran": "mat tran",
    "dan van": "mat tran", "an sinh": "an sinh", "qp an": "quoc phong", "an ninh": "an ninh", "quoc phong": "quoc phong",
    "vhtt dl": "van hoa", "van hoa": "van hoa", "du lich": "du lich", "ocop": "ocop", "thuong mai": "thuong mai",
}  # fmt: skip


def choice_of_field(raw: Cell, at: Place, *, known: Mapping[str, str]) -> str:
    """Return one of the round's fields; ``known`` maps folded names to them."""
    written = shown(raw)
    folded = search_key(written)
    if not folded:
        at.error("field_missing", N_("“%(heading)s” is empty."), N_("Write one of the fields of the round."))
        return ""
    read = known.get(folded) or _field_by_words(folded, known)
    if read is None:
        at.error(
            "field_unknown",
            N_("“%(heading)s” is none of the round's fields: %(written)s."),
            N_("Write one of the fields of the round."),
            written=_short(written),
        )
        return ""
    if written != read:
        at.warn(
            "field_variant",
            N_("“%(heading)s” (%(written)s) was read as “%(now)s”."),
            LOOK,
            written=_short(written),
            now=read,
        )
    return read


def _field_by_words(folded: str, known: Mapping[str, str]) -> str | None:
    short = next(
        (
            word
            for word in sorted(_FIELD_WORDS, key=len, reverse=True)
            if folded == word or folded.startswith(word + " ")
        ),
        None,
    )
    wanted = _FIELD_WORDS[short] if short else folded
    fitting = [name for key, name in known.items() if f" {wanted} " in f" {key} "]
    return fitting[0] if len(fitting) == 1 else None
