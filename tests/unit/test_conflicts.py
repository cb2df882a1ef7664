"""Who may not judge what: each rule at its edge, and the short cut that finds all pairs."""

from dataclasses import dataclass, field, replace

import pytest

from evaluator.rules.conflicts import (
    TABLE,
    USUAL,
    Judge,
    Kind,
    Weight,
    Work,
    among,
    barred_from_the_body,
    between,
    mentioned,
)


@dataclass
class Tree:
    """A province (1) over a district (2) over a school (3); a commune (4) that went up into the district."""

    parents: dict = field(default_factory=lambda: {1: None, 2: 1, 3: 2, 4: 1})
    successors: dict = field(default_factory=lambda: {4: 2})

    def heir(self, unit_id):
        while unit_id in self.successors:
            unit_id = self.successors[unit_id]
        return unit_id


TREE = Tree()
JUDGE = Judge(7, name="tran thi cham", email="cham@example.org", unit_id=3)
WORK = Work(40, people=frozenset({8}), units=frozenset({1}))


def kinds(judge, work, weights=USUAL):
    return [(found.kind, found.weight) for found in between(judge, work, TREE, weights)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("", set()),
        ("Lê Văn Hùng", {"le van hung"}),
        ("PGS.TS. Lê Văn Hùng, Trường Đại học Hồng Đức", {"le van hung"}),
        ("ThS Nguyễn Thị Bình (Sở Y tế)\nĐ/c Lê Hai", {"nguyen thi binh", "le hai"}),
        ("TS. Vũ Ba - Sở Công Thương; Ông Bùi Tư", {"vu ba", "bui tu"}),
        ("Phạm Năm <Nam@Example.org>", {"pham nam", "nam@example.org"}),
        ("sau@example.org", {"sau@example.org"}),
        ("Bà Bà Triệu", {"trieu"}),
        ("Cao Bá Quát", {"cao ba quat"}),
        ("  \n ;; ", set()),
    ],
)
def test_people_are_read_from_lines_as_offices_write_them(text, people):
    assert mentioned(text) == people


def test_another_person_of_the_line_is_no_conflict():
    assert kinds(JUDGE, replace(WORK, advisers=mentioned("Trần Thị Chấm Em"))) == []


def test_strangers_have_no_conflict():
    assert kinds(JUDGE, WORK) == []


@pytest.mark.parametrize(
    ("judge", "work", "kind"),
    [
        (JUDGE, replace(WORK, people=frozenset({7})), Kind.AUTHOR),
        (JUDGE, replace(WORK, emails=frozenset({"cham@example.org"})), Kind.AUTHOR),
        (JUDGE, replace(WORK, nominators=mentioned("Ông Trần Thị Chấm, Phó Chủ tịch")), Kind.NOMINATOR),
        (JUDGE, replace(WORK, advisers=mentioned("Cô Chấm <cham@example.org>")), Kind.ADVISER),
        (
            replace(JUDGE, relatives=frozenset({"le thi man"})),
            replace(WORK, names=frozenset({"le thi man"})),
            Kind.HOUSEHOLD,
        ),
        (replace(JUDGE, declared=frozenset({40})), WORK, Kind.DECLARED),
        (JUDGE, replace(WORK, units=frozenset({3})), Kind.SAME_UNIT),
        (replace(JUDGE, unit_id=2), replace(WORK, units=frozenset({4})), Kind.MERGED_UNIT),
    ],
)
def test_a_near_person_is_barred(judge, work, kind):
    assert (kind, Weight.BAR) in kinds(judge, work)


@pytest.mark.parametrize(("mine", "theirs"), [(3, 2), (2, 3)])
def test_the_unit_directly_above_or_below_is_a_warning(mine, theirs):
    judge, work = replace(JUDGE, unit_id=mine), replace(WORK, units=frozenset({theirs}))
    assert kinds(judge, work) == [(Kind.SUPERIOR_UNIT, Weight.WARN)]


def test_two_levels_up_is_no_conflict():
    assert kinds(replace(JUDGE, unit_id=3), replace(WORK, units=frozenset({1}))) == []


def test_without_a_unit_units_say_nothing():
    judge = replace(JUDGE, unit_id=None)
    assert kinds(judge, replace(WORK, units=frozenset({1, 2, 3, 4}))) == []


def test_a_round_may_turn_a_rule_off_or_make_it_a_warning():
    work = replace(WORK, units=frozenset({3}))
    assert kinds(JUDGE, work, {**USUAL, Kind.SAME_UNIT: Weight.OFF}) == []
    assert kinds(JUDGE, work, {**USUAL, Kind.SAME_UNIT: Weight.WARN}) == [(Kind.SAME_UNIT, Weight.WARN)]


def test_bars_come_before_warnings():
    work = replace(WORK, people=frozenset({7}), units=frozenset({2}))
    assert kinds(JUDGE, work) == [(Kind.AUTHOR, Weight.BAR), (Kind.SUPERIOR_UNIT, Weight.WARN)]


@pytest.mark.parametrize(
    ("heads", "funded", "wrote", "barred"),
    [(True, True, True, True), (True, True, False, False), (True, False, True, False), (False, True, True, False)],
)
def test_a_head_who_wrote_a_state_funded_work_may_not_sit(heads, funded, wrote, barred):
    judge = replace(JUDGE, heads_body=heads)
    work = replace(WORK, state_funded=funded, people=frozenset({7 if wrote else 8}))
    assert barred_from_the_body(judge, [WORK, work], TREE) is barred


def test_the_short_cut_finds_exactly_the_pairs_with_a_conflict():
    judges = [
        Judge(
            person,
            name=f"nguoi {person}",
            email=f"{person}@example.org",
            unit_id=unit,
            relatives=frozenset({f"ten {person}"}),
            declared=frozenset({unit or 0}),
        )
        for person, unit in ((1, 1), (2, 2), (3, 3), (4, 4), (5, None))
    ]
    works = [
        Work(
            number,
            people=frozenset({number % 6}),
            emails=frozenset({f"{number % 4}@example.org"}),
            names=frozenset({f"ten {number % 5}"}),
            units=frozenset({1 + number % 4}),
            nominators=frozenset({f"nguoi {number % 3}"}),
        )
        for number in range(12)
    ]
    found = {(judge.id, work.id): reasons for judge, work, reasons in among(judges, works, TREE)}
    slowly = {
        (judge.id, work.id): between(judge, work, TREE)
        for judge in judges
        for work in works
        if between(judge, work, TREE)
    }
    assert found == slowly
    assert found


def test_every_kind_has_its_rule_and_its_reason():
    assert set(TABLE) == set(Kind)
    assert all(rule.reason for rule in TABLE.values())
