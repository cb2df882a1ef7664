"""How well a reviewer suits a dossier: declared fields and words in common, as ten-thousandths with an explanation.

Half is the field, half the words: TF-IDF over syllables and pairs of neighbouring syllables without marks. Pairs stand
in for Vietnamese word segmentation and do better than it costs (matching.md 5.1). Only words that some reviewer uses
can bring the two together, so only those are counted; per dossier the reviewers are then ranked, so that long and
short texts weigh the same.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.vietnamese import fold

WHOLE = 10_000
_HALF = WHOLE // 2
_SHOWN = 3
_ROWS = 2048
_SYLLABLE = re.compile(r"[^\W_]+")
WISHES_PART = 5  # what reviewers said they would like weighs a fifth where the round asks them
# So alike count as equal: sums of many small numbers differ in the last places.
_PLACES = 9


@dataclass(frozen=True, slots=True)
class Expert:
    """What a reviewer knows: fields as the round names them, and any words (keywords, titles of own work)."""

    fields: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dossier is about."""

    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Terms:
    """The terms of one dossier that some reviewer uses, and how often each occurs."""

    places: NDArray[np.int64]
    counts: NDArray[np.float64]


def terms(text: str) -> Counter[str]:
    """Return the syllables of a text and the pairs of neighbouring ones, without marks, with how often they occur."""
    syllables = _SYLLABLE.findall(fold(text).lower())
    found = Counter(word for word in syllables if len(word) > 1)
    found.update(f"{one} {other}" for one, other in pairwise(syllables))
    return found


def make_room_for_wishes(fit: NDArray[np.int16]) -> None:
    """Let a fifth of every affinity be what the reviewer said, in place; who said nothing can read it."""
    for start in range(0, len(fit), _ROWS):  # piece by piece: a province's table is a hundred megabytes
        part = fit[start : start + _ROWS]
        part -= -(-part // WISHES_PART)
        part += WHOLE // (2 * WISHES_PART)


def add_wishes(fit: NDArray[np.int16], rows: NDArray[np.int64], columns: NDArray[np.int64], said: int) -> None:
    """Add what reviewers said, in place: 1 gladly, -1 rather not."""
    fit[rows, columns] += np.int16(said * WHOLE // (2 * WISHES_PART))


class Affinities:
    """The affinities of all dossiers and reviewers of a round."""

    def __init__(self, experts: Sequence[Expert], subjects: Iterable[Subject]) -> None:
        self.experts = experts
        counted = [terms(expert.text) for expert in experts]
        vocabulary = sorted(set().union(*counted))
        self.places = {term: place for place, term in enumerate(vocabulary)}
        self.vocabulary = vocabulary
        self.fields: list[str] = []
        self.subjects: list[_Terms] = []
        for subject in subjects:
            self.fields.append(subject.field)
            self.subjects.append(self._seen(terms(subject.text)))
        self.tokens: dict[int, list[tuple[str, str]]] = {}
        self.weights = self._weights()
        self.profiles = self._profiles(counted)

    def _seen(self, found: Counter[str]) -> _Terms:
        known = [(self.places[term], count) for term, count in found.items() if term in self.places]
        known.sort()
        places = np.array([place for place, _count in known], np.int64)
        return _Terms(places, 1 + np.log(np.array([count for _place, count in known], np.float64)))

    def _weights(self) -> NDArray[np.float64]:
        """Return how telling each term is: rare ones more than those in every dossier."""
        places = [subject.places for subject in self.subjects]
        number = np.bincount(np.concatenate(places) if places else [], minlength=len(self.vocabulary))
        weights: NDArray[np.float64] = np.log((1 + len(self.subjects)) / (1 + number))
        return weights

    def _profiles(self, counted: Sequence[Counter[str]]) -> NDArray[np.float64]:
        """Return terms by reviewers, each reviewer of length one."""
        profiles = np.zeros((len(self.vocabulary), len(counted)))
        for column, found in enumerate(counted):
            for term, count in found.items():
                profiles[self.places[term], column] = 1 + np.log(count)
        profiles *= self.weights[:, None]
        length = np.sqrt((profiles**2).sum(axis=0))
        profiles /= np.where(length > 0, length, 1)
        profiles *= self.weights[:, None]
        return profiles

    def rows(self, rows: range) -> NDArray[np.int16]:
        """Return the affinities of some dossiers with every reviewer, in ten-thousandths."""
        table = np.zeros((len(rows), len(self.experts)), np.int16)
        for at, row in enumerate(rows):
            table[at] = self._by_words(row) + self._by_field(self.fields[row])
        return table

    def _by_field(self, field: str) -> NDArray[np.int64]:
        return np.array([_HALF if field and field in expert.fields else 0 for expert in self.experts])

    def _by_words(self, row: int) -> NDArray[np.int64]:
        """Return half of the rank among all reviewers; nothing in common is nothing."""
        subject = self.subjects[row]
        score = (subject.counts @ self.profiles[subject.places]).round(_PLACES)
        order = np.unique(score[score > 0])
        rank = np.searchsorted(order, score, side="right")
        return np.where(score > 0, _HALF * rank // max(1, len(order)), 0)

    def explain(self, row: int, column: int) -> list[Sentence]:
        """Return why this reviewer suits this dossier, in words for the secretary."""
        reasons = []
        if self._by_field(self.fields[row])[column]:
            reasons.append(sentence(N_("The field “%(field)s” is the reviewer's own."), field=self.fields[row]))
        shared = self.shared(row, column)
        if shared:
            reasons.append(sentence(N_("Words in common: %(words)s."), words=", ".join(shared)))
        if not reasons:
            reasons.append(sentence(N_("Neither field nor words in common; nobody nearer was free.")))
        return reasons

    def shared(self, row: int, column: int) -> list[str]:
        """Return the phrases that bring the two together most, as the reviewer writes them."""
        subject = self.subjects[row]
        pulls = subject.counts * self.profiles[subject.places, column]
        pull = {
            self.vocabulary[place]: float(each) for place, each in zip(subject.places, pulls, strict=True) if each > 0
        }
        if column not in self.tokens:
            self.tokens[column] = [
                (word.lower(), fold(word).lower()) for word in _SYLLABLE.findall(self.experts[column].text)
            ]
        phrases = _phrases(self.tokens[column], pull)
        return sorted(phrases, key=lambda phrase: (-phrases[phrase], phrase))[:_SHOWN]


def _phrases(tokens: Sequence[tuple[str, str]], pull: dict[str, float]) -> dict[str, float]:
    """Return the longest runs of words whose neighbours are shared pairs, with their pull; single words if there is none."""
    found: dict[str, float] = {}
    run, worth = tokens[:1], 0.0
    for (_word, before), (word, plain) in pairwise([*tokens, ("", "")]):
        here = pull.get(f"{before} {plain}", 0.0)
        if here:
            run, worth = [*run, (word, plain)], worth + here
            continue
        if len(run) > 1:
            found[" ".join(each for each, _plain in run)] = worth
        run, worth = [(word, plain)], 0.0
    return found or {word: pull[plain] for word, plain in tokens if plain in pull}
