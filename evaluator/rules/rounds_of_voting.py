"""Real rounds: the same people vote anew among those who remain; one round is one poll, the chain is data."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluator.core.text import N_, Sentence
from evaluator.rules.ranking import next_round
from evaluator.rules.vote_rule import Base, Compare, Share, VoteRule
from evaluator.rules.voting import Attendance, Counts, base_of, quorum_missing

MORE_THAN_HALF = Share(Fraction(1, 2), Base.VALID, Compare.MORE_THAN)


@dataclass(frozen=True, slots=True)
class Round:
    """One round that was held: its winner, or who goes on; who does neither is out."""

    winner: str | None
    goes_on: tuple[str, ...]
    base: int
    needed: int
    why: tuple[Sentence, ...]

    @property
    def decides(self) -> bool:
        """Whether the round decided anything: without a quorum or a vote all stand as before."""
        return self.winner is not None or bool(self.goes_on)


def hold(votes: dict[str, int], rule: VoteRule, attendance: Attendance, counts: Counts) -> Round:
    """Return the outcome of one real round of votes by candidate; ``counts`` holds its blank and invalid papers.

    Who reaches the rule's share (more than half of the valid ballots unless it says otherwise) is chosen. Else the
    last leaves, or only the first ``rule.keep`` go on; those tied for the last place all go on, and all vote anew.
    """
    total = sum(votes.values())
    whole = Counts("", yes=total, blank=counts.blank, invalid=counts.invalid, recused=counts.recused)
    share = rule.share or MORE_THAN_HALF
    base = base_of(share.of, whole, attendance, blank_is_valid=rule.blank_is_valid)
    needed = share.needed(base)
    missing = quorum_missing(rule.quorums, whole, attendance)
    if not missing and not total:
        missing = (Sentence(N_("Nobody voted.")),)
    if missing:
        return Round(None, (), base, needed, missing)
    numbers = {"needed": needed, "base": base}
    best = max(votes.values())
    leaders = [name for name, number in votes.items() if number == best]
    if best >= needed and len(leaders) == 1:
        pattern = N_("Chosen with %(votes)s votes; %(needed)s of %(base)s were needed.")
        return Round(leaders[0], (), base, needed, (Sentence(pattern, {**numbers, "votes": best}),))
    going, tied = next_round(votes, keep=rule.keep)
    said = [Sentence(N_("Nobody reached the %(needed)s of %(base)s votes needed."), numbers)]
    if tied:
        said.append(Sentence(N_("%(count)s share the last place and all go on."), {"count": len(tied)}))
    on = tuple(name for name in votes if name in {*going, *tied})
    said.append(Sentence(N_("%(count)s go on to the next round."), {"count": len(on)}))
    return Round(None, on, base, needed, tuple(said))


def count(polls: Sequence[dict[str, int]], rule: VoteRule, *, keep: int | None = None) -> dict[str, Any]:
    """Return the winner, or who goes on to the next round and who is tied for the last place in it.

    ``polls`` holds the votes of each round held so far. Who has the rule's share of the votes for candidates (more
    than half unless it says otherwise) wins; else the last leaves, or with ``keep`` only the first ``keep`` go on. A
    round among people who should not stand in it is reported and not counted.
    """
    share = rule.share or MORE_THAN_HALF
    rounds: list[dict[str, Any]] = []
    going: tuple[str, ...] = tuple(polls[0])
    tied: tuple[str, ...] = ()
    winners: list[str] = []
    why: list[Sentence] = []
    for number, votes in enumerate(polls, start=1):
        strangers = sorted(set(votes) - set(going) - set(tied))
        if strangers or winners:
            pattern = N_("Round %(number)s should not have been held among these: %(names)s.")
            why.append(Sentence(pattern, {"number": number, "names": ", ".join(strangers or votes)}))
            break
        total = sum(votes.values())
        needed = share.needed(total)
        winners = [name for name in votes if total and votes[name] >= needed]
        going, tied = ((), ()) if winners else next_round(votes, keep=keep)
        rounds.append({"round": number, "votes": votes, "needed": needed, "goes_on": list(going), "tied": list(tied)})
    order = _order(polls[: len(rounds)])
    if winners and not why:
        why = [
            Sentence(
                N_("%(winners)s reached the %(needed)s votes needed in round %(number)s."),
                {"winners": ", ".join(winners), "needed": rounds[-1]["needed"], "number": len(rounds)},
            )
        ]
    elif not why:
        why = [
            Sentence(
                N_("Nobody reached the %(needed)s votes needed; the next round is held among those who go on."),
                {"needed": rounds[-1]["needed"]},
            )
        ]
    return {
        "winners": winners,
        "order": order,
        "rounds": rounds,
        "matrix": {},
        "next": {"goes_on": list(going), "tied": list(tied)},
        "why": why,
    }


def _order(polls: Sequence[dict[str, int]]) -> list[list[str]]:
    """Return everybody by the last round they stood in, then by its votes."""
    placed: list[list[str]] = []
    seen: set[str] = set()
    for votes in reversed(polls):
        for number in sorted(set(votes.values()), reverse=True):
            group = [name for name in votes if votes[name] == number and name not in seen]
            if group:
                placed.append(group)
        seen |= set(votes)
    return placed
