"""Asks a customer how it went, where the rules of the site say so."""

import logging
from dataclasses import dataclass

from handoff_service.clock import Clock
from handoff_service.conversation import Conversation
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.live import Live
from handoff_service.sites import Sites, SurveyAfter
from handoff_service.store import Store
from handoff_service.surveys import Kind, choose_survey
from handoff_service.wording import Wording

logger = logging.getLogger(__name__)

#: The customer says that they have what they came for: the moment at which a question to somebody
#: who talked with the bot alone disturbs least. Who just leaves is asked nothing.
ENDS = frozenset({"thank_you", "goodbye", "helped"})


@dataclass(frozen=True, slots=True)
class Asking:
    """A question is worth less than what goes on: if it cannot be asked, nobody is told."""

    store: Store
    sites: Live[Sites]
    wording: Wording
    clock: Clock

    async def after_person(self, conversation_id: str) -> None:
        """Ask, perhaps, when an agent has ended a talk."""
        try:
            talk = await self.store.conversations.get(conversation_id)
        except (NoSuchConversation, StoreUnavailable):
            logger.warning("%s: nobody was asked how it went", conversation_id, exc_info=True)
        else:
            await self._ask(talk, SurveyAfter.PERSON)

    async def after_answer(self, talk: Conversation, *, intent: str | None) -> None:
        """Ask, perhaps, when the bot's answers were thanked for and no person was called."""
        if intent in ENDS and talk.answered and talk.known_agent is None:
            await self._ask(talk, SurveyAfter.ANSWER)

    async def _ask(self, talk: Conversation, after: SurveyAfter) -> None:
        rules, now_ms = self.sites.now.find(talk.site).survey, self.clock.now_ms()
        try:
            kind = choose_survey(
                rules,
                after=after,
                customer_id=talk.customer_id,
                asked=await self.store.surveys.asked(talk.customer_id),
                now_ms=now_ms,
            )
            if kind is None:
                return
            outcome = await self.store.surveys.ask(
                talk.conversation_id,
                kind=kind,
                after=after,
                rules=rules,
                customer_id=talk.customer_id,
                words=self._words(kind, after, talk.language),
                now_ms=now_ms,
            )
            logger.info("survey %s of %s: %s", kind.value, talk.conversation_id, outcome.result)
        except (NoSuchConversation, StoreUnavailable):
            logger.warning("%s: nobody was asked how it went", talk.conversation_id, exc_info=True)

    def _words(self, kind: Kind, after: SurveyAfter, language: str) -> dict[str, str]:
        question = f"csat_{after.value}" if kind is Kind.CSAT else kind.value
        names = {"text": question, "low": f"{kind.value}_low", "high": f"{kind.value}_high"}
        return {
            name: self.wording.sentence(f"survey.{part}", language) for name, part in names.items()
        }
