"""Walks a desk page by page, names what disagrees, and mends what may be mended."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from handoff_service.audit.agents import check_agent
from handoff_service.audit.findings import Fault, Finding, Repair
from handoff_service.audit.history import History
from handoff_service.audit.log_order import LogOrder
from handoff_service.audit.places import Limits, check_place
from handoff_service.clock import Clock
from handoff_service.errors import NoSuchConversation
from handoff_service.store import Store
from handoff_service.store.audit import EVENTS, PAGE, Snapshot
from handoff_service.store.results import RepairResult


@dataclass(frozen=True, slots=True)
class Page:
    """What one step of an audit saw."""

    findings: list[Finding]
    agents: int = 0
    conversations: int = 0


class Auditor:
    """Looks at a desk while it works: each conversation and each agent as of one moment."""

    def __init__(self, store: Store, *, clock: Clock, limits: Limits, page: int = PAGE) -> None:
        """`page`: how many conversations are looked at in one round trip."""
        self._store = store
        self._clock = clock
        self._limits = limits
        self._page = page

    async def pages(self) -> AsyncIterator[Page]:
        """Yield what was seen, page by page, until all was. Raises StoreUnavailable."""
        reads = self._store.audit
        agent_ids = await reads.agent_ids()
        for start in range(0, len(agent_ids), self._page):
            names = agent_ids[start : start + self._page]
            yield Page(await self.agents(names), agents=len(names))
        async for names in reads.indexed_strangers(self._page):
            yield Page(await self.conversations(names))
        async for names in reads.conversation_ids(self._page):
            yield Page(await self.conversations(names), conversations=len(names))
        order = LogOrder()
        async for entries in reads.log_pages(self._page):
            yield Page([finding for entry in entries for finding in order.take(entry)])

    async def agents(self, agent_ids: Sequence[str]) -> list[Finding]:
        """Return what is wrong with agents' records, and with what is held without right."""
        reads, now_ms = self._store.audit, self._clock.now_ms()
        found = await reads.look_at_agents(agent_ids)
        findings: list[Finding] = []
        for one in found:
            findings += check_agent(one, grace_ms=self._limits.grace_ms, now_ms=now_ms)
        held = [(name, one.agent_id) for one in found for name in one.held]
        for snapshot in await reads.look_at(held):
            wrong = check_place(snapshot, limits=self._limits, now_ms=now_ms)
            findings += [finding for finding in wrong if finding.fault is Fault.HELD_STRAY]
        return findings

    async def conversations(self, conversation_ids: Sequence[str]) -> list[Finding]:
        """Return what is wrong with these."""
        found = await self._store.audit.look_with_holders(conversation_ids)
        findings = await self._check(found)
        doubtful = {one.conversation_id: set[Fault]() for one in findings if one.conversation_id}
        for one in findings:
            doubtful[one.conversation_id or ""].add(one.fault)
        if not doubtful:
            return []
        # What was forgotten while its events were read is no finding: look once more.
        again = await self._store.audit.look_with_holders(list(doubtful))
        return [
            one
            for one in await self._check(again)
            if one.fault in doubtful[one.conversation_id or ""]
        ]

    async def mend(self, finding: Finding) -> bool:
        """Mend it if it can be; return whether anything was changed."""
        now_ms, repairs = self._clock.now_ms(), self._store.repairs
        conversation_id, agent_id = finding.conversation_id or "", finding.agent_id or ""
        result = RepairResult.FINE
        if finding.repair is Repair.PLACE:
            result = await repairs.place(
                conversation_id,
                latest_deadline_ms=now_ms + self._limits.offer_ms,
                latest_end_ms=now_ms + self._limits.wrap_up_ms,
                now_ms=now_ms,
            )
        elif finding.repair is Repair.HOLD:
            result = await repairs.hold(conversation_id, agent_id=agent_id, now_ms=now_ms)
        elif finding.repair is Repair.AGENT:
            result = await repairs.agent(agent_id, now_ms=now_ms)
        elif finding.repair is Repair.TURNS:
            with suppress(NoSuchConversation):  # forgotten meanwhile
                result = await repairs.turns(conversation_id, now_ms=now_ms)
        return result is RepairResult.MENDED

    async def _check(self, found: Sequence[Snapshot]) -> list[Finding]:
        now_ms = self._clock.now_ms()
        findings: list[Finding] = []
        for one in found:
            findings += check_place(one, limits=self._limits, now_ms=now_ms)
        talks = [(one, one.talk, History(one.conversation_id)) for one in found if one.talk]
        unread = {talk.conversation_id: (history, 0, talk.last_seq) for _, talk, history in talks}
        while unread:
            spans = [(name, after, upto) for name, (_, after, upto) in unread.items()]
            for (name, _, upto), texts in zip(
                spans, await self._store.audit.events(spans), strict=True
            ):
                history = unread.pop(name)[0]
                for text in texts.values():
                    history.take(text)
                if len(texts) == EVENTS:
                    unread[name] = history, max(texts), upto
        for one, talk, history in talks:
            findings += history.end(one, talk)
        return findings
