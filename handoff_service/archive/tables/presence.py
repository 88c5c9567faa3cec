"""The table of when agents took conversations and when not."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class PresenceRow(Model):
    """From `at_ms` on the agent's presence is `status`, until the agent's next row."""

    __tablename__ = "presence_log"

    agent_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    #: Of the live store's stream: it tells a change written twice from two changes.
    entry_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    #: online, away or offline.
    status: Mapped[str] = mapped_column(String(16))
    #: asked, missed_offers, lost, forced, signed_out, disabled or registered.
    reason: Mapped[str] = mapped_column(String(32))
