"""Opening and keeping accounts, and what the holder of one may change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.codes import random_code, token
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.notices import service as notices
from evaluator.people import queries
from evaluator.people.models import Account, PasswordReset, RoleGrant
from evaluator.people.passwords import SealedPassword
from evaluator.policy import Action, Actor
from evaluator.rules.roles import Role
from evaluator.rules.vietnamese import clean_line, fold, name_key

LANGUAGES = ("vi", "en")
RESET_LASTS = timedelta(hours=2)
INVITATION_LASTS = timedelta(days=7)
BETWEEN_RESETS = timedelta(minutes=2)  # nobody's mailbox is flooded by pressing a button


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is kept about a person who has an account."""

    email: str
    name: str
    job_title: str = ""
    unit_id: int | None = None
    language: str = "vi"


def create_account(
    profile: Profile, *, roles: Collection[Role] = (), password: SealedPassword | None = None, by: Actor, now: datetime
) -> Account:
    """Open an account; without a password the person gets a link by mail to choose one.

    Raises:
        Invalid: on ``email`` or ``name``; the address is taken.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    account = Account(code=random_code(), session_key=token(), created_at=now, password_hash=password or "")
    _write(account, profile)
    account.grants = [RoleGrant(role=role) for role in sorted(set(roles))]
    db.session.add(account)
    db.session.flush()  # the link and the message need the account's id
    audit.record("account.created", about=account, by=by, now=now, roles=sorted(account.roles))
    if password is None:
        invite(account, by=by, now=now)
    return account


def let_in(people: Collection[Profile], *, roles: Collection[Role], by: Actor, now: datetime) -> tuple[int, int]:
    """Open an account for each of a list of people, or give the roles to who has one; return how many of each.

    Raises:
        Invalid: as for ``create_account``.
        Conflict: one of the accounts is closed.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    opened = known = 0
    for profile in people:
        account = queries.maybe_by_email(profile.email)
        if account is None:
            create_account(profile, roles=roles, by=by, now=now)
            opened += 1
        else:
            _require_open(account)
            for role in sorted(set(roles)):
                grant(account, role, by=by, now=now)
            known += 1
    return opened, known


def invite(account: Account, *, by: Actor, now: datetime) -> None:
    """Mail the person a link with which to choose a password; earlier links die.

    Raises:
        Conflict: the account is closed.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    _require_open(account)
    _send_link(account, "account-invited", until=now + INVITATION_LASTS, now=now)
    audit.record("account.invited", about=account, by=by, now=now)


def edit(
    account: Account, profile: Profile, *, roles: Collection[Role], read_version: int, by: Actor, now: datetime
) -> None:
    """Change what is kept about a person, and the roles held from now on.

    Raises:
        Conflict: somebody else changed it since ``read_version``.
        Invalid: on ``email`` or ``name``; the address is taken; on ``roles`` for the last administrator.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    if read_version != account.version:
        raise Conflict
    wanted, held = frozenset(roles), account.roles
    if Role.ADMIN in held - wanted:
        _require_another_admin(account)
    before = _kept(account)
    _write(account, profile)
    account.grants = [grant for grant in account.grants if grant.role in wanted]
    account.grants.extend(RoleGrant(role=role) for role in sorted(wanted - held))
    changed = sorted(name for name, value in _kept(account).items() if before[name] != value)
    audit.record(
        "account.edited",
        about=account,
        by=by,
        now=now,
        changed=changed,
        granted=sorted(wanted - held),
        revoked=sorted(held - wanted),
    )


def grant(account: Account, role: Role, *, by: Actor, now: datetime) -> None:
    """Give one more role; one that is held already stays as it is."""
    policy.require(by, Action.ACCOUNT_MANAGE)
    if role not in account.roles:
        account.grants.append(RoleGrant(role=role))
        audit.record("role.granted", about=account, by=by, now=now, role=role)


def revoke(account: Account, role: Role, *, by: Actor, now: datetime) -> None:
    """Take a role away; what was done in it stays done.

    Raises:
        Invalid: nobody else is administrator.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    if role in account.roles:
        if role is Role.ADMIN:
            _require_another_admin(account)
        account.grants = [grant for grant in account.grants if grant.role is not role]
        audit.record("role.revoked", about=account, by=by, now=now, role=role)


def deactivate(account: Account, *, by: Actor, now: datetime) -> None:
    """Close an account: its sessions end and nobody can sign in; its work and name stay in the records.

    Raises:
        Invalid: it is the last administrator.
        Conflict: it is closed already.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    _require_open(account)
    if Role.ADMIN in account.roles:
        _require_another_admin(account)
    account.deactivated_at, account.session_key = now, token()
    _end_links(account, now=now)
    audit.record("account.deactivated", about=account, by=by, now=now)


def reactivate(account: Account, *, by: Actor, now: datetime) -> None:
    """Open a closed account again, with the password it had.

    Raises:
        Conflict: it is open.
    """
    policy.require(by, Action.ACCOUNT_MANAGE)
    if account.is_active:
        raise Conflict(N_("This account is open already."))
    account.deactivated_at = None
    audit.record("account.reactivated", about=account, by=by, now=now)


def choose_language(language: str, *, by: Actor, now: datetime) -> None:
    """Show the person everything in this language from now on.

    Raises:
        Invalid: we do not speak it.
    """
    policy.require(by, Action.ACCOUNT_OWN)
    account = queries.own(by)
    if language not in LANGUAGES:
        raise Invalid.on("language", N_("Choose one of the languages offered."))
    if account.language != language:
        account.language = language
        audit.record("account.language-chosen", about=account, by=by, now=now, language=language)


def edit_own(*, name: str, job_title: str, language: str, by: Actor, now: datetime) -> Account:
    """Change one's own name, post and language; address, unit and roles are the administrator's.

    Raises:
        Invalid: on ``name``.
    """
    policy.require(by, Action.ACCOUNT_OWN)
    account = queries.own(by)
    before = _kept(account)
    profile = Profile(email=account.email, name=name, job_title=job_title, unit_id=account.unit_id, language=language)
    _write(account, profile)
    changed = sorted(each for each, value in _kept(account).items() if before[each] != value)
    if changed:
        audit.record("account.edited", about=account, by=by, now=now, changed=changed)
    return account


def set_password(account: Account, password: SealedPassword, *, by: Actor, now: datetime) -> None:
    """Give the account a new password: other sessions end, open links die, and the person is told."""
    policy.require(by, Action.PASSWORD_SET, account)
    _set_password(account, password, now=now)
    audit.record("password.changed", about=account, by=by, now=now)


def ask_reset(email: str, *, by: Actor, now: datetime) -> None:
    """Mail a link to choose a new password, if the address belongs to an open account; say nothing either way."""
    account = queries.maybe_by_email(email)
    if account is None or not account.is_active:
        return
    newest = max((reset.created_at for reset in queries.open_links(account.id)), default=None)
    if newest is not None and now - newest < BETWEEN_RESETS:
        return
    _send_link(account, "password-reset", until=now + RESET_LASTS, now=now)
    audit.record("password.reset-asked", about=account, by=by, now=now)


def use_link(secret: str, password: SealedPassword, *, by: Actor, now: datetime) -> Account:
    """Set the password with a mailed link, once.

    Raises:
        NotFound: we have never sent such a link.
        Conflict: it was used, replaced, or is too old.
    """
    reset = queries.link(secret)
    state = queries.state_of(reset, now=now)
    if state is not queries.LinkState.OPEN:
        raise Conflict(DEAD_LINK[state])
    reset.used_at = now
    _set_password(reset.account, password, now=now)
    audit.record("password.set-by-link", about=reset.account, by=by, now=now)
    return reset.account


DEAD_LINK = {
    queries.LinkState.USED: N_(
        "This link has been used already: a password was set with it. Sign in, or ask for a new link."
    ),
    queries.LinkState.REPLACED: N_("This link no longer opens: a newer one was sent, or the password was changed."),
    queries.LinkState.EXPIRED: N_("This link has expired. Ask for a new one; it comes within minutes."),
}


def _kept(account: Account) -> dict[str, object]:
    """Return the fields an administrator may change."""
    return {name: getattr(account, name) for name in ("email", "name", "job_title", "unit_id", "language")}


def _write(account: Account, profile: Profile) -> None:
    """Check and take over a profile.

    Raises:
        Invalid: on ``email`` or ``name``.
    """
    email, name = queries.normal_email(profile.email), clean_line(profile.name)
    if not name:
        raise Invalid.on("name", N_("Give the full name."))
    mailbox, at, host = email.partition("@")
    if not (mailbox and at and "." in host) or any(char.isspace() for char in email):
        raise Invalid.on("email", N_("Give a complete e-mail address, for example ten@tinh.gov.vn."))
    holder = queries.maybe_by_email(email)
    if holder is not None and holder is not account:
        raise Invalid.on("email", N_("There is already an account with this address."))
    account.email, account.name, account.job_title = email, name, clean_line(profile.job_title)
    account.unit_id, account.language = profile.unit_id, profile.language
    account.search, account.sort_key = fold(f"{name} {email}")[:600], name_key(name)[:600]


def _require_open(account: Account) -> None:
    if not account.is_active:
        raise Conflict(N_("This account is closed. Open it again first."))


def _require_another_admin(account: Account) -> None:
    """Make sure that somebody can still keep the accounts."""
    if account.is_active and queries.count_active_admins() <= 1:
        raise Invalid.on(
            "roles", N_("There must be at least one administrator. Make somebody else administrator first.")
        )


def _set_password(account: Account, password: SealedPassword, *, now: datetime) -> None:
    account.password_hash, account.session_key = password, token()
    _end_links(account, now=now)
    notices.queue("password-changed", to=account, about=account, now=now, at=now)


def _send_link(account: Account, template: str, *, until: datetime, now: datetime) -> None:
    """Make a new link, end the old ones, and put it into the outbox."""
    _end_links(account, now=now)
    secret = token()
    db.session.add(
        PasswordReset(account=account, secret_hash=queries.hash_of(secret), created_at=now, expires_at=until)
    )
    notices.queue(template, to=account, about=account, now=now, secret=secret, until=until)


def _end_links(account: Account, *, now: datetime) -> None:
    """No link that was mailed before opens any more, nor is it mailed."""
    for reset in queries.open_links(account.id):
        reset.replaced_at = now
    for template in ("password-reset", "account-invited"):
        notices.withdraw(template, account_id=account.id, now=now)
