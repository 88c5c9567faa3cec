"""When agents took conversations and when not."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence_log",
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(length=48), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "at_ms", "entry_id", name=op.f("pk_presence_log")),
    )
    op.create_index(op.f("ix_presence_log_at_ms"), "presence_log", ["at_ms"])


def downgrade() -> None:
    op.drop_table("presence_log")
