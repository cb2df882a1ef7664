"""What kind a file really is, by its own bytes and never by its name; and zips that are safe to open."""

import io
import zipfile
import zlib

from evaluator.core.errors import Invalid
from evaluator.core.text import N_

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "jpeg": "image/jpeg",
    "png": "image/png",
}

# The first bytes of each kind. Those that are not in MEDIA_TYPES are known only to be named when refused.
_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
    (b"GIF8", "gif"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
)
_OOXML_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}

MOST_UNPACKED = 400 * 2**20
MOST_RATIO = 200
MOST_PARTS = 10_000
_SMALL_PART = 2**20  # a small part may compress as well as it likes


def kind_of(data: bytes) -> str:
    """Return pdf, docx, xlsx, pptx, jpeg or png; another name for known kinds we do not take; "" if unknown.

    Raises:
        Invalid: it is a zip that unpacks into far more than it should (a bomb), or is damaged.
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return _inside_zip(data) if kind == "zip" else kind
    return ""


def _inside_zip(data: bytes) -> str:
    names = {info.filename for info in check_zip(data)}
    if "xl/vbaProject.bin" in names or "word/vbaProject.bin" in names or "ppt/vbaProject.bin" in names:
        return "macros"
    return next((kind for part, kind in _OOXML_PARTS.items() if part in names), "zip")


def check_zip(data: bytes) -> list[zipfile.ZipInfo]:
    """Return the parts of a zip after looking at what they claim to unpack to.

    Raises:
        Invalid: it claims too much, is encrypted, or cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Invalid(N_("The file is damaged and cannot be opened. Save it anew and send it again.")) from None
    total = sum(part.file_size for part in parts)
    is_bomb = total > MOST_UNPACKED or len(parts) > MOST_PARTS or any(_swells(part) for part in parts)
    if is_bomb:
        raise Invalid(N_("The file unpacks into far more than it should and was not opened."))
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid(N_("The file is locked with a password. Save it without one and send it again."))
    return parts


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL_PART and part.file_size > MOST_RATIO * max(1, part.compress_size)


def unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return the bytes of one part, counted while they stream: a part may lie about its size.

    Raises:
        Invalid: it holds more than it says, or its bytes are damaged.
    """
    try:
        with archive.open(part) as stream:
            data = stream.read(part.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError):
        raise Invalid(N_("The file is damaged and cannot be opened. Save it anew and send it again.")) from None
    if len(data) > part.file_size:
        raise Invalid(N_("The file unpacks into far more than it should and was not opened."))
    return data
