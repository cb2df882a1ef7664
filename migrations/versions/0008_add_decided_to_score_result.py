"""Keep with a result what the ranking of the whole round decided about it: a cap, places compared."""

import sqlalchemy as sa
from alembic import op

revision = "0008_add_decided_to_score_result"
down_revision = "0007_create_papers"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("score_result") as batch:
        batch.add_column(sa.Column("decided", sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table("score_result") as batch:
        batch.drop_column("decided")
