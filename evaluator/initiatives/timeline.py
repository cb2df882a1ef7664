"""Where a dossier is, in plain words: what happened, what comes next, when, and who acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives.models import Initiative
from evaluator.initiatives.service import open_supplement
from evaluator.rules.lifecycle import InitiativeState as State

_CHECKED = {State.ACCEPTED, State.IN_REVIEW, State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}
_REVIEWED = {State.REVIEWED, State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}
_VOTED = {State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way: ``how`` is done, current, later, gold or bad."""

    what: Sentence
    how: str
    at: datetime | None = None
    by: datetime | None = None  # the day until which it should be done
    more: Sentence | str = ""


def timeline(initiative: Initiative) -> list[Step]:
    """Return the way of a dossier from its first field to publication."""
    steps = [*_handing_in(initiative)]
    if initiative.state is State.WITHDRAWN:
        steps.append(Step(sentence(N_("Withdrawn")), "bad", at=initiative.withdrawn_at, more=initiative.reason))
        return steps
    steps.append(_checking(initiative))
    if initiative.state is not State.REFUSED:
        steps += _after_checking(initiative)
    return steps


def _handing_in(initiative: Initiative) -> Iterator[Step]:
    a_round = initiative.round
    if initiative.submitted_at is None:
        if initiative.state is State.DRAFT:
            yield Step(
                sentence(N_("Fill in and submit the dossier")),
                "current",
                by=a_round.submission_closes_at,
                more=sentence(N_("You act. What you type is kept as a draft that only you see.")),
            )
        return
    yield Step(
        sentence(N_("Received under the number %(receipt)s"), receipt=f"{initiative.receipt_number:04d}"),
        "done",
        at=initiative.submitted_at,
    )
    for each in initiative.supplements:
        is_open = each is open_supplement(initiative)
        yield Step(
            sentence(N_("A supplement was asked for")),
            "current" if is_open else "done",
            at=each.asked_at,
            by=each.until if is_open else None,
            more=each.reason,
        )
        if each.answered_at is not None:
            yield Step(sentence(N_("The supplement was handed in")), "done", at=each.answered_at)


def _checking(initiative: Initiative) -> Step:
    if initiative.state is State.REFUSED:
        return Step(sentence(N_("Not accepted")), "bad", at=initiative.checked_at, more=initiative.reason)
    if initiative.state in _CHECKED:
        return Step(sentence(N_("Checked and accepted")), "done", at=initiative.checked_at)
    is_now = initiative.state is State.SUBMITTED
    return Step(
        sentence(N_("The secretariat checks whether it is complete")),
        "current" if is_now else "later",
        by=initiative.round.checking_closes_at,
        more=sentence(N_("You need not do anything now.")) if is_now else "",
    )


def _after_checking(initiative: Initiative) -> Iterator[Step]:
    state, a_round = initiative.told_state, initiative.round
    reviewing = {State.ACCEPTED, State.IN_REVIEW}
    yield Step(
        sentence(N_("Reviewers score it without knowing who wrote it")),
        "done" if state in _REVIEWED else "current" if state in reviewing else "later",
        by=None if state in _REVIEWED else a_round.review_closes_at,
    )
    yield Step(
        sentence(N_("The council meets and votes")),
        "done" if state in _VOTED else "current" if state is State.REVIEWED else "later",
        by=None if state in _VOTED else a_round.council_at,
    )
    if state is State.NOT_SELECTED:
        yield Step(sentence(N_("Not selected in this round")), "done")
    elif state is State.PUBLISHED:
        yield Step(sentence(N_("Selected by the council")), "gold")
        yield Step(sentence(N_("Published")), "gold")
    elif state is State.SELECTED:
        yield Step(sentence(N_("Selected by the council")), "gold")
        yield Step(sentence(N_("Publication in the compendium")), "current", by=a_round.publication_at)
    else:
        yield Step(sentence(N_("Result and publication")), "later", by=a_round.publication_at)
