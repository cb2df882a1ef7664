"""Ten dossiers with names planted everywhere: the pre-check finds all, and nothing reviewers get contains one."""

import io

import docx
import openpyxl
import pytest

from evaluator.core.db import db, transaction
from evaluator.core.errors import Invalid
from evaluator.core.files import Store, read
from evaluator.initiatives import checking, files, precheck, service
from evaluator.initiatives.blind import blind, blind_bytes_key
from evaluator.initiatives.models import Initiative
from evaluator.policy import OPERATOR
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.precheck import find
from evaluator.rules.roles import Role
from tests.factories import START, a_round, actor_of, an_account, an_author, an_initiative
from tests.factories_named_files import (
    PLANTED,
    a_scan,
    everything_in,
    in_excel,
    in_pdf,
    in_word_changes,
    in_word_pieces,
)

NAME = "Vi Thị Khuyên"
UNIT = "Trường Tiểu học Quảng Cát, thành phố Thanh Hóa"
# The same person and unit as people write them.
SPELT = {
    "word, in pieces": NAME,
    "word, headers and properties": NAME.upper(),
    "word, tracked changes": "Vi Thi Khuyen",
    "word, comments and addresses": NAME,
    "excel": "vi thị khuyên",
    "excel, in pieces": "Trường TH Quảng Cát",
    "powerpoint": "Vi  Thị   Khuyên",
    "pdf": NAME,
    "jpeg": NAME,
    "png": NAME,
}
TEXT = (
    "Cô Khuyên (0912 345 678, vi.khuyen@qc.example) ở TH Quảng Cát, nhóm Thị Khuyên, VI THỊ KHUYÊN, "
    "ViThiKhuyen, tổ của V.T. Khuyên tại Thanh Hoá."
)


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


@pytest.fixture
def store(app, tmp_path):
    return Store(tmp_path)


def a_dossier(store, *sent: tuple[str, bytes], **columns) -> Initiative:
    """A dossier of the person, with files, that waits to be checked."""
    author = an_author(name=NAME, workplace=UNIT, phone="+84 912 345 678", email="vi.khuyen@qc.example")
    dossier = an_initiative(in_round=a_round(), state=State.DRAFT, authors=[author], **columns)
    for name, data in sent:
        upload = files.receive(name, data, store=store)
        with transaction():
            service.attach(dossier, upload, by=OPERATOR, now=START)
    with transaction():
        dossier.state, dossier.submitted_at, dossier.receipt_number = State.SUBMITTED, START, dossier.id
    return dossier


def accept(dossier: Initiative, store, by, *, withhold: tuple[str, ...] = (), let_stand: tuple[str, ...] = ()) -> None:
    """Accept as the secretary's page does."""
    copies = precheck.struck_copies(dossier, let_stand=let_stand, withhold=withhold, store=store)
    with transaction():
        checking.accept(
            dossier, copies=copies, let_stand=let_stand, withhold=withhold, reason="Là tên một giống cây.",
            by=by, now=START,
        )  # fmt: skip


def given(dossier: Initiative, store) -> list[tuple[str, bytes]]:
    """What a reviewer can download: kind and bytes."""
    return [(each.kind, store.get(blind_bytes_key(dossier, each.name))) for each in blind(dossier).files]


@pytest.mark.parametrize("place", PLANTED)
def test_a_name_planted_anywhere_is_found_and_goes_to_no_reviewer(place, store, secretary):
    kind, make = PLANTED[place]
    spelt = SPELT[place]
    dossier = a_dossier(
        store, (f"bao-cao-{spelt.replace(' ', '-')}.{kind}", make(spelt)), title=f"Máy của {NAME}", problem=TEXT, scope=UNIT
    )  # fmt: skip
    wanted = precheck._needles(dossier)
    (report,) = precheck.in_files(dossier)

    assert report.found or report.gone, "nothing was found"
    assert report.in_name, "the name of the file was not looked at"
    is_strikeable = report.is_strikeable or not report.found
    accept(dossier, store, secretary, withhold=() if is_strikeable else (report.attachment.code,))

    value = blind(dossier)
    told = [
        value.title,
        value.scope,
        value.field,
        *(each.text for each in value.texts),
        *(each.name for each in value.files),
    ]
    assert [hit.text for text in told for hit in find(text, wanted)] == []
    for given_kind, data in given(dossier, store):
        assert [hit.text for hit in find(everything_in(data, given_kind), wanted, is_prose=False)] == []
    assert len(value.files) == is_strikeable


def test_every_place_of_a_find_is_shown(store, secretary):
    kinds = {}
    for place, (kind, make) in PLANTED.items():
        (report,) = precheck.in_files(a_dossier(store, (f"a.{kind}", make(NAME))))
        kinds[place] = {each.heading for each in (*report.found, *report.gone)}

    assert precheck.PLACES[precheck.Place.HEADER] in kinds["word, headers and properties"]
    assert precheck.PLACES[precheck.Place.PROPERTY] in kinds["word, headers and properties"]
    assert precheck.PLACES[precheck.Place.COMMENT] in kinds["word, comments and addresses"]
    assert precheck.PLACES[precheck.Place.TEXT] in kinds["word, in pieces"]
    assert precheck.PLACES[precheck.Place.SLIDE] in kinds["powerpoint"]
    assert precheck.PLACES[precheck.Place.PAGE] in kinds["pdf"]
    assert {
        precheck.PLACES[place] for place in (precheck.Place.TEXT, precheck.Place.COMMENT, precheck.Place.HIDDEN)
    } <= kinds["excel"]
    assert precheck.PLACES[precheck.Place.CHANGE] in kinds["word, tracked changes"]
    assert kinds["jpeg"] == kinds["png"] == {precheck.PLACES[precheck.Place.PROPERTY]}


def test_a_struck_file_opens_and_keeps_all_else(store, secretary):
    dossier = a_dossier(store, ("a.docx", in_word_pieces(NAME)), ("b.xlsx", in_excel(NAME)))
    accept(dossier, store, secretary)

    (_docx, word), (_xlsx, excel) = given(dossier, store)
    text = docx.Document(io.BytesIO(word))
    book = openpyxl.load_workbook(io.BytesIO(excel))

    assert text.paragraphs[0].text.strip() == "Sáng kiến do […]"
    assert [cell.text for cell in text.tables[0].rows[0].cells] == ["[…]", ""]
    assert book.sheetnames == ["…"]
    assert (book.active["A1"].value, book.active["B2"].value) == ("Số liệu", "Người lập: […]")


def test_what_is_let_stand_stands_and_nothing_else(store, secretary):
    dossier = a_dossier(store, ("a.docx", in_word_changes(NAME)))
    (report,) = precheck.in_files(dossier)

    accept(dossier, store, secretary, let_stand=tuple(each.key for each in report.found))

    ((kind, data),) = given(dossier, store)
    assert NAME in everything_in(data, kind)


def test_a_file_that_still_tells_is_refused_whatever_door_it_comes_by(store, secretary):
    dossier = a_dossier(store, ("a.pdf", in_pdf(NAME)))
    (report,) = precheck.in_files(dossier)
    assert not report.is_strikeable

    with pytest.raises(Invalid) as refused:
        accept(dossier, store, secretary)
    assert list(refused.value.fields) == ["files"]
    unstruck = a_dossier(store, ("b.docx", in_word_pieces(NAME)))
    with pytest.raises(Invalid), transaction():
        checking.accept(unstruck, by=secretary, now=START)
    assert (dossier.state, dossier.blind_code) == (State.SUBMITTED, None)


def test_a_cleaned_copy_takes_the_place_of_the_one_that_tells_and_is_looked_at_again(store, secretary):
    dossier = a_dossier(store, ("a.pdf", in_pdf(NAME)))
    (attachment,) = dossier.attachments
    original = attachment.stored_as
    with transaction():
        checking.replace_copy(
            dossier, attachment, files.receive("x.pdf", in_pdf("một người"), store=store), by=secretary, now=START
        )

    accept(dossier, store, secretary)

    ((kind, data),) = given(dossier, store)
    assert NAME not in everything_in(data, kind)
    assert db.session.get(type(attachment), attachment.id).stored_as == original


def test_a_copy_of_another_kind_is_refused(store, secretary):
    dossier = a_dossier(store, ("a.pdf", in_pdf(NAME)))
    upload = files.receive("x.docx", in_word_pieces("một người"), store=store)
    with pytest.raises(Invalid), transaction():
        checking.replace_copy(dossier, dossier.attachments[0], upload, by=secretary, now=START)


def test_a_scan_says_that_it_cannot_be_read(store, secretary):
    (report,) = precheck.in_files(a_dossier(store, ("a.pdf", a_scan())))

    assert (report.has_words, report.unread, report.pictures) == (False, 1, 1)


def test_numbers_of_a_table_are_no_telephone_numbers_but_the_author_s_are(store, secretary):
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in ((8412345678, 912345678), ("0987654321", "84.000.000.000")):
        book.active.append(row)
    book.save(out)
    (report,) = precheck.in_files(a_dossier(store, ("a.xlsx", out.getvalue())))

    assert {each.text for each in report.found} == {"912345678", "0987654321"}
    assert read(out.getvalue(), "xlsx").has_words
