"""Pairs to settle from a table of three columns: reviewer, what is settled, dossier or second reviewer."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.assignment.preparing import queries
from evaluator.assignment.preparing.service import MOST_FIXTURES, Pairing
from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.policy import Actor
from evaluator.rounds.models import Round
from evaluator.rules.assigning import Tie
from evaluator.rules.vietnamese import fold

# What the second column may say: our own word, and what an office writes.
_TIES = {
    **{tie.value: tie for tie in Tie},
    "bat buoc": Tie.MUST,
    "bat buoc cham": Tie.MUST,
    "khong cham": Tie.NEVER,
    "khong duoc cham": Tie.NEVER,
    "khong cung cham": Tie.APART,
    "tach": Tie.APART,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table asks for, and the rows that cannot be read."""

    pairings: tuple[Pairing, ...]
    problems: tuple[Sentence, ...]


Line = tuple[str, str, str]


def lines(data: bytes) -> list[Line]:
    """Return the rows of a file under its heading, three cells each.

    Raises:
        Invalid: it is no such table.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid.on("file", N_("This is no .csv in UTF-8. Save it as “CSV UTF-8” and choose it again.")) from None
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    rows = [[cell.strip().lstrip("'") for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    found = [(*row, "", "", "")[:3] for row in rows[1:] if any(row)]
    if not found:
        raise Invalid.on("file", N_("There is no row under the heading of this file."))
    if len(found) > MOST_FIXTURES:
        raise Invalid.on("file", N_("At most %(count)s pairs can be settled in a round."), count=MOST_FIXTURES)
    return [(reviewer, tie, whom) for reviewer, tie, whom in found]


def read(a_round: Round, rows: Sequence[Line], *, actor: Actor) -> Reading:
    """Find the people and dossiers a table names; changes nothing."""
    ties = [_TIES.get(" ".join(fold(tie).split())) for _reviewer, tie, _whom in rows]
    others = {whom for (_r, _t, whom), tie in zip(rows, ties, strict=True) if tie is Tie.APART}
    people = queries.accounts({reviewer for reviewer, _tie, _whom in rows} | others)
    dossiers = queries.dossiers(a_round, {whom for _r, _t, whom in rows}, actor=actor)
    pairings, problems = [], []
    for number, ((reviewer, _tie, whom), tie) in enumerate(zip(rows, ties, strict=True), start=2):
        person, other = people.get(reviewer.lower()), people.get(whom.lower())
        if person is None:
            problems.append(sentence(N_("Row %(row)s: nobody is called “%(name)s”."), row=number, name=reviewer))
        elif tie is None:
            problems.append(sentence(N_("Row %(row)s does not say must, never or apart."), row=number))
        elif tie is Tie.APART and other is None:
            problems.append(sentence(N_("Row %(row)s: nobody is called “%(name)s”."), row=number, name=whom))
        elif tie is not Tie.APART and whom not in dossiers:
            problems.append(sentence(N_("Row %(row)s: the round has no dossier “%(code)s”."), row=number, code=whom))
        elif tie is Tie.APART:
            pairings.append(Pairing(tie, person, other=other))
        else:
            pairings.append(Pairing(tie, person, initiative=dossiers[whom]))
    return Reading(tuple(pairings), tuple(problems))


def pairing_of(a_round: Round, tie: Tie, reviewer: str, dossier: str, other: str, *, actor: Actor) -> Pairing:
    """Return the pair a form names.

    Raises:
        Invalid: nobody is called so.
    """
    known = queries.accounts({reviewer, other})
    person = known.get(reviewer.lower())
    if person is None:
        raise Invalid.on("reviewer", N_("Nobody has an account of this code or address."))
    if tie is Tie.APART:
        return Pairing(tie, person, other=known.get(other.lower()))
    return Pairing(tie, person, initiative=queries.dossiers(a_round, {dossier}, actor=actor).get(dossier))


def written(pairings: Iterable[Pairing]) -> str:
    """Return pairs as a text that goes with the page and comes back with its button."""
    return " ".join(
        f"{each.tie.value}:{each.reviewer.code}:"
        f"{each.initiative.code if each.initiative else each.other.code if each.other else ''}"
        for each in pairings
    )


def read_written(a_round: Round, text: str, *, actor: Actor) -> tuple[Pairing, ...]:
    """Return the pairs of such a text.

    Raises:
        Invalid: it is none of ours.
    """
    rows: list[Line] = []
    for word in text.split():
        tie, _colon, rest = word.partition(":")
        reviewer, _colon, whom = rest.partition(":")
        rows.append((reviewer, tie, whom))
    reading = read(a_round, rows, actor=actor)
    if reading.problems or not reading.pairings:
        raise Invalid
    return reading.pairings
