"""A proposal as a table: out for Excel, and in again as a set of changes that is shown before it is made."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluator import policy
from evaluator.assignment.models import Proposal
from evaluator.assignment.proposals import queries
from evaluator.assignment.proposals.effects import MOST_CHANGES, Couple, Effect
from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.people import queries as people
from evaluator.policy import Action, Actor

# The first two columns are what is read back; the rest is for the eye.
DOSSIER, REVIEWER = 0, 1
_AT_ONCE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Sequence[str]) -> str:
    """Return one line; a cell never begins a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file asks for: pairs to add, pairs to remove, and rows that cannot be read."""

    added: tuple[Couple, ...]
    removed: tuple[Couple, ...]
    problems: tuple[Sentence, ...]


def read(proposal: Proposal, data: bytes, *, actor: Actor) -> Reading:
    """Compare a file with the proposal. A dossier in the file gets exactly the reviewers in the file; others stay.

    Raises:
        Invalid: it is no such table, or asks for too many changes.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE)
    wanted, problems = _table(data)
    current = _by_lots(proposal, list(wanted))
    problems += [
        sentence(N_("Dossier %(code)s is not in this proposal."), code=code) for code in wanted if code not in current
    ]
    codes = {reviewer for code in current for reviewer in wanted[code] | current[code]}
    accounts = _accounts(codes)
    problems += [sentence(N_("There is no reviewer %(code)s."), code=code) for code in sorted(codes - accounts.keys())]
    ids = _ids(proposal, [code for code in current if wanted[code] != current[code]])
    added = [(code, each) for code in ids for each in sorted(wanted[code] - current[code]) if each in accounts]
    removed = [(code, each) for code in ids for each in sorted(current[code] - wanted[code]) if each in accounts]
    if len(added) + len(removed) > MOST_CHANGES:
        raise Invalid.on(
            "file", N_("At most %(count)s pairs can be changed in one go. Propose anew instead."), count=MOST_CHANGES
        )
    return Reading(
        tuple((ids[code], accounts[each]) for code, each in added),
        tuple((ids[code], accounts[each]) for code, each in removed),
        tuple(problems),
    )


def _table(data: bytes) -> tuple[dict[str, set[str]], list[Sentence]]:
    """Return the reviewers' codes of each dossier's code, and the rows that say nothing of the kind."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid.on(
            "file", N_("This is no .csv in UTF-8. Take the file of this page, change it, and save it.")
        ) from None
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    wanted: dict[str, set[str]] = {}
    problems = []
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        named = [cell.strip().lstrip("'") for cell in (*cells, "", "")]
        if not named[DOSSIER]:
            problems.append(sentence(N_("Row %(row)s has no code of a dossier."), row=number))
        else:
            wanted.setdefault(named[DOSSIER], set())
            if named[REVIEWER]:  # an empty one takes every reviewer off
                wanted[named[DOSSIER]].add(named[REVIEWER])
    if not wanted:
        raise Invalid.on(
            "file", N_("There is no row with a dossier in this file. Take the file of this page and change it.")
        )
    return wanted, problems


def _lots(codes: Iterable[str]) -> Iterator[list[str]]:
    every = list(codes)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _by_lots(proposal: Proposal, codes: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for lot in _lots(codes):
        found |= queries.current_pairs(proposal, lot)
    return found


def _ids(proposal: Proposal, codes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for lot in _lots(codes):
        found |= queries.initiative_ids(proposal, lot)
    return found


def _accounts(codes: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for lot in _lots(codes):
        found |= people.ids_by_code(lot)
    return found


def written(effect: Effect) -> str:
    """Return changes as a text that goes with the page and comes back with its button."""
    return " ".join(
        f"{'+' if line.is_added else '-'}{line.code}:{line.reviewer_code}" for line in effect.lines if not line.problem
    )


def read_changes(proposal: Proposal, text: str, *, actor: Actor) -> tuple[list[Couple], list[Couple]]:
    """Return what to add and what to remove of such a text.

    Raises:
        Invalid: it is none of ours.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE)
    words = [(word[0], *word[1:].partition(":")) for word in text.split()]
    ids = _ids(proposal, sorted({code for _sign, code, _colon, _reviewer in words}))
    accounts = _accounts({reviewer for _sign, _code, _colon, reviewer in words})
    added: list[Couple] = []
    removed: list[Couple] = []
    for sign, code, _colon, reviewer in words:
        if sign not in "+-" or code not in ids or reviewer not in accounts:
            raise Invalid
        (added if sign == "+" else removed).append((ids[code], accounts[reviewer]))
    return added, removed
