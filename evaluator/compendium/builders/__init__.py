"""The book in every format: one function from an edition to bytes for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evaluator.compendium.builders import docx, epub, html, json, pdf
from evaluator.compendium.edition import Edition


@dataclass(frozen=True, slots=True)
class Builder:
    """A format: what it is called on the net and on disk, and who makes it."""

    media_type: str
    extension: str
    build: Callable[[Edition], bytes]


BUILDERS: Mapping[str, Builder] = MappingProxyType(
    {
        "pdf": Builder("application/pdf", "pdf", pdf.build),
        "docx": Builder("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", docx.build),
        "epub": Builder("application/epub+zip", "epub", epub.build),
        "html": Builder("text/html", "html", html.build),
        "json": Builder("application/json", "json", json.build),
    }
)


def build(edition: Edition, name: str) -> bytes:
    """Return the edition in the format of that name. Raises KeyError for a format nobody builds."""
    return BUILDERS[name].build(edition)
