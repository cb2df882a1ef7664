"""Turns a signed-in account into the actor that the policy knows."""

from sqlalchemy import literal_column, union_all

from evaluator.assignment.queries import ASSIGNED_IDS, CONFLICTED_IDS
from evaluator.core.db import db
from evaluator.initiatives.queries import AUTHORED_IDS, OWNED_IDS
from evaluator.people import login
from evaluator.people.models import Account
from evaluator.policy import ANYONE, Actor

ASSIGNED, CONFLICTED, AUTHORED = range(3)
# Every request asks this: one statement, composed once.
TIES = union_all(
    *(
        ids.add_columns(literal_column(str(tie)))
        for tie, ids in (
            (ASSIGNED, ASSIGNED_IDS),
            (CONFLICTED, CONFLICTED_IDS),
            (AUTHORED, OWNED_IDS),
            (AUTHORED, AUTHORED_IDS),
        )
    )
)


def load() -> Actor:
    """Return who makes this request."""
    account = login.current_account()
    return ANYONE if account is None else of(account)


def of(account: Account) -> Actor:
    """Return the actor of an account as things stand."""
    ties: tuple[set[int], ...] = (set(), set(), set())
    for initiative_id, tie in db.session.execute(TIES, {"account_id": account.id}):
        ties[tie].add(initiative_id)
    return Actor(
        id=account.id,
        label=account.name,
        roles=account.roles,
        unit_id=account.unit_id,
        assigned=frozenset(ties[ASSIGNED]),
        conflicts=frozenset(ties[CONFLICTED]),
        authored=frozenset(ties[AUTHORED]),
        language=account.language,
    )
