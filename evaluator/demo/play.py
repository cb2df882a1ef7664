"""Takes a season through a round, step by step, by the same verbs the pages use."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from evaluator import actors
from evaluator.assignment import queries as assignments
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment
from evaluator.assignment.service import Wishes
from evaluator.core.db import db, transaction
from evaluator.demo.cast import PASSWORD, Cast, Casting
from evaluator.demo.judgement import Judgement
from evaluator.demo.season import Material
from evaluator.demo.timetable import Days, Stage
from evaluator.initiatives import checking
from evaluator.initiatives import queries as initiatives
from evaluator.initiatives.intake import service as intake
from evaluator.initiatives.intake.season import Season
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.people.passwords import passwords
from evaluator.policy import OPERATOR, Actor
from evaluator.reviews import queries as reviews
from evaluator.reviews import service as sheets
from evaluator.reviews.results import service as results
from evaluator.rounds import presets
from evaluator.rounds import service as rounds
from evaluator.rounds.models import Round
from evaluator.rounds.service import RoundPlan
from evaluator.rules import rubric_document, vietnamese
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.units import queries as unit_queries
from evaluator.units import service as units

Thing = TypeVar("Thing")

RUBRIC, VOTE_RULE, REVIEWS = "r01-provincial", "circular-18", 3
DESCRIPTION = (
    "Sáng kiến đã áp dụng có kết quả, ý tưởng mới và mô hình hay của tập thể, cá nhân trong tỉnh. "
    "Mỗi hồ sơ có mô tả giải pháp, tính mới, hiệu quả và khả năng nhân rộng."
)
COUNCIL = "Hội đồng tuyển chọn, biên tập và công bố những sáng kiến, ý tưởng tiêu biểu"
GROUNDS = (
    "Căn cứ Nghị định số 13/2012/NĐ-CP ngày 02 tháng 3 năm 2012 của Chính phủ ban hành Điều lệ Sáng kiến;",
    "Căn cứ Thông tư số 18/2013/TT-BKHCN ngày 01 tháng 8 năm 2013 của Bộ Khoa học và Công nghệ;",
    "Căn cứ Quy chế hoạt động của Hội đồng.",
)
FIELDS = (
    "Quản lý, cải cách hành chính",
    "Công nghệ thông tin, chuyển đổi số",
    "Cơ khí, tự động hóa, điện",
    "Xây dựng, giao thông",
    "Vật liệu, hóa chất, năng lượng",
    "Nông, lâm, ngư nghiệp",
    "Tài nguyên, môi trường",
    "Y dược, chăm sóc sức khỏe",
    "Giáo dục và đào tạo",
    "Văn hóa, du lịch, thương mại, OCOP",
    "Công tác mặt trận, đoàn thể, an sinh xã hội",
    "Quốc phòng, an ninh",
)
CHUNK = 50  # dossiers or sheets changed in one transaction: others get their turn in between


class Play:
    """One demonstration while it runs: a method for each step of the process."""

    def __init__(
        self, material: Material, *, days: Days, seed: int, rubric: str = RUBRIC, vote_rule: str = VOTE_RULE
    ) -> None:
        self.material, self.days = material, days
        self.judgement = Judgement(seed)
        self.seed, self.rubric, self.vote_rule = seed, rubric, vote_rule
        self.seconds: dict[str, float] = {}
        self.round: Round
        self.cast: Cast
        self.season: Season

    def until(self, stage: Stage) -> None:
        """Go through all steps up to a stage."""
        for name, at, step in STEPS:
            if stage.reaches(at):
                began = time.perf_counter()
                step(self, halfway=stage is at)
                self.seconds[name] = round(time.perf_counter() - began, 2)

    def prepare(self, *, halfway: bool) -> None:
        """Enter the units, open the accounts of the staff, prepare and open the round."""
        del halfway
        now = self.days.at(-20, 9)
        with transaction():
            units.import_units(dict(enumerate(self.material.units)), by=OPERATOR, now=now)
            self.casting = Casting(sealed=passwords.seal(PASSWORD), now=now)
            self.cast = self.casting.staff()
        top = unit_queries.get(self.material.units[0].code, actor=OPERATOR)
        year = self.days.opening.year
        plan = RoundPlan(
            code=f"DKST-{year}",
            title=f"Đợt xét chọn sáng kiến, ý tưởng tiêu biểu năm {year}",
            council_name=COUNCIL,
            unit=top,
            timetable=self.days.timetable(),
            reviews_per_initiative=REVIEWS,
            rubric=presets.rubric(self.rubric),
            vote_rule=presets.vote_rule(self.vote_rule),
            fields=FIELDS,
            description=DESCRIPTION,
            legal_grounds=GROUNDS,
        )
        with transaction():
            self.round = rounds.create(plan, by=self.secretary, now=now)
            rounds.open_round(self.round, by=self.secretary, now=self.days.at(-2, 9))

    def submit(self, *, halfway: bool) -> None:
        """Take the list of dossiers, as the secretary does with a workbook."""
        del halfway
        now = self.days.at(12, 9)
        self.season = self.material.read(self.round, self.secretary, now)
        with transaction():
            self.casting.fill(self.cast, self.season)
            intake.take(self.season, self.round, by=self.secretary, now=now)

    def check(self, *, halfway: bool) -> None:
        """Accept every dossier."""
        del halfway
        now = self.days.at(32, 9)
        submitted = db.session.scalars(initiatives.in_state(self.round, State.SUBMITTED)).all()
        for chunk in _in_chunks(submitted):
            with transaction():
                for initiative in chunk:
                    checking.accept(initiative, by=self.secretary, now=now)

    def assign(self, *, halfway: bool) -> None:
        """Enter the declared conflicts, propose who reviews what, announce it."""
        del halfway
        by_code = {initiative.code: initiative for initiative in self._accepted()}
        with transaction():
            for row in self.season.conflicts:
                if row.member in self.cast.reviewers and row.code in by_code:
                    reviewer = self.actor(self.cast.reviewers[row.member])
                    now = self.days.at(33, 9)
                    assignment.declare_conflict(by_code[row.code], note=row.reason, by=reviewer, now=now)
        with transaction():
            wishes = Wishes(seed=self.seed)
            proposal = assignment.propose(self.round, wishes, by=self.secretary, now=self.days.at(38, 9))
        with transaction():
            assignment.announce(proposal, by=self.secretary, now=self.days.at(41, 8))

    def review(self, *, halfway: bool) -> None:
        """Let each reviewer sign the statement, then fill in and sign sheets: half of them if we stop here."""
        for number, account in enumerate(self.cast.reviewers.values()):
            reviewer = self.actor(account)
            with transaction():
                assignment.sign_conflict_statement(self.round, by=reviewer, now=self.days.at(41, 9))
            codes = [each.initiative.blind_code for each in self._active(account)]
            if halfway:
                codes = codes[: (len(codes) + number % 2) // 2]
            for chunk in _in_chunks(codes):
                with transaction():
                    for code in chunk:
                        self._mark(code, reviewer, email=account.email)

    def score(self, *, halfway: bool) -> None:
        """Close scoring: the ranking is final."""
        del halfway
        with transaction():
            results.close(self.round, by=self.secretary, now=self.days.at(61, 8))

    # --- what the steps share ---------------------------------------------------------------------

    @property
    def secretary(self) -> Actor:
        """The secretary, acting."""
        return self.actor(self.cast.secretary)

    def actor(self, account: Account) -> Actor:
        """Return the actor of somebody of the cast, as things stand."""
        return actors.of(account)

    def _accepted(self) -> Sequence[Initiative]:
        return db.session.scalars(initiatives.in_state(self.round, State.ACCEPTED)).all()

    def _active(self, account: Account) -> Sequence[Assignment]:
        return db.session.scalars(assignments.active_for(account.id, self.round.id)).all()

    def _mark(self, code: str, reviewer: Actor, *, email: str) -> None:
        """Fill in one sheet and sign it, as the reviewer would."""
        now = self.days.at(45, 14)
        place = reviews.desk(code, actor=reviewer)
        rubric = rubric_document.from_document(self.round.rubric)
        title = place.assignment.initiative.code
        points = self.judgement.points(rubric, code=title, reviewer=email)
        typed = {key: value if isinstance(value, str) else vietnamese.points(value) for key, value in points.items()}
        remark = self.judgement.remark(code=title, reviewer=email)
        place = sheets.fill_in(place, typed, remark=remark, read_version=0, by=reviewer, now=now)
        sheets.sign(place, by=reviewer, now=now)


def _in_chunks(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield the things in pieces of a size that one transaction may hold."""
    for start in range(0, len(things), CHUNK):
        yield things[start : start + CHUNK]


STEPS: tuple[tuple[str, Stage, Callable[..., None]], ...] = (
    ("prepare", Stage.SUBMITTED, Play.prepare),
    ("submit", Stage.SUBMITTED, Play.submit),
    ("check", Stage.REVIEW, Play.check),
    ("assign", Stage.REVIEW, Play.assign),
    ("review", Stage.REVIEW, Play.review),
    ("score", Stage.SCORED, Play.score),
)
