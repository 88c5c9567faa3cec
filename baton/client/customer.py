"""A customer on the WebSocket of a running system, as the widget is one."""

import time
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias

from baton.client.changes import DEADLINE_S, Changes
from baton.client.errors import Refused
from baton.client.events import ASSIGNED, LANGUAGE_CHANGED, REQUESTED, Event
from baton.client.link import Frame, Link, Tap, nobody
from baton.client.web import get_page, open_http, post_json

#: The type of an event, or a predicate of events.
Wanted: TypeAlias = str | Callable[[Event], bool]


class Customer:
    """One visitor with one conversation; `async with Customer(url) as customer` opens the socket.

    `events` holds the conversation by number, from the socket alone. Whatever was written but not
    acknowledged is sent again, with the same id, after each reconnect.

    Args:
        url: site, for instance http://127.0.0.1:8080.
        locale: language of the page the widget is on.
        visitor_token: of an earlier visit, to continue its conversation.
        secret: the operator's secret, for measurements that must not meet the rate limits.
        page: `url` and `title` of the page the widget is on.
        identity: who the customer is, signed by the site.
        tap: is told all that happens on the socket.
    """

    def __init__(
        self,
        url: str,
        *,
        locale: str = "en",
        visitor_token: str | None = None,
        secret: str | None = None,
        page: Mapping[str, str] | None = None,
        identity: str | None = None,
        tap: Tap = nobody,
    ) -> None:
        self.url, self.locale, self.visitor_token = url.rstrip("/"), locale, visitor_token
        self.events: dict[int, Event] = {}
        self.arrived: dict[int, float] = {}  # number → time.perf_counter() of its first coming
        self.repeated = 0  # events that came twice
        self.state, self.epoch = "bot", 1
        self.place: int | None = None
        self.wait_ms: tuple[int, int] | None = None  # how long it will take, from to
        self.may_leave = False
        self.on_duty: bool | None = None
        self.conversation_id = ""
        self.changes = Changes()
        self._secret, self._page, self._identity = secret, page, identity
        self._token, self._tap = "", tap

    async def __aenter__(self) -> Self:
        self._http = open_http()
        self._link = Link(
            self._http,
            self.url,
            path="/ws/customer",
            hello=self._hello,
            on_frame=self._take,
            changes=self.changes,
            tap=self._tap,
        )
        try:
            await self.begin()
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

    async def begin(self) -> None:
        """Get tokens and the conversation they open.

        Raises:
            NotReachable: nothing answers.
            Refused: for instance `token_expired` for an old visitor token.
        """
        body: dict[str, Any] = {"locale": self.locale}
        if self.visitor_token:
            body["visitor_token"] = self.visitor_token
        if self._page:
            body["page"] = dict(self._page)
        if self._identity:
            body["identity"] = self._identity
        headers = {"Authorization": f"Bearer {self._secret}"} if self._secret else {}
        answer = await post_json(
            self._http, f"{self.url}/api/customer/session", body, headers=headers
        )
        self.visitor_token, self._token = answer["visitor_token"], answer["session_token"]
        self.conversation_id = answer["conversation_id"]

    async def come_back(self) -> None:
        """Open the socket, go on from the last event seen, send what is unacknowledged."""
        await self._link.open()

    async def go_away(self) -> None:
        """Close the socket; what is written meanwhile waits in the outbox."""
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

    # ── what a customer does ──────────────────────────────────────────────────────────────────

    async def send(
        self,
        text: str,
        *,
        payload: Any = None,
        message_id: str | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> int:
        """Send a message, or a clicked button with its payload; return its number once stored."""
        return await self._do(
            "message",
            deadline_s=deadline_s,
            message_id=message_id,
            text=text,
            **({"payload": payload} if payload else {}),
        )

    async def write(self, text: str, *, message_id: str | None = None) -> str:
        """Send a message without waiting for its acknowledgement; return its id."""
        key = message_id or new_id()
        await self._link.post(key, {"type": "message", "message_id": key, "text": text})
        return key

    async def stored(self, message_id: str, *, deadline_s: float = DEADLINE_S) -> int | None:
        """Wait for the acknowledgement of a message sent by `write`."""
        return await self._link.confirmed(message_id, deadline_s=deadline_s)

    async def say(
        self, text: str, *, payload: Any = None, deadline_s: float = DEADLINE_S
    ) -> list[Event]:
        """Send a message and return what the bot answered.

        Our message and the answers to it carry the same `turn`. The turn is over with the first
        of these answers, or with `handoff.requested`: all replies of a turn are stored in one
        step, so the rest follows at once, and the pong of a ping sent then comes after it.
        """
        seq = await self.send(text, payload=payload, deadline_s=deadline_s)
        await self.changes.until(
            lambda: self.answers_to(seq) or None, what="answer", deadline_s=deadline_s
        )
        await self._link.drain()
        return self.answers_to(seq)

    def answers_to(self, seq: int) -> list[Event]:
        """Return what the bot has said so far in answer to our message of this number."""
        own = self.events.get(seq)
        if own is None:  # acknowledged before it was sent back
            return []
        turn = own.data.get("turn")
        return [
            event
            for event in self.transcript(after=seq)
            if event.type == REQUESTED or (event.author == "bot" and event.data.get("turn") == turn)
        ]

    async def click(self, event: Event, action: str, *, nth: int = 0) -> list[Event]:
        """Click the nth button of that action under a message of the bot."""
        fitting = [b for b in event.buttons if b["payload"]["action"] == action]
        if nth >= len(fitting):
            raise Refused("no_button", f"no button «{action}» under event {event.seq}")
        button = fitting[nth]
        return await self.say(button["title"], payload=button["payload"])

    async def request_person(self) -> int:
        """Press "talk to a person"."""
        return await self._do("request_person")

    async def cancel_handoff(self) -> int:
        """Leave the queue, back to the bot."""
        return await self._do("cancel_handoff")

    async def leave_message(self, contact: str, text: str) -> int:
        """Leave a message while nobody is on duty."""
        return await self._do("leave_message", contact=contact, text=text)

    async def rate(self, stars: int, comment: str = "") -> int:
        """Rate the conversation, 1 to 5 stars."""
        return await self._do("rate", stars=stars, comment=comment)

    async def vote(self, answer_seq: int, *, helpful: bool) -> int:
        """Say whether the answer of this number helped."""
        return await self._do("vote", seq=answer_seq, helpful=helpful)

    async def send_raw(self, frame: Frame) -> None:
        """Send any frame as it is."""
        await self._link.write(frame)

    # ── what a customer sees ──────────────────────────────────────────────────────────────────

    @property
    def language(self) -> str:
        """Return the language of the conversation: the page's until the system changes it."""
        changes = [e.data["language"] for e in self.transcript() if e.type == LANGUAGE_CHANGED]
        return str(changes[-1]) if changes else self.locale

    def transcript(self, *, after: int = 0) -> list[Event]:
        """Return the events seen with a higher number, in order."""
        return [self.events[seq] for seq in sorted(self.events) if seq > after]

    async def until_event(
        self, wanted: Wanted, *, what: str, after: int = 0, deadline_s: float = DEADLINE_S
    ) -> Event:
        """Return the first event after `after` that fits.

        Args:
            wanted: the event's type or a predicate.
            what: names it in the error.
            after: only events with a higher number count.
            deadline_s: longest wait in seconds.
        """

        def fits(event: Event) -> bool:
            return event.type == wanted if isinstance(wanted, str) else wanted(event)

        return await self.changes.until(
            lambda: next(filter(fits, self.transcript(after=after)), None),
            what=what,
            deadline_s=deadline_s,
        )

    async def until_state(self, state: str, *, deadline_s: float = DEADLINE_S) -> None:
        """Wait until the conversation is in this state."""
        await self.changes.until(
            lambda: self.state == state or None, what=f"state {state}", deadline_s=deadline_s
        )

    async def until_agent(self, *, after: int = 0, deadline_s: float = DEADLINE_S) -> Event:
        """Wait until an agent holds the conversation."""
        return await self.until_event(ASSIGNED, what="agent", after=after, deadline_s=deadline_s)

    async def until_said(self, text: str, *, deadline_s: float = DEADLINE_S) -> Event:
        """Wait for a message of exactly this text, whoever wrote it."""
        return await self.until_event(
            lambda e: e.author is not None and e.text == text,
            what=f"message {text[:30]!r}",
            deadline_s=deadline_s,
        )

    async def drain(self) -> None:
        """Wait until all that was acknowledged, and all the system had sent before now, is here.

        An acknowledgement may come before the event it speaks of. Raises NotInTime.
        """
        acked = self._link.last_acked
        await self.changes.until(
            lambda: max(self.events, default=0) >= acked or None, what=f"event {acked}"
        )
        await self._link.drain()

    async def page(self, path: str) -> tuple[int, str]:
        """Fetch a page of the site; return its status and text."""
        return await get_page(self._http, self.url + path)

    # ── frames ────────────────────────────────────────────────────────────────────────────────

    async def _do(
        self,
        kind: str,
        *,
        deadline_s: float = DEADLINE_S,
        message_id: str | None = None,
        **fields: Any,
    ) -> int:
        key = message_id or new_id()
        await self._link.post(key, {"type": kind, "message_id": key, **fields})
        return await self._link.confirmed(key, deadline_s=deadline_s) or max(self.events, default=0)

    async def _hello(self) -> Frame:
        last = max(self.events, default=0)
        return {
            "type": "hello",
            "v": 1,
            "token": self._token,
            "last_seq": last,
            "locale": self.locale,
        }

    def _take(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "event":
            event = Event.from_json(frame["event"])
            self.repeated += event.seq in self.events
            self.arrived.setdefault(event.seq, time.perf_counter())
            self.events[event.seq] = event
        elif kind in {"welcome", "state"}:
            self.state, self.on_duty = frame["state"], frame["on_duty"]
            self.place = frame.get("place")
            wait_ms = frame.get("wait_ms")
            self.wait_ms = (wait_ms[0], wait_ms[1]) if wait_ms else None
            self.may_leave = frame.get("may_leave") is True
            self.epoch = frame.get("epoch", self.epoch)
        elif kind == "error" and frame["code"] in {"token_invalid", "token_expired"}:
            raise Refused(frame["code"], frame["message"])


def new_id() -> str:
    """Return a message id as the browser makes one."""
    return uuid.uuid4().hex
