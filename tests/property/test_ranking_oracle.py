"""Our ranked counts against an independent library, on thousands of random profiles; see requirements-oracles.txt.

The library resolves ties in ways a council cannot accept, so a tie is compared only as far as both can say it.
"""

import random
from collections import Counter
from fractions import Fraction
from itertools import permutations

from votelib.component.rankscore import Borda
from votelib.convert import RankedToCondorcetVotes, RankedToPositionalVotes
from votelib.evaluate.condorcet import CondorcetWinner, Schulze, SmithSet
from votelib.evaluate.core import Tie
from votelib.evaluate.sequential import TransferableVoteSelector

from evaluator.rules import ranking
from evaluator.rules.ranking import RankedBallot

PROFILES = 3_000  # of each kind; a few seconds
NAMES = "abcdefg"


def profiles(seed: int, *, strict: bool):
    """Yield random profiles of councils and shortlists of every size, always the same ones."""
    chance = random.Random(seed)  # noqa: S311 - the same profiles in every run
    for _ in range(PROFILES):
        candidates = NAMES[: chance.randint(2, len(NAMES))]
        yield candidates, [ballot(candidates, chance, strict=strict) for _ in range(chance.randint(1, 15))]


def ballot(candidates: str, chance: random.Random, *, strict: bool) -> tuple[tuple[str, ...], ...]:
    """Return one ranking: all candidates one by one, or groups of equals with some left out."""
    order = chance.sample(candidates, len(candidates))
    if strict:
        return tuple((name,) for name in order)
    groups, rest = [], order[: chance.randint(1, len(order))]
    while rest:
        size = chance.choice((1, 1, 2, 3))
        groups.append(tuple(rest[:size]))
        rest = rest[size:]
    return tuple(groups)


def ours(rankings) -> list[RankedBallot]:
    return [RankedBallot(count, each) for each, count in Counter(rankings).items()]


def theirs(rankings, candidates: str) -> dict:
    """Return the ballots as the library takes them, with those left out as one last group."""
    found: Counter = Counter()
    for each in rankings:
        groups = ranking.complete(RankedBallot(1, each), candidates)
        found[tuple(group[0] if len(group) == 1 else frozenset(group) for group in groups)] += 1
    return dict(found)


def pairs_of(rankings, candidates: str) -> dict[tuple[str, str], int]:
    counted = RankedToCondorcetVotes().convert(theirs(rankings, candidates))
    return {pair: counted.get(pair, 0) for pair in permutations(candidates, 2)}


def test_pairwise_counts_agree_with_the_library():
    for candidates, rankings in profiles(1, strict=False):
        matrix = ranking.pairwise(ours(rankings), candidates)
        assert {(a, b): matrix[a][b] for a, b in permutations(candidates, 2)} == pairs_of(rankings, candidates)


def test_schulze_has_the_same_strongest_chains_and_winners():
    alone = 0
    for candidates, rankings in profiles(2, strict=False):
        pairs = pairs_of(rankings, candidates)
        chains = ranking.strongest_chains(candidates, ranking.pairwise(ours(rankings), candidates))
        paths = Schulze.widest_paths(pairs)
        assert all(chains[a][b] == paths.get((a, b), 0) for a, b in permutations(candidates, 2))
        winners = ranking.schulze(candidates, ours(rankings)).winners
        said = names_in(Schulze().evaluate(pairs, 1))
        assert set(said) <= set(winners)
        if len(winners) == 1:
            assert said == winners
            alone += 1
    assert alone > PROFILES / 2


def test_who_wins_schulze_is_the_condorcet_winner_or_in_the_smith_set():
    for candidates, rankings in profiles(3, strict=False):
        pairs = pairs_of(rankings, candidates)
        winners = ranking.schulze(candidates, ours(rankings)).winners
        assert set(winners) <= set(SmithSet().evaluate(pairs))
        condorcet = CondorcetWinner().evaluate(pairs)
        assert not condorcet or tuple(condorcet) == winners


def test_borda_points_agree_on_complete_rankings():
    for candidates, rankings in profiles(4, strict=True):
        counted = RankedToPositionalVotes(Borda(base=0)).convert(theirs(rankings, candidates))
        points = ranking.borda(candidates, ours(rankings)).rounds[0]["points"]
        assert {name: Fraction(points[name]) for name in candidates} == {n: Fraction(counted[n]) for n in candidates}


def test_instant_run_off_elects_the_same_wherever_the_library_breaks_no_tie():
    compared = 0
    for candidates, rankings in profiles(5, strict=True):
        winners = ranking.irv(candidates, ours(rankings)).winners
        try:
            said = names_in(TransferableVoteSelector(quota_function="droop").evaluate(theirs(rankings, candidates), 1))
        except NotImplementedError:  # a tie in an elimination, which the library refuses and ours follows both ways
            continue
        if len(said) == 1:
            assert set(said) <= set(winners)
            compared += 1
            assert len(winners) > 1 or said == winners
    assert compared > PROFILES / 3


def names_in(selected) -> tuple[str, ...]:
    """Return whom the library names, those of a tie together."""
    found: list[str] = []
    for each in selected:
        found += sorted(each) if isinstance(each, Tie | frozenset | set) else [each]
    return tuple(found)


def test_the_comparison_would_notice_another_way_of_counting():
    different = 0
    for candidates, rankings in profiles(2, strict=False):
        matrix = ranking.pairwise(ours(rankings), candidates)
        margins = ranking.strongest_chains(candidates, matrix, margins=True)
        paths = Schulze.widest_paths(pairs_of(rankings, candidates))
        different += any(margins[a][b] != paths.get((a, b), 0) for a, b in permutations(candidates, 2))
    assert different > PROFILES / 2
