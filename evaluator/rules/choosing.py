"""Choosing from a list: the threshold as a filter, the cap as a second step, ties at the cut-off as data."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluator.core.text import N_, Sentence
from evaluator.rules.vote_rule import Tie, VoteRule
from evaluator.rules.voting import Attendance, Counts, Outcome, Verdict, decide, quorum_missing


class Cause(StrEnum):
    """Why a paper is invalid (practice of unions and youth councils, domain 2.5.1)."""

    NOT_ISSUED = "not-issued"
    TOO_MANY = "too-many"
    TOO_FEW = "too-few"
    OUTSIDE_LIST = "outside-list"
    REPEATED = "repeated"
    UNCLEAR = "unclear"
    MARKED = "marked"


CAUSE_NAMES = {
    Cause.NOT_ISSUED: N_("not issued by the counting team"),
    Cause.TOO_MANY: N_("more picks than allowed"),
    Cause.TOO_FEW: N_("fewer picks than asked"),
    Cause.OUTSIDE_LIST: N_("a name outside the list"),
    Cause.REPEATED: N_("the same name twice"),
    Cause.UNCLEAR: N_("unclear or erased"),
    Cause.MARKED: N_("signed or marked"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of choosing from a list; ``tied`` share the cut-off and wait for what the rule says."""

    chosen: tuple[str, ...]
    tied: tuple[str, ...]
    order: tuple[tuple[str, ...], ...]
    votes: dict[str, int]
    outcomes: tuple[Outcome, ...]
    invalid: dict[Cause, int]
    seats_left: int
    why: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ChoiceBallot:
    """``count`` equal papers, each naming ``choice``."""

    count: int
    choice: tuple[str, ...]


def count_choices(
    rule: VoteRule,
    candidates: Sequence[str],
    ballots: Iterable[ChoiceBallot],
    *,
    issued: int | None = None,
    recused: int = 0,
) -> tuple[list[Counts], dict[Cause, int]]:
    """Return the counts per candidate and the invalid papers by cause.

    A paper is invalid with more names than ``k`` (or other than ``k`` under "exactly"), a name outside the list, or
    one name twice; an empty paper is blank. Whoever is not named on a valid paper has a vote against.
    """
    votes: Counter[str] = Counter()
    causes: Counter[Cause] = Counter()
    valid = blank = 0
    for ballot in ballots:
        cause = _cause(rule, ballot.choice, set(candidates))
        if cause is not None:
            causes[cause] += ballot.count
        elif not ballot.choice:
            blank += ballot.count
        else:
            valid += ballot.count
            for name in ballot.choice:
                votes[name] += ballot.count
    invalid = sum(causes.values())
    return [
        Counts(
            name, yes=votes[name], no=valid - votes[name], blank=blank, invalid=invalid, issued=issued, recused=recused
        )
        for name in candidates
    ], dict(causes)


def _cause(rule: VoteRule, choice: tuple[str, ...], known: set[str]) -> Cause | None:
    if not set(choice) <= known:
        return Cause.OUTSIDE_LIST
    if len(set(choice)) < len(choice):
        return Cause.REPEATED
    if rule.k is not None and len(choice) > rule.k:
        return Cause.TOO_MANY
    if rule.exactly and choice and len(choice) < min(rule.k or 0, len(known)):
        return Cause.TOO_FEW
    return None


def choose(
    rule: VoteRule,
    counts: Sequence[Counts],
    attendance: Attendance,
    *,
    invalid: dict[Cause, int] | None = None,
    seed: str | None = None,
) -> Choice:
    """Return who is chosen: the threshold is a filter, the cap of ``k`` a second step.

    Fewer than ``k`` passing are not filled up; who has no vote is never chosen. A tie at the cut-off is returned in
    ``tied`` with the ``seats_left`` to fill, unless the rule takes all, takes none, or draws by a public ``seed``.
    """
    votes = {each.id: each.yes for each in counts}
    order = in_order(votes)
    outcomes = tuple(decide(rule, each, attendance) for each in counts) if rule.share is not None else ()
    missing = quorum_missing(rule.quorums, counts[0], attendance) if counts else ()
    if not missing and not any(each.box for each in counts):
        missing = (Sentence(N_("Nobody voted.")),)
    if missing:
        return Choice((), (), order, votes, outcomes, invalid or {}, 0, missing)
    open_items = [outcome.id for outcome in outcomes if outcome.verdict is Verdict.NO_DECISION]
    if open_items:
        # A surplus of papers may change who passes, so nobody can be said to be among the first k.
        why = next(outcome.why for outcome in outcomes if outcome.id == open_items[0])
        return Choice((), (), order, votes, outcomes, invalid or {}, 0, why)
    eligible = {outcome.id for outcome in outcomes if outcome.verdict is Verdict.PASSED} if outcomes else set(votes)
    ranks = [tuple(name for name in group if name in eligible and votes[name] > 0) for group in order]
    above, tied, seats = cut(ranks, len(votes) if rule.k is None else rule.k)
    said_before = (_eligible_words(rule, eligible),) if outcomes else ()
    if not tied:
        return Choice(
            above, (), order, votes, outcomes, invalid or {}, 0, (*said_before, _chosen_words(rule, len(above)))
        )
    chosen, tied, seats, said = settle(rule.tie, above, tied, seats, seed)
    return Choice(chosen, tied, order, votes, outcomes, invalid or {}, seats, (*said_before, said))


def in_order(votes: dict[str, int]) -> tuple[tuple[str, ...], ...]:
    """Return the names by votes, most first, those with equally many together."""
    return tuple(
        tuple(name for name in votes if votes[name] == number) for number in sorted(set(votes.values()), reverse=True)
    )


def cut(ranks: Iterable[Sequence[str]], k: int) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return who is surely among the first ``k``, who is tied for the rest, and how many places the tied share."""
    above: list[str] = []
    for group in ranks:
        if len(above) + len(group) <= k:
            above.extend(group)
        elif len(above) == k:
            break
        else:
            return tuple(above), tuple(group), k - len(above)
    return tuple(above), (), 0


def draw_lots(names: Iterable[str], seed: str) -> tuple[str, ...]:
    """Return the names in the order of a lot: by SHA-256 of the public seed and the name, so anyone can redo it."""
    return tuple(sorted(names, key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest()))


def settle(
    tie: Tie, above: tuple[str, ...], tied: tuple[str, ...], seats: int, seed: str | None
) -> tuple[tuple[str, ...], tuple[str, ...], int, Sentence]:
    """Return who is taken, who stays tied for how many places, and why, where ``tied`` share the last ``seats``."""
    numbers = {"tied": len(tied), "seats": seats, "seed": seed or ""}
    if tie is Tie.TAKE_ALL:
        return (
            above + tied,
            (),
            0,
            Sentence(N_("%(tied)s share the cut-off; by the rule all of them are taken."), numbers),
        )
    if tie is Tie.TAKE_NONE:
        return above, (), 0, Sentence(N_("%(tied)s share the cut-off; by the rule none of them is taken."), numbers)
    if tie is Tie.LOT and seed:
        drawn = draw_lots(tied, seed)[:seats]
        return (
            above + drawn,
            (),
            0,
            Sentence(N_("%(tied)s share the cut-off; %(seats)s drawn by lot with the seed “%(seed)s”."), numbers),
        )
    if tie is Tie.LOT:
        return (
            above,
            tied,
            seats,
            Sentence(N_("%(tied)s share the cut-off for %(seats)s places; a lot with a public seed decides."), numbers),
        )
    return (
        above,
        tied,
        seats,
        Sentence(N_("%(tied)s share the cut-off for %(seats)s places; a run-off ballot among them decides."), numbers),
    )


def _eligible_words(rule: VoteRule, eligible: set[str]) -> Sentence:
    return Sentence(
        N_("%(passed)s reach the threshold of %(share)s."),
        {"passed": len(eligible), "share": rule.share.words() if rule.share else ""},
    )


def _chosen_words(rule: VoteRule, chosen: int) -> Sentence:
    if rule.k is not None and chosen < rule.k:
        return Sentence(
            N_("%(chosen)s chosen of at most %(k)s; places left open are not filled up."),
            {"chosen": chosen, "k": rule.k},
        )
    return Sentence(N_("%(chosen)s chosen by the number of votes."), {"chosen": chosen})
