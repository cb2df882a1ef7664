"""The works a result is about, as every paper of the set lists them: one order, one spelling."""

from dataclasses import dataclass

from evaluator.papers.paper import Annex, Column, Table


@dataclass(frozen=True, slots=True)
class Contributor:
    """An author as the papers name one, without degree; ``share`` as printed ("60%"), empty for one alone."""

    name: str
    share: str = ""

    @property
    def with_share(self) -> str:
        """Return "Nguyễn Văn A (60%)"."""
        return f"{self.name} ({self.share})" if self.share else self.name


@dataclass(frozen=True, slots=True)
class Work:
    """One initiative with what was decided on it."""

    code: str
    title: str
    authors: tuple[Contributor, ...]
    unit: str
    grade: str = ""  # prize or class
    votes: str = ""  # in favour, of the rule's base: 6/7
    points: str = ""
    rank: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """Return the authors on one line, without shares."""
        return "; ".join(author.name for author in self.authors)

    @property
    def names_with_shares(self) -> str:
        """Return the authors on one line, with shares."""
        return "; ".join(author.with_share for author in self.authors)


def list_of(works: tuple[Work, ...], *, title: str, belongs_to: str) -> Annex:
    """Return the list of works that belongs to a submission or a decision (domain.md 2.5)."""
    graded = any(work.grade for work in works)
    columns = (
        Column("STT", 3, figures=True),
        Column("Tên sáng kiến", 14),
        Column("Tác giả, tỷ lệ đóng góp", 11),
        Column("Đơn vị", 9),
        *((Column("Xếp loại", 5),) if graded else ()),
    )
    rows = tuple(
        (
            str(place),
            f"{work.title} ({work.code})",
            work.names_with_shares,
            work.unit,
            *((work.grade,) if graded else ()),
        )
        for place, work in enumerate(works, 1)
    )
    return Annex(title, belongs_to, (Table(columns, rows),))
