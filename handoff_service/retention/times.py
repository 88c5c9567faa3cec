"""How long each kind of data is kept. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000


class Kind(StrEnum):
    """What is kept."""

    TRANSCRIPTS = "transcripts"  #: closed conversations with all that belongs to them
    ATTACHMENTS = "attachments"  #: files of closed conversations
    MAILS = "mails"  #: e-mails that were sent or given up
    LEARNED = "learned"  #: turns for review, and phrases with their last turn
    CANDIDATE_REPORTS = "candidate_reports"  #: what reports on candidates quote
    PRESENCE = "presence"  #: when agents were there
    AUDIT = "audit"  #: who did what
    BACKUPS = "backups"  #: old files of the project
    LOGS = "logs"  #: lines of logs


#: Fewest days: closed conversations may be in Redis for seven (BATON_CLOSED_KEEP_S); a trail that
#: is shorter than a month is none.
LEAST_DAYS: Mapping[Kind, int] = MappingProxyType({Kind.TRANSCRIPTS: 8, Kind.AUDIT: 30})
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Times:
    """When it is looked, and kind → days; a kind that is not there is kept for ever."""

    at: time = time(3, 30)
    days: Mapping[Kind, int] = field(default_factory=dict)

    def night(self, now_ms: int, zone: ZoneInfo) -> str:
        """Return the day (YYYY-MM-DD) whose night began last."""
        now = datetime.fromtimestamp(now_ms / 1000, zone)
        begun = now.timetz().replace(tzinfo=None) >= self.at
        return (now.date() if begun else now.date() - timedelta(days=1)).isoformat()
