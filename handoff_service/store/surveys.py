"""Questions to customers how it went, in the live store: asked in time, answered."""

from handoff_service.sites import SurveyAfter, SurveyRules
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.keys import Keys
from handoff_service.store.results import AnswerSurveyResult, AskSurveyResult, Outcome
from handoff_service.store.transitions import Transitions
from handoff_service.store.transport import Client, translated
from handoff_service.surveys import DAY_MS, Kind, quiet_ms, rules_by_kind


class SurveyWrites:
    """Each method is one atomic step and may be repeated. All raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys, *, transitions: Transitions) -> None:
        """Use the customers of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys
        self._transitions = transitions

    async def asked(self, customer_id: str) -> dict[str, int]:
        """Return when the customer was asked each kind last, ms."""
        with translated():
            found = await self._redis.hgetall(self._keys.asked(customer_id))
        return {kind: int(at_ms) for kind, at_ms in found.items()}

    async def ask(
        self,
        conversation_id: str,
        *,
        kind: Kind,
        after: SurveyAfter,
        rules: SurveyRules,
        customer_id: str,
        words: dict[str, str],
        now_ms: int,
    ) -> Outcome[AskSurveyResult]:
        """Ask (event survey.asked), if the rules still permit it: another replica may have asked.

        `words`: text, low and high, what the customer reads. ASKED, REPEATED, TOO_SOON or NOT_NOW.
        Raises NoSuchConversation.
        """
        again_ms = rules_by_kind(rules)[kind].again_days * DAY_MS
        data = {"kind": kind.value, "after": after.value, **words}
        return await self._transitions.run(
            "ask_survey",
            conversation_id,
            now_ms=now_ms,
            args=[kind.value, after.value, quiet_ms(rules), again_ms, to_json(data)],
            more_keys=[self._keys.asked(customer_id)],
            result=AskSurveyResult,
        )

    async def answer(
        self,
        conversation_id: str,
        *,
        message_id: str,
        kind: Kind,
        score: int | None,
        comment: str,
        now_ms: int,
    ) -> Outcome[AnswerSurveyResult]:
        """Store the answer, or without a score that the question was skipped, once per message_id.

        ANSWERED, REPEATED, or NOT_ASKED: another question stands. Raises NoSuchConversation.
        """
        data = {
            "message_id": message_id,
            "kind": kind.value,
            "score": score,
            "comment": comment or None,
            "skipped": True if score is None else None,
        }
        return await self._transitions.run(
            "answer_survey",
            conversation_id,
            now_ms=now_ms,
            args=[
                message_id,
                kind.value,
                "" if score is None else score,
                to_json(without_none(data)),
            ],
            result=AnswerSurveyResult,
        )
