"""The chain says one thing in one way, and every change breaks it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluator.audit.chain import GENESIS, canonical, link
from evaluator.audit.events import Said, shown
from evaluator.rules.roles import Role


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ("Hội đồng", '"Hội đồng"'),
        (Role.CHAIR, '"chair"'),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), '"2026-03-02T09:00:00+00:00"'),
        (date(2026, 3, 2), '"2026-03-02"'),
        (Decimal("8.25"), '"8.25"'),
        (Fraction(2, 3), '"2/3"'),
        ((True, 2), "[true,2]"),
        (frozenset({"b", "a"}), '["a","b"]'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical(value) == text


@pytest.mark.parametrize("value", [0.5, object(), {"points": 8.25}])
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError, match="has no exact form"):
        canonical(value)


def test_the_hash_can_be_recomputed_by_anybody():
    # printf '%064d\n{"id":1}' 0 | sha256sum
    assert link(GENESIS, {"id": 1}) == "cca6fe2b6ac2f23ff34e3d7cd60e9b4462026d1115a08a76d438bb5f901d22ec"


def test_another_past_gives_another_hash():
    assert link(GENESIS, {"id": 1}) != link(link(GENESIS, {"id": 0}), {"id": 1})


def test_facts_are_shown_with_moments_points_and_short_fingerprints_and_nothing_empty():
    facts = {
        "before": "2026-03-02T09:00:00+00:00",
        "reason": "",
        "changes": {"name": ["Cũ", "Mới"]},
        "count": 0,
        "points": {"novelty": 1825, "scale": "big"},
        "digest": "a" * 64,
        "until": "not a moment+00:00",
    }
    assert list(shown(facts)) == [
        ("before", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        ("changes", [Said("Cũ", "name"), Said("Mới", "name")]),
        ("count", [Said("0")]),
        ("points", [Said("18,25", "novelty"), Said("big", "scale")]),
        ("digest", [Said("aaaaaaaaaaaa…")]),
        ("until", [Said("not a moment+00:00")]),
    ]
