"""What must hold of scoring whatever the rubric and the points."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.rules import rubric_document, scoring
from evaluator.rules.amounts import Rounding
from evaluator.rules.procedure import (
    Action,
    ByCount,
    Cap,
    Clamp,
    Class,
    Combine,
    CountRule,
    Deviation,
    DropExtremes,
    Extremes,
    FewLow,
    HigherMean,
    LeastSheets,
    Lot,
    Middle,
    Minimum,
    Per,
    PublicVote,
    Round,
    SetAside,
    Spread,
    Totalling,
)
from evaluator.rules.rubric import Anchor, Anchored, Bonus, Choice, Group, Numeric, Option, Rubric
from evaluator.rules.rubric_checks import problems
from evaluator.rules.scoring import placement

QUARTERS = Numeric(key="q", label="Q", maximum=800, step=25, group="g", floor=200)
TENS = Numeric(key="t", label="T", maximum=4000, step=100, weight=Fraction(3, 10), group="g")
SCALE = Anchored(key="s", label="S", anchors=tuple(Anchor(points=n * 100, text="…") for n in (0, 1, 3, 5)))
CHOICE = Choice(key="c", label="C", options=tuple(Option(key=f"o{n}", label="…", points=n * 100) for n in (0, 5, 10)))
BONUS = Bonus(key="b", label="B", maximum=500, step=50)

harmless = st.sampled_from(
    [(), (LeastSheets(count=1),), (SetAside(role="nobody"),), (Spread(limit=1000),), (Round(places=1),)]
)
moving = st.sampled_from(
    [(Clamp(limit=200),), (Deviation(limit=1500, action=Action.FLAG),), (Deviation(limit=1500, action=Action.ASK),)]
)
dropping = st.sampled_from(
    [
        (Deviation(limit=300),),
        (Deviation(limit=300, repeat=True),),
        (Deviation(limit=300, of=Middle.MEDIAN),),
        (DropExtremes(from_sheets=3),),
        (ByCount(rules=(CountRule(sheets=1, extremes=Extremes.KEEP), CountRule(sheets=4, extremes=Extremes.MERGE))),),
    ]
)


@st.composite
def rubrics(draw, steps=harmless):
    criteria = draw(st.permutations([QUARTERS, TENS, SCALE, CHOICE, BONUS]))
    rubric = Rubric(
        key="r",
        title="R",
        total=draw(st.sampled_from(Totalling)),
        groups=(Group(key="g", label="G", floor=500, kills=draw(st.booleans())),),
        criteria=tuple(criteria),
        steps=(
            *draw(steps),
            Combine(by=draw(st.sampled_from([Middle.MEAN, Middle.SUM])), weights=(("chair", Fraction(2)),)),
            Round(places=draw(st.integers(0, 3)), how=draw(st.sampled_from(Rounding))),
            PublicVote(maximum=2000),
        ),
        gates=(Minimum(at_least=300), FewLow(share=Fraction(1, 2), of=("q",))),
        classes=(Class(key="a", label="A", at_least=600), Class(key="z", label="Z", at_least=0, passes=False)),
        ties=(HigherMean(of="g"), Lot(seed="2026")),
    )
    assert problems(rubric) == []
    return rubric


points = st.fixed_dictionaries(
    {
        "q": st.integers(0, 32).map(lambda n: n * 25),
        "t": st.integers(0, 40).map(lambda n: n * 100),
        "s": st.sampled_from([0, 100, 300, 500]),
        "c": st.sampled_from(["o0", "o5", "o10"]),
    },
    optional={"b": st.integers(0, 10).map(lambda n: n * 50)},
)
roles = st.sampled_from(["", "chair"])


@st.composite
def dossiers(draw, least=1, most=6, name="X"):
    drawn = draw(st.lists(st.tuples(points, roles), min_size=least, max_size=most))
    sheets = tuple(scoring.Sheet(f"r{n}", given, role) for n, (given, role) in enumerate(drawn))
    return scoring.Dossier(name, sheets, votes=draw(st.integers(0, 9)))


SEASON = scoring.Season(9)


def outcome(rubric, dossier):
    return scoring.Scorer(rubric).outcome(dossier, SEASON)


any_steps = st.one_of(harmless, moving, dropping)


@given(rubrics(any_steps), dossiers(), st.randoms())
def test_the_order_of_the_sheets_never_matters(rubric, dossier, random):
    shuffled = list(dossier.sheets)
    random.shuffle(shuffled)

    assert outcome(rubric, replace(dossier, sheets=tuple(shuffled))) == outcome(rubric, dossier)


@given(rubrics(any_steps), dossiers(), st.randoms())
def test_the_order_of_the_criteria_never_matters_to_the_decision(rubric, dossier, random):
    criteria = list(rubric.criteria)
    random.shuffle(criteria)
    one, other = outcome(rubric, dossier), outcome(replace(rubric, criteria=tuple(criteria)), dossier)

    assert (one.score, one.class_key, one.passed, one.breakers) == (
        other.score,
        other.class_key,
        other.passed,
        other.breakers,
    )
    assert dict(one.criteria) == dict(other.criteria)


@given(rubrics(), points)
def test_a_total_lies_between_nothing_and_the_reachable_and_is_the_sum_of_its_parts(rubric, given_points):
    total = scoring.total(rubric, given_points)

    assert 0 <= total <= rubric.reachable
    assert total == sum(scoring.parts(rubric, given_points).values())


@given(rubrics(any_steps), dossiers(least=0))
def test_the_explanation_adds_up_to_the_score_and_each_sheet_to_its_total(rubric, dossier):
    result = outcome(rubric, dossier)
    lines = scoring.explain(rubric, result)
    summands = [line.amount for line in lines if line.part is scoring.Part.SUMMAND]
    (score,) = [line.amount for line in lines if line.part is scoring.Part.SCORE]

    assert score == result.score
    assert sum(summands, Fraction(0)) == (score or 0)
    parts: list[Fraction] = []
    for line in reversed([line for line in lines if line.part in {scoring.Part.SHEET, scoring.Part.CRITERION}]):
        if line.part is scoring.Part.CRITERION:
            parts.append(line.amount)
        else:
            assert line.amount == sum(parts)
            parts = []


MORE = {
    "q": lambda value: min(value + 25, 800),
    "t": lambda value: min(value + 100, 4000),
    "s": lambda value: {0: 100, 100: 300}.get(value, 500),
    "c": lambda value: {"o0": "o5"}.get(value, "o10"),
}


def with_more(dossier, number, key):
    sheets = list(dossier.sheets)
    sheet = sheets[number]
    sheets[number] = replace(sheet, points={**sheet.points, key: MORE[key](sheet.points[key])})
    return replace(dossier, sheets=tuple(sheets))


@given(rubrics(st.one_of(harmless, moving)), dossiers(), st.data())
def test_more_points_never_score_lower_pass_less_or_rank_lower_where_nothing_is_dropped(rubric, dossier, data):
    better = with_more(
        dossier, data.draw(st.integers(0, len(dossier.sheets) - 1)), data.draw(st.sampled_from(list(MORE)))
    )
    rival = data.draw(dossiers(name="Y"))
    before, after, other = (outcome(rubric, each) for each in (dossier, better, rival))

    assert after.score >= before.score
    assert after.passed >= before.passed

    def rank(result):
        return next(each.rank for each in scoring.ranked(rubric, [result, other]) if each.initiative == "X")

    assert rank(after) <= rank(before)


def test_more_points_can_score_lower_exactly_where_a_sheet_is_dropped_for_them():
    """With 80, 80 and 102 every sheet is within 15 of the mean; with 104 the highest is dropped: 87.33 becomes 80."""
    rubric = Rubric(
        key="r",
        title="R",
        criteria=(Numeric(key="a", label="A", maximum=11000),),
        steps=(Deviation(limit=1500), Combine(), Round(places=2)),
    )

    def score(highest):
        sheets = tuple(scoring.Sheet(f"r{n}", {"a": given * 100}) for n, given in enumerate((80, 80, highest)))
        return outcome(rubric, scoring.Dossier("X", sheets)).score

    assert (score(102), score(104)) == (Fraction("87.33"), 80)


@given(dossiers(least=3), st.data())
def test_more_points_never_score_lower_where_only_extremes_are_dropped(dossier, data):
    """Order statistics are monotone: dropping the highest and lowest total cannot punish more points."""
    rubric = Rubric(
        key="r",
        title="R",
        criteria=(QUARTERS, TENS, SCALE, CHOICE, BONUS),
        groups=(Group(key="g", label="G"),),
        steps=(DropExtremes(from_sheets=3), Combine()),
    )
    better = with_more(
        dossier, data.draw(st.integers(0, len(dossier.sheets) - 1)), data.draw(st.sampled_from(list(MORE)))
    )

    assert outcome(rubric, better).score >= outcome(rubric, dossier).score


@given(rubrics(any_steps))
def test_a_rubric_comes_back_the_same_from_its_document_and_its_toml(rubric):
    assert rubric_document.from_document(rubric_document.as_document(rubric)) == rubric
    assert rubric_document.from_toml(rubric_document.to_toml(rubric)) == rubric


@given(rubrics(any_steps), st.lists(dossiers(least=0), max_size=6), st.randoms())
@settings(max_examples=50)
def test_ranks_depend_on_the_outcomes_alone_and_leave_no_gap_but_that_of_ties(rubric, drawn, random):
    named = [replace(dossier, initiative=f"S{n}") for n, dossier in enumerate(drawn)]
    results = [outcome(rubric, dossier) for dossier in named]
    ranked = scoring.ranked(rubric, results)
    random.shuffle(results)

    assert scoring.ranked(rubric, results) == ranked
    ranks = [each.rank for each in ranked if each.rank is not None]
    assert ranks == sorted(ranks)
    assert all(rank <= place for place, rank in enumerate(ranks, start=1))
    assert ranks[:1] in ([], [1])


judges = st.sampled_from([3, 4, 5, 7])


@st.composite
def finals(draw):
    """Totals by dossier and judge: everybody marks everything, equal totals are frequent."""
    number, names = draw(judges), [f"S{n}" for n in range(draw(st.integers(1, 7)))]
    return {name: {f"j{j}": Fraction(draw(st.integers(0, 6))) for j in range(number)} for name in names}


def blocks(marks):
    return [{placed.initiative for placed in block} for block in placement.order(marks).blocks]


@given(finals(), st.randoms())
def test_relative_placement_depends_neither_on_names_nor_on_the_order_of_judges(marks, random):
    names = list(marks)
    random.shuffle(names)
    renamed = dict(zip(marks, (f"x{n}" for n in range(len(marks))), strict=True))
    turned = {renamed[name]: dict(reversed(marks[name].items())) for name in names}

    assert blocks(turned) == [{renamed[name] for name in block} for block in blocks(marks)]


@given(finals(), st.data())
def test_relative_placement_never_ranks_a_dossier_lower_for_more_points(marks, data):
    name, judge = data.draw(st.sampled_from(sorted(marks))), "j0"
    better = {**marks, name: {**marks[name], judge: marks[name][judge] + data.draw(st.integers(1, 6))}}

    def ahead(found):
        """How many stand before it; equals do not."""
        order = blocks(found)
        return sum(len(block) for block in order[: next(n for n, block in enumerate(order) if name in block)])

    assert ahead(better) <= ahead(marks)


@given(finals())
def test_whom_most_judges_place_first_alone_is_first(marks):
    firsts = [
        next(iter(best)) if len(best) == 1 else None
        for judge in marks["S0"]
        for top in (max(given_[judge] for given_ in marks.values()),)
        for best in ({name for name in marks if marks[name][judge] == top},)
    ]
    favourite = next((name for name in marks if 2 * firsts.count(name) > len(firsts)), None)

    shared = any(name is None for name in firsts)  # a shared first place counts for several at once
    assert favourite is None or shared or blocks(marks)[0] == {favourite}


CAPPED = Rubric(
    key="r",
    title="R",
    criteria=(Numeric(key="a", label="A", maximum=1000),),
    steps=(Combine(),),
    classes=(
        Class(key="first", label="1", at_least=800),
        Class(key="second", label="2", at_least=400),
        Class(key="none", label="-", at_least=0, passes=False),
    ),
    caps=(Cap(most=2, classes=("first",)), Cap(most=2, per=Per.FIELD), Cap(most=1, per=Per.FIELD_AND_UNIT)),
)


@given(st.lists(st.tuples(st.integers(0, 10), st.sampled_from("xy"), st.sampled_from("uvw")), max_size=12))
def test_caps_are_kept_and_whoever_is_turned_away_finds_the_places_taken_by_those_ranked_before(drawn):
    dossiers_ = [
        scoring.Dossier(f"S{n:02}", (scoring.Sheet("r", {"a": points * 100}),), field=field, unit=unit)
        for n, (points, field, unit) in enumerate(drawn)
    ]
    found = scoring.ranked(CAPPED, scoring.Scorer(CAPPED).outcomes(dossiers_))
    given_ = [each for each in found if each.passed and each.class_key]

    assert sum(each.class_key == "first" for each in given_) <= 2
    assert all(count <= 2 for count in Counter(each.field for each in given_).values())
    assert all(count <= 1 for count in Counter((each.field, each.unit) for each in given_).values())
    for each in found:
        if each.capped is None:
            by_points = "first" if each.score >= 8 else "second" if each.score >= 4 else "none"
            assert each.class_key == by_points
        elif not each.passed:
            before = [other for other in found if other.passed and other.rank < each.rank and other.field == each.field]
            assert len(before) >= 2 or each.unit in {other.unit for other in before}
