"""An author's way: begin, save, submit once, complete, withdraw; and what the secretary decides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import null, select, update

from evaluator import invariants
from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from evaluator.core.files import Store
from evaluator.initiatives import checking, files, precheck, queries, service
from evaluator.initiatives.blind import blind, blind_bytes_key
from evaluator.initiatives.indexing import INDEX, scope_of
from evaluator.initiatives.models import Initiative
from evaluator.initiatives.service import AuthorDraft, Draft
from evaluator.initiatives.timeline import timeline
from evaluator.notices.models import Notice
from evaluator.policy import ANYONE, OPERATOR, Action, allows
from evaluator.rules.calendar import Phase, end_of_day
from evaluator.rules.dossier import Kind
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import (
    CANARY,
    DAY,
    START,
    a_round,
    a_unit,
    actor_of,
    an_account,
    an_attachment,
    an_author,
    an_initiative,
)
from tests.factories_intake import a_pdf

DRAFT = Draft(
    title="Tưới nhỏ giọt bằng ống tận dụng",
    kind=Kind.INITIATIVE,
    field="Nông nghiệp",
    unit_name="Xã Hà Trung",
    applied_on=date(2025, 9, 12),
    money_benefit=25_000_000,
    texts={
        "problem": "Thất thoát nước.",
        "solution": "Tưới nhỏ giọt.",
        "novelty": "Không cần điện.",
        "benefit_author": "Bớt công.",
    },
    authors=(AuthorDraft(name="Lò Thị Mai", share=10_000, workplace="Xã Hà Trung"),),
)


@pytest.fixture
def author(app):
    return an_account(Role.AUTHOR, unit=a_unit(name="Xã Hà Trung"))


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


@pytest.fixture
def begun(author, clock) -> Initiative:
    with transaction():
        return service.start_draft(a_round(), once="o" * 30, by=actor_of(author), now=clock.now())


def save(initiative, draft, *, by, clock, version=None):
    with transaction():
        read = version or initiative.version
        return service.save_draft(initiative, draft, read_version=read, by=actor_of(by), now=clock.now())


def submit(initiative, *, by, clock):
    with transaction():
        return service.submit(initiative, by=actor_of(by), now=clock.now())


def notices() -> list[str]:
    return list(db.session.scalars(select(Notice.template).order_by(Notice.id)))


# --- beginning and saving ---------------------------------------------------------------------


def test_a_dossier_begins_with_its_owner_as_the_only_author(begun, author):
    assert (begun.state, begun.owner_id, begun.receipt_number) == (State.DRAFT, author.id, None)
    assert [(each.name, each.share, each.account_id, each.workplace) for each in begun.authors] == [
        (author.name, 10_000, author.id, "Xã Hà Trung")
    ]


def test_the_same_form_sent_twice_begins_one_dossier(begun, author, clock):
    with transaction():
        again = service.start_draft(begun.round, once="o" * 30, by=actor_of(author), now=clock.now())

    assert again.id == begun.id
    assert len(db.session.scalars(select(Initiative)).all()) == 1


@pytest.mark.parametrize("phase", [Phase.BEFORE, Phase.CHECKING, Phase.REVIEW])
def test_no_dossier_begins_outside_the_term(app, author, clock, phase):
    a_closed_round = a_round(phase=phase)

    with pytest.raises(Closed), transaction():
        service.start_draft(a_closed_round, once="o" * 30, by=actor_of(author), now=clock.now())


def test_a_draft_is_kept_however_little_it_says(begun, author, clock):
    save(begun, Draft(title="  Tưới   nhỏ giọt "), by=author, clock=clock)

    assert (begun.title, begun.kind, begun.authors) == ("Tưới nhỏ giọt", None, [])


def test_what_is_typed_is_stored_in_one_normal_form_and_knows_its_unit(begun, author, clock):
    decomposed = "Sa\u0301ng kie\u0302\u0301n"

    save(begun, replace(DRAFT, title=decomposed), by=author, clock=clock)

    assert begun.title == "Sáng kiến"
    assert begun.unit_id == author.unit_id == begun.authors[0].unit_id


def test_an_author_keeps_the_account_while_the_address_stays(begun, author, clock):
    kept = AuthorDraft(name="Tên mới", share=6_000, email=author.email)

    save(begun, replace(DRAFT, authors=(AuthorDraft(name="Hà Lan", share=4_000), kept)), by=author, clock=clock)

    assert [each.account_id for each in begun.authors] == [None, author.id]


def test_of_two_windows_the_second_is_told_and_overwrites_nothing(begun, author, clock):
    read = begun.version
    save(begun, replace(DRAFT, title="Cửa sổ một"), by=author, clock=clock, version=read)

    with pytest.raises(Conflict):
        save(begun, replace(DRAFT, title="Cửa sổ hai"), by=author, clock=clock, version=read)

    assert begun.title == "Cửa sổ một"


def test_more_authors_than_a_dossier_can_have_are_refused(begun, author, clock):
    crowd = tuple(AuthorDraft(name=f"A {number}", share=100) for number in range(31))

    with pytest.raises(Invalid) as caught:
        save(begun, replace(DRAFT, authors=crowd), by=author, clock=clock)

    assert list(caught.value.fields) == ["authors"]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.SECRETARY])
def test_nobody_else_writes_in_a_draft(begun, clock, role):
    stranger = an_account(role)

    with pytest.raises(NotFound):
        save(begun, DRAFT, by=stranger, clock=clock)


# --- submitting -------------------------------------------------------------------------------


def test_submitting_gives_a_receipt_and_tells_the_author(begun, author, clock):
    save(begun, DRAFT, by=author, clock=clock)

    submit(begun, by=author, clock=clock)

    assert (begun.state, begun.receipt_number, begun.submitted_at) == (State.SUBMITTED, 1, clock.now())
    assert begun.content_hash == service.content_hash(begun)
    assert notices() == ["initiative-submitted"]
    assert db.session.scalars(select(Entry.event).order_by(Entry.id.desc()).limit(1)).one() == "initiative.submitted"


def test_receipts_of_a_round_are_numbered_one_after_the_other(author, clock):
    in_round = a_round()
    with transaction():
        made = [
            service.start_draft(in_round, once=f"{number:030}", by=actor_of(author), now=clock.now())
            for number in range(3)
        ]
    for initiative in made:
        save(initiative, DRAFT, by=author, clock=clock)
        submit(initiative, by=author, clock=clock)

    assert [initiative.receipt_number for initiative in made] == [1, 2, 3]


def test_an_incomplete_dossier_stays_a_draft_and_says_what_is_missing(begun, author, clock):
    save(begun, replace(DRAFT, title="", authors=(AuthorDraft(name="Mai", share=9_900),)), by=author, clock=clock)

    with pytest.raises(Invalid) as caught:
        submit(begun, by=author, clock=clock)

    assert sorted(caught.value.fields) == ["authors", "title"]
    assert begun.state is State.DRAFT


def test_a_second_submission_is_told_the_number_of_the_first(begun, author, clock):
    save(begun, DRAFT, by=author, clock=clock)
    submit(begun, by=author, clock=clock)

    with pytest.raises(Conflict, match="already submitted, under the number 1"):
        submit(begun, by=author, clock=clock)

    assert notices() == ["initiative-submitted"]


def test_the_whole_last_day_counts_and_the_next_moment_does_not(begun, author, clock):
    save(begun, DRAFT, by=author, clock=clock)
    closes = begun.round.submission_closes_at
    clock.moment = closes + timedelta(microseconds=1)

    with pytest.raises(Closed):
        submit(begun, by=author, clock=clock)

    clock.moment = closes
    assert submit(begun, by=author, clock=clock).state is State.SUBMITTED


def test_a_submitted_dossier_is_found_by_its_words_without_marks(begun, author, clock):
    save(begun, DRAFT, by=author, clock=clock)
    submit(begun, by=author, clock=clock)

    scope = scope_of(begun.round_id)
    assert INDEX.best("tuoi nho gi", scope=scope) == [begun.id]
    assert INDEX.best("lo thi mai", scope=scope) == [begun.id]
    assert INDEX.best("tuoi", scope=scope_of(begun.round_id + 1)) == []


# --- checking ---------------------------------------------------------------------------------


def test_accepting_gives_a_blind_code_and_tells_the_author(secretary, clock):
    initiative = an_initiative()

    with transaction():
        checking.accept(initiative, by=secretary, now=clock.now())

    assert (initiative.state, initiative.checked_at) == (State.ACCEPTED, clock.now())
    assert initiative.blind_code not in {None, initiative.code}
    assert notices() == ["initiative-accepted"]


def test_a_supplement_hands_the_pen_back_until_its_day(secretary, author, clock):
    initiative = an_initiative(owner=author)
    until = end_of_day(date(2026, 3, 7))
    with transaction():
        checking.ask_supplement(initiative, "Thiếu xác nhận của đơn vị.", until=until, by=secretary, now=clock.now())
    assert (initiative.state, notices()) == (State.SUPPLEMENT, ["supplement-asked"])

    clock.moment = until
    save(initiative, DRAFT, by=author, clock=clock)
    submit(initiative, by=author, clock=clock)

    assert (initiative.state, initiative.supplements[0].answered_at) == (State.SUBMITTED, until)
    assert initiative.content_hash == service.content_hash(initiative)


def test_a_supplement_after_its_day_is_too_late(secretary, author, clock):
    initiative = an_initiative(owner=author)
    until = end_of_day(date(2026, 3, 7))
    with transaction():
        checking.ask_supplement(initiative, "Thiếu xác nhận của đơn vị.", until=until, by=secretary, now=clock.now())

    clock.moment = until + timedelta(microseconds=1)

    with pytest.raises(Closed):
        save(initiative, DRAFT, by=author, clock=clock)


def test_words_changed_in_a_supplement_are_found_and_the_old_ones_are_not(begun, secretary, author, clock):
    save(begun, DRAFT, by=author, clock=clock)
    submit(begun, by=author, clock=clock)
    with transaction():
        until = clock.now() + DAY
        checking.ask_supplement(begun, "Đổi tên cho đúng.", until=until, by=secretary, now=clock.now())

    save(begun, replace(DRAFT, title="Bếp đun tiết kiệm củi"), by=author, clock=clock)

    assert INDEX.best("bep dun") == [begun.id]
    assert INDEX.best("ong tan dung") == []


def test_refusing_needs_a_reason_that_the_author_is_told(secretary, clock):
    initiative = an_initiative()

    with pytest.raises(Invalid) as caught, transaction():
        checking.refuse(initiative, "  không ", by=secretary, now=clock.now())
    assert list(caught.value.fields) == ["reason"]

    with transaction():
        checking.refuse(initiative, "Đã được công nhận năm 2024.", by=secretary, now=clock.now())
    assert (initiative.state, initiative.reason, notices()) == (
        State.REFUSED, "Đã được công nhận năm 2024.", ["initiative-refused"],
    )  # fmt: skip


def test_a_supplement_cannot_be_due_in_the_past(secretary, clock):
    initiative = an_initiative()

    with pytest.raises(Invalid) as caught, transaction():
        checking.ask_supplement(initiative, "Thiếu xác nhận.", until=clock.now(), by=secretary, now=clock.now())

    assert list(caught.value.fields) == ["until"]


def test_a_dossier_is_decided_once(secretary, clock):
    initiative = an_initiative()
    with transaction():
        checking.accept(initiative, by=secretary, now=clock.now())

    with pytest.raises(Forbidden), transaction():
        checking.refuse(initiative, "Đổi ý rồi, không nhận nữa.", by=secretary, now=clock.now())


def test_a_secretary_does_not_check_a_dossier_of_her_own(app, clock):
    both = an_account(Role.AUTHOR, Role.SECRETARY)
    initiative = an_initiative(owner=both)

    with pytest.raises(Forbidden), transaction():
        checking.accept(initiative, by=actor_of(both), now=clock.now())


def test_a_dossier_without_account_is_written_to_at_the_first_address(secretary, clock):
    initiative = an_initiative(
        authors=[an_author(email="", share=5_000), an_author(email="hai@example.org", share=5_000)]
    )
    initiative.owner_id = None
    db.session.commit()

    with transaction():
        checking.accept(initiative, by=secretary, now=clock.now())

    assert db.session.scalars(select(Notice.address)).all() == ["hai@example.org"]


def test_accepting_masks_what_tells_of_the_authors_in_what_reviewers_read(secretary, clock):
    initiative = an_initiative(
        authors=[an_author(name="Lê Văn Tùng", workplace="Trường Tiểu học Quảng Cát")],
        title="Dạy đọc ở Trường TH Quảng Cát",
        problem="Thầy Tùng đã dạy 16 năm, gọi 0319 435 473.",
        scope="Trường Tiểu học Quảng Cát",
    )

    with transaction():
        checking.accept(initiative, by=secretary, now=clock.now())

    value = blind(initiative)
    assert (value.title, value.scope) == ("Dạy đọc ở […]", "[…]")
    assert value.texts[0].text == "[…] đã dạy 16 năm, gọi […]."
    assert (initiative.title, initiative.scope) == ("Dạy đọc ở Trường TH Quảng Cát", "Trường Tiểu học Quảng Cát")


def test_a_trace_may_stand_for_a_reason_that_stays_on_record(secretary, clock):
    initiative = an_initiative(
        authors=[an_author(name="Lê Văn Tùng")], problem="Theo Lê Văn Tùng, 1995.", solution="Xem Lê Văn Tùng."
    )
    (first, _second) = precheck.in_texts(initiative)

    with pytest.raises(Invalid) as caught, transaction():
        checking.accept(initiative, let_stand=[first.key], by=secretary, now=clock.now())
    assert list(caught.value.fields) == ["reason"]

    with transaction():
        checking.accept(
            initiative, let_stand=[first.key], reason="Là tài liệu trích dẫn.", by=secretary, now=clock.now()
        )
    texts = {each.name: each.text for each in blind(initiative).texts}
    assert (texts["problem"], texts["solution"]) == ("Theo Lê Văn Tùng, 1995.", "Xem […].")
    facts = db.session.scalars(select(Entry.facts).where(Entry.event == "initiative.accepted")).one()
    assert (facts["let_stand"], facts["why"]) == ([first.key], "Là tài liệu trích dẫn.")


def test_a_trace_is_shown_with_the_whole_words_around_it(app):
    words = "một hai ba bốn năm sáu bảy tám chín mười " * 3
    initiative = an_initiative(authors=[an_author(name="Lê Văn Tùng")], problem=f"{words}Lê Văn Tùng {words}")

    (found,) = precheck.in_texts(initiative)

    assert (found.before.split()[0], found.before.split()[-1]) == ("…", "mười")
    assert (found.after.split()[0], found.after.split()[-1]) == ("một", "…")
    assert set(found.before.split()) <= {"…", *words.split()}


def test_a_file_that_names_its_author_is_shown_and_can_be_withheld(secretary, clock):
    initiative = an_initiative(authors=[an_author(name="Lê Văn Tùng")])
    named = an_attachment(initiative, position=1, words="Báo cáo của Le Van Tung")
    an_attachment(initiative, position=2)
    reports = precheck.in_files(initiative)
    assert [([each.text for each in report.found], report.has_words) for report in reports] == [
        (["Le Van Tung"], True),
        ([], False),
    ]

    with transaction():
        checking.accept(initiative, withhold=[named.code], by=secretary, now=clock.now())

    assert [file.name for file in blind(initiative).files] == ["tep-02.pdf"]
    with pytest.raises(NotFound):
        blind_bytes_key(initiative, "tep-01.pdf")


# --- withdrawing ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.IN_REVIEW])
def test_an_author_withdraws_until_the_reviews_are_complete(author, clock, state):
    initiative = an_initiative(owner=author, state=state)

    with transaction():
        service.withdraw(initiative, reason="Chưa kịp hoàn thiện.", by=actor_of(author), now=clock.now())

    assert (initiative.state, initiative.withdrawn_at, initiative.reason) == (
        State.WITHDRAWN, clock.now(), "Chưa kịp hoàn thiện.",
    )  # fmt: skip


def test_nobody_withdraws_after_the_reviews(author, clock):
    initiative = an_initiative(owner=author, state=State.REVIEWED)

    with pytest.raises(Forbidden), transaction():
        service.withdraw(initiative, reason="", by=actor_of(author), now=clock.now())


# --- files ------------------------------------------------------------------------------------


PDF = a_pdf(author=CANARY)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "files")


def attach(initiative, upload, *, by, clock):
    with transaction():
        return service.attach(initiative, upload, by=actor_of(by), now=clock.now())


def test_a_file_is_kept_as_it_came_and_once_more_without_its_maker(begun, author, clock, store):
    attached = attach(begun, files.receive(f"báo cáo {CANARY}.pdf", PDF, store=store), by=author, clock=clock)

    assert (attached.name, attached.kind, attached.size) == (f"báo cáo {CANARY}.pdf", "pdf", len(PDF))
    assert store.get(attached.stored_as) == PDF
    assert CANARY.encode() not in store.get(attached.blind_stored_as)


def test_the_same_file_is_not_attached_twice(begun, author, clock, store):
    upload = files.receive("a.pdf", PDF, store=store)
    attach(begun, upload, by=author, clock=clock)

    with pytest.raises(Invalid):
        attach(begun, upload, by=author, clock=clock)


def test_a_removed_file_is_gone_from_the_dossier(begun, author, clock, store):
    attached = attach(begun, files.receive("a.pdf", PDF, store=store), by=author, clock=clock)

    with transaction():
        service.remove_attachment(begun, attached, by=actor_of(author), now=clock.now())

    assert begun.attachments == []


def test_a_dossier_has_room_for_so_many_files(begun, author, clock):
    for _each in range(files.MOST_FILES):
        an_attachment(begun)
    upload = files.Upload("a.pdf", "pdf", 1, "f" * 64, "f" * 64, "e" * 64, 1, "")

    with pytest.raises(Invalid, match="not right"):
        attach(begun, upload, by=author, clock=clock)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"", "The file is empty."),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "This is an old Office file (.doc, .xls, .ppt). Save it as .docx, .xlsx or .pptx, or as PDF.",
        ),
        ("a.pdf", b"MZ\x90\x00", "This is a program, not a document."),
        ("a.pdf", b"words", "Files of this kind are not taken. Send PDF, Word, Excel, PowerPoint, JPEG or PNG."),
    ],
)
def test_files_that_are_not_taken_are_refused_with_the_reason(store, name, data, said):
    with pytest.raises(Invalid) as caught:
        files.receive(name, data, store=store)

    assert [str(each) for each in caught.value.fields["file"]] == [said]


def test_a_file_too_large_is_refused_with_its_size(store):
    with pytest.raises(Invalid) as caught:
        files.receive("a.pdf", b"%PDF-" + b"0" * files.MOST_BYTES, store=store)

    assert str(caught.value.fields["file"][0]).startswith("The file has 21 MB; 20 MB are allowed.")


# --- what others may see ----------------------------------------------------------------------


def test_the_blind_value_holds_nothing_of_its_author(app):
    initiative = an_initiative(
        state=State.ACCEPTED, participants=f"{CANARY}, kỹ thuật viên", confidential="Công thức pha"
    )
    an_attachment(initiative, position=1)

    value = blind(initiative)

    assert CANARY not in repr(value)
    assert initiative.code not in repr(value)
    assert value.code == initiative.blind_code
    assert [text.name for text in value.texts] == [
        "problem",
        "solution",
        "novelty",
        "conditions",
        "benefit_author",
        "benefit_applier",
    ]
    assert value.confidential == "Công thức pha"
    assert [file.name for file in value.files] == ["tep-01.pdf"]
    assert blind_bytes_key(initiative, "tep-01.pdf") == initiative.attachments[0].blind_stored_as


def test_there_is_no_blind_value_before_acceptance_and_no_file_of_another_name(app):
    with pytest.raises(NotFound):
        blind(an_initiative())
    with pytest.raises(NotFound):
        blind_bytes_key(an_initiative(state=State.ACCEPTED), "tep-01.pdf")


@pytest.mark.parametrize(
    "lost",
    [
        {"blind_copy": None},
        {"blind_copy": {}},
        {"blind_copy": {"scope": "", "problem": "Chỉ còn một phần"}},
        {"blind_title": ""},
        {"blind_code": None},
    ],
)
def test_a_dossier_whose_blind_copy_is_lost_is_not_shown_at_all(app, lost):
    initiative = an_initiative(state=State.ACCEPTED)
    assert blind(initiative).title == initiative.blind_title
    with transaction(keep=False):
        for name, value in lost.items():
            setattr(initiative, name, value)
        with pytest.raises(NotFound):
            blind(initiative)


@pytest.mark.parametrize("lost", [{"blind_copy": None}, {"blind_copy": null()}, {"blind_title": ""}])
def test_an_accepted_dossier_without_a_copy_is_found_by_the_invariant(app, lost):
    initiative = an_initiative(state=State.ACCEPTED)
    with transaction(keep=False):
        db.session.execute(update(Initiative).where(Initiative.id == initiative.id).values(**lost))
        assert invariants.check()["accepted-has-a-copy"] == [initiative.code]
    assert invariants.check()["accepted-has-a-copy"] == []


def test_the_list_of_what_one_may_see_agrees_with_the_policy(app):
    owner, co_author = an_account(Role.AUTHOR), an_account(Role.AUTHOR)
    people = [
        owner,
        co_author,
        an_account(Role.AUTHOR),
        an_account(Role.SECRETARY),
        an_account(Role.REVIEWER),
        an_account(Role.MEMBER),
        an_account(Role.CHAIR),
        an_account(Role.EDITOR),
        an_account(Role.ADMIN),
        an_account(Role.AUTHOR, Role.SECRETARY),
    ]
    shared = [an_author(name="Chủ", account_id=owner.id, share=5_000), an_author(account_id=co_author.id, share=5_000)]
    things = [an_initiative(owner=owner, state=state) for state in State]
    things += [an_initiative(owner=owner, authors=shared), an_initiative(owner=people[-1], state=State.DRAFT)]

    for actor in (*map(actor_of, people), ANYONE, OPERATOR):
        listed = {each.id for each in db.session.scalars(queries.visible_to(actor))}
        assert listed == {each.id for each in things if allows(actor, Action.INITIATIVE_READ, each)}, actor


def test_a_code_that_is_not_there_and_one_that_is_not_ours_answer_alike(app, author):
    other = an_initiative()

    for code in (other.code, "KHONG-CO"):
        with pytest.raises(NotFound):
            queries.get(code, actor=actor_of(author))


# --- the way of a dossier ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "current"),
    [
        (State.DRAFT, "Fill in and submit the dossier"),
        (State.SUBMITTED, "The secretariat checks whether it is complete"),
        (State.ACCEPTED, "Reviewers score it without knowing who wrote it"),
        (State.IN_REVIEW, "Reviewers score it without knowing who wrote it"),
        (State.REVIEWED, "The council meets and votes"),
        (State.SELECTED, "Publication in the compendium"),
    ],
)
def test_the_way_says_who_acts_now(app, state, current):
    steps = timeline(an_initiative(in_round=a_round(released_at=START), state=state))

    assert [str(step.what) for step in steps if step.how == "current"] == [current]


@pytest.mark.parametrize(
    ("state", "last", "how"),
    [
        (State.REFUSED, "Not accepted", "bad"),
        (State.WITHDRAWN, "Withdrawn", "bad"),
        (State.NOT_SELECTED, "Not selected in this round", "done"),
        (State.PUBLISHED, "Published", "gold"),
    ],
)
def test_the_way_ends_where_the_dossier_ends(app, state, last, how):
    released = a_round(released_at=START)
    step = timeline(an_initiative(in_round=released, state=state, reason="Vì vậy.", withdrawn_at=START))[-1]

    assert (str(step.what), step.how) == (last, how)
