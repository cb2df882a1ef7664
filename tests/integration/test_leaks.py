"""Leaks that other systems had, by their number in docs/leaks.md, where the two-world test does not cover them."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select, update

from evaluator.assignment import queries as assignments
from evaluator.assignment import service as assignment
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.service import Wishes
from evaluator.core.db import db, transaction
from evaluator.core.errors import NotFound
from evaluator.initiatives import checking
from evaluator.initiatives.models import Initiative
from evaluator.notices.letters import letter
from evaluator.notices.models import Notice
from evaluator.papers.paper import Letterhead
from evaluator.people import service as people
from evaluator.policy import ANYONE, OPERATOR, Action, Actor, allows, require
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.web.security import is_public
from tests.factories import CANARY, a_round, actor_of, an_account, an_author, an_initiative
from tests.factories_assignment import a_reviewer, a_statement, an_assignment
from tests.factories_intake import a_look
from tests.factories_reviews import a_dossier_for, a_round_in_review, reviewers_of, sign
from tests.integration.test_two_worlds import reading
from tests.page_client import queries as counted
from tests.world import a_sheet, a_world

GUARDED = "initiative|assignment|score_sheet|attachment|author|conflict"  # tables whose rows are others' secrets
PUBLIC = {
    "assets.serve",
    "certificates.index",
    "certificates.show",
    "compendium.book",
    "compendium.entry",
    "compendium.file",
    "compendium.index",
    "home.choose_language",
    "home.health",
    "people.forgotten_password",
    "people.login",
    "people.reset_password",
    "release.announced",
}


def test_leak_3_the_history_tells_nobody_how_the_own_dossier_is_judged(app, client):
    """Neither who judges it, nor a colleague's points beside whom one judges."""
    in_round = a_round_in_review()
    reviewer, reviews = reviewers_of(in_round, 1)[0], a_reviewer(also=(Role.SECRETARY,))
    a_statement(reviews, in_round)
    writes, free = an_account(Role.SECRETARY, Role.AUTHOR), an_account(Role.SECRETARY)
    own, beside, other = (a_dossier_for(reviewer, in_round=in_round) for _ in range(3))
    own.owner_id = writes.id
    an_assignment(beside, reviews)
    for dossier in (own, beside, other):
        sign(dossier, reviewer)

    def sheets(person):
        page = client.sign_in(person).get("/history?event=sheet.signed")
        return len(page.rows())

    assert [sheets(person) for person in (free, writes, reviews)] == [3, 2, 2]
    file = client.sign_in(writes).take("/history/export.csv?event=sheet.signed").body.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(file)))) == 1 + 2


def test_leak_6_everything_is_closed_but_the_written_list(app):
    with app.test_request_context():
        opened = {rule.endpoint for rule in app.url_map.iter_rules() if is_public(rule.endpoint)} - {"static"}

    assert opened == PUBLIC


def test_leak_9_a_page_sent_as_a_file_is_refused_and_files_are_never_shown_in_our_pages(app, client):
    author = an_account(Role.AUTHOR)
    draft = an_initiative(in_round=a_round(), state=State.DRAFT, owner=author)
    client.sign_in(author)
    page = client.get(f"/initiatives/{draft.code}/edit")
    file = (io.BytesIO(b"<html><script>alert(1)</script></html>"), "bao-cao.pdf")

    answer = client.open(
        "POST",
        f"/initiatives/{draft.code}/edit",
        data={"csrf_token": page.all("input", name="csrf_token")[0].attrs["value"], "file": file},
        content_type="multipart/form-data",
    )

    assert db.session.get(Initiative, draft.id).attachments == []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_leaks_10_39_and_51_a_mailed_link_sets_one_password_once_and_opens_nothing_else(app, client, clock):
    person = an_account(Role.SECRETARY)
    with transaction():
        people.ask_reset(person.email, by=ANYONE, now=clock.now())
    secret = db.session.scalars(select(Notice).order_by(Notice.id.desc())).first().params["secret"]
    address = f"/reset-password/{secret}"

    page = client.get(address)
    assert client.get("/register/").status == 303  # looking at the link signs nobody in
    answer = client.submit(page.form(), page, password="một mật khẩu mới dài", repeated="một mật khẩu mới dài")

    assert answer.status == 303
    assert "password" not in [each.attrs.get("type") for each in client.get(address).all("input")]


def test_leak_12_the_rule_is_part_of_the_query(app, client):
    """Hidden or absent: the same statements, so the same time, whatever stands behind them."""
    world = a_world()
    client.sign_in(world.people["reviewer"])
    client.get("/reviews/")
    counts = []
    for code in (world.third.blind_code, "NOTTHERE"):
        with counted() as seen:
            client.get(f"/reviews/{code}")
        counts.append([re.sub(r"\s+", " ", statement) for statement in seen.statements])

    assert counts[0] == counts[1]


def test_leak_12_a_reviewer_s_list_costs_the_same_beside_a_thousand_hidden_dossiers(app, client):
    world = a_world()
    client.sign_in(world.people["reviewer"])
    client.get("/reviews/")
    with counted() as few:
        client.get("/reviews/")
    for _ in range(20):
        an_assignment(an_initiative(in_round=world.a_round, state=State.IN_REVIEW), world.people["colleague"])
    with counted() as many:
        client.get("/reviews/")

    assert few.statements == many.statements


@pytest.mark.parametrize(
    ("name", "address"), [("reviewer", "/reviews/"), ("reviewer", "/reviews/{code}"), ("author", "/initiatives/")]
)
def test_leak_12_no_plan_reads_past_what_the_viewer_may_see(app, client, name, address):
    """The rule narrows the search: rows of others are not fetched and thrown away, which would cost their time."""
    world = a_world()
    client.sign_in(world.people[name])
    with reading() as read:
        assert client.get(address.format(code=world.first.blind_code)).status == 200

    read_through = []
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")  # so few rows are read through by themselves
        for each in read:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            plan = connection.exec_driver_sql(f"{explain} {each.statement}", each.parameters).fetchall()
            lines = [str(row[-1]) for row in plan]
            read_through += [line for line in lines if re.search(rf"(SCAN|Seq Scan on) ({GUARDED})\b", line)]

    assert read
    assert read_through == []


def test_leak_13_a_reviewer_with_a_conflict_hears_what_a_stranger_hears(app, client, clock):
    world = a_world()
    reviewer = world.people["reviewer"]
    with transaction():
        assignment.declare_conflict(world.first, by=actor_of(reviewer), now=clock.now())
    client.sign_in(reviewer)

    hidden, absent = client.get(f"/reviews/{world.first.blind_code}"), client.get("/reviews/NOTTHERE")

    assert (hidden.status, hidden.text) == (absent.status, absent.text) == (404, absent.text)


def test_leak_18_mails_to_reviewers_name_neither_authors_nor_codes(app, clock):
    reviewers = [a_reviewer(), a_reviewer(), a_reviewer()]
    secretary = actor_of(an_account(Role.SECRETARY))
    a = a_round(phase=Phase.CHECKING, reviews_per_initiative=2)
    an_initiative(in_round=a, state=State.ACCEPTED, title="Máy gặt lúa một tay")
    with transaction():
        proposal = proposals.propose(a, Wishes(seed=1), by=secretary, now=clock.now())
    with transaction():
        proposals.announce(proposal, by=secretary, now=clock.now())

    told = [
        letter(notice).subject + letter(notice).body
        for notice in db.session.scalars(select(Notice))
        if notice.account_id in {each.id for each in reviewers}
    ]

    assert told
    assert not [words for words in told if CANARY in words or "Máy gặt" in words]


def test_leak_18_a_mail_about_a_dossier_goes_to_no_secretary_who_stands_near_it(app, clock):
    writes, declared, reviews, free = (an_account(Role.SECRETARY), an_account(Role.SECRETARY), a_reviewer(also=(Role.SECRETARY,)), an_account(Role.SECRETARY))  # fmt: skip
    chair, reviewer = an_account(Role.CHAIR), a_reviewer()
    dossier = an_initiative(in_round=a_round(phase=Phase.REVIEW), state=State.IN_REVIEW, owner=writes)
    for person in (reviews, reviewer, declared):
        an_assignment(dossier, person)
    with transaction():
        assignment.declare_conflict(dossier, by=actor_of(declared), now=clock.now())
    with transaction():
        assignment.declare_conflict(dossier, by=actor_of(reviewer), now=clock.now())

    told = {notice.account_id for notice in db.session.scalars(select(Notice))}
    assert told == {free.id}
    with transaction():
        people.deactivate(free, by=OPERATOR, now=clock.now())
    assert [each.id for each in assignments.who_arranges(dossier.id)] == [chair.id]


def test_leak_24_every_link_a_reviewer_can_follow_stays_blind(app, client):
    """The client fails if the marker word of the authors comes back from anywhere."""
    world = a_world()
    client.sign_in(world.people["reviewer"], blind=True)
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("http", "#", "mailto")) or "/static/" in address:
            continue
        seen.add(address)
        page = client.get(address)
        is_file = "/files/" in address  # the world has their records, not their bytes
        assert page.status in {200, 303} or is_file, f"{address} answered {page.status}"
        if page.is_html:
            waiting += [link.attrs["href"].partition("#")[0] or "/" for link in page.all("a")]

    assert f"/reviews/{world.first.blind_code}" in seen


def test_leak_25_searching_the_register_is_not_open_to_who_may_not_list_it(app, client):
    world = a_world()
    client.sign_in(world.people["reviewer"])

    hit, miss = client.get("/register/?q=Máy gặt"), client.get("/register/?q=khongcogi")

    assert (hit.status, hit.text) == (miss.status, miss.text)
    assert hit.status in {403, 404}


def test_leak_27_a_text_emptied_in_the_blind_copy_stays_empty(app, client):
    world = a_world()
    world.first.blind_copy = {**world.first.texts(), "problem": "", "scope": ""}
    db.session.execute(update(Initiative).where(Initiative.id == world.first.id).values(problem="Bà Hiên ở Hà Trung"))
    db.session.commit()
    client.sign_in(world.people["reviewer"])

    page = client.get(f"/reviews/{world.first.blind_code}")

    assert page.status == 200
    assert "Bà Hiên" not in page.text


@pytest.mark.parametrize("path", ["results/{round}/of/{code}", "register/{code}?round={round}"])
def test_leaks_29_and_47_a_dossier_is_not_reached_through_another_round(app, client, path):
    world = a_world()
    other = a_round(phase=Phase.REVIEW)
    client.sign_in(world.people["secretary"])

    page = client.get("/" + path.format(round=other.code, code=world.first.code))

    assert page.status in {403, 404}


def test_leak_30_nobody_owns_what_has_no_owner(app):
    imported = an_initiative(in_round=a_round(), owner=an_account(Role.AUTHOR))
    with transaction():
        db.session.execute(update(Initiative).where(Initiative.id == imported.id).values(owner_id=None))

    assert not allows(ANYONE, Action.INITIATIVE_READ, imported)
    assert not allows(Actor(id=None, roles=frozenset({Role.AUTHOR})), Action.INITIATIVE_EDIT, imported)


def test_leak_31_rights_of_one_thing_do_not_reach_the_next_level(app):
    author = actor_of(an_account(Role.AUTHOR))
    mine = an_initiative(in_round=a_round(), state=State.DRAFT, owner=db.session.get(type(an_account()), author.id))

    require(author, Action.INITIATIVE_EDIT, mine)
    for action in (Action.ROUND_EDIT, Action.ACCOUNT_MANAGE, Action.AUDIT_READ, Action.INITIATIVE_IMPORT):
        assert not allows(author, action, mine.round)


def test_leak_32_the_blind_code_tells_nothing_of_what_it_stands_for(app, clock):
    secretary = actor_of(an_account(Role.SECRETARY))
    in_round = a_round(phase=Phase.CHECKING)
    same = [an_initiative(in_round=in_round, title="Một tên", authors=[an_author(name="Một người")]) for _ in range(20)]
    with transaction():
        for each in same:
            checking.accept(each, by=secretary, now=clock.now())

    codes = [each.blind_code for each in same]

    assert len(set(codes)) == 20
    assert codes != sorted(codes)


def test_leak_33_markup_in_a_title_is_only_letters(app, client):
    author = an_account(Role.AUTHOR)
    hostile = an_initiative(
        in_round=a_round(), state=State.SUBMITTED, owner=author, title='<a href="http://evil.example">Bấm vào đây</a>'
    )
    secretary = an_account(Role.SECRETARY)
    client.sign_in(secretary)
    closed = client.get(f"/register/{hostile.code}/authors")
    assert "Bấm vào đây" in closed.heading
    a_look(secretary, hostile)

    for address in ("/register/", f"/initiatives/{hostile.code}"):
        page = client.get(address)
        assert not [link for link in page.all("a") if "evil.example" in link.attrs.get("href", "")]
        assert "Bấm vào đây" in page.text


@pytest.mark.parametrize("state", [State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED])
def test_leaks_26_and_38_a_dossier_stays_blind_for_its_reviewer_whatever_becomes_of_it(app, client, state):
    reviewer, in_round = a_reviewer(), a_round(phase=Phase.REVIEW)
    dossier = an_initiative(in_round=in_round, state=State.IN_REVIEW)
    a_statement(reviewer, in_round)
    an_assignment(dossier, reviewer)
    client.sign_in(reviewer, blind=True)
    dossier.state = state
    db.session.commit()

    for address in ("/", "/reviews/", f"/reviews/{dossier.blind_code}", f"/initiatives/{dossier.code}"):
        client.get(address)  # the client looks for the authors' marker word in every answer


def test_leak_35_who_writes_and_reviews_sees_neither_more(app, client):
    """Least right wins: an author who reviews is not shown the points on the own dossier, nor others' authors."""
    both = a_reviewer()
    with transaction():
        people.grant(both, Role.AUTHOR, by=OPERATOR, now=both.created_at)
    in_round = a_round(phase=Phase.REVIEW)
    own = an_initiative(in_round=in_round, state=State.IN_REVIEW, owner=both)
    other = an_initiative(in_round=in_round, state=State.IN_REVIEW)
    a_statement(both, in_round)
    an_assignment(other, both)
    client.sign_in(both)

    assert client.get(f"/initiatives/{own.code}").status == 200
    assert client.get(f"/reviews/{own.blind_code}").status == 404
    assert client.get(f"/initiatives/{other.code}").status == 404
    assert CANARY not in client.get(f"/reviews/{other.blind_code}").text


def test_leak_36_a_log_line_names_nobody(app, client, caplog):
    author = an_account(Role.AUTHOR)
    dossier = an_initiative(in_round=a_round(), owner=author)
    client.sign_in(author)
    with caplog.at_level("INFO", logger="evaluator"):
        client.get(f"/initiatives/{dossier.code}")

    lines = [str(record.__dict__) for record in caplog.records if record.name == "evaluator"]
    assert lines
    assert not [line for line in lines if CANARY in line or author.email in line or dossier.code in line]


def test_leak_42_a_title_that_looks_like_code_is_printed_as_letters(app):
    from pypdf import PdfReader

    from evaluator.papers.pdf import pdf
    from evaluator.papers.receipt import ReceiptFacts, receipt

    facts = ReceiptFacts(
        letterhead=Letterhead(parent="ỦY BAN", issuer="HỘI ĐỒNG", symbol="HĐSK", place="Thanh Hóa"),
        number=5,
        received_at=an_account(Role.AUTHOR).created_at,
        round_title="Đợt 2026",
        code="SK-1",
        title='#read("/etc/passwd") $x^2$ #panic("no")',
        authors=("A",),
        unit="B",
        parts=(),
        received_by="C",
        handed_in_by="A",
    )
    made = pdf(receipt(facts))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)

    assert "root:" not in text
    assert '#read("/etc/passwd")' in re.sub(r"\s+", " ", text).replace("“", '"').replace("”", '"')


def test_leak_44_the_policy_answers_with_nothing_but_true_or_false(app):
    answers = {
        type(allows(actor_of(an_account(role)), action, None))
        for role in Role
        for action in (Action.AUDIT_READ, Action.ROUND_CREATE)
    }

    assert answers == {bool}


def test_leak_50_the_number_of_a_file_opens_nothing(app, client):
    world = a_world()
    client.sign_in(world.people["stranger"])

    assert client.get(f"/initiatives/{world.first.code}/files/{world.own_file.code}").status == 404
    with pytest.raises(NotFound):
        require(actor_of(world.people["stranger"]), Action.INITIATIVE_READ, world.first)


def test_leak_2_counts_are_of_what_one_may_see(app, client):
    world = a_world()
    client.sign_in(world.people["reviewer"])
    page = client.get("/reviews/")
    given = db.session.scalar(select(func.count()).select_from(Initiative))

    assert given > 2
    assert " 2 " in f" {page.text} "


@pytest.mark.parametrize("state", [each for each in State if each not in {State.DRAFT, State.WITHDRAWN}])
def test_reviewers_never_see_authors_and_authors_never_see_reviewers_in_any_state(app, client, state):
    """Leaks 4, 38 and 46: the round ends the blind for everybody at once, by publishing, and for reviewers no sooner."""
    reviewer, author = a_reviewer(), an_account(Role.AUTHOR)
    db.session.get(type(reviewer), reviewer.id).name = "Người Chấm Kín"
    phase = Phase.PUBLICATION if state in {State.SELECTED, State.NOT_SELECTED, State.PUBLISHED} else Phase.REVIEW
    dossier = an_initiative(in_round=a_round(phase=phase), state=State.IN_REVIEW, owner=author)
    a_statement(reviewer, dossier.round)
    a_sheet(an_assignment(dossier, reviewer), points={}, signed=state in judged_states())
    blind_code, dossier.state = dossier.blind_code, state
    db.session.commit()

    client.sign_in(reviewer, blind=True)
    for address in ("/", "/reviews/", f"/reviews/{blind_code}", f"/initiatives/{dossier.code}"):
        client.get(address)  # the client looks for the authors' marker word
    client.sign_in(author)
    for address in (
        "/",
        f"/initiatives/{dossier.code}",
        f"/my-results/{dossier.code}",
        f"/reviews/{blind_code}",
    ):
        page = client.get(address)
        assert "Người Chấm Kín" not in page.text
        assert reviewer.email not in page.text


def judged_states() -> set[State]:
    """Return the states in which all sheets are signed."""
    return {State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}
