"""What was removed of whom is told; how long each kind of data is kept is carried out at night."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
FACTS = ("traces", "removed", "found", "unlearned")


def upgrade() -> None:
    with op.batch_alter_table("erasures") as batch_op:
        batch_op.add_column(
            sa.Column("customer_hash", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("unlearned_ms", sa.BigInteger(), nullable=True))
        for name in FACTS:
            batch_op.add_column(sa.Column(name, JSON, nullable=False, server_default="{}"))
        batch_op.create_index(batch_op.f("ix_erasures_customer_hash"), ["customer_hash"])
    op.execute("UPDATE erasures SET unlearned_ms = done_ms")


def downgrade() -> None:
    with op.batch_alter_table("erasures") as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasures_customer_hash"))
        for name in ("customer_hash", "unlearned_ms", *FACTS):
            batch_op.drop_column(name)
