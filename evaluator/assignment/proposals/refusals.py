"""Why no proposal is possible, in words: the smallest reason, and what would make one possible."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from evaluator.assignment.proposals.question import Question
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.rules.matching import shortage, solve
from evaluator.rules.matching.problem import Problem, Shortage, Whole

_NAMED = 5
_FIELDS = 3
# Pairs up to which every refusal is followed until a plan exists, so that the load offered is one that works.
_FOLLOWED = 200_000


def refusal(question: Question, problem: Problem, reason: Shortage, rows: Whole, columns: Whole) -> Invalid:
    """Return the smallest reason, with the ways out."""
    if reason.owed:
        return Invalid.on(
            "least", N_("The least number of dossiers per reviewer cannot be kept for everybody. Choose a lower one.")
        )
    told = _Told(question, problem, reason, rows, columns)
    if not reason.reviewers:
        return told.nobody()
    if len(reason.initiatives) == len(question.dossiers) and len(reason.reviewers) == len(question.reviewers):
        return told.everybody()
    return told.some()


def nobody_left_apart(question: Question, reason: Shortage, rows: Whole) -> Invalid:
    """Return the refusal when only keeping reviewers apart makes it impossible."""
    return Invalid.on(
        "reviews",
        N_(
            "With those reviewers kept apart who never read the same dossier, too few remain for %(codes)s. Let a "
            "settled pair go, allow two readers of one unit, or invite one more reviewer of another unit."
        ),
        codes=_listed([question.dossiers[int(rows[place])].code for place in reason.initiatives]),
    )


class _Told:
    """One reason, with everything its words need."""

    def __init__(self, question: Question, problem: Problem, reason: Shortage, rows: Whole, columns: Whole) -> None:
        self.question, self.problem, self.reason = question, problem, reason
        self.rows, self.columns = rows, columns
        dossiers = [question.dossiers[int(rows[place])] for place in reason.initiatives]
        common = Counter(dossier.field for dossier in dossiers if dossier.field).most_common(_FIELDS)
        self.codes = _listed([dossier.code for dossier in dossiers])
        self.fields = ", ".join(name for name, _number in common) or "–"
        self.names = _listed([question.reviewers[int(columns[place])].name for place in reason.reviewers])
        self.relief = shortage.remedy(reason, problem)

    @property
    def then(self) -> int | str:
        """The load under which there is a plan, or the next one worth trying."""
        more = self.relief.more_load or 1
        if self.problem.worth.size <= _FOLLOWED:
            more = solve.load_that_works(self.problem) or more
        return self.question.most + more

    def nobody(self) -> Invalid:
        """One dossier has too few, or nobody of its field, whatever the others get."""
        free = self.problem.allowed(np.array(self.reason.initiatives))[0]
        names = _listed([self.question.reviewers[int(self.columns[place])].name for place in np.flatnonzero(free)])
        if self.reason.of_field:
            return Invalid.on(
                "reviews",
                N_(
                    "Nobody of the field “%(fields)s” who is free of a conflict of interest can read the dossier "
                    "%(code)s. Invite an expert of this field from outside, or let the round not insist on one."
                ),
                fields=self.fields,
                code=self.codes,
            )
        if len(np.flatnonzero(free)) >= self.reason.needed:
            return Invalid.on(
                "share_percent",
                N_(
                    "Only %(names)s may read the dossier %(code)s, which needs %(needed)s: there is nobody to draw lots "
                    "among. Choose a lighter guard against wishes, or none."
                ),
                names=names,
                code=self.codes,
                needed=self.reason.needed,
            )
        return Invalid.on(
            "reviews",
            N_(
                "Too few reviewers are free of a conflict of interest for the dossier %(code)s: it needs %(needed)s, "
                "and only these may read it: %(names)s. Invite an expert from outside, or ask for fewer reviews."
            ),
            code=self.codes,
            needed=self.reason.needed,
            names=names or "–",
        )

    def everybody(self) -> Invalid:
        """All reviewers together may take too few."""
        return Invalid.on(
            "most",
            N_(
                "%(needed)s reviews are needed, but the %(people)s reviewers may take only %(room)s together. "
                "Let each take %(then)s instead of %(most)s, or add at least %(reviewers)s reviewers."
            ),
            needed=self.reason.needed,
            people=len(self.reason.reviewers),
            room=self.reason.room,
            then=self.then,
            most=self.question.most,
            reviewers=self.relief.more_people,
        )

    def some(self) -> Invalid:
        """Some dossiers share too few reviewers."""
        words = (
            N_(
                "%(count)s dossiers (%(codes)s) need somebody of their own field; the %(people)s who know it and may "
                "read them (%(names)s) can take %(room)s of the %(needed)s reviews. Let each take %(then)s instead of "
                "%(most)s, or add at least %(reviewers)s reviewers of the field: %(fields)s."
            )
            if self.reason.of_field
            else N_(
                "%(count)s dossiers (%(codes)s) may only be read by the same %(people)s reviewers (%(names)s), who can "
                "take %(room)s of the %(needed)s reviews. Let each take %(then)s instead of %(most)s, or add at least "
                "%(reviewers)s reviewers without a conflict of interest, best of the field: %(fields)s."
            )
        )
        return Invalid.on(
            "most",
            words,
            count=len(self.reason.initiatives),
            codes=self.codes,
            people=len(self.reason.reviewers),
            names=self.names,
            room=self.reason.room + self.reason.others,
            needed=self.reason.needed,
            then=self.then,
            most=self.question.most,
            reviewers=self.relief.more_people,
            fields=self.fields,
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} …" if len(names) > _NAMED else shown
