"""Files that come with a dossier: looked at, kept as they came, and kept once more without metadata."""

import hashlib
from dataclasses import dataclass, replace

from evaluator.core.errors import Invalid
from evaluator.core.files import MEDIA_TYPES, Reading, Store, kind_of, properties, read, scrubbed
from evaluator.core.text import N_
from evaluator.rules.vietnamese import clean_line

MOST_FILES = 12
MOST_BYTES = 20 * 2**20
ACCEPTED = ".pdf,.docx,.xlsx,.pptx,.jpg,.jpeg,.png"

_REFUSED = {
    "old-office": N_("This is an old Office file (.doc, .xls, .ppt). Save it as .docx, .xlsx or .pptx, or as PDF."),
    "macros": N_("This file contains macros. Save it without them, or as PDF."),
    "program": N_("This is a program, not a document."),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at and stored, not yet part of a dossier."""

    name: str
    kind: str
    size: int
    sha256: str
    stored_as: str
    blind_stored_as: str
    blind_size: int
    reading: Reading


def receive(name: str, data: bytes, *, store: Store) -> Upload:
    """Look at a file and keep it twice. Done before the transaction opens: cleaning a PDF takes its time.

    Should the transaction fail, bytes that nobody names lie in the store; they do no harm.

    Raises:
        Invalid: on ``file``: empty, too large, of a kind that is not taken, damaged or locked.
    """
    if not data:
        raise Invalid.on("file", N_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise Invalid.on(
            "file",
            N_("The file has %(size)s MB; %(most)s MB are allowed. Make its pictures smaller, or send it in parts."),
            size=-(-len(data) // 2**20),
            most=MOST_BYTES // 2**20,
        )
    try:
        kind = kind_of(data)
        blind = scrubbed(data, kind) if kind in MEDIA_TYPES else b""
    except Invalid as error:
        raise Invalid(fields={"file": [error.sentence]}) from None
    if kind not in MEDIA_TYPES:
        other = N_("Files of this kind are not taken. Send PDF, Word, Excel, PowerPoint, JPEG or PNG.")
        raise Invalid.on("file", _REFUSED.get(kind, other))
    return Upload(
        name=clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or f"tep.{kind}",
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=store.put(data),
        blind_stored_as=store.put(blind),
        blind_size=len(blind),
        reading=_reading(data, blind, kind),
    )


def _reading(data: bytes, blind: bytes, kind: str) -> Reading:
    """Return what can be read in the copy, and what the original said besides its contents."""
    found = read(blind, kind)
    return replace(found, passages=(*found.passages, *properties(data, kind)))
