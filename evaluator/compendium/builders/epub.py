"""The edition as an e-book, EPUB 3, written with our own hands: a zip with the right names in the right order."""

from uuid import NAMESPACE_URL, uuid5

from evaluator.compendium import indexes
from evaluator.compendium.builders.markup import render
from evaluator.compendium.edition import Edition
from evaluator.papers.package import packed

_CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def build(edition: Edition) -> bytes:
    """Return the e-book, the same bytes for the same edition."""
    identifier = uuid5(NAMESPACE_URL, f"urn:evaluator:edition:{edition.code}:{edition.unit}:{edition.title}").urn
    chapters = ["cover", "front", *(f"part-{part.place}" for part in indexes.parts(edition)), "back"]
    parts = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", _CONTAINER),
        ("book/package.opf", render("ebook/package.opf", edition, identifier=identifier, chapters=chapters)),
        ("book/nav.xhtml", render("ebook/nav.xhtml", edition)),
        ("book/style.css", render("ebook/style.css", edition)),
        ("book/cover.xhtml", render("ebook/cover.xhtml", edition)),
        ("book/front.xhtml", render("ebook/front.xhtml", edition)),
        *(
            (f"book/part-{part.place}.xhtml", render("ebook/part.xhtml", edition, part=part))
            for part in indexes.parts(edition)
        ),
        ("book/back.xhtml", render("ebook/back.xhtml", edition, chapter_of=_chapter_of(edition))),
    ]
    return packed(parts, stored=frozenset({"mimetype"}))


def _chapter_of(edition: Edition) -> dict[int, int]:
    """Return in which part's file an entry stands."""
    return {entry.number: part.place for part in indexes.parts(edition) for entry in part.entries}
