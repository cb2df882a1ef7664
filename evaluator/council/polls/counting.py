"""Counts a poll by the rule it was put under; the numbers of the vote in, the verdicts out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from evaluator.audit import service as audit
from evaluator.core.text import Sentence
from evaluator.council import ledger, told
from evaluator.council.models import ItemState, Poll, PollItem, PollState
from evaluator.council.polls.papers import papers_of
from evaluator.policy import Actor
from evaluator.rules import choosing, ranked_choice, rounds_of_voting, voting
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.vote_rule import Base, Method, Mode, Quorum, VoteRule
from evaluator.rules.voting import Attendance, Counts, Verdict


def attendance_of(poll: Poll) -> Attendance:
    """Return who there was when the poll was put, as the counting core takes it."""
    return Attendance(poll.members, len(poll.roll), frozenset(poll.roles))


def is_about_papers(quorum: Quorum) -> bool:
    """Whether a quorum asks for ballots returned, which only the count can tell."""
    return quorum.share.of in {Base.PRESENT, Base.RETURNED}


def counts_of(poll: Poll, line: PollItem) -> Counts:
    """Return the numbers of one line."""
    papers = poll.totals if poll.mode is Mode.PAPER else {}
    return Counts(
        str(line.item.number),
        yes=line.yes,
        no=line.no,
        abstain=line.abstain,
        blank=papers.get("blank", 0),
        invalid=papers.get("invalid", 0),
        issued=papers.get("issued"),
        returned=papers.get("returned"),
        recused=line.recused,
        casting=line.casting and str(line.casting),
    )


def ballots_of(poll: Poll) -> list[RankedBallot]:
    """Return the rankings of a poll: by name, or as the counting team entered them."""
    if poll.mode is Mode.OPEN:
        return [RankedBallot(1, _groups(each.ranking)) for each in poll.rankings]
    return [RankedBallot(count, _groups(ranking)) for count, ranking in papers_of(poll).rankings]


def _groups(ranking: Iterable[Iterable[int]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(number) for number in group) for group in ranking)


def count(poll: Poll, *, seed: str | None = None) -> None:
    """Write verdict, base, needed number and reasons into each line of a poll; ``seed`` is that of a public lot.

    Raises:
        Invalid: rankings so tied that the count cannot follow every way; the council holds a run-off.
    """
    rule, attendance = VoteRule.from_document(poll.rule), attendance_of(poll)
    if rule.method is Method.CHOOSE:
        _choose(poll, rule, attendance, seed)
    elif rule.method is Method.PLURALITY_ROUNDS:
        _hold_round(poll, rule, attendance)
    elif rule.is_ranked:
        _rank(poll, rule, attendance, seed)
    else:
        for line in poll.counted_lines:
            outcome = voting.decide(rule, counts_of(poll, line), attendance)
            line.verdict, line.base, line.needed = outcome.verdict, outcome.base, outcome.needed
            line.why = told.as_document(outcome.why)


def _choose(poll: Poll, rule: VoteRule, attendance: Attendance, seed: str | None) -> None:
    counts = [counts_of(poll, line) for line in poll.lines]
    write_choice(poll, choosing.choose(rule, counts, attendance, seed=seed), seed=seed)


def write_choice(poll: Poll, choice: choosing.Choice, *, seed: str | None = None) -> None:
    """Write the outcome of a choice from a list into the vote and its lines."""
    outcomes = {outcome.id: outcome for outcome in choice.outcomes}
    decided = bool(choice.chosen or choice.tied) or any(o.verdict is Verdict.FAILED for o in choice.outcomes)
    for line in poll.lines:
        name = str(line.item.number)
        outcome = outcomes.get(name)
        line.base = outcome.base if outcome else poll.members
        line.needed = outcome.needed if outcome else 0
        _judge(line, choice.chosen, choice.tied, decided=decided)
        own = outcome.why if outcome else ()
        line.why = told.as_document([*own, *(said for said in choice.why if said not in own)])
    poll.result = {
        "chosen": list(choice.chosen),
        "tied": list(choice.tied),
        "order": [list(group) for group in choice.order],
        **_common(choice.seats_left, choice.why, seed),
    }


def _rank(poll: Poll, rule: VoteRule, attendance: Attendance, seed: str | None) -> None:
    names = [str(line.item.number) for line in poll.lines]
    ballots = ballots_of(poll)
    choice = ranked_choice.choose(
        rule,
        names,
        ballots,
        attendance,
        invalid=poll.totals.get("invalid", 0),
        recused=poll.lines[0].recused,
        seed=seed,
    )
    write_ranking(poll, choice, sum(ballot.count for ballot in ballots), seed=seed)


def write_ranking(poll: Poll, choice: ranked_choice.RankedChoice, given: int, *, seed: str | None = None) -> None:
    """Write the outcome of so many rankings into the vote and its lines."""
    for line in poll.lines:
        line.base, line.needed, line.place = given, 0, choice.place_of(str(line.item.number))
        _judge(line, choice.chosen, choice.tied, decided=choice.ranked is not None)
        line.why = told.as_document(choice.why)
    ranked = choice.ranked
    poll.result = {
        "chosen": list(choice.chosen),
        "tied": list(choice.tied),
        "order": [list(group) for group in ranked.order] if ranked else [],
        "matrix": ranked.matrix if ranked else {},
        "rounds": list(ranked.rounds) if ranked else [],
        **_common(choice.seats_left, choice.why, seed),
    }


def _hold_round(poll: Poll, rule: VoteRule, attendance: Attendance) -> None:
    """Count one round: who reached the share is chosen, who leaves is not, the others are voted on again."""
    votes = {str(line.item.number): line.yes for line in poll.lines}
    first = counts_of(poll, poll.lines[0])
    if poll.mode is Mode.OPEN:  # who named nobody has no opinion on any line
        first = replace(first, blank=first.abstain)
    write_round(poll, rounds_of_voting.hold(votes, rule, attendance, first))


def write_round(poll: Poll, held: rounds_of_voting.Round) -> None:
    """Write the outcome of one round into the vote and its lines, whose votes in favour stand there already."""
    votes = {str(line.item.number): line.yes for line in poll.lines}
    ranks = sorted(votes.values(), reverse=True)
    for line in poll.lines:
        line.base, line.needed, line.place = held.base, held.needed, 1 + ranks.index(line.yes)
        _judge(line, (held.winner,) if held.winner else (), held.goes_on, decided=held.decides)
        line.why = told.as_document(held.why)
    poll.result = {
        "chosen": [held.winner] if held.winner else [],
        "tied": list(held.goes_on),
        "order": [list(group) for group in choosing.in_order(votes)],
        **_common(1 if held.goes_on else 0, held.why, None),
    }


def _judge(line: PollItem, chosen: Sequence[str], tied: Sequence[str], *, decided: bool) -> None:
    name = str(line.item.number)
    line.is_tied = name in tied
    if name in chosen:
        line.verdict = Verdict.PASSED
    else:
        line.verdict = Verdict.NO_DECISION if line.is_tied or not decided else Verdict.FAILED


def _common(seats_left: int, why: Iterable[Sentence], seed: str | None) -> dict[str, Any]:
    return {"seats_left": seats_left, "why": told.as_document(why), **({"seed": seed} if seed else {})}


def declare_counted(poll: Poll, *, by: Actor, now: datetime) -> Poll:
    """Close a vote whose verdicts stand, and write them into the ledger and the history; what had no decision waits."""
    poll.state, poll.closed_at = PollState.COUNTED, now
    for line in poll.counted_lines:
        line.item.state = ItemState.WAITING if line.verdict is Verdict.NO_DECISION else ItemState.COUNTED
    ledger.add(poll.session, ledger.counted(poll), now=now)
    verdicts = {str(line.item.number): line.verdict for line in poll.counted_lines}
    audit.record("poll.counted", about=poll, by=by, now=now, verdicts=verdicts)
    return poll
