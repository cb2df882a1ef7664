"""The Vietnamese catalogue is complete, says nothing twice, and keeps every placeholder."""

import pytest

from tests.architecture import catalogue


def test_every_marked_sentence_has_a_vietnamese_text():
    known = catalogue.translated()
    missing = {sentence: place for sentence, place in catalogue.marked().items() if sentence not in known}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_is_said_no_more():
    said = catalogue.marked().keys() | catalogue.marked_by_libraries()
    assert {one: places[0][0] for one, places in catalogue.translated().items() if one not in said} == {}


def test_every_text_is_there_once_with_the_same_placeholders():
    assert list(catalogue.wrong_translations(catalogue.translated())) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"Sign in": [("web.po", ("Đăng nhập",), False), ("people.po", ("Vào",), False)]},
        {"Sign in": [("web.po", ("",), False)]},
        {"Sign in": [("web.po", ("Đăng nhập",), True)]},
        {"%(count)s sheets": [("web.po", ("%(number)s phiếu",), False)]},
        {"%(count)s sheets": [("web.po", ("phiếu",), False)]},
    ],
)
def test_a_wrong_translation_is_found(bad):
    assert len(list(catalogue.wrong_translations(bad))) == 1
