"""What reviewers decide: groups of phrases, and decisions on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "review_groups",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("phrase_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("reason_bits", sa.BigInteger(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("near", JSON, nullable=False),
        sa.Column("language_bits", sa.BigInteger(), nullable=False),
        sa.Column("phrases", sa.BigInteger(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("conversations", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_groups")),
    )
    # Of a group of thousands, the few phrases that are said most are shown.
    op.drop_index(op.f("ix_learn_phrases_group_id"), "learn_phrases")
    op.create_index(op.f("ix_learn_phrases_group_id_turns"), "learn_phrases", ["group_id", "turns"])
    op.create_index(op.f("ix_review_groups_phrase_id"), "review_groups", ["phrase_id"])
    op.create_index(op.f("ix_review_groups_state_score"), "review_groups", ["state", "score"])
    op.create_index(
        "ix_review_groups_queue",
        "review_groups",
        ["queued", "score", "id", "language_bits", "reason_bits"],
    )
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=True),
        sa.Column("article_id", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("phrase_ids", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True),
        sa.Column("applied", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["review_groups.id"],
            name=op.f("fk_review_decisions_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
    )
    op.create_index(
        op.f("ix_review_decisions_group_id_at_ms"), "review_decisions", ["group_id", "at_ms"]
    )
    op.create_index(
        op.f("ix_review_decisions_reviewer_at_ms"), "review_decisions", ["reviewer", "at_ms"]
    )


def downgrade() -> None:
    op.drop_table("review_decisions")
    op.drop_table("review_groups")
    op.drop_index(op.f("ix_learn_phrases_group_id_turns"), "learn_phrases")
    op.create_index(op.f("ix_learn_phrases_group_id"), "learn_phrases", ["group_id"])
