"""An office's own .docx form: looked through when it comes, filled in without letting it do anything else.

A form holds placeholders like ``{{ so }}`` and repeated rows like ``{%tr for sk in danh_sach %}``. Nothing else of the
template language is allowed: no filter, no call, no attribute of Python, so a form is data and never a program. Word
splits what is typed into pieces as it likes; docxtpl puts them together again.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from evaluator.core.errors import Invalid, Message
from evaluator.core.text import N_, Sentence
from evaluator.papers import word
from evaluator.papers.words import printable

Value = str | Sequence[Mapping[str, str]]
Context = Mapping[str, Value]

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
)
_FOOTNOTES = "/footnotes"
_DEEPEST = 2  # a list in a list is enough: authors of each work


class _Sandbox(ImmutableSandboxedEnvironment):
    """A language of names alone: what a form may say is data, and data has no methods."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Nothing of Python is reached: only the entries of our own dictionaries."""
        del obj, attr, value
        return False


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form for one kind of paper may name: single words, and lists with the words of their rows."""

    single: Mapping[str, str]  # name -> what it is, for people
    lists: Mapping[str, Mapping[str, str]]

    @property
    def names(self) -> list[str]:
        """Return every name that can stand alone."""
        return [*self.single, *self.lists]


def check(content: bytes, fields: Fields) -> None:
    """Look a form through before it is kept.

    Raises:
        Invalid: it names something unknown (with the nearest known name), holds more than names and loops, or its
            brackets do not match.
    """
    problems: list[Message] = list(_problems(content, fields))
    if problems:
        raise Invalid(N_("The form cannot be used yet."), fields={"file": problems})


def filled(content: bytes, values: Context, *, title: str, author: str) -> bytes:
    """Return the form with its placeholders filled in; the same bytes for the same values.

    Raises:
        Invalid: the form does not fit (it was checked when it came, so this is rare).
    """
    template = DocxTemplate(BytesIO(content))
    try:
        template.render(_clean(values), jinja_env=_Sandbox(), autoescape=True)
    except TemplateError as error:
        raise Invalid(N_("The office's own form could not be filled in. Check it again, or take it away.")) from error
    document = template.docx  # not get_docx(), which would load the form anew
    word.set_properties(document, title=title, author=author)
    return word.saved(document)


def _clean(values: Context) -> dict[str, Any]:
    """Return values that XML can hold."""
    return {
        name: printable(value)
        if isinstance(value, str)
        else [{key: printable(each) for key, each in row.items()} for row in value]
        for name, value in values.items()
    }


def _problems(content: bytes, fields: Fields) -> Iterator[Sentence]:
    said: set[str] = set()
    for text in _texts(content):
        try:
            tree = _Sandbox().parse(text)
        except TemplateSyntaxError as error:
            near = re.sub(r"<[^>]+>", "", text.splitlines()[max(0, error.lineno - 1)])[:60]
            yield Sentence(
                N_("The brackets do not match near “%(near)s”. Each {{ needs its }}, each for its endfor."),
                {"near": near.strip()},
            )
            continue
        for problem in _walk(tree, fields, {}, 0):
            key = repr(problem)
            if key not in said:
                said.add(key)
                yield problem


def _texts(content: bytes) -> Iterator[str]:
    """Yield body, headers, footers and footnotes as docxtpl will read them."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    yield str(template.patch_xml(template.get_xml()))
    for part in template.docx.part.rels.values():
        if part.is_external or not part.reltype.endswith(("/header", "/footer", _FOOTNOTES)):
            continue
        yield str(template.patch_xml(part.target_part.blob.decode("utf-8", "replace")))


def _walk(node: nodes.Node, fields: Fields, rows: dict[str, Mapping[str, str]], depth: int) -> Iterator[Sentence]:
    """Yield what a form says that it may not."""
    if not isinstance(node, _ALLOWED):
        yield Sentence(
            N_("Only names, loops and conditions may stand in brackets; take out “%(what)s”."),
            {"what": type(node).__name__},
        )
        return
    match node:
        case nodes.For():
            yield from _loop(node, fields, rows, depth)
        case nodes.Getattr():
            yield from _attribute(node, rows)
        case nodes.Name() if node.name not in fields.names and node.name not in rows:
            yield _unknown(node.name, fields.names)
        case _:
            for child in node.iter_child_nodes():
                yield from _walk(child, fields, rows, depth)


def _loop(node: nodes.For, fields: Fields, rows: dict[str, Mapping[str, str]], depth: int) -> Iterator[Sentence]:
    is_plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name) and node.test is None
    if not is_plain or depth >= _DEEPEST:
        yield Sentence(N_("A loop goes over one list by its name, as in the form to begin with."))
        return
    known = fields.lists.get(node.iter.name)  # type: ignore[attr-defined]  # a Name, as was just asked
    if known is None:
        yield _unknown(node.iter.name, [*fields.lists])  # type: ignore[attr-defined]  # the same
        return
    inside = rows | {node.target.name: known}  # type: ignore[attr-defined]  # the same
    for child in (*node.body, *node.else_):
        yield from _walk(child, fields, inside, depth + 1)


def _attribute(node: nodes.Getattr, rows: dict[str, Mapping[str, str]]) -> Iterator[Sentence]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    if owner not in rows:
        yield _unknown(f"{owner}.{node.attr}", [f"{row}.{name}" for row, names in rows.items() for name in names])
    elif node.attr not in rows[owner]:
        yield _unknown(f"{owner}.{node.attr}", [f"{owner}.{name}" for name in rows[owner]])


def _unknown(name: str, known: Sequence[str]) -> Sentence:
    """Return that a name is unknown, with the nearest known one."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return Sentence(
            N_("There is no placeholder “%(name)s”. Did you mean “%(near)s”?"), {"name": name, "near": near[0]}
        )
    return Sentence(
        N_("There is no placeholder “%(name)s”. Those that exist: %(known)s."),
        {"name": name, "known": ", ".join(known[:12]) or "–"},
    )
