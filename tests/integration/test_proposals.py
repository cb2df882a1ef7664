"""A proposal from the first press to the mails, and back."""

import pytest
from sqlalchemy import func, select

from evaluator.assignment import judges
from evaluator.assignment import queries as assignments
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment, ProposalDossier, ProposalPair, ProposalState, Purpose
from evaluator.assignment.preparing import service as preparing
from evaluator.assignment.preparing.service import Pairing
from evaluator.assignment.proposals import doing, queries
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.effects import effect
from evaluator.assignment.proposals.finding import Wishes
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.initiatives.models import Initiative
from evaluator.notices.models import Notice
from evaluator.people.models import Account
from evaluator.rules.assigning import Tie
from evaluator.rules.calendar import Phase
from evaluator.rules.conflicts import Kind, Weight
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import a_round, a_unit, actor_of, an_account, an_initiative
from tests.factories_assignment import a_reviewer, a_statement, accepted, an_assignment, some_rules


@pytest.fixture
def in_round(app):
    return a_round(phase=Phase.REVIEW, reviews_per_initiative=2)


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


def pairs_of(proposal):
    rows = db.session.execute(
        select(ProposalPair.initiative_id, ProposalPair.reviewer_id).where(ProposalPair.proposal_id == proposal.id)
    )
    return {tuple(row) for row in rows}


def propose(in_round, secretary, clock, **wishes):
    with transaction():
        return proposals.propose(in_round, Wishes(**wishes), by=secretary, now=clock.now())


def test_a_proposal_gives_every_dossier_its_reviewers_within_the_loads(in_round, secretary, clock):
    dossiers = accepted(6, in_round=in_round)
    reviewers = [a_reviewer() for _ in range(4)]
    proposal = propose(in_round, secretary, clock, most=3)
    pairs = pairs_of(proposal)
    assert sorted(dossier for dossier, _ in pairs) == sorted(2 * [each.id for each in dossiers])
    assert sorted(reviewer for _, reviewer in pairs) == sorted(3 * [each.id for each in reviewers])
    assert proposal.gap == "0"


def test_a_proposal_prefers_the_own_field_and_says_so(in_round, secretary, clock):
    in_field = a_reviewer(fields=("Y tế",)), a_reviewer(fields=("Y tế",))
    for _ in range(3):
        a_reviewer(fields=("Giáo dục",))
    (dossier,) = accepted(1, in_round=in_round, field="Y tế")
    proposal = propose(in_round, secretary, clock)
    rows = queries.pairs_of(proposal, [dossier.id])[dossier.id]
    assert {row.reviewer_id for row in rows} == {each.id for each in in_field}
    assert str(rows[0].reasons[0]) == "The field “Y tế” is the reviewer's own."


def test_a_proposal_never_pairs_an_author_a_colleague_or_somebody_who_declared(in_round, secretary, clock):
    dossiers = accepted(2, in_round=in_round)
    colleague = a_reviewer(unit=dossiers[0].unit)
    author = a_reviewer()
    dossiers[1].owner_id = author.id
    db.session.commit()
    free = [a_reviewer(), a_reviewer()]
    proposal = propose(in_round, secretary, clock)
    pairs = pairs_of(proposal)
    assert (dossiers[0].id, colleague.id) not in pairs
    assert (dossiers[1].id, author.id) not in pairs
    assert len(pairs) == 4
    assert len(free) == 2


def test_the_smallest_reason_is_told_when_nothing_is_possible(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    a_reviewer(unit=dossier.unit)
    remaining = a_reviewer()
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock)
    sentence = refused.value.fields["reviews"][0]
    assert sentence.values == {"code": dossier.code, "needed": 2, "names": remaining.name}


def test_too_little_room_is_told_with_what_would_help(in_round, secretary, clock):
    accepted(5, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock, most=3)
    sentence = refused.value.fields["most"][0]
    assert sentence.values == {
        "needed": 10,
        "people": 3,
        "room": 9,
        "then": 4,
        "most": 3,
        "reviewers": 1,
    }


def test_the_same_seed_gives_the_same_proposal(in_round, secretary, clock):
    accepted(5, in_round=in_round)
    for _ in range(6):
        a_reviewer()
    first = pairs_of(propose(in_round, secretary, clock, seed=7))
    second = pairs_of(propose(in_round, secretary, clock, seed=7))
    assert first == second


def test_announcing_gives_the_dossiers_and_tells_each_reviewer_once(in_round, secretary, clock):
    dossiers = accepted(3, in_round=in_round)
    reviewers = [a_reviewer() for _ in range(3)]
    proposal = propose(in_round, secretary, clock)
    with transaction():
        number = proposals.announce(proposal, by=secretary, now=clock.now())
    assert number == 6
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 6
    assert {each.state for each in db.session.scalars(select(Initiative))} == {InitiativeState.IN_REVIEW}
    told = db.session.scalars(select(Notice.account_id).where(Notice.template == "review-assigned")).all()
    assert sorted(told) == sorted(each.id for each in reviewers)
    assert proposal.state is ProposalState.ANNOUNCED
    assert len(dossiers) == 3


def test_announcing_is_refused_to_a_reviewer(in_round, secretary, clock):
    accepted(1, in_round=in_round)
    reviewer = a_reviewer()
    a_reviewer()
    proposal = propose(in_round, secretary, clock)
    with pytest.raises(Forbidden), transaction():
        proposals.announce(proposal, by=actor_of(reviewer), now=clock.now())


def test_announcing_twice_is_refused(in_round, secretary, clock):
    accepted(1, in_round=in_round)
    a_reviewer(), a_reviewer()
    proposal = propose(in_round, secretary, clock)
    with transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())


def test_announcing_is_refused_when_a_conflict_came_up_since(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    moved = a_reviewer()
    a_reviewer()
    proposal = propose(in_round, secretary, clock)
    moved.unit_id = dossier.unit_id
    db.session.commit()
    with pytest.raises(Invalid) as refused, transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    assert refused.value.sentence.values == {"name": moved.name, "code": dossier.code, "count": 1}


def test_a_change_is_seen_before_it_is_made_and_undone_as_one(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    proposal = propose(in_round, secretary, clock)
    before = pairs_of(proposal)
    out = next(reviewer for _, reviewer in before)
    everybody = {each.id for each in judges.available_reviewers()}
    (fresh,) = everybody - {reviewer for _, reviewer in before}
    change = {"added": [(dossier.id, fresh)], "removed": [(dossier.id, out)]}

    outcome = effect(proposal, **change, actor=secretary)
    assert [(line.is_added, line.load_before, line.load_after) for line in outcome.lines] == [
        (False, 1, 0),
        (True, 0, 1),
    ]
    assert pairs_of(proposal) == before

    with transaction():
        proposals.change(proposal, **change, by=secretary, now=clock.now())
    assert pairs_of(proposal) == before - {(dossier.id, out)} | {(dossier.id, fresh)}

    with transaction():
        proposals.undo(proposal, by=secretary, now=clock.now())
    assert pairs_of(proposal) == before


def test_a_barred_reviewer_cannot_be_put_in_by_hand(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    a_reviewer(), a_reviewer()
    colleague = a_reviewer(unit=dossier.unit)
    proposal = propose(in_round, secretary, clock)
    with pytest.raises(Invalid), transaction():
        proposals.change(proposal, added=[(dossier.id, colleague.id)], removed=[], by=secretary, now=clock.now())


def test_a_refill_leaves_everybody_elses_work_where_it_is(in_round, secretary, clock):
    dossiers = accepted(4, in_round=in_round)
    leaving, staying = a_reviewer(), a_reviewer()
    for dossier in dossiers:
        an_assignment(dossier, leaving)
        an_assignment(dossier, staying)
    spare = a_reviewer()
    with transaction():
        assignment.release(leaving, in_round, by=secretary, now=clock.now())
        leaving.deactivated_at = clock.now()
    proposal = propose(in_round, secretary, clock, most=4)
    assert proposal.purpose is Purpose.REFILL
    assert pairs_of(proposal) == {(dossier.id, spare.id) for dossier in dossiers}


def test_an_announced_proposal_is_taken_back_until_somebody_may_have_read(in_round, secretary, clock):
    accepted(2, in_round=in_round)
    readers = [a_reviewer() for _ in range(2)]
    proposal = propose(in_round, secretary, clock)
    with transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    with transaction():
        proposals.recall(proposal, by=secretary, now=clock.now())
    assert proposal.state is ProposalState.DRAFT
    assert actor_of(readers[0]).assigned == frozenset()

    with transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    a_statement(readers[0], in_round)
    with pytest.raises(Conflict), transaction():
        proposals.recall(proposal, by=secretary, now=clock.now())


def test_the_list_shows_the_weakest_first_and_not_ones_own_dossiers(in_round, clock):
    secretary = an_account(Role.SECRETARY)
    strong, weak, own = (accepted(1, in_round=in_round, field=field)[0] for field in ("Y tế", "Giáo dục", "Y tế"))
    own.owner_id = secretary.id
    db.session.commit()
    for _ in range(2):
        a_reviewer(fields=("Y tế",))
    proposal = propose(in_round, actor_of(secretary), clock)
    page = queries.listed(proposal, actor=actor_of(secretary))
    assert [row.code for row in page.rows] == [weak.code, strong.code]


def test_a_proposal_that_counts_wrong_is_found_by_the_invariant(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    a_reviewer(), a_reviewer()
    proposal = propose(in_round, secretary, clock)
    assert assignments.miscounted() == []
    row = queries.dossier(proposal, dossier.code, actor=secretary)
    row.given = 1
    db.session.commit()
    assert assignments.miscounted() == [dossier.code, proposal.code]
    row.given = 2
    db.session.commit()


def test_the_stronger_lot_never_gives_a_pair_for_certain(in_round, secretary, clock):
    accepted(3, in_round=in_round)
    for _ in range(5):
        a_reviewer()
    seen = [pairs_of(propose(in_round, secretary, clock, seed=seed, share_percent=50)) for seed in range(6)]
    assert all(len(pairs) == 6 for pairs in seen)
    assert len({frozenset(pairs) for pairs in seen}) > 1


def test_a_unit_above_is_avoided_but_not_barred(in_round, secretary, clock):
    parent = a_unit()
    (dossier,) = accepted(1, in_round=in_round, unit=a_unit(parent=parent))
    above = a_reviewer(unit=parent)
    free = a_reviewer()
    proposal = propose(in_round, secretary, clock)
    assert pairs_of(proposal) == {(dossier.id, above.id), (dossier.id, free.id)}
    rows = {row.reviewer_id: row for row in queries.pairs_of(proposal, [dossier.id])[dossier.id]}
    assert str(rows[above.id].reasons[-1]) == "Note: the reviewer works in the unit directly above or below."

    third = a_reviewer()
    proposal = propose(in_round, secretary, clock)
    assert pairs_of(proposal) == {(dossier.id, free.id), (dossier.id, third.id)}


def test_a_round_may_let_colleagues_judge(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    colleague, other = a_reviewer(unit=dossier.unit), a_reviewer()
    some_rules(in_round, reading={Kind.SAME_UNIT: Weight.OFF})
    proposal = propose(in_round, secretary, clock)
    assert pairs_of(proposal) == {(dossier.id, colleague.id), (dossier.id, other.id)}
    with transaction():
        assert proposals.announce(proposal, by=secretary, now=clock.now()) == 2


def test_who_judged_the_like_before_is_preferred(in_round, secretary, clock):
    before = a_round(phase=Phase.PUBLICATION)
    old = an_initiative(in_round=before, state=InitiativeState.REVIEWED, title="Máy gieo hạt ngô trên đất dốc")
    seasoned = a_reviewer(fields=())
    an_assignment(old, seasoned)
    for _ in range(4):
        a_reviewer(fields=())
    accepted(3, in_round=in_round, title="Cải tiến bếp đun", problem="Khói", solution="Ống")
    (dossier,) = accepted(1, in_round=in_round, title="Máy gieo hạt ngô cầm tay", field="")
    proposal = propose(in_round, secretary, clock)
    first = queries.pairs_of(proposal, [dossier.id])[dossier.id][0]
    assert (first.reviewer_id, str(first.reasons[0])) == (seasoned.id, "Words in common: máy gieo hạt ngô.")


def test_the_totals_of_a_proposal_follow_every_change(in_round, secretary, clock):
    one, other = accepted(2, in_round=in_round)
    for _ in range(4):
        a_reviewer()
    proposal = propose(in_round, secretary, clock, most=2)

    def check():
        db.session.expire_all()
        assert assignments.miscounted() == []
        assert queries.proposed_loads(proposal) == queries.counted_loads(proposal)
        rows = db.session.execute(
            select(func.count(), func.sum(ProposalDossier.mean)).where(ProposalDossier.proposal_id == proposal.id)
        ).one()
        assert (proposal.dossiers, proposal.means) == tuple(rows)

    check()
    (_id, out), (_other, away) = sorted(pairs_of(proposal))[:2]
    with transaction():
        proposals.change(proposal, added=[], removed=[(one.id, out), (one.id, away)], by=secretary, now=clock.now())
    check()
    assert queries.figures(proposal).lacking == 2
    with transaction():
        proposals.undo(proposal, by=secretary, now=clock.now())
    check()
    (reader,) = [reviewer for dossier, reviewer in sorted(pairs_of(proposal)) if dossier == other.id][:1]
    with transaction():
        assignment.record_conflict(other, db.session.get_one(Account, reader), note="", by=secretary, now=clock.now())
    check()


def settle(in_round, secretary, clock, *pairings):
    with transaction():
        preparing.settle(in_round, pairings, by=secretary, now=clock.now())


def test_what_is_settled_is_kept_explained_and_not_changed_by_hand(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    stranger, never = a_reviewer(fields=()), a_reviewer(fields=(dossier.field,))
    for _ in range(3):
        a_reviewer(fields=(dossier.field,))
    settle(
        in_round,
        secretary,
        clock,
        Pairing(Tie.MUST, stranger, initiative=dossier),
        Pairing(Tie.NEVER, never, initiative=dossier),
    )
    proposal = propose(in_round, secretary, clock)
    rows = {row.reviewer_id: row for row in queries.pairs_of(proposal, [dossier.id])[dossier.id]}
    assert len(rows) == 2
    assert str(rows[stranger.id].reasons[0]) == "Settled beforehand by the secretary."
    assert never.id not in rows
    for change, told in (
        ({"added": [(dossier.id, never.id)], "removed": []}, "must not read it: settled beforehand"),
        ({"added": [], "removed": [(dossier.id, stranger.id)]}, "must read it: settled beforehand"),
    ):
        assert [str(line.problem) for line in effect(proposal, **change, actor=secretary).lines] == [told]


def test_a_must_for_whoever_has_a_conflict_by_now_is_named(in_round, secretary, clock):
    (dossier,) = accepted(1, in_round=in_round)
    near = a_reviewer()
    a_reviewer(), a_reviewer()
    settle(in_round, secretary, clock, Pairing(Tie.MUST, near, initiative=dossier))
    near.unit_id = dossier.unit_id
    db.session.commit()
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock)
    assert refused.value.sentence.values == {"name": near.name, "code": dossier.code}


def test_two_who_are_kept_apart_never_read_the_same(in_round, secretary, clock):
    dossiers = accepted(2, in_round=in_round)
    one, other, third = (a_reviewer(fields=(dossiers[0].field,)) for _ in range(3))
    settle(in_round, secretary, clock, Pairing(Tie.APART, one, other=other))
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock, most=1)
    assert "most" in refused.value.fields  # room is short before anybody is kept apart
    proposal = propose(in_round, secretary, clock, most=2)
    assert all(third.id in {pair[1] for pair in pairs_of(proposal) if pair[0] == each.id} for each in dossiers)
    meeting = next(pair for pair in pairs_of(proposal) if pair[1] == one.id)
    line = effect(proposal, added=[(meeting[0], other.id)], removed=[], actor=secretary).lines[0]
    assert str(line.problem) == "may not read the same dossier as another of its readers"
    row = db.session.scalars(
        select(ProposalDossier).where(
            ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id == meeting[0]
        )
    ).one()
    for leaving, bar in ((None, str(line.problem)), (one.id, "None")):
        offered = {each.reviewer.id: each for each in queries.candidates(proposal, row, instead_of=leaving)}
        assert str(offered[other.id].bar) == bar
    with transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    given = db.session.scalars(select(Assignment).where(Assignment.initiative_id == meeting[0])).all()
    beside = next(each for each in given if each.reviewer_id != one.id)
    with pytest.raises(Invalid) as refused, transaction():
        assignment.replace(beside, other, by=secretary, now=clock.now())
    assert str(refused.value.fields["reviewer"][0]).endswith("may not read the same dossier as another of its readers.")


def test_what_cannot_be_kept_apart_says_so(in_round, secretary, clock):
    accepted(1, in_round=in_round)
    unit = a_unit()
    a_reviewer(unit=unit), a_reviewer(unit=unit)
    some_rules(in_round, is_cross_unit=True)
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock)
    assert "kept apart" in str(refused.value.fields["reviews"][0])


def test_two_of_one_unit_do_not_share_a_dossier_where_the_round_says_so(in_round, secretary, clock):
    dossiers = accepted(3, in_round=in_round)
    first, second = a_unit(), a_unit()
    people = [a_reviewer(unit=unit, fields=(dossiers[0].field,)) for unit in (first, first, second, second)]
    some_rules(in_round, is_cross_unit=True)
    proposal = propose(in_round, secretary, clock)
    unit_of = {each.id: each.unit_id for each in people}
    for dossier in dossiers:
        assert {unit_of[pair[1]] for pair in pairs_of(proposal) if pair[0] == dossier.id} == {first.id, second.id}
    with transaction():
        assert proposals.announce(proposal, by=secretary, now=clock.now()) == 6


def test_every_dossier_has_somebody_of_its_field_where_the_round_says_so(in_round, secretary, clock):
    some_rules(in_round, needs_expert=True)
    (dossier,) = accepted(1, in_round=in_round, field="Y tế")
    for _ in range(3):
        a_reviewer(fields=("Giáo dục",), keywords=dossier.title)
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock)
    told = refused.value.fields["reviews"][0]
    assert told.values == {"fields": "Y tế", "code": dossier.code}
    assert "Nobody of the field" in str(told)

    doctor = a_reviewer(fields=("Y tế",))
    proposal = propose(in_round, secretary, clock)
    assert doctor.id in {reviewer for _dossier, reviewer in pairs_of(proposal)}
    other = next(reviewer for _d, reviewer in pairs_of(proposal) if reviewer != doctor.id)
    fresh = next(each.id for each in judges.available_reviewers() if each.id not in {doctor.id, other})
    with transaction():
        proposals.change(
            proposal,
            added=[(dossier.id, fresh)],
            removed=[(dossier.id, doctor.id)],
            by=secretary,
            now=clock.now(),
        )
    with pytest.raises(Invalid) as refused, transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())
    assert refused.value.sentence.values == {"codes": dossier.code}


def test_too_few_of_a_field_are_told_with_the_load_that_works(in_round, secretary, clock):
    some_rules(in_round, needs_expert=True)
    accepted(5, in_round=in_round, field="Y tế")
    doctor = a_reviewer(fields=("Y tế",))
    for _ in range(4):
        a_reviewer(fields=("Giáo dục",))
    with pytest.raises(Invalid) as refused:
        propose(in_round, secretary, clock, most=3)
    told = refused.value.fields["most"][0]
    assert (told.values["people"], told.values["names"], told.values["fields"]) == (1, doctor.name, "Y tế")
    assert (told.values["most"], told.values["then"], told.values["reviewers"]) == (3, 5, 1)
    assert propose(in_round, secretary, clock, most=5).gap == "0"


def test_a_large_announcement_is_long_work_done_as_one(in_round, secretary, clock):
    accepted(3, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    propose(in_round, secretary, clock)
    told = []
    result = doing.announce(
        {"round": in_round.code}, by=secretary, clock=clock, progress=lambda *what: told.append(what)
    )
    assert result == {"url": f"/rounds/{in_round.code}/assignment", "pairs": 6}
    assert len(told) == 1
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 6
