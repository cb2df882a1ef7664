"""The totals of a paper ballot over one item or a list, as the counting team enters them."""

from dataclasses import dataclass, field
from typing import Any

from evaluator.core.text import N_, Sentence
from evaluator.council.models import Poll
from evaluator.rules.vote_rule import Method, VoteRule
from evaluator.rules.voting import PaperTotals, paper_problems


@dataclass(frozen=True, slots=True)
class PaperList:
    """Papers issued, returned, valid and invalid; per item number its yes, no and no opinion."""

    issued: int
    returned: int
    valid: int
    invalid: int
    lines: dict[int, tuple[int, int, int]]
    causes: dict[str, int] = field(default_factory=dict)

    def as_document(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return {
            "issued": self.issued,
            "returned": self.returned,
            "valid": self.valid,
            "invalid": self.invalid,
            "causes": {cause: number for cause, number in self.causes.items() if number},
            "lines": {str(number): list(line) for number, line in self.lines.items()},
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "PaperList":
        """Return what ``as_document`` wrote."""
        lines = {int(number): tuple(line) for number, line in document["lines"].items()}
        return cls(**{**document, "lines": lines})

    def differs_from(self, other: "PaperList") -> list[str]:
        """Return the names of the fields in which two entries are not equal."""
        mine, theirs = self.as_document(), other.as_document()
        found = [name for name in ("issued", "returned", "valid", "invalid", "causes") if mine[name] != theirs[name]]
        for number in sorted(self.lines.keys() | other.lines.keys()):
            pairs = zip(("yes", "no", "abstain"), self.lines.get(number, ()), other.lines.get(number, ()), strict=False)
            found += [f"{name}-{number}" for name, one, two in pairs if one != two]
        return found


def papers_of(poll: Poll) -> PaperList:
    """Return the agreed totals of a poll."""
    return PaperList.from_document(poll.totals)


def problems(papers: PaperList, poll: Poll) -> dict[str, Sentence]:
    """Return what does not add up, by the field to correct.

    On a list to choose from a valid paper that does not name an item is a vote against it.
    """
    rule = VoteRule.from_document(poll.rule)
    found: dict[str, Sentence] = {}
    numbers = [line.item.number for line in poll.lines]
    if sorted(papers.lines) != sorted(numbers):
        found["lines"] = Sentence(N_("Enter the numbers of every item on the ballot, and of no other."))
        return found
    for number in numbers:
        yes, no, abstain = papers.lines[number]
        totals = PaperTotals(
            papers.issued, papers.returned, papers.valid, papers.invalid, yes, no, abstain, causes=papers.causes
        )
        for name, said in paper_problems(totals, entitled=len(poll.roll)).items():
            if name in {"yes", "no", "abstain"}:
                found[f"{name}-{number}"] = said
            elif name == "valid":
                found.setdefault(f"yes-{number}", said)
            else:
                found.setdefault(name, said)
    if rule.method is Method.CHOOSE and rule.k is not None and not found:
        picks = sum(papers.lines[number][0] for number in numbers)
        if picks > papers.valid * rule.k or (rule.exactly and picks != papers.valid * min(rule.k, len(numbers))):
            found["valid"] = Sentence(
                N_("The votes make %(picks)s, but %(valid)s valid papers with %(k)s names each cannot hold that many."),
                {"picks": picks, "valid": papers.valid, "k": rule.k},
            )
    return found
