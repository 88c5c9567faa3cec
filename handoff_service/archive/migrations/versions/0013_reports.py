"""Facts that reports count, and pages of them; every conversation of before is due."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WORDS = (
    ("language", 16),
    ("site", 64),
    ("team", 200),
    ("agent", 64),
    ("topic", 200),
    ("reason", 64),
    ("article", 200),
    ("index_version", 64),
    ("bot_release", 64),
)


def _big(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _small(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.SmallInteger(), nullable=True) for name in names]


def _true(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _word(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _tables() -> dict[str, tuple[list[sa.Column[Any]], tuple[str, ...]]]:
    """Return table → its own columns, and which of them are indexed."""
    return {
        "report_starts": ([_word("customer_id", 64)], ("customer_id",)),
        "report_rounds": (
            [
                _word("customer_id", 64),
                *_big("began_ms", "done_ms"),
                *_big("next_ms", "reopened_ms", nullable=True),
                *_true("handed", "held", "confirmed", "answered", "disliked"),
            ],
            ("customer_id",),
        ),
        "report_requests": (
            [
                *_big("accepted_ms", "replied_ms", "ended_ms", nullable=True),
                _word("how", 16),
                *_big("sla_ms", nullable=True),
            ],
            (),
        ),
        "report_holds": (_big("ended_ms", nullable=True), ("ended_ms",)),
        "report_stints": ([*_big("handle_ms", "wrap_ms"), _word("how", 16)], ()),
        "report_answers": ([*_true("answer"), *_small("vote"), _word("mark", 16)], ()),
        "report_surveys": (
            [_word("kind", 16), *_true("asked", "skipped"), *_small("score")],
            (),
        ),
        "report_left": (_big("answered_ms", nullable=True), ()),
    }


def upgrade() -> None:
    for table, (columns, indexed) in _tables().items():
        op.create_table(
            table,
            sa.Column("conversation_id", sa.String(length=64), nullable=False),
            sa.Column("n", sa.SmallInteger(), autoincrement=False, nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("at_ms", sa.BigInteger(), nullable=False),
            *(_word(name, length) for name, length in _WORDS),
            *columns,
            _of_conversation(table),
            sa.PrimaryKeyConstraint("conversation_id", "n", name=op.f(f"pk_{table}")),
        )
        for name in ("at_ms", *indexed):
            op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
    op.create_table(
        "report_numbers",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        _of_conversation("report_numbers"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report_numbers")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_report_numbers_conversation_id")),
    )
    op.create_table(
        "report_due",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_report_due")),
    )
    op.create_table(
        "report_pages",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", name=op.f("pk_report_pages")),
    )
    op.create_table(
        "report_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_turn")),
    )
    op.execute("INSERT INTO report_turn (id, turn) VALUES (1, 0)")
    op.execute(
        "INSERT INTO report_due (conversation_id) SELECT id FROM conversations WHERE last_seq > 0"
    )
    if op.get_bind().dialect.name == "postgresql":
        # Read whole, often: neither packed nor unpacked.
        op.execute("ALTER TABLE report_pages ALTER COLUMN records SET STORAGE EXTERNAL")


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=op.f(f"fk_{table}_conversation_id_conversations"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("report_turn", "report_pages", "report_due", "report_numbers", *_tables()):
        op.drop_table(table)
