"""Forms: a token in each, one version for those that two people may edit, errors put on their fields."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import current_app, request, session
from wtforms import Form, HiddenField, SubmitField
from wtforms.csrf.session import SessionCSRF

from evaluator.core.errors import Conflict, Invalid
from evaluator.web.language import say


class PageForm(Form):
    """Base of every form on a page. Construct with ``PageForm(request.form, …)``."""

    class Meta:
        """WTForms' own protection, tied to the signed session cookie."""

        csrf = True
        csrf_class = SessionCSRF
        csrf_time_limit = timedelta(hours=24)  # a sheet may lie open for a working day
        locales = ("vi",)

        @property
        def csrf_secret(self) -> bytes:
            """The application's key."""
            return str(current_app.config["SECRET_KEY"]).encode()

        @property
        def csrf_context(self) -> Any:
            """The visitor's session."""
            return session

        def get_translations(self, form: Form) -> "Messages":
            """Tell WTForms' own messages through our catalogue."""
            del form
            return Messages()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status = 200
        self.error: str = ""  # what concerns the form as a whole

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the input has the right shape; if not the page answers 422."""
        valid = super().validate(extra_validators)
        if not valid:
            self.status = 422
        return valid

    @property
    def is_sent(self) -> bool:
        """Whether the form was sent and has the right shape."""
        return request.method == "POST" and self.validate()

    @contextmanager
    def showing_errors(self) -> Iterator[None]:
        """Put a broken rule back on its fields, and keep what was typed.

        Stands outside ``transaction()``: the other way round half a change would be kept.
        """
        try:
            yield
        except Invalid as error:
            self.status = 422
            for name, messages in error.fields.items():
                self._show(name, [say(message) for message in messages])
            if not error.fields or error.sentence.message != Invalid.default:
                self.error = say(error)
        except Conflict as error:
            self.status = 409
            self.error = say(error)

    def _show(self, name: str, messages: list[str]) -> None:
        """Add messages to a field, or to the form when it has no such field."""
        field = self._fields.get(name)
        if field is None:
            self.error = " ".join(filter(None, (self.error, *messages)))
        else:
            field.errors = [*field.errors, *messages]

    @property
    def is_good(self) -> bool:
        """Whether nothing has been found wrong."""
        return self.status == 200


class Messages:
    """WTForms asks here for its own messages."""

    def gettext(self, string: str) -> str:
        """Translate."""
        return say(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate; Vietnamese has one form."""
        return say(singular if n == 1 else plural)


class ConfirmForm(PageForm):
    """A single button is a form too."""

    submit = SubmitField()


class VersionedForm(PageForm):
    """A form about something that two people may edit."""

    version = HiddenField()

    @property
    def read_version(self) -> int:
        """The version the person was looking at; 0 when it is missing."""
        return int(self.version.data) if (self.version.data or "").isdigit() else 0
