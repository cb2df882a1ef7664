"""The chain of hashes over the history; pure, so that a stranger can recompute it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

GENESIS = "0" * 64  # what the first row takes for the hash before it


def plain(value: Any) -> Any:
    """Return the value in what JSON can say: moments as UTC text, enums by value, exact numbers as text.

    Raises:
        TypeError: the value has no exact JSON form; floats are refused because they do not print alike everywhere.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal | Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    msg = f"{value!r} has no exact form in the history"
    raise TypeError(msg)


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no spaces, letters as they are."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(previous: str, content: Mapping[str, Any]) -> str:
    """Return the hash of a row: SHA-256 over the hash before it, a line break, and its canonical content."""
    return hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()
