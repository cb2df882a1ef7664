"""The people of a demonstration, and who of them plays what."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evaluator.assignment import service as assignment
from evaluator.assignment.service import Description
from evaluator.core.codes import random_code
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.initiatives.intake.dossiers import AuthorRow
from evaluator.initiatives.intake.season import Season
from evaluator.people import queries as people
from evaluator.people import service as accounts
from evaluator.people.models import Account
from evaluator.people.passwords import SealedPassword
from evaluator.people.service import Profile
from evaluator.policy import OPERATOR
from evaluator.rules.roles import Role
from evaluator.units import queries as units
from evaluator.units import service as unit_service
from evaluator.units.service import UnitPlan

PASSWORD = "Sang-kien-2026"  # noqa: S105 - printed for whoever tries the demonstration
AUTHORS = 3  # so many dossiers get an author who can sign in

STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("quantri@hoidong.example", "Lê Thị Quản Trị", "Quản trị hệ thống", (Role.ADMIN,)),
    ("thuky@hoidong.example", "Nguyễn Thị Thư", "Ủy viên thư ký Hội đồng", (Role.SECRETARY,)),
    ("chutich@hoidong.example", "Phạm Văn Chính", "Chủ tịch Ủy ban MTTQ Việt Nam tỉnh", (Role.CHAIR, Role.MEMBER)),
    ("phochutich@hoidong.example", "Trần Thị Phương", "Phó Chủ tịch Ủy ban MTTQ Việt Nam tỉnh", (Role.MEMBER,)),
    ("bientap@hoidong.example", "Vũ Minh Biên", "Trưởng ban Biên tập", (Role.EDITOR,)),
    ("thanhvien1@hoidong.example", "Hoàng Văn Đạt", "Giám đốc Sở Khoa học và Công nghệ", (Role.MEMBER,)),
    ("thanhvien2@hoidong.example", "Đinh Thị Oanh", "Chủ tịch Hội Nông dân tỉnh", (Role.MEMBER,)),
    ("thanhvien3@hoidong.example", "Ngô Quang Ý", "Phó Chủ tịch Liên đoàn Lao động tỉnh", (Role.MEMBER,)),
)


@dataclass(slots=True)
class Cast:
    """Who plays in a demonstration."""

    staff: dict[str, Account]  # by the first part of their address
    reviewers: dict[str, Account] = field(default_factory=dict)  # by their code in the workbook
    authors: list[Account] = field(default_factory=list)
    members: list[Account] = field(default_factory=list)  # who sit on the council, the chair first

    @property
    def secretary(self) -> Account:
        """Who does the daily work."""
        return self.staff["thuky"]

    @property
    def chair(self) -> Account:
        """Who chairs the council."""
        return self.staff["chutich"]

    @property
    def editor(self) -> Account:
        """Who edits the book."""
        return self.staff["bientap"]

    def everybody(self) -> list[Account]:
        """Return each account once, the staff first."""
        return list(
            {each.id: each for each in (*self.staff.values(), *self.authors, *self.reviewers.values())}.values()
        )


class Casting:
    """Opens the accounts, all with one password that was sealed once."""

    def __init__(self, *, sealed: SealedPassword, now: datetime) -> None:
        self.sealed = sealed
        self.now = now

    def staff(self) -> Cast:
        """Open the accounts of those who are there before any dossier."""
        return Cast(
            {email.partition("@")[0]: self._account(email, name, job, roles) for email, name, job, roles in STAFF}
        )

    def fill(self, cast: Cast, season: Season) -> None:
        """Open the accounts of reviewers and some authors. One author also reviews; one reviewer is a member.

        Raises:
            Invalid: the workbook names nobody who could review, or holds no good dossier.
        """
        if not season.members or not season.good:
            raise Invalid.on(
                "file",
                N_(
                    "A demonstration needs good dossiers, and reviewers on the sheet “Hội đồng”. The workbook lacks them."
                ),
            )
        for row in season.members:
            account = self._account(row.email, row.name, "", {Role.REVIEWER}, row.unit)
            cast.reviewers[row.code] = account
            self._describe(account, list(row.fields), row.load)
        for lead, of_field in (leads := self._leads(season)):
            account = self._account(lead.email, lead.name, lead.job_title, {Role.AUTHOR}, lead.workplace)
            cast.authors.append(account)
            if len(cast.authors) == len(leads):
                accounts.grant(account, Role.REVIEWER, by=OPERATOR, now=self.now)
                self._describe(account, [of_field], None)
                cast.reviewers["author"] = account
        both = next(iter(cast.reviewers.values()))
        accounts.grant(both, Role.MEMBER, by=OPERATOR, now=self.now)
        seated = [each for each in cast.staff.values() if each.roles & {Role.CHAIR, Role.MEMBER}]
        cast.members = [*seated, both, cast.secretary]

    def _leads(self, season: Season) -> list[tuple[AuthorRow, str]]:
        """Return a few first authors with an address, those of dossiers with several authors first."""
        several_first = sorted(season.good, key=lambda each: len(each.authors) == 1)
        return [(each.authors[0], each.field) for each in several_first if each.authors[0].email][:AUTHORS]

    def _describe(self, account: Account, fields: list[str], most: int | None) -> None:
        about = Description(fields=tuple(fields), most=most)
        assignment.describe_reviewer(account, about, by=OPERATOR, now=self.now)

    def _account(self, email: str, name: str, job: str, roles: Collection[Role], unit_name: str = "") -> Account:
        known = people.maybe_by_email(email)
        if known is not None:
            return known
        profile = Profile(email=email, name=name, job_title=job, unit_id=self._unit(unit_name))
        return accounts.create_account(profile, roles=roles, password=self.sealed, by=OPERATOR, now=self.now)

    def _unit(self, name: str) -> int | None:
        """Return the unit of that name, making it where the list lacks it."""
        if not name:
            return None
        match = units.match(name)
        if match is not None:
            return match.key
        plan = UnitPlan(code=f"DV-{random_code(5)}", name=name, level=1)
        return unit_service.create(plan, by=OPERATOR, now=self.now).id


def as_document(cast: Cast, initiatives: dict[int, list[str]]) -> list[dict[str, Any]]:
    """Return the accounts as scripts read them (contracts 2), with the codes of what each has to do with."""
    return [
        {
            "email": account.email,
            "password": PASSWORD,
            "name": account.name,
            "roles": sorted(account.roles),
            "initiatives": initiatives.get(account.id, []),
        }
        for account in cast.everybody()
    ]
