"""Files: the local store, what kind a file really is, what can be read in it, and copies without metadata."""

from evaluator.core.files.kinds import MEDIA_TYPES, check_zip, kind_of
from evaluator.core.files.office import struck
from evaluator.core.files.reading import Passage, Place, Reading, properties, read
from evaluator.core.files.scrub import scrubbed
from evaluator.core.files.store import Store

__all__ = [
    "MEDIA_TYPES",
    "Passage",
    "Place",
    "Reading",
    "Store",
    "check_zip",
    "kind_of",
    "properties",
    "read",
    "scrubbed",
    "struck",
]
