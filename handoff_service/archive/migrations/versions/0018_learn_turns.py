"""What customers asked the bot, masked; triggers delete phrases that nobody's turn has any more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
#: Must stand word for word in whoever asks, else SQLite does not use the index.
DUE = "state = 'closed' AND learned_seq < last_seq"
ADD = "UPDATE learn_phrases SET turns = turns + 1 WHERE id = new.phrase_id"
TAKE = "UPDATE learn_phrases SET turns = turns - 1 WHERE id = old.phrase_id"
FORGET = "DELETE FROM learn_phrases WHERE id = old.phrase_id AND turns <= 0"
TRIGGERS = {
    "added": ("INSERT", (ADD,)),
    "moved": ("UPDATE OF phrase_id", (ADD, TAKE, FORGET)),
    "gone": ("DELETE", (TAKE, FORGET)),
}


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column("learned_seq", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.create_index(
        op.f("ix_conversations_unlearned"),
        "conversations",
        ["id"],
        sqlite_where=sa.text(DUE),
        postgresql_where=sa.text(DUE),
    )
    op.create_table(
        "learn_phrases",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("turns", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learn_phrases")),
        sa.UniqueConstraint("key", name=op.f("uq_learn_phrases_key")),
    )
    op.create_index(op.f("ix_learn_phrases_group_id"), "learn_phrases", ["group_id"])
    _turns()
    for name, (event, steps) in TRIGGERS.items():
        _trigger(name, event, steps)


def _turns() -> None:
    op.create_table(
        "learn_turns",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("phrase_id", sa.BigInteger(), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=True),
        sa.Column("intent_confidence", sa.Float(), nullable=True),
        sa.Column("scope_confidence", sa.Float(), nullable=True),
        sa.Column("runner_up", sa.String(length=200), nullable=True),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("reply_seq", sa.BigInteger(), nullable=True),
        sa.Column("answer_confidence", sa.Float(), nullable=True),
        sa.Column("article_id", sa.String(length=200), nullable=True),
        sa.Column("article_locale", sa.String(length=16), nullable=True),
        sa.Column("vote", sa.SmallInteger(), nullable=True),
        sa.Column("mark", sa.String(length=16), nullable=True),
        sa.Column("handoff_reason", sa.String(length=64), nullable=True),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("agent_answer", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.String(length=64), nullable=True),
        sa.Column("release", sa.String(length=200), nullable=True),
        sa.Column("index_version", sa.String(length=64), nullable=True),
        sa.Column("masked", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_learn_turns_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phrase_id"], ["learn_phrases.id"], name=op.f("fk_learn_turns_phrase_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_learn_turns")),
    )
    op.create_index(op.f("ix_learn_turns_phrase_id_at_ms"), "learn_turns", ["phrase_id", "at_ms"])
    op.create_index(op.f("ix_learn_turns_at_ms"), "learn_turns", ["at_ms"])


def _trigger(name: str, event: str, steps: tuple[str, ...]) -> None:
    body, trigger = "; ".join(steps), f"learn_turns_{name}"
    changed = "WHEN (old.phrase_id IS DISTINCT FROM new.phrase_id)" if name == "moved" else ""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{body}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {trigger} AFTER {event} ON learn_turns FOR EACH ROW {changed} "
            f"EXECUTE FUNCTION {trigger}()"
        )
    else:
        changed = changed.replace("IS DISTINCT FROM", "IS NOT")
        op.execute(
            f"CREATE TRIGGER {trigger} AFTER {event} ON learn_turns {changed} BEGIN {body}; END"
        )


def downgrade() -> None:
    op.drop_table("learn_turns")
    op.drop_table("learn_phrases")
    if op.get_bind().dialect.name == "postgresql":
        for name in TRIGGERS:
            op.execute(f"DROP FUNCTION learn_turns_{name}()")
    op.drop_index(op.f("ix_conversations_unlearned"), "conversations")
    op.drop_column("conversations", "learned_seq")
