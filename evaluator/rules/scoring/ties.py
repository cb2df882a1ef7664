"""Ranks, explicit ties, and the rule that broke each."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS, Figure
from evaluator.rules.procedure import CouncilVote, EarlierDate, HigherMean, HigherSheet, Ranking, TieBreak
from evaluator.rules.rubric import Rubric
from evaluator.rules.scoring import placement
from evaluator.rules.scoring.caps import Capped, capped
from evaluator.rules.scoring.outcome import Numbers, Outcome
from evaluator.rules.scoring.steps import Tally

BY_MEAN = N_("Equal scores: the higher mean of “%(of)s” goes first (%(value)s).")
BY_SHEET = N_("Equal scores: the higher sheet of the role “%(role)s” goes first (%(value)s).")
BY_DATE = N_("Equal scores: the dossier handed in earlier goes first.")
BY_VOTE = N_("Equal scores: more votes of the council go first (%(value)s).")
CLOSE_RACE = N_("The first is %(lead)s points ahead, but %(needed)s are needed: hold a second round.")
BY_PLACES = N_("%(votes)s of %(judges)s reviewers placed it %(column)s or better; these places add up to %(places)s.")
UNPLACED = N_("It has no rank: ranking by places needs a sheet of each of the %(judges)s reviewers.")
BY_LOT = N_("Equal scores: the lot decides, drawn from the published seed “%(seed)s”.")


@dataclass(frozen=True, slots=True)
class Key:
    """The little that must be kept of an outcome to rank it and to heed the caps."""

    initiative: str
    passed: bool
    score: Fraction
    breakers: tuple[Fraction | None, ...]
    class_key: str = ""
    field: str = ""
    unit: str = ""
    marks: Numbers = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A rank; ``tied`` if others share it; ``broken_by`` what it rests on besides the score.

    Without a rank ``broken_by`` says why there is none.
    """

    rank: int | None
    tied: bool
    broken_by: Sentence | None = None


def key_of(outcome: Outcome) -> Key | None:
    """Return what ranks an outcome; None if it has no score."""
    if outcome.score is None:
        return None
    return Key(
        outcome.initiative,
        outcome.passed,
        outcome.score,
        outcome.breakers,
        outcome.class_key,
        outcome.field,
        outcome.unit,
        outcome.marks,
    )


def places(rubric: Rubric, keys: Iterable[Key]) -> dict[str, Place]:
    """Rank by passing, then score (or the reviewers' places), then the tie-breaks in their order; best first.

    Equal ones share a rank and the next ranks stay empty (1, 2, 2, 4). A tie-break is skipped for a group of
    equals if one of them lacks what it looks at.
    """
    if rubric.ranking is Ranking.PLACEMENT:
        return _by_placement(rubric, list(keys))
    ordered = sorted(keys, key=lambda key: (not key.passed, -key.score, key.initiative))
    blocks = groupby(ordered, key=lambda key: (key.passed, key.score))
    return _numbered(rubric, ((list(equals), None) for _score, equals in blocks))


def _by_placement(rubric: Rubric, keys: list[Key]) -> dict[str, Place]:
    known = {key.initiative: key for key in keys}
    order = placement.order({key.initiative: dict(key.marks) for key in keys})
    blocks: list[tuple[list[Key], Sentence | None]] = []
    for passed in (True, False):
        for block in order.blocks:
            same = [known[each.initiative] for each in block if known[each.initiative].passed is passed]
            if same:
                blocks.append((same, _by_places(block[0])))
    unplaced = Place(None, tied=False, broken_by=sentence(UNPLACED, judges=order.judges))
    return _numbered(rubric, blocks) | dict.fromkeys(order.incomplete, unplaced)


def _by_places(placed: placement.Placed) -> Sentence:
    return sentence(
        BY_PLACES,
        votes=placed.votes,
        judges=placed.judges,
        column=placed.column,
        places=Figure(Fraction(placed.places)),
    )


def _numbered(rubric: Rubric, blocks: Iterable[tuple[list[Key], Sentence | None]]) -> dict[str, Place]:
    """Give blocks of equals their ranks, as far apart as the chain of tie-breaks can tell them."""
    found: dict[str, Place] = {}
    for equals, because in blocks:
        for block, why in _split(rubric, 0, equals, because):
            place = Place(len(found) + 1, len(block) > 1, why)
            found |= {key.initiative: place for key in block}
    return found


def close_race(rubric: Rubric, keys: Iterable[Key]) -> Sentence | None:
    """Return that a second round is needed because the first is not clearly ahead; None if all is well."""
    if rubric.clear_lead is None:
        return None
    best = sorted((key.score for key in keys if key.passed), reverse=True)[:2]
    needed = Fraction(rubric.clear_lead, HUNDREDTHS)
    if len(best) < 2 or best[0] - best[1] >= needed:
        return None
    return sentence(CLOSE_RACE, lead=Figure(best[0] - best[1]), needed=Figure(needed))


def _split(
    rubric: Rubric, level: int, block: list[Key], why: Sentence | None
) -> Iterator[tuple[list[Key], Sentence | None]]:
    """Yield the block in parts, best first, as far as the chain from this level on can tell them apart."""
    if len(block) == 1 or level == len(rubric.ties):
        yield block, why
        return
    known = [key.breakers[level] for key in block]
    if None in known or len(set(known)) == 1:
        yield from _split(rubric, level + 1, block, why)
        return
    ordered = sorted(block, key=lambda key: (-(key.breakers[level] or 0), key.initiative))
    for value, equals in groupby(ordered, key=lambda key: key.breakers[level] or Fraction(0)):
        yield from _split(rubric, level + 1, list(equals), _reason(rubric, rubric.ties[level], value))


def _reason(rubric: Rubric, tie: TieBreak, value: Fraction) -> Sentence:
    figure = Figure(value)
    match tie:
        case HigherMean(of=of):
            return sentence(BY_MEAN, of=rubric.label_of(of), value=figure)
        case HigherSheet(role=role):
            return sentence(BY_SHEET, role=role, value=figure)
        case EarlierDate():
            return sentence(BY_DATE)
        case CouncilVote():
            return sentence(BY_VOTE, value=figure)
    return sentence(BY_LOT, seed=tie.seed)


def breakers(rubric: Rubric, tally: Tally, means: dict[str, Fraction]) -> tuple[Fraction | None, ...]:
    """Return for each tie-break the number by which the greater goes first; None where it is not known."""
    return tuple(_breaker(tie, tally, means) for tie in rubric.ties)


def _breaker(tie: TieBreak, tally: Tally, means: dict[str, Fraction]) -> Fraction | None:
    dossier = tally.dossier
    match tie:
        case HigherMean(of=of):
            return means[of]
        case HigherSheet(role=role):
            return max((entry.total for entry in tally.entries if entry.sheet.role == role), default=None)
        case EarlierDate():
            return None if dossier.submitted_on is None else Fraction(-dossier.submitted_on.toordinal())
        case CouncilVote():
            return None if dossier.council_votes is None else Fraction(dossier.council_votes)
    drawn = hashlib.sha256(f"{tie.seed}\n{dossier.initiative}".encode()).digest()
    return Fraction(-int.from_bytes(drawn))


def ranked(rubric: Rubric, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes with their ranks, best first; those without a score stand last, by code."""
    known = list(outcomes)
    keys = [key for key in map(key_of, known) if key is not None]
    found = places(rubric, keys)
    limits = within_caps(rubric, keys, found)
    placed = [with_caps(with_place(outcome, found), limits) for outcome in known]
    return sorted(placed, key=lambda outcome: (outcome.rank is None, outcome.rank or 0, outcome.initiative))


def with_place(outcome: Outcome, found: dict[str, Place]) -> Outcome:
    """Return the outcome with its rank filled in, if it has one."""
    place = found.get(outcome.initiative)
    if place is None:
        return outcome
    return replace(outcome, rank=place.rank, tied=place.tied, broken_by=place.broken_by)


def within_caps(rubric: Rubric, keys: Iterable[Key], found: Mapping[str, Place]) -> dict[str, Capped]:
    """Return what the rubric's caps make of ranked dossiers, going down the ranks."""
    ranked_keys = [(found[key.initiative].rank, key) for key in keys] if rubric.caps else []
    return capped(rubric, sorted(ranked_keys, key=lambda pair: (pair[0] or 0, pair[1].initiative)))


def with_caps(outcome: Outcome, limits: Mapping[str, Capped]) -> Outcome:
    """Return the outcome as the caps leave it."""
    limit = limits.get(outcome.initiative)
    if limit is None:
        return outcome
    return replace(outcome, class_key=limit.class_key, passed=limit.passed, capped=limit.why)
