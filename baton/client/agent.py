"""An agent on the WebSocket of a running system, as the console is one."""

from collections import defaultdict
from types import TracebackType
from typing import Any, Self

from baton.client.changes import DEADLINE_S, Changes
from baton.client.customer import new_id
from baton.client.events import Event
from baton.client.link import Frame, Link, Tap, nobody
from baton.client.web import get_json, open_http, post_json

Summary = dict[str, Any]


class Agent:
    """One signed-in agent; `async with Agent(url, login=…, password=…) as agent` opens the socket.

    `offers` and `conversations` hold what the console would show, by conversation id; `events` the
    events of each conversation by number.
    """

    def __init__(self, url: str, *, login: str, password: str, tap: Tap = nobody) -> None:
        self.url, self.login = url.rstrip("/"), login
        self.agent: dict[str, Any] = {}
        self.csrf_token = ""
        self.presence = "offline"
        self.presence_reason: str | None = None
        self.parked: dict[str, Summary] = {}
        self.queue: dict[str, Any] = {}
        self.offers: dict[str, Summary] = {}
        self.conversations: dict[str, Summary] = {}
        self.gone: dict[str, str] = {}  # conversation → why its offer, or its hold, went away
        self.lost: dict[str, str] = {}  # conversation → why it was taken while this agent was away
        self.events: dict[str, dict[int, Event]] = defaultdict(dict)
        self.changes = Changes()
        self._password, self._tap = password, tap

    async def __aenter__(self) -> Self:
        self._http = open_http()
        self._link = Link(
            self._http,
            self.url,
            path="/ws/agent",
            hello=self._hello,
            on_frame=self._take,
            changes=self.changes,
            tap=self._tap,
        )
        try:
            await self.sign_in()
            await self._link.open()
        except BaseException:
            await self._http.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._link.close()
        await self._http.close()

    async def sign_in(self) -> None:
        """Sign in; the cookie goes along with the socket.

        Raises:
            NotReachable: nothing answers.
            Refused: wrong login or password.
        """
        body = {"login": self.login, "password": self._password}
        answer = await post_json(self._http, f"{self.url}/api/login", body)
        self.agent, self.csrf_token = answer["agent"], answer["csrf_token"]

    async def come_back(self) -> None:
        """Open the socket again after `go_away`."""
        await self._link.open()

    async def go_away(self) -> None:
        """Close the socket as a crashed browser does, without a word."""
        await self._link.close()

    @property
    def away(self) -> bool:
        """Tell whether the socket was closed and is to stay so."""
        return self._link.away

    async def settled(self, *, deadline_s: float = DEADLINE_S) -> None:
        """Wait until everything written was acknowledged or refused. Raises NotInTime."""
        await self._link.settled(deadline_s=deadline_s)

    @property
    def connections(self) -> int:
        """How often the socket was opened."""
        return self._link.connections

    # ── what an agent does ────────────────────────────────────────────────────────────────────

    async def set_presence(self, status: str) -> None:
        """Go online, away or offline; return once the system says so."""
        frame = {"type": "presence", "status": status}
        self._tap("sent", frame)
        await self._link.write(frame)
        await self.changes.until(lambda: self.presence == status or None, what=f"presence {status}")

    async def accept(self, conversation_id: str) -> None:
        """Accept an offer; raise Refused with `offer_expired` or `offer_taken` when it is gone."""
        await self._decide("accept", conversation_id, self.offers[conversation_id]["epoch"])
        await self.until_holding(conversation_id)

    async def decline(self, conversation_id: str, reason: str = "busy") -> None:
        """Decline an offer."""
        epoch = self.offers[conversation_id]["epoch"]
        await self._decide("decline", conversation_id, epoch, reason=reason)

    async def say(self, conversation_id: str, text: str, *, message_id: str | None = None) -> int:
        """Send a message to the customer; return its number once stored."""
        key = await self.write(conversation_id, text, message_id=message_id)
        return await self.stored(key) or 0

    async def write(self, conversation_id: str, text: str, *, message_id: str | None = None) -> str:
        """Send a message without waiting for its acknowledgement; return its id."""
        key = message_id or new_id()
        frame = self._frame("message", conversation_id, message_id=key, text=text)
        await self._link.post(key, frame)
        return key

    async def stored(self, message_id: str, *, deadline_s: float = DEADLINE_S) -> int | None:
        """Wait for the acknowledgement of a message sent by `write`."""
        return await self._link.confirmed(message_id, deadline_s=deadline_s)

    async def hand_back(self, conversation_id: str, note: str = "") -> None:
        """Give the conversation back to the bot."""
        await self._decide("hand_back", conversation_id, self._epoch(conversation_id), note=note)

    async def wrap_up(self, conversation_id: str, disposition: str = "solved") -> None:
        """End the talk; the customer is asked for a rating."""
        epoch = self._epoch(conversation_id)
        await self._decide("wrap_up", conversation_id, epoch, disposition=disposition)

    async def transfer(self, conversation_id: str, kind: str, to: str, *, note: str = "") -> None:
        """Pass the conversation on: to an `agent` by id, to a `team` or a `skill` by name."""
        target = {"kind": kind, "to": to, "note": note}
        await self._command(self._frame("transfer", conversation_id) | target)

    async def take_over(self, conversation_id: str) -> None:
        """Take any open conversation: what supervisors may."""
        await self._command({"type": "take_over", "conversation_id": conversation_id})
        await self.until_holding(conversation_id)

    async def whisper(
        self, conversation_id: str, text: str, *, message_id: str | None = None
    ) -> None:
        """Tell the conversation's agent something the customer never sees."""
        key = message_id or new_id()
        said = {"conversation_id": conversation_id, "message_id": key, "text": text}
        await self._link.post(key, {"type": "whisper", **said})
        await self._link.confirmed(key, deadline_s=DEADLINE_S)

    async def park(self, conversation_id: str, until_ms: int, *, note: str = "") -> None:
        """Set the conversation aside until a time, ms since the epoch."""
        epoch = self._epoch(conversation_id)
        await self._decide("park", conversation_id, epoch, until_ms=until_ms, note=note)

    async def resume(self, conversation_id: str) -> None:
        """Take up what this agent parked."""
        await self._command({"type": "resume", "conversation_id": conversation_id})
        await self.until_holding(conversation_id)

    async def draft(self, conversation_id: str, text: str) -> None:
        """Say what is being written; nothing answers."""
        await self._link.write(self._frame("draft", conversation_id, text=text))

    async def close_conversation(self, conversation_id: str) -> None:
        """Close the conversation."""
        await self._decide("close", conversation_id, self._epoch(conversation_id))

    async def send_raw(self, frame: Frame) -> None:
        """Send any frame as it is."""
        await self._link.write(frame)

    async def history(self, conversation_id: str) -> dict[str, Any]:
        """Return {"summary", "events"} of a conversation, from the API."""
        return await get_json(self._http, f"{self.url}/api/conversations/{conversation_id}")

    # ── what an agent sees ────────────────────────────────────────────────────────────────────

    async def until_offer(self, conversation_id: str, *, deadline_s: float = DEADLINE_S) -> Summary:
        """Wait until this conversation is offered; return the offer."""
        return await self.changes.until(
            lambda: self.offers.get(conversation_id), what="offer", deadline_s=deadline_s
        )

    async def until_holding(
        self, conversation_id: str, *, deadline_s: float = DEADLINE_S
    ) -> Summary:
        """Wait until this agent holds the conversation."""
        return await self.changes.until(
            lambda: self.conversations.get(conversation_id),
            what="conversation",
            deadline_s=deadline_s,
        )

    async def until_said(
        self, conversation_id: str, text: str, *, deadline_s: float = DEADLINE_S
    ) -> Event:
        """Wait for a message of exactly this text in a conversation."""
        return await self.changes.until(
            lambda: next(
                (
                    event
                    for event in self.events[conversation_id].values()
                    if event.author is not None and event.text == text
                ),
                None,
            ),
            what=f"message {text[:30]!r}",
            deadline_s=deadline_s,
        )

    async def drain(self) -> None:
        """Wait until everything the system had sent before now has arrived."""
        await self._link.drain()

    # ── frames ────────────────────────────────────────────────────────────────────────────────

    def _epoch(self, conversation_id: str) -> int:
        return int(self.conversations[conversation_id]["epoch"])

    def _frame(self, kind: str, conversation_id: str, **fields: Any) -> Frame:
        epoch = self._epoch(conversation_id)
        return {"type": kind, "conversation_id": conversation_id, "epoch": epoch, **fields}

    async def _decide(self, kind: str, conversation_id: str, epoch: int, **fields: Any) -> None:
        about = {"type": kind, "conversation_id": conversation_id, "epoch": epoch}
        await self._command(about | fields)

    async def _command(self, frame: Frame) -> None:
        conversation_id = frame["conversation_id"]
        await self._link.post(conversation_id, frame)
        await self._link.confirmed(conversation_id, deadline_s=DEADLINE_S)

    async def _hello(self) -> Frame:
        seen = {key: max(events) for key, events in self.events.items() if events}
        return {"type": "hello", "v": 1, "conversations": seen}

    def _take(self, frame: Frame) -> None:
        handlers = {
            "welcome": self._welcome,
            "offer": self._offer,
            "offer_gone": self._offer_gone,
            "conversation": self._conversation,
            "conversation_gone": self._conversation_gone,
            "event": self._event,
        }
        kind = frame["type"]
        if kind in handlers:
            handlers[kind](frame)
        elif kind == "presence":
            self.presence, self.presence_reason = frame["status"], frame.get("reason")
        elif kind == "queue":
            self.queue = frame

    def _welcome(self, frame: Frame) -> None:
        self.presence, self.queue = frame["presence"], frame["queue"]
        self.presence_reason = frame.get("presence_reason")
        self.parked = {talk["conversation_id"]: talk for talk in frame.get("parked", ())}
        self.lost = {loss["conversation_id"]: loss["reason"] for loss in frame.get("lost", ())}
        self.offers = {offer["conversation_id"]: offer for offer in frame["offers"]}
        self.conversations = {talk["conversation_id"]: talk for talk in frame["conversations"]}

    def _offer(self, frame: Frame) -> None:
        offer = frame["offer"]
        self.offers[offer["conversation_id"]] = offer
        self.gone.pop(offer["conversation_id"], None)

    def _offer_gone(self, frame: Frame) -> None:
        self.offers.pop(frame["conversation_id"], None)
        self.gone[frame["conversation_id"]] = frame["reason"]

    def _conversation(self, frame: Frame) -> None:
        self.conversations[frame["summary"]["conversation_id"]] = frame["summary"]

    def _conversation_gone(self, frame: Frame) -> None:
        self.conversations.pop(frame["conversation_id"], None)
        self.gone[frame["conversation_id"]] = frame["reason"]

    def _event(self, frame: Frame) -> None:
        event = Event.from_json(frame["event"])
        self.events[event.conversation_id][event.seq] = event
