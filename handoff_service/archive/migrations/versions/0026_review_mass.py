"""How many turns a group of phrases is about, beside where it stands in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "review_groups", sa.Column("mass", sa.Float(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("review_groups", "mass")
