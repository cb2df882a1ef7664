"""The dossier of Circular 18/2013/TT-BKHCN, Appendix I: its kinds, its parts, and when it is complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from evaluator.core.errors import Message
from evaluator.core.text import N_, sentence

WHOLE_SHARE = 10_000  # shares are kept in hundredths of a percent
MOST_AUTHORS = 30
MOST_TITLE = 500
MOST_TEXT = 20_000
OLDEST_BIRTH_YEAR = 1900


class Kind(StrEnum):
    """What is submitted: already applied, or an idea still (domain 1.2.1)."""

    INITIATIVE = "initiative"
    SOLUTION = "solution"
    MODEL = "model"
    IDEA = "idea"


KIND_NAMES = {
    Kind.INITIATIVE: N_("Initiative"),
    Kind.SOLUTION: N_("Solution"),
    Kind.MODEL: N_("Model"),
    Kind.IDEA: N_("Idea"),
}

# What the movement's councils call their fields; a round may bring its own list.
FIELDS = (
    "Công nghệ thông tin, chuyển đổi số",
    "Cơ khí, tự động hóa, điện",
    "Công tác mặt trận, đoàn thể, an sinh xã hội",
    "Giáo dục và đào tạo",
    "Nông, lâm, ngư nghiệp",
    "Quản lý, cải cách hành chính",
    "Quốc phòng, an ninh",
    "Tài nguyên, môi trường",
    "Văn hóa, du lịch, thương mại, OCOP",
    "Vật liệu, hóa chất, năng lượng",
    "Xây dựng, giao thông",
    "Y dược, chăm sóc sức khỏe",
)

# The texts of the description, in the order of the form, and how each is named to a person.
TEXT_NAMES = {
    "problem": N_("Situation before"),
    "solution": N_("What the solution consists of"),
    "novelty": N_("What is new"),
    "conditions": N_("Conditions for applying it, and where it can be applied"),
    "benefit_author": N_("Benefit in the author's opinion"),
    "benefit_applier": N_("Benefit in the opinion of those who applied it"),
    "participants": N_("People who took part in the first application"),
    "confidential": N_("What must be kept confidential"),
}
NEEDED_TEXTS = ("problem", "solution", "novelty", "benefit_author")


class AuthorLike(Protocol):
    """What the rules look at in an author."""

    name: str
    share: int | None
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """What the rules look at in a dossier, whichever door it came through."""

    title: str
    field: str
    kind: Kind | None
    unit_name: str
    applied_on: date | None
    texts: Mapping[str, str]
    authors: Sequence[AuthorLike]


def problems(facts: DossierFacts, *, on: date) -> dict[str, list[Message]]:
    """Return what keeps a dossier from being submitted on a day, field by field; empty when it is complete.

    Needed are title, field, kind, unit, the four texts of the description, and authors whose shares make
    100 %; a work that is no mere idea has a day of first application that is not still to come
    (Circular 18/2013, Appendix I).
    """
    found: dict[str, list[Message]] = {}
    for name, given in (("title", facts.title), ("field", facts.field), ("unit_name", facts.unit_name)):
        if not given.strip():
            found[name] = [N_("Fill this in.")]
    if facts.kind is None:
        found["kind"] = [N_("Choose what you are submitting.")]
    for name in NEEDED_TEXTS:
        if not facts.texts.get(name, "").strip():
            found[name] = [N_("Fill this in.")]
    if facts.applied_on is not None and facts.applied_on > on:
        found["applied_on"] = [N_("The day of first application cannot lie in the future.")]
    if facts.applied_on is None and facts.kind not in {None, Kind.IDEA}:
        found["applied_on"] = [N_("Give the day it was first applied or tried. Only an idea has none.")]
    if author_problems := problems_of_authors(facts.authors):
        found["authors"] = author_problems
    return found


def problems_of_authors(authors: Sequence[AuthorLike]) -> list[Message]:
    """Return what is wrong with a table of authors: nobody, a name or share missing, a person twice, not 100 %."""
    if not authors:
        return [N_("Name at least one author.")]
    found: list[Message] = []
    if any(not author.name.strip() for author in authors):
        found.append(N_("Every author needs a name."))
    if any(author.share is None or author.share <= 0 for author in authors):
        found.append(N_("Every author needs a share of more than 0%."))
    people = [(author.name.casefold().strip(), author.birth_date) for author in authors if author.name.strip()]
    if len(set(people)) < len(people):
        found.append(N_("One person stands twice among the authors."))
    total = sum(author.share or 0 for author in authors)
    if total != WHOLE_SHARE:
        found.append(sentence(N_("The shares add up to %(total)s; they must make 100%%."), total=Percent(total)))
    return found


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in a sentence, in hundredths of a percent."""

    hundredths: int

    def __str__(self) -> str:
        """Return it with a decimal comma: 33,33%."""
        whole, rest = divmod(self.hundredths, 100)
        return f"{whole},{rest:02d}".rstrip("0").rstrip(",") + "%"
