"""Ranked counts: one choice in rounds, instant run-off, Borda, Schulze. Integers and fractions; ties are data.

A ballot ranks groups of candidates, best first; who is not ranked stands last, together. Oracles in the tests: the
published results of real votes, and properties every one of these rules must have.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence

Group = tuple[str, ...]
MAX_BRANCHES = 20_000  # ties so deep that following each of them would not end in time


@dataclass(frozen=True, slots=True)
class RankedBallot:
    """``count`` equal ballots with their groups of equally ranked candidates, best first."""

    count: int
    ranking: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The outcome of a ranked count. ``order`` has those of equal rank together; several winners are a tie."""

    winners: Group
    order: tuple[Group, ...]
    rounds: tuple[dict[str, Any], ...]
    matrix: dict[str, dict[str, int]]
    why: tuple[Sentence, ...]


def exact(number: Fraction | int) -> str:
    """Return a number as text without loss: "12", "7.5", or "22/3" where no decimal is exact."""
    value = Fraction(number)
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def complete(ballot: RankedBallot, candidates: Sequence[str]) -> tuple[Group, ...]:
    """Return the ballot's groups with everybody left out as the last group, and empty groups dropped."""
    ranked = {name for group in ballot.ranking for name in group}
    rest = tuple(name for name in candidates if name not in ranked)
    return (*(group for group in ballot.ranking if group), *((rest,) if rest else ()))


def problems_with(ballots: Iterable[RankedBallot], candidates: Sequence[str]) -> list[Sentence]:
    """Return what is wrong with the ballots: an unknown candidate, one ranked twice, a count below zero."""
    known = set(candidates)
    found = []
    if len(known) < len(candidates):
        found.append(Sentence(N_("The list of candidates names one twice.")))
    for number, ballot in enumerate(ballots, start=1):
        names = [name for group in ballot.ranking for name in group]
        if ballot.count < 0:
            found.append(Sentence(N_("Ballot %(number)s: its count is below zero."), {"number": number}))
        if len(set(names)) < len(names):
            found.append(Sentence(N_("Ballot %(number)s ranks one candidate twice."), {"number": number}))
        pattern = N_("Ballot %(number)s ranks “%(name)s”, who is not a candidate.")
        found += [Sentence(pattern, {"number": number, "name": name}) for name in sorted(set(names) - known)]
    return found


def pairwise(ballots: Iterable[RankedBallot], candidates: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how many ballots rank the first strictly above the second, for every pair."""
    matrix = {one: {other: 0 for other in candidates if other != one} for one in candidates}
    for ballot in ballots:
        groups = complete(ballot, candidates)
        for position, group in enumerate(groups):
            below = [name for later in groups[position + 1 :] for name in later]
            for name in group:
                row = matrix[name]
                for other in below:
                    row[other] += ballot.count
    return matrix


# --- Borda --------------------------------------------------------------------------------------


def borda(candidates: Sequence[str], ballots: Sequence[RankedBallot], points: Sequence[int] | None = None) -> Ranked:
    """Return the order by points per place: n-1 down to 0, or as given with 0 for the places after.

    Candidates who share places share the points of these places equally.
    """
    size = len(candidates)
    scale = list(points) if points is not None else list(range(size - 1, -1, -1))
    scale = (scale + [0] * size)[:size]
    total = dict.fromkeys(candidates, Fraction())
    for ballot in ballots:
        place = 0
        for group in complete(ballot, candidates):
            each = Fraction(sum(scale[place : place + len(group)]), len(group)) * ballot.count
            for name in group:
                total[name] += each
            place += len(group)
    rounds = ({"points": {name: exact(total[name]) for name in candidates}, "scale": scale},)
    return _by_number(candidates, ballots, total, rounds, N_("Most points: %(winners)s, with %(number)s."))


def _by_number(
    candidates: Sequence[str],
    ballots: Sequence[RankedBallot],
    total: dict[str, Fraction],
    rounds: tuple[dict[str, Any], ...],
    pattern: str,
) -> Ranked:
    matrix = pairwise(ballots, candidates)
    if not sum(ballot.count for ballot in ballots):
        return _nobody_voted(candidates, matrix)
    order = _grouped(candidates, total)
    said = Sentence(pattern, {"winners": ", ".join(order[0]), "number": exact(total[order[0][0]])})
    return Ranked(order[0], order, rounds, matrix, (said, *_tie_words(order[0])))


def _grouped(candidates: Sequence[str], total: dict[str, Fraction]) -> tuple[Group, ...]:
    numbers = sorted({total[name] for name in candidates}, reverse=True)
    return tuple(tuple(name for name in candidates if total[name] == number) for number in numbers)


def _nobody_voted(candidates: Sequence[str], matrix: dict[str, dict[str, int]]) -> Ranked:
    return Ranked((), (tuple(candidates),) if candidates else (), (), matrix, (Sentence(N_("Nobody voted.")),))


def _tie_words(winners: Group) -> tuple[Sentence, ...]:
    if len(winners) < 2:
        return ()
    return (Sentence(N_("%(count)s are tied; the rule does not part them."), {"count": len(winners)}),)


# --- Schulze ------------------------------------------------------------------------------------


def schulze(candidates: Sequence[str], ballots: Sequence[RankedBallot], *, margins: bool = False) -> Ranked:
    """Return the order by strongest chains of pairwise wins; a win is as strong as the ballots for it.

    With ``margins`` a win is as strong as the difference. Nobody beaten along chains is a winner; several are a tie.
    """
    matrix = pairwise(ballots, candidates)
    if not sum(ballot.count for ballot in ballots):
        return _nobody_voted(candidates, matrix)
    chain = strongest_chains(candidates, matrix, margins=margins)
    order, left = [], list(candidates)
    while left:
        top = tuple(
            name for name in left if not any(chain[other][name] > chain[name][other] for other in left if other != name)
        )
        order.append(top)
        left = [name for name in left if name not in top]
    said = Sentence(
        N_("Nobody beats %(winners)s along the strongest chains of pairs."), {"winners": ", ".join(order[0])}
    )
    rounds = ({"chains": chain, "strength": "margins" if margins else "winning votes"},)
    return Ranked(order[0], tuple(order), rounds, matrix, (said, *_tie_words(order[0])))


def strongest_chains(
    candidates: Sequence[str], matrix: dict[str, dict[str, int]], *, margins: bool = False
) -> dict[str, dict[str, int]]:
    """Return, per pair, the strength of the strongest chain from the first to the second (Floyd and Warshall)."""
    chain = {one: dict.fromkeys(matrix[one], 0) for one in candidates}
    for one, other in combinations(candidates, 2):
        for a, b in ((one, other), (other, one)):
            if matrix[a][b] > matrix[b][a]:
                chain[a][b] = matrix[a][b] - matrix[b][a] if margins else matrix[a][b]
    for middle in candidates:
        through = chain[middle]
        for start in candidates:
            if start == middle:
                continue
            row, first = chain[start], chain[start][middle]
            for end in candidates:
                if end not in (start, middle):
                    row[end] = max(row[end], min(first, through[end]))
    return chain


# --- elimination: instant run-off, and one choice in rounds -------------------------------------


def tops(
    ballots: Iterable[RankedBallot], left: frozenset[str], candidates: Sequence[str]
) -> tuple[dict[str, Fraction], int]:
    """Return the first places among those left, and how many ballots rank none of them.

    A ballot whose best group still holds several is shared equally among them.
    """
    votes = {name: Fraction() for name in candidates if name in left}
    exhausted = 0
    for ballot in ballots:
        best = next((there for group in ballot.ranking if (there := [name for name in group if name in left])), None)
        if best is None:
            exhausted += ballot.count
            continue
        for name in best:
            votes[name] += Fraction(ballot.count, len(best))
    return votes, exhausted


def irv(candidates: Sequence[str], ballots: Sequence[RankedBallot]) -> Ranked:
    """Return the instant run-off: until somebody has more than half of the ballots still counting, the last leaves.

    Those with the fewest leave together when even all their votes would not reach the next; otherwise each way of
    breaking the tie is followed, and everybody who wins in one of them is returned as tied.

    Raises:
        Invalid: so many ties that following every one of them is out of reach; the council holds a run-off.
    """
    return _Elimination(candidates, ballots).outcome(N_("More than half of the ballots still counting: %(winners)s."))


def plurality_rounds(candidates: Sequence[str], ballots: Sequence[RankedBallot], *, keep: int | None = None) -> Ranked:
    """Return one choice in rounds, the same people choosing the same way each time among those left.

    Without ``keep`` the last leaves after each round, as in ``irv``; with it only the first ``keep`` go on, once
    (a run-off of two). A tie for the last place that goes on is returned and stops the count.
    """
    if keep is None:
        return irv(candidates, ballots)
    matrix = pairwise(ballots, candidates)
    if not sum(ballot.count for ballot in ballots):
        return _nobody_voted(candidates, matrix)
    first, exhausted = tops(ballots, frozenset(candidates), candidates)
    order = _grouped(candidates, first)
    rounds = [_round(1, first, exhausted)]
    if len(order[0]) == 1 and 2 * first[order[0][0]] > sum(first.values()):
        return Ranked(order[0], order, tuple(rounds), matrix, (_half_words(order[0]),))
    going: list[str] = []
    for group in order:
        if len(going) + len(group) <= keep:
            going.extend(group)
        elif len(going) < keep:
            rounds[0]["tied"] = list(group)
            tied = (*going, *group)
            said = Sentence(
                N_("%(count)s share the last place that goes on; a ballot among them decides."), {"count": len(group)}
            )
            return Ranked(
                tied, (tied, *(late for late in order if not set(late) & set(tied))), tuple(rounds), matrix, (said,)
            )
        else:
            break
    second, exhausted = tops(ballots, frozenset(going), candidates)
    rounds.append(_round(2, second, exhausted))
    last = _grouped(going, second)
    rest = tuple(group for group in order if not set(group) & set(going))
    return Ranked(last[0], last + rest, tuple(rounds), matrix, (_half_words(last[0]), *_tie_words(last[0])))


def next_round(votes: dict[str, int], *, keep: int | None = None) -> tuple[Group, Group]:
    """Return who goes on to the next real ballot and who is tied for the last place in it.

    For rounds in which the people vote anew: one round is one poll, the chain of rounds is data.
    """
    total = {name: Fraction(number) for name, number in votes.items()}
    order = _grouped(tuple(votes), total)
    places = len(votes) - len(order[-1]) if keep is None else keep
    if keep is None and len(order[-1]) > 1:
        return tuple(name for group in order[:-1] for name in group), order[-1]
    going: list[str] = []
    for group in order:
        if len(going) + len(group) > places:
            return tuple(going), (group if len(going) < places else ())
        going.extend(group)
    return tuple(going), ()


def _round(number: int, votes: dict[str, Fraction], exhausted: int) -> dict[str, Any]:
    return {
        "round": number,
        "votes": {name: exact(count) for name, count in votes.items()},
        "exhausted": exhausted,
        "majority": exact(sum(votes.values(), Fraction()) / 2),
    }


def _half_words(winners: Group) -> Sentence:
    return Sentence(N_("More than half of the ballots still counting: %(winners)s."), {"winners": ", ".join(winners)})


class _Elimination:
    """One count with elimination; remembers who wins from each set of candidates left."""

    def __init__(self, candidates: Sequence[str], ballots: Sequence[RankedBallot]) -> None:
        self.candidates = candidates
        self.ballots = ballots
        self.seen: dict[frozenset[str], frozenset[str]] = {}

    def outcome(self, pattern: str) -> Ranked:
        """Walk the rounds as far as they are the same in every way of breaking ties, then follow the branches."""
        matrix = pairwise(self.ballots, self.candidates)
        if not sum(ballot.count for ballot in self.ballots):
            return _nobody_voted(self.candidates, matrix)
        left = frozenset(self.candidates)
        rounds: list[dict[str, Any]] = []
        gone: list[Group] = []
        while True:
            votes, exhausted = tops(self.ballots, left, self.candidates)
            rounds.append(_round(len(rounds) + 1, votes, exhausted))
            if self.decided(votes):
                order = (*_grouped(tuple(votes), votes), *reversed(gone))
                return Ranked(order[0], order, tuple(rounds), matrix, (Sentence(pattern, {"winners": order[0][0]}),))
            out, certain = self.last(votes)
            if not certain:
                break
            rounds[-1]["eliminated"] = list(out)
            gone.append(out)
            left -= set(out)
        rounds[-1]["tied"] = list(out)
        rounds[-1]["branches"] = [
            {"eliminated": name, "winners": list(self.named(self.winners(left - {name})))}
            for name in out
            if len(left) > 1
        ]
        winners = self.named(self.winners(left))
        rest = tuple(name for name in self.candidates if name in left and name not in winners)
        order = (winners, *((rest,) if rest else ()), *reversed(gone))
        said = Sentence(
            N_("Round %(number)s has a tie for the last place; who wins depends on who leaves."),
            {"number": len(rounds)},
        )
        if len(winners) == 1:
            said = Sentence(
                N_("Round %(number)s has a tie for the last place; whoever leaves, the winner is the same."),
                {"number": len(rounds)},
            )
        return Ranked(winners, order, tuple(rounds), matrix, (said, *_tie_words(winners)))

    def decided(self, votes: dict[str, Fraction]) -> bool:
        """Whether somebody has more than half, or is alone."""
        return len(votes) == 1 or 2 * max(votes.values()) > sum(votes.values()) > 0

    def last(self, votes: dict[str, Fraction]) -> tuple[Group, bool]:
        """Return who has the fewest, and whether they can leave together whatever happens among them."""
        order = _grouped(tuple(votes), votes)
        fewest = order[-1]
        if len(fewest) == 1:
            return fewest, True
        together = sum((votes[name] for name in fewest), Fraction())
        return fewest, len(order) > 1 and together < votes[order[-2][0]]

    def winners(self, left: frozenset[str]) -> frozenset[str]:
        """Return everybody who wins from here in some way of breaking the ties."""
        known = self.seen.get(left)
        if known is not None:
            return known
        if len(self.seen) >= MAX_BRANCHES:
            raise Invalid(
                N_("So many candidates are tied that the count cannot follow every way; hold a run-off ballot.")
            )
        votes, _ = tops(self.ballots, left, self.candidates)
        if not votes or sum(votes.values()) == 0:
            found = left
        elif self.decided(votes):
            found = frozenset([max(votes, key=_number_in(votes))])
        else:
            out, certain = self.last(votes)
            nexts = [left - set(out)] if certain else [left - {name} for name in out]
            found = frozenset().union(*(self.winners(each) for each in nexts))
        self.seen[left] = found
        return found

    def named(self, names: frozenset[str]) -> Group:
        """Return the names in the order of the list of candidates."""
        return tuple(name for name in self.candidates if name in names)


def _number_in(votes: dict[str, Fraction]) -> Callable[[str], Fraction]:
    return lambda name: votes[name]
