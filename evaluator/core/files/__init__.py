"""Files: the local store, what kind a file really is, and copies without metadata."""

from evaluator.core.files.kinds import MEDIA_TYPES, check_zip, kind_of
from evaluator.core.files.scrub import scrubbed
from evaluator.core.files.store import Store
from evaluator.core.files.words import words_in

__all__ = ["MEDIA_TYPES", "Store", "check_zip", "kind_of", "scrubbed", "words_in"]
