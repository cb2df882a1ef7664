"""A strict reader of pages: what a browser forgives silently is an error here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# Elements that SVG draws without content; our pages write them closed in themselves.
UNSEEN = frozenset({"script", "style", "template", "head"})


class BadMarkup(AssertionError):
    """The page is not well formed."""


@dataclass(slots=True)
class Element:
    """One element of a page, with its children and pieces of text in order."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Yield this element and everything in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def pieces(self) -> Iterator[str]:
        """Yield the visible pieces of text, in the order of the page."""
        for child in self.children:
            if isinstance(child, str):
                if child.strip():
                    yield " ".join(child.split())
            elif child.tag not in UNSEEN:
                yield from child.pieces()

    @property
    def text(self) -> str:
        """Return the visible text, its white space folded."""
        return " ".join(self.pieces())

    def all(self, *tags: str, **attrs: str) -> "list[Element]":
        """Return the elements in this one with one of these tags and all these attributes.

        ``class_`` asks for one of the classes; ``_`` in other names stands for ``-``.
        """
        return [element for element in self.walk() if _fits(element, tags, attrs)]

    def one(self, *tags: str, **attrs: str) -> "Element":
        """Return the only such element."""
        found = self.all(*tags, **attrs)
        assert len(found) == 1, f"{len(found)} of {tags} {attrs} in <{self.tag}>, expected one"
        return found[0]

    def inside(self, tag: str) -> "Element | None":
        """Return the nearest element with this tag around this one, or None."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above


def _fits(element: Element, tags: tuple[str, ...], attrs: dict[str, str]) -> bool:
    if tags and element.tag not in tags:
        return False
    for name, wanted in attrs.items():
        if name == "class_":
            if wanted not in element.attrs.get("class", "").split():
                return False
        elif element.attrs.get(name.replace("_", "-")) != wanted:
            return False
    return True


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page", {})
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID:
            self.open = self.open.children[-1]  # type: ignore[assignment]  # the element just added

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and self._svg() is None and tag != "svg":
            raise BadMarkup(f"line {self.getpos()[0]}: <{tag}/> closes nothing in HTML")
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            raise BadMarkup(f"line {self.getpos()[0]}: </{tag}> ends an element that has no end")
        if self.open.tag != tag:
            raise BadMarkup(f"line {self.getpos()[0]}: </{tag}> where <{self.open.tag}> is open")
        self.open = self.open.parent or self.root

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)

    def _svg(self) -> Element | None:
        return self.open if self.open.tag == "svg" else self.open.inside("svg")

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise BadMarkup(f"line {self.getpos()[0]}: <{tag}> has {sorted(twice)} twice")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)


def read(source: str) -> Element:
    """Return the page as a tree.

    Raises:
        BadMarkup: an element is not closed, closed twice, crossed with another, or has an attribute twice.
    """
    reader = _Reader()
    reader.feed(source)
    reader.close()
    if reader.open is not reader.root:
        raise BadMarkup(f"<{reader.open.tag}> is never closed")
    return reader.root
