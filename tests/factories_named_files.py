"""Files with a name planted in one place each, as offices make them; and everything a curious reader can get out."""

import io
import re
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pikepdf
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image, PngImagePlugin

from evaluator.papers.paper import Letterhead, Paper, Paragraph
from evaluator.papers.pdf import pdf

PPTX = {
    "[Content_Types].xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "ppt/presentation.xml": '<p:presentation xmlns:p="p"/>',
    "ppt/slides/slide1.xml": (
        '<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:sp><p:nvSpPr><p:cNvPr id="2" name="Hình" descr="{picture}"/></p:nvSpPr>'
        "<p:txBody><a:p><a:r><a:t>{first}</a:t></a:r><a:r><a:t>{last}</a:t></a:r></a:p></p:txBody></p:sp></p:cSld></p:sld>"
    ),
    "ppt/notesSlides/notesSlide1.xml": '<p:notes xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{note}</a:t></a:r></a:p></p:notes>',
    "ppt/comments/comment1.xml": '<p:cmLst xmlns:p="p"><p:cm authorId="0"><p:text>{comment}</p:text></p:cm></p:cmLst>',
    "ppt/commentAuthors.xml": '<p:cmAuthorLst xmlns:p="p"><p:cmAuthor id="0" name="{author}" initials="X"/></p:cmAuthorLst>',
    "ppt/slideMasters/slideMaster1.xml": '<p:sldMaster xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{footer}</a:t></a:r></a:p></p:sldMaster>',
    "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>{author}</dc:creator></cp:coreProperties>',
}  # fmt: skip


def a_pptx(**planted: str) -> bytes:
    """A small presentation; ``planted`` says what stands in which of its places."""
    words = dict.fromkeys(("picture", "first", "last", "note", "comment", "author", "footer"), "nội dung") | planted
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PPTX.items():
            archive.writestr(name, re.sub(r"\{(\w+)\}", lambda found: words[found[1]], content))
    return out.getvalue()


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def in_word_pieces(name: str) -> bytes:
    """In the text, each word formatted on its own, and once more in a table over two cells."""
    document = docx.Document()
    paragraph = document.add_paragraph("Sáng kiến do ")
    for word in name.split():
        paragraph.add_run(word).bold = True
        paragraph.add_run(" ")
    first, *rest = name.split()
    cells = document.add_table(1, 2).rows[0].cells
    cells[0].text, cells[1].text = first, " ".join(rest)
    return _saved(document)


def in_word_headers(name: str) -> bytes:
    """In the header, the footer, a footnote of the machinery: the properties, and who saved it last."""
    document = docx.Document()
    document.add_paragraph("Nội dung")
    document.sections[0].header.paragraphs[0].text = f"Báo cáo của {name}"
    document.sections[0].footer.paragraphs[0].text = f"{name}, trang 1"
    document.core_properties.author = document.core_properties.last_modified_by = name
    document.core_properties.title = f"Báo cáo {name}"
    return _saved(document)


def in_word_changes(name: str) -> bytes:
    """In tracked changes: put in, taken out, and half of each."""
    document = docx.Document()
    first, *rest = name.split()
    change = (
        f'<w:p {nsdecls("w")}><w:r><w:t xml:space="preserve">Theo </w:t></w:r>'
        f'<w:ins w:id="1" w:author="{name}" w:date="2025-01-01T00:00:00Z"><w:r><w:t>{name}</w:t></w:r></w:ins>'
        f'<w:del w:id="2" w:author="{name}" w:date="2025-01-01T00:00:00Z"><w:r><w:delText>{name}</w:delText></w:r></w:del>'
        f'<w:r><w:t xml:space="preserve"> và {first} </w:t></w:r>'
        f'<w:del w:id="3" w:author="X" w:date="2025-01-01T00:00:00Z"><w:r><w:delText>Khác</w:delText></w:r></w:del>'
        f'<w:ins w:id="4" w:author="X" w:date="2025-01-01T00:00:00Z"><w:r><w:t>{" ".join(rest)}</w:t></w:r></w:ins></w:p>'
    )
    document.element.body.insert(0, parse_xml(change))
    return _saved(document)


def in_word_comments(name: str) -> bytes:
    """In a comment and its author, in the address behind a link, in the description of a picture."""
    document = docx.Document()
    paragraph = document.add_paragraph("Nội dung")
    document.add_comment(paragraph.runs, text=f"{name} xem lại", author=name, initials="X")
    document.part.relate_to(
        f"mailto:{name.replace(' ', '%20')}@x.vn",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    document.add_picture(picture)
    described = document.element.body.xpath(".//wp:docPr")[0]
    described.set("descr", f"Ảnh {name}")
    return _saved(document)


def in_excel(name: str) -> bytes:
    """In a cell, a formula, the name of a sheet, a comment and its author, the header, the properties."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name[:31]
    sheet["A1"], sheet["B2"] = "Số liệu", f"Người lập: {name}"
    sheet["C3"] = f"='{name[:31]}'!B2"
    sheet["A1"].comment = openpyxl.comments.Comment(f"{name} xem", name)
    sheet.oddHeader.center.text = f"Biểu của {name}"
    book.properties.creator = name
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_excel_pieces(name: str) -> bytes:
    """In one cell of several formats, among the shared texts."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    first, rest = name.split(maxsplit=1)
    bold = book.add_format({"bold": True})
    book.add_worksheet().write_rich_string("A1", "Lập: ", bold, f"{first} ", rest)
    book.set_properties({"author": name, "comments": f"của {name}"})
    book.close()
    return out.getvalue()


def in_powerpoint(name: str) -> bytes:
    """In the text over two runs, notes, comments, their author, the master's footer, a description, the properties."""
    first, *rest = name.split()
    return a_pptx(
        first=f"{first} ", last=" ".join(rest), note=name, comment=name, author=name, footer=name, picture=name
    )


def in_pdf(name: str) -> bytes:
    """In the text, a note, a bookmark, the properties."""
    made = pdf(
        Paper(Letterhead("", "HỘI ĐỒNG", "HĐ", ""), "Báo cáo", "BC", "kết quả", (Paragraph(f"Do {name} làm"),), ())
    )
    with pikepdf.open(io.BytesIO(made)) as document:
        document.docinfo["/Author"] = name
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=name, Contents=f"{name} xem"
        )
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(note)]))
        with document.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(f"Phần của {name}", 0))
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def in_jpeg(name: str) -> bytes:
    """In what the camera wrote, and in a comment."""
    exif = Image.Exif()
    exif[0x013B] = name.encode()
    exif[0x010E] = f"Ảnh {name}".encode()
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif, comment=name.encode())
    return out.getvalue()


def in_png(name: str) -> bytes:
    """In a text, a packed text, and a text of many languages."""
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Author", name)
    told.add_itxt("Title", f"Ảnh {name}", zip=True)
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def a_scan() -> bytes:
    """A page that is one picture: nobody can search it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PDF")
    return out.getvalue()


PLANTED: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "word, in pieces": ("docx", in_word_pieces),
    "word, headers and properties": ("docx", in_word_headers),
    "word, tracked changes": ("docx", in_word_changes),
    "word, comments and addresses": ("docx", in_word_comments),
    "excel": ("xlsx", in_excel),
    "excel, in pieces": ("xlsx", in_excel_pieces),
    "powerpoint": ("pptx", in_powerpoint),
    "pdf": ("pdf", in_pdf),
    "jpeg": ("jpeg", in_jpeg),
    "png": ("png", in_png),
}


def everything_in(data: bytes, kind: str) -> str:
    """All text anybody could get out of a file: each part with and without its tags, each object of a PDF unpacked."""
    if kind in {"docx", "xlsx", "pptx"}:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()]
            names = " ".join(archive.namelist())
        return "\n".join([names, *parts, *(re.sub(r"<[^>]*>", "", part) for part in parts)])
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(data)) as document:
            out = io.BytesIO()
            document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        data += out.getvalue()
    return "\n".join(data.decode(encoding, errors="replace") for encoding in ("utf-8", "utf-16-be", "utf-16-le"))
