"""Full-text search that ignores marks: one index on either database, over text folded by us.

SQLite: an FTS5 table without content, with an index of prefixes. PostgreSQL: a stored tsvector with GIN.
Both are fed the same folded words, so a query means the same on both. Positions in folded text are positions
in the original (one character in, one out), so what was found can be shown as it was written.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from evaluator.core.db import db, is_sqlite

Fold = Callable[[str], str]

CAP = 800  # of a very common word only so many of the newest are ranked
_PREFIX_FROM = 2
_MOST_TERMS = 12
_TERM = re.compile(r'"([^"]+)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE {name} USING fts5(title, body, scope, content='', prefix='2 3', tokenize='unicode61')",
    ),
    "postgresql": (
        "CREATE TABLE {name} (id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_{name}_words ON {name} USING gin (words)",
    ),
}

_PUT = {
    "sqlite": "INSERT INTO {name}(rowid, title, body, scope) VALUES (:id, :title, :body, :scope)",
    "postgresql": (
        "INSERT INTO {name}(id, words) VALUES (:id, setweight(to_tsvector('simple', :title), 'A')"
        " || setweight(to_tsvector('simple', :body), 'B') || setweight(to_tsvector('simple', :scope), 'C'))"
    ),
}
_REMOVE = {
    "sqlite": "INSERT INTO {name}({name}, rowid, title, body, scope) VALUES ('delete', :id, :title, :body, :scope)",
    "postgresql": "DELETE FROM {name} WHERE id = :id",
}
_BEST = {
    "sqlite": (
        "SELECT rowid FROM {name} WHERE {name} MATCH :query AND rowid >= coalesce("
        "(SELECT rowid FROM {name} WHERE {name} MATCH :query ORDER BY rowid DESC LIMIT 1 OFFSET :cap), 0)"
        " ORDER BY bm25({name}, 6.0, 1.0, 0.0), rowid DESC LIMIT :limit"
    ),
    "postgresql": (
        "SELECT id FROM (SELECT id, words FROM {name} WHERE words @@ to_tsquery('simple', :query)"
        " ORDER BY id DESC LIMIT :cap) newest"
        " ORDER BY ts_rank('{{0, 0, 0.15, 1}}', words, to_tsquery('simple', :query)) DESC, id DESC LIMIT :limit"
    ),
}

_CLEAR = {
    "sqlite": "INSERT INTO {name}({name}) VALUES ('delete-all')",
    "postgresql": "DELETE FROM {name}",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of one thing; ``scope`` is one word that a search may be confined to."""

    id: int
    title: str
    body: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """A search index by the name of its table; its rows are changed together with what they index."""

    name: str
    fold: Fold

    def put(self, entries: Sequence[Entry]) -> None:
        """Add entries that are not in the index."""
        self._run(_PUT, entries)

    def remove(self, entries: Sequence[Entry]) -> None:
        """Take entries out; they must be exactly what was put in (SQLite forgets by the words)."""
        self._run(_REMOVE, entries)

    def clear(self) -> None:
        """Take everything out."""
        db.session.execute(text(_CLEAR[_engine()].format(name=self.name)))

    def best(self, query: str, *, scope: str = "", limit: int = 200) -> list[int]:
        """Return the ids of what fits best, the title counting most; nothing for a query without words."""
        terms = parse(query, self.fold)
        if not terms:
            return []
        engine = _engine()
        written = _in_fts5(terms, scope) if engine == "sqlite" else _in_tsquery(terms, scope)
        statement = text(_BEST[engine].format(name=self.name))
        values = {"query": written, "cap": CAP, "limit": limit}
        return list(db.session.execute(statement, values).scalars())

    def _run(self, statements: dict[str, str], entries: Sequence[Entry]) -> None:
        if not entries:
            return
        rows = [
            {"id": each.id, "title": self.fold(each.title), "body": self.fold(each.body), "scope": each.scope}
            for each in entries
        ]
        db.session.execute(text(statements[_engine()].format(name=self.name)), rows)


def _engine() -> str:
    return "sqlite" if is_sqlite() else "postgresql"


# --- queries ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; the last may be only the beginning of a word."""

    words: tuple[str, ...]
    is_prefix: bool = False


def parse(query: str, fold: Fold) -> list[Term]:
    """Return the terms that must all be found: single words, "phrases in quotation marks", a last word begun."""
    terms: list[Term] = []
    for quoted, plain in _TERM.findall(query.replace("“", '"').replace("”", '"')):
        if quoted:
            words = tuple(_WORD.findall(fold(quoted)))
            terms += [Term(words)] if words else []
        else:
            terms += [Term((word,)) for word in _WORD.findall(fold(plain))]
    terms = terms[:_MOST_TERMS]
    goes_on = terms and not query.rstrip(" ").endswith(('"', "”")) and len(terms[-1].words[-1]) >= _PREFIX_FROM
    return [*terms[:-1], Term(terms[-1].words, is_prefix=True)] if goes_on else terms


def _in_fts5(terms: Sequence[Term], scope: str) -> str:
    # No filter on the columns of the words: it would double the cost, and no text holds a word of the scope.
    said = [f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms]
    return " AND ".join([*said, *([f'scope : "{scope}"'] if scope else [])])


def _in_tsquery(terms: Sequence[Term], scope: str) -> str:
    said = [
        " <-> ".join(f"{word}:{'*' if _is_last_begun(term, word) else ''}AB" for word in term.words) for term in terms
    ]
    return " & ".join([*(f"({each})" for each in said), *([f"{scope}:C"] if scope else [])])


def _is_last_begun(term: Term, word: str) -> bool:
    return term.is_prefix and word == term.words[-1]


# --- showing what was found -------------------------------------------------------------------


def highlighted(written: str, query: str, fold: Fold) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether it was asked for."""
    spans = _spans(written, query, fold)
    pieces: list[tuple[str, bool]] = []
    place = 0
    for start, end in spans:
        if start > place:
            pieces.append((written[place:start], False))
        pieces.append((written[start:end], True))
        place = end
    if place < len(written):
        pieces.append((written[place:], False))
    return pieces


def snippet(written: str, query: str, fold: Fold, *, width: int = 160) -> list[tuple[str, bool]]:
    """Return a piece of a long text around the first word that was asked for, in pieces as ``highlighted``."""
    spans = _spans(written, query, fold)
    middle = spans[0][0] if spans else 0
    start = max(0, middle - width // 3)
    start = written.rfind(" ", 0, start) + 1 if start else 0
    end = written.find(" ", min(len(written), start + width))
    cut = written[start : end if end >= 0 else None]
    pieces = highlighted(cut, query, fold)
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end >= 0 else []
    return [*before, *pieces, *after]


def _spans(written: str, query: str, fold: Fold) -> list[tuple[int, int]]:
    folded = fold(written)
    spans: list[tuple[int, int]] = []
    for term in parse(query, fold):
        body = r"[\W_]+".join(term.words) + (r"[^\W_]*" if term.is_prefix else "")
        spans += [found.span() for found in re.finditer(rf"(?<![^\W_]){body}(?![^\W_])", folded)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
