"""What kind a file is, what it may unpack to, and copies that tell nothing of their maker."""

import io
import struct
import zipfile
import zlib

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from evaluator.core.errors import Invalid, NotFound
from evaluator.core.files import Store, check_zip, kind_of, scrubbed
from tests.factories import CANARY


def a_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": CANARY, "/Title": f"Báo cáo của {CANARY}"})
    writer.add_attachment(f"{CANARY}.txt", CANARY.encode())
    out = io.BytesIO()
    writer.write(out)
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        with document.open_metadata() as xmp:
            xmp["dc:creator"] = [CANARY]
        page = document.pages[0]
        page.Annots = document.make_indirect(
            pikepdf.Array(
                [
                    document.make_indirect(
                        pikepdf.Dictionary(
                            Type=pikepdf.Name.Annot,
                            Subtype=pikepdf.Name.Text,
                            Rect=[0, 0, 9, 9],
                            T=CANARY,
                            Contents="ghi chú",
                        )
                    )
                ]
            )
        )
        picture = pikepdf.Stream(
            document,
            a_jpeg(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=8,
            Height=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        kept = io.BytesIO()
        document.save(kept)
    return kept.getvalue()


def a_jpeg(*, orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = CANARY
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif, comment=CANARY.encode())
    return out.getvalue()


def a_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    plain = out.getvalue()
    text = b"tEXtAuthor\x00" + CANARY.encode()
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return plain[:33] + chunk + plain[33:]


def a_docx() -> bytes:
    document = docx.Document()
    document.core_properties.author = CANARY
    document.core_properties.last_modified_by = CANARY
    document.add_paragraph("Nội dung giải pháp")
    document.add_picture(io.BytesIO(a_jpeg()))
    document.add_comment(document.paragraphs[0].runs, text="Ý kiến", author=CANARY, initials=CANARY[:2])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def an_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = CANARY
    book.active["A1"] = "Số liệu"
    book.active["A1"].comment = openpyxl.comments.Comment("xem lại", CANARY)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def everything_in(data: bytes, kind: str) -> bytes:
    """All bytes a curious reader could get at: of zips every part, of PDFs every object decompressed."""
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(data)) as document:
            out = io.BytesIO()
            document.save(
                out,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
            )
            return out.getvalue()
    if kind in {"docx", "xlsx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) + name.encode() for name in archive.namelist())
    return data


FILES = {"pdf": a_pdf, "docx": a_docx, "xlsx": an_xlsx, "jpeg": a_jpeg, "png": a_png}


def hides(data: bytes, kind: str) -> bool:
    content = everything_in(data, kind)
    return not any(CANARY.encode(encoding) in content for encoding in ("utf-8", "utf-16-be", "utf-16-le"))


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_known_by_its_bytes(kind):
    assert kind_of(FILES[kind]()) == kind


@pytest.mark.parametrize("kind", FILES)
def test_a_scrubbed_copy_holds_nothing_of_its_maker(kind):
    original = FILES[kind]()
    assert not hides(original, kind), "the marker must stand in the original, or the test proves nothing"

    copy = scrubbed(original, kind)

    assert hides(copy, kind)
    assert kind_of(copy) == kind
    assert scrubbed(copy, kind) == copy


def test_a_scrubbed_document_still_opens_and_shows_what_it_showed():
    paragraphs = docx.Document(io.BytesIO(scrubbed(a_docx(), "docx"))).paragraphs
    assert paragraphs[0].text == "Nội dung giải pháp"
    assert openpyxl.load_workbook(io.BytesIO(scrubbed(an_xlsx(), "xlsx"))).active["A1"].value == "Số liệu"
    assert len(PdfReader(io.BytesIO(scrubbed(a_pdf(), "pdf"))).pages) == 1


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_the_pixels_of_a_picture_are_not_touched(kind):
    before, after = Image.open(io.BytesIO(FILES[kind]())), Image.open(io.BytesIO(scrubbed(FILES[kind](), kind)))

    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize(("orientation", "kept"), [(1, None), (6, 6), (3, 3)])
def test_a_photograph_keeps_only_which_way_is_up(orientation, kept):
    exif = Image.open(io.BytesIO(scrubbed(a_jpeg(orientation=orientation), "jpeg"))).getexif()

    assert dict(exif) == ({0x0112: kept} if kept else {})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
        (b"MZ\x90", "program"),
        (b"GIF89a", "gif"),
        (b"just words", ""),
        (a_zip(a=b"words"), "zip"),
        (a_zip(word__document_xml=b""), "zip"),
    ],
)
def test_other_kinds_are_told_apart(data, kind):
    assert kind_of(data) == kind


def test_a_document_with_macros_is_known_for_it():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<w/>")
        archive.writestr("xl/vbaProject.bin", "x")

    assert kind_of(data.getvalue()) == "macros"


def test_a_zip_that_swells_is_refused_by_what_it_claims():
    with pytest.raises(Invalid, match="unpacks into far more"):
        check_zip(a_zip(a=b"0" * 30_000_000))


@pytest.mark.parametrize("kind", ["docx", "xlsx", "jpeg", "png"])
def test_a_file_cut_in_half_is_refused_and_not_a_fault(kind):
    whole = FILES[kind]()

    with pytest.raises(Invalid, match="damaged"):
        scrubbed(whole[: len(whole) // 2], kind)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n" + b"\x00" * 200, b"%PDF-1.7\ntrailer << /Root 1 0 R >>"])
def test_a_pdf_without_a_page_is_refused_and_not_a_fault(data):
    with pytest.raises(Invalid, match="damaged"):
        scrubbed(data, "pdf")


def test_a_locked_pdf_is_refused():
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("mật khẩu")
    out = io.BytesIO()
    writer.write(out)

    with pytest.raises(Invalid, match="locked"):
        scrubbed(out.getvalue(), "pdf")


# --- the store --------------------------------------------------------------------------------


def test_the_store_gives_back_what_it_was_given_and_keeps_the_same_once(tmp_path):
    store = Store(tmp_path)

    key = store.put(b"words")

    assert store.put(b"words") == key
    assert store.get(key) == b"words"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_the_store_forgets_what_is_removed(tmp_path):
    store = Store(tmp_path)
    key = store.put(b"words")

    store.remove(key)
    store.remove(key)

    assert not store.has(key)
    with pytest.raises(NotFound):
        store.get(key)


def test_a_key_cannot_lead_out_of_the_store(tmp_path):
    with pytest.raises(NotFound):
        Store(tmp_path).get("../../etc/passwd")
