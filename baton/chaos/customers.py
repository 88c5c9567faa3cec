"""A customer of a run: asks, waits, talks, closes the tab, comes back, leaves, begins again."""

import asyncio
from contextlib import AsyncExitStack

from baton.chaos.ledger import CUSTOMER
from baton.chaos.people import ACK_S, Person, Scene, attempt, insist
from baton.chaos.replay import ASSIGNED, BOT, CLOSED, MESSAGE_LEFT, WRAP_UP
from baton.client.customer import Customer
from baton.client.errors import ClientError, NotInTime
from baton.client.events import Event
from baton.client.phrases import LOCALES

#: Shares of customers, or of moments, in which something happens: chosen so that each thing does
#: in a run of a minute, and most conversations still come to a talk.
LEAVES_AFTER_BOT = 0.1
WRITES_WHILE_WAITING = 0.3
BLINKS = 0.15  #: closes the tab for a moment
CANCELS = 0.06
LEAVES = 0.05
WRITES_ON = 0.15  #: after the wrap-up
RATES = 0.5
COMES_AGAIN = 0.25  #: in the same conversation, after it was closed
#: How long a tab stays closed (s), before pace.
BLINK_S = 6.0
#: How often somebody who waits thinks of leaving before doing so.
PATIENCE = 15
#: Messages of a talk with an agent.
TALK = (2, 6)
#: People do not arrive all at once: within this time (s), before pace.
ARRIVAL_S = 30.0
#: Asks whether somebody who speaks another language may answer.
CONSENT_ASKED = "handoff.consent_asked"
#: Left while nobody is there to take it.
CONTACT = "someone@example.com"


class CustomerPlayer(Person):
    """One person in front of the widget; `visits` are all sockets they ever had.

    Args:
        scene: what all share.
        number: tells customers apart.
        seed: of the run.
        stack: closes the sockets in the end.
    """

    def __init__(self, scene: Scene, *, number: int, seed: int, stack: AsyncExitStack) -> None:
        super().__init__(scene, who=f"customer-{number}", seed=seed)
        self.visits: list[Customer] = []
        self._answered: set[tuple[str, int]] = set()  # conversation and number of the question
        self._stack = stack

    async def play(self) -> None:
        """Visit the site again and again until cancelled."""
        await self.pause(self.rng.uniform(0, ARRIVAL_S))
        while True:
            customer = await self._arrive()
            await self._visit(customer)
            while customer.state == CLOSED and self.odds(COMES_AGAIN):
                await self.think()
                await self._come_back(customer)
                await self._visit(customer)
            await customer.go_away()
            await self.think()

    async def _arrive(self) -> Customer:
        ledger = self.scene.new_ledger(f"{self.who}-{len(self.visits) + 1}", CUSTOMER)
        locale = self.rng.choice(LOCALES)
        customer = Customer(self.scene.url, locale=locale, tap=ledger.tap)
        try:
            await insist(lambda: self._stack.enter_async_context(customer))
        except BaseException:
            self.scene.ledgers.remove(ledger)  # they never got in, and said nothing
            raise
        ledger.conversation_id = customer.conversation_id
        self.visits.append(customer)
        return customer

    async def _visit(self, customer: Customer) -> None:
        if self.scene.with_bot:
            for _ in range(self.rng.randint(0, 2)):
                await self._ask_bot(customer)
        if self.odds(LEAVES_AFTER_BOT):
            return
        await self.think()
        if not await attempt(customer.request_person()):
            return
        if await self._wait(customer):
            await self._talk(customer)
            await self._part(customer)

    async def _ask_bot(self, customer: Customer) -> None:
        await self.think()
        key = await customer.write(self.scene.words.question(customer.locale))
        if await attempt(customer.stored(key, deadline_s=ACK_S)):
            await self.think()

    async def _wait(self, customer: Customer) -> bool:
        """Wait for a person; return False when there is none to talk to."""
        for _ in range(PATIENCE):
            if await self._until(customer, ASSIGNED, BOT, CLOSED, MESSAGE_LEFT):
                break
            asked = self._unanswered(customer)
            if asked:
                button = self.rng.choice(asked.buttons)
                text, payload = button["title"], button["payload"]
                await attempt(customer.send(text, payload=payload, deadline_s=ACK_S))
            elif self.odds(WRITES_WHILE_WAITING):
                await self._write(customer)
            elif self.odds(BLINKS):
                await self._blink(customer)
            elif self.odds(CANCELS):
                await attempt(customer.cancel_handoff())
                return False
            elif self.odds(LEAVES):
                return False
        if customer.on_duty is False and self.odds(0.5):
            words = self.scene.words.from_customer(customer.locale)
            await attempt(customer.leave_message(CONTACT, words))
        return customer.state == ASSIGNED

    def _unanswered(self, customer: Customer) -> Event | None:
        """Return the question whether somebody who speaks another language may answer."""
        asked = [event for event in customer.transcript() if event.type == CONSENT_ASKED]
        if not asked or (asked[-1].conversation_id, asked[-1].seq) in self._answered:
            return None
        self._answered.add((asked[-1].conversation_id, asked[-1].seq))
        return asked[-1]

    async def _talk(self, customer: Customer) -> None:
        for _ in range(self.rng.randint(*TALK)):
            await self.think()
            if customer.state in {BOT, CLOSED, WRAP_UP}:
                return
            await self._write(customer)
            if self.odds(0.2):
                await self._write(customer)
            if self.odds(BLINKS):
                await self._blink(customer)

    async def _part(self, customer: Customer) -> None:
        if not await self._until(customer, WRAP_UP, CLOSED, BOT):
            return
        if customer.state == WRAP_UP and self.odds(WRITES_ON):
            await self._write(customer)
            await self._until(customer, WRAP_UP, CLOSED, BOT)
        if customer.state in {WRAP_UP, CLOSED} and self.odds(RATES):
            await attempt(customer.rate(self.rng.randint(1, 5)))

    async def _write(self, customer: Customer) -> None:
        await customer.write(self.scene.words.from_customer(customer.locale))

    async def _blink(self, customer: Customer) -> None:
        await customer.go_away()
        await self.pause(BLINK_S)
        await self._come_back(customer)

    async def _come_back(self, customer: Customer) -> None:
        if customer.away:
            await insist(customer.come_back)

    async def _until(self, customer: Customer, *states: str) -> bool:
        """Wait for one of these states, but no longer than a message takes to write."""
        try:
            await customer.changes.until(
                lambda: customer.state in states or None,
                what=" or ".join(states),
                deadline_s=self.scene.timing.gap_s(self.rng),
            )
        except NotInTime:
            return False
        return True

    async def return_at_last(self, *, deadline_s: float) -> list[tuple[str, str]]:
        """Open every conversation again and hear all of it; return (conversation, why not)."""
        failed: list[tuple[str, str]] = []
        for customer in self.visits:
            why = await self._hear_out(customer, deadline_s=deadline_s)
            if why:
                failed.append((customer.conversation_id, why))
        return failed

    async def _hear_out(self, customer: Customer, *, deadline_s: float) -> str | None:
        try:
            async with asyncio.timeout(deadline_s):
                await self._come_back(customer)
            await customer.settled(deadline_s=deadline_s)
            await customer.drain()
        except (ClientError, TimeoutError) as error:
            return f"{self.who}: {error!r}"
        return None
