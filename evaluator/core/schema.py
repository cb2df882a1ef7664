"""The shape of the database: made and brought up to date by the migrations, and whether it is current."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from evaluator.core.db import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"
VERSION = text("SELECT version_num FROM alembic_version")


def head() -> str:
    """Return the name of the newest migration, as the file HEAD says it."""
    return (MIGRATIONS / "HEAD").read_text(encoding="ascii").strip()


def current(connection: Connection) -> str | None:
    """Return the name of the migration the database stands at, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(VERSION).scalar()


def is_current() -> bool:
    """Return whether the database answers and has had every migration."""
    with db.engine.connect() as connection:
        return current(connection) == head()


def upgrade(revision: str = "head") -> bool:
    """Run the migrations that the database still lacks; return whether there were any."""
    with db.engine.connect() as connection:
        before = current(connection)
    if revision == "head" and before == head():
        return False
    _run("upgrade", revision)
    return True


def downgrade(revision: str) -> None:
    """Undo the migrations after a revision; ``base`` leaves nothing."""
    _run("downgrade", revision)


def _run(direction: str, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - 0.3 s that no page and no other command should wait for
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    getattr(command, direction)(config, revision)
