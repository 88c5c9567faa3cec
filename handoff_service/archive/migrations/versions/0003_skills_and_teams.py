"""What agents can do: skills with levels, and teams."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        for name, empty in (("skills", "{}"), ("teams", "[]")):
            batch_op.add_column(sa.Column(name, JSON, nullable=False, server_default=empty))


def downgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("teams")
        batch_op.drop_column("skills")
