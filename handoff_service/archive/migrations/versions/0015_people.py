"""Signing in: named sessions, invitations, second factors, identities, a trail nobody changes.

Sessions of before stay open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "oidc_states",
    "oidc_identities",
    "sign_in_tickets",
    "recovery_codes",
    "second_factors",
    "invitations",
)
#: A note of a try to sign in is written as failed before it is known how it ends.
ALLOWED = "old.action = 'login.failed' AND new.action LIKE 'login.%' AND new.at_ms = old.at_ms"
REFUSED = "the audit trail is append-only"


def upgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(
            sa.Column("email", sa.String(length=254), nullable=False, server_default="")
        )
        batch_op.create_index(batch_op.f("ix_accounts_email"), ["email"])
    with op.batch_alter_table("account_sessions") as batch_op:
        batch_op.add_column(sa.Column("id", sa.String(length=24), nullable=True))
        batch_op.add_column(
            sa.Column("last_seen_ms", sa.BigInteger(), nullable=False, server_default="0")
        )
        for name, length, default in (
            ("browser", 300, ""),
            ("address", 64, ""),
            ("how", 16, "password"),
        ):
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default=default)
            )
    op.execute("UPDATE account_sessions SET id = substr(token_hash, 1, 24)")
    op.execute("UPDATE account_sessions SET last_seen_ms = created_ms")
    with op.batch_alter_table("account_sessions") as batch_op:
        batch_op.alter_column("id", existing_type=sa.String(length=24), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_account_sessions_id"), ["id"])
    _tables()
    op.create_index(op.f("ix_audit_at_ms_id"), "audit", ["at_ms", "id"])
    op.create_index(op.f("ix_audit_actor_at_ms"), "audit", ["actor", "at_ms"])
    _append_only()


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF TG_OP = 'UPDATE' THEN IF {ALLOWED} THEN RETURN new; END IF; END IF;"
            f" RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit"
            " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    op.execute(
        f"CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit WHEN NOT ({ALLOWED})"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _tables() -> None:
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        _of_account("invitations"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=300), nullable=False),
        sa.Column("set_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _of_account("second_factors"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_ms", sa.BigInteger(), nullable=True),
        _of_account("recovery_codes"),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "sign_in_tickets",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _of_account("sign_in_tickets"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_tickets")),
    )
    op.create_table(
        "oidc_identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        _of_account("oidc_identities"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_oidc_identities")),
    )
    op.create_table(
        "oidc_states",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_states")),
    )
    for table, column in (
        ("invitations", "account_id"),
        ("invitations", "expires_ms"),
        ("sign_in_tickets", "account_id"),
        ("sign_in_tickets", "expires_ms"),
        ("oidc_identities", "account_id"),
        ("oidc_states", "expires_ms"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["accounts.id"],
        name=op.f(f"fk_{table}_account_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP FUNCTION refuse_audit_change()")
    else:
        op.execute("DROP TRIGGER audit_not_changed")
        op.execute("DROP TRIGGER audit_not_deleted")
    op.drop_index(op.f("ix_audit_actor_at_ms"), "audit")
    op.drop_index(op.f("ix_audit_at_ms_id"), "audit")
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("account_sessions") as batch_op:
        batch_op.drop_constraint("uq_account_sessions_id", type_="unique")
        for name in ("how", "address", "browser", "last_seen_ms", "id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_email"))
        batch_op.drop_column("email")
