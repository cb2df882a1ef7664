"""What can happen to an initiative and to a round: one table each, and the step."""

from enum import StrEnum

from evaluator.core.errors import Conflict
from evaluator.core.text import N_


class InitiativeState(StrEnum):
    """Where an initiative stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT = "supplement"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    IN_REVIEW = "in-review"
    REVIEWED = "reviewed"
    SELECTED = "selected"
    NOT_SELECTED = "not-selected"
    PUBLISHED = "published"


class Event(StrEnum):
    """What can be done to an initiative."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ASK_SUPPLEMENT = "ask-supplement"
    ANSWER_SUPPLEMENT = "answer-supplement"
    ACCEPT = "accept"
    REFUSE = "refuse"
    SEND_TO_REVIEW = "send-to-review"
    COMPLETE_REVIEWS = "complete-reviews"
    REOPEN_REVIEWS = "reopen-reviews"
    SELECT = "select"
    DO_NOT_SELECT = "do-not-select"
    RECONSIDER = "reconsider"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


class RoundState(StrEnum):
    """Whether a round is being prepared, runs by its dates, or is closed for good."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class RoundEvent(StrEnum):
    """What can be done to a round."""

    OPEN = "open"
    CLOSE = "close"


S, E = InitiativeState, Event

INITIATIVE_TABLE: dict[tuple[InitiativeState, Event], InitiativeState] = {
    (S.DRAFT, E.SUBMIT): S.SUBMITTED,
    (S.DRAFT, E.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, E.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, E.ASK_SUPPLEMENT): S.SUPPLEMENT,
    (S.SUBMITTED, E.ACCEPT): S.ACCEPTED,
    (S.SUBMITTED, E.REFUSE): S.REFUSED,
    (S.SUPPLEMENT, E.ANSWER_SUPPLEMENT): S.SUBMITTED,
    (S.SUPPLEMENT, E.WITHDRAW): S.WITHDRAWN,
    (S.SUPPLEMENT, E.ACCEPT): S.ACCEPTED,
    (S.SUPPLEMENT, E.REFUSE): S.REFUSED,
    (S.ACCEPTED, E.SEND_TO_REVIEW): S.IN_REVIEW,
    (S.ACCEPTED, E.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, E.COMPLETE_REVIEWS): S.REVIEWED,
    (S.IN_REVIEW, E.WITHDRAW): S.WITHDRAWN,
    (S.REVIEWED, E.REOPEN_REVIEWS): S.IN_REVIEW,
    (S.REVIEWED, E.SELECT): S.SELECTED,
    (S.REVIEWED, E.DO_NOT_SELECT): S.NOT_SELECTED,
    (S.SELECTED, E.RECONSIDER): S.REVIEWED,
    (S.NOT_SELECTED, E.RECONSIDER): S.REVIEWED,
    (S.SELECTED, E.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, E.UNPUBLISH): S.SELECTED,
}

ROUND_TABLE: dict[tuple[RoundState, RoundEvent], RoundState] = {
    (RoundState.DRAFT, RoundEvent.OPEN): RoundState.OPEN,
    (RoundState.OPEN, RoundEvent.CLOSE): RoundState.CLOSED,
}

STATE_NAMES = {
    S.DRAFT: N_("Draft"),
    S.SUBMITTED: N_("Submitted"),
    S.SUPPLEMENT: N_("Waiting for a supplement"),
    S.ACCEPTED: N_("Accepted"),
    S.REFUSED: N_("Refused"),
    S.WITHDRAWN: N_("Withdrawn"),
    S.IN_REVIEW: N_("In review"),
    S.REVIEWED: N_("Reviewed"),
    S.SELECTED: N_("Selected"),
    S.NOT_SELECTED: N_("Not selected"),
    S.PUBLISHED: N_("Published"),
}

ROUND_STATE_NAMES = {
    RoundState.DRAFT: N_("In preparation"),
    RoundState.OPEN: N_("Open"),
    RoundState.CLOSED: N_("Closed"),
}


def after(state: InitiativeState, event: Event) -> InitiativeState:
    """Return the state that follows.

    Raises:
        Conflict: this cannot happen to an initiative that stands there.
    """
    try:
        return INITIATIVE_TABLE[state, event]
    except KeyError:
        raise Conflict(
            N_("This step is not possible any more: the initiative has moved on. Look at it as it is now.")
        ) from None


def round_after(state: RoundState, event: RoundEvent) -> RoundState:
    """Return the state of a round that follows.

    Raises:
        Conflict: this cannot happen to a round that stands there.
    """
    try:
        return ROUND_TABLE[state, event]
    except KeyError:
        raise Conflict(
            N_("This step is not possible any more: the round has moved on. Look at it as it is now.")
        ) from None
