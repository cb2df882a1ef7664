"""The compendium from the council's decisions to the public pages: commands, pages, refusals, builds."""

import json

import pytest

from evaluator import jobs, policy
from evaluator.compendium import document, queries, service
from evaluator.compendium.models import PublishedBook, PublishedEntry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.initiatives.models import Initiative
from evaluator.notices.models import Notice
from evaluator.policy import OPERATOR, Actor
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from tests.factories import actor_of, an_account, an_author, save
from tests.factories_compendium import SECRET, a_book, a_decided_round, wording
from tests.page_client import PageClient
from tests.page_client import queries as counted


@pytest.fixture
def editor(app):
    return an_account(Role.EDITOR, name="Hoàng Thu Thủy")


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY, name="Đỗ Văn Ước")


def approve_everything(book, clock):
    with transaction():
        service.approve_all(book, by=OPERATOR, now=clock.now())


def publish(book, clock):
    approve_everything(book, clock)
    with transaction():
        service.publish(book, by=OPERATOR, now=clock.now())


def undo(book):
    """Take away what a test published by hand, so that the data is whole again."""
    db.session.query(PublishedEntry).delete()
    db.session.query(PublishedBook).delete()
    book.published_at, book.digest = None, ""
    db.session.commit()


# --- commands ---------------------------------------------------------------------------------


def test_a_book_begins_with_the_selected_works_by_field_and_rank(app, clock):
    a_round = a_decided_round(("Y tế", "Nông nghiệp", "Y tế"), rejected=1)
    with transaction():
        book = service.open_edition(a_round, by=OPERATOR, now=clock.now())

    texts = queries.texts_of(book)
    assert [(text.number, text.field, text.title[-1]) for text in texts] == [
        (1, "Y tế", "1"),
        (2, "Y tế", "3"),
        (3, "Nông nghiệp", "2"),
    ]


def test_a_book_begins_once(app, clock):
    book = a_book(clock)
    with pytest.raises(Conflict), transaction():
        service.open_edition(book.round, by=OPERATOR, now=clock.now())


def test_no_book_begins_before_something_is_selected(app, clock):
    a_round = a_decided_round((), rejected=1)
    with pytest.raises(Conflict), transaction():
        service.open_edition(a_round, by=OPERATOR, now=clock.now())


def test_only_editors_and_the_secretary_begin_a_book(app, clock):
    a_round = a_decided_round(("Y tế",))
    with pytest.raises(Forbidden), transaction():
        service.open_edition(a_round, by=actor_of(an_account(Role.REVIEWER)), now=clock.now())


def test_what_is_confidential_never_enters_the_book(app, clock):
    book = a_book(clock)
    text = queries.texts_of(book)[0]

    assert SECRET not in text.solution
    assert text.solution == "Tưới nhỏ giọt bằng ống tận dụng. Hẹn giờ cơ học."
    with pytest.raises(Invalid) as caught, transaction():
        service.edit_entry(
            text, wording(solution=f"Nhắc lại: {SECRET}"), read_version=text.version, by=OPERATOR, now=clock.now()
        )
    assert list(caught.value.fields) == ["solution"]


def test_an_edited_entry_waits_for_approval_again(app, clock):
    book = a_book(clock)
    approve_everything(book, clock)
    text = queries.texts_of(book)[0]
    with transaction():
        service.edit_entry(text, wording(title="Tên mới"), read_version=text.version, by=OPERATOR, now=clock.now())

    assert (text.title, text.is_approved) == ("Tên mới", False)


def test_of_two_editors_the_second_is_told(app, clock):
    text = queries.texts_of(a_book(clock))[0]
    seen = text.version
    with transaction():
        service.edit_entry(text, wording(), read_version=seen, by=OPERATOR, now=clock.now())
    with pytest.raises(Conflict), transaction():
        service.edit_entry(text, wording(), read_version=seen, by=OPERATOR, now=clock.now())


def test_nobody_releases_the_entry_about_himself(app, clock, editor):
    book = a_book(clock)
    text = queries.texts_of(book)[0]
    author = Actor(id=editor.id, roles=frozenset({Role.EDITOR}), authored=frozenset({text.initiative_id}))

    assert policy.allows(actor_of(editor), policy.Action.ENTRY_APPROVE, text)
    with pytest.raises(Forbidden), transaction():
        service.approve_entry(text, by=author, now=clock.now())


def test_an_entry_in_full_without_a_solution_is_not_released(app, clock):
    text = queries.texts_of(a_book(clock))[0]
    with transaction():
        service.edit_entry(text, wording(solution=""), read_version=text.version, by=OPERATOR, now=clock.now())
    with pytest.raises(Invalid), transaction():
        service.approve_entry(text, by=OPERATOR, now=clock.now())


def test_a_book_with_a_waiting_entry_is_not_published(app, clock):
    book = a_book(clock)
    with pytest.raises(Conflict), transaction():
        service.publish(book, by=OPERATOR, now=clock.now())
    assert not book.is_published


def test_publishing_freezes_the_edition_and_tells_the_authors(app, clock):
    book = a_book(clock)
    publish(book, clock)
    kept = queries.edition_of(book)
    text = queries.texts_of(book)[0]

    assert document.digest(kept) == book.digest
    assert {each.state for each in db.session.query(Initiative) if each.id == text.initiative_id} == {
        InitiativeState.PUBLISHED
    }
    assert [notice.template for notice in db.session.query(Notice)].count("edition-published") == len(kept.entries)
    with pytest.raises(Forbidden), transaction():
        service.edit_entry(text, wording(), read_version=text.version, by=OPERATOR, now=clock.now())


def test_a_book_taken_back_is_gone_from_the_public_and_can_be_published_again(app, clock):
    book = a_book(clock)
    publish(book, clock)
    with pytest.raises(Invalid), transaction():
        service.take_back(book, reason=" ", by=OPERATOR, now=clock.now())
    with transaction():
        service.take_back(book, reason="Sai tên tác giả", by=OPERATOR, now=clock.now())

    with pytest.raises(NotFound):
        queries.published_book(book.code)
    assert queries.search("tưới").rows == []
    with transaction():
        service.publish(book, by=OPERATOR, now=clock.now())
    assert queries.published_book(book.code) is book


def test_a_work_in_the_list_only_has_no_entry(app, clock):
    book = a_book(clock)
    text = queries.texts_of(book)[0]
    with transaction():
        service.edit_entry(text, wording(in_full=False), read_version=text.version, by=OPERATOR, now=clock.now())
    edition = queries.assembled(book)

    assert [entry.code for entry in edition.entries] == [queries.texts_of(book)[1].code]
    assert [(work.title, work.entry) for work in edition.works] == [
        ("Tưới nhỏ giọt", None),
        (edition.entries[0].title, 1),
    ]


def test_the_edition_holds_no_address_telephone_or_birth_date(app, clock):
    a_round = a_decided_round(
        ("Y tế",), authors=[an_author(name="Lê Thị An", email="an@rieng.example", phone="0912000111")]
    )
    with transaction():
        book = service.open_edition(a_round, by=OPERATOR, now=clock.now())
    words = str(document.as_document(queries.assembled(book)))

    assert "Lê Thị An" in words
    assert [secret for secret in ("an@rieng", "0912000111", "birth", SECRET) if secret in words] == []


def test_an_edition_survives_the_journey_through_its_document(app, clock):
    edition = queries.assembled(a_book(clock))
    assert document.from_document(document.as_document(edition)) == edition


def test_the_authors_stand_in_the_order_of_their_shares(app, clock):
    a_round = a_decided_round(
        ("Y tế",), authors=[an_author(name="Ít", share=2500), an_author(name="Nhiều", share=7500)]
    )
    with transaction():
        book = service.open_edition(a_round, by=OPERATOR, now=clock.now())

    assert [author.name for author in queries.assembled(book).entries[0].authors] == ["Nhiều", "Ít"]


def test_the_invariants_notice_a_book_that_was_changed_behind_its_seal(app, clock):
    book = a_book(clock)
    publish(book, clock)
    assert (queries.not_as_published(), queries.published_without_book()) == ([], [])

    kept = db.session.query(PublishedEntry).first()
    kept.document = {**kept.document, "title": "Khác"}
    db.session.commit()
    assert queries.not_as_published() == [book.code]
    book.published_at = None
    db.session.commit()
    assert kept.code in queries.published_without_book()
    undo(book)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_a_book_finds_it_in_the_list(app, clock, role):
    book = a_book(clock)
    actor = actor_of(an_account(role))

    listed = queries.newest_first(actor)
    assert listed == ([book] if policy.allows(actor, policy.Action.COMPENDIUM_READ, book) else [])


def test_an_author_comes_from_the_dossier_to_the_book(app, clock, client):
    book = a_book(clock)
    publish(book, clock)
    initiative = queries.texts_of(book)[0].initiative
    page = client.sign_in(initiative.owner).get(f"/initiatives/{initiative.code}")
    assert client.get(page.links()["Đọc tuyển tập"]).status == 200


# --- search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "found"), [("so tay", 1), ("SỔ tay", 1), ("ay dien", 0), ("100%_", 0), ("", 2)])
def test_search_ignores_marks_and_wildcards(app, clock, text, found):
    book = a_book(clock, titles=("Tưới nhỏ giọt", "Sổ tay điện tử"))
    publish(book, clock)
    assert len(queries.search(text, book=book.code).rows) == found


def test_the_exact_spelling_comes_first(app, clock):
    book = a_book(clock, titles=("Nuôi tôm", "Nuôi tóm"))
    publish(book, clock)
    assert [row.title for row in queries.search("tóm").rows] == ["Nuôi tóm", "Nuôi tôm"]


def test_search_filters_by_field_unit_and_year(app, clock):
    book = a_book(clock)
    publish(book, clock)
    first = queries.search().rows[0]

    assert len(queries.search(field="Y tế").rows) == 1
    assert [row.id for row in queries.search(unit=first.unit_name).rows] == [first.id]
    assert queries.search(year="1999").rows == []


def test_a_long_list_is_read_page_by_page_forth_and_back(app, clock):
    book = a_book(clock)
    publish(book, clock)
    kept = db.session.query(PublishedEntry).first()
    for number in range(10, 40):
        columns = {name: getattr(kept, name) for name in ("compendium_id", "field", "unit_name", "authors", "year")}
        title = f"Giải pháp {number}"
        save(PublishedEntry(**columns, code=f"X-{number}", number=number, title=title, exact=" giải", folded=" giai"))

    first = queries.search("giải")
    second = queries.search("giải", mark=first.next)
    assert (len(first.rows), len(second.rows), second.next) == (25, 7, "")
    assert [row.id for row in queries.search("giải", mark=second.previous).rows] == [row.id for row in first.rows]
    undo(book)


# --- builds -----------------------------------------------------------------------------------


def test_one_press_builds_every_format_and_the_public_may_take_them(app, clock, client):
    book = a_book(clock)
    publish(book, clock)
    with transaction():
        code = service.ask_build(book, by=OPERATOR, now=clock.now()).code
    jobs.run_work(code, clock=clock)

    files = queries.files_of(book)
    assert sorted(files) == ["docx", "epub", "html", "json", "pdf"]
    assert {file.digest for file in files.values()} == {book.digest}
    page = client.get(f"/compendium/{book.code}/files/pdf")
    assert (page.status, page.headers["Content-Type"], page.body[:5]) == (200, "application/pdf", b"%PDF-")
    assert page.headers["Content-Disposition"] == f'attachment; filename="compendium-{book.code}.pdf"'


# --- pages ------------------------------------------------------------------------------------


def test_an_editor_words_releases_and_the_secretary_publishes(app, clock, client, editor, secretary):
    a_round = a_decided_round(("Y tế", "Nông nghiệp"))
    client.sign_in(editor)
    start = client.get("/editing/")
    page = client.follow(client.submit(start.form("Khởi tạo tuyển tập"), start))
    assert page.heading == "Tuyển tập sáng kiến, ý tưởng tiêu biểu 2026"

    entry = client.get(page.links()["Biên tập bài đang chờ"])
    assert SECRET not in entry.text
    first = client.submit(entry.form(), entry, "Duyệt và sang bài tiếp", then="approve", title="Tưới tiết kiệm")
    second = client.follow(first)
    assert "Đã duyệt. Đây là bài tiếp theo đang chờ." in second.text
    page = client.follow(client.submit(second.form(), second, then="approve"))
    assert "Đã duyệt. Mọi bài trong sách đều đã được duyệt." in page.text
    assert "Công bố tuyển tập" not in page.text

    chief = PageClient(app).sign_in(secretary)
    page = chief.get(f"/editing/{a_round.code}")
    page = chief.follow(chief.submit(page.form("Công bố tuyển tập"), page))
    assert "Tuyển tập đã được công bố." in page.text
    public = PageClient(app).get(f"/compendium/{a_round.code}")
    assert "Tưới tiết kiệm" in public.text


def test_a_bad_entry_keeps_what_was_typed(app, clock, client, editor):
    book = a_book(clock)
    text = queries.texts_of(book)[0]
    page = client.sign_in(editor).get(f"/editing/{book.code}/entries/{text.code}")
    answer = client.submit(page.form(), page, title="", money_benefit="rất nhiều", novelty="Giữ lại nhé")

    assert answer.status == 422
    assert "Giữ lại nhé" in answer.text
    assert "Ghi số đồng tròn" in answer.text


def test_the_second_of_two_tabs_is_told_and_keeps_its_words(app, clock, client, editor):
    book = a_book(clock)
    address = f"/editing/{book.code}/entries/{queries.texts_of(book)[0].code}"
    client.sign_in(editor)
    first, second = client.get(address), client.get(address)
    assert client.submit(first.form(), first, novelty="Của thẻ thứ nhất").status == 303
    answer = client.submit(second.form(), second, novelty="Của thẻ thứ hai")

    assert answer.status == 409
    assert "Của thẻ thứ hai" in answer.text
    assert queries.texts_of(book)[0].novelty == "Của thẻ thứ nhất"


def test_the_front_matter_is_saved(app, clock, client, editor):
    book = a_book(clock)
    page = client.sign_in(editor).get(f"/editing/{book.code}/front")
    client.submit(
        page.form(), page, title="Sách vàng", publication="Số lượng: 500 cuốn\nNơi in:", editors="Trần A: Trưởng ban"
    )
    db.session.refresh(book)

    assert book.title == "Sách vàng"
    assert book.publication == [["Số lượng", "500 cuốn"], ["Nơi in", ""]]
    edition = queries.assembled(book)
    assert edition.publication == (("Số lượng", "500 cuốn"),)
    assert edition.boards[-1].seats[0].name == "Trần A"


def test_a_front_without_title_or_from_a_stale_tab_is_refused(app, clock, client, editor):
    book = a_book(clock)
    address = f"/editing/{book.code}/front"
    first = client.sign_in(editor).get(address)
    assert client.submit(first.form(), first, title=" ").status == 422
    assert client.submit(first.form(), first, title="Một").status == 303
    answer = client.submit(first.form(), first, title="Hai")

    db.session.refresh(book)
    assert (answer.status, book.title) == (409, "Một")


def test_releasing_all_stops_at_the_entry_that_cannot_be_printed(app, clock, client, editor):
    book = a_book(clock, titles=("Sổ tay điện tử", "Tưới nhỏ giọt"))
    text = queries.texts_of(book)[1]
    with transaction():
        blank = wording(title=text.title, solution="")
        service.edit_entry(text, blank, read_version=text.version, by=OPERATOR, now=clock.now())
    page = client.sign_in(editor).get(f"/editing/{book.code}")
    page = client.follow(client.submit(page.form("Duyệt tất cả"), page))

    assert f"Chưa thể duyệt bài “{text.title}”." in page.text
    assert [each.is_approved for each in queries.texts_of(book)] == [False, False]


def test_an_editor_takes_the_built_files_and_is_told_when_they_are_stale(app, clock, client, editor):
    book = a_book(clock)
    client.sign_in(editor)
    assert client.get(f"/editing/{book.code}/files/pdf").status == 404
    with transaction():
        code = service.ask_build(book, by=OPERATOR, now=clock.now()).code
    jobs.run_work(code, clock=clock)
    assert client.get(f"/editing/{book.code}/files/epub").headers["Content-Type"] == "application/epub+zip"
    stale = "Nội dung sách đã thay đổi sau khi dựng các tệp này."
    assert stale not in client.get(f"/editing/{book.code}").text

    text = queries.texts_of(book)[0]
    with transaction():
        service.edit_entry(text, wording(), read_version=text.version, by=OPERATOR, now=clock.now())
    assert stale in client.get(f"/editing/{book.code}").text


def test_an_editor_sees_an_entry_as_readers_will(app, clock, client, editor):
    book = a_book(clock)
    text = queries.texts_of(book)[0]
    page = client.sign_in(editor).get(f"/editing/{book.code}/entries/{text.code}/preview")
    page = client.follow(client.submit(page.form("Duyệt in"), page))
    assert "Đã duyệt in bài này." in page.text


def test_the_secretary_releases_all_and_takes_back(app, clock, client, secretary):
    book = a_book(clock)
    client.sign_in(secretary)
    page = client.get(f"/editing/{book.code}")
    page = client.follow(client.submit(page.form("Duyệt tất cả"), page))
    page = client.follow(client.submit(page.form("Công bố tuyển tập"), page))
    page = client.get(page.links()["Thu hồi"])
    page = client.follow(client.submit(page.form(), page, reason="Sai tên"))
    assert "Đã thu hồi tuyển tập." in page.text


def test_building_from_the_page_shows_its_progress(app, clock, client, editor):
    book = a_book(clock)
    page = client.sign_in(editor).get(f"/editing/{book.code}")
    page = client.submit(page.form("Dựng sách"), page)
    assert (page.status, page.location.startswith("/work/")) == (303, True)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.MEMBER, Role.ADMIN])
def test_the_editors_pages_do_not_exist_for_others(app, clock, client, role):
    book = a_book(clock)
    text = queries.texts_of(book)[0]
    client.sign_in(an_account(role), blind=False)

    addresses = ("", "/front", f"/entries/{text.code}", f"/entries/{text.code}/preview", "/files/pdf")
    assert [client.get(f"/editing/{book.code}{address}").status for address in addresses] == [404] * 5


def test_an_unpublished_book_does_not_exist_for_the_public(app, clock, client):
    book = a_book(clock)
    text = queries.texts_of(book)[0]

    addresses = ("", f"/{text.code}", "/files/pdf")
    assert [client.get(f"/compendium/{book.code}{address}").status for address in addresses] == [404] * 3
    assert "Chưa có tuyển tập nào được công bố" in client.get("/compendium/").text


def test_the_public_reads_finds_and_goes_on(app, clock, client):
    book = a_book(clock, titles=("Tưới nhỏ giọt", "Sổ tay điện tử"))
    publish(book, clock)

    page = client.get("/compendium/?q=so+tay")
    assert list(page.links()).count("Sổ tay điện tử") == 1
    entry = client.get(page.links()["Sổ tay điện tử"])
    assert entry.heading == "Sổ tay điện tử"
    assert SECRET not in entry.text
    assert client.get(f"/compendium/{book.code}").status == 200
    assert client.get(f"/compendium/{book.code}/files/pdf").status == 404
    assert client.get("/compendium/?q=&year=abc&field=" + "x" * 500).status == 200


def test_lists_cost_the_same_with_one_work_and_with_three(app, clock, client, editor):
    client.sign_in(editor)
    counts = []
    for fields in (("Y tế",), ("Y tế", "Giáo dục", "Nông nghiệp")):
        book = a_book(clock, fields=fields)
        publish(book, clock)
        client.get(f"/editing/{book.code}")
        with counted() as editing:
            client.get(f"/editing/{book.code}")
        with counted() as public:
            client.get(f"/compendium/{book.code}")
        with counted() as found:
            client.get(f"/compendium/?q=giai+phap&field={fields[0]}")
        counts.append((editing.count, public.count, found.count))
    assert counts[0] == counts[1]


# --- the command line -------------------------------------------------------------------------


def test_the_command_builds_one_format_into_a_file_or_out(app, clock, tmp_path):
    book = a_book(clock)
    code = book.code
    publish(book, clock)
    run = app.test_cli_runner().invoke
    target = tmp_path / "book.pdf"
    result = run(args=["compendium", "build", "--round", code, "--format", "pdf", "--out", str(target)])

    assert (result.exit_code, result.output) == (0, f"{target}: {target.stat().st_size} bytes\n")
    assert target.read_bytes().startswith(b"%PDF-")
    out = run(args=["compendium", "build", "--round", code, "--format", "json", "--out", "-"])
    assert json.loads(out.stdout_bytes)["code"] == code


def test_the_command_says_when_a_round_has_no_book(app, tmp_path):
    target = tmp_path / "book.pdf"
    result = app.test_cli_runner().invoke(
        args=["compendium", "build", "--round", "NO-1", "--format", "pdf", "--out", str(target)]
    )
    assert (result.exit_code, target.exists()) == (1, False)
    assert result.stderr.startswith("NO-1: ")
