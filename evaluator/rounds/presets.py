"""The rubrics and vote rules that ship with the service, read from the files under rubrics/."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evaluator.core.errors import NotFound
from evaluator.rules import rubric_document
from evaluator.rules.vote_rule import VoteRule

FOLDER = Path(__file__).parents[2] / "rubrics"


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule ready to be chosen: a key, the title people know it by, its document."""

    key: str
    title: str
    document: dict[str, Any]


@cache
def rubrics() -> dict[str, Preset]:
    """Return the rubric presets by key, in the order of their files."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        rubric = rubric_document.from_toml(path.read_text(encoding="utf-8"))
        found[path.stem] = Preset(path.stem, rubric.title, rubric_document.as_document(rubric))
    return found


@cache
def vote_rules() -> dict[str, Preset]:
    """Return the vote rule presets by key."""
    found = {}
    for path in sorted((FOLDER / "votes").glob("*.toml")):
        rule = VoteRule.from_document(tomllib.loads(path.read_text(encoding="utf-8")))
        found[path.stem] = Preset(path.stem, rule.title, rule.as_document())
    return found


def rubric(key: str) -> dict[str, Any]:
    """Return the document of a rubric preset. Raises NotFound."""
    return _document(rubrics(), key)


def vote_rule(key: str) -> dict[str, Any]:
    """Return the document of a vote rule preset. Raises NotFound."""
    return _document(vote_rules(), key)


def _document(presets: dict[str, Preset], key: str) -> dict[str, Any]:
    if key not in presets:
        raise NotFound
    return presets[key].document
