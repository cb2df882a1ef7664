"""Who may see what of a result, and from when: set by the round, the same question for every page.

A facet of a result (that it was selected, its points, its rank, the reasons) is open to nobody beyond the council, to
its authors, also to the unit that sent it in, or to everybody; from the release of the results on, or from the round's
day of publication. Everybody hears only of what was selected: that a work was refused is for its authors and their unit. Whoever does not see that there is a result sees none of its other facets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from evaluator.core.errors import Invalid
from evaluator.core.text import N_


class Facet(StrEnum):
    """One thing to know about a result."""

    RESULT = "result"
    POINTS = "points"
    RANK = "rank"
    REASONS = "reasons"


class Audience(StrEnum):
    """Who knows it; each holds the one before."""

    COUNCIL = "council"
    AUTHORS = "authors"
    UNITS = "units"
    PUBLIC = "public"

    @property
    def width(self) -> int:
        """Return how wide it is: 0 for the council alone."""
        return list(Audience).index(self)

    def holds(self, other: "Audience") -> bool:
        """Return whether everybody of the other audience is in this one."""
        return self.width >= other.width


class Since(StrEnum):
    """From when."""

    RELEASE = "release"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Opening:
    """Who knows a facet, and from when."""

    audience: Audience
    since: Since = Since.RELEASE


USUAL = {
    Facet.RESULT: Opening(Audience.UNITS),
    Facet.POINTS: Opening(Audience.AUTHORS),
    Facet.RANK: Opening(Audience.AUTHORS),
    Facet.REASONS: Opening(Audience.AUTHORS),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as the policy is asked about it: whose it is, and who may see each facet at this moment."""

    initiative_id: int
    is_selected: bool
    unit_id: int | None
    open_to: Mapping[Facet, Audience]


@dataclass(frozen=True, slots=True)
class Openness:
    """The openings of a round, facet by facet."""

    openings: Mapping[Facet, Opening]

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | None) -> Self:
        """Return the openings that a round keeps; without any, what is usual."""
        if not document:
            return cls(USUAL)
        return cls(
            {facet: Opening(Audience(document[facet]["audience"]), Since(document[facet]["since"])) for facet in Facet}
        )

    def as_document(self) -> dict[str, dict[str, str]]:
        """Return them as JSON."""
        return {
            str(facet): {"audience": str(self.openings[facet].audience), "since": str(self.openings[facet].since)}
            for facet in Facet
        }

    def check(self) -> None:
        """Refuse openings that contradict each other.

        Raises:
            Invalid: a facet is known to more people, or earlier, than the result it belongs to.
        """
        result = self.openings[Facet.RESULT]
        for facet, opening in self.openings.items():
            if not result.audience.holds(opening.audience):
                raise Invalid.on(
                    f"{facet}_audience", N_("Whoever knows this knows the result; open the result to them first.")
                )
            too_early = result.since is Since.PUBLICATION and opening.since is Since.RELEASE
            if too_early and opening.audience is not Audience.COUNCIL:
                raise Invalid.on(f"{facet}_since", N_("This cannot be known before the result itself."))

    def at(self, now: datetime, *, released_at: datetime | None, publication_at: datetime) -> dict[Facet, Audience]:
        """Return who knows each facet at a moment: the council alone until the results are released."""
        return {
            facet: opening.audience if self._is_open(opening, now, released_at, publication_at) else Audience.COUNCIL
            for facet, opening in self.openings.items()
        }

    def is_no_narrower_than(self, other: "Openness") -> bool:
        """Return whether everybody who knew a facet keeps knowing it, from no later moment."""
        return all(
            mine.audience.holds(theirs.audience)
            and (
                mine.since is Since.RELEASE or theirs.since is Since.PUBLICATION or theirs.audience is Audience.COUNCIL
            )
            for mine, theirs in ((self.openings[facet], other.openings[facet]) for facet in Facet)
        )

    @staticmethod
    def _is_open(opening: Opening, now: datetime, released_at: datetime | None, publication_at: datetime) -> bool:
        if released_at is None or now < released_at:
            return False
        return opening.since is Since.RELEASE or now >= publication_at
