"""One workbook of a season read as a whole: dossiers, council, conflicts, and every finding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evaluator.initiatives.intake.council import ConflictRow, MemberRow, read_conflicts, read_members
from evaluator.initiatives.intake.dossiers import DossierRow, Reading, read_dossiers
from evaluator.initiatives.intake.findings import Finding, Severity
from evaluator.initiatives.intake.workbook import maybe_named, open_workbook


@dataclass(frozen=True, slots=True)
class Season:
    """What a workbook holds."""

    reading: Reading
    members: list[MemberRow]
    conflicts: list[ConflictRow]

    @property
    def good(self) -> list[DossierRow]:
        """Return the dossiers that can be taken."""
        return self.reading.good

    @property
    def findings(self) -> list[Finding]:
        """Return what was found, from top to bottom."""
        return self.reading.findings

    def counts(self) -> dict[str, int]:
        """Return how many dossiers were read, how many are good, and the findings by severity."""
        by_severity = {
            severity.value: sum(1 for each in self.findings if each.severity is severity) for severity in Severity
        }
        return {"dossiers": len(self.reading.dossiers), "good": len(self.good), **by_severity}


def read_season(data: bytes, *, units: Iterable[str], fields: Sequence[str], latest: date) -> Season:
    """Read a workbook: the dossiers from the sheet “Danh sách hồ sơ” or else the first one.

    Raises:
        Invalid: it is no spreadsheet, or holds no table of dossiers.
    """
    sheets = open_workbook(data)
    list_of_dossiers = maybe_named(sheets, "Danh sách hồ sơ", "Danh sách", "Hồ sơ") or next(
        sheet for sheet in sheets if sheet.rows
    )
    members = read_members(sheets, [])
    reading = read_dossiers(
        list_of_dossiers, units=units, fields=fields, latest=latest, other_units=[member.unit for member in members]
    )
    return Season(reading, members, read_conflicts(sheets))
