"""A condition for conversations that are due that no other index answers half of.

SQLite, which keeps no statistics by itself, took the index of states instead, and read every closed
conversation there was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = "state = 'closed' AND learned_seq < last_seq"
DUE = "closed_ms IS NOT NULL AND learned_seq < last_seq"


def upgrade() -> None:
    _index(DUE)


def downgrade() -> None:
    _index(BEFORE)


def _index(condition: str) -> None:
    op.drop_index(op.f("ix_conversations_unlearned"), "conversations")
    op.create_index(
        op.f("ix_conversations_unlearned"),
        "conversations",
        ["id"],
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )
