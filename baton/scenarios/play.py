"""Plays the steps of one scenario: what the customer and the agent do, and what is seen then."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from baton.client.agent import Agent
from baton.client.customer import Customer
from baton.client.errors import ClientError, NotInTime, Refused
from baton.client.events import LEFT, RATED, REQUESTED, Event
from baton.client.report import Failed
from baton.scenarios.checks import OF_HANDOFF, OF_REPLIES, WAITING, Seen
from baton.scenarios.model import Step

#: Longest wait (s) for the bot's answer: a turn on a machine that does much else.
TURN_S = 20.0
#: The same while the customer waits for a person, where the bot may have nothing to say.
HELP_S = 8.0
#: Longest wait (s) for a state or an event that follows at once.
SOON_S = 10.0
#: How long (s) the bot must have said nothing to have been silent: many times a usual turn.
SILENCE_S = 2.5
#: Events whose text is the customer's own.
_OWN_TEXT = (LEFT, RATED)


class Play:
    """One conversation between a customer and whoever answers.

    Args:
        customer: opened.
        agent: signed in; sees every conversation, so its role is supervisor.
    """

    def __init__(self, customer: Customer, agent: Agent) -> None:
        self._customer, self._agent = customer, agent
        self._talk = customer.conversation_id

    async def take(self, step: Step) -> Seen:
        """Do what the step says and return what was seen.

        Raises:
            Failed: it cannot be done, for instance there is no such button.
            ClientError: what must follow did not follow.
        """
        before, refused = max(self._customer.events, default=0), None
        try:
            await self._act(step)
        except Refused as error:
            if not step.expects("refused"):
                raise
            refused = error.code
        return await self._look(step, before, refused)

    async def leave(self) -> None:
        """Leave nothing behind: not in the queue, not with the agent."""
        with suppress(ClientError):
            if self._customer.state in {*WAITING, "message_left"}:
                await self._customer.cancel_handoff()
            elif self._talk in self._agent.conversations:
                await self._agent.close_conversation(self._talk)

    # ── doing ─────────────────────────────────────────────────────────────────────────────────

    async def _act(self, step: Step) -> None:
        customer, value = self._customer, step.value
        before = max(customer.events, default=0)
        match step.action:
            case "say":
                await self._say(step, value)
            case "click":
                button = self._button(value)
                await self._say(step, str(button["title"]), payload=button["payload"])
            case "vote":
                await customer.vote(self._answer().seq, helpful=value == "up")
            case "ask_person":
                await customer.request_person()
                await customer.until_event(
                    REQUESTED, what="handoff", after=before, deadline_s=SOON_S
                )
            case "back_to_bot":
                await customer.cancel_handoff()
                await customer.until_state("bot", deadline_s=SOON_S)
            case "leave_message":
                await customer.leave_message(value["contact"], value["text"])
                await customer.until_event(LEFT, what=LEFT, after=before, deadline_s=SOON_S)
            case "rate":
                await customer.rate(value)
                await customer.until_event(RATED, what=RATED, after=before, deadline_s=SOON_S)
            case "agent":
                await self._serve(*value)

    async def _say(self, step: Step, text: str, payload: Any = None) -> None:
        customer = self._customer
        seq = await customer.send(text, payload=payload)
        own = await customer.changes.until(
            lambda: customer.events.get(seq), what="own message", deadline_s=SOON_S
        )
        if own.data.get("turn") is None:
            return  # nobody but a person owes an answer
        if customer.state != "bot" and not step.checks:
            return  # the bot may have nothing to say to those who wait
        silence = any(check.name == "silence" and check.wanted for check in step.checks)
        waits = customer.state != "bot"
        patience_s = HELP_S if waits else TURN_S
        unsaid = waits or any(check.name in OF_REPLIES for check in step.checks)
        with suppress(*([NotInTime] if unsaid else [])):
            await customer.changes.until(
                lambda: customer.answers_to(seq) or None,
                what="answer",
                deadline_s=SILENCE_S if silence else patience_s,
            )
        await customer.drain()

    async def _serve(self, verb: str, words: str) -> None:
        agent, customer, talk = self._agent, self._customer, self._talk
        before = max(customer.events, default=0)
        match verb:
            case "accepts":
                await agent.until_offer(talk, deadline_s=SOON_S)
                await agent.accept(talk)
                await customer.until_agent(after=before, deadline_s=SOON_S)
            case "declines":
                await agent.until_offer(talk, deadline_s=SOON_S)
                await agent.decline(talk)
            case "says":
                self._held()
                await agent.say(talk, words)
                await customer.until_said(words, deadline_s=SOON_S)
            case "hands_back":
                self._held()
                await agent.hand_back(talk, words)
                await customer.until_state("bot", deadline_s=SOON_S)
            case "wraps_up":
                self._held()
                await agent.wrap_up(talk)
                await customer.until_state("wrap_up", deadline_s=SOON_S)
            case "closes":
                self._held()
                await agent.close_conversation(talk)
                await customer.until_state("closed", deadline_s=SOON_S)

    def _held(self) -> None:
        if self._talk not in self._agent.conversations:
            raise Failed("the agent does not hold this conversation")

    def _button(self, name: str) -> Mapping[str, Any]:
        """Find a button of the bot's latest message by title, action or article."""
        events = [e for e in self._customer.transcript() if e.author == "bot" and e.buttons]
        buttons = events[-1].buttons if events else ()
        for button in buttons:
            payload = button["payload"]
            if name in {button["title"], payload["action"], payload.get("article_id")}:
                return button
        there = ", ".join(f"«{button['title']}»" for button in buttons) or "none"
        raise Failed(f"no button «{name}»; there are: {there}")

    def _answer(self) -> Event:
        answers = [e for e in self._customer.transcript() if e.author == "bot" and e.sources]
        if not answers:
            raise Failed("there is no answer to vote on")
        return answers[-1]

    # ── seeing ────────────────────────────────────────────────────────────────────────────────

    async def _look(self, step: Step, before: int, refused: str | None) -> Seen:
        customer = self._customer
        await customer.drain()
        await self._settle(step)
        new = customer.transcript(after=before)
        replies = tuple(event for event in new if event.ends_a_turn)
        left = [event for event in customer.transcript() if event.type == LEFT]
        spoken = [e.text for e in new if e.author != "customer" and e.type not in _OWN_TEXT]
        return Seen(
            replies=replies,
            said="\n".join(text for text in spoken if text),
            intent=next((e.data["intent"] for e in replies if e.data.get("intent")), None),
            language=customer.language,
            state=customer.state,
            contact=str(left[-1].data["contact"]) if left else None,
            refused=refused,
            handoff=await self._handoff(step),
        )

    async def _settle(self, step: Step) -> None:
        """Wait for the state that is expected: it follows the event by a moment."""
        wanted = next((check.wanted for check in step.checks if check.name == "state"), None)
        if wanted is None:
            return
        fitting = WAITING if wanted == "waiting" else (wanted,)
        with suppress(NotInTime):
            await self._customer.changes.until(
                lambda: self._customer.state in fitting or None, what="state", deadline_s=SOON_S
            )

    async def _handoff(self, step: Step) -> Mapping[str, Any]:
        if not any(check.name in OF_HANDOFF for check in step.checks):
            return {}
        history = await self._agent.history(self._talk)
        asked = [event for event in history["events"] if event["type"] == REQUESTED]
        return dict(asked[-1]["data"]) if asked else {}
