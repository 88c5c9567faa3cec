"""What is suggested to be written, what writing would change, and the intents to choose from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "learn_suggestions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("agents", sa.BigInteger(), nullable=False),
        sa.Column("near", JSON, nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("edited_by", sa.String(length=100), nullable=False),
        sa.Column("edited_ms", sa.BigInteger(), nullable=False),
        sa.Column("applied", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_suggestions")),
    )
    op.create_index(op.f("ix_learn_suggestions_state_kind"), "learn_suggestions", ["state", "kind"])
    op.create_table(
        "learn_changes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("computed_ms", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("folder", sa.String(length=8), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_changes")),
    )
    op.create_table(
        "learn_catalogue",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_catalogue")),
    )


def downgrade() -> None:
    for table in ("learn_catalogue", "learn_changes", "learn_suggestions"):
        op.drop_table(table)
