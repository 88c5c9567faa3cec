"""Keeps the trail of what people did, and of what someone tried to do."""

import secrets
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.models import AuditRow


def write_audit(
    session: AsyncSession,
    *,
    actor: str,
    action: str,
    at_ms: int,
    subject: str = "",
    origin: str = "",
    data: dict[str, Any] | None = None,
) -> AuditRow:
    """Add one line to the trail, in the transaction of what it tells about."""
    row = AuditRow(
        id=secrets.token_urlsafe(12),
        at_ms=at_ms,
        actor=actor,
        origin=origin,
        action=action,
        subject=subject,
        data=data or {},
    )
    session.add(row)
    return row
