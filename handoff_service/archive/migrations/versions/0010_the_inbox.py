"""What the inbox lists and finds conversations by.

Conversations of before can be listed at once; `baton history index` makes them searchable.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

#: Words of letters and digits, as they are given: they are folded already.
FTS = """
CREATE VIRTUAL TABLE search_index USING fts5(
    terms, content='search_docs', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
)
"""
TRIGGERS = (
    """
CREATE TRIGGER search_docs_written AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms);
END
""",
    """
CREATE TRIGGER search_docs_deleted AFTER DELETE ON search_docs BEGIN
    INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
END
""",
)


def upgrade() -> None:
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("customer_name", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("site", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("team", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("priority", sa.BigInteger(), nullable=False, server_default="5")
        )
        batch_op.add_column(sa.Column("sla_due_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("parked_until_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("tags", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("last_line", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("last_author", sa.String(length=16), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("prepared", sa.BigInteger(), nullable=False, server_default="-1")
        )
        batch_op.drop_index(batch_op.f("ix_conversations_last_at_ms"))
        batch_op.drop_index(batch_op.f("ix_conversations_agent_id"))
        for columns in (
            ["last_at_ms", "id"],
            ["state", "last_at_ms", "id"],
            ["agent_id", "state", "last_at_ms"],
            ["team", "state", "last_at_ms"],
            ["prepared"],
        ):
            batch_op.create_index(batch_op.f("ix_conversations_" + "_".join(columns)), columns)
    _tables()
    op.execute(
        "INSERT INTO conversation_people (conversation_id, agent_id, how, at_ms)"
        " SELECT id, agent_id, 'held', coalesce(assigned_ms, last_at_ms) FROM conversations"
        " WHERE agent_id IS NOT NULL"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX search_index ON search_docs USING gin ((terms::tsvector))")
    else:
        op.execute(FTS)
        for trigger in TRIGGERS:
            op.execute(trigger)


def _tables() -> None:
    op.create_table(
        "conversation_people",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        _of_conversation("conversation_people"),
        sa.PrimaryKeyConstraint(
            "conversation_id", "agent_id", "how", name=op.f("pk_conversation_people")
        ),
    )
    op.create_index(
        op.f("ix_conversation_people_agent_id_how"), "conversation_people", ["agent_id", "how"]
    )
    op.create_table(
        "conversation_tags",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        _of_conversation("conversation_tags"),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_conversation_tags")),
    )
    op.create_index(op.f("ix_conversation_tags_tag"), "conversation_tags", ["tag"])
    op.create_table(
        "search_docs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        _of_conversation("search_docs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_docs")),
    )
    op.create_index(
        op.f("ix_search_docs_conversation_id_seq"),
        "search_docs",
        ["conversation_id", "seq"],
        unique=True,
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("asks", JSON, nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_saved_filters_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    op.create_index(op.f("ix_saved_filters_account_id"), "saved_filters", ["account_id"])


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=op.f(f"fk_{table}_conversation_id_conversations"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    for table in ("saved_filters", "search_docs", "conversation_tags", "conversation_people"):
        op.drop_table(table)
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for columns in (
            "last_at_ms_id",
            "state_last_at_ms_id",
            "agent_id_state_last_at_ms",
            "team_state_last_at_ms",
            "prepared",
        ):
            batch_op.drop_index(f"ix_conversations_{columns}")
        for name in (
            "prepared", "last_author", "last_line", "tags", "parked_until_ms", "sla_due_ms",
            "priority", "team", "site", "customer_name",
        ):  # fmt: skip
            batch_op.drop_column(name)
        batch_op.create_index(batch_op.f("ix_conversations_last_at_ms"), ["last_at_ms"])
        batch_op.create_index(batch_op.f("ix_conversations_agent_id"), ["agent_id"])
