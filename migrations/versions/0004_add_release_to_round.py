"""Add to a round when its results were released, and who may see what of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_release_to_round"
down_revision = "0003_create_assignment_rules"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("round", sa.Column("released_at", sa.DateTime(), nullable=True))
    op.add_column("round", sa.Column("audience", sa.JSON(), nullable=True))


def downgrade():
    with op.batch_alter_table("round") as table:
        table.drop_column("audience")
        table.drop_column("released_at")
