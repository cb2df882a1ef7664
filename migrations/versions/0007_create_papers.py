"""Create the register of papers, offices' own forms, certificates, batches, and releases of results."""

import sqlalchemy as sa
from alembic import op

revision = "0007_create_papers"
down_revision = "0006_create_sealed_ballots"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "registered_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roll",
                "count",
                "minutes",
                "submission",
                "decision",
                "notice",
                "certificate",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("signed_for", sa.String(length=200), nullable=False),
        sa.Column("signer_office", sa.String(length=200), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_stored_as", sa.String(length=80), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("scan_size", sa.Integer(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_registered_paper_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_paper")),
    )
    op.create_index(
        op.f("ix_registered_paper_council_id_kind_about"),
        "registered_paper",
        ["council_id", "kind", "about"],
        unique=True,
    )
    op.create_table(
        "office_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roll",
                "count",
                "minutes",
                "submission",
                "decision",
                "notice",
                "certificate",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_office_form_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_form")),
    )
    op.create_index(op.f("ix_office_form_unit_id_kind_id"), "office_form", ["unit_id", "kind", "id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("check_code", sa.String(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_certificate_council_id_council")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_certificate_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("check_code", name=op.f("uq_certificate_check_code")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_certificate_initiative_id")),
    )
    op.create_index(op.f("ix_certificate_council_id"), "certificate", ["council_id"], unique=False)
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "roll",
                "count",
                "minutes",
                "submission",
                "decision",
                "notice",
                "certificate",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "format",
            sa.Enum("pdf", "zip", name="batchformat", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_paper_batch_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
    )
    op.create_index(
        op.f("ix_paper_batch_council_id_kind_format"), "paper_batch", ["council_id", "kind", "format"], unique=True
    )
    op.create_table(
        "result_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lock_number", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_result_release_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_release")),
    )
    op.create_index(
        op.f("ix_result_release_council_id_number"), "result_release", ["council_id", "number"], unique=True
    )
    op.create_table(
        "result_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("is_selected", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_result_letter_account_id_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_result_letter_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["result_release.id"], name=op.f("fk_result_letter_release_id_result_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_letter")),
    )
    op.create_index(op.f("ix_result_letter_initiative_id"), "result_letter", ["initiative_id"], unique=False)
    op.create_index(op.f("ix_result_letter_release_id_id"), "result_letter", ["release_id", "id"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_result_letter_initiative_id"), table_name="result_letter")
    op.drop_index(op.f("ix_result_letter_release_id_id"), table_name="result_letter")
    op.drop_table("result_letter")
    op.drop_index(op.f("ix_result_release_council_id_number"), table_name="result_release")
    op.drop_table("result_release")
    op.drop_index(op.f("ix_paper_batch_council_id_kind_format"), table_name="paper_batch")
    op.drop_table("paper_batch")
    op.drop_index(op.f("ix_certificate_council_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_index(op.f("ix_office_form_unit_id_kind_id"), table_name="office_form")
    op.drop_table("office_form")
    op.drop_index(op.f("ix_registered_paper_council_id_kind_about"), table_name="registered_paper")
    op.drop_table("registered_paper")
