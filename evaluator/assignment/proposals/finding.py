"""What is asked of a proposal, and finding the best pairs: reads, and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import select

from evaluator import policy
from evaluator.assignment import judges, standards, ties
from evaluator.assignment import queries as assignments
from evaluator.assignment.judges import Reviewer
from evaluator.assignment.proposals import queries
from evaluator.assignment.proposals.question import Dossier, Question
from evaluator.assignment.standards import Standards
from evaluator.assignment.wishing import queries as wishing
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Tie

if TYPE_CHECKING:
    from evaluator.assignment.proposals.optimiser import Answer

_SEEDS = 2**31  # a column of whole numbers holds no larger one
_SPARE = Fraction(6, 5)  # so much more room than needed lets fields and conflicts be met


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the secretary asks of a proposal; None leaves it to the round and to arithmetic."""

    reviews: int | None = None
    most: int | None = None
    least: int = 0
    seed: int | None = None
    is_fair: bool = True
    share_percent: int = 100


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A question and its answer, ready to be kept."""

    wishes: Wishes
    standards: Standards
    reviews: int
    most: int
    seed: int
    is_refill: bool
    dossiers: Sequence[Dossier]
    reviewers: Sequence[Reviewer]
    answer: "Answer"


def usual_most(wanted: int, reviewers: int) -> int:
    """Return how many dossiers a reviewer may get when nobody says: an even share and a fifth more."""
    return -(-wanted * _SPARE.numerator // (_SPARE.denominator * max(1, reviewers)))


def work_out(a_round: Round, wishes: Wishes, *, by: Actor) -> WorkedOut:
    """Read what there is and find the best pairs; changes nothing, so a long one needs no transaction.

    Raises:
        Invalid: no proposal is possible, or nothing is to be done.
    """
    from evaluator.assignment.proposals import optimiser  # noqa: PLC0415 - 60 MB of numpy and OR-tools: only this run pays

    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    reviews, asked = wishes.reviews or a_round.reviews_per_initiative, standards.of(a_round.id)
    dossiers = queries.empty_seats(a_round, reviews)
    if not dossiers:
        raise Invalid(N_("Every accepted dossier has its reviewers. Nothing is left to assign."))
    reviewers = judges.available_reviewers()
    carried = queries.loads(a_round)
    wanted = sum(each.wanted for each in dossiers)
    most = usual_most(wanted + sum(carried.values()), len(reviewers)) if wishes.most is None else wishes.most
    seed = (crc32(a_round.code.encode()) if wishes.seed is None else wishes.seed) % _SEEDS
    ids = select(Initiative.id).where(Initiative.round_id == a_round.id, Initiative.state.in_(assignments.IN_HAND))
    found = judges.conflicts_among(reviewers, ids, asked)
    bars, warnings = optimiser.conflict_sets(found)
    settled = ties.settled(a_round.id)
    must = frozenset((each.reviewer_id, each.initiative_id or 0) for each in settled if each.tie is Tie.MUST)
    never = {(each.reviewer_id, each.initiative_id or 0) for each in settled if each.tie is Tie.NEVER}
    _check_musts(must & bars, reviewers, dossiers)
    room = [max(0, (most if each.most is None else each.most) - carried.get(each.id, 0)) for each in reviewers]
    answer = optimiser.answer(
        Question(
            dossiers=dossiers,
            reviewers=reviewers,
            room=room,
            least=[
                min(place, max(0, wishes.least - carried.get(each.id, 0)))
                for each, place in zip(reviewers, room, strict=True)
            ],
            carried=[carried.get(each.id, 0) for each in reviewers],
            barred=bars | never,
            warned=warnings,
            experience=queries.experience(a_round),
            must=must,
            apart=frozenset((each.reviewer_id, each.other_id) for each in settled if each.other_id is not None),
            wishes=wishing.of_round(a_round) if asked.asks_wishes else None,
            needs_expert=asked.needs_expert,
            is_cross_unit=asked.is_cross_unit,
            most=most,
            seed=seed,
            is_fair=wishes.is_fair,
            share=Fraction(wishes.share_percent, 100),
        )
    )
    return WorkedOut(wishes, asked, reviews, most, seed, bool(carried), dossiers, reviewers, answer)


def _check_musts(
    broken: frozenset[tuple[int, int]], reviewers: Sequence[Reviewer], dossiers: Sequence[Dossier]
) -> None:
    """Refuse while somebody must read a dossier he or she may not judge: the conflict came up after it was settled."""
    names, codes = {each.id: each.name for each in reviewers}, {each.id: each.code for each in dossiers}
    for reviewer_id, initiative_id in sorted(broken):
        if initiative_id in codes:
            raise Invalid(
                N_(
                    "%(name)s was settled to read the dossier %(code)s, but has a conflict of interest by now. Let this "
                    "pair go under “Settled beforehand”."
                ),
                name=names[reviewer_id],
                code=codes[initiative_id],
            )
