"""What becomes of a customer in line: gone, asked about another language, content with less."""

from collections.abc import Sequence

from handoff_service.conversation import Needs
from handoff_service.domain import DEFAULT_LOCALE, Author
from handoff_service.store.codec import to_json
from handoff_service.store.conversations import Conversations
from handoff_service.store.results import (
    AbandonResult,
    AskResult,
    ConsentResult,
    Outcome,
    RerouteResult,
    WidenResult,
)
from handoff_service.store.transitions import Transitions
from handoff_service.wording import Wording
from handoff_service.wording.languages import say_languages


class Waits:
    """Each method is one atomic step, sentence to the customer included, and may be repeated.

    All raise NoSuchConversation and StoreUnavailable.
    """

    def __init__(
        self, conversations: Conversations, *, transitions: Transitions, wording: Wording
    ) -> None:
        """`wording`: the sentences customers read."""
        self._conversations = conversations
        self._transitions = transitions
        self._wording = wording

    async def abandon(
        self, conversation_id: str, *, gone_since_ms: int, now_ms: int
    ) -> Outcome[AbandonResult]:
        """Take a customer out of line who was last seen at `gone_since_ms` or before.

        They read it when they come back, with a button that puts them in line again. ABANDONED,
        BACK or GONE; a conversation that does not exist is GONE.
        """
        language = await self._language(conversation_id)
        button = {
            "title": self._wording.sentence("button.request_person", language),
            "payload": {"action": "request_person"},
        }
        text = self._wording.sentence("handoff.abandoned", language)
        return await self._transitions.run_on_holder(
            "abandon",
            conversation_id,
            now_ms=now_ms,
            args=[gone_since_ms, to_json({"text": text, "buttons": [button]})],
            result=AbandonResult,
        )

    async def ask_consent(
        self, conversation_id: str, *, epoch: int, languages: Sequence[str], now_ms: int
    ) -> Outcome[AskResult]:
        """Ask a waiting customer whether one of these languages will do, once a request.

        ASKED, REPEATED, STALE or NOT_WAITING.
        """
        own = await self._language(conversation_id)
        language, others = say_languages(own, languages, locale=own)
        text = self._wording.sentence("handoff.consent_asked", own)
        buttons = [
            {
                "title": self._wording.sentence(f"button.{title}", own),
                "payload": {"action": "any_language", "yes": yes},
            }
            for title, yes in (("any_language", True), ("own_language", False))
        ]
        data = {
            "languages": list(languages),
            "text": text.replace("{languages}", others).replace("{language}", language),
            "buttons": buttons,
        }
        return await self._transitions.run(
            "ask_consent",
            conversation_id,
            now_ms=now_ms,
            args=[epoch, to_json(data)],
            result=AskResult,
        )

    async def consent(
        self, conversation_id: str, *, message_id: str, text: str, yes: bool, now_ms: int
    ) -> Outcome[ConsentResult]:
        """Store a customer's answer to that question, once per message_id.

        Their words are a message.posted (whose seq is returned). ANSWERED, REPEATED, or
        NOT_WAITING: they are not in line, or were not asked; nothing is stored.
        """
        said = {
            "message_id": message_id,
            "author": Author.CUSTOMER.value,
            "text": text,
            "payload": {"action": "any_language", "yes": yes},
        }
        return await self._transitions.run(
            "consent",
            conversation_id,
            now_ms=now_ms,
            args=[message_id, to_json(said), int(yes)],
            result=ConsentResult,
        )

    async def widen(
        self, conversation_id: str, *, epoch: int, what: str, now_ms: int
    ) -> Outcome[WidenResult]:
        """Note that a waiting conversation no longer insists on this, once a request.

        `what`: level, skill, team or wanted_agent; of languages the customer decides.
        WIDENED, REPEATED, STALE or NOT_WAITING.
        """
        return await self._transitions.run(
            "widen", conversation_id, now_ms=now_ms, args=[epoch, what], result=WidenResult
        )

    async def reroute(
        self, conversation_id: str, *, epoch: int, needs: Needs, now_ms: int
    ) -> Outcome[RerouteResult]:
        """Let a waiting conversation need something else, since the rules have changed.

        REROUTED, REPEATED, KEPT, STALE or NOT_WAITING.
        """
        return await self._transitions.run(
            "reroute",
            conversation_id,
            now_ms=now_ms,
            args=[epoch, to_json(needs.to_json())],
            result=RerouteResult,
        )

    async def _language(self, conversation_id: str) -> str:
        return await self._conversations.language(conversation_id) or DEFAULT_LOCALE
