"""Keep with a file what can be read in it, by place, so that the check shows each find where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0009_add_reading_to_attachment"
down_revision = "0008_add_decided_to_score_result"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("attachment") as batch:
        batch.add_column(sa.Column("reading", sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table("attachment") as batch:
        batch.drop_column("reading")
