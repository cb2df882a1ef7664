"""Choosing by ranked ballots in a council: quorum first, then the ranked count, then the cut-off; ties are data."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.core.text import N_, Sentence
from evaluator.rules import ranking
from evaluator.rules.choosing import cut, settle
from evaluator.rules.ranking import Ranked, RankedBallot
from evaluator.rules.vote_rule import Method, VoteRule
from evaluator.rules.voting import Attendance, Counts, quorum_missing


@dataclass(frozen=True, slots=True)
class RankedChoice:
    """Who is chosen by rank; ``tied`` share the cut-off. Without a quorum or a ballot ``ranked`` is None."""

    chosen: tuple[str, ...]
    tied: tuple[str, ...]
    seats_left: int
    ranked: Ranked | None
    why: tuple[Sentence, ...]

    def place_of(self, name: str) -> int | None:
        """Return the place of a candidate, equals sharing the best one they fill."""
        if self.ranked is None:
            return None
        above = 0
        for group in self.ranked.order:
            if name in group:
                return above + 1
            above += len(group)
        return None


def choose(
    rule: VoteRule,
    candidates: Sequence[str],
    ballots: Sequence[RankedBallot],
    attendance: Attendance,
    *,
    invalid: int = 0,
    recused: int = 0,
    seed: str | None = None,
) -> RankedChoice:
    """Return the first ``rule.places`` of the ranked count; a tie at the cut-off is settled only as the rule says.

    Raises:
        Invalid: so many ties in an elimination that the count cannot follow every way.
    """
    given = sum(ballot.count for ballot in ballots)
    missing = quorum_missing(rule.quorums, Counts("", yes=given, invalid=invalid, recused=recused), attendance)
    if not missing and not given:
        missing = (Sentence(N_("Nobody voted.")),)
    if missing:
        return RankedChoice((), (), 0, None, missing)
    ranked = {
        Method.BORDA: lambda: ranking.borda(candidates, ballots, rule.points),
        Method.SCHULZE: lambda: ranking.schulze(candidates, ballots),
        Method.IRV: lambda: ranking.irv(candidates, ballots),
    }[rule.method]()
    above, tied, seats = cut(ranked.order, rule.places)
    if not tied:
        said = Sentence(N_("%(chosen)s chosen by rank."), {"chosen": len(above)})
        return RankedChoice(above, (), 0, ranked, (*ranked.why, said))
    chosen, tied, seats, settled = settle(rule.tie, above, tied, seats, seed)
    return RankedChoice(chosen, tied, seats, ranked, (*ranked.why, settled))
