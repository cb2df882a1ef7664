"""A rubric's procedure in words, a sentence each: for pages, score sheets and minutes."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.amounts import HUNDREDTHS, Figure
from evaluator.rules.procedure import (
    Action,
    AnyOf,
    Apart,
    ByCount,
    Calibrate,
    Cap,
    Clamp,
    Class,
    Combine,
    CouncilVote,
    Deviation,
    DropExtremes,
    EarlierDate,
    Extremes,
    FewLow,
    Gate,
    HigherMean,
    HigherSheet,
    LeastSheets,
    Lot,
    Measure,
    Middle,
    Minimum,
    Per,
    PublicVote,
    Round,
    SetAside,
    Spread,
    Step,
    TieBreak,
)
from evaluator.rules.rubric import Criterion, Rubric

LEAST_SHEETS = N_("At least %(count)s sheets must count; otherwise there is no score.")
SET_ASIDE = N_("Sheets of the role “%(role)s” do not make the score.")
DEVIATION = {
    (Action.DROP, Measure.POINTS): N_("A sheet more than %(limit)s points from the %(middle)s is dropped."),
    (Action.FLAG, Measure.POINTS): N_("A sheet more than %(limit)s points from the %(middle)s is flagged."),
    (Action.ASK, Measure.POINTS): N_(
        "If a sheet lies more than %(limit)s points from the %(middle)s, another sheet is needed."
    ),
    (Action.DROP, Measure.PERCENT): N_("A sheet more than %(limit)s %% from the %(middle)s is dropped."),
    (Action.FLAG, Measure.PERCENT): N_("A sheet more than %(limit)s %% from the %(middle)s is flagged."),
    (Action.ASK, Measure.PERCENT): N_(
        "If a sheet lies more than %(limit)s %% from the %(middle)s, another sheet is needed."
    ),
}
REPEATED = N_("%(what)s This is repeated with the new middle until nothing more is dropped.")
ONCE = N_("%(what)s This is done once, on the initial middle.")
MIDDLES = {Middle.MEAN: N_("mean"), Middle.MEDIAN: N_("median"), Middle.SUM: N_("sum")}
SPREAD = {
    (Action.FLAG, Measure.POINTS): N_("If highest and lowest lie more than %(limit)s points apart, they are flagged."),
    (Action.ASK, Measure.POINTS): N_(
        "If highest and lowest lie more than %(limit)s points apart, another sheet is needed."
    ),
    (Action.FLAG, Measure.PERCENT): N_(
        "If highest and lowest lie more than %(limit)s %% of the highest apart, they are flagged."
    ),
    (Action.ASK, Measure.PERCENT): N_(
        "If highest and lowest lie more than %(limit)s %% of the highest apart, another sheet is needed."
    ),
}
APART = {
    (Action.FLAG, Measure.POINTS): N_(
        "If the sheet of the role “%(role)s” lies more than %(limit)s points from the mean of the others, it is flagged."
    ),
    (Action.ASK, Measure.POINTS): N_(
        "If the sheet of the role “%(role)s” lies more than %(limit)s points from the mean of the others, "
        "another sheet is needed."
    ),
    (Action.FLAG, Measure.PERCENT): N_(
        "If the sheet of the role “%(role)s” lies more than %(limit)s %% from the mean of the others, it is flagged."
    ),
    (Action.ASK, Measure.PERCENT): N_(
        "If the sheet of the role “%(role)s” lies more than %(limit)s %% from the mean of the others, "
        "another sheet is needed."
    ),
}
CALIBRATE = N_(
    "Each reviewer's leniency is taken off his totals, once everybody has %(fewest)s sheets and the differences "
    "are beyond chance."
)
CAP = {
    Per.ROUND: N_("At most %(most)s of the round get “%(label)s”."),
    Per.FIELD: N_("At most %(most)s of each field get “%(label)s”."),
    Per.UNIT: N_("At most %(most)s of each unit get “%(label)s”."),
    Per.FIELD_AND_UNIT: N_("At most %(most)s of each unit in each field get “%(label)s”."),
}
CAP_ANY = {
    Per.ROUND: N_("At most %(most)s of the round succeed."),
    Per.FIELD: N_("At most %(most)s of each field succeed."),
    Per.UNIT: N_("At most %(most)s of each unit succeed."),
    Per.FIELD_AND_UNIT: N_("At most %(most)s of each unit in each field succeed."),
}
EXTREMES = N_("From %(sheets)s sheets on the %(highest)s highest and the %(lowest)s lowest do not count.")
BY_COUNT = {
    Extremes.KEEP: N_("From %(sheets)s sheets on all count."),
    Extremes.DROP: N_("From %(sheets)s sheets on the highest and the lowest do not count."),
    Extremes.MERGE: N_("From %(sheets)s sheets on the highest and the lowest count half each."),
}
BY_COUNT_LEAST = N_("With fewer sheets there is no score.")
CLAMP = N_("Totals further than %(limit)s from the median are moved to that limit.")
COMBINE = {
    Middle.MEAN: N_("The score is the mean of the sheets that count."),
    Middle.MEDIAN: N_("The score is the median of the sheets that count."),
    Middle.SUM: N_("The score is the sum of the sheets that count."),
}
WEIGHTS = N_("%(what)s Sheets have weights by role: %(weights)s.")
ROUND = {
    "half-up": N_("It is rounded half up to %(places)s decimals."),
    "half-even": N_("It is rounded half to even to %(places)s decimals."),
    "down": N_("It is rounded down to %(places)s decimals."),
    "up": N_("It is rounded up to %(places)s decimals."),
}
PUBLIC_SHARE = N_(
    "The public adds up to %(maximum)s points: %(maximum)s × votes ÷ highest votes, to %(places)s decimals."
)
PUBLIC_EVERY = N_("The public adds %(gives)s points for every %(every)s votes, up to %(maximum)s.")
MINIMUM_SCORE = N_("The score must be at least %(points)s.")
MINIMUM = N_("The mean of “%(label)s” must be at least %(points)s.")
EXCEPT = N_("%(what)s For some authors it differs: %(list)s.")
FEW_LOW = N_("On no criterion may more than %(share)s of the sheets give %(points)s points or fewer.")
FEW_LOW_ON = N_("On %(labels)s not more than %(share)s of the sheets may give %(points)s points or fewer.")
ANY_OF = N_("“%(label)s”: one of %(count)s conditions is enough.")
AT_MOST = N_("%(what)s · at most %(most)s")
WITH_FLOOR = N_("%(what)s · floor %(floor)s")
FLOOR_KILLS = N_("The mean of “%(label)s” must reach its floor of %(points)s.")
FLOOR_TOLD = N_("The floor of “%(label)s”, %(points)s, is told but does not decide.")
CLASS_OPEN = N_("“%(label)s” from %(least)s points.")
CLASS_CLOSED = N_("“%(label)s” from %(least)s to below %(below)s points.")
CLASS_FAILS = N_("%(what)s This is no success.")
BY_MEAN = N_("Of equal scores the higher mean of “%(label)s” goes first.")
BY_SHEET = N_("Of equal scores the higher sheet of the role “%(role)s” goes first.")
BY_DATE = N_("Of equal scores the dossier handed in earlier goes first.")
BY_VOTE = N_("Of equal scores more votes of the council go first.")
BY_LOT = N_("Of equal scores the lot decides, drawn from the seed “%(seed)s”.")


def step_words(step: Step) -> tuple[Sentence, ...]:
    """Return what a step does."""
    return STEP_WORDS[type(step)](step)


def _deviation(step: Deviation) -> tuple[Sentence, ...]:
    text = DEVIATION[step.action, step.measure]
    told = sentence(text, limit=Figure.of_points(step.limit), middle=sentence(MIDDLES[step.of]))
    if step.action is not Action.DROP:
        return (told,)
    return (sentence(REPEATED if step.repeat else ONCE, what=told),)


def _by_count(step: ByCount) -> tuple[Sentence, ...]:
    return (*(sentence(BY_COUNT[rule.extremes], sheets=rule.sheets) for rule in step.rules), sentence(BY_COUNT_LEAST))


def _combine(step: Combine) -> tuple[Sentence, ...]:
    told = sentence(COMBINE[step.by])
    if not step.weights:
        return (told,)
    return (sentence(WEIGHTS, what=told, weights=", ".join(f"{role} {weight}" for role, weight in step.weights)),)


def _public_vote(step: PublicVote) -> tuple[Sentence, ...]:
    maximum = Figure.of_points(step.maximum)
    if step.every is None:
        return (sentence(PUBLIC_SHARE, maximum=maximum, places=step.places),)
    return (sentence(PUBLIC_EVERY, maximum=maximum, every=step.every, gives=Figure.of_points(step.gives)),)


STEP_WORDS: dict[type, Callable[[Any], tuple[Sentence, ...]]] = {
    LeastSheets: lambda step: (sentence(LEAST_SHEETS, count=step.count),),
    SetAside: lambda step: (sentence(SET_ASIDE, role=step.role),),
    Deviation: _deviation,
    Spread: lambda step: (sentence(SPREAD[step.action, step.measure], limit=Figure.of_points(step.limit)),),
    Apart: lambda step: (
        sentence(APART[step.action, step.measure], role=step.role, limit=Figure.of_points(step.limit)),
    ),
    Calibrate: lambda step: (sentence(CALIBRATE, fewest=step.fewest),),
    DropExtremes: lambda step: (sentence(EXTREMES, sheets=step.from_sheets, highest=step.highest, lowest=step.lowest),),
    ByCount: _by_count,
    Clamp: lambda step: (sentence(CLAMP, limit=Figure.of_points(step.limit)),),
    Combine: _combine,
    Round: lambda step: (sentence(ROUND[step.how], places=step.places),),
    PublicVote: _public_vote,
}


def gate_words(rubric: Rubric, gate: Gate) -> tuple[Sentence, ...]:
    """Return what a gate needs, its alternatives after it."""
    if isinstance(gate, Minimum):
        return (_minimum(rubric, gate),)
    if isinstance(gate, AnyOf):
        inner = (told for each in gate.gates for told in gate_words(rubric, each))
        return (sentence(ANY_OF, label=gate.label, count=len(gate.gates)), *inner)
    return (_few_low(rubric, gate),)


def _minimum(rubric: Rubric, gate: Minimum) -> Sentence:
    points = Figure.of_points(gate.at_least)
    if gate.of == "total":
        told = sentence(MINIMUM_SCORE, points=points)
    else:
        told = sentence(MINIMUM, label=rubric.label_of(gate.of) or gate.of, points=points)
    if not gate.by_category:
        return told
    labels = {category.key: category.label for category in rubric.categories}
    listed = "; ".join(f"{labels.get(key, key)}: {Figure.of_points(needed)}" for key, needed in gate.by_category)
    return sentence(EXCEPT, what=told, list=listed)


def _few_low(rubric: Rubric, gate: FewLow) -> Sentence:
    values = {"share": str(gate.share), "points": Figure.of_points(gate.points)}
    if not gate.of:
        return sentence(FEW_LOW, **values)
    return sentence(FEW_LOW_ON, labels=", ".join(rubric.label_of(key) or key for key in gate.of), **values)


def criterion_words(criterion: Criterion, kind: str) -> Sentence:
    """Return a criterion's kind with its most points and its floor."""
    told = sentence(kind)
    if criterion.scores and criterion.most is not None:
        told = sentence(AT_MOST, what=told, most=Figure.of_points(criterion.most))
    if criterion.floor is not None:
        told = sentence(WITH_FLOOR, what=told, floor=Figure.of_points(criterion.floor))
    return told


def floor_words(rubric: Rubric) -> tuple[Sentence, ...]:
    """Return the floors of criteria and groups."""
    told = []
    for key, floor, kills in _floors(rubric):
        text = FLOOR_KILLS if kills else FLOOR_TOLD
        told.append(sentence(text, label=rubric.label_of(key), points=Figure(Fraction(floor, HUNDREDTHS))))
    return tuple(told)


def _floors(rubric: Rubric) -> list[tuple[str, int, bool]]:
    criteria = [(each.key, each.floor, each.kills) for each in rubric.criteria if each.floor is not None]
    return criteria + [(each.key, each.floor, each.kills) for each in rubric.groups if each.floor is not None]


def class_words(rubric: Rubric, each: Class) -> tuple[Sentence, ...]:
    """Return when a class is given, its own gates after it."""
    values = {"label": each.label, "least": Figure.of_points(each.at_least)}
    if each.below is None:
        told = sentence(CLASS_OPEN, **values)
    else:
        told = sentence(CLASS_CLOSED, below=Figure.of_points(each.below), **values)
    if not each.passes:
        told = sentence(CLASS_FAILS, what=told)
    return (told, *(words for gate in each.gates for words in gate_words(rubric, gate)))


def tie_words(rubric: Rubric, tie: TieBreak) -> Sentence:
    """Return how a tie is broken."""
    match tie:
        case HigherMean(of=of):
            return sentence(BY_MEAN, label=rubric.label_of(of) or of)
        case HigherSheet(role=role):
            return sentence(BY_SHEET, role=role)
        case EarlierDate():
            return sentence(BY_DATE)
        case CouncilVote():
            return sentence(BY_VOTE)
    assert isinstance(tie, Lot)  # noqa: S101 - the only kind left
    return sentence(BY_LOT, seed=tie.seed)


def cap_words(rubric: Rubric, cap: Cap) -> Sentence:
    """Return how many may get what."""
    if not cap.classes:
        return sentence(CAP_ANY[cap.per], most=cap.most)
    labels = {each.key: each.label for each in rubric.classes}
    return sentence(CAP[cap.per], most=cap.most, label=", ".join(labels.get(key, key) for key in cap.classes))
