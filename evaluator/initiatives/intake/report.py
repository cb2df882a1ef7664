"""The report of an intake as a file: row, column, problem, remedy, severity (contracts 2)."""

import csv
import io
from collections.abc import Callable, Iterable

from evaluator.core.text import Sentence
from evaluator.initiatives.intake.findings import Finding

HEADER = ("row", "column", "problem", "remedy", "severity")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def as_csv(findings: Iterable[Finding], *, say: Callable[[Sentence], str]) -> str:
    """Return the findings as CSV; ``say`` tells a sentence in the reader's language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for each in findings:
        writer.writerow(
            (each.row, each.column, harmless(say(each.problem)), harmless(say(each.remedy)), each.severity.value)
        )
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a text that Excel will not take for a formula when it opens the file."""
    return "'" + text if text.startswith(_FORMULA_SIGNS) else text
