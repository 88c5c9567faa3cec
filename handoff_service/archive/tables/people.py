"""The tables behind signing in: invitations, second factors, steps half done, identities."""

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class InvitationRow(Model):
    """A link by which a person joins, or chooses a new password, once. Only its hash is kept."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    #: invite or reset.
    kind: Mapped[str] = mapped_column(String(16))
    #: An account id, or "operator".
    made_by: Mapped[str] = mapped_column(String(100))
    created_ms: Mapped[int]
    expires_ms: Mapped[int] = mapped_column(index=True)


class SecondFactorRow(Model):
    """The secret behind a person's codes (RFC 6238)."""

    __tablename__ = "second_factors"

    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    #: Encrypted with a key made of BATON_SIGNING_KEY.
    secret: Mapped[str] = mapped_column(String(300))
    #: None: being set up, counts for nothing yet.
    set_ms: Mapped[int | None]
    #: Number of the last time step whose code was used: neither it nor an older one serves again.
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCodeRow(Model):
    """A code that serves once in place of the second factor. Only its hash is kept."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_ms: Mapped[int | None]


class TicketRow(Model):
    """A sign-in whose first step is done, until the second is. Only a hash of it is kept."""

    __tablename__ = "sign_in_tickets"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    expires_ms: Mapped[int] = mapped_column(index=True)
    #: Wrong codes so far.
    wrong: Mapped[int] = mapped_column(Integer, default=0)


class IdentityRow(Model):
    """Whom a provider of identities knows as what (OpenID Connect: `iss` and `sub`)."""

    __tablename__ = "oidc_identities"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    since_ms: Mapped[int]


class OidcStateRow(Model):
    """A browser that was sent to a provider; whoever comes back uses it up."""

    __tablename__ = "oidc_states"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Of the cookie that the browser was given.
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    #: Of PKCE (RFC 7636).
    verifier: Mapped[str] = mapped_column(String(128))
    expires_ms: Mapped[int] = mapped_column(index=True)
