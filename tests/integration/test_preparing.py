"""What is settled before a proposal: rules of the round, pairs, and who remains to judge."""

import pytest

from evaluator.assignment import judges, standards, ties
from evaluator.assignment.preparing import exchange, queries
from evaluator.assignment.preparing import service as preparing
from evaluator.assignment.preparing.service import Pairing
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.initiatives import precheck
from evaluator.rules.assigning import Tie
from evaluator.rules.calendar import Phase
from evaluator.rules.conflicts import Kind, Weight
from evaluator.rules.roles import Role
from tests.factories import START, a_round, a_unit, actor_of, an_account
from tests.factories_assignment import a_reviewer, accepted, some_rules


@pytest.fixture
def in_round(app):
    return a_round(phase=Phase.REVIEW, reviews_per_initiative=2)


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


def kinds_between(reviewer, dossier):
    people = [each for each in judges.available_reviewers() if each.id == reviewer.id]
    found = judges.findings(people, [dossier.id], standards.of(dossier.round_id))
    return [(each.kind, each.weight) for each in found.get((reviewer.id, dossier.id), [])]


# --- conflicts from what the dossier and the round say ----------------------------------------


@pytest.mark.parametrize(("column", "kind"), [("advised_by", Kind.ADVISER), ("nominated_by", Kind.NOMINATOR)])
def test_whom_the_dossier_names_does_not_judge_it(in_round, column, kind):
    reviewer = a_reviewer(name="Phạm Thị Hướng")
    by_name, by_address, other = accepted(3, in_round=in_round)
    setattr(by_name, column, "TS. Phạm Thị Hướng, Sở Y tế\nÔng Lê Khác")
    setattr(by_address, column, f"Cô Hướng <{reviewer.email.upper()}>")
    setattr(other, column, "Phạm Thị Hương")
    db.session.commit()
    assert kinds_between(reviewer, by_name) == [(kind, Weight.BAR)]
    assert kinds_between(reviewer, by_address) == [(kind, Weight.BAR)]
    # Another name without its mark is the same person as far as a list can tell: the secretary may make it a warning.
    assert kinds_between(reviewer, other) == [(kind, Weight.BAR)]


def test_a_round_decides_whether_a_rule_bars_warns_or_is_off(in_round):
    colleague_of = accepted(1, in_round=in_round)[0]
    reviewer = a_reviewer(unit=colleague_of.unit)
    assert kinds_between(reviewer, colleague_of) == [(Kind.SAME_UNIT, Weight.BAR)]
    rules = some_rules(in_round, reading={Kind.SAME_UNIT: Weight.WARN})
    assert kinds_between(reviewer, colleague_of) == [(Kind.SAME_UNIT, Weight.WARN)]
    rules.reading = {"same-unit": "off", "author": "off"}
    db.session.commit()
    assert kinds_between(reviewer, colleague_of) == []
    colleague_of.owner_id = reviewer.id
    db.session.commit()
    assert kinds_between(reviewer, colleague_of) == [(Kind.AUTHOR, Weight.BAR)]  # no round may choose otherwise


def test_the_head_of_the_body_neither_reads_nor_sits_where_the_state_paid_for_the_own_work(in_round):
    head = an_account(Role.MEMBER)
    (dossier,) = accepted(1, in_round=in_round)
    dossier.owner_id, dossier.is_state_funded, dossier.submitted_at = head.id, True, START
    db.session.commit()
    assert judges.head_who_may_not_sit(in_round.id, {head.id}, standards.of(in_round.id)) is None
    some_rules(in_round, head_id=head.id)
    asked = standards.of(in_round.id)
    assert judges.head_who_may_not_sit(in_round.id, {head.id}, asked).id == head.id
    assert judges.head_who_may_not_sit(in_round.id, {an_account().id}, asked) is None
    dossier.is_state_funded = False
    db.session.commit()
    assert judges.head_who_may_not_sit(in_round.id, {head.id}, asked) is None


def test_voting_has_weights_of_its_own(in_round):
    (dossier,) = accepted(1, in_round=in_round)
    member = an_account(Role.MEMBER, unit=dossier.unit)
    found = judges.voting_conflicts([member.id], [dossier.id], standards.of(in_round.id))
    assert [each.weight for each in found[member.id, dossier.id]] == [Weight.WARN]
    some_rules(in_round, voting={Kind.SAME_UNIT: Weight.BAR})
    found = judges.voting_conflicts([member.id], [dossier.id], standards.of(in_round.id))
    assert [each.weight for each in found[member.id, dossier.id]] == [Weight.BAR]


# --- the rules of a round ---------------------------------------------------------------------


def test_rules_are_decided_once_and_changed_by_whoever_read_the_newest(in_round, secretary, clock):
    asked = standards.Standards(reading={Kind.SAME_UNIT: Weight.OFF}, voting={}, needs_expert=True)
    with transaction():
        row = preparing.set_rules(in_round, asked, read_version=0, by=secretary, now=clock.now())
    kept = standards.of(in_round.id)
    assert (kept.reading[Kind.SAME_UNIT], kept.reading[Kind.ADVISER]) == (Weight.OFF, Weight.BAR)
    assert kept.needs_expert
    with pytest.raises(Conflict), transaction():
        preparing.set_rules(in_round, asked, read_version=0, by=secretary, now=clock.now())
    with transaction():
        preparing.set_rules(in_round, standards.DEFAULT, read_version=row.version, by=secretary, now=clock.now())
    assert not standards.of(in_round.id).needs_expert


def test_rules_are_not_for_reviewers(in_round, clock):
    with pytest.raises(Forbidden), transaction():
        preparing.set_rules(in_round, standards.DEFAULT, read_version=0, by=actor_of(a_reviewer()), now=clock.now())


def test_wishes_need_both_days_in_order(in_round, secretary, clock):
    for opens, closes in ((START, None), (START, START)):
        asked = standards.Standards(reading={}, voting={}, wishes_open_at=opens, wishes_close_at=closes)
        with pytest.raises(Invalid) as refused, transaction():
            preparing.set_rules(in_round, asked, read_version=0, by=secretary, now=clock.now())
        assert list(refused.value.fields) == ["wishes_close_on"]


# --- settled pairs ----------------------------------------------------------------------------


def test_a_pair_is_settled_once_and_let_go(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    one, other = a_reviewer(), a_reviewer()
    with transaction():
        fixture, _apart = preparing.settle(
            in_round,
            [Pairing(Tie.MUST, one, initiative=dossier), Pairing(Tie.APART, one, other=other)],
            by=secretary,
            now=clock.now(),
        )
    for twice in (Pairing(Tie.NEVER, one, initiative=dossier), Pairing(Tie.APART, other, other=one)):
        with pytest.raises(Invalid), transaction():
            preparing.settle(in_round, [twice], by=secretary, now=clock.now())
    assert len(ties.settled(in_round.id)) == 2
    with transaction():
        preparing.unsettle(fixture, in_round, by=secretary, now=clock.now())
    assert [each.tie for each in ties.settled(in_round.id)] == [Tie.APART]


def test_a_must_for_somebody_who_is_barred_is_refused(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    colleague = a_reviewer(unit=dossier.unit)
    with pytest.raises(Invalid) as refused, transaction():
        preparing.settle(in_round, [Pairing(Tie.MUST, colleague, initiative=dossier)], by=secretary, now=clock.now())
    assert str(refused.value.fields["reviewer"][0]) == (
        f"{colleague.name} must not judge this dossier: works in the same unit."
    )


def test_a_dossier_of_another_round_or_a_person_with_himself_is_refused(in_round, secretary, clock):
    (foreign,) = accepted(1, in_round=a_round(phase=Phase.REVIEW))
    reviewer = a_reviewer()
    for pairing in (
        Pairing(Tie.NEVER, reviewer, initiative=foreign),
        Pairing(Tie.NEVER, reviewer),
        Pairing(Tie.APART, reviewer, other=reviewer),
        Pairing(Tie.APART, reviewer),
    ):
        with pytest.raises(Invalid), transaction():
            preparing.settle(in_round, [pairing], by=secretary, now=clock.now())


def test_a_table_of_pairs_is_read_as_offices_write_it(in_round, secretary):
    (dossier,) = accepted(1, in_round=in_round)
    one, other = a_reviewer(), a_reviewer()
    table = (
        "Người chấm;Quan hệ;Hồ sơ\r\n"
        f"{one.code};Bắt buộc;{dossier.code}\r\n"
        f"{other.email.upper()};không chấm;{dossier.code}\r\n"
        f"{one.code};tách;{other.code}\r\n"
        f";;\r\n"
        f"{one.code};vui vẻ;{dossier.code}\r\n"
        f"ai đó;tách;{one.code}\r\n"
        f"{one.code};tách;không ai\r\n"
        f"{one.code};bắt buộc;HS-LẠ\r\n"
    )
    reading = exchange.read(in_round, exchange.lines(("\ufeff" + table).encode()), actor=secretary)
    assert [(each.tie, each.reviewer.id) for each in reading.pairings] == [
        (Tie.MUST, one.id),
        (Tie.NEVER, other.id),
        (Tie.APART, one.id),
    ]
    assert [each.values["row"] for each in reading.problems] == [5, 6, 7, 8]
    assert exchange.read_written(in_round, exchange.written(reading.pairings), actor=secretary) == reading.pairings


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"", b"A;B;C\n"])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(Invalid):
        exchange.lines(data)


# --- a commune council of five where everybody knows everybody ---------------------------------


@pytest.fixture
def commune(in_round):
    """Five who judge: two of the commune's school, one of its clinic, its chairman, one from outside."""
    school, clinic = a_unit(name="Trường Tiểu học xã"), a_unit(name="Trạm Y tế xã")
    people = [a_reviewer(unit=school), a_reviewer(unit=school), a_reviewer(unit=clinic), a_reviewer(), a_reviewer()]
    (dossier,) = accepted(1, in_round=in_round, unit=school, field="Nông nghiệp")
    return dossier, people


def test_in_a_commune_the_service_says_who_remains(in_round, secretary, commune):
    dossier, people = commune
    (row,) = queries.remaining(in_round, actor=secretary).page.rows
    assert (row.code, row.remain, row.lacking) == (dossier.code, 3, 0)
    assert set(row.names) == {each.name for each in people[2:]}
    assert row.barred == ((Kind.SAME_UNIT, 2),)


def test_where_too_few_remain_an_expert_from_outside_is_asked_for(in_round, secretary, commune):
    dossier, people = commune
    dossier.advised_by = people[2].name
    dossier.nominated_by = people[3].email
    db.session.commit()
    standing = queries.remaining(in_round, actor=secretary)
    (row,) = standing.page.rows
    assert (row.remain, row.lacking, standing.short, standing.wanted) == (1, 1, 1, 1)
    assert queries.short_of_people(in_round, actor=secretary) == 1

    a_reviewer()
    assert queries.remaining(in_round, actor=secretary).short == 0


def test_in_a_large_round_who_remains_is_shown_a_page_at_a_time(in_round, secretary, monkeypatch):
    monkeypatch.setattr(queries, "AT_A_GLANCE", 5)
    dossiers = accepted(4, in_round=in_round)
    a_reviewer(unit=dossiers[3].unit), a_reviewer()
    standing = queries.remaining(in_round, actor=secretary, size=3)
    assert not standing.is_whole
    assert [row.code for row in standing.page.rows] == sorted(each.code for each in dossiers)[:3]
    rest = queries.remaining(in_round, actor=secretary, size=3, mark=standing.page.next)
    assert len(rest.page.rows) == 1
    assert queries.short_of_people(in_round, actor=secretary) is None


def test_whom_the_dossier_names_is_looked_for_before_reviewers_read(in_round):
    (dossier,) = accepted(1, in_round=in_round, problem="Được thầy Lê Văn Hướng gợi ý; anh Trần Nam giới thiệu.")
    assert precheck.in_texts(dossier) == []
    dossier.advised_by, dossier.nominated_by = "TS. Lê Văn Hướng, Sở Y tế", "Trần Nam <nam@example.org>"
    assert {found.text for found in precheck.in_texts(dossier)} >= {"Lê Văn Hướng", "Trần Nam"}
