"""Create every table."""

import sqlalchemy as sa
from alembic import op

revision = "0001_create_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("about_kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("search", sa.String(length=400), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(
        op.f("ix_audit_entry_about_kind_about_id_id"), "audit_entry", ["about_kind", "about_id", "id"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_actor_id_id"), "audit_entry", ["actor_id", "id"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index(op.f("ix_audit_entry_event_id"), "audit_entry", ["event", "id"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("name", name=op.f("uq_job_run_name")),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("locked_until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    op.create_index(op.f("ix_login_failure_email_address"), "login_failure", ["email", "address"], unique=True)
    op.create_index(op.f("ix_login_failure_last_at"), "login_failure", ["last_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("about_kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("code", name=op.f("uq_notice_code")),
    )
    op.create_index(op.f("ix_notice_about_kind_about_id_id"), "notice", ["about_kind", "about_id", "id"], unique=False)
    op.create_index(op.f("ix_notice_account_id_id"), "notice", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_notice_next_try_at"), "notice", ["next_try_at"], unique=False)
    op.create_table(
        "saved_rubric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_rubric")),
        sa.UniqueConstraint("code", name=op.f("uq_saved_rubric_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("state_code", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("search", sa.String(length=800), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=600).with_variant(sa.String(length=600, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_unit_level")),
        sa.CheckConstraint("successor_id IS NULL OR valid_to IS NOT NULL", name=op.f("ck_unit_successor")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from < valid_to", name=op.f("ck_unit_dates")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name=op.f("fk_unit_successor_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_index(op.f("ix_unit_parent_id_sort_key_id"), "unit", ["parent_id", "sort_key", "id"], unique=False)
    op.create_index(op.f("ix_unit_successor_id"), "unit", ["successor_id"], unique=False)
    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="workstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_by_label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("code", name=op.f("uq_work_code")),
    )
    op.create_index(op.f("ix_work_kind_about"), "work", ["kind", "about"], unique=False)
    op.create_index(op.f("ix_work_state_lease_until"), "work", ["state", "lease_until"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("session_key", sa.String(length=50), nullable=False),
        sa.Column("search", sa.String(length=600), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=600).with_variant(sa.String(length=600, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("session_key", name=op.f("uq_account_session_key")),
    )
    op.create_index(op.f("ix_account_sort_key_id"), "account", ["sort_key", "id"], unique=False)
    op.create_index(op.f("ix_account_unit_id"), "account", ["unit_id"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("council_name", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "open", "closed", name="roundstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("submission_opens_at", sa.DateTime(), nullable=False),
        sa.Column("submission_closes_at", sa.DateTime(), nullable=False),
        sa.Column("checking_closes_at", sa.DateTime(), nullable=False),
        sa.Column("review_closes_at", sa.DateTime(), nullable=False),
        sa.Column("council_at", sa.DateTime(), nullable=False),
        sa.Column("publication_at", sa.DateTime(), nullable=False),
        sa.Column("reviews_per_initiative", sa.Integer(), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("vote_rule", sa.JSON(), nullable=False),
        sa.Column("dossier_form", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("legal_grounds", sa.JSON(), nullable=False),
        sa.Column("unit_name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("last_receipt", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reviews_per_initiative > 0", name=op.f("ck_round_some_reviews")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_round_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("code", name=op.f("uq_round_code")),
    )
    op.create_table(
        "unit_former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_former_name_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_former_name")),
    )
    op.create_index(op.f("ix_unit_former_name_unit_id_until"), "unit_former_name", ["unit_id", "until"], unique=True)
    op.create_table(
        "compendium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subtitle", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("parent_name", sa.String(length=300), nullable=False),
        sa.Column("council_name", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("preface", sa.Text(), nullable=False),
        sa.Column("preface_name", sa.String(length=200), nullable=False),
        sa.Column("preface_office", sa.String(length=200), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("publication", sa.JSON(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_compendium_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compendium")),
        sa.UniqueConstraint("round_id", name=op.f("uq_compendium_round_id")),
    )
    op.create_index(op.f("ix_compendium_published_at"), "compendium", ["published_at"], unique=False)
    op.create_table(
        "conflict_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_statement_account_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_conflict_statement_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_statement")),
    )
    op.create_index(
        op.f("ix_conflict_statement_account_id_round_id"), "conflict_statement", ["account_id", "round_id"], unique=True
    )
    op.create_table(
        "council",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("decision_date", sa.Date(), nullable=False),
        sa.Column("founded_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_council_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
        sa.UniqueConstraint("round_id", name=op.f("uq_council_round_id")),
    )
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "supplement",
                "accepted",
                "refused",
                "withdrawn",
                "in-review",
                "reviewed",
                "selected",
                "not-selected",
                "published",
                name="initiativestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "initiative",
                "solution",
                "model",
                "idea",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column(
            "title_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "unit_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "field_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "author_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum("page", "spreadsheet", name="source", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.Column("receipt_number", sa.Integer(), nullable=True),
        sa.Column("blind_code", sa.String(length=16), nullable=True),
        sa.Column("blind_title", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("is_indexed", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("money_benefit", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=500), nullable=False),
        sa.Column("applier", sa.String(length=500), nullable=False),
        sa.Column("investor", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("novelty", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("benefit_author", sa.Text(), nullable=False),
        sa.Column("benefit_applier", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Text(), nullable=False),
        sa.Column("blind_copy", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "money_benefit IS NULL OR money_benefit >= 0", name=op.f("ck_initiative_money_not_negative")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_initiative_owner_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_initiative_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_initiative_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("blind_code", name=op.f("uq_initiative_blind_code")),
        sa.UniqueConstraint("code", name=op.f("uq_initiative_code")),
        sa.UniqueConstraint("once", name=op.f("uq_initiative_once")),
    )
    op.create_index("ix_initiative_by_author", "initiative", ["round_id", "author_key", "id"], unique=False)
    op.create_index("ix_initiative_by_code", "initiative", ["round_id", "code", "id"], unique=False)
    op.create_index("ix_initiative_by_field", "initiative", ["round_id", "field_key", "id"], unique=False)
    op.create_index("ix_initiative_by_submitted", "initiative", ["round_id", "submitted_at", "id"], unique=False)
    op.create_index("ix_initiative_by_title", "initiative", ["round_id", "title_key", "id"], unique=False)
    op.create_index("ix_initiative_by_unit", "initiative", ["round_id", "unit_key", "id"], unique=False)
    op.create_index(
        "ix_initiative_owner",
        "initiative",
        ["owner_id", "id"],
        unique=False,
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_initiative_round_id_receipt_number"), "initiative", ["round_id", "receipt_number"], unique=True
    )
    op.create_index(
        "ix_initiative_state_by_author", "initiative", ["round_id", "state", "author_key", "id"], unique=False
    )
    op.create_index("ix_initiative_state_by_code", "initiative", ["round_id", "state", "code", "id"], unique=False)
    op.create_index(
        "ix_initiative_state_by_field", "initiative", ["round_id", "state", "field_key", "id"], unique=False
    )
    op.create_index(
        "ix_initiative_state_by_submitted", "initiative", ["round_id", "state", "submitted_at", "id"], unique=False
    )
    op.create_index(
        "ix_initiative_state_by_title", "initiative", ["round_id", "state", "title_key", "id"], unique=False
    )
    op.create_index("ix_initiative_state_by_unit", "initiative", ["round_id", "state", "unit_key", "id"], unique=False)
    op.create_index("ix_initiative_unit", "initiative", ["unit_id", "id"], unique=False)
    op.create_table(
        "intake_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_intake_sheet_round_id_round")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_intake_sheet_uploaded_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_sheet")),
        sa.UniqueConstraint("code", name=op.f("uq_intake_sheet_code")),
    )
    op.create_index(op.f("ix_intake_sheet_round_id_id"), "intake_sheet", ["round_id", "id"], unique=False)
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_password_reset_secret_hash")),
    )
    op.create_index(op.f("ix_password_reset_account_id"), "password_reset", ["account_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "announced",
                "discarded",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum("whole", "refill", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("is_fair", sa.Boolean(), nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.Column("gap", sa.String(length=60), nullable=False),
        sa.Column("dossiers", sa.Integer(), nullable=False),
        sa.Column("reviewers", sa.Integer(), nullable=False),
        sa.Column("rules_of_conflict", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_proposal_created_by_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_proposal_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("code", name=op.f("uq_proposal_code")),
    )
    op.create_index(op.f("ix_proposal_round_id_id"), "proposal", ["round_id", "id"], unique=False)
    op.create_index(
        "uq_proposal_draft",
        "proposal",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "result_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.Column("locked_by", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(), nullable=True),
        sa.Column("unlocked_by", sa.String(length=200), nullable=False),
        sa.Column("unlock_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_result_lock_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_lock")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_result_lock_round_id_number")),
    )
    op.create_table(
        "reviewer_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.String(length=1000), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("relatives", sa.JSON(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("most IS NULL OR most >= 0", name=op.f("ck_reviewer_profile_most")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reviewer_profile_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_profile")),
        sa.UniqueConstraint("account_id", name=op.f("uq_reviewer_profile_account_id")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "author",
                "reviewer",
                "member",
                "chair",
                "secretary",
                "editor",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id_role"), "role_grant", ["account_id", "role"], unique=True)
    op.create_index(op.f("ix_role_grant_role_account_id"), "role_grant", ["role", "account_id"], unique=False)
    op.create_table(
        "rubric_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rubric_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rubric_id"], ["saved_rubric.id"], name=op.f("fk_rubric_version_rubric_id_saved_rubric")
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_rubric_version_saved_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_version")),
        sa.UniqueConstraint("rubric_id", "number", name=op.f("uq_rubric_version_rubric_id_number")),
    )
    op.create_table(
        "scoring",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_scoring_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring")),
        sa.UniqueConstraint("round_id", name=op.f("uq_scoring_round_id")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("affinity", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column(
            "end_cause",
            sa.Enum(
                "conflict",
                "replaced",
                "withdrawn",
                "recalled",
                name="endcause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_assignment_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_assignment_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_assignment_reviewer_id_account")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_assignment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_proposal_id"), "assignment", ["proposal_id"], unique=False)
    op.create_index(
        op.f("ix_assignment_reviewer_id_round_id_id"), "assignment", ["reviewer_id", "round_id", "id"], unique=False
    )
    op.create_index(op.f("ix_assignment_round_id_id"), "assignment", ["round_id", "id"], unique=False)
    op.create_index(
        "uq_assignment_active",
        "assignment",
        ["initiative_id", "reviewer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("blind_stored_as", sa.String(length=80), nullable=False),
        sa.Column("blind_size", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_attachment_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("code", name=op.f("uq_attachment_code")),
    )
    op.create_index(
        op.f("ix_attachment_initiative_id_position"), "attachment", ["initiative_id", "position"], unique=True
    )
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("workplace", sa.String(length=300), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 10000", name=op.f("ck_author_share")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_author_account_id_account")),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_author_initiative_id_initiative")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_author_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
    )
    op.create_index(
        "ix_author_account",
        "author",
        ["account_id", "initiative_id"],
        unique=False,
        sqlite_where=sa.text("account_id IS NOT NULL"),
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_author_initiative_id_position"), "author", ["initiative_id", "position"], unique=True)
    op.create_index(op.f("ix_author_unit_id"), "author", ["unit_id"], unique=False)
    op.create_table(
        "built_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compendium_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("built_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compendium_id"], ["compendium.id"], name=op.f("fk_built_file_compendium_id_compendium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_built_file")),
    )
    op.create_index(op.f("ix_built_file_compendium_id_format"), "built_file", ["compendium_id", "format"], unique=True)
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "author",
                "nominator",
                "adviser",
                "household",
                "declared",
                "same-unit",
                "merged-unit",
                "superior-unit",
                "head-of-body",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_account_id_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_conflict_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index(
        op.f("ix_conflict_account_id_initiative_id"), "conflict", ["account_id", "initiative_id"], unique=True
    )
    op.create_index(op.f("ix_conflict_initiative_id"), "conflict", ["initiative_id"], unique=False)
    op.create_table(
        "council_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "chair",
                "vice",
                "secretary",
                "critic",
                "member",
                name="councilrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_council_member_account_id_account")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_member_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_member")),
    )
    op.create_index(op.f("ix_council_member_account_id"), "council_member", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_council_member_council_id_account_id"), "council_member", ["council_id", "account_id"], unique=True
    )
    op.create_table(
        "council_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "paused", "closed", name="sessionstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("tellers", sa.JSON(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_session_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_session")),
    )
    op.create_index(
        op.f("ix_council_session_council_id_number"), "council_session", ["council_id", "number"], unique=True
    )
    op.create_table(
        "editorial_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compendium_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("novelty", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("money_benefit", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "money_benefit IS NULL OR money_benefit >= 0", name=op.f("ck_editorial_text_money_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["compendium_id"], ["compendium.id"], name=op.f("fk_editorial_text_compendium_id_compendium")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_editorial_text_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorial_text")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_editorial_text_initiative_id")),
    )
    op.create_index(
        op.f("ix_editorial_text_compendium_id_number"), "editorial_text", ["compendium_id", "number"], unique=True
    )
    op.create_table(
        "locked_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=60), nullable=False),
        sa.Column("class_key", sa.String(length=40), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_locked_outcome_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["lock_id"], ["result_lock.id"], name=op.f("fk_locked_outcome_lock_id_result_lock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locked_outcome")),
        sa.UniqueConstraint("lock_id", "initiative_id", name=op.f("uq_locked_outcome_lock_id_initiative_id")),
    )
    op.create_table(
        "proposal_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_proposal_change_made_by_id_account")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_change_proposal_id_proposal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_change")),
    )
    op.create_index(op.f("ix_proposal_change_proposal_id"), "proposal_change", ["proposal_id"], unique=False)
    op.create_table(
        "proposal_dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Integer(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_proposal_dossier_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_dossier_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_dossier")),
    )
    op.create_index(op.f("ix_proposal_dossier_initiative_id"), "proposal_dossier", ["initiative_id"], unique=False)
    op.create_index(
        op.f("ix_proposal_dossier_proposal_id_initiative_id"),
        "proposal_dossier",
        ["proposal_id", "initiative_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_proposal_dossier_proposal_id_mean_initiative_id"),
        "proposal_dossier",
        ["proposal_id", "mean", "initiative_id"],
        unique=False,
    )
    op.create_table(
        "proposal_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("affinity", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_proposal_pair_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_pair_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_proposal_pair_reviewer_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_pair")),
    )
    op.create_index(op.f("ix_proposal_pair_initiative_id"), "proposal_pair", ["initiative_id"], unique=False)
    op.create_index(
        op.f("ix_proposal_pair_proposal_id_initiative_id_reviewer_id"),
        "proposal_pair",
        ["proposal_id", "initiative_id", "reviewer_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_proposal_pair_proposal_id_reviewer_id_initiative_id"),
        "proposal_pair",
        ["proposal_id", "reviewer_id", "initiative_id"],
        unique=False,
    )
    op.create_table(
        "published_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compendium_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compendium_id"], ["compendium.id"], name=op.f("fk_published_book_compendium_id_compendium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_book")),
        sa.UniqueConstraint("compendium_id", name=op.f("uq_published_book_compendium_id")),
    )
    op.create_table(
        "published_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compendium_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compendium_id"], ["compendium.id"], name=op.f("fk_published_entry_compendium_id_compendium")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_entry")),
    )
    op.create_index(
        op.f("ix_published_entry_compendium_id_code"), "published_entry", ["compendium_id", "code"], unique=False
    )
    op.create_index(
        op.f("ix_published_entry_compendium_id_number"), "published_entry", ["compendium_id", "number"], unique=True
    )
    op.create_index(op.f("ix_published_entry_field"), "published_entry", ["field"], unique=False)
    op.create_index(op.f("ix_published_entry_unit_name"), "published_entry", ["unit_name"], unique=False)
    op.create_index(op.f("ix_published_entry_year"), "published_entry", ["year"], unique=False)
    op.create_table(
        "remarking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score_before", sa.String(length=60), nullable=False),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("score_after", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_remarking_asked_by_id_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_remarking_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarking")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_remarking_initiative_id")),
    )
    op.create_table(
        "score_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "waiting",
                "passed",
                "failed",
                "unscored",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("outstanding", sa.Integer(), nullable=False),
        sa.Column("score", sa.String(length=60), nullable=False),
        sa.Column("score_order", sa.BigInteger(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_tied", sa.Boolean(), nullable=False),
        sa.Column("rank_order", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_score_result_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_result_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_result")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_score_result_initiative_id")),
    )
    op.create_index("ix_score_result_by_initiative", "score_result", ["round_id", "initiative_id"], unique=False)
    op.create_index(
        "ix_score_result_by_outstanding", "score_result", ["round_id", "outstanding", "initiative_id"], unique=False
    )
    op.create_index(
        "ix_score_result_by_rank", "score_result", ["round_id", "rank_order", "initiative_id"], unique=False
    )
    op.create_index(
        "ix_score_result_by_score", "score_result", ["round_id", "score_order", "initiative_id"], unique=False
    )
    op.create_index("ix_score_result_by_spread", "score_result", ["round_id", "spread", "initiative_id"], unique=False)
    op.create_index("ix_score_result_by_standing", "score_result", ["round_id", "standing", "is_flagged"], unique=False)
    op.create_table(
        "scoring_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_scoring_fact_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_fact")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_scoring_fact_initiative_id")),
    )
    op.create_table(
        "supplement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_supplement_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    op.create_index(op.f("ix_supplement_initiative_id"), "supplement", ["initiative_id"], unique=False)
    op.create_table(
        "council_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "whereabouts",
            sa.Enum(
                "absent", "present", "left", name="whereabouts", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_attendance_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_attendance_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_attendance")),
    )
    op.create_index(
        op.f("ix_council_attendance_session_id_member_id"),
        "council_attendance",
        ["session_id", "member_id"],
        unique=True,
    )
    op.create_table(
        "council_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "at-vote",
                "counted",
                "decided",
                "postponed",
                "withdrawn",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("score", sa.String(length=60), nullable=False),
        sa.Column("score_passed", sa.Boolean(), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_council_item_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_item_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_item")),
    )
    op.create_index(op.f("ix_council_item_initiative_id"), "council_item", ["initiative_id"], unique=False)
    op.create_index(
        op.f("ix_council_item_session_id_initiative_id"), "council_item", ["session_id", "initiative_id"], unique=True
    )
    op.create_index(op.f("ix_council_item_session_id_number"), "council_item", ["session_id", "number"], unique=True)
    op.create_table(
        "council_ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_ledger_entry_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_ledger_entry")),
    )
    op.create_index(
        op.f("ix_council_ledger_entry_session_id_number"), "council_ledger_entry", ["session_id", "number"], unique=True
    )
    op.create_table(
        "council_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "whereabouts",
            sa.Enum(
                "absent", "present", "left", name="whereabouts", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_movement_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_movement_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_movement")),
    )
    op.create_index(op.f("ix_council_movement_session_id"), "council_movement", ["session_id"], unique=False)
    op.create_table(
        "council_poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("open", "paper", name="mode", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open", "counted", "annulled", name="pollstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("roll", sa.JSON(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("put_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("members > 0", name=op.f("ck_council_poll_members")),
        sa.ForeignKeyConstraint(
            ["former_id"], ["council_poll.id"], name=op.f("fk_council_poll_former_id_council_poll")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["council_session.id"], name=op.f("fk_council_poll_session_id_council_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_poll")),
    )
    op.create_index(op.f("ix_council_poll_session_id_number"), "council_poll", ["session_id", "number"], unique=True)
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("asked_time_at", sa.DateTime(), nullable=True),
        sa.Column("asked_time_for", sa.String(length=500), nullable=False),
        sa.Column("open_until", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_score_sheet_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_score_sheet_assignment_id")),
    )
    op.create_table(
        "council_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("reserved", "written", name="opinionkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["council_item.id"], name=op.f("fk_council_opinion_item_id_council_item")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_opinion_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_opinion")),
    )
    op.create_index(
        op.f("ix_council_opinion_item_id_member_id_kind"),
        "council_opinion",
        ["item_id", "member_id", "kind"],
        unique=True,
    )
    op.create_table(
        "council_paper_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_council_paper_count_entered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["council_poll.id"], name=op.f("fk_council_paper_count_poll_id_council_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_paper_count")),
    )
    op.create_index(
        op.f("ix_council_paper_count_poll_id_entered_by_id"),
        "council_paper_count",
        ["poll_id", "entered_by_id"],
        unique=True,
    )
    op.create_table(
        "council_poll_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("recused", sa.Integer(), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("abstain", sa.Integer(), nullable=False),
        sa.Column(
            "casting",
            sa.Enum("yes", "no", "abstain", name="vote", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "passed", "failed", "no-decision", name="verdict", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("is_tied", sa.Boolean(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["council_item.id"], name=op.f("fk_council_poll_item_item_id_council_item")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["council_poll.id"], name=op.f("fk_council_poll_item_poll_id_council_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_poll_item")),
    )
    op.create_index(op.f("ix_council_poll_item_item_id"), "council_poll_item", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_council_poll_item_poll_id_item_id"), "council_poll_item", ["poll_id", "item_id"], unique=True
    )
    op.create_table(
        "council_recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["council_item.id"], name=op.f("fk_council_recusal_item_id_council_item")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_recusal_member_id_council_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_recusal")),
    )
    op.create_index(
        op.f("ix_council_recusal_item_id_member_id"), "council_recusal", ["item_id", "member_id"], unique=True
    )
    op.create_table(
        "council_open_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "vote",
            sa.Enum("yes", "no", "abstain", name="vote", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_council_open_vote_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["poll_item_id"], ["council_poll_item.id"], name=op.f("fk_council_open_vote_poll_item_id_council_poll_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_open_vote")),
    )
    op.create_index(
        op.f("ix_council_open_vote_poll_item_id_member_id"),
        "council_open_vote",
        ["poll_item_id", "member_id"],
        unique=True,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("poll_item_id", sa.Integer(), nullable=True),
        sa.Column("is_selected", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_decision_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["poll_item_id"], ["council_poll_item.id"], name=op.f("fk_decision_poll_item_id_council_poll_item")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_decision_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_decision_initiative_id")),
    )
    op.create_index(
        op.f("ix_decision_round_id_is_selected_rank_id"),
        "decision",
        ["round_id", "is_selected", "rank", "id"],
        unique=False,
    )


def downgrade():
    op.drop_index(op.f("ix_decision_round_id_is_selected_rank_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_council_open_vote_poll_item_id_member_id"), table_name="council_open_vote")
    op.drop_table("council_open_vote")
    op.drop_index(op.f("ix_council_recusal_item_id_member_id"), table_name="council_recusal")
    op.drop_table("council_recusal")
    op.drop_index(op.f("ix_council_poll_item_poll_id_item_id"), table_name="council_poll_item")
    op.drop_index(op.f("ix_council_poll_item_item_id"), table_name="council_poll_item")
    op.drop_table("council_poll_item")
    op.drop_index(op.f("ix_council_paper_count_poll_id_entered_by_id"), table_name="council_paper_count")
    op.drop_table("council_paper_count")
    op.drop_index(op.f("ix_council_opinion_item_id_member_id_kind"), table_name="council_opinion")
    op.drop_table("council_opinion")
    op.drop_table("score_sheet")
    op.drop_index(op.f("ix_council_poll_session_id_number"), table_name="council_poll")
    op.drop_table("council_poll")
    op.drop_index(op.f("ix_council_movement_session_id"), table_name="council_movement")
    op.drop_table("council_movement")
    op.drop_index(op.f("ix_council_ledger_entry_session_id_number"), table_name="council_ledger_entry")
    op.drop_table("council_ledger_entry")
    op.drop_index(op.f("ix_council_item_session_id_number"), table_name="council_item")
    op.drop_index(op.f("ix_council_item_session_id_initiative_id"), table_name="council_item")
    op.drop_index(op.f("ix_council_item_initiative_id"), table_name="council_item")
    op.drop_table("council_item")
    op.drop_index(op.f("ix_council_attendance_session_id_member_id"), table_name="council_attendance")
    op.drop_table("council_attendance")
    op.drop_index(op.f("ix_supplement_initiative_id"), table_name="supplement")
    op.drop_table("supplement")
    op.drop_table("scoring_fact")
    op.drop_index("ix_score_result_by_standing", table_name="score_result")
    op.drop_index("ix_score_result_by_spread", table_name="score_result")
    op.drop_index("ix_score_result_by_score", table_name="score_result")
    op.drop_index("ix_score_result_by_rank", table_name="score_result")
    op.drop_index("ix_score_result_by_outstanding", table_name="score_result")
    op.drop_index("ix_score_result_by_initiative", table_name="score_result")
    op.drop_table("score_result")
    op.drop_table("remarking")
    op.drop_index(op.f("ix_published_entry_year"), table_name="published_entry")
    op.drop_index(op.f("ix_published_entry_unit_name"), table_name="published_entry")
    op.drop_index(op.f("ix_published_entry_field"), table_name="published_entry")
    op.drop_index(op.f("ix_published_entry_compendium_id_number"), table_name="published_entry")
    op.drop_index(op.f("ix_published_entry_compendium_id_code"), table_name="published_entry")
    op.drop_table("published_entry")
    op.drop_table("published_book")
    op.drop_index(op.f("ix_proposal_pair_proposal_id_reviewer_id_initiative_id"), table_name="proposal_pair")
    op.drop_index(op.f("ix_proposal_pair_proposal_id_initiative_id_reviewer_id"), table_name="proposal_pair")
    op.drop_index(op.f("ix_proposal_pair_initiative_id"), table_name="proposal_pair")
    op.drop_table("proposal_pair")
    op.drop_index(op.f("ix_proposal_dossier_proposal_id_mean_initiative_id"), table_name="proposal_dossier")
    op.drop_index(op.f("ix_proposal_dossier_proposal_id_initiative_id"), table_name="proposal_dossier")
    op.drop_index(op.f("ix_proposal_dossier_initiative_id"), table_name="proposal_dossier")
    op.drop_table("proposal_dossier")
    op.drop_index(op.f("ix_proposal_change_proposal_id"), table_name="proposal_change")
    op.drop_table("proposal_change")
    op.drop_table("locked_outcome")
    op.drop_index(op.f("ix_editorial_text_compendium_id_number"), table_name="editorial_text")
    op.drop_table("editorial_text")
    op.drop_index(op.f("ix_council_session_council_id_number"), table_name="council_session")
    op.drop_table("council_session")
    op.drop_index(op.f("ix_council_member_council_id_account_id"), table_name="council_member")
    op.drop_index(op.f("ix_council_member_account_id"), table_name="council_member")
    op.drop_table("council_member")
    op.drop_index(op.f("ix_conflict_initiative_id"), table_name="conflict")
    op.drop_index(op.f("ix_conflict_account_id_initiative_id"), table_name="conflict")
    op.drop_table("conflict")
    op.drop_index(op.f("ix_built_file_compendium_id_format"), table_name="built_file")
    op.drop_table("built_file")
    op.drop_index(op.f("ix_author_unit_id"), table_name="author")
    op.drop_index(op.f("ix_author_initiative_id_position"), table_name="author")
    op.drop_index(
        "ix_author_account",
        table_name="author",
        sqlite_where=sa.text("account_id IS NOT NULL"),
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )
    op.drop_table("author")
    op.drop_index(op.f("ix_attachment_initiative_id_position"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(
        "uq_assignment_active",
        table_name="assignment",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_assignment_round_id_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_reviewer_id_round_id_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_proposal_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("scoring")
    op.drop_table("rubric_version")
    op.drop_index(op.f("ix_role_grant_role_account_id"), table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_account_id_role"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_table("reviewer_profile")
    op.drop_table("result_lock")
    op.drop_index(
        "uq_proposal_draft",
        table_name="proposal",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_index(op.f("ix_proposal_round_id_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_password_reset_account_id"), table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_index(op.f("ix_intake_sheet_round_id_id"), table_name="intake_sheet")
    op.drop_table("intake_sheet")
    op.drop_index("ix_initiative_unit", table_name="initiative")
    op.drop_index("ix_initiative_state_by_unit", table_name="initiative")
    op.drop_index("ix_initiative_state_by_title", table_name="initiative")
    op.drop_index("ix_initiative_state_by_submitted", table_name="initiative")
    op.drop_index("ix_initiative_state_by_field", table_name="initiative")
    op.drop_index("ix_initiative_state_by_code", table_name="initiative")
    op.drop_index("ix_initiative_state_by_author", table_name="initiative")
    op.drop_index(op.f("ix_initiative_round_id_receipt_number"), table_name="initiative")
    op.drop_index(
        "ix_initiative_owner",
        table_name="initiative",
        sqlite_where=sa.text("owner_id IS NOT NULL"),
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.drop_index("ix_initiative_by_unit", table_name="initiative")
    op.drop_index("ix_initiative_by_title", table_name="initiative")
    op.drop_index("ix_initiative_by_submitted", table_name="initiative")
    op.drop_index("ix_initiative_by_field", table_name="initiative")
    op.drop_index("ix_initiative_by_code", table_name="initiative")
    op.drop_index("ix_initiative_by_author", table_name="initiative")
    op.drop_table("initiative")
    op.drop_table("council")
    op.drop_index(op.f("ix_conflict_statement_account_id_round_id"), table_name="conflict_statement")
    op.drop_table("conflict_statement")
    op.drop_index(op.f("ix_compendium_published_at"), table_name="compendium")
    op.drop_table("compendium")
    op.drop_index(op.f("ix_unit_former_name_unit_id_until"), table_name="unit_former_name")
    op.drop_table("unit_former_name")
    op.drop_table("round")
    op.drop_index(op.f("ix_account_unit_id"), table_name="account")
    op.drop_index(op.f("ix_account_sort_key_id"), table_name="account")
    op.drop_table("account")
    op.drop_index(op.f("ix_work_state_lease_until"), table_name="work")
    op.drop_index(op.f("ix_work_kind_about"), table_name="work")
    op.drop_table("work")
    op.drop_index(op.f("ix_unit_successor_id"), table_name="unit")
    op.drop_index(op.f("ix_unit_parent_id_sort_key_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("saved_rubric")
    op.drop_index(op.f("ix_notice_next_try_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_account_id_id"), table_name="notice")
    op.drop_index(op.f("ix_notice_about_kind_about_id_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_login_failure_last_at"), table_name="login_failure")
    op.drop_index(op.f("ix_login_failure_email_address"), table_name="login_failure")
    op.drop_table("login_failure")
    op.drop_table("job_run")
    op.drop_index(op.f("ix_audit_entry_event_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_about_kind_about_id_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
