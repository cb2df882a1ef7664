"""The templates of the formats that are markup: the site and the e-book. Everything is escaped by default."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluator.compendium import indexes
from evaluator.compendium.edition import Edition
from evaluator.compendium.words import WORDS, paragraphs, roman
from evaluator.papers.words import printable
from evaluator.rules.vietnamese import fold, money, number

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value,
)
_environment.filters.update(paragraphs=paragraphs, roman=roman, money=money, number=number, folded=fold)
_environment.globals.update(words=WORDS)


def render(template: str, edition: Edition, **more: Any) -> bytes:
    """Return a template of this folder filled with the edition."""
    return (
        _environment.get_template(template)
        .render(
            edition=edition,
            parts=indexes.parts(edition),
            authors=indexes.authors(edition),
            units=indexes.units(edition),
            **more,
        )
        .encode()
    )
