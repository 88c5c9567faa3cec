"""What a conversation's events add up to: its row in `conversations`. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from handoff_service.archive.models import ConversationRow
from handoff_service.domain import MOST_TAGS, EventType, State


class Fact(Protocol):
    """An event, as it came or as a row of the table."""

    @property
    def conversation_id(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def at_ms(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    @property
    def data(self) -> dict[str, Any]: ...


#: How much of what was said last a list shows, in characters.
LINE_CHARS = 200

#: State of the conversation after an event; a `message.posted` may move it too, see `_posted`.
STATE_AFTER: Mapping[str, State] = MappingProxyType(
    {
        EventType.STARTED: State.BOT,
        EventType.HANDOFF_REQUESTED: State.WAITING,
        EventType.HANDOFF_CANCELLED: State.BOT,
        EventType.HANDOFF_OFFERED: State.OFFERED,
        EventType.HANDOFF_DECLINED: State.WAITING,
        EventType.OFFER_EXPIRED: State.WAITING,
        EventType.HANDOFF_ASSIGNED: State.ASSIGNED,
        EventType.AGENT_LOST: State.WAITING,
        EventType.HANDOFF_TRANSFERRED: State.WAITING,
        EventType.HANDOFF_TAKEN_OVER: State.ASSIGNED,
        EventType.HANDOFF_ABANDONED: State.BOT,
        EventType.PARKED: State.PARKED,
        EventType.RESUMED: State.WAITING,
        EventType.HANDOFF_RETURNED: State.BOT,
        EventType.MESSAGE_LEFT: State.MESSAGE_LEFT,
        EventType.WRAPPED_UP: State.WRAP_UP,
        EventType.CLOSED: State.CLOSED,
    }
)


def fold(row: ConversationRow, event: Fact) -> None:
    """Bring `row` from the event before to this one; events come in order, each once."""
    row.last_seq, row.epoch, row.last_at_ms = event.seq, event.epoch, event.at_ms
    step = STEPS.get(event.type)
    if step is not None:
        step(row, event)
    if event.type in STATE_AFTER:
        goes_back = event.type in {EventType.HANDOFF_DECLINED, EventType.OFFER_EXPIRED}
        left = goes_back and event.data.get("left")
        row.state = State.MESSAGE_LEFT.value if left else STATE_AFTER[event.type].value
        if event.type == EventType.RESUMED and event.data["agent_id"]:
            row.state = State.ASSIGNED.value


def _started(row: ConversationRow, event: Fact) -> None:
    row.customer_id = event.data["customer_id"]
    row.locale = row.language = event.data["locale"]
    row.page = event.data.get("page") or {}
    row.site = _line(event.data.get("site") or "", limit=64)
    row.started_ms = event.at_ms


def _identified(row: ConversationRow, event: Fact) -> None:
    row.customer_id = event.data["customer_id"]
    row.customer_name = _line(event.data.get("name") or event.data.get("email") or "", limit=200)


def _posted(row: ConversationRow, event: Fact) -> None:
    files = (file["name"] for file in event.data.get("attachments") or ())
    said = event.data.get("text") or ", ".join(files)
    row.last_line = _line(said, limit=LINE_CHARS)
    row.last_author = event.data["author"][:16]
    if event.data["author"] != "customer":
        return
    if row.state == State.CLOSED:
        row.state, row.closed_ms = State.BOT.value, None
    elif row.state == State.WRAP_UP:
        row.state = State.ASSIGNED.value


def _language(row: ConversationRow, event: Fact) -> None:
    row.language = event.data["language"]


def _requested(row: ConversationRow, event: Fact) -> None:
    kept = (
        *("reason", "topic", "language", "triage", "tried", "summary"),
        *("contact", "callback", "when"),
    )
    row.handoff = {name: event.data.get(name) for name in kept}
    row.reason, row.topic = event.data["reason"][:64], (event.data.get("topic") or "")[:200]
    row.requested_ms, row.assigned_ms = event.at_ms, None
    needs = event.data.get("needs") or {}  # of before, there are none
    row.team, row.priority = needs.get("team"), needs.get("priority", 5)
    row.sla_due_ms = event.at_ms + needs["sla_ms"] if needs.get("sla_ms") else None


def _transferred(row: ConversationRow, event: Fact) -> None:
    to = event.data.get("to") or {}
    row.team = to["id"][:200] if to.get("kind") == "team" else None


def _prioritized(row: ConversationRow, event: Fact) -> None:
    row.priority = event.data["priority"]


def _tagged(row: ConversationRow, event: Fact) -> None:
    gone = set(event.data.get("remove") or ())
    kept = [tag for tag in row.tags if tag not in gone]
    new = [_line(str(tag), limit=64) for tag in event.data.get("add") or ()]
    row.tags = list(dict.fromkeys([*kept, *new]))[:MOST_TAGS]


def _parked(row: ConversationRow, event: Fact) -> None:
    row.parked_until_ms = event.data.get("until_ms")


def _left(row: ConversationRow, event: Fact) -> None:
    told = {name: event.data[name] for name in ("callback", "when") if name in event.data}
    row.handoff = row.handoff | {"contact": event.data["contact"]} | told


def _assigned(row: ConversationRow, event: Fact) -> None:
    row.agent_id, row.agent_name = event.data["agent_id"], event.data["agent_name"]
    row.assigned_ms = event.at_ms


def _wrapped_up(row: ConversationRow, event: Fact) -> None:
    row.disposition = (event.data.get("disposition") or "")[:64]


def _closed(row: ConversationRow, event: Fact) -> None:
    row.closed_ms = event.at_ms


def _rated(row: ConversationRow, event: Fact) -> None:
    row.stars, row.comment = event.data["stars"], event.data.get("comment") or ""


def _survey_answered(row: ConversationRow, event: Fact) -> None:
    if event.data["kind"] == "csat" and event.data.get("score") is not None:
        row.stars, row.comment = event.data["score"], event.data.get("comment") or ""


def _line(text: str, *, limit: int) -> str:
    """Put the beginning of a text into one line; without U+0000, which PostgreSQL keeps nowhere."""
    return " ".join(text[: 2 * limit].replace("\0", "").split())[:limit]


STEPS: Mapping[str, Callable[[ConversationRow, Fact], None]] = MappingProxyType(
    {
        EventType.STARTED: _started,
        EventType.CUSTOMER_IDENTIFIED: _identified,
        EventType.MESSAGE_POSTED: _posted,
        EventType.LANGUAGE_CHANGED: _language,
        EventType.HANDOFF_REQUESTED: _requested,
        EventType.MESSAGE_LEFT: _left,
        EventType.HANDOFF_ASSIGNED: _assigned,
        EventType.HANDOFF_TAKEN_OVER: _assigned,
        EventType.HANDOFF_TRANSFERRED: _transferred,
        EventType.PARKED: _parked,
        EventType.TAGGED: _tagged,
        EventType.PRIORITIZED: _prioritized,
        EventType.WRAPPED_UP: _wrapped_up,
        EventType.CLOSED: _closed,
        EventType.RATED: _rated,
        EventType.SURVEY_ANSWERED: _survey_answered,
    }
)
