"""What is struck out of an office file: everything that was found, wherever a part can hold it, and nothing else."""

import io
import re
import unicodedata
import zipfile

import pytest

from evaluator.core.errors import Invalid
from evaluator.core.files import Place, read, scrubbed, struck

NAME = "Lê Văn Tùng"


def find(text: str, _is_prose: bool) -> list[tuple[int, int]]:
    """Find one name, with anything but letters between its words."""
    return [found.span() for found in re.finditer(r"Lê\W*Văn\W*Tùng", text)]


def a_package(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<w:p><w:t>do Lê Văn Tùng làm</w:t></w:p>", "<w:p><w:t>do […] làm</w:t></w:p>"),
        ("<w:p><w:t>Lê </w:t><w:b/><w:t>Văn Tùng &amp; tổ</w:t></w:p>", "<w:p><w:t>[…]</w:t><w:b/><w:t> &amp; tổ</w:t></w:p>"),
        ("<w:p><w:t>Lê Văn</w:t><w:br/><w:t>Tùng</w:t></w:p>", "<w:p><w:t>[…]</w:t><w:br/><w:t></w:t></w:p>"),
        ("<w:p><w:t>Lê</w:t></w:p><w:p><w:t>Văn Tùng</w:t></w:p>", "<w:p><w:t>[…]</w:t></w:p><w:p><w:t></w:t></w:p>"),
        ("<w:p><![CDATA[Lê Văn Tùng]]></w:p>", "<w:p>[…]</w:p>"),
        ("<w:p><!-- Lê Văn Tùng --><w:t>giữ</w:t></w:p>", "<w:p><w:t>giữ</w:t></w:p>"),
        ('<w:x w:descr="Ảnh Lê Văn Tùng" w:id="7"/>', '<w:x w:descr="Ảnh …" w:id="7"/>'),
        ("<c><f>'Lê Văn Tùng'!A1</f></c>", "<c><f>'…'!A1</f></c>"),
        ("<w:p><w:t>L&#234; V&#259;n T&#249;ng</w:t></w:p>", "<w:p><w:t>[…]</w:t></w:p>"),
    ],
)  # fmt: skip
def test_a_name_is_struck_in_every_piece_and_all_else_stays(before, after):
    for text in (before, unicodedata.normalize("NFD", before)):
        data = struck(a_package(word__other_xml=text + "<x/>"), find)
        assert unicodedata.normalize("NFC", part_of(data, "word/other.xml")).removesuffix("<x/>") == after or (
            text != before and "Lê" not in unicodedata.normalize("NFC", part_of(data, "word/other.xml"))
        )


def test_a_part_in_which_nothing_was_found_is_not_touched():
    content = "<?xml version='1.0'?>\r\n<w:p  a = 'b'><!-- c --><w:t>Nội dung</w:t></w:p>"

    assert part_of(struck(a_package(word__other_xml=content), find), "word/other.xml") == content


def test_a_file_within_the_file_is_read_scrubbed_and_struck():
    inner = a_package(word__document2_xml=f"<w:p><w:t>{NAME}</w:t></w:p>", docProps__core_xml=f"<a>{NAME}</a>")
    outer = scrubbed(a_package(word__embeddings__a_docx=inner), "docx")
    assert any(NAME in each.text for each in read(outer, "docx").passages)

    safe = struck(outer, find)

    with (
        zipfile.ZipFile(io.BytesIO(safe)) as archive,
        zipfile.ZipFile(io.BytesIO(archive.read("word/embeddings/a.docx"))) as within,
    ):
        assert [name for name in within.namelist() if NAME in within.read(name).decode()] == []


def test_the_address_behind_a_link_goes_and_one_inside_the_file_is_refused():
    link = '<Relationship Id="r" Target="mailto:L%C3%AA%20V%C4%83n%20T%C3%B9ng@x.vn" TargetMode="External"/>'
    inside = '<Relationship Id="r" Target="media/Lê Văn Tùng.png"/>'

    safe = struck(a_package(word__a_rels=link), find)

    assert part_of(safe, "word/a.rels") == '<Relationship Id="r" Target="about:blank" TargetMode="External"/>'
    with pytest.raises(Invalid):
        struck(a_package(word__a_rels=inside), find)


def test_what_holds_no_words_is_counted():
    reading = read(a_package(word__media__a_png=b"\x89PNG", word__embeddings__b_bin=b"\xd0\xcf"), "docx")

    assert (reading.pictures, reading.unread, reading.has_words) == (1, 1, False)


def test_the_small_picture_of_the_first_page_is_not_given_away():
    safe = scrubbed(a_package(docProps__thumbnail_jpeg=b"\xff\xd8 the first page"), "docx")

    with zipfile.ZipFile(io.BytesIO(safe)) as archive:
        assert b"first page" not in archive.read("docProps/thumbnail.jpeg")


def test_every_passage_says_where_it_stands():
    data = a_package(
        word__header1_xml="<w:p><w:t>a</w:t></w:p>",
        word__comments_xml="<w:p><w:t>b</w:t></w:p>",
        word__footnotes_xml="<w:p><w:t>c</w:t></w:p>",
        ppt__slides__slide12_xml="<a:p><a:t>d</a:t></a:p>",
    )

    places = {each.text: (each.place, each.where) for each in read(data, "docx").passages if each.place.is_prose}

    assert places == {
        "a": (Place.HEADER, ""),
        "b": (Place.COMMENT, ""),
        "c": (Place.NOTE, ""),
        "d": (Place.SLIDE, "12"),
    }
