"""Takes a season through a round, step by step, by the same verbs the pages use."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select

from evaluator import actors
from evaluator.assignment import queries as assignments
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.finding import Wishes
from evaluator.compendium import service as compendium
from evaluator.compendium.models import Compendium
from evaluator.core.db import db, transaction
from evaluator.council import queries as councils
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, Item, Session, Vote
from evaluator.council.papers import service as papers
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.council.register import service as registering
from evaluator.council.register.queries import Key
from evaluator.council.register.service import Registration
from evaluator.council.release import service as releases
from evaluator.council.service import NewMember
from evaluator.demo.cast import PASSWORD, Cast, Casting
from evaluator.demo.judgement import Judgement
from evaluator.demo.season import Material
from evaluator.demo.timetable import Days, Stage
from evaluator.initiatives import checking
from evaluator.initiatives import queries as initiatives
from evaluator.initiatives.intake import service as intake
from evaluator.initiatives.intake.season import Season
from evaluator.initiatives.models import Initiative
from evaluator.papers.kinds import PaperKind
from evaluator.people.models import Account
from evaluator.people.passwords import passwords
from evaluator.policy import OPERATOR, Actor
from evaluator.reviews import queries as reviews
from evaluator.reviews import service as sheets
from evaluator.reviews.models import ScoreSheet
from evaluator.reviews.results import service as results
from evaluator.rounds import presets
from evaluator.rounds import service as rounds
from evaluator.rounds.models import Round
from evaluator.rounds.service import RoundPlan
from evaluator.rules import rubric_document, vietnamese
from evaluator.rules.audience import USUAL, Audience, Facet, Opening, Openness
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vote_rule import Mode
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
PLACE = "Phòng họp số 1, trụ sở Ủy ban MTTQ Việt Nam tỉnh"
OPENNESS = Openness({**USUAL, Facet.RESULT: Opening(Audience.PUBLIC)})
CONCLUSION = (
    "Hội đồng thống nhất kết quả biểu quyết, giao Tổ thư ký hoàn thiện hồ sơ trình công nhận và biên tập tuyển tập."
)
PAPERS = 5  # the last items of the agenda are voted on by paper
FIRST_ITEMS = 3  # how many are voted on when a demonstration stops in the middle of the session
FEW = 5  # with more papers than this one of them is spoiled
CHUNK = 50  # dossiers or sheets changed in one transaction: others get their turn in between


class Play:
    """One demonstration while it runs: a method for each step of the process."""

    def __init__(self, material: Material, *, days: Days, seed: int, choose: int | None = None) -> None:
        self.material, self.days = material, days
        self.judgement = Judgement(seed)
        self.seed, self.choose = seed, choose
        self.seconds: dict[str, float] = {}
        self.round: Round
        self.cast: Cast
        self.season: Season
        self.book: Compendium

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
        self.round = self.call(self.days, now=now, opened=self.days.at(-2, 9))

    def call(self, days: Days, *, now: datetime, opened: datetime, code: str = "") -> Round:
        """Prepare a round and open it."""
        year = days.opening.year
        plan = RoundPlan(
            code=code or f"DKST-{year}",
            title=f"Đợt xét chọn sáng kiến, ý tưởng tiêu biểu năm {year}{', đợt 2' if code else ''}",
            council_name=COUNCIL,
            unit=unit_queries.get(self.material.units[0].code, actor=OPERATOR),
            timetable=days.timetable(),
            reviews_per_initiative=REVIEWS,
            rubric=presets.rubric(RUBRIC),
            vote_rule=presets.vote_rule(VOTE_RULE),
            fields=FIELDS,
            description=DESCRIPTION,
            legal_grounds=GROUNDS,
        )
        with transaction():
            a_round = rounds.create(plan, by=self.secretary, now=now)
            return rounds.open_round(a_round, by=self.secretary, now=opened)

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
                person, initiative = self.cast.reviewers.get(row.member), by_code.get(row.code)
                if person is not None and initiative is not None:
                    now = self.days.at(33, 9)
                    assignment.record_conflict(initiative, person, note=row.reason, by=self.secretary, now=now)
        with transaction():
            wishes = Wishes(seed=self.seed)
            proposal = proposals.propose(self.round, wishes, by=self.secretary, now=self.days.at(38, 9))
        with transaction():
            proposals.announce(proposal, by=self.secretary, now=self.days.at(41, 8))

    def review(self, *, halfway: bool) -> None:
        """Let each reviewer sign the statement, then fill in and sign sheets: half of them if we stop here."""
        for number, account in enumerate(self.cast.reviewers.values()):
            reviewer = self.actor(account)
            with transaction():
                assignment.sign_conflict_statement(self.round, by=reviewer, now=self.days.at(41, 9))
            codes = [each.initiative.blind_code or "" for each in self._active(account)]
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

    def vote(self, *, halfway: bool) -> None:
        """Found the council, hold its session, vote by name and on paper: on a few items only if we stop here."""
        at = partial(self.days.at, 70)
        with transaction():
            board = council.found(
                self.round,
                title=COUNCIL,
                decision_number=f"12/QĐ-MTTQ-BTT/{self.days.opening.year}",
                decision_date=self.days.day(35),
                members=[
                    NewMember(account=member, role=role, job_title=member.job_title)
                    for member, role in zip(self.cast.members, _seats(len(self.cast.members)), strict=True)
                ],
                by=self.secretary,
                now=self.days.at(36, 9),
            )
        with transaction():
            session = council.open_session(board, place=PLACE, by=self.secretary, now=at(8, 5))
            seated = [member.id for member in board.members]
            absent = {seated[-2]: "Đi công tác"}
            council.call_roll(
                session, present=set(seated) - set(absent), absent=absent, by=self.secretary, now=at(8, 15)
            )
            council.name_tellers(session, members=seated[1:4], by=self.secretary, now=at(8, 20))
        with transaction():
            items = council.agenda_from_ranking(session, limit=self.choose, by=self.secretary, now=at(8, 25))
        by_name, on_paper = items[: -PAPERS or None], items[-PAPERS:]
        for number, item in enumerate(by_name[:FIRST_ITEMS] if halfway else by_name):
            self._by_name(session, item, now=at(8, 30) + timedelta(minutes=2 * number))
        if not halfway and on_paper:
            self._on_paper(session, on_paper, now=at(15))

    def decide(self, *, halfway: bool) -> None:
        """Declare the decisions, close the session, close the files of those below the gate."""
        del halfway
        now = self.days.at(70, 16, 30)
        board = councils.get(self.round.code, actor=self.secretary)
        session = councils.session(self.round.code, 1, actor=self.secretary)
        with transaction():
            deciding.decide_all(session, by=self.secretary, now=now)
            council.close_session(session, conclusion=CONCLUSION, by=self.secretary, now=now)
            council.refuse_below_the_gate(board, by=self.secretary, now=now)

    def publish(self, *, halfway: bool) -> None:
        """Edit the book, approve its entries, publish it."""
        del halfway
        editor = self.actor(self.cast.editor)
        self.announce()
        with transaction():
            self.begin_book()
        with transaction():
            compendium.approve_all(self.book, by=editor, now=self.days.at(85, 9))
        with transaction():
            compendium.publish(self.book, by=self.actor(self.cast.chair), now=self.days.at(90, 9))

    def announce(self) -> None:
        """Enter what the office gave the papers, issue the certificates, release the results in one act."""
        board, now = councils.get(self.round.code, actor=self.secretary), self.days.at(72, 9)
        year = self.days.opening.year
        numbers = {
            Key(PaperKind.MINUTES, "1"): f"03/BB-HĐSK/{year}",
            Key(PaperKind.SUBMISSION): f"04/TTr-HĐSK/{year}",
            Key(PaperKind.DECISION): f"45/QĐ-MTTQ-BTT/{year}",
            Key(PaperKind.NOTICE): f"101/TB-HĐSK/{year}",
            Key(PaperKind.CERTIFICATE): f"001/GCN-HĐSK/{year}",
        }
        with transaction():
            for key, number in numbers.items():
                signer = self.cast.chair.name if key.kind is PaperKind.DECISION else ""
                given = Registration(number, self.days.day(70 if key.kind is PaperKind.MINUTES else 72), signer=signer)
                registering.register(board, key, given, read_version=0, by=self.secretary, now=now)
            papers.issue_certificates(board, by=self.secretary, now=now)
        with transaction():
            releases.open_to(board, OPENNESS, by=self.secretary, now=now)
            drafted = releases.draft(board, by=self.secretary, now=now)
        with transaction():
            releases.release(drafted, by=self.actor(self.cast.chair), now=self.days.at(73, 8))

    def begin_book(self) -> None:
        """Make the book of what was selected, ready to be edited."""
        editor = self.actor(self.cast.editor)
        self.book = compendium.open_edition(self.round, by=editor, now=self.days.at(75, 9))

    def _by_name(self, session: Session, item: Item, *, now: datetime) -> None:
        """Put one item to an open vote and count it."""
        with transaction():
            poll = polls.put(session, [item], mode=Mode.OPEN, by=self.secretary, now=now)[0]
            code = item.initiative.code
            votes = {seat: Vote(self.judgement.vote(code=code, member=str(seat))) for seat in poll.roll}
            polls.cast_by_name(poll, votes, by=self.secretary, now=now)
            polls.close(poll, by=self.secretary, now=now)

    def _on_paper(self, session: Session, items: Sequence[Item], *, now: datetime) -> None:
        """Take one paper ballot over several items; two people enter the same totals."""
        with transaction():
            open_polls = polls.put(session, items, mode=Mode.PAPER, by=self.secretary, now=now)
        for poll in open_polls:
            issued = len(poll.roll)
            spoiled = 1 if issued > FEW else 0
            papers = PaperList(
                issued=issued,
                returned=issued,
                valid=issued - spoiled,
                invalid=spoiled,
                lines={line.item.number: self._totals(line.item, issued - spoiled) for line in poll.lines},
                causes={"unclear": spoiled},
            )
            for teller in (self.cast.secretary, self.cast.members[1]):
                with transaction():
                    polls.enter_papers(poll, papers, by=self.actor(teller), now=now)
            with transaction():
                polls.close(poll, by=self.secretary, now=now)

    def _totals(self, item: Item, valid: int) -> tuple[int, int, int]:
        """Return yes, no and no opinion of one item on valid papers."""
        votes = [self.judgement.vote(code=item.initiative.code, member=f"paper-{each}") for each in range(valid)]
        return votes.count("yes"), votes.count("no"), votes.count("abstain")

    # --- what came of it ----------------------------------------------------------------------------

    def codes(self) -> dict[int, list[str]]:
        """Return, by account, the codes of its dossiers, each as that person sees it: reviewers the blind code."""
        seen: dict[int, list[str]] = {}
        for account in self.cast.everybody():
            own = db.session.scalars(select(Initiative.code).where(Initiative.id.in_(self.actor(account).authored)))
            given = (assigned.initiative.blind_code or "" for assigned in self._active(account))
            seen[account.id] = sorted(own) + sorted(given)
        return seen

    def summary(self) -> dict[str, Any]:
        """Return the counts of every stage, what was selected, and the seconds of each step."""
        counted = dict(
            db.session.execute(
                select(Initiative.state, func.count())
                .where(Initiative.round_id == self.round.id)
                .group_by(Initiative.state)
            ).all()
        )
        signed = select(func.count()).select_from(ScoreSheet).where(ScoreSheet.signed_at.is_not(None))
        selected = councils.decided(self.round)
        return {
            "round": self.round.code,
            "seed": self.seed,
            "read": self.season.counts(),
            "counts": {
                "imported": sum(counted.values()),
                "accepted": sum(
                    number for state, number in counted.items() if state not in {State.SUBMITTED, State.REFUSED}
                ),
                "assigned": db.session.scalar(select(func.count()).select_from(Assignment)),
                "sheets_signed": db.session.scalar(signed),
                "voted_on": db.session.scalar(select(func.count()).select_from(Item)),
                "selected": len(selected),
                "published": counted.get(State.PUBLISHED, 0),
                "by_state": {state.value: number for state, number in sorted(counted.items())},
            },
            "selected": [{"code": each.code, "title": each.title} for each in selected],
            "seconds": self.seconds,
        }

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


def _seats(count: int) -> list[CouncilRole]:
    """Return who is what: the chair, the vice-chair, members, and the secretary last."""
    return [CouncilRole.CHAIR, CouncilRole.VICE, *[CouncilRole.MEMBER] * (count - 3), CouncilRole.SECRETARY]


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
    ("vote", Stage.VOTING, Play.vote),
    ("decide", Stage.DECIDED, Play.decide),
    ("publish", Stage.PUBLISHED, Play.publish),
)
