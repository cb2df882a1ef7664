"""After the vote: provisional until released, letters drafted and sent in one act, who may see what."""

import pytest
from sqlalchemy import select

from evaluator import jobs
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.council.models import Decision
from evaluator.council.release import doing, queries
from evaluator.council.release import service as releases
from evaluator.council.release.models import Letter
from evaluator.initiatives.models import Initiative
from evaluator.notices.models import Notice
from evaluator.policy import ANYONE, Action, allows
from evaluator.reviews.models import ScoreResult, Scoring
from evaluator.rules.audience import USUAL, Audience, Facet, Opening, Openness, Shown, Since
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import DAY, START, actor_of, an_account
from tests.factories_council import account_of, the_secretary
from tests.factories_papers import a_result_on_paper
from tests.page_client import queries as counted


@pytest.fixture
def council(app):
    return a_result_on_paper()


@pytest.fixture
def secretary(app):
    return the_secretary()


@pytest.fixture
def drafted(council, secretary, clock):
    with transaction():
        return releases.draft(council, by=secretary, now=clock.now())


def send(release, secretary, clock):
    with transaction():
        return releases.release(release, by=secretary, now=clock.now())


def waiting():
    return sorted((each.template, each.address) for each in db.session.scalars(select(Notice)))


def initiatives(council):
    return db.session.scalars(
        select(Initiative).where(Initiative.round_id == council.round_id).order_by(Initiative.id)
    ).all()


# --- letters ------------------------------------------------------------------------------------


def test_a_draft_tells_nobody(drafted):
    assert (waiting(), drafted.is_draft) == ([], True)


def test_every_author_of_each_decided_dossier_gets_a_letter(drafted, council):
    letters = db.session.scalars(select(Letter).where(Letter.release_id == drafted.id)).all()
    expected = {
        (each.id, address)
        for each in initiatives(council)
        for address in (each.owner.email, *(author.email for author in each.authors))
    }
    assert {(letter.initiative_id, letter.address) for letter in letters} == expected


def test_releasing_queues_every_letter_and_declares_the_results_in_one_act(drafted, council, secretary, clock):
    count = send(drafted, secretary, clock)

    letters = db.session.scalars(select(Letter)).all()
    templates = {True: "initiative-selected", False: "initiative-not-selected"}
    assert waiting() == sorted((templates[each.is_selected], each.address) for each in letters)
    assert (count, council.round.released_at) == (len(letters), clock.now())


def test_nothing_is_sent_when_the_transaction_fails(drafted, council, secretary, clock):
    with transaction(keep=False):
        releases.release(drafted, by=secretary, now=clock.now())
    assert (waiting(), council.round.released_at) == ([], None)


def test_a_draft_is_undone_and_drafted_anew(drafted, council, secretary, clock):
    with transaction():
        releases.undo(drafted, by=secretary, now=clock.now())
    assert db.session.scalars(select(Letter)).all() == []
    with transaction():
        again = releases.draft(council, by=secretary, now=clock.now())
    assert again.number == 2


@pytest.mark.parametrize("verb", [releases.release, releases.undo])
def test_what_is_released_is_neither_released_again_nor_undone(drafted, secretary, clock, verb):
    send(drafted, secretary, clock)
    with pytest.raises(Conflict), transaction():
        verb(drafted, by=secretary, now=clock.now())


def test_two_drafts_do_not_wait_side_by_side(drafted, council, secretary, clock):
    with pytest.raises(Conflict), transaction():
        releases.draft(council, by=secretary, now=clock.now())


def test_nobody_is_told_twice(drafted, council, secretary, clock):
    send(drafted, secretary, clock)
    with pytest.raises(Conflict), transaction():
        releases.draft(council, by=secretary, now=clock.now())


def test_letters_wait_for_locked_results(council, secretary, clock):
    db.session.scalars(select(Scoring)).one().closed_at = None
    db.session.commit()
    with pytest.raises(Conflict), transaction():
        releases.draft(council, by=secretary, now=clock.now())


def test_a_draft_that_was_overtaken_is_not_released(drafted, council, secretary, clock):
    first = initiatives(council)[0]
    first.state = State.NOT_SELECTED
    db.session.scalars(select(Decision).where(Decision.initiative_id == first.id)).one().is_selected = False
    db.session.commit()
    with pytest.raises(Conflict):
        send(drafted, secretary, clock)
    assert waiting() == []


def test_results_unlocked_in_the_meantime_are_not_released(drafted, secretary, clock):
    db.session.scalars(select(Scoring)).one().closed_at = None
    db.session.commit()
    with pytest.raises(Conflict):
        send(drafted, secretary, clock)


def test_a_plain_member_does_not_release(drafted, council, clock):
    with pytest.raises(Forbidden):
        releases.release(drafted, by=actor_of(account_of(council.members[-1])), now=clock.now())


# --- provisional --------------------------------------------------------------------------------


def test_authors_learn_nothing_before_the_release_and_their_result_after(drafted, council, secretary, clock, client):
    selected = initiatives(council)[0]
    owner = selected.owner
    assert not allows(actor_of(owner), Action.RESULT_OWN, selected)
    client.sign_in(owner)
    assert "Được công nhận" not in client.get(f"/initiatives/{selected.code}").text
    send(drafted, secretary, clock)

    assert allows(actor_of(owner), Action.RESULT_OWN, selected)
    assert selected.told_state is State.SELECTED


# --- who sees what ------------------------------------------------------------------------------


def released(council, openness=None):
    council.round.released_at = START
    council.round.audience = openness.as_document() if openness else None
    db.session.commit()
    return council.round


def seen(council, actor, clock):
    try:
        return queries.announced(council.round, actor=actor, now=clock.now()).rows
    except NotFound:
        return []


def test_nothing_is_announced_before_the_release(council, clock, client):
    author = actor_of(initiatives(council)[0].owner)
    assert seen(council, author, clock) == []
    assert client.get(f"/announced/{council.code}").status == 404


def test_authors_see_their_own_and_no_other_result(council, clock):
    released(council)
    first = initiatives(council)[0]
    shown = seen(council, actor_of(first.owner), clock)
    assert [(each.code, each.is_selected, each.points, each.rank) for each in shown] == [(first.code, True, 8500, 1)]
    assert shown[0].reasons


def test_a_unit_sees_whether_its_own_were_selected_but_not_their_points(council, clock):
    released(council)
    first = initiatives(council)[0]
    colleague = actor_of(an_account(Role.AUTHOR, unit=first.unit))
    assert [(each.code, each.points, each.rank, each.reasons) for each in seen(council, colleague, clock)] == [
        (first.code, None, None, None)
    ]


def test_the_public_sees_what_the_round_opens_from_the_day_it_says(council, clock, client):
    opened = {**USUAL, Facet.RESULT: Opening(Audience.PUBLIC), Facet.RANK: Opening(Audience.PUBLIC, Since.PUBLICATION)}
    released(council, Openness(opened))
    council.round.publication_at = clock.now() + DAY
    db.session.commit()
    assert [(each.is_selected, each.points, each.rank) for each in seen(council, ANYONE, clock)] == [
        (True, None, None),
        (True, None, None),
    ]  # that others were refused is nobody's business
    clock.move(days=2)
    assert [each.rank for each in seen(council, ANYONE, clock)][:2] == [2, 1]  # by title
    assert client.get(f"/announced/{council.code}").status == 200


@pytest.mark.parametrize(
    ("openings", "viewer"),
    [
        ({Facet.RESULT: Opening(Audience.PUBLIC)}, "anybody"),
        ({Facet.RESULT: Opening(Audience.PUBLIC), Facet.POINTS: Opening(Audience.COUNCIL), Facet.RANK: Opening(Audience.COUNCIL)}, "author"),
        ({}, "unit"),
    ],
)  # fmt: skip
def test_what_is_not_open_changes_nothing_on_the_page(council, client, openings, viewer):
    """Two worlds that differ in points and ranks alone look the same to whoever may not know them."""
    released(council, Openness({**USUAL, **openings}))
    first = initiatives(council)[0]
    people = {"author": first.owner, "unit": an_account(Role.AUTHOR, unit=first.unit)}
    if viewer in people:
        client.sign_in(people[viewer])
    before = client.get(f"/announced/{council.code}").text
    for result in db.session.scalars(select(ScoreResult)):
        result.score, result.rank = "33", 9
    db.session.commit()
    assert client.get(f"/announced/{council.code}").text == before


def test_the_list_and_the_policy_agree_for_everybody(council, clock):
    people = [ANYONE, actor_of(an_account(Role.AUTHOR)), *(actor_of(each.owner) for each in initiatives(council))]
    people.append(actor_of(an_account(Role.AUTHOR, unit=initiatives(council)[0].unit)))
    for audience in Audience:
        wide = {facet: Opening(Audience.COUNCIL) for facet in Facet} | {Facet.RESULT: Opening(audience)}
        a_round = released(council, Openness(wide))
        for actor in people:
            by_policy = {
                each.code
                for each in initiatives(council)
                if allows(
                    actor,
                    Action.ANNOUNCED_RESULT,
                    Shown(each.id, queries.is_selected(each), each.unit_id, a_round.open_to(clock.now())),
                )
            }
            assert {each.code for each in seen(council, actor, clock)} == by_policy


def test_what_people_know_is_not_taken_away_after_the_release(council, secretary, clock):
    released(council)
    narrower = Openness({**USUAL, Facet.POINTS: Opening(Audience.COUNCIL)})
    with pytest.raises(Invalid), transaction():
        releases.open_to(council, narrower, by=secretary, now=clock.now())
    wider = Openness({**USUAL, Facet.RESULT: Opening(Audience.PUBLIC)})
    with transaction():
        releases.open_to(council, wider, by=secretary, now=clock.now())
    assert council.round.openness == wider


@pytest.mark.parametrize(
    "openings",
    [
        {Facet.POINTS: Opening(Audience.PUBLIC)},
        {Facet.RESULT: Opening(Audience.UNITS, Since.PUBLICATION)},
    ],
)
def test_openings_that_contradict_each_other_are_refused(council, secretary, clock, openings):
    with pytest.raises(Invalid), transaction():
        releases.open_to(council, Openness({**USUAL, **openings}), by=secretary, now=clock.now())


def test_an_author_takes_the_own_notice_and_nobody_elses(council, client, clock):
    released(council)
    own, other = initiatives(council)[:2]
    address = f"/announced/{council.code}/notices"
    client.sign_in(own.owner)
    assert client.get(f"{address}/{own.code}.pdf").body.startswith(b"%PDF")
    assert client.get(f"{address}/{other.code}.pdf").status == 404
    council.round.released_at = None
    db.session.commit()
    assert client.get(f"{address}/{own.code}.pdf").status == 404


def test_the_secretary_is_reminded_until_the_results_are_released(drafted, council, secretary, clock):
    assert queries.waits(council.round)
    send(drafted, secretary, clock)
    assert not queries.waits(council.round)


# --- pages --------------------------------------------------------------------------------------


def test_the_chair_releases_on_the_page(council, client, clock):
    client.sign_in(account_of(council.members[0]))
    page = client.get(f"/council/{council.code}/release")
    page = client.follow(client.submit(page.form("Soạn thông báo"), page))
    button = next(each.text for each in page.all("button") if each.text.startswith("Công bố, gửi"))
    page = client.follow(client.submit(page.form(button), page))
    assert (council.round.released_at, "Đã công bố kết quả" in page.text) == (clock.now(), True)


def test_a_release_takes_few_statements_however_many_letters(council, secretary, clock):
    with transaction():
        release = releases.draft(council, by=secretary, now=clock.now())
    with counted() as few, transaction():
        releases.release(release, by=secretary, now=clock.now())
    assert few.count <= 25


def test_more_letters_than_a_page_waits_for_are_long_work(council, client, clock, monkeypatch):
    monkeypatch.setattr(doing, "MOST_AT_ONCE", 1)
    client.sign_in(account_of(council.members[0]))
    for kind, button in ((doing.DRAFTING, "Soạn thông báo"), (doing.RELEASING, "Công bố, gửi")):
        page = client.get(f"/council/{council.code}/release")
        words = next(each.text for each in page.all("button") if each.text.startswith(button))
        asked = client.submit(page.form(words), page)
        assert asked.location.startswith("/work/")
        assert jobs.work.run(asked.location.rpartition("/")[2], kinds=jobs.KINDS, clock=clock).kind == kind
    assert council.round.released_at == clock.now()
