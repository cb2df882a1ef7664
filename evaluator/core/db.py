"""The database session, our column types, and the one place that commits."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, Enum, MetaData, String, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from evaluator.core.errors import Conflict, Unavailable
from evaluator.core.text import N_

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: stored as UTC, refused when naive, always aware on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values; store UTC without a zone."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive datetime {value!r}: moments carry their zone"
            raise ValueError(msg)
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(kind: type[StrEnum]) -> Enum:
    """Return the column type of a StrEnum: text with a CHECK over its values."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=40,
    )


# Keys of the Vietnamese order compare byte by byte; PostgreSQL would apply the rules of its own language.
SORT_KEY = String(600).with_variant(String(600, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Base of every model, with our naming of constraints and our type of moments."""

    # Flask-SQLAlchemy copies the class body, so the type map must come with an explicit registry.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UTCDateTime(), dict[str, Any]: JSON(), list[Any]: JSON()},
    )
    metadata = registry.metadata


db = SQLAlchemy(model_class=Base)

# A class to a type checker, which cannot follow what Flask-SQLAlchemy makes at run time.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_one_writer = threading.RLock()
_ATTEMPTS = 8


def init_app(app: Flask) -> None:
    """Bind the database to the application and set each connection up."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def is_sqlite() -> bool:
    """Return whether the session speaks to SQLite."""
    return db.session.get_bind().dialect.name == "sqlite"


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, safe on disk at every commit, foreign keys on, and the lock taken at the start of a write."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=wal",
            "synchronous=full",
            "busy_timeout=15000",
            "foreign_keys=on",
            "cache_size=-16000",
            "temp_store=memory",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        # A transaction that will write takes the lock at once: a later upgrade could only fail.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def transaction(*, keep: bool = True) -> Iterator[None]:
    """Commit the block as one change, or nothing of it; ``keep=False`` is a dry run.

    Raises:
        Conflict: somebody else changed the same row, or a unique rule settled a race.
        Unavailable: the database could not be reached or stayed locked; nothing was changed.
    """
    if _writing.get():
        msg = "transactions do not nest: open one at the edge"
        raise RuntimeError(msg)
    session = db.session
    with _one_writer if is_sqlite() else _no_lock():
        # What was read before was read under an older snapshot; a writer starts from the newest.
        session.rollback()
        token = _writing.set(True)
        try:
            _begin(session)
            yield
            if keep:
                session.commit()
            else:
                session.rollback()
        except StaleDataError as error:
            session.rollback()
            raise Conflict from error
        except IntegrityError as error:
            session.rollback()
            raise Conflict(
                N_("This has already been done, or somebody was quicker. Look at it as it is now.")
            ) from error
        except OperationalError as error:
            session.rollback()
            raise Unavailable from error
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def _no_lock() -> Iterator[None]:
    yield


def _begin(session: Any) -> None:
    """Open the transaction, patient while another process holds the lock."""
    for attempt in range(_ATTEMPTS):
        try:
            session.connection()
        except DBAPIError:
            session.rollback()
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, not a secret
        else:
            return
