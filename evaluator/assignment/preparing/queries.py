"""Reading what is settled for a round, and who remains to judge each dossier."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from evaluator import policy
from evaluator.assignment import judges, standards
from evaluator.assignment.judges import Reviewer
from evaluator.assignment.models import Fixture
from evaluator.assignment.queries import IN_HAND
from evaluator.assignment.standards import Standards
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Finding, Kind, Weight

# Dossiers times reviewers up to which a page may look at every pair: a tenth of a second.
AT_A_GLANCE = 50_000
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Decided:
    """What the secretary decided for a round, for the page: the value, its version, the head by name."""

    standards: Standards
    version: int  # 0: nothing was decided yet
    head: Account | None


def decided(a_round: Round, *, actor: Actor) -> Decided:
    """Return what the round asks of assignments."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    row = standards.maybe_row(a_round.id)
    if row is None:
        return Decided(standards.DEFAULT, 0, None)
    return Decided(standards.of(a_round.id), row.version, row.head)


# --- settled pairs ----------------------------------------------------------------------------


def fixtures(a_round: Round, *, actor: Actor, mark: str = "", size: int = 50) -> Page[Fixture]:
    """Return one page of the settled pairs, the newest first; not those of a work of the reader's own."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    pairs = (
        select(Fixture)
        .where(Fixture.round_id == a_round.id)
        .where(Fixture.initiative_id.is_(None) | Fixture.initiative_id.not_in(actor.near))
        .options(
            joinedload(Fixture.reviewer, innerjoin=True).lazyload("*"),
            joinedload(Fixture.other).lazyload("*"),
            joinedload(Fixture.initiative).lazyload("*"),
        )
    )
    return page_by_key(db.session(), pairs, keys=(Fixture.id,), mark=mark, size=size, descending=True, scalars=True)


def fixture(a_round: Round, code: str, *, actor: Actor) -> Fixture:
    """Return one settled pair.

    Raises:
        NotFound: the round has none of this code, or it is of a work of the reader's own.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    found: Fixture | None = db.session.scalar(
        select(Fixture).where(Fixture.round_id == a_round.id, Fixture.code == code)
    )
    if found is None or found.initiative_id in actor.near:
        raise NotFound
    return found


def accounts(words: Collection[str]) -> dict[str, Account]:
    """Return people by what a file or a form calls them: the code or the e-mail address, in small letters."""
    wanted = {word.strip().lower() for word in words} - {""}
    rows = db.session.scalars(
        select(Account)
        .where(func.lower(Account.code).in_(wanted) | Account.email.in_(wanted))
        .options(lazyload(Account.grants))
    )
    return {name: row for row in rows for name in (row.code.lower(), row.email)}


def dossiers(a_round: Round, codes: Collection[str], *, actor: Actor) -> dict[str, Initiative]:
    """Return dossiers of a round by code, but no work of the reader's own."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    rows = db.session.scalars(
        select(Initiative)
        .where(Initiative.round_id == a_round.id, Initiative.code.in_(codes), Initiative.id.not_in(actor.near))
        .options(lazyload("*"))
    )
    return {row.code: row for row in rows}


# --- who remains ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remaining:
    """Who may judge one dossier, after all conflicts, and what keeps the others away."""

    code: str
    title: str
    field: str
    needed: int
    remain: int
    names: tuple[str, ...]  # some of those who remain, the field's own first
    of_field: int
    barred: tuple[tuple[Kind, int], ...]  # how many each rule keeps away, the commonest first
    warned: int

    @property
    def lacking(self) -> int:
        """How many experts from outside the round must find."""
        return max(0, self.needed - self.remain)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether enough people remain for every dossier; ``page`` is in the order of need where the round is small."""

    page: Page[Remaining]
    is_whole: bool  # every dossier was looked at
    short: int  # dossiers with too few; only known of the whole
    without_expert: int  # dossiers for which nobody of the field remains
    people: int
    wanted: int  # the most experts from outside that one dossier needs


def remaining(a_round: Round, *, actor: Actor, text: str = "", mark: str = "", size: int = 25) -> Standing:
    """Say for each dossier who remains to judge it once everybody with a conflict has stepped aside.

    In a small round every dossier is looked at and those in need stand first; in a large one a page at a time, in the
    order of codes, so that no page costs more as the round grows.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    everybody = judges.available_reviewers()
    every = (
        select(Initiative)
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(IN_HAND), Initiative.id.not_in(actor.near))
        .options(lazyload("*"))
    )
    if text:
        every = every.where(Initiative.code.startswith(text.strip().upper(), autoescape=True))
    number = db.session.scalar(select(func.count()).select_from(every.order_by(None).subquery())) or 0
    asked = standards.of(a_round.id)
    if number * len(everybody) > AT_A_GLANCE:
        page = page_by_key(
            db.session(), every, keys=(Initiative.code, Initiative.id), mark=mark, size=size, scalars=True
        )
        rows = _remaining(page.rows, everybody, a_round.reviews_per_initiative, asked)
        return _standing(Page(rows, page.next, page.previous), rows, len(everybody), is_whole=False)
    rows = _remaining(list(db.session.scalars(every)), everybody, a_round.reviews_per_initiative, asked)
    rows.sort(key=lambda row: (-row.lacking, row.of_field > 0, row.remain, row.code))
    return _standing(Page(rows[: 4 * size]), rows, len(everybody), is_whole=True)


def _standing(page: Page[Remaining], rows: Iterable[Remaining], people_: int, *, is_whole: bool) -> Standing:
    every = list(rows)
    return Standing(
        page=page,
        is_whole=is_whole,
        short=sum(row.lacking > 0 for row in every),
        without_expert=sum(not row.of_field for row in every),
        people=people_,
        wanted=max((row.lacking for row in every), default=0),
    )


def _remaining(
    initiatives: Collection[Initiative], everybody: list[Reviewer], needed: int, asked: Standards
) -> list[Remaining]:
    found = judges.findings(everybody, [each.id for each in initiatives], asked)
    return [_row(each, everybody, needed, found) for each in initiatives]


def _row(
    initiative: Initiative, everybody: list[Reviewer], needed: int, found: dict[tuple[int, int], list[Finding]]
) -> Remaining:
    free = experts = warned = 0
    names: list[str] = []
    others: list[str] = []
    bars: Counter[Kind] = Counter()
    for person in everybody:
        reasons = found.get((person.id, initiative.id))
        if reasons and reasons[0].weight is Weight.BAR:
            bars[reasons[0].kind] += 1
            continue
        free += 1
        warned += bool(reasons)
        knows = initiative.field in person.fields
        experts += knows
        (names if knows else others).append(person.name)
    return Remaining(
        code=initiative.code,
        title=initiative.title,
        field=initiative.field,
        needed=needed,
        remain=free,
        names=tuple([*names, *others][:_NAMED]),
        of_field=experts,
        barred=tuple(bars.most_common()),
        warned=warned,
    )


def short_of_people(a_round: Round, *, actor: Actor) -> int | None:
    """Return how many dossiers have too few who may judge them; None where the round is too large to look at once."""
    standing = remaining(a_round, actor=actor, size=1)
    return standing.short if standing.is_whole else None
