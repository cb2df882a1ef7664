"""Writes plain documents as TOML; the standard library only reads it."""

import json
import re
from typing import Any

from evaluator.rules.fields import Number

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: dict[str, Any]) -> str:
    """Return the TOML of a document of texts, numbers, truth values, lists and tables."""
    return "\n".join(_table(document, ())) + "\n"


def _table(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in table.items() if not _is_nested(value)]
    for name, value in table.items():
        inner = (*path, _key(name))
        if isinstance(value, dict):
            lines += ["", f"[{'.'.join(inner)}]", *_table(value, inner)]
        elif _is_nested(value):
            for each in value:
                lines += ["", f"[[{'.'.join(inner)}]]", *_table(each, inner)]
    return lines


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Number):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    return _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
