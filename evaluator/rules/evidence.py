"""The canonical form of what is evidence, its hashes, and the chain in which each entry seals the one before.

The verifier has its own copy of these few lines: it shares no code with what it verifies.
"""

import hashlib
import json
from typing import Any

POLL, SESSION, LEDGER, RESULT, VOTES = "cv1.poll", "cv1.session", "cv1.led", "cv1.result", "cv1.votes"


def canonical(value: Any) -> bytes:
    """Return the one byte form of plain data: sorted keys, no spaces, UTF-8 (RFC 8785 for data without fractions).

    Raises:
        TypeError: a floating number; evidence holds whole numbers, texts, truth values, lists and objects.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(tag: str, value: Any) -> str:
    """Return the SHA-256 of a value, hexadecimal; the tag keeps hashes of different things apart."""
    return hashlib.sha256(tag.encode() + b"\0" + canonical(value)).hexdigest()


def link(before: str, number: int, kind: str, body: dict[str, Any], at: str) -> str:
    """Return the hash of an entry of a ledger over the hash of the entry before it; ``at`` is its moment as text."""
    return digest(LEDGER, [before, number, kind, body, at])


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("evidence holds no floating numbers")
    if isinstance(value, dict):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _refuse_floats(each)
