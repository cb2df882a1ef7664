"""Copies without metadata: what a file says about its maker is taken out, what it shows stays.

Names in the visible text are another matter: they are looked for, not removed (initiatives/precheck).
"""

import io
import re
import struct
import zipfile
import zlib
from typing import Any

import pikepdf

from evaluator.core.errors import Invalid
from evaluator.core.files.kinds import unpacked
from evaluator.core.text import N_

_DAMAGED = N_("The file is damaged and cannot be opened. Save it anew and send it again.")
_STILL = (1980, 1, 1, 0, 0, 0)  # the time of every part in a rewritten zip: the same input gives the same bytes


def scrubbed(data: bytes, kind: str) -> bytes:
    """Return a copy without author, dates, comments' names, hidden thumbnails or camera data.

    Raises:
        Invalid: the file is damaged, or locked with a password.
    """
    if kind == "pdf":
        return _pdf(data)
    if kind in {"docx", "xlsx", "pptx"}:
        return _ooxml(data)
    return _jpeg(data) if kind == "jpeg" else _png(data)


# --- PDF --------------------------------------------------------------------------------------

_PERSONAL_KEYS = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_ANNOTATION_KEYS = ("/T", "/CreationDate", "/M", "/NM", "/RC")


def _pdf(data: bytes) -> bytes:
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise Invalid(N_("The file is locked with a password. Save it without one and send it again.")) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Invalid(_DAMAGED) from None
    with document:
        if not len(document.pages):
            raise Invalid(_DAMAGED)
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        for key in ("/Metadata", "/PieceInfo", "/AF", "/OpenAction", "/AA", "/Collection"):
            _drop(document.Root, key)
        names = document.Root.get("/Names")
        if names is not None:
            for key in ("/EmbeddedFiles", "/JavaScript"):
                _drop(names, key)
        for item in document.objects:
            _scrub_pdf_object(item)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, linearize=False)
    return out.getvalue()


def _drop(holder: Any, key: str) -> None:
    if key in holder:
        del holder[key]


def _scrub_pdf_object(item: pikepdf.Object) -> None:
    """Take personal keys out of one object; photographs inside lose their camera data."""
    if isinstance(item, pikepdf.Stream):
        for key in _PERSONAL_KEYS:
            _drop(item.stream_dict, key)
        filters = item.get("/Filter")
        only = filters[0] if isinstance(filters, pikepdf.Array) and len(filters) == 1 else filters
        if only == "/DCTDecode" and "/DecodeParms" not in item:
            item.write(_jpeg(item.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
    elif isinstance(item, pikepdf.Dictionary):
        for key in _PERSONAL_KEYS:
            _drop(item, key)
        if item.get("/Subtype") is not None and "/Rect" in item:
            for key in _ANNOTATION_KEYS:
                if key != "/T" or item.get("/Subtype") != "/Widget":  # a form field's /T is its name, not a person's
                    _drop(item, key)


# --- Word, Excel, PowerPoint ------------------------------------------------------------------

_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_REPLACED = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP, "docProps/custom.xml": _CUSTOM}
_PEOPLE = re.compile(
    rb'(\s(?:w:|w15:|w16cid:|p15:|p188:)?(?:author|initials|userId|providerId|displayName|clrIdx|lastModifiedBy|userName)=")[^"]*(")'
)
_DATES = re.compile(rb'(\s(?:w:date|dt|w16du:dateUtc)=")[^"]*(")')
_EXCEL_AUTHOR = re.compile(rb"(<author>)[^<]*(</author>)")
_PERSON_NAME = re.compile(rb'(<(?:p:cmAuthor|p188:author|person)\b[^>]*?\s(?:name|displayName)=")[^"]*(")')
_BLANK_DATE = rb"\g<1>1980-01-01T00:00:00Z\g<2>"


def _ooxml(data: bytes) -> bytes:
    out = io.BytesIO()
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise Invalid(_DAMAGED) from None
    with source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = _part(part.filename, unpacked(source, part))
            target.writestr(_still(part.filename), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _still(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _STILL)


def _part(name: str, content: bytes) -> bytes:
    """Return one part of an office file without what it says about people."""
    if name in _REPLACED:
        return _REPLACED[name]
    lower = name.lower()
    if lower.startswith("docprops/thumbnail"):
        return _NOTHING_TO_SEE  # a small picture of the first page, names and all
    if lower.endswith((".docx", ".xlsx", ".pptx")):
        return _ooxml(content)
    if lower.endswith((".jpeg", ".jpg")):
        return _jpeg(content) if content.startswith(b"\xff\xd8\xff") else content
    if lower.endswith(".png"):
        return _png(content) if content.startswith(b"\x89PNG") else content
    if lower.endswith(".xml"):
        content = _PERSON_NAME.sub(rb"\g<1>\g<2>", content)
        content = _PEOPLE.sub(rb"\g<1>\g<2>", content)
        content = _DATES.sub(_BLANK_DATE, content)
        return _EXCEL_AUTHOR.sub(rb"\g<1>\g<2>", content)
    return content


# --- photographs ------------------------------------------------------------------------------

_JPEG_KEPT_APPS = {0xE0, 0xEE}  # JFIF and Adobe: how to read the colours; everything else tells of people and places
_COMMENT = 0xFE
_START_OF_SCAN = 0xDA
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length


def _jpeg(data: bytes) -> bytes:
    """Return the photograph without EXIF, XMP, IPTC and comments; the pixels are not touched."""
    out, place = bytearray(b"\xff\xd8"), 2
    orientation = _orientation(data)
    if orientation > 1:
        out += _turned(orientation)  # without it a portrait would lie on its side
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise Invalid(_DAMAGED)
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _ALONE:
            out += data[place : place + 2]
            place += 2
            continue
        (length,) = struct.unpack(">H", data[place + 2 : place + 4])
        if marker == _START_OF_SCAN:
            end = data.rfind(b"\xff\xd9")
            out += data[place : end + 2 if end > place else len(data)]
            return bytes(out)
        is_app = 0xE0 <= marker <= 0xEF
        if marker != _COMMENT and (not is_app or marker in _JPEG_KEPT_APPS):
            out += data[place : place + 2 + length]
        place += 2 + length
    raise Invalid(_DAMAGED)


def _orientation(data: bytes) -> int:
    """Return how the camera was held (EXIF 0x0112), 1 when it does not say."""
    start = data.find(b"Exif\x00\x00", 0, 65_536)
    if start < 0:
        return 1
    tiff = data[start + 6 : start + 6 + 65_536]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 1
        (first,) = struct.unpack(order + "I", tiff[4:8])
        (entries,) = struct.unpack(order + "H", tiff[first : first + 2])
        for number in range(entries):
            at = first + 2 + 12 * number
            tag, _kind, _count, value = struct.unpack(order + "HHIH", tiff[at : at + 10])
            if tag == 0x0112:
                return value if value in range(1, 9) else 1
    except struct.error:
        return 1
    return 1


def _turned(orientation: int) -> bytes:
    """Return an EXIF block that says nothing but the orientation."""
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01" + struct.pack(">HHI", orientation, 0, 0)
    block = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


_NOTHING_TO_SEE = (  # one grey dot
    _PNG_SIGNATURE
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + _chunk(b"IEND", b"")
)
_PNG_DROPPED = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}


def _png(data: bytes) -> bytes:
    """Return the picture without text, time and camera chunks; the pixels are not touched."""
    out, place = bytearray(_PNG_SIGNATURE), len(_PNG_SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, chunk = data[place + 4 : place + 8], data[place : place + 12 + length]
        if len(chunk) != 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise Invalid(_DAMAGED)
        if name not in _PNG_DROPPED:
            out += chunk
        place += 12 + length
        if name == b"IEND":
            return bytes(out)
    raise Invalid(_DAMAGED)
