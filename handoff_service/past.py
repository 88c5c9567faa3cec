"""What the events of a conversation say that the live store must know to go on with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handoff_service.conversation import Identity
from handoff_service.domain import Author, Event, EventType, Json

#: What agents write beside the conversation, each known by agent and message_id.
OF_AGENTS = frozenset(
    {
        EventType.WHISPER_POSTED,
        EventType.NOTE_POSTED,
        EventType.MESSAGE_EDITED,
        EventType.TAGGED,
        EventType.PRIORITIZED,
        EventType.ANSWER_MARKED,
    }
)


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation that the live store has forgotten, as it was at the end."""

    conversation_id: str
    customer_id: str
    language: str
    started_ms: int
    last_seq: int
    epoch: int
    turn: int  #: number of the last message that the bot was asked; 0 for none
    closed: bool  #: False: the history never heard of its end
    page: Json | None
    identity: Identity | None
    stars: int | None
    known_agent: str | None  #: who served it last
    ids: dict[str, int]  #: key of each message_id → number of its event
    latest: tuple[Event, ...]  #: the last events, oldest first
    survey: Json | None = None  #: what was asked last: kind, after, about, and its number
    site: str = ""  #: on which of the websites it began; "" for the usual one
    tags: tuple[str, ...] = ()


def past_of(events: Sequence[Event], *, keep: int) -> Past | None:
    """Fold a whole conversation, keeping its last events; None when its beginning is missing."""
    if not events or events[0].type is not EventType.STARTED:
        return None
    first, last = events[0], events[-1]
    past = Past(
        conversation_id=first.conversation_id,
        customer_id=first.data["customer_id"],
        language=first.data["locale"],
        started_ms=first.at_ms,
        last_seq=last.seq,
        epoch=max(event.epoch for event in events),
        turn=0,
        closed=False,
        page=first.data.get("page"),
        identity=None,
        stars=None,
        known_agent=None,
        site=first.data.get("site") or "",
        ids={},
        latest=tuple(events[-keep:]),
    )
    for event in events[1:]:
        past = _after(past, event)
    return past


def _after(past: Past, event: Event) -> Past:
    data = event.data
    match event.type:
        case EventType.MESSAGE_POSTED:
            return _after_message(past, event)
        case EventType.CUSTOMER_IDENTIFIED:
            return replace(past, customer_id=data["customer_id"], identity=Identity.from_json(data))
        case EventType.LANGUAGE_CHANGED:
            return replace(past, language=data["language"])
        case event_type if event_type in OF_AGENTS:
            past.ids[f"{data['agent_id']}:{data['message_id']}"] = event.seq
            if event.type is EventType.TAGGED:
                gone, new = set(data["remove"]), data["add"]
                kept = [tag for tag in past.tags if tag not in gone]
                return replace(past, tags=tuple(dict.fromkeys([*kept, *new])))
        case EventType.HANDOFF_ASSIGNED | EventType.HANDOFF_TAKEN_OVER:
            return replace(past, known_agent=data["agent_id"])
        case EventType.SURVEY_ASKED | EventType.SURVEY_ANSWERED | EventType.RATED:
            return _after_question(past, event)
        case EventType.CLOSED:
            return replace(past, closed=True)
    return past


def _after_question(past: Past, event: Event) -> Past:
    """Note what was asked about the service, or answered, for which older pages have stars only."""
    data = event.data
    if event.type is EventType.SURVEY_ASKED:
        return replace(past, survey=data | {"seq": event.seq})
    if "message_id" in data:
        past.ids[data["message_id"]] = event.seq
    stars = data.get("score") if data.get("kind") == "csat" else data.get("stars")
    return past if stars is None else replace(past, stars=stars)


def _after_message(past: Past, event: Event) -> Past:
    """Note a message by the key that the scripts know it by: the bot's are known by their turn."""
    author, message_id = event.data["author"], event.data.get("message_id")
    if message_id and author == Author.AGENT:
        past.ids[f"{event.data['agent_id']}:{message_id}"] = event.seq
    if author != Author.CUSTOMER:
        return past
    if message_id:
        past.ids[message_id] = event.seq
    return replace(past, turn=max(past.turn, event.data.get("turn", 0)), closed=False)
