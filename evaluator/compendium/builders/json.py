"""The edition as JSON: version 1 of the exchange format, for other programs and archives."""

import json

from evaluator.compendium.document import as_document
from evaluator.compendium.edition import Edition


def build(edition: Edition) -> bytes:
    """Return the edition as UTF-8 JSON, the same bytes for the same edition."""
    return (json.dumps(as_document(edition), ensure_ascii=False, indent=1) + "\n").encode()
