"""What an author asked to keep confidential never reaches an editor's page or the book (Circular 18, field 8)."""

import re

from evaluator.rules.vietnamese import search_key

_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
SHORTEST = 12  # letters: below that a passage is found in anything


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def leaks(text: str, confidential: str) -> list[str]:
    """Return the sentences of a text that say what was to be kept confidential.

    Compared without marks, case and punctuation; a sentence that holds a confidential one, or a part of one, counts.
    """
    secrets = [key for each in sentences(confidential) if len(key := search_key(each)) >= SHORTEST]
    return [
        each
        for each in sentences(text)
        if len(key := search_key(each)) >= SHORTEST and any(secret in key or key in secret for secret in secrets)
    ]


def without(text: str, confidential: str) -> str:
    """Return the text without the sentences that say what was to be kept confidential; its paragraphs are kept."""
    hidden = set(leaks(text, confidential))
    if not hidden:
        return text
    paragraphs = [" ".join(each for each in sentences(line) if each not in hidden) for line in text.split("\n")]
    return "\n".join(paragraphs).strip()
