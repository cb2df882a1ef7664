"""What must always be true of the data, each as one query that finds what breaks it."""

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.assignment import queries as assignment
from evaluator.audit import queries as audit
from evaluator.compendium import queries as compendium
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council import queries as councils
from evaluator.council.papers import queries as papers
from evaluator.council.release import queries as releases
from evaluator.council.sealed import queries as sealed
from evaluator.initiatives import queries as initiatives
from evaluator.notices import queries as notices
from evaluator.people import queries as people
from evaluator.reviews.locking import queries as locking
from evaluator.units import queries as units


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence, and the query that returns the public codes of what contradicts it (a few are enough)."""

    name: str
    sentence: str
    broken: Callable[[], list[str]]


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("history-is-sealed", N_("Every row of the history is as it was written."), audit.broken_seals),
    Invariant("units-have-their-level", N_("A unit stands below the unit above it."), units.out_of_place),
    Invariant("one-link-a-person", N_("At most one mailed link opens an account."), people.with_two_links),
    Invariant("secrets-are-not-kept", N_("A message that is done with holds no secret."), notices.with_dead_secrets),
    Invariant("receipts-are-numbered", N_("Whatever was handed in has a receipt number."), initiatives.without_receipt),
    Invariant("reviews-are-blind", N_("A dossier in review has a blind code."), initiatives.without_blind_code),
    Invariant(
        "accepted-has-a-copy", N_("A dossier that was accepted has its blind copy."), initiatives.without_blind_copy
    ),
    Invariant(
        "shares-make-a-whole", N_("The shares of a dossier in review make 100 %."), initiatives.with_wrong_shares
    ),
    Invariant(
        "nobody-judges-in-conflict",
        N_("No dossier is with an author of it or with somebody who declared a conflict."),
        assignment.in_conflict,
    ),
    Invariant("proposals-count-right", N_("A proposed assignment counts its reviewers right."), assignment.miscounted),
    Invariant("books-are-as-published", N_("A published book is as it was published."), compendium.not_as_published),
    Invariant("results-are-as-locked", N_("A locked result is as it was locked."), locking.not_as_locked),
    Invariant("ledgers-are-sealed", N_("Every entry of a session's ledger is as it was written."), ledger.broken),
    Invariant(
        "decisions-stand", N_("Every initiative stands as the council decided."), councils.contradicted_decisions
    ),
    Invariant(
        "papers-were-entered-twice", N_("Counted papers were entered by two people."), councils.papers_entered_once
    ),
    Invariant(
        "certificates-are-of-selected", N_("Only what was selected has a certificate."), papers.certificates_of_others
    ),
    Invariant(
        "released-is-released",
        N_("A round whose letters went out says when its results were released."),
        releases.released_without_moment,
    ),
    Invariant(
        "sealed-boxes-reconcile",
        N_("Whoever has a ballot in a sealed vote's box has its mark in the ledger, and nobody else."),
        sealed.out_of_step,
    ),
    Invariant(
        "only-published-is-public",
        N_("Public pages show only published books."),
        compendium.published_without_book,
    ),
)


def check() -> dict[str, list[str]]:
    """Return, for every invariant by name, what contradicts it."""
    return {invariant.name: invariant.broken() for invariant in INVARIANTS}
