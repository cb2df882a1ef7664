"""Counts the opened ballots of a sealed vote by its rule; of the ballots themselves only the totals are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluator.council import told
from evaluator.council.models import Poll, PollItem
from evaluator.council.polls.counting import declare_counted, write_choice, write_ranking, write_round
from evaluator.council.sealed import papers, standing
from evaluator.council.sealed.models import SealedPoll
from evaluator.council.sealed.papers import Votes
from evaluator.policy import Actor
from evaluator.rules import choosing, ranked_choice, rounds_of_voting, voting
from evaluator.rules.ranking import RankedBallot, pairwise
from evaluator.rules.sealing import Flaw, Kind, Part
from evaluator.rules.vote_rule import Method, VoteRule
from evaluator.rules.voting import Attendance, Counts


@dataclass(frozen=True, slots=True)
class Opened:
    """The ballots of one part as choice and tracker, and those that cannot be counted, by reason."""

    ballots: Sequence[tuple[Any, str]]
    flaws: Counter[str]


def count(sealed: SealedPoll, opened: Mapping[int, Opened], *, by: Actor, now: datetime) -> Poll:
    """Write totals, verdicts and reasons into the vote and seal them in the ledger."""
    poll = standing.poll_of(sealed)
    rule = VoteRule.from_document(poll.rule)
    shut = {each["part"]: each for each in standing.shut_body(sealed)["parts"]}
    parts = standing.parts(sealed)
    on_paper = papers.agreed(poll) or {}
    poll.totals = {
        "parts": [_totals(p, shut[p.number], opened.get(p.number), on_paper.get(p.number, {})) for p in parts]
    }
    papers.forget(poll)
    if parts[0].kind is Kind.YES_NO:
        _decide_each(poll, rule)
    elif parts[0].kind is Kind.CHOOSE:
        _choose(poll, rule, parts[0])
    else:
        _rank(poll, rule, parts[0], opened[parts[0].number])
    return declare_counted(poll, by=by, now=now)


def _totals(part: Part, shut: Mapping[str, Any], opened: Opened | None, on_paper: Votes) -> dict[str, Any]:
    """Return what is kept of a part: the counts of the roll, and the votes; of a withdrawn part only that it was."""
    kept = {name: shut[name] for name in ("part", "withdrawn", "entitled", "recused", "cast", "paper", "not_cast")}
    if opened is None:
        return kept | {"valid": 0, "paper_valid": 0, "invalid": {}, "votes": {}}
    is_ranked = part.kind is Kind.RANK
    choices = [choice for choice, _ in opened.ballots]
    votes: Counter[str] = Counter()
    for choice in choices:
        if part.kind is Kind.YES_NO:
            votes[choice] += 1
        elif not choice:
            votes["blank"] += 1
        elif part.kind is Kind.CHOOSE:
            votes.update(str(option) for option in choice)
    flaws = opened.flaws + Counter({str(Flaw.PAPER): on_paper.get("invalid", 0)})
    given = Counter({name: number for name, number in on_paper.items() if name != "invalid"})
    votes += given
    paper_valid = _papers_in(part, given, shut["paper"] - on_paper.get("invalid", 0))
    return kept | {
        "valid": len(choices) + paper_valid,
        "paper_valid": paper_valid,
        "invalid": {flaw: number for flaw, number in sorted(flaws.items()) if number},
        "votes": dict(sorted(votes.items())),
        **({"pairs": pairwise(_rankings(opened), [str(each) for each in part.options])} if is_ranked else {}),
    }


def _papers_in(part: Part, given: Counter[str], most: int) -> int:
    """Return how many valid papers these votes are of: on a list a paper may name several."""
    if part.kind is Kind.YES_NO:
        return given.total()
    return most if given else 0


def totals_of(poll: Poll, part: int) -> dict[str, Any]:
    """Return the totals of one part."""
    return next(each for each in poll.totals["parts"] if each["part"] == part)


def attendance_of(poll: Poll, part: int) -> Attendance:
    """Return who there was for one part: whoever was entitled to it when the box was shut."""
    roles = next(each["roles"] for each in poll.definition["sealed"]["parts"] if each["part"] == part)
    return Attendance(poll.members, totals_of(poll, part)["entitled"], frozenset(roles))


def _decide_each(poll: Poll, rule: VoteRule) -> None:
    for line in poll.counted_lines:
        number = line.item.number
        totals = totals_of(poll, number)
        votes = totals["votes"]
        line.yes, line.no, line.abstain = (votes.get(each, 0) for each in ("yes", "no", "abstain"))
        counts = Counts(
            str(number),
            yes=line.yes,
            no=line.no,
            abstain=line.abstain,
            invalid=sum(totals["invalid"].values()),
            recused=line.recused,
        )
        outcome = voting.decide(rule, counts, attendance_of(poll, number))
        line.verdict, line.base, line.needed = outcome.verdict, outcome.base, outcome.needed
        line.why = told.as_document(outcome.why)


def _choose(poll: Poll, rule: VoteRule, part: Part) -> None:
    totals = totals_of(poll, part.number)
    votes, invalid = totals["votes"], totals["invalid"]
    blank = votes.get("blank", 0)
    named = totals["valid"] - blank
    counts = [_named(line, votes, named, blank, sum(invalid.values())) for line in poll.lines]
    for line, each in zip(poll.lines, counts, strict=True):
        line.yes, line.no, line.abstain = each.yes, each.no, each.blank
    attendance = attendance_of(poll, part.number)
    if rule.method is Method.PLURALITY_ROUNDS:
        votes_for = {each.id: each.yes for each in counts}
        write_round(poll, rounds_of_voting.hold(votes_for, rule, attendance, counts[0]))
    else:
        write_choice(poll, choosing.choose(rule, counts, attendance))


def _rank(poll: Poll, rule: VoteRule, part: Part, opened: Opened) -> None:
    totals = totals_of(poll, part.number)
    ballots = _rankings(opened)
    unranked = sum(totals["invalid"].values()) + totals["votes"].get("blank", 0)
    choice = ranked_choice.choose(
        rule,
        [str(option) for option in part.options],
        ballots,
        attendance_of(poll, part.number),
        invalid=unranked,
        recused=poll.lines[0].recused,
    )
    write_ranking(poll, choice, len(ballots))


def _rankings(opened: Opened) -> list[RankedBallot]:
    """Return the ballots that rank something."""
    ranked = [choice for choice, _ in opened.ballots if choice]
    return [RankedBallot(1, tuple(tuple(map(str, group)) for group in choice)) for choice in ranked]


def _named(line: PollItem, votes: Mapping[str, int], named: int, blank: int, invalid: int) -> Counts:
    """Return the counts of one name on a list: a valid ballot that does not name it is a vote against."""
    yes = votes.get(str(line.item.number), 0)
    return Counts(str(line.item.number), yes=yes, no=named - yes, blank=blank, invalid=invalid, recused=line.recused)
