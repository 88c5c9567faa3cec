"""Data goes when its time has come: nights that were done, how far the audit trail may be cut."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REFUSED = "the audit trail is append-only"
#: As in 0015.
ALLOWED = "old.action = 'login.failed' AND new.action LIKE 'login.%' AND new.at_ms = old.at_ms"
OLD = "old.at_ms < coalesce((SELECT max(upto_ms) FROM audit_mark), 0)"


def upgrade() -> None:
    op.create_table(
        "retention_nights",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("removed", JSON, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_retention_nights")),
    )
    op.create_table(
        "audit_mark",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("upto_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_mark")),
    )
    _guard(
        f"IF TG_OP = 'DELETE' THEN IF {OLD} THEN RETURN old; END IF; END IF;", f"WHEN NOT ({OLD})"
    )


def downgrade() -> None:
    _guard("", "")
    op.drop_table("audit_mark")
    op.drop_table("retention_nights")


def _guard(in_postgresql: str, in_sqlite: str) -> None:
    """Make what refuses to delete from the audit trail anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {in_postgresql}"
            f" IF TG_OP = 'UPDATE' THEN IF {ALLOWED} THEN RETURN new; END IF; END IF;"
            f" RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        return
    op.execute("DROP TRIGGER audit_not_deleted")
    op.execute(
        f"CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit {in_sqlite}"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )
