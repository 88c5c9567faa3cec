"""What people set in the console, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setting_versions",
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("restored", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("area", "version", name=op.f("pk_setting_versions")),
    )


def downgrade() -> None:
    op.drop_table("setting_versions")
