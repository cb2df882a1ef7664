"""A rubric's procedure told in words, and its parts found by their place."""

from fractions import Fraction

import pytest

from evaluator.rules import rubric_document, rubric_parts, rubric_words
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
    CountRule,
    Deviation,
    DropExtremes,
    EarlierDate,
    Extremes,
    FewLow,
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
)
from evaluator.rules.rubric import Category, Comment, Group
from tests.rubric_builder import a_rubric, numeric

RUBRIC = a_rubric(
    numeric("a", floor=1000),
    numeric("b", 50, group="g"),
    Comment(key="c", label="Nhận xét"),
    groups=(Group(key="g", label="Nhóm", floor=2000, kills=False),),
    categories=(Category(key="worker", label="Công nhân"),),
)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (LeastSheets(count=3), ["At least 3 sheets must count; otherwise there is no score."]),
        (SetAside(role="chair"), ["Sheets of the role “chair” do not make the score."]),
        (
            Deviation(limit=1500),
            ["A sheet more than 15 points from the mean is dropped. This is done once, on the initial middle."],
        ),
        (
            Deviation(limit=1500, of=Middle.MEDIAN, repeat=True),
            [
                "A sheet more than 15 points from the median is dropped. This is repeated with the new middle until nothing more is dropped."
            ],
        ),
        (
            Deviation(limit=3000, measure=Measure.PERCENT, action=Action.FLAG),
            ["A sheet more than 30 % from the mean is flagged."],
        ),
        (
            Spread(limit=1500, action=Action.ASK),
            ["If highest and lowest lie more than 15 points apart, another sheet is needed."],
        ),
        (
            DropExtremes(from_sheets=5),
            ["From 5 sheets on the 1 highest and the 1 lowest do not count."],
        ),
        (
            ByCount(rules=(CountRule(sheets=3, extremes=Extremes.KEEP), CountRule(sheets=4, extremes=Extremes.MERGE))),
            [
                "From 3 sheets on all count.",
                "From 4 sheets on the highest and the lowest count half each.",
                "With fewer sheets there is no score.",
            ],
        ),
        (
            Apart(role="chair", limit=200),
            ["If the sheet of the role “chair” lies more than 2 points from the mean of the others, it is flagged."],
        ),
        (
            Apart(role="chair", limit=200, measure=Measure.PERCENT, action=Action.ASK),
            [
                "If the sheet of the role “chair” lies more than 2 % from the mean of the others, another sheet is needed."
            ],
        ),
        (
            Calibrate(),
            [
                "Each reviewer's leniency is taken off his totals, once everybody has 8 sheets and the differences are beyond chance."
            ],
        ),
        (Clamp(limit=2), ["Totals further than 0.02 from the median are moved to that limit."]),
        (Combine(), ["The score is the mean of the sheets that count."]),
        (
            Combine(weights=(("chair", Fraction(2)),)),
            ["The score is the mean of the sheets that count. Sheets have weights by role: chair 2."],
        ),
        (Round(places=2), ["It is rounded half up to 2 decimals."]),
        (
            PublicVote(maximum=2000),
            ["The public adds up to 20 points: 20 × votes ÷ highest votes, to 1 decimals."],
        ),
        (
            PublicVote(maximum=5000, every=10),
            ["The public adds 1 points for every 10 votes, up to 50."],
        ),
    ],
)
def test_each_step_is_told(step, words):
    assert list(map(str, rubric_words.step_words(step))) == words


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (Minimum(at_least=7000), ["The score must be at least 70."]),
        (Minimum(of="g", at_least=2000), ["The mean of “Nhóm” must be at least 20."]),
        (Minimum(of="gone", at_least=2000), ["The mean of “gone” must be at least 20."]),
        (
            Minimum(at_least=8000, by_category=(("worker", 6000), ("boss", 9000))),
            ["The score must be at least 80. For some authors it differs: Công nhân: 60; boss: 90."],
        ),
        (
            FewLow(share=Fraction(1, 3)),
            ["On no criterion may more than 1/3 of the sheets give 0 points or fewer."],
        ),
        (
            FewLow(share=Fraction(1, 3), of=("a", "gone"), points=200),
            ["On Criterion a, gone not more than 1/3 of the sheets may give 2 points or fewer."],
        ),
        (
            AnyOf(label="Một trong hai", gates=(Minimum(of="a", at_least=100), Minimum(of="b", at_least=200))),
            [
                "“Một trong hai”: one of 2 conditions is enough.",
                "The mean of “Criterion a” must be at least 1.",
                "The mean of “Criterion b” must be at least 2.",
            ],
        ),
    ],
)
def test_each_gate_is_told(gate, words):
    assert list(map(str, rubric_words.gate_words(RUBRIC, gate))) == words


def test_floors_are_told_with_whether_they_decide():
    assert list(map(str, rubric_words.floor_words(RUBRIC))) == [
        "The mean of “Criterion a” must reach its floor of 10.",
        "The floor of “Nhóm”, 20, is told but does not decide.",
    ]


def test_a_criterion_is_told_with_its_maximum_and_floor():
    told = [str(rubric_words.criterion_words(each, "Points")) for each in RUBRIC.criteria]

    assert told == ["Points · at most 100 · floor 10", "Points · at most 50", "Points"]


def test_a_class_is_told_with_its_interval_and_gates():
    best = Class(key="a", label="A", at_least=8000, gates=(Minimum(of="g", at_least=2000),))
    worst = Class(key="z", label="Z", at_least=0, below=8000, passes=False)

    assert list(map(str, rubric_words.class_words(RUBRIC, best))) == [
        "“A” from 80 points.",
        "The mean of “Nhóm” must be at least 20.",
    ]
    assert list(map(str, rubric_words.class_words(RUBRIC, worst))) == [
        "“Z” from 0 to below 80 points. This is no success."
    ]


@pytest.mark.parametrize(
    ("tie", "words"),
    [
        (HigherMean(of="a"), "Of equal scores the higher mean of “Criterion a” goes first."),
        (HigherMean(of="gone"), "Of equal scores the higher mean of “gone” goes first."),
        (HigherSheet(), "Of equal scores the higher sheet of the role “chair” goes first."),
        (EarlierDate(), "Of equal scores the dossier handed in earlier goes first."),
        (CouncilVote(), "Of equal scores more votes of the council go first."),
        (Lot(seed="2026"), "Of equal scores the lot decides, drawn from the seed “2026”."),
    ],
)
def test_each_tie_break_is_told(tie, words):
    assert str(rubric_words.tie_words(RUBRIC, tie)) == words


DOCUMENT = rubric_document.as_document(RUBRIC)


def test_a_part_is_found_put_moved_and_taken_out_without_touching_the_document():
    before = rubric_document.canonical_bytes(DOCUMENT)
    group = {**DOCUMENT["groups"][0], "key": "h"}

    assert rubric_parts.part(DOCUMENT, "criteria.1")["key"] == "b"
    assert [each["key"] for each in rubric_parts.put(DOCUMENT, "groups", group)["groups"]] == ["g", "h"]
    assert rubric_parts.put(DOCUMENT, "groups.0", group)["groups"] == [group]
    assert [each["key"] for each in rubric_parts.take_out(DOCUMENT, "criteria.0")["criteria"]] == ["b", "c"]
    assert [each["key"] for each in rubric_parts.move(DOCUMENT, "criteria.2", -1)["criteria"]] == ["a", "c", "b"]
    assert [each["key"] for each in rubric_parts.move(DOCUMENT, "criteria.0", 1)["criteria"]] == ["b", "a", "c"]
    for place, by in (("criteria.0", -1), ("criteria.2", 1)):
        assert rubric_parts.move(DOCUMENT, place, by) == DOCUMENT
    assert rubric_document.canonical_bytes(DOCUMENT) == before


@pytest.mark.parametrize(
    ("before", "added", "after"),
    [
        (["least-sheets", "combine", "round"], "deviation", ["deviation", "least-sheets", "combine", "round"]),
        (["spread", "combine"], "clamp", ["spread", "clamp", "combine"]),
        (["combine"], "round", ["combine", "round"]),
        (["least-sheets"], "combine", ["least-sheets", "combine"]),
        ([], "spread", ["spread"]),
        (["combine", "public-vote"], "set-aside", ["set-aside", "combine", "public-vote"]),
    ],
)
def test_a_step_is_added_where_it_can_act(before, added, after):
    document = {"steps": [{"kind": kind} for kind in before]}

    assert [step["kind"] for step in rubric_parts.put(document, "steps", {"kind": added})["steps"]] == after


def test_a_list_that_came_later_is_empty_in_an_older_document_and_can_be_added_to():
    older = {name: value for name, value in DOCUMENT.items() if name != "caps"}

    assert rubric_parts.part(older, "caps") == []
    assert rubric_parts.put(older, "caps", {"most": "1"})["caps"] == [{"most": "1"}]
    assert "caps" not in older


@pytest.mark.parametrize("place", ["criteria.3", "title", "criteria.x", "criteria.0.gates", "steps.0.gates.0", ""])
def test_a_place_that_is_not_there_is_refused(place):
    with pytest.raises(rubric_parts.NoSuchPart):
        rubric_parts.part(DOCUMENT, place)


def test_a_whole_list_cannot_be_taken_out_and_an_unknown_list_holds_nothing():
    with pytest.raises(rubric_parts.NoSuchPart):
        rubric_parts.take_out(DOCUMENT, "criteria")
    for place in ("title", ""):
        with pytest.raises(rubric_parts.NoSuchPart):
            rubric_parts.kinds(place)
    assert list(rubric_parts.kinds("classes.0.gates")) == ["minimum", "few-low", "any-of"]
    assert list(rubric_parts.kinds("classes")) == [""]


@pytest.mark.parametrize(
    ("label", "taken", "key"),
    [
        ("Tính mới, tính sáng tạo", set(), "tinh-moi-tinh-sang-tao"),
        ("Đổi mới", {"doi-moi", "doi-moi-2"}, "doi-moi-3"),
        ("???", set(), "x"),
        ("total", set(), "total-2"),
        ("Đóng góp kinh tế xã hội giáo dục an ninh quốc phòng", set(), "dong-gop-kinh-te-xa-hoi-giao-duc"),
    ],
)
def test_a_key_is_made_of_the_words(label, taken, key):
    assert rubric_parts.new_key(label, taken) == key


def test_all_keys_in_use_are_known():
    assert rubric_parts.keys(DOCUMENT) == {"a", "b", "c", "g", "worker"}


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        (Cap(most=3), "At most 3 of the round succeed."),
        (Cap(most=2, per=Per.FIELD_AND_UNIT), "At most 2 of each unit in each field succeed."),
        (Cap(most=1, per=Per.FIELD, classes=("a", "gone")), "At most 1 of each field get “Giải nhất, gone”."),
        (Cap(most=1, per=Per.UNIT, classes=("a",)), "At most 1 of each unit get “Giải nhất”."),
    ],
)
def test_each_cap_is_told(cap, words):
    rubric = a_rubric(classes=(Class(key="a", label="Giải nhất", at_least=0),))

    assert str(rubric_words.cap_words(rubric, cap)) == words
