"""What every page must keep: asked of each one that any test fetches."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

from babel.messages.pofile import read_po

from tests.markup import Element

CATALOGUE = Path(__file__).parents[1] / "evaluator" / "translations" / "vi"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
FIELDS = ("input", "select", "textarea")


def problems(page: Element, *, language: str) -> list[str]:
    """Return everything that is wrong with a page, in words."""
    found = [*_head(page), *_ids(page), *_fields(page), *_forms(page), *_inline(page), *_tables(page), *_links(page)]
    if language == "vi":
        found += _untranslated(page)
    return found


def _head(page: Element) -> list[str]:
    html = page.all("html")
    headings = page.all("h1")
    titles = [title for title in page.all("title") if title.inside("svg") is None]
    found = []
    if len(html) != 1 or not html[0].attrs.get("lang"):
        found.append("no <html lang>")
    if len(headings) != 1:
        found.append(f"{len(headings)} <h1> instead of one: {[heading.text for heading in headings]}")
    if len(titles) != 1 or not _inner(titles[0]):
        found.append("no <title>")
    elif len(headings) == 1 and not _inner(titles[0]).startswith(headings[0].text):
        found.append(f"the title {_inner(titles[0])!r} does not begin with the heading {headings[0].text!r}")
    if not page.all("main"):
        found.append("no <main>")
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    found += [
        f"heading level jumps from {before} to {after}" for before, after in pairwise(levels) if after > before + 1
    ]
    return found


def _inner(element: Element) -> str:
    return " ".join("".join(child for child in element.children if isinstance(child, str)).split())


def _ids(page: Element) -> list[str]:
    ids = Counter(element.attrs["id"] for element in page.walk() if "id" in element.attrs)
    found = [f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1]
    for element in page.walk():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form"):
            found += [
                f"<{element.tag} {attribute}={name!r}> points to nothing"
                for name in element.attrs.get(attribute, "").split()
                if name not in ids
            ]
        target = element.attrs.get("href", "")
        if target.startswith("#") and len(target) > 1 and target[1:] not in ids:
            found.append(f"link {target!r} leads nowhere on the page")
    return found


def _fields(page: Element) -> list[str]:
    labelled = {label.attrs["for"] for label in page.all("label") if "for" in label.attrs}
    found = []
    for element in page.all(*FIELDS):
        if element.attrs.get("type") in {"hidden", "submit", "button", "image"}:
            continue
        named = (
            element.attrs.get("id") in labelled
            or "aria-label" in element.attrs
            or "aria-labelledby" in element.attrs
            or element.inside("label") is not None
        )
        if not named:
            found.append(f"field {element.attrs.get('name')!r} has no label")
    for button in page.all("button"):
        if not (button.text or button.attrs.get("aria-label")):
            found.append("a button without words")
        if "type" not in button.attrs and button.inside("form") is None and "form" not in button.attrs:
            found.append(f"button {button.text!r} does not say its type")
    return found


def _forms(page: Element) -> list[str]:
    found = []
    for form in page.all("form"):
        method = form.attrs.get("method", "").lower()
        if method not in {"get", "post"}:
            found.append(f"form to {form.attrs.get('action')!r} does not say its method")
        tokens = [each for each in form.all("input") if each.attrs.get("name", "").endswith("csrf_token")]
        if method == "post" and not tokens:
            found.append(f"form to {form.attrs.get('action')!r} has no token")
        if form.inside("form") is not None:
            found.append("a form inside a form")
    return found


def _inline(page: Element) -> list[str]:
    found = [
        f"inline {attribute!r} on <{element.tag}>"
        for element in page.walk()
        for attribute in element.attrs
        if attribute == "style" or attribute.startswith("on")
    ]
    found += ["an inline <style>" for _ in page.all("style")]
    found += [
        "an inline <script>"
        for script in page.all("script")
        if "src" not in script.attrs and script.attrs.get("type") != "application/json"
    ]
    found += [
        f"image {element.attrs.get('src')!r} has no alt" for element in page.all("img") if "alt" not in element.attrs
    ]
    return found


def _tables(page: Element) -> list[str]:
    return [
        "a table without caption or headings"
        for table in page.all("table")
        if not table.all("caption") or not table.all("th")
    ]


def _links(page: Element) -> list[str]:
    found = [f"link {link.attrs.get('href')!r} has no words" for link in page.all("a") if not _named(link)]
    found += [f"link {link.text!r} has no address" for link in page.all("a") if not link.attrs.get("href")]
    found += [
        f"link {link.attrs['href']!r} is not an address"
        for link in page.all("a")
        if link.attrs.get("href", "").startswith(("javascript:", "data:"))
    ]
    return found


def _named(element: Element) -> bool:
    return bool(element.text or element.attrs.get("aria-label") or element.all("img") or element.all("title"))


@cache
def _english() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the message ids without placeholders, and a pattern for each long one with some."""
    plain, patterns = set(), []
    for path in sorted(CATALOGUE.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
                texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                for one in ids:
                    if not one or one in texts:
                        continue
                    if not PLACEHOLDER.search(one):
                        plain.add(" ".join(one.replace("%%", "%").split()))
                    elif len(re.findall(r"[A-Za-z]{2,}", PLACEHOLDER.sub("", one))) >= 3:
                        patterns.append(_pattern(one))
    return frozenset(plain), tuple(patterns)


def _pattern(message: str) -> re.Pattern[str]:
    pieces = re.split(r"%\(\w+\)[sd]|\{\w+\}", message)
    return re.compile(".+".join(re.escape(" ".join(piece.split())) for piece in pieces).replace(r"\ ", r"\s*"))


def _untranslated(page: Element) -> list[str]:
    """Return the pieces of a Vietnamese page that are still the English sentences of the source."""
    plain, patterns = _english()
    pieces = []
    for element in page.walk():
        if element.attrs.get("lang", "vi") != "vi" and element.tag != "html":
            continue
        if any(_other_language(above) for above in (element, *_around(element))):
            continue
        if element.tag not in {"script", "style"}:
            pieces += [" ".join(child.split()) for child in element.children if isinstance(child, str)]
        pieces += [
            element.attrs[name] for name in ("alt", "title", "aria-label", "placeholder") if name in element.attrs
        ]
    return [
        f"not translated: {piece!r}"
        for piece in pieces
        if piece and (piece in plain or any(pattern.fullmatch(piece) for pattern in patterns))
    ]


def _around(element: Element) -> list[Element]:
    above, found = element.parent, []
    while above is not None:
        found.append(above)
        above = above.parent
    return found


def _other_language(element: Element) -> bool:
    return element.tag != "html" and element.attrs.get("lang", "vi") != "vi"
