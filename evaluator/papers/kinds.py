"""The papers a council produces (domain.md 2.5), with the legal abbreviation of each (Decree 30/2020, Appendix III)."""

from enum import StrEnum


class PaperKind(StrEnum):
    """One kind of paper."""

    ROLL = "roll"
    COUNT = "count"
    MINUTES = "minutes"
    SUBMISSION = "submission"
    DECISION = "decision"
    NOTICE = "notice"
    CERTIFICATE = "certificate"


ABBREVIATIONS = {
    PaperKind.ROLL: "DS",
    PaperKind.COUNT: "BB",
    PaperKind.MINUTES: "BB",
    PaperKind.SUBMISSION: "TTr",
    PaperKind.DECISION: "QĐ",
    PaperKind.NOTICE: "TB",
    PaperKind.CERTIFICATE: "GCN",
}
