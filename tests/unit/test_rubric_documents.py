"""The written form of a rubric: TOML for people, a canonical document for rounds."""

from fractions import Fraction

import pytest

from evaluator.rules import rubric_document
from evaluator.rules.amounts import Rounding
from evaluator.rules.fields import Unreadable, dump
from evaluator.rules.procedure import (
    AnyOf,
    ByCount,
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
    Minimum,
    Per,
    PublicVote,
    Ranking,
    Round,
    SetAside,
    Spread,
    Totalling,
)
from evaluator.rules.rubric import (
    Alternatives,
    Anchor,
    Anchored,
    Band,
    Bands,
    Bonus,
    Category,
    Choice,
    Comment,
    Group,
    Numeric,
    Option,
    Quantity,
    Rubric,
    Stair,
)
from evaluator.rules.toml import toml_text
from tests.rubric_builder import RUBRICS, a_rubric, preset

EVERYTHING = Rubric(
    key="everything",
    title='Tên có "ngoặc kép", \\ và xuống\ndòng\x7f',
    total=Totalling.MEAN,
    groups=(Group(key="g", label="G", floor=100),),
    alternatives=(Alternatives(key="alt", label="Một trong hai"),),
    categories=(Category(key="worker", label="Công nhân"),),
    criteria=(
        Numeric(key="n", label="N", maximum=1000, step=25, evidence=("Ảnh", "Biên bản"), legal="Điều 4"),
        Bonus(key="b", label="B", maximum=500, beyond=True),
        Bands(key="d", label="D", maximum=200, bands=(Band(least=0, most=200, text="Tất cả"),)),
        Anchored(key="s", label="S", anchors=(Anchor(points=100, text="một"), Anchor(points=200, text="hai"))),
        Choice(key="c", label="C", options=(Option(key="x", label="X", points=100, kills=True),)),
        Comment(key="w", label="W", required=False),
        Quantity(key="q", label="Q", unit="giờ", stairs=(Stair(quantity=1, points=100),), one_of="alt", group="g"),
        Quantity(key="v", label="V", unit="đồng", whole=True, every=100, gives=100, ceiling=1000, one_of="alt"),
    ),
    steps=(
        LeastSheets(count=3),
        SetAside(role="chair"),
        Deviation(limit=1500),
        Spread(limit=3000),
        DropExtremes(from_sheets=5),
        ByCount(rules=(CountRule(sheets=3, extremes=Extremes.MERGE),)),
        Clamp(limit=2),
        Combine(weights=(("chair", 2),)),
        Round(places=2, how=Rounding.HALF_EVEN),
        PublicVote(maximum=2000),
    ),
    gates=(
        Minimum(at_least=7000, by_category=(("worker", 6000),)),
        FewLow(share=Fraction(1, 3)),
        AnyOf(label="Một trong", gates=(Minimum(of="n", at_least=100), Minimum(of="s", at_least=100))),
    ),
    classes=(Class(key="a", label="A", at_least=8000, gates=(Minimum(of="g", at_least=100),)),),
    ties=(HigherMean(of="n"), HigherSheet(), EarlierDate(), CouncilVote(), Lot(seed="2026")),
)


def unreadable(text):
    with pytest.raises(Unreadable) as caught:
        rubric_document.from_toml(text)
    assert str(caught.value)
    return [(problem.place, str(problem.problem), str(problem.remedy)) for problem in caught.value.problems]


def test_a_rubric_of_every_kind_comes_back_from_its_document_and_its_toml():
    document = rubric_document.as_document(EVERYTHING)

    assert rubric_document.from_document(document) == EVERYTHING
    assert rubric_document.from_toml(rubric_document.to_toml(EVERYTHING)) == EVERYTHING


@pytest.mark.parametrize("path", sorted(RUBRICS.glob("*.toml")), ids=lambda path: path.stem)
def test_each_preset_comes_back_from_its_document_and_its_toml(path):
    rubric = rubric_document.from_toml(path.read_text(encoding="utf-8"))

    assert rubric_document.from_document(rubric_document.as_document(rubric)) == rubric
    assert rubric_document.from_toml(rubric_document.to_toml(rubric)) == rubric
    assert path.stem == rubric.key


def test_the_canonical_bytes_do_not_depend_on_the_order_of_writing():
    document = rubric_document.as_document(a_rubric())
    turned = dict(reversed(document.items()))

    assert rubric_document.canonical_bytes(turned) == rubric_document.canonical_bytes(document)


def test_the_document_holds_every_field_so_that_later_defaults_change_nothing():
    document = rubric_document.as_document(a_rubric())

    assert document["format"] == 1
    assert document["rules"] == 1
    assert document["criteria"][0] == {
        "kind": "numeric",
        "key": "a",
        "label": "Criterion a",
        "code": "",
        "group": "",
        "one_of": "",
        "guidance": "",
        "evidence": [],
        "legal": "",
        "weight": "1",
        "kills": True,
        "required": True,
        "maximum": "100",
        "minimum": "0",
        "step": "0.01",
    }


def test_toml_for_people_leaves_out_what_is_usual_and_writes_numbers_bare():
    text = rubric_document.to_toml(preset("r09"))

    assert 'title = "Phiếu chấm sáng kiến kinh nghiệm trường học, thang 20 điểm"' in text
    assert "maximum = 0.75\nstep = 0.25\n" in text
    assert "weight" not in text


def test_the_digest_is_that_of_the_preset_files_frozen_by_rounds():
    assert rubric_document.digest(preset("r01")) == rubric_document.digest(preset("r01"))
    assert rubric_document.digest(preset("r01")) != rubric_document.digest(preset("r02"))
    assert len(rubric_document.digest(preset("r01"))) == 64


def test_a_newer_format_or_rules_version_is_refused_in_words():
    assert unreadable("format = 2") == [
        ("format", "This format is not known here.", "Write format = 1, or use a newer program.")
    ]
    assert unreadable("rules = 9") == [
        ("rules", "This version of the rules is not known here.", "Use a newer program.")
    ]
    with pytest.raises(Unreadable):
        rubric_document.from_document([])


def test_text_that_is_no_toml_is_told_with_the_line():
    ((place, problem, remedy),) = unreadable("key = ")

    assert place == ""
    assert problem.startswith("The file is not TOML: ")
    assert remedy == "Mend this line first."


def test_every_structural_mistake_is_told_at_once_and_at_its_place():
    found = unreadable(
        """
        title = 5
        capped = "yes"
        maximum = "many"
        total = "product"
        colour = "red"
        groups = "none"
        alternatives = [3]

        [[criteria]]
        kind = "numeric"
        key = "a"
        maximum = 8.255
        weight = nan

        [[criteria]]
        kind = "magic"

        [[criteria]]
        key = "no-kind"

        [[steps]]
        kind = "combine"
        weights = { chair = "many" }

        [[steps]]
        kind = "combine"
        weights = 3

        [[steps]]
        kind = "deviation"
        limit = 15
        of = ["mean"]

        [[steps]]
        kind = "by-count"
        rules = [{ sheets = "3", extremes = "keep" }]

        [[gates]]
        kind = "any-of"
        label = "x"
        gates = [1]
        """
    )

    assert [(place, problem) for place, problem, _remedy in found] == [
        ("colour", "There is no such entry here."),
        ("key", "This entry is missing."),
        ("title", "This cannot be read."),
        ("capped", "This cannot be read."),
        ("maximum", "This cannot be read."),
        ("total", "“product” is not possible here."),
        ("groups", "This cannot be read."),
        ("alternatives[0]", "This cannot be read."),
        ("criteria[0].label", "This entry is missing."),
        ("criteria[0].maximum", "This cannot be read."),
        ("criteria[0].weight", "This cannot be read."),
        ("criteria[1].kind", "“magic” is not possible here."),
        ("criteria[2].kind", "“” is not possible here."),
        ("steps[0].weights.chair", "This cannot be read."),
        ("steps[1].weights", "This cannot be read."),
        ("steps[2].of", "“['mean']” is not possible here."),
        ("steps[3].rules[0].sheets", "This cannot be read."),
        ("gates[0].gates[0]", "This cannot be read."),
    ]
    remedies = {place: remedy for place, _problem, remedy in found}
    assert remedies["total"] == "Write one of: sum, mean."
    assert remedies["criteria[0].maximum"] == "Write a number with at most two decimals."


def test_keys_that_need_quoting_are_quoted_in_toml():
    assert toml_text({"vai trò": 1, "plain": True, "off": False, "list": ["a", 1]}) == (
        '"vai trò" = 1\nplain = true\noff = false\nlist = ["a", 1]\n'
    )


def test_dumping_briefly_leaves_out_defaults_only():
    assert dump(Round(places=2), brief=True) == {"places": 2}
    assert dump(Round(places=2)) == {"places": 2, "how": "half-up"}


def test_what_came_later_is_written_only_where_it_is_used_so_that_old_rounds_keep_their_digest():
    plain = rubric_document.as_document(a_rubric())
    later = a_rubric(ranking=Ranking.PLACEMENT, caps=(Cap(most=2, per=Per.FIELD),))
    document = rubric_document.as_document(later)

    assert {"ranking", "caps"} & plain.keys() == set()
    assert (document["ranking"], document["caps"]) == ("placement", [{"most": 2, "per": "field", "classes": []}])
    assert rubric_document.from_document(document) == later
    assert rubric_document.from_toml(rubric_document.to_toml(later)) == later
