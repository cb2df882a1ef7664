"""What can go wrong, in words for people; knows nothing of HTTP."""

from typing import Any

from evaluator.core.text import N_, Sentence

Message = str | Sentence


class EvaluatorError(Exception):
    """Base of every expected failure: a stable code for programs, a sentence for people."""

    code = "error"
    default = N_("Something went wrong.")

    def __init__(self, message: Message = "", **values: Any) -> None:
        if isinstance(message, Sentence):
            self.sentence = message
        else:
            self.sentence = Sentence(message or self.default, values)
        super().__init__(str(self.sentence))


class NotFound(EvaluatorError):
    """It does not exist, or the reader may not know that it does."""

    code = "not-found"
    default = N_("There is nothing here for you under this address.")


class Forbidden(EvaluatorError):
    """The reader may see it, but not do this; carries the reasons."""

    code = "forbidden"
    default = N_("You may not do this.")

    def __init__(self, message: Message = "", *, reasons: tuple[str, ...] = (), **values: Any) -> None:
        super().__init__(message, **values)
        self.reasons = reasons


class Invalid(EvaluatorError):
    """The input breaks a rule; ``fields`` maps a field name to its sentences."""

    code = "invalid"
    default = N_("Some of the input is not right. See the marked fields.")

    def __init__(self, message: Message = "", *, fields: dict[str, list[Message]] | None = None, **values: Any) -> None:
        super().__init__(message, **values)
        self.fields = fields or {}

    @classmethod
    def on(cls, field: str, message: str, **values: Any) -> "Invalid":
        """Return an error about one field."""
        return cls(fields={field: [Sentence(message, values)]})


class Conflict(EvaluatorError):
    """The state has moved on: an illegal step, a stale version, a second ballot."""

    code = "conflict"
    default = N_("Somebody else has changed this in the meantime. Look at it as it is now, then try again.")


class Closed(Conflict):
    """The deadline or the phase has passed."""

    code = "closed"
    default = N_("The deadline for this has passed.")


class Unavailable(EvaluatorError):
    """Something outside failed; it is safe to try again."""

    code = "unavailable"
    default = N_("This cannot be done at the moment. Nothing was changed; please try again in a minute.")
