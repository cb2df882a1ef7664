"""How one paper names another: kind, number and date, with gaps while the office has not given them."""

from dataclasses import dataclass
from datetime import date

from evaluator.papers.layout import NUMBER_TO_COME
from evaluator.rules.vietnamese import long_date

DAY_TO_COME = "ngày ... tháng ... năm ......"


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper with its number (symbol included) and date; both empty while it is awaited."""

    kind: str  # Quyết định, Tờ trình
    number: str = ""
    dated: date | None = None

    @property
    def cited(self) -> str:
        """Return "Quyết định số 45/QĐ-MTTQ-BTT ngày 05 tháng 3 năm 2026"."""
        day = long_date(self.dated) if self.dated else DAY_TO_COME
        return f"{self.kind} số {self.number or NUMBER_TO_COME} {day}"
