"""Create the sealed ballot: its locks, roll, envelopes and opened lists; votes may be sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0006_create_sealed_ballots"
down_revision = "0005_add_council_seats"
branch_labels = None
depends_on = None


def modes(*names):
    return sa.Enum(*names, name="mode", native_enum=False, create_constraint=True, length=40)


def allow(*names):
    """Let a vote be taken in these ways; elsewhere than on SQLite the rule is put in place of the old one."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_council_poll_mode"), "council_poll", type_="check")
        listed = ", ".join(f"'{name}'" for name in names)
        op.create_check_constraint(op.f("ck_council_poll_mode"), "council_poll", f"mode IN ({listed})")
        return
    with op.batch_alter_table("council_poll", recreate="always") as table:
        table.drop_constraint(op.f("ck_council_poll_mode"), type_="check")
        table.alter_column("mode", type_=modes(*names), existing_nullable=False)
        # Read back from SQLite this default would come out in brackets; say it as it was said.
        table.alter_column("again", existing_type=sa.String(length=500), existing_nullable=False, server_default="")


def upgrade():
    allow("open", "paper", "sealed")
    op.create_table(
        "sealed_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "frozen",
                "open",
                "shut",
                "half-opened",
                "opened",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "publication",
            sa.Enum(
                "totals",
                "ballots",
                "tracked",
                name="publication",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("aside", sa.JSON(), nullable=False),
        sa.Column("pad", sa.Integer(), nullable=False),
        sa.Column("poll_hash", sa.String(length=64), nullable=False),
        sa.Column("withdrawn", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("shut_at", sa.DateTime(), nullable=True),
        sa.Column("purged_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["council_poll.id"], name=op.f("fk_sealed_poll_poll_id_council_poll")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_sealed_poll_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_poll")),
        sa.UniqueConstraint("key", name=op.f("uq_sealed_poll_key")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_sealed_poll_poll_id")),
    )
    op.create_index(op.f("ix_sealed_poll_session_id_number"), "sealed_poll", ["session_id", "number"], unique=True)
    layer = sa.Enum("A", "B", name="layer", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "sealed_lock",
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        sa.Column("layer", layer, nullable=False),
        sa.Column("holders", sa.JSON(), nullable=False),
        sa.Column("public_key", sa.String(length=130), nullable=False),
        sa.Column("signing_keys", sa.JSON(), nullable=False),
        sa.Column("destroyed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_poll.id"], name=op.f("fk_sealed_lock_sealed_id_sealed_poll")),
        sa.PrimaryKeyConstraint("sealed_id", "layer", name=op.f("pk_sealed_lock")),
    )
    op.create_table(
        "sealed_roll",
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column(
            "way",
            sa.Enum("sealed", "paper", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_sealed_roll_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_poll.id"], name=op.f("fk_sealed_roll_sealed_id_sealed_poll")),
        sa.PrimaryKeyConstraint("sealed_id", "member_id", name=op.f("pk_sealed_roll")),
    )
    op.create_table(
        "sealed_envelope",
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_sealed_envelope_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_id"], ["sealed_poll.id"], name=op.f("fk_sealed_envelope_sealed_id_sealed_poll")
        ),
        sa.PrimaryKeyConstraint("sealed_id", "member_id", "part", name=op.f("pk_sealed_envelope")),
    )
    op.create_index(op.f("ix_sealed_envelope_sealed_id_hash"), "sealed_envelope", ["sealed_id", "hash"], unique=True)
    op.create_table(
        "sealed_strip",
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        sa.Column("layer", layer, nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_sealed_strip_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_poll.id"], name=op.f("fk_sealed_strip_sealed_id_sealed_poll")),
        sa.PrimaryKeyConstraint("sealed_id", "layer", "member_id", name=op.f("pk_sealed_strip")),
    )
    op.create_table(
        "sealed_list",
        sa.Column("sealed_id", sa.Integer(), nullable=False),
        sa.Column("layer", layer, nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_poll.id"], name=op.f("fk_sealed_list_sealed_id_sealed_poll")),
        sa.PrimaryKeyConstraint("sealed_id", "layer", "part", name=op.f("pk_sealed_list")),
    )


def downgrade():
    for table in ("list", "strip", "envelope", "roll", "lock", "poll"):
        op.drop_table(f"sealed_{table}")
    lines = "SELECT id FROM council_poll_item WHERE poll_id IN (SELECT id FROM council_poll WHERE mode = 'sealed')"
    op.execute(f"UPDATE decision SET poll_item_id = NULL WHERE poll_item_id IN ({lines})")
    op.execute(f"DELETE FROM council_poll_item WHERE id IN ({lines})")
    op.execute("DELETE FROM council_poll WHERE mode = 'sealed'")
    allow("open", "paper")
