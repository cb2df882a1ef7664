"""Create the search index of initiatives."""

from alembic import op

revision = "0002_create_search"
down_revision = "0001_create_tables"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE initiative_search USING"
            " fts5(title, body, scope, content='', prefix='2 3', tokenize='unicode61')"
        )
    else:
        op.execute("CREATE TABLE initiative_search (id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_initiative_search_words ON initiative_search USING gin (words)")


def downgrade():
    op.execute("DROP TABLE initiative_search")
