"""Counts a poll by the rule it was put under; the numbers of the vote in, the verdicts out."""

from evaluator.council import told
from evaluator.council.models import Poll, PollItem
from evaluator.rules import choosing, voting
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
        invalid=papers.get("invalid", 0),
        issued=papers.get("issued"),
        returned=papers.get("returned"),
        recused=line.recused,
        casting=line.casting and str(line.casting),
    )


def count(poll: Poll) -> None:
    """Write verdict, base, needed number and reasons into each line of a poll."""
    rule, attendance = VoteRule.from_document(poll.rule), attendance_of(poll)
    if rule.method is Method.CHOOSE:
        _choose(poll, rule, attendance)
        return
    for line in poll.lines:
        outcome = voting.decide(rule, counts_of(poll, line), attendance)
        line.verdict, line.base, line.needed = outcome.verdict, outcome.base, outcome.needed
        line.why = told.as_document(outcome.why)


def _choose(poll: Poll, rule: VoteRule, attendance: Attendance) -> None:
    choice = choosing.choose(rule, [counts_of(poll, line) for line in poll.lines], attendance)
    outcomes = {outcome.id: outcome for outcome in choice.outcomes}
    decided = bool(choice.chosen or choice.tied) or any(o.verdict is Verdict.FAILED for o in choice.outcomes)
    for line in poll.lines:
        name = str(line.item.number)
        outcome = outcomes.get(name)
        line.base = outcome.base if outcome else attendance.members
        line.needed = outcome.needed if outcome else 0
        line.is_tied = name in choice.tied
        if name in choice.chosen:
            line.verdict = Verdict.PASSED
        else:
            line.verdict = Verdict.NO_DECISION if line.is_tied or not decided else Verdict.FAILED
        line.why = told.as_document([*(outcome.why if outcome else ()), *choice.why])
    poll.result = {
        "chosen": list(choice.chosen),
        "tied": list(choice.tied),
        "order": [list(group) for group in choice.order],
        "seats_left": choice.seats_left,
        "why": told.as_document(choice.why),
    }
