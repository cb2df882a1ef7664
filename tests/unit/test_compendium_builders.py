"""Each builder three ways: the right structure, the same bytes twice, nothing of the machine or of markup in it."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from pypdf import PdfReader

from evaluator.compendium import indexes
from evaluator.compendium.builders import BUILDERS, build, pdf
from evaluator.compendium.edition import Section
from tests.factories_compendium import HOSTILE, an_edition, an_entry
from tests.markup import read

FORMATS = sorted(BUILDERS)
BOOK = an_edition()


@pytest.fixture(scope="module")
def made():
    return {name: build(BOOK, name) for name in FORMATS}


def words_of(content: bytes, name: str) -> str:
    """Return everything a reader, or somebody who takes the file apart, finds in it as text."""
    if name == "pdf":
        reader = PdfReader(BytesIO(content))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if name in {"docx", "epub"}:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "\n".join(archive.read(each).decode("utf-8", "replace") for each in archive.namelist())
    return content.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_gives_the_same_bytes_for_the_same_edition(made, name):
    assert build(BOOK, name) == made[name]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_tells_nothing_of_the_machine_that_made_it(made, name):
    words = words_of(made[name], name)

    assert [each for each in (str(Path.cwd()), "press-", "python-docx") if each in words] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_holds_every_title_author_and_unit(made, name):
    words = re.sub(
        r"\s+", " ", words_of(made[name], name).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    )
    words = words.replace('\\"', '"')

    wanted = {part for work in BOOK.works for part in (work.title, work.unit, *work.authors)}
    assert {part for part in wanted if part not in words} == set()


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_hostile_text_for_text(name):
    entry = an_entry(title=HOSTILE[:300], unit=HOSTILE, sections=())
    words = words_of(build(an_edition(entry, preface=HOSTILE), name), name)

    assert "#panic() $x$ *b*" in words
    assert "{{ 7*7 }}" in words
    assert "<script>alert" not in words or name in {"json", "pdf"}
    assert "\x07" not in words


def test_the_pdf_is_tagged_titled_and_of_the_books_size(made):
    reader = PdfReader(BytesIO(made["pdf"]))

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata.title == "Tuyển tập sáng kiến, ý tưởng tiêu biểu 2026"
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox.upper_right)
    assert (width, height) == (160, 240)


def test_the_contents_of_the_pdf_name_the_page_of_each_entry(made):
    pages = [page.extract_text() for page in PdfReader(BytesIO(made["pdf"])).pages]
    contents = next(text for text in pages if "Mục lục" in text and "Nông nghiệp" in text)

    for entry in BOOK.entries:
        number = next(
            place
            for place, text in enumerate(pages, 1)
            if f"{entry.number:03d}" in text and "Quyết định số 05/QĐ-HĐSK ngày" in text
        )
        assert re.search(rf"{entry.number:03d}.*?\b{number}\b", contents, re.DOTALL)


def test_the_bookmarks_of_the_pdf_follow_the_parts(made):
    titles = [each.title for each in PdfReader(BytesIO(made["pdf"])).outline if not isinstance(each, list)]

    assert [title for title in titles if title in BOOK.fields] == ["Nông nghiệp", "Y tế"]


def test_the_docx_has_headings_word_can_list(made):
    document = Document(BytesIO(made["docx"]))

    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert headings[-5:] == [
        "Phần I. Nông nghiệp",
        "Phần II. Y tế",
        "Danh mục công trình được công nhận",
        "Tra cứu theo tác giả",
        "Tra cứu theo đơn vị",
    ]
    assert [line.text for line in document.paragraphs if line.style.name == "Heading 2"][-3:] == [
        f"{entry.number:03d}. {entry.title}" for entry in BOOK.entries
    ]


def test_the_epub_begins_with_its_type_and_every_part_is_sound(made):
    with zipfile.ZipFile(BytesIO(made["epub"])) as archive:
        first = archive.infolist()[0]
        package = ET.fromstring(archive.read("book/package.opf"))  # noqa: S314 - a file of our own making
        listed = {item.attrib["href"] for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        names = {name.removeprefix("book/") for name in archive.namelist() if name.startswith("book/")}
        pages = {name: archive.read(f"book/{name}") for name in names if name.endswith("xhtml")}
    trees = {name: ET.fromstring(page) for name, page in pages.items()}  # noqa: S314 - same

    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert names == listed | {"package.opf"}
    ids = {name: {each.attrib["id"] for each in tree.iter() if "id" in each.attrib} for name, tree in trees.items()}
    links = {each.attrib["href"] for tree in trees.values() for each in tree.iter("{http://www.w3.org/1999/xhtml}a")}
    broken = [link for link in links if "#" in link and link.split("#")[1] not in ids[link.split("#")[0]]]
    assert broken == []


def test_the_site_is_sound_and_its_links_lead_somewhere(made):
    tree = read(made["html"].decode())

    ids = {each.attrs["id"] for each in tree.all() if "id" in each.attrs}
    targets = {link.attrs["href"].removeprefix("#") for link in tree.all("a")}
    assert targets - ids == set()
    assert len(tree.all("h1")) == 1
    assert [each.attrs["value"] for each in tree.all("li") if "value" in each.attrs] == ["1", "2", "3"]


def test_the_json_names_its_format_and_holds_the_edition(made):
    document = json.loads(made["json"])

    assert (document["format"], document["version"], document["year"]) == ("evaluator-edition", 1, 2026)
    assert [entry["number"] for entry in document["entries"]] == [1, 2, 3]


def test_the_authors_index_stands_in_vietnamese_order_by_given_name():
    groups = indexes.authors(BOOK)

    assert [(group.letter, [line.name for line in group.lines]) for group in groups] == [
        ("A", ["Nguyễn Thị Ánh"]),
        ("Ă", ["Ân Thị Ăn"]),
        ("Ư", ["Đỗ Văn Ước"]),
    ]
    assert groups[0].lines[0].entries == (1, 2)


def test_fields_without_entries_make_no_part():
    assert [(part.place, part.field) for part in indexes.parts(BOOK)] == [(1, "Nông nghiệp"), (2, "Y tế")]


@pytest.mark.parametrize(("length", "size"), [(300, 11.0), (1650, 9.5), (9000, 11.0)])
def test_the_type_shrinks_only_to_save_a_page(length, size):
    text = ("chữ nghĩa " * 1000)[:length]

    assert pdf.type_size(an_entry(sections=(Section("Nội dung", text),))) == size


def test_a_long_title_is_cut_at_a_word_for_the_running_line():
    assert pdf.shortened("Tưới nhỏ giọt " * 8) == "Tưới nhỏ giọt Tưới nhỏ giọt Tưới nhỏ giọt Tưới nhỏ giọt Tưới nhỏ …"
    assert pdf.shortened("Tưới nhỏ giọt") == "Tưới nhỏ giọt"
