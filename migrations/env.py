"""How Alembic runs our migrations: inside an application context, on the application's engine."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from evaluator.core.db import UTCDateTime, db


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column type as the plain one, so that a migration never imports our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime()"
    return False


def run(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        transactional_ddl=True,  # on SQLite as well: core/db.py says BEGIN itself
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise RuntimeError(f"The migration would leave rows that point to nothing: {orphans[:5]}")


with db.engine.connect() as database:
    driver = database.connection.driver_connection
    # A batch rebuild drops the old table; with the keys on, SQLite would first empty every table that cascades
    # from it. The pragma does nothing inside a transaction, so it goes to the driver before one begins.
    is_sqlite = database.dialect.name == "sqlite"
    if is_sqlite:
        driver.execute("PRAGMA foreign_keys=off")
    try:
        run(database)
    finally:
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=on")
