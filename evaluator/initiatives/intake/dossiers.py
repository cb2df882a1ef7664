"""From rows to dossiers: the reading of the first sheet, with everything found wrong on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from decimal import Decimal

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives.intake import cells
from evaluator.initiatives.intake.cells import Place
from evaluator.initiatives.intake.columns import BY_KEY, NEEDED, Layout, find_layout
from evaluator.initiatives.intake.findings import Finding, Severity, in_order, letter
from evaluator.initiatives.intake.unit_names import Fit, Recognised, UnitNames
from evaluator.initiatives.intake.workbook import Cell, Sheet, is_blank
from evaluator.rules.dossier import NEEDED_TEXTS, WHOLE_SHARE, Kind
from evaluator.rules.vietnamese import clean_line, number, search_key

_NEAR = ("advised_by", "nominated_by", "is_state_funded")
_PROSE = ("problem", "solution", "novelty", "conditions", "benefit_author")
_OF_DOSSIER = ("kind", "field", *_PROSE, "money_benefit", "applied_on", "applier", *_NEAR)
_YES = ("co", "x", "1", "dung", "true")  # in the form of search keys
MOST_NEAR = 1000
_OF_AUTHOR = ("name", "birth_date", "workplace", "job_title", "qualification", "share", "phone", "email")


@dataclass(slots=True)
class AuthorRow:
    """One author as read; ``share`` in hundredths of a percent."""

    row: int
    name: str
    birth_date: date | None
    workplace: str
    is_new_unit: bool
    job_title: str
    qualification: str
    share: int | None
    phone: str
    email: str


@dataclass(slots=True)
class DossierRow:
    """One dossier as read, with the number of its first row."""

    row: int
    code: str
    title: str
    kind: Kind | None
    field: str
    texts: dict[str, str]
    money_benefit: int | None
    applied_on: date | None
    applier: str
    authors: list[AuthorRow] = made(default_factory=list)
    is_good: bool = True
    advised_by: str = ""
    nominated_by: str = ""
    is_state_funded: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list of dossiers holds: every dossier read, and every finding."""

    dossiers: list[DossierRow]
    findings: list[Finding]

    @property
    def good(self) -> list[DossierRow]:
        """Return the dossiers without an error."""
        return [dossier for dossier in self.dossiers if dossier.is_good]


def read_dossiers(
    sheet: Sheet, *, units: Iterable[str], fields: Sequence[str], latest: date, other_units: Iterable[str] = ()
) -> Reading:
    """Read the list of dossiers on a sheet.

    ``units`` are the names of the list of units, ``other_units`` further names that are surely right (the
    reviewers' units); ``fields`` those of the round; ``latest`` the last day a date may have.

    Raises:
        Invalid: the sheet has no table of dossiers, or lacks a needed column.
    """
    layout = find_layout(sheet)
    if layout is None:
        raise Invalid.on(
            "file",
            N_("The sheet “%(sheet)s” has no row of headings such as Mã hồ sơ, Tên sáng kiến, Họ và tên tác giả."),
            sheet=sheet.name,
        )
    missing = [BY_KEY[key].heading for key in NEEDED if key not in layout.places]
    if missing:
        raise Invalid.on(
            "file",
            N_("The sheet “%(sheet)s” lacks these columns: %(columns)s."),
            sheet=sheet.name,
            columns=", ".join(missing),
        )
    return _Reader(sheet, layout, units=units, fields=fields, latest=latest, other_units=other_units).read()


class _Reader:
    """Goes down the sheet once; holds what one row must know of the others."""

    def __init__(
        self,
        sheet: Sheet,
        layout: Layout,
        *,
        units: Iterable[str],
        fields: Sequence[str],
        latest: date,
        other_units: Iterable[str],
    ) -> None:
        self.sheet, self.layout, self.latest = sheet, layout, latest
        self.fields = {search_key(name): name for name in fields}
        below = sheet.rows[layout.first_row :]
        self.units = UnitNames.of(
            units,
            repeated=[*other_units, *self._written(below, "applier")],
            written=self._written(below, "workplace"),
        )
        self.findings = list(layout.findings)
        self.dossiers: list[DossierRow] = []
        self.first_rows: dict[str, int] = {}  # code -> row of its first appearance
        self.seen_cells: dict[tuple[str, ...], int] = {}
        self.raw_shares: dict[int, tuple[Place, Decimal | None]] = {}
        self.broken: set[tuple[int, str]] = set()  # cells with an error, once all have been read

    def _written(self, rows: Sequence[list[Cell]], key: str) -> list[str]:
        texts = (cells.text(self.layout.cell(row, key), Place(0, "", "")) for row in rows)
        return [text for text in texts if text]

    def read(self) -> Reading:
        """Return all dossiers and findings, in the order of the sheet."""
        end = self._last_table_row()
        for index in range(self.layout.first_row, len(self.sheet.rows)):
            if index < end:
                self._row(index + 1, self.sheet.rows[index])
            else:
                self._below_the_table(index + 1, self.sheet.rows[index])
        self._settle()
        if not self.dossiers:
            raise Invalid.on(
                "file", N_("The sheet “%(sheet)s” has headings but no dossiers below them."), sheet=self.sheet.name
            )
        return Reading(self.dossiers, in_order(self.findings))

    # --- rows that are no dossiers ------------------------------------------------------------

    def _last_table_row(self) -> int:
        """Return the index after the last row that holds an author or a title."""
        for index in range(len(self.sheet.rows) - 1, self.layout.first_row - 1, -1):
            if self._is_of_the_table(self.sheet.rows[index]):
                return index + 1
        return self.layout.first_row

    def _is_of_the_table(self, row: list[Cell]) -> bool:
        return any(not is_blank(self.layout.cell(row, key)) for key in ("title", "name", "share", "solution"))

    def _below_the_table(self, row_number: int, row: list[Cell]) -> None:
        filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            return
        is_in_column = filled[0] in self.layout.places.values() and filled[0] < self.layout.places["title"]
        column = letter(filled[0]) if is_in_column else ""
        self._passed_over(row_number, column, "footer_row", N_("This row closes the list and holds no dossier."))

    def _passed_over(self, row_number: int, column: str, code: str, problem: str) -> None:
        self.findings.append(
            Finding(row_number, column, code, sentence(problem), sentence(N_("It was passed over.")), Severity.FIXED)
        )

    # --- rows of the table --------------------------------------------------------------------

    def _row(self, row_number: int, row: list[Cell]) -> None:
        if all(is_blank(cell) for cell in row):
            self._passed_over(row_number, "", "blank_row", N_("This row is empty."))
            return
        if not self._is_of_the_table(row):
            first = next(place for place, cell in enumerate(row) if not is_blank(cell))
            self._passed_over(
                row_number, letter(first), "group_heading_row", N_("This row is a heading of a group, not a dossier.")
            )
            return
        written = tuple(clean_line(cells.shown(cell)) for cell in row)
        repeated = self.seen_cells.setdefault(written, row_number)
        if repeated != row_number:
            self._error(
                row_number,
                "duplicate_row",
                sentence(N_("This row repeats row %(row)s word for word."), row=repeated),
                sentence(
                    N_("Delete the row, or write what was meant to stand here. Row %(row)s was taken."), row=repeated
                ),
            )
            return
        if self._begins_a_dossier(row):
            self._begin(row_number, row)
        else:
            self._go_on(row_number, row)

    def _begins_a_dossier(self, row: list[Cell]) -> bool:
        return not is_blank(self.layout.cell(row, "number")) or any(
            not is_blank(self.layout.cell(row, key)) for key in _OF_DOSSIER
        )

    def _place(self, row_number: int, key: str) -> Place:
        """Return a cell to take notes about; the notes are gathered by ``_gather``."""
        return Place(row_number, self.layout.letter(key), BY_KEY[key].heading, self.findings)

    def _begin(self, row_number: int, row: list[Cell]) -> None:
        cell = self.layout.cell
        before = len(self.findings)
        code = cells.dossier_code(cell(row, "code"), self._place(row_number, "code"))
        if not code and len(self.findings) == before:
            self._place(row_number, "code").error(
                "code_missing", N_("“%(heading)s” is empty."), N_("Write the code of the dossier.")
            )
        title = cells.title(cell(row, "title"), self._place(row_number, "title"))
        if not title:
            self._place(row_number, "title").error(
                "title_missing", N_("“%(heading)s” is empty."), N_("Write the title.")
            )
        if code in self.first_rows:
            self._place(row_number, "code").error(
                "code_twice",
                N_("The code %(dossier)s already stands in row %(row)s, for another dossier."),
                N_("Give this dossier a code of its own."),
                dossier=code,
                row=self.first_rows[code],
            )
        elif code:
            self.first_rows[code] = row_number
        year = cells.year_of_code(code)
        latest = min(self.latest, date(year, 12, 31)) if year else self.latest
        kind = (
            cells.kind(cell(row, "kind"), self._place(row_number, "kind"))
            if "kind" in self.layout.places
            else Kind.INITIATIVE
        )
        dossier = DossierRow(
            row=row_number,
            code=code,
            title=title,
            kind=kind,
            field=cells.choice_of_field(cell(row, "field"), self._place(row_number, "field"), known=self.fields),
            texts={key: cells.prose(cell(row, key), self._place(row_number, key)) for key in _PROSE},
            money_benefit=cells.money(cell(row, "money_benefit"), self._place(row_number, "money_benefit")),
            applied_on=cells.day(cell(row, "applied_on"), self._place(row_number, "applied_on"), latest=latest),
            applier=" ".join(cells.text(cell(row, "applier"), self._place(row_number, "applier")).split()),
            advised_by=cells.text(cell(row, "advised_by"), self._place(row_number, "advised_by"))[:MOST_NEAR],
            nominated_by=cells.text(cell(row, "nominated_by"), self._place(row_number, "nominated_by"))[:MOST_NEAR],
            is_state_funded=search_key(str(cell(row, "is_state_funded"))) in _YES,
        )
        for key in NEEDED_TEXTS:
            if not dossier.texts[key]:
                self._place(row_number, key).warn(
                    "text_missing",
                    N_("“%(heading)s” is empty."),
                    N_("Ask the author for it when the dossier is checked."),
                )
        self.dossiers.append(dossier)
        dossier.authors.append(self._author(row_number, row, hint=dossier.applier))

    def _go_on(self, row_number: int, row: list[Cell]) -> None:
        """Add a co-author to the dossier the row names; by its place when code and title name none."""
        code = cells.dossier_code(self.layout.cell(row, "code"), Place(row_number, "", ""))
        title = search_key(cells.title(self.layout.cell(row, "title"), self._place(row_number, "title")))
        dossier = self._dossier_of(code, title)
        if dossier is None:
            self._error(
                row_number,
                "dossier_missing",
                sentence(N_("This row belongs to a dossier that is not in the list.")),
                sentence(N_("Write the whole first row of the dossier above it.")),
            )
            return
        dossier.authors.append(self._author(row_number, row, hint=""))

    def _dossier_of(self, code: str, title: str) -> DossierRow | None:
        latest = self.dossiers[-1] if self.dossiers else None
        if latest is not None and (
            code in {"", latest.code} or (not latest.code and title == search_key(latest.title))
        ):
            return latest
        return next((each for each in reversed(self.dossiers) if each.code == code), None)

    def _author(self, row_number: int, row: list[Cell], *, hint: str) -> AuthorRow:
        cell = self.layout.cell
        share_place = self._place(row_number, "share")
        self.raw_shares[row_number] = (share_place, cells.share(cell(row, "share"), share_place))
        unit = self._unit(row_number, cell(row, "workplace"), hint=hint)
        return AuthorRow(
            row=row_number,
            name=cells.person(cell(row, "name"), self._place(row_number, "name")),
            birth_date=cells.day(cell(row, "birth_date"), self._place(row_number, "birth_date"), latest=self.latest),
            workplace=unit.name,
            is_new_unit=unit.fit is not Fit.KNOWN,
            job_title=" ".join(cells.text(cell(row, "job_title"), self._place(row_number, "job_title")).split()),
            qualification=" ".join(
                cells.text(cell(row, "qualification"), self._place(row_number, "qualification")).split()
            ),
            share=None,
            phone=cells.phone(cell(row, "phone"), self._place(row_number, "phone")),
            email=cells.email(cell(row, "email"), self._place(row_number, "email")),
        )

    def _unit(self, row_number: int, raw: Cell, *, hint: str) -> Recognised:
        at = self._place(row_number, "workplace")
        written = " ".join(cells.text(raw, at).split())
        if not written:
            at.error("unit_missing", N_("“%(heading)s” is empty."), N_("Write the unit the author works at."))
            return Recognised("", Fit.UNKNOWN)
        found = self.units.recognise(written, hint=hint)
        if found.fit is Fit.SHORT:
            at.warn(
                "unit_abbrev", N_("“%(written)s” was taken for “%(now)s”."), cells.LOOK, written=written, now=found.name
            )
        elif found.fit is Fit.NEAR:
            at.warn(
                "unit_typo",
                N_("“%(written)s” is not in the list of units; the nearest is “%(now)s”."),
                cells.LOOK,
                written=written,
                now=found.name,
            )
        elif found.fit is Fit.UNKNOWN:
            at.error(
                "unit_unknown",
                N_("“%(written)s” is not in the list of units."),
                N_("Write the unit as the list has it, or have it added to the list first."),
                written=written,
            )
        return found

    # --- what only the whole dossier can tell -------------------------------------------------

    def _settle(self) -> None:
        """Look at each dossier as a whole; good is what holds no error on any of its rows."""
        self.broken = {(each.row, each.column) for each in self.findings if each.severity is Severity.ERROR}
        for dossier in self.dossiers:
            self._find_person_twice(dossier)
            self._settle_shares(dossier)
        wrong = {each.row for each in self.findings if each.severity is Severity.ERROR}
        for dossier in self.dossiers:
            dossier.is_good = wrong.isdisjoint({dossier.row, *(author.row for author in dossier.authors)})

    def _find_person_twice(self, dossier: DossierRow) -> None:
        seen: dict[tuple[str, date | None], int] = {}
        for author in dossier.authors:
            if not author.name:
                continue
            first = seen.setdefault((search_key(author.name), author.birth_date), author.row)
            if first != author.row:
                self._place(author.row, "name").error(
                    "person_twice",
                    N_("%(name)s already stands in row %(row)s of this dossier."),
                    N_("Delete one of the two rows, or correct the birth date if they are two people."),
                    name=author.name,
                    row=first,
                )

    def _settle_shares(self, dossier: DossierRow) -> None:
        """Decide what the shares mean together: 0,6 and 0,4 are 60 and 40; one author alone has 100."""
        given = [(author, *self.raw_shares[author.row]) for author in dossier.authors]
        written = [value for _author, _place, value in given if value is not None]
        if len(given) == 1 and not written and not self._has_error(given[0][1]):
            given[0][1].warn(
                "share_missing", N_("“%(heading)s” is empty; the only author was given 100%%."), cells.LOOK
            )
            given[0][0].share = WHOLE_SHARE
            return
        as_fractions = bool(written) and all(value <= 1 for value in written) and sum(written) > 0
        for author, place, value in given:
            if value is None:
                if not self._has_error(place):
                    place.error(
                        "share_missing",
                        N_("“%(heading)s” is empty."),
                        N_("Write this author's share; all shares of a dossier make 100."),
                    )
                continue
            percent = value * 100 if as_fractions else value
            if as_fractions and value:
                place.warn(
                    "share_fraction",
                    N_("“%(heading)s” (%(written)s) was read as %(now)s%%."),
                    cells.LOOK,
                    written=number(value),
                    now=number(percent.normalize() + 0),
                )
            author.share = int(percent * 100) if 0 <= percent <= 100 else None
        if len(written) < len(given):
            return
        total = sum(value * 100 if as_fractions else value for value in written)
        if total != 100:
            for _author, place, _value in given:
                place.error(
                    "share_not_100",
                    N_("The shares of this dossier add up to %(total)s, not to 100."),
                    N_("Correct the shares of the dossier's authors."),
                    total=number(Decimal(total).normalize() + 0),
                )

    def _has_error(self, place: Place) -> bool:
        return (place.row, place.letter) in self.broken

    def _error(self, row_number: int, code: str, problem: Sentence, remedy: Sentence) -> None:
        self.findings.append(Finding(row_number, "", code, problem, remedy, Severity.ERROR))
