"""Signing in with a password, and locking out who guesses.

Two steps, because the hash is slow on purpose: ``try_password`` reads and computes while nobody is kept waiting,
``sign_in`` notes the outcome in a short transaction. The outcome is returned, not raised: a failure must be kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.text import N_, Sentence, sentence
from evaluator.people import queries
from evaluator.people.models import Account, LoginFailure
from evaluator.people.passwords import passwords
from evaluator.policy import Action, Actor
from evaluator.rules.calendar import local

FORGOTTEN_AFTER = timedelta(hours=1)  # failures so long ago were slips
WHOLE_ADDRESS = 20  # times as many failures lock a network address for all e-mails: offices share one


@dataclass(frozen=True, slots=True)
class Limits:
    """After how many failures sign-in is locked, and for how long."""

    failures: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A password that was tried."""

    email: str
    address: str
    account: Account | None
    fits: bool
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has signed in, or why nobody has."""

    account: Account | None
    problem: Sentence | None = None


def try_password(email: str, password: str, *, address: str, now: datetime) -> Attempt:
    """Compare a password with the one of the account; unknown addresses take just as long."""
    email = queries.normal_email(email)
    until = queries.locked_until(email, address, now=now)
    if until is not None:
        return Attempt(email, address, None, fits=False, locked_until=until)
    account = queries.maybe_by_email(email)
    return Attempt(email, address, account, fits=passwords.fits(account.password_hash if account else "", password))


def sign_in(attempt: Attempt, *, limits: Limits, by: Actor, now: datetime) -> Outcome:
    """Note the outcome of an attempt and say it; after too many failures e-mail and address are locked together."""
    account = attempt.account
    if attempt.locked_until is not None:
        return Outcome(None, _locked(attempt.locked_until))
    if account is None or not attempt.fits:
        audit.record("sign-in.failed", about=account, by=by, now=now, address=attempt.address)
        _count("", attempt.address, limits.failures * WHOLE_ADDRESS, limits.minutes, now)
        until = _count(attempt.email, attempt.address, limits.failures, limits.minutes, now)
        return Outcome(None, _locked(until) if until else sentence(WRONG))
    if not account.is_active:
        audit.record("sign-in.refused", about=account, by=by, now=now, address=attempt.address)
        return Outcome(None, sentence(CLOSED))
    db.session.execute(
        delete(LoginFailure).where(LoginFailure.email == attempt.email, LoginFailure.address == attempt.address)
    )
    # Not through the model: two devices signing in at once are no conflict about the account.
    db.session.execute(update(Account).where(Account.id == account.id).values(last_sign_in_at=now))
    audit.record("sign-in.done", about=account, by=Actor(id=account.id, label=account.name), now=now)
    return Outcome(account)


def forget_failures(*, by: Actor, now: datetime) -> int:
    """Delete what was noted about failures a day ago; return how many rows."""
    policy.require(by, Action.ACCOUNT_MANAGE)
    old = delete(LoginFailure).where(LoginFailure.last_at < now - timedelta(days=1)).returning(LoginFailure.id)
    return len(db.session.scalars(old).all())


WRONG = N_("E-mail and password do not match. Check both, or ask for a new password.")
CLOSED = N_("This account is closed. Ask the administrator to open it again.")


def _locked(until: datetime) -> Sentence:
    at = local(until + timedelta(seconds=59)).strftime("%H:%M")
    return sentence(
        N_("Too many attempts have failed. Try again after %(time)s, or ask for a new password meanwhile."), time=at
    )


def _count(email: str, address: str, most: int, minutes: int, now: datetime) -> datetime | None:
    """Add a failure; return until when this locks, if it does."""
    row = db.session.scalar(
        select(LoginFailure).where(LoginFailure.email == email, LoginFailure.address == address).with_for_update()
    )
    if row is None:
        row = LoginFailure(email=email, address=address, count=0, last_at=now)
        db.session.add(row)
    if now - row.last_at > FORGOTTEN_AFTER or (row.locked_until is not None and row.locked_until <= now):
        row.count, row.locked_until = 0, None
    row.count, row.last_at = row.count + 1, now
    if row.count >= most:
        row.locked_until = now + timedelta(minutes=minutes)
    return row.locked_until
