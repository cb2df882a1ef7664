"""A conflict bites in the council as well: from what the dossier names, by the weights of the round, and at its founding."""

from datetime import date

import pytest

from evaluator.core.db import db, transaction
from evaluator.core.errors import Invalid
from evaluator.council import recusals
from evaluator.council import service as council
from evaluator.council.models import CouncilRole
from evaluator.council.service import NewMember
from evaluator.rules.calendar import Phase
from evaluator.rules.conflicts import Kind, Weight
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import a_round, actor_of, an_account, an_initiative
from tests.factories_assignment import some_rules
from tests.factories_council import a_session, account_of, an_item

ROLES = (CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)


def found(session, item):
    return [(each.member.id, each.kind, each.is_barred) for each in recusals.found(session, [item])[item.id]]


def test_who_advised_the_authors_does_not_vote_unless_the_round_only_warns(app):
    session = a_session()
    item = an_item(session)
    member = session.council.members[3]
    item.initiative.advised_by = f"TS. {account_of(member).name}, Sở Y tế"
    db.session.commit()
    assert found(session, item) == [(member.id, Kind.ADVISER, True)]
    some_rules(session.council.round, voting={Kind.ADVISER: Weight.WARN})
    assert found(session, item) == [(member.id, Kind.ADVISER, False)]


def test_a_head_who_wrote_what_the_state_paid_for_is_named_no_member(app, clock):
    in_round = a_round(phase=Phase.COUNCIL)
    people = [an_account(Role.MEMBER) for _ in ROLES]
    head = people[2]
    some_rules(in_round, head_id=head.id)
    dossier = an_initiative(in_round=in_round, state=InitiativeState.REVIEWED, owner=head, is_state_funded=True)
    secretary = actor_of(an_account(Role.SECRETARY))

    def name_members():
        members = [
            NewMember(account=account, role=role, job_title="Ủy viên")
            for account, role in zip(people, ROLES, strict=True)
        ]
        with transaction():
            return council.found(
                in_round,
                title="Hội đồng sáng kiến xã",
                decision_number="12/QĐ-UBND",
                decision_date=date(2026, 2, 10),
                members=members,
                by=secretary,
                now=clock.now(),
            )

    with pytest.raises(Invalid) as refused:
        name_members()
    assert refused.value.fields["members"][0].values == {"name": head.name}
    dossier.is_state_funded = False
    db.session.commit()
    assert len(name_members().members) == 3
