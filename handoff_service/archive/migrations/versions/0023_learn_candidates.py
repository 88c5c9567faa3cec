"""Models that might serve, and what was made live and taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "learn_candidates",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("job_id", sa.String(length=64), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("base_model", sa.String(length=100), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("base_index", sa.String(length=64), nullable=False),
        sa.Column("index_version", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_candidates")),
    )
    for columns in (["job_id"], ["created_ms"], ["state"]):
        name = op.f(f"ix_learn_candidates_{'_'.join(columns)}")
        op.create_index(name, "learn_candidates", columns)
    op.create_table(
        "learn_releases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("candidate_id", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("index_version", sa.String(length=64), nullable=False),
        sa.Column("before_model", sa.String(length=100), nullable=False),
        sa.Column("before_index", sa.String(length=64), nullable=False),
        sa.Column("takes_back", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("overruled", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_releases")),
    )
    op.create_index(op.f("ix_learn_releases_at_ms"), "learn_releases", ["at_ms"])


def downgrade() -> None:
    op.drop_table("learn_releases")
    op.drop_table("learn_candidates")
