"""Accounts, their roles, the links that set a password, and failed attempts to sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluator.core.db import SORT_KEY, Model, enum_column
from evaluator.rules.roles import Role
from evaluator.units.models import Unit


class Account(Model):
    """A person who can sign in, or whom the council knows by name."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    password_hash: Mapped[str] = mapped_column(String(200), default="")  # empty: no password was set yet
    session_key: Mapped[str] = mapped_column(String(50), unique=True)  # new with every password: ends old sessions
    search: Mapped[str] = mapped_column(String(600))  # folded name and address
    sort_key: Mapped[str] = mapped_column(SORT_KEY)  # orders by tên, chữ đệm, họ
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit | None] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "sort_key", "id"),)

    @property
    def is_active(self) -> bool:
        """Return whether the person may sign in."""
        return self.deactivated_at is None

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles the person holds."""
        return frozenset(grant.role for grant in self.grants)


class RoleGrant(Model):
    """One role of one person."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))

    __table_args__ = (Index(None, "account_id", "role", unique=True), Index(None, "role", "account_id"))


class PasswordReset(Model):
    """A mailed link with which a password is set once. Only the hash of its secret is kept."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]  # a newer link was asked for, or the password was changed otherwise

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class LoginFailure(Model):
    """Failed attempts of one e-mail from one network address since the last success."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))  # as typed: it need not belong to anybody
    address: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]

    __table_args__ = (Index(None, "email", "address", unique=True), Index(None, "last_at"))
