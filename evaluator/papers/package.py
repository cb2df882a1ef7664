"""Zip packages without a clock: the same parts always make the same bytes."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first moment a zip knows


def packed(parts: Iterable[tuple[str, bytes]], *, stored: frozenset[str] = frozenset()) -> bytes:
    """Return a zip of (name, content) pairs in their order; the parts named in ``stored`` stay uncompressed."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content)
    return stream.getvalue()


def repacked(content: bytes) -> bytes:
    """Return the zip with the same parts in the same order and no trace of when it was made."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return packed((info.filename, archive.read(info)) for info in archive.infolist())
