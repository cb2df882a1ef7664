"""Keep the totals of a proposal with it, so that its pages cost the same however large it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010_add_totals_to_proposal"
down_revision = "0009_add_reading_to_attachment"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("proposal", sa.Column("lacking", sa.Integer(), server_default="0", nullable=False))
    op.add_column("proposal", sa.Column("means", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("proposal", sa.Column("loads", sa.JSON(), nullable=True))


def downgrade():
    op.drop_column("proposal", "loads")
    op.drop_column("proposal", "means")
    op.drop_column("proposal", "lacking")
