"""What reviewers say and the secretary settles before anything is assigned."""

from enum import StrEnum

from evaluator.core.text import N_


class Wish(StrEnum):
    """How a reviewer would like to read a dossier whose title he or she has seen."""

    GLADLY = "gladly"
    CAN = "can"
    RATHER_NOT = "rather-not"


WISH_NAMES = {Wish.GLADLY: N_("gladly"), Wish.CAN: N_("can read it"), Wish.RATHER_NOT: N_("rather not")}


class Tie(StrEnum):
    """What the secretary settles before any proposal."""

    MUST = "must"  # this reviewer reads this dossier
    NEVER = "never"  # this reviewer does not read this dossier
    APART = "apart"  # these two reviewers never read the same dossier


TIE_NAMES = {
    Tie.MUST: N_("must read"),
    Tie.NEVER: N_("must not read"),
    Tie.APART: N_("never read the same dossier"),
}
