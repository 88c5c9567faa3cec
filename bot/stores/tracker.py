"""Keep each conversation's dialogue state in Redis, at a size that does not grow."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import orjson
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import EqualJitterBackoff
from redis.exceptions import RedisError

from bot.action_calls import to_json
from bot.turn import AlreadyAnswered, TurnFailed, current_turn
from live_redis.address import read_address
from live_redis.pool import open_pool

#: One string per conversation: {"name", "events", "answer"}. `{rasa}` keeps all of them in one slot
#: of a cluster.
KEY = "baton:{{rasa}}:tracker:{conversation_id}"
#: A dialogue nobody went on with for this long (s) starts anew: who comes back later has another
#: question, and the transcript is the service's. Bounds what Redis holds of conversations gone by.
KEPT_S = 2 * 24 * 3600
#: Customer messages kept word for word: rules look at the turn in hand, triage at a few before it.
TURNS_KEPT = 4
#: What is kept of what older messages meant; `HANDED_OVER`: a person was called then.
HANDED_OVER = "handed_over"
HANDING_OVER = "action_request_handoff"
_MEANING = ("intent", "entities", "text", HANDED_OVER)
#: What is kept of the bot's last response, and the longest text (characters) that is.
_RESPONSE = ("utter_action", "metadata")
SHORT = 200
#: Redis on loopback or in the next rack: slower than this (s) is down.
TIMEOUT_S = 3.0
#: Of a confidence in an answer: more says nothing.
DIGITS = 4
#: A quick restart or a failover is bridged; each write may be sent twice.
RETRIES = 3


class BoundedTrackerStore(TrackerStore):
    """Slots, the form in hand and the last messages; the transcript lives in the service.

    Rasa's stores keep every event for ever and replay all of them for each action, so that turn
    100 costs ten times turn 5. Two more differences: the answer to a message is saved with the
    tracker in one write, so a repeated message gets the same answer and moves nothing twice; and
    a store that cannot be reached fails the turn (`TurnFailed`) instead of going on in memory.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: EndpointConfig | str = "",
        **kwargs: Any,  # noqa: ARG002 (further keys of endpoints.yml)
    ) -> None:
        super().__init__(domain, event_broker)
        url = host.url if isinstance(host, EndpointConfig) else host
        pool = open_pool(
            read_address(url),
            key=KEY.format(conversation_id=""),
            max_connections=32,
            timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            decode_responses=True,
            retry=Retry(EqualJitterBackoff(base=0.04, cap=0.3), RETRIES),
        )
        self._redis: Redis = Redis(connection_pool=pool)

    async def save(self, tracker: DialogueStateTracker) -> None:
        record = Dialogue(tracker.sender_id, recent_events(tracker)).as_dict()
        turn = current_turn.get()
        if turn is not None and (turn.replies or turn.may_be_silent):
            turn.answer = _answer(tracker, turn.replies) | {"release": turn.release}
            record["answer"] = {"message_id": turn.message_id, "body": turn.answer}
        key = KEY.format(conversation_id=tracker.sender_id)
        try:
            await self._redis.set(key, to_json(record), ex=KEPT_S)
        except RedisError as error:
            raise _unreachable(error) from error

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        try:
            stored = await self._redis.get(KEY.format(conversation_id=sender_id))
        except RedisError as error:
            raise _unreachable(error) from error
        if stored is None:
            return None
        record = orjson.loads(stored)
        turn, answer = current_turn.get(), record.get("answer")
        if turn is not None and answer and answer["message_id"] == turn.message_id:
            raise AlreadyAnswered(answer["body"])
        tracker = self.init_tracker(sender_id)
        tracker.recreate_from_dialogue(Dialogue.from_parameters(record))
        if turn is not None and turn.may_be_silent and tracker.active_loop_name:
            # The customer went to the queue by a click, in the middle of the questions before it.
            tracker.update(ActiveLoop(None))
            tracker.update(SlotSet(REQUESTED_SLOT, None))
        return tracker

    async def forget(self, sender_id: str) -> None:
        """Delete a dialogue."""
        try:
            await self._redis.delete(KEY.format(conversation_id=sender_id))
        except RedisError as error:
            raise _unreachable(error) from error

    async def keys(self) -> Iterable[str]:
        pattern = KEY.format(conversation_id="*")
        prefix = len(pattern) - 1
        return [key[prefix:] async for key in self._redis.scan_iter(match=pattern)]


async def forget_dialogue(agent: Any, sender_id: str) -> None:
    """Delete a dialogue, after the turn in hand if there is one.

    Raises:
        TurnFailed: status 503; no model is loaded, so that no store is open, or it is away.
    """
    if agent is None or not agent.is_ready():
        raise TurnFailed(503, "no_model", "no model is loaded. Remedy: baton train")
    # Rasa wraps each store in one that would fall back to memory.
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    async with agent.lock_store.lock(sender_id):
        await store.forget(sender_id)


def recent_events(tracker: DialogueStateTracker) -> list[Event]:
    """Return events that give the same state as all of `tracker`'s, for the last turn only.

    Of what was said to the customer the last alone is kept, for the wording of the next reply: the
    service has it all, and no rule looks at it. Slots come once, with their last values. Of the
    turns before only the customer's messages are kept: each event less is loaded, replayed and sent
    less, several times a turn.
    """
    events = list(tracker.events)
    said = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if not said:
        return events
    kept = said[-TURNS_KEPT:]
    started = events[kept[0]].timestamp
    head: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=started),
        SessionStarted(timestamp=started),
        *(
            SlotSet(slot.name, slot.value, timestamp=started)
            for slot in tracker.slots.values()
            if slot.value != slot.initial_value
        ),
    ]
    last = [e for e in events[said[-1] :] if not isinstance(e, SlotSet | BotUttered)]
    loop = tracker.active_loop_name
    if loop and not any(isinstance(event, ActiveLoop) for event in last):
        head.append(ActiveLoop(loop, timestamp=started))
    head += [_outline(events[a:b]) for a, b in pairwise(kept)]
    words = [_last_words(e) for e in events[said[-1] :] if isinstance(e, BotUttered)][-1:]
    return [*head, ActionExecuted(ACTION_LISTEN_NAME, timestamp=last[0].timestamp), *last, *words]


def _last_words(event: BotUttered) -> BotUttered:
    """Return which response it was and, where it may be said in other words next, its text."""
    which = {key: event.metadata[key] for key in _RESPONSE if event.metadata.get(key)}
    text = event.text if len(event.text or "") <= SHORT else None
    return BotUttered(text, metadata=which, timestamp=event.timestamp)


def _outline(turn: list[Event]) -> UserUttered:
    """Return the message of a turn that is over: what was said, what it meant, what came of it."""
    event: UserUttered = turn[0]
    meaning = {key: event.parse_data[key] for key in _MEANING if key in event.parse_data}
    if any(isinstance(e, ActionExecuted) and e.action_name == HANDING_OVER for e in turn):
        meaning[HANDED_OVER] = True
    return UserUttered(
        event.text,
        event.intent,
        event.entities,
        meaning,
        event.timestamp,
        event.input_channel,
        event.message_id,
        event.metadata,
    )


def _answer(tracker: DialogueStateTracker, replies: list[dict[str, Any]]) -> dict[str, Any]:
    message = tracker.latest_message
    intent = message.intent if message else {}
    shown = ("product", "version", "error_text", "topic")
    slots = {name: tracker.get_slot(name) for name in shown}
    return {
        "messages": replies,
        "language": tracker.get_slot("language"),
        "intent": intent.get("name"),
        "intent_confidence": intent.get("confidence"),
        "understood": _understood(message.parse_data) if message else None,
        "slots": {name: value for name, value in slots.items() if value is not None},
    }


def _understood(parsed: dict[str, Any]) -> dict[str, Any] | None:
    """Return how sure the understanding of a typed message was, 0..1; None for a click."""
    if "scope_confidence" not in parsed:
        return None
    intent = parsed["intent"]
    others = (rival for rival in parsed["intent_ranking"] if rival["name"] != intent["name"])
    rival = next(others, None)
    return {
        "intent_confidence": round(float(intent["confidence"]), DIGITS),
        "scope_confidence": round(float(parsed["scope_confidence"]), DIGITS),
        "runner_up": rival and [rival["name"], round(float(rival["confidence"]), DIGITS)],
    }


def _unreachable(error: RedisError) -> TurnFailed:
    return TurnFailed(503, "store_unavailable", f"the dialogue store does not answer: {error}")
