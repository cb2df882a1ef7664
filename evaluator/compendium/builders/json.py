"""The edition as JSON: version 1 of the exchange format, for other programs and archives."""

import json
from dataclasses import asdict

from evaluator.compendium.edition import Edition

FORMAT = "evaluator-edition"
VERSION = 1


def build(edition: Edition) -> bytes:
    """Return the edition as UTF-8 JSON, the same bytes for the same edition."""
    document = {"format": FORMAT, "version": VERSION, **asdict(edition)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
