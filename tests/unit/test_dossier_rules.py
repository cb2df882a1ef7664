"""When a dossier may be submitted (Circular 18/2013, Appendix I)."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from evaluator.rules.dossier import DossierFacts, Kind, Percent, problems, problems_of_authors

TODAY = date(2026, 3, 2)


@dataclass
class Author:
    name: str = "Lò Thị Mai"
    share: int | None = 10_000
    birth_date: date | None = None


COMPLETE = DossierFacts(
    title="Tưới nhỏ giọt",
    field="Nông nghiệp",
    kind=Kind.INITIATIVE,
    unit_name="Xã Hà Trung",
    applied_on=date(2025, 9, 1),
    texts={"problem": "a", "solution": "b", "novelty": "c", "benefit_author": "d"},
    authors=[Author()],
)


def test_a_complete_dossier_has_no_problem():
    assert problems(COMPLETE, on=TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " "}, ["title"]),
        ({"field": ""}, ["field"]),
        ({"unit_name": ""}, ["unit_name"]),
        ({"kind": None}, ["kind"]),
        ({"texts": {}}, ["problem", "solution", "novelty", "benefit_author"]),
        ({"authors": []}, ["authors"]),
        ({"applied_on": None}, ["applied_on"]),
        ({"applied_on": date(2026, 3, 3)}, ["applied_on"]),
    ],
)
def test_what_is_missing_is_named_field_by_field(changes, fields):
    assert list(problems(replace(COMPLETE, **changes), on=TODAY)) == fields


def test_the_day_of_first_application_may_be_today():
    assert problems(replace(COMPLETE, applied_on=TODAY), on=TODAY) == {}


def test_an_idea_needs_no_day_of_first_application():
    assert problems(replace(COMPLETE, kind=Kind.IDEA, applied_on=None), on=TODAY) == {}


@pytest.mark.parametrize("shares", [[10_000], [6_000, 4_000], [3_333, 3_333, 3_334]])
def test_shares_that_make_a_hundred_are_right(shares):
    assert problems_of_authors([Author(name=f"A {n}", share=share) for n, share in enumerate(shares)]) == []


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([9_900], "The shares add up to 99%; they must make 100%."),
        ([9_999], "The shares add up to 99,99%; they must make 100%."),
        ([6_000, 4_001], "The shares add up to 100,01%; they must make 100%."),
    ],
)
def test_shares_one_off_are_refused_with_their_sum(shares, said):
    found = problems_of_authors([Author(name=f"A {n}", share=share) for n, share in enumerate(shares)])

    assert [str(each) for each in found] == [said]


def test_authors_without_name_without_share_or_named_twice_are_refused():
    assert [str(each) for each in problems_of_authors([Author(name="")])] == ["Every author needs a name."]
    assert [str(each) for each in problems_of_authors([Author(), Author(name="Vi Son", share=0)])] == [
        "Every author needs a share of more than 0%."
    ]
    assert [
        str(each) for each in problems_of_authors([Author(share=5_000), Author(name="LÒ THỊ MAI", share=5_000)])
    ] == ["One person stands twice among the authors."]


def test_a_father_and_son_of_one_name_are_two_people():
    both = [Author(share=5_000, birth_date=date(1950, 1, 1)), Author(share=5_000, birth_date=date(1980, 1, 1))]

    assert problems_of_authors(both) == []


def test_a_percentage_is_written_with_a_comma():
    assert [str(Percent(each)) for each in (10_000, 3_333, 50, 0)] == ["100%", "33,33%", "0,5%", "0%"]
