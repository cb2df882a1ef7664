"""The totals of a paper ballot over one item or a list, as the counting team enters them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluator.core.text import N_, Sentence
from evaluator.council.models import Poll
from evaluator.rules import ranking
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.vote_rule import VoteRule
from evaluator.rules.voting import PaperTotals, paper_problems

Ranking = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class PaperList:
    """Papers issued, returned, valid, blank and invalid; per item number its yes, no and no opinion, or the rankings.

    ``valid`` holds the papers with a mark that counts; blank ones are counted apart. ``surplus`` is what the counting
    board says about more papers in the box than were issued.
    """

    issued: int
    returned: int
    valid: int
    invalid: int
    lines: dict[int, tuple[int, int, int]]
    causes: dict[str, int] = field(default_factory=dict)
    blank: int = 0
    rankings: tuple[tuple[int, Ranking], ...] = ()  # how many equal papers, and their ranking by item number
    surplus: str = ""

    def as_document(self) -> dict[str, Any]:
        """Return plain JSON data; what most ballots do not have is left out, equal rankings are put together."""
        ranked = _together(self.rankings)
        return {
            "issued": self.issued,
            "returned": self.returned,
            "valid": self.valid,
            "invalid": self.invalid,
            "causes": {cause: number for cause, number in self.causes.items() if number},
            "lines": {str(number): list(line) for number, line in self.lines.items()},
            **({"blank": self.blank} if self.blank else {}),
            **({"rankings": ranked} if ranked else {}),
            **({"surplus": self.surplus} if self.surplus else {}),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "PaperList":
        """Return what ``as_document`` wrote."""
        lines = {int(number): tuple(line) for number, line in document["lines"].items()}
        ranked = tuple(
            (number, tuple(tuple(group) for group in order)) for number, order in document.get("rankings", ())
        )
        return cls(**{**document, "lines": lines, "rankings": ranked})

    def differs_from(self, other: "PaperList") -> list[str]:
        """Return the names of the fields in which two entries are not equal; the words on a surplus are not numbers."""
        mine, theirs = self.as_document(), other.as_document()
        names = ("issued", "returned", "valid", "blank", "invalid", "causes", "rankings")
        found = [name for name in names if mine.get(name) != theirs.get(name)]
        for number in sorted(self.lines.keys() | other.lines.keys()):
            pairs = zip(("yes", "no", "abstain"), self.lines.get(number, ()), other.lines.get(number, ()), strict=False)
            found += [f"{name}-{number}" for name, one, two in pairs if one != two]
        return found


def _together(rankings: Sequence[tuple[int, Ranking]]) -> list[Any]:
    """Return the rankings in one order, equal papers counted together: however two people stacked them."""
    papers: Counter[Ranking] = Counter()
    for number, order in rankings:
        papers[tuple(tuple(sorted(group)) for group in order)] += number
    return [[papers[order], [list(group) for group in order]] for order in sorted(papers)]


def papers_of(poll: Poll) -> PaperList:
    """Return the agreed totals of a poll."""
    return PaperList.from_document(poll.totals)


def problems(papers: PaperList, poll: Poll) -> dict[str, Sentence]:
    """Return what does not add up, by the field to correct.

    On a list to choose from a valid paper that does not name an item is a vote against it.
    """
    rule = VoteRule.from_document(poll.rule)
    found: dict[str, Sentence] = {}
    numbers = [line.item.number for line in poll.counted_lines]
    if rule.is_ranked:
        return _ranked_problems(papers, poll, numbers)
    if sorted(papers.lines) != sorted(numbers):
        found["lines"] = Sentence(N_("Enter the numbers of every item on the ballot, and of no other."))
        return found
    for number in numbers:
        for name, said in _sums(papers, papers.lines[number], poll).items():
            if name in {"yes", "no", "abstain"}:
                found[f"{name}-{number}"] = said
            elif name == "valid":
                found.setdefault(f"yes-{number}", said)
            else:
                found.setdefault(name, said)
    if rule.is_listed and not found:
        fewest, most = rule.picks
        picks = sum(papers.lines[number][0] for number in numbers)
        fewest = min(fewest, len(numbers))
        if picks < papers.valid * fewest or (most is not None and picks > papers.valid * most):
            found["valid"] = Sentence(
                N_("The votes make %(picks)s, but %(valid)s valid papers with %(k)s names each cannot hold that many."),
                {"picks": picks, "valid": papers.valid, "k": most or fewest},
            )
    return found


def _sums(papers: PaperList, line: tuple[int, int, int], poll: Poll) -> dict[str, Sentence]:
    yes, no, abstain = line
    totals = PaperTotals(
        papers.issued,
        papers.returned,
        papers.valid,
        papers.invalid,
        yes,
        no,
        abstain,
        causes=papers.causes,
        blank=papers.blank,
        surplus=papers.surplus,
    )
    return paper_problems(totals, entitled=len(poll.roll))


def _ranked_problems(papers: PaperList, poll: Poll, numbers: Sequence[int]) -> dict[str, Sentence]:
    found = _sums(papers, (papers.valid, 0, 0), poll)
    given = sum(number for number, _ in papers.rankings)
    if given != papers.valid:
        found["rankings"] = Sentence(
            N_("The rankings make %(sum)s papers, but %(valid)s papers are valid."),
            {"sum": given, "valid": papers.valid},
        )
    ballots = [
        RankedBallot(number, tuple(tuple(map(str, group)) for group in order)) for number, order in papers.rankings
    ]
    wrong = ranking.problems_with(ballots, [str(number) for number in numbers])
    if wrong:
        found["rankings"] = wrong[0]
    elif any(not any(order) for _, order in papers.rankings):
        found["rankings"] = Sentence(N_("A paper that ranks nobody is blank; count it there."))
    return found
