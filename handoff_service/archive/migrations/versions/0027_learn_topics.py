"""Topics: what many customers ask that the bot has no good answer to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "learn_topics",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("medoid", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("trend", sa.JSON(), nullable=False),
        sa.Column("near", JSON, nullable=False),
        sa.Column("phrase_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("accepted_as", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("decision_ids", JSON, nullable=False),
        sa.Column("suggestion_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_topics")),
    )
    op.create_index(op.f("ix_learn_topics_state_size"), "learn_topics", ["state", "size"])


def downgrade() -> None:
    op.drop_table("learn_topics")
