"""Sessions of signed-in people; the only module that knows Flask-Login."""

from datetime import timedelta

from flask import Flask, current_app, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from evaluator.people import queries
from evaluator.people.models import Account
from evaluator.people.passwords import passwords
from evaluator.people.sign_in import Limits
from evaluator.web.request import forget_me

LASTS = timedelta(days=14)  # for those who ask to stay signed in; otherwise until the browser is closed

manager = LoginManager()
manager.session_protection = None  # telephones change their address on the way; the cookie is signed and HttpOnly


class Visitor(UserMixin):
    """An account as Flask-Login wants it: known by a key that changes with the password."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        """Return what the session keeps."""
        return self.account.session_key


def init_app(app: Flask) -> None:
    """Know who is signed in, and set the cost of password hashes."""
    config = app.config["EVALUATOR"]
    passwords.configure(memory_kib=config.argon2_memory_kib, rounds=config.argon2_rounds)
    app.config["PERMANENT_SESSION_LIFETIME"] = LASTS
    manager.init_app(app)


@manager.user_loader
def _load(session_key: str) -> Visitor | None:
    account = queries.maybe_by_session_key(session_key)
    return None if account is None else Visitor(account)


def current_account() -> Account | None:
    """Return the account of this request's session; None if nobody is signed in."""
    if "_user_id" not in session:
        return None  # nobody signed in: do not ask the database
    return current_user.account if current_user.is_authenticated else None


def begin(account: Account, *, stay: bool) -> None:
    """Start a session; whatever the browser brought along is dropped (session fixation)."""
    session.clear()
    login_user(Visitor(account))
    session.permanent = stay
    forget_me()


def end() -> None:
    """End the session of this browser."""
    logout_user()
    session.clear()
    forget_me()


def limits() -> Limits:
    """Return how many failures are borne."""
    config = current_app.config["EVALUATOR"]
    return Limits(failures=config.login_failures, minutes=config.login_lock_minutes)


def remote_address() -> str:
    """Return the network address of the browser, as the trusted proxies give it."""
    return (request.remote_addr or "")[:64]
