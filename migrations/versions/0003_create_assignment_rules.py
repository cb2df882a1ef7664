"""Create the rules of assigning, wishes of reviewers and settled pairs; note who is near to a dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0003_create_assignment_rules"
down_revision = "0002_create_search"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "assignment_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("voting", sa.JSON(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("needs_expert", sa.Boolean(), nullable=False),
        sa.Column("is_cross_unit", sa.Boolean(), nullable=False),
        sa.Column("wishes_open_at", sa.DateTime(), nullable=True),
        sa.Column("wishes_close_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(wishes_open_at IS NULL) = (wishes_close_at IS NULL)", name=op.f("ck_assignment_rules_wishes_have_an_end")
        ),
        sa.CheckConstraint(
            "wishes_open_at IS NULL OR wishes_open_at < wishes_close_at",
            name=op.f("ck_assignment_rules_wishes_in_order"),
        ),
        sa.ForeignKeyConstraint(["head_id"], ["account.id"], name=op.f("fk_assignment_rules_head_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_rules_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_rules")),
        sa.UniqueConstraint("round_id", name=op.f("uq_assignment_rules_round_id")),
    )
    op.create_table(
        "reviewer_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum("gladly", "can", "rather-not", native_enum=False, create_constraint=True, name="wish", length=40),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reviewer_wish_account_id_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_reviewer_wish_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reviewer_wish_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_wish")),
    )
    op.create_index(
        op.f("ix_reviewer_wish_account_id_initiative_id"),
        "reviewer_wish",
        ["account_id", "initiative_id"],
        unique=True,
    )
    op.create_index(op.f("ix_reviewer_wish_initiative_id"), "reviewer_wish", ["initiative_id"], unique=False)
    op.create_index(
        op.f("ix_reviewer_wish_round_id_account_id"), "reviewer_wish", ["round_id", "account_id"], unique=False
    )
    op.create_table(
        "assignment_fixture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "tie",
            sa.Enum("must", "never", "apart", native_enum=False, create_constraint=True, name="tie", length=40),
            nullable=False,
        ),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(tie = 'apart') = (other_id IS NOT NULL)", name=op.f("ck_assignment_fixture_two_people")
        ),
        sa.CheckConstraint(
            "(tie = 'apart') = (initiative_id IS NULL)", name=op.f("ck_assignment_fixture_one_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_assignment_fixture_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_assignment_fixture_made_by_id_account")),
        sa.ForeignKeyConstraint(["other_id"], ["account.id"], name=op.f("fk_assignment_fixture_other_id_account")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["account.id"], name=op.f("fk_assignment_fixture_reviewer_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_fixture_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_fixture")),
        sa.UniqueConstraint("code", name=op.f("uq_assignment_fixture_code")),
    )
    op.create_index(
        op.f("ix_assignment_fixture_initiative_id"), "assignment_fixture", ["initiative_id"], unique=False
    )
    op.create_index(
        op.f("ix_assignment_fixture_reviewer_id_initiative_id"),
        "assignment_fixture",
        ["reviewer_id", "initiative_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_assignment_fixture_round_id_reviewer_id_other_id"),
        "assignment_fixture",
        ["round_id", "reviewer_id", "other_id"],
        unique=True,
    )
    op.add_column("initiative", sa.Column("nominated_by", sa.String(length=1000), server_default="", nullable=False))
    op.add_column("initiative", sa.Column("advised_by", sa.String(length=1000), server_default="", nullable=False))
    op.add_column("initiative", sa.Column("is_state_funded", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("proposal", sa.Column("needs_expert", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("proposal", sa.Column("is_cross_unit", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    op.drop_column("proposal", "is_cross_unit")
    op.drop_column("proposal", "needs_expert")
    op.drop_column("initiative", "is_state_funded")
    op.drop_column("initiative", "advised_by")
    op.drop_column("initiative", "nominated_by")
    op.drop_index(op.f("ix_assignment_fixture_round_id_reviewer_id_other_id"), "assignment_fixture")
    op.drop_index(op.f("ix_assignment_fixture_reviewer_id_initiative_id"), "assignment_fixture")
    op.drop_index(op.f("ix_assignment_fixture_initiative_id"), "assignment_fixture")
    op.drop_table("assignment_fixture")
    op.drop_index(op.f("ix_reviewer_wish_round_id_account_id"), "reviewer_wish")
    op.drop_index(op.f("ix_reviewer_wish_initiative_id"), "reviewer_wish")
    op.drop_index(op.f("ix_reviewer_wish_account_id_initiative_id"), "reviewer_wish")
    op.drop_table("reviewer_wish")
    op.drop_table("assignment_rules")
