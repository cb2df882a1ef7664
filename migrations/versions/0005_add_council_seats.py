"""Add to councils: terms, substitutes, proxies, rankings by name, supplements asked for, tiers."""

import sqlalchemy as sa
from alembic import op

revision = "0005_add_council_seats"
down_revision = "0004_add_release_to_round"
branch_labels = None
depends_on = None


def added():
    """Return the new columns by table, made anew: a column belongs to one table for good."""
    return {
        "council_member": (
            sa.Column("serves_from", sa.Date(), nullable=True),
            sa.Column("serves_to", sa.Date(), nullable=True),
            sa.Column("seated_by", sa.String(length=60), server_default="", nullable=False),
            sa.Column("unseated_by", sa.String(length=60), server_default="", nullable=False),
            sa.Column("unseated_why", sa.String(length=300), server_default="", nullable=False),
        ),
        "council_session": (sa.Column("opening", sa.JSON(), server_default="{}", nullable=False),),
        "council_attendance": (sa.Column("ended_at", sa.DateTime(), nullable=True),),
        "council_item": (
            sa.Column("asked", sa.Text(), server_default="", nullable=False),
            sa.Column("asked_until", sa.Date(), nullable=True),
            sa.Column("supplement", sa.Text(), server_default="", nullable=False),
        ),
        "council_poll": (sa.Column("again", sa.String(length=500), server_default="", nullable=False),),
        "council_poll_item": (
            sa.Column("place", sa.Integer(), nullable=True),
            sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
            sa.Column("given_then", sa.Integer(), nullable=True),
        ),
        "decision": (sa.Column("tier", sa.String(length=120), server_default="", nullable=False),),
    }


def upgrade():
    for table, columns in added().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "council_substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_council_substitute_account_id_account")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_substitute_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_substitute_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_substitute")),
    )
    op.create_index(op.f("ix_council_substitute_account_id"), "council_substitute", ["account_id"], unique=False)
    op.create_index(
        "ix_council_substitute_active",
        "council_substitute",
        ["session_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "council_proxy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=120), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["council_member.id"], name=op.f("fk_council_proxy_giver_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["council_member.id"], name=op.f("fk_council_proxy_holder_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_proxy_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_proxy")),
    )
    op.create_index(
        op.f("ix_council_proxy_session_id_giver_id"), "council_proxy", ["session_id", "giver_id"], unique=True
    )
    op.create_table(
        "council_open_ranking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_open_ranking_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["council_poll.id"], name=op.f("fk_council_open_ranking_poll_id_council_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_open_ranking")),
    )
    op.create_index(
        op.f("ix_council_open_ranking_poll_id_member_id"), "council_open_ranking", ["poll_id", "member_id"], unique=True
    )


def downgrade():
    op.drop_table("council_open_ranking")
    op.drop_table("council_proxy")
    op.drop_table("council_substitute")
    for name, columns in added().items():
        with op.batch_alter_table(name) as table:
            for column in reversed(columns):
                table.drop_column(column.name)
