"""Which model made the vector of a phrase, and a short way to those without one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UNEMBEDDED = "vector IS NULL"


def upgrade() -> None:
    op.add_column(
        "learn_phrases",
        sa.Column("model", sa.String(length=64), nullable=False, server_default=""),
    )
    op.create_index(
        op.f("ix_learn_phrases_unembedded"),
        "learn_phrases",
        ["id"],
        sqlite_where=sa.text(UNEMBEDDED),
        postgresql_where=sa.text(UNEMBEDDED),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_learn_phrases_unembedded"), "learn_phrases")
    op.drop_column("learn_phrases", "model")
