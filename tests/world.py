"""One small council in the middle of a round, with something in it that each viewer may not know."""

from dataclasses import dataclass

from sqlalchemy import Select, delete, null, select, update

from evaluator.assignment.models import Assignment, Conflict, ReviewerWish
from evaluator.audit import service as audit
from evaluator.core.db import db, transaction
from evaluator.council.models import Item
from evaluator.initiatives.models import Attachment, Author, Initiative
from evaluator.people.models import Account
from evaluator.reviews.models import ScoreResult, ScoreSheet, Scoring, Standing
from evaluator.rounds.exports import service as exports
from evaluator.rounds.models import Round
from evaluator.rules import rubric_document
from evaluator.rules.assigning import Wish
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from evaluator.units.models import Unit
from tests.factories import (
    CANARY,
    DAY,
    START,
    a_round,
    a_unit,
    actor_of,
    an_account,
    an_attachment,
    an_author,
    an_initiative,
    dates_in,
    save,
    together,
)
from tests.factories_assignment import a_reviewer, a_statement, an_assignment, some_rules
from tests.factories_council import a_council, a_session, account_of, an_item


@dataclass(frozen=True, slots=True)
class World:
    """Everybody and everything in it, by what the tests call them."""

    a_round: Round
    unit: Unit
    elsewhere: Unit  # where the other authors of the other world come from
    people: dict[str, Account]
    written: Initiative  # of somebody who also reviews; given to the colleague
    kept: Initiative  # of a secretary; given to the colleague
    first: Initiative  # given to the reviewer and to the colleague; the author is its author
    second: Initiative  # given to the reviewer, by somebody else
    third: Initiative  # given to the colleague only, by somebody else
    draft: Initiative  # somebody else's, not submitted
    held: Round  # another round, whose council is in session
    selected: Initiative  # on its agenda
    own_file: Attachment  # of the first
    other_file: Attachment  # of the third


def a_world() -> World:
    """A round in review: three dossiers, two reviewers, one signed sheet, one draft."""
    with together():
        unit = a_unit()
        people = {
            "secretary": an_account(Role.SECRETARY, unit=unit),
            "admin": an_account(Role.ADMIN, unit=unit),
            "editor": an_account(Role.EDITOR, unit=unit),
            "chair": an_account(Role.CHAIR, unit=unit),
            "member": an_account(Role.MEMBER, unit=unit),
            "reviewer": a_reviewer(),
            "colleague": a_reviewer(),
            "stand-in": a_reviewer(),
            "author": an_account(Role.AUTHOR),
            "stranger": an_account(Role.AUTHOR),
            "author who reviews": a_reviewer(also=(Role.AUTHOR,)),
            "member who reviews": a_reviewer(also=(Role.MEMBER,)),
            "secretary who writes": an_account(Role.SECRETARY, Role.AUTHOR),
            "secretary who reviews": a_reviewer(also=(Role.SECRETARY,)),
        }
        in_round = a_round(phase=Phase.REVIEW, unit=unit)
        in_review = InitiativeState.IN_REVIEW
        first = an_initiative(in_round=in_round, state=in_review, owner=people["author"], title="Máy gặt lúa một tay")
        second = an_initiative(in_round=in_round, state=in_review, owner=people["stranger"], title="Tủ sách đầu làng")
        third = an_initiative(in_round=in_round, state=in_review, owner=people["stranger"], title="Lò sấy nông sản")
        written = an_initiative(in_round=in_round, state=in_review, owner=people["author who reviews"])
        kept = an_initiative(in_round=in_round, state=in_review, owner=people["secretary who writes"])
        draft = an_initiative(in_round=in_round, state=InitiativeState.DRAFT, owner=people["stranger"])
        elsewhere = a_unit(name=f"Bệnh viện {CANARY} Khác")
    session = a_session(a_council())
    people["councillor"] = account_of(session.council.members[-1])
    people["councillor in conflict"] = account_of(session.council.members[-2])
    world = World(
        a_round=in_round,
        unit=unit,
        elsewhere=elsewhere,
        people=people,
        written=written,
        kept=kept,
        first=first,
        second=second,
        third=third,
        draft=draft,
        held=session.council.round,
        selected=an_item(session).initiative,
        own_file=an_attachment(first),
        other_file=an_attachment(third),
    )
    with together():
        save(
            Conflict(
                account_id=people["councillor in conflict"].id,
                initiative_id=world.selected.id,
                note="",
                declared_at=START,
            )
        )
        reviewers = ("reviewer", "colleague", "stand-in", *(name for name in people if name.endswith("who reviews")))
        for reviewer in reviewers:
            a_statement(people[reviewer], in_round)
        mine = [an_assignment(initiative, people["reviewer"]) for initiative in (first, second)]
        others = [an_assignment(initiative, people["colleague"]) for initiative in (first, third, written, kept)]
        a_sheet(mine[1], points=points_of(in_round, 3))
        for both in ("author who reviews", "member who reviews", "secretary who reviews"):
            a_sheet(an_assignment(second, people[both]), points=points_of(in_round, 3))
    with transaction():
        for name in ("secretary", "secretary who writes", "secretary who reviews"):
            by = actor_of(people[name])
            exports.take("scores", in_round, by=by, now=START)
            audit.take_along(by=by, now=START)
    with together():
        for rank, initiative in enumerate((third, written, kept), start=1):
            a_standing(initiative, rank=rank)
        for assignment in others:
            a_sheet(assignment, points=points_of(in_round, 2), signed=True)
        some_rules(in_round, wishes_open_at=START - DAY, wishes_close_at=START + DAY)
        save(
            ReviewerWish(
                round_id=in_round.id,
                account_id=people["colleague"].id,
                initiative_id=second.id,
                wish=Wish.GLADLY,
                made_at=START,
            )
        )
    return world


def a_sheet(assignment: Assignment, *, points: dict[str, object], signed: bool = False) -> ScoreSheet:
    """A score sheet with points, signed or not."""
    return save(
        ScoreSheet(
            assignment_id=assignment.id,
            points=points,
            remark=f"Nhận xét của người chấm số {assignment.reviewer_id}",
            saved_at=START,
            signed_at=START if signed else None,
        )
    )


def points_of(in_round: Round, part: int) -> dict[str, object]:
    """Return a sheet on which every criterion has a whole number of points, a part of what it may have."""
    rubric = rubric_document.from_document(in_round.rubric)
    return {
        criterion.key: (criterion.most or 1000) // (100 * part) * 100
        for criterion in rubric.criteria
        if criterion.scores and criterion.kind != "choice"
    }


def a_standing(initiative: Initiative, *, rank: int) -> ScoreResult:
    """What the sheets of a dossier come to, and its place in the ranking."""
    return save(
        ScoreResult(
            initiative_id=initiative.id, round_id=initiative.round_id, standing=Standing.PASSED, sheets=1, score="50",
            score_order=50_000_000, spread=0, rank=rank, rank_order=rank, totals=[5000], computed_at=START,
        )
    )  # fmt: skip


def stand_in(world: World, phase: Phase) -> World:
    """Take the round to a phase, with its dossiers as they then are; the scoring is not released before the last."""
    with db.session.no_autoflush:
        for name, moment in dates_in(phase).items():
            setattr(world.a_round, name, moment)
    judged = select(Initiative.id).where(
        Initiative.round_id == world.a_round.id, Initiative.state != InitiativeState.DRAFT
    )
    given = select(Assignment.id).where(Assignment.initiative_id.in_(judged))
    if phase in {Phase.SUBMISSION, Phase.CHECKING}:
        db.session.execute(delete(ScoreResult).where(ScoreResult.round_id == world.a_round.id))
        db.session.execute(delete(ScoreSheet).where(ScoreSheet.assignment_id.in_(given)))
        db.session.execute(delete(Assignment).where(Assignment.initiative_id.in_(judged)))
        columns: dict[str, object] = {
            "state": InitiativeState.SUBMITTED, "blind_code": None, "blind_title": "", "blind_copy": null(),
        }  # fmt: skip
    else:
        db.session.execute(update(ScoreSheet).values(signed_at=START))
        columns = {"state": InitiativeState.REVIEWED}
    if phase is Phase.PUBLICATION:
        save(Scoring(round_id=world.a_round.id, closed_at=START))
        world.a_round.released_at = START
        columns = {"state": InitiativeState.SELECTED}
    db.session.execute(update(Initiative).where(Initiative.id.in_(judged)).values(**columns))
    db.session.commit()
    db.session.expire_all()
    return world


def _owned_by(world: World, name: str) -> Select[int]:
    """Return the ids of somebody's dossiers."""
    owner = world.people[name].id if name else None
    return select(Initiative.id).where(Initiative.owner_id == owner)


def change_authors(world: World, *, but: str = "") -> None:
    """Change everything by which a reviewer could recognise whose a dossier is; one person's own dossiers stay."""
    elsewhere, own = world.elsewhere, list(db.session.scalars(_owned_by(world, but)))
    db.session.execute(
        update(Author)
        .where(Author.initiative_id.not_in(own))
        .values(
            name=f"Đặng Thị Khác {CANARY}", workplace=f"Nơi khác {CANARY}", phone="0987654321",
            email=f"khac.{CANARY}@example.org", job_title="Giám đốc", qualification="Tiến sĩ", unit_id=elsewhere.id,
        )
    )  # fmt: skip
    db.session.execute(
        update(Initiative)
        .where(Initiative.id.not_in(own))
        .values(
            unit_id=elsewhere.id, unit_name=elsewhere.name, author_name="Khác", author_key="k", unit_key="k",
            investor=f"Quỹ {CANARY} khác", applier=f"Xã {CANARY} khác", owner_id=world.people["stranger"].id,
            title=f"Máy của {CANARY}", title_key="m", scope=f"Ấp {CANARY}", participants=f"Bà {CANARY}",
            problem=f"Ông {CANARY} làm", solution=f"Theo {CANARY}", novelty="Khác", conditions="Khác",
            benefit_author=f"{CANARY} khác", benefit_applier=f"{CANARY} khác", reason=f"Bởi {CANARY}",
        )
    )  # fmt: skip
    renamed = update(Attachment).where(Attachment.initiative_id.not_in(own))
    db.session.execute(renamed.values(name=f"ten-khac-{CANARY}.pdf"))
    if not but:
        for initiative in (world.first, world.second, world.third):
            initiative.code = f"KHAC-{initiative.id}"
    second_author = an_author(name=f"Thêm {CANARY}", share=0)
    second_author.position = 2
    world.first.authors.append(second_author)
    db.session.commit()


def change_judging(world: World, *, but: str = "reviewer") -> None:
    """Change who else reviews what, and what they gave; the reviewer's own work stays."""
    reviewer = world.people[but].id
    colleague = world.people["colleague"].id
    db.session.execute(
        update(Assignment).where(Assignment.reviewer_id == colleague).values(reviewer_id=world.people["stand-in"].id)
    )
    db.session.execute(
        update(ScoreSheet)
        .where(ScoreSheet.assignment_id.in_(_assignments_of_others(reviewer)))
        .values(points=points_of(world.a_round, 4), remark="Ý kiến khác hẳn", signed_at=None)
    )
    db.session.commit()


def change_reviewers(world: World) -> None:
    """Change who reviews everything, and every sheet."""
    db.session.execute(
        update(Assignment)
        .where(Assignment.reviewer_id == world.people["reviewer"].id)
        .values(reviewer_id=world.people["stand-in"].id)
    )
    db.session.execute(update(ScoreSheet).values(points=points_of(world.a_round, 4), remark="Khác", signed_at=None))
    db.session.commit()


def change_names_of_reviewers(world: World) -> None:
    """Change who reviews, and nothing of what they gave."""
    db.session.execute(
        update(Assignment)
        .where(Assignment.reviewer_id == world.people["colleague"].id)
        .values(reviewer_id=world.people["stand-in"].id)
    )
    db.session.commit()


def change_own_judging(world: World, *, of: str = "") -> None:
    """Change what was given on the dossiers of people with a second role, and who gave it; or on one of them."""
    own = [getattr(world, of).id] if of else [world.written.id, world.kept.id]
    given = select(Assignment.id).where(Assignment.initiative_id.in_(own))
    db.session.execute(
        update(ScoreSheet)
        .where(ScoreSheet.assignment_id.in_(given))
        .values(points=points_of(world.a_round, 4), remark="Khác hẳn")
    )
    db.session.execute(
        update(Assignment).where(Assignment.initiative_id.in_(own)).values(reviewer_id=world.people["stand-in"].id)
    )
    db.session.commit()


def change_beside(world: World) -> None:
    """Change whose the second dossier is, who else judges it and what they gave; the work of the secretary stays."""
    second, secretary = world.second.id, world.people["secretary who reviews"].id
    db.session.execute(
        update(Initiative)
        .where(Initiative.id == second)
        .values(title=f"Máy của {CANARY}", unit_name=f"Nơi {CANARY}", author_name="Khác", problem=f"Ông {CANARY}")
    )
    db.session.execute(update(Author).where(Author.initiative_id == second).values(name=f"Khác {CANARY}"))
    others = select(Assignment.id).where(Assignment.initiative_id == second, Assignment.reviewer_id != secretary)
    db.session.execute(
        update(ScoreSheet)
        .where(ScoreSheet.assignment_id.in_(others))
        .values(points=points_of(world.a_round, 4), remark="Khác hẳn")
    )
    db.session.execute(
        update(Assignment)
        .where(Assignment.initiative_id == second, Assignment.reviewer_id == world.people["reviewer"].id)
        .values(reviewer_id=world.people["stand-in"].id)
    )
    db.session.commit()


def release_scores(world: World) -> World:
    """Close the scoring of the round in review: the council reads the results, and has decided nothing yet."""
    save(Scoring(round_id=world.a_round.id, closed_at=START))
    db.session.execute(
        update(Initiative)
        .where(Initiative.round_id == world.a_round.id, Initiative.state == InitiativeState.IN_REVIEW)
        .values(state=InitiativeState.REVIEWED)
    )
    db.session.commit()
    db.session.expire_all()
    return world


def change_ranking(world: World) -> None:
    """Change scores and places that are not released, and what a council is drafting."""
    db.session.execute(
        update(ScoreResult)
        .where(ScoreResult.round_id == world.a_round.id)
        .values(rank=9 - ScoreResult.rank, rank_order=9 - ScoreResult.rank_order, score="77", score_order=77_000_000)
    )
    db.session.commit()


def change_draft_decision(world: World) -> None:
    """Change what the council notes and holds on an item before it declares a decision."""
    db.session.execute(update(Item).values(discussion="Nội dung thảo luận khác hẳn", rank=7, score="61"))
    db.session.commit()


def change_provisional_decision(world: World) -> None:
    """Decide on the author's dossier without releasing the result."""
    decided = update(Initiative).where(Initiative.id == world.first.id).values(state=InitiativeState.SELECTED)
    db.session.execute(decided)
    db.session.commit()


def change_strangers(world: World) -> None:
    """Change the dossiers of everybody but the author."""
    db.session.execute(
        update(Initiative)
        .where(Initiative.owner_id == world.people["stranger"].id)
        .values(title="Tên khác hẳn", title_key="t", problem="Khác", solution="Khác", money_benefit=1, unit_name="Khác")
    )
    db.session.commit()


def _assignments_of_others(reviewer_id: int) -> list[int]:
    return [assignment.id for assignment in db.session.query(Assignment).all() if assignment.reviewer_id != reviewer_id]
