"""A round is prepared from presets, frozen when it opens, and its dates are moved only with a reason."""

from dataclasses import replace
from datetime import date

import pytest

from evaluator.core.db import transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.reviews.remarking.service import ask_until
from evaluator.rounds import presets, queries, service
from evaluator.rounds.models import Round
from evaluator.rounds.service import RoundPlan
from evaluator.rules.calendar import Timetable, end_of_day, start_of_day
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.roles import Role
from tests.factories import a_round, a_unit, actor_of, an_account
from tests.page_client import queries as counted

TIMETABLE = Timetable(
    submission_opens_at=start_of_day(date(2026, 3, 1)),
    submission_closes_at=end_of_day(date(2026, 3, 31)),
    checking_closes_at=end_of_day(date(2026, 4, 10)),
    review_closes_at=end_of_day(date(2026, 5, 10)),
    council_at=start_of_day(date(2026, 5, 20)),
    publication_at=start_of_day(date(2026, 6, 1)),
)


def a_plan(**changes) -> RoundPlan:
    plan = RoundPlan(
        code="DKST-2026",
        title="Đợt xét năm 2026",
        council_name="Hội đồng sáng kiến tỉnh",
        unit=a_unit(),
        timetable=TIMETABLE,
        reviews_per_initiative=3,
        rubric=presets.rubric("r01-provincial"),
        vote_rule=presets.vote_rule("circular-18"),
        fields=("Giáo dục", "Y tế"),
    )
    return replace(plan, **changes)


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


def prepare(secretary, clock, **changes) -> Round:
    plan = a_plan(**changes)
    with transaction():
        return service.create(plan, by=secretary, now=clock.now())


def test_a_round_is_prepared_and_not_yet_frozen(secretary, clock):
    made = prepare(secretary, clock)

    assert (made.state, made.is_frozen, made.digest) == (RoundState.DRAFT, False, "")


def test_only_the_secretary_prepares_a_round(app, clock):
    plan = a_plan()
    with pytest.raises(Forbidden), transaction():
        service.create(plan, by=actor_of(an_account(Role.REVIEWER)), now=clock.now())


def test_a_date_out_of_order_is_named(secretary, clock):
    wrong = replace(TIMETABLE, review_closes_at=TIMETABLE.submission_opens_at)
    with pytest.raises(Invalid) as refused:
        prepare(secretary, clock, timetable=wrong)

    assert list(refused.value.fields) == ["review_closes_at"]


def test_a_code_is_given_once(secretary, clock):
    prepare(secretary, clock)
    with pytest.raises(Invalid) as refused:
        prepare(secretary, clock)

    assert list(refused.value.fields) == ["code"]


def test_opening_freezes_the_rules(secretary, clock):
    made = prepare(secretary, clock)
    with transaction():
        service.open_round(made, by=secretary, now=clock.now())

    assert (made.state, made.opened_at, made.digest) == (RoundState.OPEN, clock.now(), service.digest(made))
    with pytest.raises(Forbidden), transaction():
        service.change(made, a_plan(code="X"), read_version=made.version, by=secretary, now=clock.now())


def test_the_seal_tells_any_change_of_what_was_frozen(secretary, clock):
    made = prepare(secretary, clock)
    with transaction():
        service.open_round(made, by=secretary, now=clock.now())
    sealed = made.digest
    with transaction():
        made.reviews_per_initiative = 2

    assert service.digest(made) != sealed


def test_a_symbolic_number_is_worked_out_when_the_round_opens(secretary, clock):
    made = prepare(secretary, clock, vote_rule=presets.vote_rule("choose-n"))
    with transaction():
        service.open_round(made, by=secretary, now=clock.now())

    assert made.vote_rule["k"] == 2026 - made.vote_rule["k_since"]


def test_two_people_changing_a_round_do_not_overwrite_each_other(secretary, clock):
    made = prepare(secretary, clock)
    seen = made.version
    with transaction():
        service.change(made, a_plan(title="Bản của người thứ nhất"), read_version=seen, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        service.change(made, a_plan(title="Bản của người thứ hai"), read_version=seen, by=secretary, now=clock.now())

    assert queries.get(made.code, actor=secretary).title == "Bản của người thứ nhất"


def test_a_date_is_moved_only_with_a_reason_and_in_order(secretary, clock):
    made = a_round()
    later = made.submission_closes_at.replace(day=20)
    with pytest.raises(Invalid, match="marked"), transaction():
        service.move_date(made, "submission_closes_at", later, reason=" ", by=secretary, now=clock.now())
    with pytest.raises(Invalid), transaction():
        service.move_date(
            made, "submission_closes_at", made.publication_at, reason="Bão", by=secretary, now=clock.now()
        )
    with transaction():
        service.move_date(made, "submission_closes_at", later, reason="Bão số 3", by=secretary, now=clock.now())

    assert made.submission_closes_at == later


def test_a_round_in_preparation_is_hidden_from_everybody_but_the_secretary(app, secretary):
    hidden, shown = a_round(state=RoundState.DRAFT), a_round()
    author = actor_of(an_account(Role.AUTHOR))

    assert queries.newest_first(author) == [shown]
    assert {each.id for each in queries.newest_first(secretary)} == {hidden.id, shown.id}
    with pytest.raises(NotFound):
        queries.get(hidden.code, actor=author)


def test_the_list_costs_the_same_whatever_its_length(app, client):
    client.sign_in(an_account(Role.SECRETARY))
    a_round()
    client.get("/rounds/")
    with counted() as one:
        client.get("/rounds/")
    a_round(), a_round()
    with counted() as three:
        client.get("/rounds/")

    assert one.count == three.count


def test_a_secretary_prepares_and_opens_a_round_on_the_pages(app, client):
    unit = a_unit(code="TINH")
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/rounds/new")
    days = {name: getattr(TIMETABLE, name).date().isoformat() for name in TIMETABLE.__slots__}

    made = client.submit(
        page.form("Lưu"), page, title="Đợt 2026", code="DK-2026", council_name="Hội đồng tỉnh", unit=unit.code, **days
    )
    shown = client.follow(made)
    opened = client.follow(client.submit(shown.form("Mở đợt và giữ nguyên quy tắc"), shown))

    assert shown.heading == "Đợt 2026"
    assert "Đã giữ nguyên với mã niêm phong" in opened.text


def test_wrong_dates_come_back_with_everything_that_was_typed(app, client):
    unit = a_unit(code="TINH")
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/rounds/new")
    days = {name: getattr(TIMETABLE, name).date().isoformat() for name in TIMETABLE.__slots__}

    back = client.submit(
        page.form("Lưu"),
        page,
        title="Đợt 2026",
        code="DK-2026",
        council_name="Hội đồng tỉnh",
        unit=unit.code,
        **days | {"review_closes_at": "2025-01-01"},
    )

    assert back.status == 422
    assert back.one("input", name="title").attrs["value"] == "Đợt 2026"
    assert "Ngày này sớm hơn mốc phải đứng trước nó." in back.text


def test_the_days_for_re_marking_are_the_round_s_own(secretary, clock):
    kept = [prepare(secretary, clock, code=f"DKST-{days}", remarking_days=days).remarking_days for days in (0, 3, 10)]

    assert kept == [0, 3, 10]


def test_a_round_without_re_marking_takes_no_request_after_publication(secretary, clock):
    none, ten = (prepare(secretary, clock, code=f"DKST-{days}", remarking_days=days) for days in (0, 10))

    assert ask_until(none) == none.publication_at
    assert ask_until(ten) == end_of_day(date(2026, 6, 11))
