"""Who learns whose a dossier is, and who marked it: when the round says so, and never by a remark before that."""

import pytest

from evaluator.core.db import db
from evaluator.reviews.models import Scoring
from evaluator.rounds import service as rounds
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.roles import Role
from evaluator.rules.unblinding import CHOICES, USUAL, Moment, Unblinding, has_come
from tests.factories import CANARY, START, a_round, a_unit, an_account, an_initiative, save
from tests.factories_assignment import a_reviewer, a_statement, an_assignment
from tests.world import a_sheet, points_of


def a_marked_dossier(*, remark: str = "Rõ ràng.", state: State = State.SELECTED, **told: Moment):
    """A dossier with one signed sheet in a round that tells what it is said to tell."""
    form = {"form": "circular-18", "version": 1, "unblinding": Unblinding(**told).as_document()}
    in_round = a_round(phase=Phase.PUBLICATION, dossier_form=form)
    author, reviewer = (
        an_account(Role.AUTHOR),
        a_reviewer(name="Hoàng Thị Sen", unit=a_unit(name="Sở Nội vụ Quảng Cát")),
    )
    dossier = an_initiative(in_round=in_round, state=state, owner=author)
    a_statement(reviewer, in_round)
    sheet = a_sheet(an_assignment(dossier, reviewer), points=points_of(in_round, 2), signed=True)
    sheet.remark = remark
    db.session.commit()
    return dossier, author, reviewer


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("is_scored", [False, True])
def test_a_moment_comes_with_the_state_of_the_dossier(state, is_scored):
    decided = state in {State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}

    assert has_come(Moment.DECIDED, state, is_scored=is_scored) == decided
    assert has_come(Moment.SCORED, state, is_scored=is_scored) == (decided or is_scored)
    assert not has_come(Moment.NEVER, state, is_scored=is_scored)


def test_the_first_choice_is_the_most_closed_and_the_usual_one():
    assert {whom: moments[0].value for whom, moments in CHOICES.items()} == USUAL.as_document()
    assert Unblinding.from_document({}) == USUAL
    assert Unblinding.from_document(USUAL.as_document()) == USUAL


def test_what_a_round_tells_is_frozen_with_it(app):
    closed, opened = a_round(), a_round()
    opened.dossier_form = {**opened.dossier_form, "unblinding": Unblinding(reviewers=Moment.DECIDED).as_document()}
    opened.unit_name, opened.legal_grounds = closed.unit_name, closed.legal_grounds

    assert rounds.digest(opened) != opened.digest


def test_an_author_reads_remarks_without_what_gives_the_reviewer_away(client):
    remark = "Hay. Sen, 0912 345 678, Sở Nội vụ Quảng Cát; cô Sen và Hoàng Thị Sen khen, sen@so.example."
    dossier, author, _reviewer = a_marked_dossier(remark=remark)

    page = client.sign_in(author).get(f"/my-results/{dossier.code}")

    assert "Phiếu 1: Hay." in page.text
    assert "khen" in page.text
    for told in ("Hoàng Thị Sen", "cô Sen", "0912 345 678", "Quảng Cát", "sen@so.example"):
        assert told not in page.text


@pytest.mark.parametrize(("moment", "is_told"), [(Moment.NEVER, False), (Moment.DECIDED, True)])
def test_authors_learn_who_reviewed_only_where_the_round_says_so(client, moment, is_told):
    dossier, author, reviewer = a_marked_dossier(authors=moment)

    page = client.sign_in(author).get(f"/my-results/{dossier.code}")

    assert (f"Phiếu 1, {reviewer.name}" in page.text) == is_told


@pytest.mark.parametrize(
    ("moment", "state", "is_told"),
    [(Moment.NEVER, State.SELECTED, False), (Moment.DECIDED, State.REVIEWED, False), (Moment.DECIDED, State.SELECTED, True)],
)  # fmt: skip
def test_reviewers_learn_the_authors_only_where_and_when_the_round_says_so(client, moment, state, is_told):
    dossier, _author, reviewer = a_marked_dossier(reviewers=moment, state=state)

    page = client.sign_in(reviewer, blind=not is_told).get(f"/reviews/{dossier.blind_code}")

    assert page.status == 200
    assert (CANARY in page.text) == is_told


@pytest.mark.parametrize(("moment", "is_told"), [(Moment.DECIDED, False), (Moment.SCORED, True)])
def test_the_council_learns_the_authors_at_the_moment_of_the_round(client, moment, is_told):
    dossier, _author, _reviewer = a_marked_dossier(council=moment, state=State.REVIEWED)
    dossier.title, dossier.blind_title = f"Máy của {CANARY}", "Máy của […]"
    member = an_account(Role.MEMBER)
    save(Scoring(round_id=dossier.round_id, closed_at=START))

    page = client.sign_in(member).get(f"/results/{dossier.round.code}/of/{dossier.code}")

    assert page.status == 200
    assert (CANARY in page.text) == is_told


def test_the_secretary_finds_the_most_closed_choice_and_changes_it_until_the_round_opens(client):
    a = a_round(state=RoundState.DRAFT)
    page = client.sign_in(an_account(Role.SECRETARY)).get(f"/rounds/{a.code}/edit")
    chosen = {whom: page.one("select", name=f"unblind_{whom}") for whom in CHOICES}
    assert {
        whom: next(each.attrs["value"] for each in choice.all("option") if "selected" in each.attrs)
        for whom, choice in chosen.items()
    } == USUAL.as_document()

    client.follow(client.submit(page.form(), page, unblind_authors="decided"))

    db.session.expire_all()
    assert a.unblinding == Unblinding(authors=Moment.DECIDED)
    client.post(f"/rounds/{a.code}/open")
    assert "Tác giả được biết người chấm" in client.get(f"/rounds/{a.code}").text
