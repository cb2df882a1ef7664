"""Reading accounts: lists for administrators, single ones by code, address or mailed secret."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.people.models import Account, LoginFailure, PasswordReset, RoleGrant
from evaluator.policy import Action, Actor
from evaluator.rules.roles import Role
from evaluator.rules.vietnamese import fold


class LinkState(StrEnum):
    """What has become of a mailed link."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"


def visible_to(actor: Actor) -> Select[Account]:
    """Return the accounts the actor may look at: all for administrators, otherwise one's own."""
    accounts = select(Account)
    return accounts if policy.allows(actor, Action.ACCOUNT_MANAGE) else accounts.where(Account.id == actor.id)


def get(code: str, *, actor: Actor) -> Account:
    """Return an account by its code.

    Raises:
        NotFound: there is none, or the actor may not look at it.
    """
    wanted = visible_to(actor).where(Account.code == code).options(joinedload(Account.unit))
    account: Account | None = db.session.scalar(wanted)
    if account is None:
        raise NotFound
    return account


def own(actor: Actor) -> Account:
    """Return the actor's own account.

    Raises:
        NotFound: the actor is no person.
    """
    account = db.session.get(Account, actor.id, options=[joinedload(Account.unit)]) if actor.id is not None else None
    if account is None:
        raise NotFound
    return account


def listed(
    actor: Actor, *, text: str = "", role: Role | None = None, only_active: bool = False, mark: str = "", size: int = 50
) -> Page[Account]:
    """Return one page of accounts in the order of names, narrowed by words of name or address and by role."""
    policy.require(actor, Action.ACCOUNT_MANAGE)
    accounts = visible_to(actor).options(joinedload(Account.unit))
    for word in fold(text).split():
        accounts = accounts.where(Account.search.contains(word, autoescape=True))
    if role is not None:
        accounts = accounts.where(Account.id.in_(select(RoleGrant.account_id).where(RoleGrant.role == role)))
    if only_active:
        accounts = accounts.where(Account.deactivated_at.is_(None))
    keys = (Account.sort_key, Account.id)
    return page_by_key(db.session(), accounts, keys=keys, mark=mark, size=size, scalars=True)


def maybe_by_email(email: str) -> Account | None:
    """Return the account of an address, if there is one."""
    return db.session.scalar(select(Account).where(Account.email == normal_email(email)))


def maybe_by_session_key(key: str) -> Account | None:
    """Return the account a signed session belongs to; one statement, for every request makes it."""
    wanted = select(Account).where(Account.session_key == key, Account.deactivated_at.is_(None))
    return db.session.scalars(wanted.options(joinedload(Account.grants))).unique().one_or_none()


def by_ids(ids: Iterable[int]) -> dict[int, Account]:
    """Return accounts by id, in one statement."""
    return {account.id: account for account in db.session.scalars(select(Account).where(Account.id.in_(set(ids))))}


def ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of accounts by their public codes, in one statement."""
    rows = db.session.execute(select(Account.code, Account.id).where(Account.code.in_(set(codes))))
    return {str(row[0]): int(row[1]) for row in rows}


def with_role(*roles: Role) -> list[Account]:
    """Return the people who may sign in and hold one of the roles, in the order of names."""
    holders = select(RoleGrant.account_id).where(RoleGrant.role.in_(roles))
    active = select(Account).where(Account.id.in_(holders), Account.deactivated_at.is_(None))
    return list(db.session.scalars(active.order_by(Account.sort_key, Account.id)))


def count_active_admins() -> int:
    """Return how many administrators can sign in."""
    admins = select(func.count()).select_from(RoleGrant).join(Account, Account.id == RoleGrant.account_id)
    return db.session.scalar(admins.where(RoleGrant.role == Role.ADMIN, Account.deactivated_at.is_(None))) or 0


def link(secret: str) -> PasswordReset:
    """Return the mailed link of a secret.

    Raises:
        NotFound: we have never sent it.
    """
    found: PasswordReset | None = db.session.scalar(
        select(PasswordReset).where(PasswordReset.secret_hash == hash_of(secret))
    )
    if found is None:
        raise NotFound
    return found


def state_of(reset: PasswordReset, *, now: datetime) -> LinkState:
    """Return whether a link still opens, and if not why."""
    if reset.used_at is not None:
        return LinkState.USED
    if reset.replaced_at is not None or not reset.account.is_active:
        return LinkState.REPLACED
    return LinkState.OPEN if now < reset.expires_at else LinkState.EXPIRED


def locked_until(email: str, address: str, *, now: datetime) -> datetime | None:
    """Return until when sign-in is locked for this e-mail from this address, or for the whole address."""
    rows = select(func.max(LoginFailure.locked_until)).where(
        LoginFailure.email.in_((normal_email(email), "")), LoginFailure.address == address
    )
    until = db.session.scalar(rows)
    return until if until is not None and now < until else None


def normal_email(email: str) -> str:
    """Return an address as it is stored: without spaces around it, in small letters."""
    return email.strip().lower()[:254]


def hash_of(secret: str) -> str:
    """Return what is stored of a secret with 256 bits; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_links(account_id: int) -> list[PasswordReset]:
    """Return the links of an account that were neither used nor replaced."""
    waiting = select(PasswordReset).where(
        PasswordReset.account_id == account_id, PasswordReset.used_at.is_(None), PasswordReset.replaced_at.is_(None)
    )
    return list(db.session.scalars(waiting))


def with_two_links() -> list[str]:
    """Return the codes of accounts for which more than one mailed link has neither been used nor replaced."""
    is_open = (PasswordReset.used_at.is_(None), PasswordReset.replaced_at.is_(None))
    doubled = select(PasswordReset.account_id).where(*is_open).group_by(PasswordReset.account_id)
    doubled = doubled.having(func.count(PasswordReset.id) > 1)
    return list(db.session.scalars(select(Account.code).where(Account.id.in_(doubled)).order_by(Account.code)))
