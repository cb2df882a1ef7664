"""Turns a signed-in account into the actor that the policy knows."""

from evaluator.assignment import queries as assignments
from evaluator.initiatives import queries as initiatives
from evaluator.people import login
from evaluator.people.models import Account
from evaluator.policy import ANYONE, Actor
from evaluator.rules.roles import Role


def load() -> Actor:
    """Return who makes this request."""
    account = login.current_account()
    return ANYONE if account is None else of(account)


def of(account: Account) -> Actor:
    """Return the actor of an account: at most three small reads by key."""
    roles = account.roles
    is_reviewer = Role.REVIEWER in roles
    judges = is_reviewer or not roles.isdisjoint({Role.MEMBER, Role.CHAIR})
    return Actor(
        id=account.id,
        label=account.name,
        roles=roles,
        unit_id=account.unit_id,
        assigned=assignments.assigned_ids(account.id) if is_reviewer else frozenset(),
        conflicts=assignments.conflicted_ids(account.id) if judges else frozenset(),
        authored=initiatives.authored_ids(account.id),
        language=account.language,
    )
