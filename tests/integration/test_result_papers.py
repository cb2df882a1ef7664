"""The papers of a result: what they say, their numbers and signatures, offices' own forms, the comparison of the set."""

from io import BytesIO

import pytest
from docx import Document
from flask import current_app
from pypdf import PdfReader

from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.core.files import Store
from evaluator.council.papers import checking, doing, examples, facts, making, queries
from evaluator.council.papers import service as papers
from evaluator.council.papers.models import BatchFormat, Certificate
from evaluator.council.register import queries as register
from evaluator.council.register import service as registering
from evaluator.council.register.queries import Key
from evaluator.council.register.service import Registration
from evaluator.initiatives.models import Initiative
from evaluator.papers.consistency import deviations
from evaluator.papers.kinds import PaperKind
from evaluator.papers.reading import lines_of
from evaluator.rules.audience import USUAL, Audience, Facet, Opening, Openness
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import START, actor_of, an_account
from tests.factories_council import a_session, account_of, the_secretary
from tests.factories_papers import NUMBERS, a_number, a_result_on_paper, some_certificates

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


@pytest.fixture
def council(app):
    return a_result_on_paper()


@pytest.fixture
def secretary(app):
    return the_secretary()


@pytest.fixture
def store(app):
    return Store(current_app.config["EVALUATOR"].files_dir)


def text_of(council, kind, store):
    return lines_of(making.made(council, kind, making.facts_of(council, kind), "docx", store=store))


# --- what the papers say ------------------------------------------------------------------------


def test_a_decision_cites_its_submission_and_lists_the_selected_in_their_order(council, store):
    for kind in (PaperKind.SUBMISSION, PaperKind.DECISION):
        a_number(council, kind)

    lines = text_of(council, PaperKind.DECISION, store)

    assert "Số: 45/QĐ-HĐSK" in lines[1]
    assert any("tại Tờ trình số 04/TTr-HĐSK ngày 05 tháng 3 năm 2026." in line for line in lines)
    rows = [line for line in lines if line.startswith(("1 | ", "2 | ", "3 | "))]
    assert [row.split(" | ")[:3] for row in rows] == [
        ["1", f"Tưới nhỏ giọt bằng ống tận dụng ({codes(council)[0]})", "Nguyễn Thị Ánh 1 (60%); Đỗ Văn Ước 1 (40%)"],
        ["2", f"Sổ tay điện tử của khu dân cư ({codes(council)[1]})", "Nguyễn Thị Ánh 2 (60%); Đỗ Văn Ước 2 (40%)"],
    ]
    assert "(Kèm theo Quyết định số 45/QĐ-HĐSK ngày 05 tháng 3 năm 2026)" in lines


def codes(council):
    return [each.work.code for each in facts.selected_works(council)]


def test_papers_say_that_they_await_their_number(council, store):
    lines = text_of(council, PaperKind.SUBMISSION, store)
    assert "Số: (chờ số)/TTr-HĐSK" in lines[1]
    assert "ngày ... tháng ... năm ......" in lines[1]


def test_a_submission_counts_how_many_dossiers_came_how_far(council):
    season = facts.submission_of(council).season
    assert (season.submitted, season.accepted, season.reviewed, season.selected) == (4, 4, 4, 2)


def test_papers_wait_for_the_end_of_the_session(secretary, app):
    with pytest.raises(Conflict):
        queries.ready(a_session().council)


def test_notices_are_numbered_one_after_the_other_and_refusals_say_why(council):
    a_number(council, PaperKind.NOTICE)
    ids = queries.ids_decided(council)

    notices = facts.notices_of(council, making.works.works_of(council, ids), first=0)

    assert [each.self_reference.number for each in notices] == [f"{number}/TB-HĐSK" for number in (101, 102, 103, 104)]
    assert [each.is_selected for each in notices] == [True, True, False, False]
    assert all(each.work.reasons for each in notices)


def test_a_notice_tells_authors_only_what_the_round_opens_to_them(council):
    council.round.audience = Openness(
        {**USUAL, Facet.POINTS: Opening(Audience.COUNCIL), Facet.REASONS: Opening(Audience.COUNCIL)}
    ).as_document()
    notice = making.notice_of(council, queries.ids_decided(council)[0])
    assert (notice.work.points, notice.work.votes, notice.work.reasons) == ("", "", ())
    assert notice.work.rank == "1"


def test_the_same_result_gives_the_same_bytes(council, store):
    some_certificates(council)
    for kind, given in (
        (PaperKind.DECISION, making.facts_of(council, PaperKind.DECISION)),
        (PaperKind.CERTIFICATE, making.certificates(council, base_url="http://localhost")[0][1]),
    ):
        for form in ("docx", "pdf"):
            made = [making.made(council, kind, given, form, store=store) for _ in range(2)]
            assert made[0] == made[1]


# --- number, date, signature --------------------------------------------------------------------


def test_a_number_needs_its_symbol_and_a_date(council, secretary, clock):
    for given, field in ((Registration("45"), "number"), (Registration("45/QĐ-HĐSK"), "dated")):
        with pytest.raises(Invalid) as refused, transaction():
            registering.register(council, Key(PaperKind.DECISION), given, read_version=0, by=secretary, now=clock.now())
        assert list(refused.value.fields) == [field]


def test_two_people_do_not_overwrite_each_other(council, secretary, clock):
    a_number(council, PaperKind.DECISION)
    with pytest.raises(Conflict), transaction():
        registering.register(
            council, Key(PaperKind.DECISION), Registration(), read_version=0, by=secretary, now=clock.now()
        )


def test_a_signed_scan_is_kept_with_its_hash_and_fixes_the_number(council, secretary, clock, store):
    paper = a_number(council, PaperKind.DECISION)
    with transaction():
        registering.keep_scan(paper, "quyet-dinh.pdf", PDF, store=store, by=secretary, now=clock.now())
    assert register.is_intact(paper, store)

    with pytest.raises(Conflict), transaction():
        registering.register(
            council, Key(PaperKind.DECISION), Registration(), read_version=paper.version, by=secretary, now=clock.now()
        )
    store.remove(paper.scan_stored_as)
    assert not register.is_intact(paper, store)


def test_what_is_no_scan_is_refused(council, secretary, clock, store):
    paper = a_number(council, PaperKind.DECISION)
    with pytest.raises(Invalid), transaction():
        registering.keep_scan(paper, "a.exe", b"MZ", store=store, by=secretary, now=clock.now())


def test_a_member_does_not_register_papers(council, clock):
    member = actor_of(account_of(council.members[-1]))
    with pytest.raises(Forbidden):
        registering.register(
            council, Key(PaperKind.DECISION), Registration(), read_version=0, by=member, now=clock.now()
        )


# --- certificates -------------------------------------------------------------------------------


def test_certificates_are_issued_once_each_with_a_code_of_its_own(council):
    assert (some_certificates(council), some_certificates(council)) == (2, 0)
    assert len(set(queries.check_codes(council).values())) == 2


def test_all_certificates_are_built_in_one_file(council, clock):
    some_certificates(council)
    a_number(council, PaperKind.CERTIFICATE)
    result = doing.build(
        {"council": council.code, "kind": "certificate"},
        by=the_secretary(),
        clock=clock,
        progress=lambda *_a, **_k: None,
    )
    batch = queries.batch(council, PaperKind.CERTIFICATE, BatchFormat.PDF)
    pages = PdfReader(BytesIO(Store(current_app.config["EVALUATOR"].files_dir).get(batch.stored_as))).pages
    assert (result["count"], len(pages)) == (2, 2)
    assert "008/GCN-HĐSK" in pages[1].extract_text()


def test_all_notices_are_built_in_files_to_print(council, clock, monkeypatch):
    monkeypatch.setattr(doing, "NOTICES_AT_ONCE", 3)
    seen = []
    doing.build(
        {"council": council.code, "kind": "notice"},
        by=the_secretary(),
        clock=clock,
        progress=lambda done, total, *_a, **_k: seen.append((done, total)),
    )
    assert (queries.batch(council, PaperKind.NOTICE, BatchFormat.ZIP).count, seen) == (4, [(0, 4), (3, 4)])


def checked(council, clock, place=0):
    certificate = db.session.query(Certificate).order_by(Certificate.id).all()[place]
    return queries.checked(certificate.check_code.lower(), now=clock.now())


def test_a_certificate_is_unknown_before_the_release_and_without_a_decision(council, clock):
    some_certificates(council)
    with pytest.raises(NotFound):
        checked(council, clock)
    council.round.released_at = START
    with pytest.raises(NotFound):
        checked(council, clock)


def test_the_public_page_of_a_certificate_says_only_what_is_published(council, clock, client):
    some_certificates(council)
    a_number(council, PaperKind.DECISION)
    council.round.released_at = START
    db.session.commit()
    shown = checked(council, clock)
    assert (shown.decision_number, shown.title, shown.authors) == ("45/QĐ-HĐSK", "", ())

    council.round.audience = Openness({**USUAL, Facet.RESULT: Opening(Audience.PUBLIC)}).as_document()
    assert (checked(council, clock).title != "", checked(council, clock).authors) == (True, ())

    db.session.get_one(Initiative, facts.selected_works(council)[0].id).state = State.PUBLISHED
    db.session.commit()
    assert len(checked(council, clock).authors) == 2
    page = client.follow(client.get(f"/certificates/?code={shown.code}"))
    assert (page.status, "Nguyễn Thị Ánh 1" in page.text) == (200, True)
    assert client.get("/certificates/KHONGCOMAUNAY").status == 404


# --- offices' own forms -------------------------------------------------------------------------


def a_form(*lines: str) -> bytes:
    """A Word document with these lines."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def take(council, data, *, kind=PaperKind.DECISION, store, clock):
    with transaction():
        return papers.take_form(council, kind, "mau.docx", data, store=store, by=the_secretary(), now=clock.now())


def test_an_office_form_is_filled_in_and_repeats_its_rows(council, store, clock):
    a_number(council, PaperKind.DECISION)
    take(council, examples.example(PaperKind.DECISION), store=store, clock=clock)

    lines = text_of(council, PaperKind.DECISION, store)

    assert any(line.startswith("45/QĐ-HĐSK") for line in lines)
    assert sum("Nguyễn Thị Ánh" in line for line in lines) == 2
    with pytest.raises(NotFound):
        making.made(council, PaperKind.DECISION, making.facts_of(council, PaperKind.DECISION), "pdf", store=store)


@pytest.mark.parametrize("kind", [PaperKind.SUBMISSION, PaperKind.NOTICE, PaperKind.CERTIFICATE, PaperKind.MINUTES])
def test_the_form_to_begin_with_passes_its_own_check(council, store, clock, kind):
    assert take(council, examples.example(kind), kind=kind, store=store, clock=clock).retired_at is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ sso }}", ("sso", "so")),
        ("{% for dong in danh_sach %}{{ dong.tenn }}{% endfor %}", ("dong.tenn", "dong.ten")),
        ("{{ so.__class__ }}", ("so.__class__", None)),
        ("{{ so|upper }}", None),
        ("{{ ''.join(so) }}", None),
        ("{% for x in range(9) %}{% endfor %}", None),
        ("{{ so", None),
    ],
)
def test_a_form_that_names_something_else_is_refused_with_the_remedy(council, store, clock, line, said):
    with pytest.raises(Invalid) as refused:
        take(council, a_form(line), store=store, clock=clock)
    values = refused.value.fields["file"][0].values
    if said is not None:
        assert (values["name"], values.get("near")) == said
    assert queries.form_for(council.round.unit_id, PaperKind.DECISION) is None


def test_what_is_no_word_document_is_refused(council, store, clock):
    with pytest.raises(Invalid):
        take(council, PDF, store=store, clock=clock)


def test_values_are_never_read_as_markup(council, store, clock):
    work = facts.selected_works(council)[0]
    db.session.get_one(Initiative, work.id).title = "Máy {{ so }} <w:p> & {% for %}"
    db.session.commit()
    take(council, a_form("{{ so }}", "{% for w in danh_sach %}{{ w.ten }};{% endfor %}"), store=store, clock=clock)
    assert "Máy {{ so }} <w:p> & {% for %};Sổ tay điện tử của khu dân cư;" in text_of(
        council, PaperKind.DECISION, store
    )


def test_our_own_form_serves_again_when_the_offices_is_retired(council, store, clock, secretary):
    take(council, a_form("{{ so }}"), store=store, clock=clock)
    with transaction():
        papers.retire_form(council, PaperKind.DECISION, by=secretary, now=clock.now())
    assert "QUYẾT ĐỊNH" in text_of(council, PaperKind.DECISION, store)


# --- the comparison -----------------------------------------------------------------------------


def found(council, store):
    return [
        (each.paper, each.what.values)
        for wanted in checking.the_set(council, store=store, base_url="http://localhost")
        for each in deviations(wanted)
    ]


def test_our_own_set_agrees(council, store):
    for kind in NUMBERS:
        a_number(council, kind)
    a_number(council, PaperKind.MINUTES, "03/BB-HĐSK", about="1")
    some_certificates(council)
    assert found(council, store) == []


def test_a_set_that_awaits_its_numbers_agrees_too(council, store):
    some_certificates(council)
    assert found(council, store) == []


def test_a_number_typed_into_an_office_form_is_found(council, store, clock):
    for kind in NUMBERS:
        a_number(council, kind)
    rows = "{% for w in danh_sach %}{{ w.ten }} | {{ w.tac_gia_ty_le }} | {{ w.don_vi }};{% endfor %}"
    take(council, a_form("Số: 99/QĐ-HĐSK", "{{ so }}", "{{ to_trinh }}", rows), store=store, clock=clock)
    assert found(council, store) == [("Quyết định", {"number": "99/QĐ-HĐSK"})]


@pytest.mark.parametrize(
    ("rows", "differs"),
    [
        (
            "Sổ tay điện tử của khu dân cư | {% for w in danh_sach %}{{ w.tac_gia_ty_le }} | {{ w.don_vi }}{% endfor %}",
            "title",
        ),
        (
            "Mô hình phân loại rác {% for w in danh_sach %}{{ w.ten }} | {{ w.tac_gia_ty_le }} | {{ w.don_vi }}{% endfor %}",
            "title",
        ),
        ("{% for w in danh_sach %}{{ w.ten }} | {{ w.tac_gia }} | {{ w.don_vi }}{% endfor %}", "text"),
    ],
)
def test_a_form_that_drops_adds_or_shortens_is_found(council, store, clock, rows, differs):
    take(council, a_form("{{ so }}", rows), store=store, clock=clock)
    said = found(council, store)
    assert {name for name, _ in said} == {"Quyết định"}
    assert all(differs in values for _, values in said)


def test_the_wrong_order_is_found(council, store, clock):
    first, second = (each.work for each in facts.selected_works(council))
    lines = [f"{work.title} | {work.names_with_shares} | {work.unit}" for work in (second, first)]
    take(council, a_form("{{ so }}", *lines), store=store, clock=clock)
    assert [values["title"] for _, values in found(council, store)] == [second.title]


# --- pages --------------------------------------------------------------------------------------


def test_the_secretary_registers_issues_builds_and_compares_on_pages(council, client, clock):
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get(f"/council/{council.code}/papers")
    assert "Chờ số" in page.text
    page = client.get(f"/council/{council.code}/papers/decision/register")
    sent = {"number": "45/QĐ-HĐSK", "dated": "2026-03-05", "signer": "Lê Thị Minh Nguyệt"}
    assert "45/QĐ-HĐSK" in client.follow(client.submit(page.form(), page, **sent)).text
    page = client.get(f"/council/{council.code}/papers")
    issued = client.follow(client.submit(page.form("Cấp 2 giấy chứng nhận"), page))
    assert "Đã cấp 2 giấy chứng nhận" in issued.text
    assert client.take(f"/council/{council.code}/papers/decision.pdf").status == 200  # says so on record, once a day
    assert client.get(f"/council/{council.code}/papers/decision.pdf").body.startswith(b"%PDF")
    assert client.get(f"/council/{council.code}/papers/certificates/{codes(council)[0]}.docx").status == 200
    assert client.get(f"/council/{council.code}/papers/notices/{codes(council)[0]}.pdf").status == 200


def test_minutes_on_the_offices_own_form_are_handed_out_from_the_set(council, client, clock, store):
    take(
        council, a_form("{{ so }}", "Biên bản riêng: {{ phien_hop }}"), kind=PaperKind.MINUTES, store=store, clock=clock
    )
    client.sign_in(account_of(council.members[0]))
    page = client.get(f"/council/{council.code}/papers")
    address = f"/council/{council.code}/papers/minutes/1.docx"
    assert address in page.links().values()
    assert any(line.startswith("Biên bản riêng: Phiên họp thứ nhất") for line in lines_of(client.get(address).body))
    assert client.get(f"/council/{council.code}/papers/minutes/9.docx").status == 404


def test_others_do_not_learn_of_the_papers(council, client):
    client.sign_in(an_account(Role.EDITOR))
    for address in ("papers", "papers/decision.docx", "papers/forms", "papers/consistency", "release"):
        assert client.get(f"/council/{council.code}/{address}").status == 404
