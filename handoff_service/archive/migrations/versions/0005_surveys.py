"""Answers to questions how it went, and one view of them and of older ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VIEW = """
CREATE VIEW survey_answers AS
SELECT conversation_id, seq, at_ms, kind, after, score, comment, agent_id FROM surveys
UNION ALL
SELECT conversation_id, seq, at_ms, 'csat', 'person', stars, comment, agent_id FROM ratings
"""


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_surveys_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "about", name=op.f("pk_surveys")),
    )
    with op.batch_alter_table("surveys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_surveys_at_ms"), ["at_ms"], unique=False)
        batch_op.create_index(batch_op.f("ix_surveys_agent_id"), ["agent_id"], unique=False)
    op.execute(VIEW)


def downgrade() -> None:
    op.execute("DROP VIEW survey_answers")
    with op.batch_alter_table("surveys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_surveys_agent_id"))
        batch_op.drop_index(batch_op.f("ix_surveys_at_ms"))

    op.drop_table("surveys")
