"""The migrations make the database that the models describe, up, down and up again, and lose no row."""

import re
import shutil
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text

from evaluator.core import schema
from evaluator.core.db import db
from tests.factories import an_account

SEARCH = re.compile(r"\b\w*_search\w*")  # what search needs is made by hand: no model describes it

REBUILD = '''"""Rebuild the accounts."""

from alembic import op

revision = "0002_rebuild_accounts"
down_revision = "{before}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("account", recreate="always"):
        pass
    {more}


def downgrade():
    pass
'''


def described(connection: Connection) -> set[str]:
    """Return every table, column, constraint and index as the database itself writes it."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
        return {part for row in rows for part in _parts(row)}
    rows = connection.execute(
        text(
            "SELECT table_name || '.' || column_name || ' ' || udt_name || ' ' || coalesce(character_maximum_length, 0)"
            " || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(collation_name, '')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
    ).scalars()
    return set(rows)


def _parts(statement: str) -> list[str]:
    """Return the lines of a CREATE, each with the name of what it belongs to, so that their order does not matter."""
    flat = " ".join(statement.replace('"', "").split())
    name, bracket, body = flat.partition(" (")
    if not name.startswith("CREATE TABLE") or not bracket:
        return [flat]
    return [f"{name}: {part.strip()}" for part in re.split(r",\s*(?![^()]*\))", body.removesuffix(")"))]


def own(parts: set[str]) -> set[str]:
    return {part for part in parts if "alembic_version" not in part and not SEARCH.search(part)}


def test_the_migrated_database_equals_the_models_statement_by_statement(app: Flask):
    with db.engine.connect() as connection:
        migrated = own(described(connection))
    schema.downgrade("base")
    db.create_all()
    with db.engine.connect() as connection:
        modelled = own(described(connection))
    db.drop_all()
    schema.upgrade()

    assert migrated - modelled == set(), "in the migrations and not in the models"
    assert modelled - migrated == set(), "in the models and not in the migrations"
    assert len(migrated) > 100


def test_the_comparison_sees_a_changed_check(app: Flask):
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (state VARCHAR(9) CONSTRAINT ck_state CHECK (state IN ('a')))"))
        before = described(connection)
        connection.execute(text("DROP TABLE thing"))
        connection.execute(
            text("CREATE TABLE thing (state VARCHAR(9) CONSTRAINT ck_state CHECK (state IN ('a', 'b')))")
        )
        after = described(connection)
        connection.execute(text("DROP TABLE thing"))
    assert before != after


def test_the_migrations_run_up_down_and_up(app: Flask):
    with db.engine.connect() as connection:
        first = described(connection)
    schema.downgrade("base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert schema.upgrade() is True
    with db.engine.connect() as connection:
        assert described(connection) == first
    assert schema.upgrade() is False
    assert schema.is_current()


@pytest.mark.engines("sqlite")
def test_there_is_one_head_and_the_file_names_it(app: Flask):
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.head()]
    for script in scripts.walk_revisions():
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)+", script.revision)
        source = Path(script.path).read_text()
        assert "evaluator" not in source, "a migration imports none of our code"


def plant(tmp_path, monkeypatch, more: str = "") -> None:
    """Put a copy of the migrations in place that has one more, which rebuilds a table that others point to."""
    before = schema.head()
    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_rebuild_accounts.py").write_text(REBUILD.format(before=before, more=more))
    (folder / "HEAD").write_text("0002_rebuild_accounts\n")
    monkeypatch.setattr(schema, "MIGRATIONS", folder)


def counts() -> tuple[int, int]:
    with db.engine.connect() as connection:
        return tuple(
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in ("account", "role_grant")
        )


@pytest.mark.engines("sqlite")
def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(app: Flask, tmp_path, monkeypatch):
    an_account("reviewer")
    assert counts() == (1, 1)
    plant(tmp_path, monkeypatch)
    schema.upgrade()
    assert counts() == (1, 1)


@pytest.mark.engines("sqlite")
def test_a_migration_that_leaves_orphans_is_undone(app: Flask, tmp_path, monkeypatch):
    an_account("reviewer")
    before = schema.head()
    plant(tmp_path, monkeypatch, more='op.execute("DELETE FROM account")')
    with pytest.raises(RuntimeError, match="rows that point to nothing"):
        schema.upgrade()
    assert counts() == (1, 1)
    with db.engine.connect() as connection:
        assert schema.current(connection) == before
