"""Who may do and see what: one table, read from top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evaluator.core.errors import Forbidden, NotFound
from evaluator.core.text import N_
from evaluator.rules.audience import Audience, Facet
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the service itself, on whose behalf something is asked; no database behind it."""

    id: int | None = None
    label: str = ""
    roles: frozenset[Role] = frozenset()
    unit_id: int | None = None
    assigned: frozenset[int] = frozenset()  # ids of initiatives given to this reviewer
    conflicts: frozenset[int] = frozenset()  # ids of initiatives this person may not judge
    authored: frozenset[int] = frozenset()  # ids of initiatives this person owns or is an author of
    is_service: bool = False
    language: str = "vi"

    @property
    def stakes(self) -> frozenset[int]:
        """Return the ids of initiatives in which this person has a stake: the own ones, and those in conflict."""
        return self.authored | self.conflicts

    @property
    def near(self) -> frozenset[int]:
        """Return the ids of initiatives of whose judging this person learns nothing while it lasts."""
        return self.stakes | self.assigned

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds one of the roles."""
        return not self.roles.isdisjoint(roles)


ANYONE = Actor(label="anyone")
SYSTEM = Actor(label="system", is_service=True)
OPERATOR = Actor(label="operator", is_service=True)


class Action(StrEnum):
    """Everything that is asked of the policy, as thing:verb."""

    ACCOUNT_MANAGE = "account:manage"
    ACCOUNT_OWN = "account:own"
    PASSWORD_SET = "password:set"  # noqa: S105 - the name of an action
    UNIT_READ = "unit:read"
    UNIT_MANAGE = "unit:manage"
    NOTICE_LIST = "notice:list"
    NOTICE_READ = "notice:read"
    NOTICE_SEND = "notice:send"
    AUDIT_READ = "audit:read"
    WORK_SEE = "work:see"
    RUBRIC_READ = "rubric:read"
    RUBRIC_EDIT = "rubric:edit"
    ROUND_READ = "round:read"
    ROUND_CREATE = "round:create"
    ROUND_EDIT = "round:edit"
    ROUND_OPEN = "round:open"
    ROUND_MOVE_DATE = "round:move-date"
    ROUND_CLOSE = "round:close"
    INITIATIVE_CREATE = "initiative:create"
    INITIATIVE_READ = "initiative:read"
    INITIATIVE_LIST = "initiative:list"
    INITIATIVE_EDIT = "initiative:edit"
    INITIATIVE_SUBMIT = "initiative:submit"
    INITIATIVE_WITHDRAW = "initiative:withdraw"
    INITIATIVE_CHECK = "initiative:check"
    INITIATIVE_IMPORT = "initiative:import"
    IDENTITY_OPEN = "identity:open"
    COUNCIL_LIST = "council:list"
    COUNCIL_FOUND = "council:found"
    COUNCIL_READ = "council:read"
    COUNCIL_LEAD = "council:lead"
    ITEM_READ = "item:read"
    ITEM_STUDY = "item:study"
    PAPERS_COUNT = "papers:count"
    VOTE_CAST = "vote:cast"
    BALLOT_LEAD = "ballot:lead"
    BALLOT_PURGE = "ballot:purge"
    KEY_HOLD = "key:hold"
    OPINION_RECORD = "opinion:record"
    ASSIGNMENT_SEE = "assignment:see"
    ASSIGNMENT_RULE = "assignment:rule"
    ASSIGNMENT_PROPOSE = "assignment:propose"
    ASSIGNMENT_ANNOUNCE = "assignment:announce"
    ASSIGNMENT_END = "assignment:end"
    ASSIGNMENT_HAND_BACK = "assignment:hand-back"
    CONFLICT_DECLARE = "conflict:declare"
    CONFLICT_RECORD = "conflict:record"
    CONFLICT_STATEMENT = "conflict:statement"
    REVIEWER_DESCRIBE = "reviewer:describe"
    WISH_SAY = "wish:say"
    SHEET_LIST = "sheet:list"
    SHEET_SEE = "sheet:see"
    SHEET_READ = "sheet:read"
    SHEET_FILL = "sheet:fill"
    SHEET_SIGN = "sheet:sign"
    SHEET_REOPEN = "sheet:reopen"
    SHEET_EXTEND = "sheet:extend"
    RESULT_LIST = "result:list"
    RESULT_READ = "result:read"
    SCORING_CLOSE = "scoring:close"
    SCORING_UNLOCK = "scoring:unlock"
    RESULT_OWN = "result:own"
    PAPERS_KEEP = "papers:keep"
    PAPERS_TAKE = "papers:take"
    RESULTS_RELEASE = "results:release"
    ANNOUNCED_RESULT = "announced:result"
    ANNOUNCED_POINTS = "announced:points"
    ANNOUNCED_RANK = "announced:rank"
    ANNOUNCED_REASONS = "announced:reasons"
    STATISTICS_READ = "statistics:read"
    REMARKING_ASK = "remarking:ask"
    REMARKING_DECIDE = "remarking:decide"
    COMPENDIUM_READ = "compendium:read"
    COMPENDIUM_OPEN = "compendium:open"
    COMPENDIUM_EDIT = "compendium:edit"
    COMPENDIUM_BUILD = "compendium:build"
    COMPENDIUM_PUBLISH = "compendium:publish"
    COMPENDIUM_TAKE_BACK = "compendium:take-back"
    ENTRY_EDIT = "entry:edit"
    ENTRY_APPROVE = "entry:approve"


Predicate = Callable[[Actor, Any], bool]


def because(reason: str) -> Callable[[Predicate], Predicate]:
    """Give a predicate the reason that is shown to a person when it does not hold."""

    def mark(predicate: Predicate) -> Predicate:
        predicate.reason = reason  # type: ignore[attr-defined]  # functions carry attributes
        return predicate

    return mark


# --- predicates -------------------------------------------------------------------------------


@because(N_("only for people who have signed in"))
def is_signed_in(actor: Actor, _subject: Any) -> bool:
    """Anybody with an account."""
    return actor.id is not None


@because(N_("only the service itself"))
def is_service(actor: Actor, _subject: Any) -> bool:
    """The scheduler or an operator at the command line."""
    return actor.is_service


@because(N_("only the secretary"))
def is_secretary(actor: Actor, _subject: Any) -> bool:
    """The council's secretariat."""
    return actor.has(Role.SECRETARY)


@because(N_("only the chair of the council"))
def is_chair(actor: Actor, _subject: Any) -> bool:
    """The chair."""
    return actor.has(Role.CHAIR)


@because(N_("only members of the council"))
def is_member(actor: Actor, _subject: Any) -> bool:
    """A member of the council, its chair among them."""
    return actor.has(Role.MEMBER, Role.CHAIR)


@because(N_("only the editors"))
def is_editor(actor: Actor, _subject: Any) -> bool:
    """The editorial board."""
    return actor.has(Role.EDITOR)


@because(N_("only a reviewer"))
def is_reviewer(actor: Actor, _subject: Any) -> bool:
    """Anybody who reviews."""
    return actor.has(Role.REVIEWER)


@because(N_("only an administrator"))
def is_admin(actor: Actor, _subject: Any) -> bool:
    """Who keeps the accounts and the machine."""
    return actor.has(Role.ADMIN)


@because(N_("only the person whose account it is"))
def is_self(actor: Actor, account: Any) -> bool:
    """The holder of the account."""
    return actor.id is not None and account.id == actor.id


@because(N_("not a message with a link that sets a password"))
def opens_no_door(_actor: Actor, notice: Any) -> bool:
    """Whoever reads such a message could sign in as somebody else."""
    return not notice.is_secret


@because(N_("only the author who owns this dossier"))
def is_owner(actor: Actor, initiative: Any) -> bool:
    """The person who drafted the dossier."""
    return actor.id is not None and initiative.owner_id == actor.id


@because(N_("only an author of this initiative"))
def is_author_of(actor: Actor, initiative: Any) -> bool:
    """The owner or a co-author with an account."""
    return is_owner(actor, initiative) or initiative.id in actor.authored


@because(N_("not on a dossier of one's own, nor with a conflict of interest"))
def is_not_near(actor: Actor, initiative: Any) -> bool:
    """Least right wins: who has a stake in it never acts on it for the council."""
    return not is_author_of(actor, initiative) and initiative.id not in actor.conflicts


@because(N_("not while one judges it without knowing whose it is"))
def is_not_its_judge(actor: Actor, initiative: Any) -> bool:
    """A secretary who reviews a dossier reads its blind copy and nothing else until the council has decided."""
    return initiative.id not in actor.assigned or is_decided(actor, initiative)


@because(N_("only while the dossier is a draft or waits for a supplement"))
def in_drafting(_actor: Actor, initiative: Any) -> bool:
    """The author holds the pen."""
    return initiative.state in {State.DRAFT, State.SUPPLEMENT}


@because(N_("only while the dossier is being checked"))
def in_checking(_actor: Actor, initiative: Any) -> bool:
    """Submitted, and not yet accepted or refused."""
    return initiative.state in {State.SUBMITTED, State.SUPPLEMENT}


@because(N_("only until the reviews are complete"))
def before_result(_actor: Actor, initiative: Any) -> bool:
    """Early enough for the author to withdraw."""
    return initiative.state in {State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.IN_REVIEW}


@because(N_("only once it has been submitted"))
def is_submitted(_actor: Actor, initiative: Any) -> bool:
    """A draft is nobody's business but the author's."""
    return initiative.state is not State.DRAFT


@because(N_("only while the round is in preparation"))
def in_preparation(_actor: Actor, a_round: Any) -> bool:
    """Rules can still be changed; opening freezes them."""
    return a_round.state is RoundState.DRAFT


@because(N_("only after the round was opened"))
def is_opened(_actor: Actor, a_round: Any) -> bool:
    """Not in preparation any more."""
    return a_round.state is not RoundState.DRAFT


@because(N_("only while the round is open"))
def is_running(_actor: Actor, a_round: Any) -> bool:
    """Opened and not closed."""
    return a_round.state is RoundState.OPEN


@because(N_("only the reviewer it was given to"))
def is_reviewer_of(actor: Actor, desk: Any) -> bool:
    """The person an assignment names."""
    return actor.id is not None and desk.reviewer_id == actor.id


@because(N_("not on a dossier of one's own"))
def is_not_of_own(actor: Actor, assignment: Any) -> bool:
    """Nobody chooses the reviewers of a work of one's own."""
    return assignment.initiative_id not in actor.near


@because(N_("only on a dossier one was given to judge"))
def is_given(actor: Actor, initiative: Any) -> bool:
    """A reviewer of it, at present."""
    return initiative.id in actor.assigned


@because(N_("not with a declared conflict of interest"))
def has_no_conflict(actor: Actor, desk: Any) -> bool:
    """Neither declared nor an author: whoever has a stake in it does not judge it."""
    return desk.initiative_id not in actor.stakes


@because(N_("only after the conflict statement of the round is signed"))
def has_statement(_actor: Actor, desk: Any) -> bool:
    """Once per round, before the first dossier is opened."""
    return bool(desk.has_statement)


@because(N_("only when all sheets are in: scoring is closed"))
def scoring_is_closed(_actor: Actor, result: Any) -> bool:
    """Members read the results when the secretary has closed scoring."""
    return bool(result.is_closed)


@because(N_("not while one's own sheet on it is still open to change"))
def judges_it_no_more(actor: Actor, result: Any) -> bool:
    """A reviewer never learns the others' points while his or her own can change."""
    return result.is_closed or result.initiative_id not in actor.assigned


@because(N_("not while one's own sheets are still open to change"))
def judges_nothing_more(actor: Actor, result: Any) -> bool:
    """Who reviews in this very moment does not look at how the others mark."""
    return result.is_closed or not actor.assigned


@because(N_("only once the council has decided on it"))
def is_decided(_actor: Actor, initiative: Any) -> bool:
    """Selected or not: the author may know how it came about."""
    return initiative.state in {State.SELECTED, State.NOT_SELECTED, State.PUBLISHED}


@because(N_("not on a dossier of one's own, nor with a conflict of interest"))
def has_no_stake(actor: Actor, result: Any) -> bool:
    """Who has a stake does not see how it was scored from the inside, whatever else he or she is."""
    return result.initiative_id not in actor.stakes


@because(N_("only for those who sit on this council"))
def sits_on(actor: Actor, council: Any) -> bool:
    """A member of this very council."""
    return actor.id is not None and actor.id in council.account_ids


@because(N_("only for the chair, the vice-chair and the secretary of this council"))
def leads(actor: Actor, council: Any) -> bool:
    """Who runs the sessions of this very council."""
    return actor.id is not None and actor.id in council.leading_account_ids


@because(N_("only for members in the room who have not stepped aside from this item"))
def is_on_roll(actor: Actor, poll: Any) -> bool:
    """Entitled when the item was put to the vote."""
    return actor.id is not None and actor.id in poll.roll_account_ids


@because(N_("only for the counting team of this session"))
def is_teller(actor: Actor, poll: Any) -> bool:
    """Who was named to count the papers."""
    return actor.id is not None and actor.id in poll.teller_account_ids


@because(N_("only for the chair and the vice-chair of this council"))
def chairs(actor: Actor, ballot: Any) -> bool:
    """Who freezes, opens and shuts a sealed vote; the secretary prepares it."""
    return actor.id is not None and actor.id in ballot.chairing_account_ids


@because(N_("only for the two who hold the key of this lock"))
def holds_key(actor: Actor, lock: Any) -> bool:
    """Who keeps the private half on a machine of their own."""
    return actor.id is not None and actor.id in lock.holder_account_ids


@because(N_("not on an initiative with which one has a conflict of interest"))
def is_free_to_judge(actor: Actor, item: Any) -> bool:
    """Neither an author nor somebody who declared a conflict."""
    return item.initiative_id not in actor.stakes


@because(N_("not on an initiative with which one has a conflict of interest, before it is decided"))
def is_free_to_know(actor: Actor, item: Any) -> bool:
    """Scores, votes and discussion are kept from whoever has a stake until the decision is declared."""
    return is_free_to_judge(actor, item) or item.state == "decided"


@because(N_("only while the book is not published; take it back first"))
def is_unpublished(_actor: Actor, book: Any) -> bool:
    """The editors still hold the pen."""
    return book.published_at is None


@because(N_("only a book that is published"))
def is_published(_actor: Actor, book: Any) -> bool:
    """Everybody reads it."""
    return book.published_at is not None


@because(N_("only while the book is not published; take it back first"))
def in_unpublished_book(_actor: Actor, text: Any) -> bool:
    """The entry can still be worded anew."""
    return text.compendium.published_at is None


@because(N_("not on a work of one's own"))
def is_not_author_of_work(actor: Actor, text: Any) -> bool:
    """Nobody releases the entry about himself or herself."""
    return not is_author_of(actor, text.initiative)


@because(N_("only once the results are released"))
def is_released(_actor: Actor, initiative: Any) -> bool:
    """The letters are out, or the book is: before that a result is provisional and the council's alone."""
    return initiative.state is State.PUBLISHED or initiative.round.released_at is not None


@because(N_("only for its authors"))
def wrote_it(actor: Actor, shown: Any) -> bool:
    """An author of the initiative a result is about."""
    return shown.initiative_id in actor.authored


@because(N_("only for the unit that sent it in"))
def is_of_its_unit(actor: Actor, shown: Any) -> bool:
    """Somebody of the unit of the initiative."""
    return actor.unit_id is not None and actor.unit_id == shown.unit_id


@because(N_("only of what was selected"))
def was_selected(_actor: Actor, shown: Any) -> bool:
    """That a work was refused is nobody's business but its authors' and their unit's."""
    return bool(shown.is_selected)


OPENED = {
    Audience.AUTHORS: N_("as far as the round opens it to authors, from the moment it says"),
    Audience.UNITS: N_("as far as the round opens it to units, from the moment it says"),
    Audience.PUBLIC: N_("as far as the round opens it to everybody, from the moment it says"),
}


def opened_to(audience: Audience, facet: Facet) -> Predicate:
    """Return whether the round opens a facet of its results to an audience, at the moment the subject was read."""

    @because(OPENED[audience])
    def is_open(_actor: Actor, shown: Any) -> bool:
        """The round's own openings, read at the moment of asking."""
        return bool(shown.open_to[facet].holds(audience))

    return is_open


def announced(facet: Facet) -> "Alternatives":
    """Return who may see a facet of a result: authors, their unit, everybody, as far as the round opens it."""
    return [
        [wrote_it, opened_to(Audience.AUTHORS, facet)],
        [is_of_its_unit, opened_to(Audience.UNITS, facet)],
        [opened_to(Audience.PUBLIC, facet), was_selected],
        [is_service],
    ]


# --- the table --------------------------------------------------------------------------------

Alternatives = list[list[Predicate]]

TABLE: dict[Action, Alternatives] = {
    Action.ACCOUNT_MANAGE: [[is_admin], [is_service]],
    Action.ACCOUNT_OWN: [[is_signed_in]],
    Action.PASSWORD_SET: [[is_self], [is_service]],
    Action.UNIT_READ: [[is_signed_in], [is_service]],
    Action.UNIT_MANAGE: [[is_admin], [is_secretary], [is_service]],
    Action.NOTICE_LIST: [[is_admin], [is_secretary]],
    Action.NOTICE_READ: [[is_admin], [is_secretary, opens_no_door]],
    Action.NOTICE_SEND: [[is_service]],
    Action.AUDIT_READ: [[is_admin], [is_secretary], [is_service]],
    Action.WORK_SEE: [[is_secretary], [is_editor], [is_admin], [is_service]],
    Action.RUBRIC_READ: [[is_secretary], [is_chair], [is_service]],
    Action.RUBRIC_EDIT: [[is_secretary], [is_service]],
    Action.ROUND_READ: [[is_secretary], [is_service], [is_signed_in, is_opened]],
    Action.ROUND_CREATE: [[is_secretary], [is_service]],
    Action.ROUND_EDIT: [[is_secretary, in_preparation], [is_service, in_preparation]],
    Action.ROUND_OPEN: [[is_secretary, in_preparation], [is_service, in_preparation]],
    Action.ROUND_MOVE_DATE: [[is_secretary, is_running], [is_service, is_running]],
    Action.ROUND_CLOSE: [[is_chair, is_opened], [is_secretary, is_opened], [is_service, is_opened]],
    Action.INITIATIVE_CREATE: [[is_signed_in], [is_service]],
    Action.INITIATIVE_READ: [[is_author_of], [is_secretary, is_submitted, is_not_its_judge], [is_service]],
    Action.INITIATIVE_LIST: [[is_secretary], [is_service]],
    Action.INITIATIVE_EDIT: [[is_owner, in_drafting], [is_service]],
    Action.INITIATIVE_SUBMIT: [[is_owner, in_drafting], [is_service]],
    Action.INITIATIVE_WITHDRAW: [[is_owner, before_result], [is_service]],
    Action.INITIATIVE_CHECK: [[is_secretary, is_not_near, in_checking], [is_service]],
    Action.INITIATIVE_IMPORT: [[is_secretary], [is_service]],
    Action.IDENTITY_OPEN: [[is_secretary, is_submitted, is_not_its_judge], [is_service]],
    Action.COUNCIL_LIST: [[is_secretary], [is_member], [is_service]],
    Action.COUNCIL_FOUND: [[is_secretary], [is_service]],
    Action.COUNCIL_READ: [[is_secretary], [sits_on], [is_service]],
    Action.COUNCIL_LEAD: [[is_secretary], [leads], [is_service]],
    Action.ITEM_READ: [[is_secretary, is_free_to_know], [sits_on, is_free_to_know], [is_service]],
    Action.ITEM_STUDY: [[is_secretary, is_free_to_judge], [sits_on, is_free_to_judge], [is_service]],
    Action.VOTE_CAST: [[is_on_roll]],
    Action.BALLOT_LEAD: [[chairs], [is_service]],
    Action.BALLOT_PURGE: [[is_service]],
    Action.KEY_HOLD: [[holds_key]],
    Action.PAPERS_COUNT: [[is_secretary], [is_teller], [is_service]],
    Action.OPINION_RECORD: [[is_secretary], [sits_on], [is_service]],
    Action.ASSIGNMENT_SEE: [[is_secretary], [is_service]],
    Action.ASSIGNMENT_RULE: [[is_secretary, is_running], [is_service, is_running]],
    Action.ASSIGNMENT_PROPOSE: [[is_secretary, is_running], [is_service, is_running]],
    Action.ASSIGNMENT_ANNOUNCE: [[is_secretary, is_running], [is_service, is_running]],
    Action.ASSIGNMENT_END: [[is_secretary, is_not_of_own], [is_service]],
    Action.ASSIGNMENT_HAND_BACK: [[is_reviewer_of]],
    Action.CONFLICT_DECLARE: [[is_given], [is_member]],
    Action.CONFLICT_RECORD: [[is_secretary], [is_service]],
    Action.CONFLICT_STATEMENT: [[is_reviewer, is_opened], [is_member, is_opened]],
    Action.REVIEWER_DESCRIBE: [[is_secretary], [is_service]],
    Action.WISH_SAY: [[is_reviewer, is_running]],
    Action.SHEET_LIST: [[is_reviewer]],
    Action.SHEET_SEE: [[is_reviewer_of]],
    Action.SHEET_READ: [[is_reviewer_of, has_no_conflict, has_statement]],
    Action.SHEET_FILL: [[is_reviewer_of, has_no_conflict, has_statement]],
    Action.SHEET_SIGN: [[is_reviewer_of, has_no_conflict, has_statement]],
    Action.SHEET_REOPEN: [[is_secretary, has_no_stake], [is_service]],
    Action.SHEET_EXTEND: [[is_secretary, has_no_stake], [is_service]],
    Action.RESULT_LIST: [[is_secretary], [is_member], [is_service]],
    Action.RESULT_READ: [
        [is_secretary, has_no_stake, judges_it_no_more],
        [is_member, has_no_stake, scoring_is_closed],
        [is_service],
    ],
    Action.SCORING_CLOSE: [[is_secretary], [is_service]],
    Action.SCORING_UNLOCK: [[is_chair], [is_service]],
    Action.RESULT_OWN: [[is_author_of, is_decided, is_released]],
    Action.PAPERS_KEEP: [[is_secretary], [leads], [is_service]],
    Action.PAPERS_TAKE: [[is_secretary], [is_member], [is_chair], [is_service]],
    Action.RESULTS_RELEASE: [[is_secretary], [leads], [is_service]],
    Action.ANNOUNCED_RESULT: announced(Facet.RESULT),
    Action.ANNOUNCED_POINTS: announced(Facet.POINTS),
    Action.ANNOUNCED_RANK: announced(Facet.RANK),
    Action.ANNOUNCED_REASONS: announced(Facet.REASONS),
    Action.STATISTICS_READ: [
        [is_secretary, has_no_stake, judges_nothing_more],
        [is_chair, has_no_stake, scoring_is_closed],
        [is_service],
    ],
    Action.REMARKING_ASK: [[is_author_of, is_decided, is_released]],
    Action.REMARKING_DECIDE: [[is_chair, is_not_near], [is_secretary, is_not_near], [is_service]],
    Action.COMPENDIUM_READ: [[is_editor], [is_secretary], [is_chair], [is_service]],
    Action.COMPENDIUM_OPEN: [[is_editor], [is_secretary], [is_service]],
    Action.COMPENDIUM_EDIT: [
        [is_editor, is_unpublished],
        [is_secretary, is_unpublished],
        [is_service, is_unpublished],
    ],
    Action.COMPENDIUM_BUILD: [[is_editor], [is_secretary], [is_service]],
    Action.COMPENDIUM_PUBLISH: [
        [is_chair, is_unpublished],
        [is_secretary, is_unpublished],
        [is_service, is_unpublished],
    ],
    Action.COMPENDIUM_TAKE_BACK: [[is_chair, is_published], [is_secretary, is_published], [is_service, is_published]],
    Action.ENTRY_EDIT: [
        [is_editor, in_unpublished_book],
        [is_secretary, in_unpublished_book],
        [is_service, in_unpublished_book],
    ],
    Action.ENTRY_APPROVE: [
        [is_editor, is_not_author_of_work, in_unpublished_book],
        [is_secretary, is_not_author_of_work, in_unpublished_book],
        [is_service, in_unpublished_book],
    ],
}

# Who may not even see the thing hears "not found": the "see" action behind each other action.
SIGHT: dict[Action, Action] = {
    Action.NOTICE_READ: Action.NOTICE_READ,
    Action.ROUND_EDIT: Action.ROUND_READ,
    Action.ROUND_OPEN: Action.ROUND_READ,
    Action.ROUND_MOVE_DATE: Action.ROUND_READ,
    Action.ROUND_CLOSE: Action.ROUND_READ,
    Action.INITIATIVE_READ: Action.INITIATIVE_READ,
    Action.INITIATIVE_EDIT: Action.INITIATIVE_READ,
    Action.INITIATIVE_SUBMIT: Action.INITIATIVE_READ,
    Action.INITIATIVE_WITHDRAW: Action.INITIATIVE_READ,
    Action.INITIATIVE_CHECK: Action.INITIATIVE_READ,
    Action.IDENTITY_OPEN: Action.INITIATIVE_READ,
    Action.ROUND_READ: Action.ROUND_READ,
    Action.COUNCIL_READ: Action.COUNCIL_READ,
    Action.COUNCIL_LEAD: Action.COUNCIL_READ,
    Action.ITEM_READ: Action.COUNCIL_READ,
    Action.ITEM_STUDY: Action.COUNCIL_READ,
    Action.PAPERS_COUNT: Action.COUNCIL_READ,
    Action.VOTE_CAST: Action.COUNCIL_READ,
    Action.BALLOT_LEAD: Action.COUNCIL_READ,
    Action.KEY_HOLD: Action.COUNCIL_READ,
    Action.OPINION_RECORD: Action.COUNCIL_READ,
    Action.ASSIGNMENT_HAND_BACK: Action.ASSIGNMENT_HAND_BACK,
    Action.CONFLICT_DECLARE: Action.CONFLICT_DECLARE,
    Action.SHEET_SEE: Action.SHEET_SEE,
    Action.SHEET_READ: Action.SHEET_SEE,
    Action.SHEET_FILL: Action.SHEET_SEE,
    Action.SHEET_SIGN: Action.SHEET_SEE,
    Action.SHEET_REOPEN: Action.RESULT_READ,
    Action.SHEET_EXTEND: Action.RESULT_READ,
    Action.RESULT_READ: Action.RESULT_READ,
    Action.RESULT_OWN: Action.RESULT_OWN,
    Action.PAPERS_KEEP: Action.COUNCIL_READ,
    Action.RESULTS_RELEASE: Action.COUNCIL_READ,
    Action.ANNOUNCED_RESULT: Action.ANNOUNCED_RESULT,
    Action.ANNOUNCED_POINTS: Action.ANNOUNCED_RESULT,
    Action.ANNOUNCED_RANK: Action.ANNOUNCED_RESULT,
    Action.ANNOUNCED_REASONS: Action.ANNOUNCED_RESULT,
    Action.REMARKING_ASK: Action.INITIATIVE_READ,
    Action.REMARKING_DECIDE: Action.INITIATIVE_READ,
    Action.COMPENDIUM_READ: Action.COMPENDIUM_READ,
    Action.COMPENDIUM_EDIT: Action.COMPENDIUM_READ,
    Action.COMPENDIUM_BUILD: Action.COMPENDIUM_READ,
    Action.COMPENDIUM_PUBLISH: Action.COMPENDIUM_READ,
    Action.COMPENDIUM_TAKE_BACK: Action.COMPENDIUM_READ,
    Action.ENTRY_EDIT: Action.COMPENDIUM_READ,
    Action.ENTRY_APPROVE: Action.COMPENDIUM_READ,
}


# --- asking -----------------------------------------------------------------------------------


def allows(actor: Actor, action: Action, subject: Any = None) -> bool:
    """Return whether the actor may; an action that is missing from the table is refused."""
    return any(all(holds(actor, subject) for holds in alternative) for alternative in TABLE.get(action, []))


def require(actor: Actor, action: Action, subject: Any = None) -> None:
    """Do nothing if the actor may.

    Raises:
        NotFound: the actor may not know that the subject exists.
        Forbidden: the actor may see it but not do this; carries the reasons of the nearest alternative.
    """
    if allows(actor, action, subject):
        return
    sight = SIGHT.get(action)
    if sight is not None and (sight is action or not allows(actor, sight, subject)):
        raise NotFound
    raise Forbidden(reasons=_nearest_reasons(actor, action, subject))


def _nearest_reasons(actor: Actor, action: Action, subject: Any) -> tuple[str, ...]:
    """Return why not, by the alternative of which the fewest predicates fail."""
    failing = [
        [reason_of(holds) for holds in alternative if not holds(actor, subject)]
        for alternative in TABLE.get(action, [])
        if is_service not in alternative
    ]
    nearest: list[str] = min(failing, key=len, default=[])
    return tuple(nearest)


def reason_of(predicate: Predicate) -> str:
    """Return the reason a predicate carries."""
    return str(predicate.reason)  # type: ignore[attr-defined]  # set by ``because``
