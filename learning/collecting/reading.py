"""Reads the events of one conversation, in order, into the turns that the bot was asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from handoff_service.archive.projection import Fact as Event
from handoff_service.domain import EventType
from learning.collecting.substance import has_substance
from learning.collecting.told import KINDS, WISHES, Account, Told

#: Raised for data of another shape than this version knows: the event is passed over.
OTHER_SHAPE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
#: What a customer's click says of the answer before it.
HELPED: Mapping[str, bool] = MappingProxyType(
    {"helped": True, "not_helped": False, "none_of_these": False, "other_problem": False}
)
#: Scores of CSAT that say whether an answer helped.
SATISFIED, UNSATISFIED = 4, 2
#: The field of triage that says how somebody is reached, and perhaps their name.
CONTACT = "contact"


def read_talk(events: Iterable[Event]) -> Account:
    """Return the turns of a conversation.

    A turn is a message that the customer typed and the bot was to answer; clicks are none, but say
    something of the turn before. What a person wrote belongs to the last question before the
    handoff, unless that came of a question of its own.
    """
    reader = _Reader()
    for event in events:
        try:
            reader.take(event)
        except OTHER_SHAPE:  # noqa: PERF203 - the events after it count
            continue
    return reader.account


class _Reader:
    def __init__(self) -> None:
        self.account = Account()
        self._language = "en"
        #: By the number of the turn; None: a click.
        self._turns: dict[int, Told | None] = {}
        #: By the number of the bot's message, for votes and marks.
        self._said: dict[int, Told] = {}
        self._by_seq: dict[int, Told] = {}
        #: The latest turn that asked something, the one before it, in this round.
        self._question: Told | None = None
        self._before: Told | None = None
        #: The bot is asking on before a handoff.
        self._triage = False
        #: The turn that was answered last, until the customer speaks again.
        self._spoken: Told | None = None
        self._spoken_ms = 0
        #: What a person owes an answer to.
        self._owed: list[Told] = []
        #: A person is writing it, undisturbed; the number of the first message of it.
        self._speaking, self._first = False, 0
        self._steps: Mapping[str, Callable[[Event, dict[str, Any]], None]] = {
            EventType.STARTED: self._started,
            EventType.CUSTOMER_IDENTIFIED: self._identified,
            EventType.LANGUAGE_CHANGED: self._changed,
            EventType.MESSAGE_POSTED: self._posted,
            EventType.MESSAGE_EDITED: self._edited,
            EventType.HANDOFF_REQUESTED: self._requested,
            EventType.HANDOFF_ASSIGNED: self._assigned,
            EventType.HANDOFF_TAKEN_OVER: self._assigned,
            EventType.ANSWER_VOTED: self._voted,
            EventType.ANSWER_MARKED: self._marked,
            EventType.SURVEY_ANSWERED: self._surveyed,
            EventType.CLOSED: self._closed,
        }

    def take(self, event: Event) -> None:
        step = self._steps.get(event.type)
        if step is not None:
            step(event, event.data)

    def _started(self, _: Event, data: dict[str, Any]) -> None:
        self._language = data["locale"]
        self.account.site = str(data.get("site") or "")[:64]

    def _identified(self, _: Event, data: dict[str, Any]) -> None:
        if data.get("name"):
            self.account.names.add(str(data["name"]))

    def _changed(self, _: Event, data: dict[str, Any]) -> None:
        self._language = data["language"]

    def _assigned(self, _: Event, data: dict[str, Any]) -> None:
        if data.get("agent_name"):
            self.account.agents.add(str(data["agent_name"]))

    # -- what was said

    def _posted(self, event: Event, data: dict[str, Any]) -> None:
        author = data["author"]
        if author == "customer":
            self._asked(event, data)
        elif author == "bot" and "turn" in data:
            self._replied(event, data)
        elif author == "agent":
            self._helped_out(event, data)

    def _asked(self, event: Event, data: dict[str, Any]) -> None:
        self._spoken, self._speaking = None, False
        if "turn" not in data:
            return
        payload = data.get("payload")
        text = str(data.get("text") or "").strip()
        if payload:
            self._turns[data["turn"]] = None
            self._clicked(str(payload.get("action")), payload)
        elif text:
            turn = Told(event.seq, event.at_ms, text, self._language)
            self._turns[data["turn"]] = self._by_seq[event.seq] = turn
            self.account.turns.append(turn)

    def _clicked(self, action: str, payload: dict[str, Any]) -> None:
        if self._question is None:
            return
        if action in HELPED:
            self._question.helped = HELPED[action]
        elif action == "show_article" and self._question.did == "clarify":
            self._question.article_id = payload["article_id"]
            self._question.article_locale = payload["locale"]

    def _replied(self, event: Event, data: dict[str, Any]) -> None:
        kind = data.get("kind") or "smalltalk"
        turn = self._turns.get(data["turn"])
        if turn is None:
            if kind == "answer" and self._question is not None:
                self._said[event.seq] = self._question  # to what was chosen
            return
        self._said[event.seq] = turn
        first = turn.reply_seq is None
        if first:
            turn.reply_seq, turn.language = event.seq, self._language
            self._understood(turn, data)
        if KINDS.index(kind) < KINDS.index(turn.did):
            turn.did = kind
        if kind == "answer" and turn.answer_confidence is None:
            source = (data.get("sources") or [{}])[0]
            turn.answer_confidence = data.get("confidence")
            turn.article_id, turn.article_locale = source.get("article_id"), source.get("locale")
        turn.query = turn.query or str(data.get("query") or "")
        turn.index_version = turn.index_version or data.get("index_version")
        if first:
            self._place(turn)
        self._triage = kind == "triage"
        self._spoken, self._spoken_ms = turn, event.at_ms

    @staticmethod
    def _understood(turn: Told, data: dict[str, Any]) -> None:
        understood = data.get("understood") or {}
        turn.intent, turn.release = data.get("intent"), data.get("release")
        turn.intent_confidence = understood.get("intent_confidence")
        turn.scope_confidence = understood.get("scope_confidence")
        rival = understood.get("runner_up")
        turn.runner_up = rival[0] if rival else None

    def _place(self, turn: Told) -> None:
        """Say what a turn is among the others: more of the same, a verdict, a question."""
        if self._triage and turn.did not in {"answer", "clarify", "notice", "offer_person"}:
            turn.in_triage = True
            return
        verdict = HELPED.get(turn.intent or "")
        if verdict is not None and self._question is not None:
            self._question.helped = verdict
        if turn.asks:
            self._before, self._question = self._question, turn

    def _helped_out(self, event: Event, data: dict[str, Any]) -> None:
        if data.get("author_name"):
            self.account.agents.add(str(data["author_name"]))
        text = str(data.get("text") or "").strip()
        if self._first and self._first != event.seq and not self._speaking:
            self._owed = []  # the customer spoke meanwhile: it is about something else now
        if text and self._owed and (self._speaking or has_substance(text)):
            self._speaking, self._first = True, self._first or event.seq
            for turn in self._owed:
                turn.words[event.seq] = text
                turn.agent_id = turn.agent_id or data.get("agent_id")

    def _edited(self, _: Event, data: dict[str, Any]) -> None:
        for turn in self.account.turns:
            if data["of_seq"] in turn.words:
                turn.words[data["of_seq"]] = str(data["text"])

    # -- a person is called

    def _in_step(self, event: Event, data: dict[str, Any]) -> Told | None:
        """Return the turn whose answer calls a person; None: the customer clicked for one.

        An answer and its request are written at once, and both name the release.
        """
        at_once = self._spoken_ms == event.at_ms or "release" in data
        return self._spoken if at_once else None

    def _requested(self, event: Event, data: dict[str, Any]) -> None:
        for answer in data.get("triage") or ():
            if answer.get("field") == CONTACT and answer.get("answer"):
                self.account.contacts.add(str(answer["answer"]))
        if data.get("contact"):
            self.account.contacts.add(str(data["contact"]))
        reason = str(data["reason"])[:64]
        turn = self._turns.get(data["turn"]) if "turn" in data else self._in_step(event, data)
        if turn is not None:
            if turn.reply_seq is None:
                turn.language = self._language
                self._understood(turn, data)
                turn.in_triage = self._triage
            turn.handoff_reason = reason
            turn.did = turn.did if turn.did == "answer" else "handoff"
        self._triage = False
        about = self._about(turn, reason)
        for each in about:
            each.handoff_reason = each.handoff_reason or reason
            if each.did in {"answer", "clarify", "notice", "offer_person"} and each is not turn:
                each.helped = each.helped if each.helped is not None else False
        self._owed, self._speaking, self._first = about, False, 0

    def _about(self, turn: Told | None, reason: str) -> list[Told]:
        """Return the question that a person is called for: this turn, or the one before it."""
        if turn is not None and turn.asks and reason not in WISHES:
            if turn is not self._question:
                self._before, self._question = self._question, turn
            return [turn]
        question = self._before if self._question is turn else self._question
        return [question] if question is not None else [turn] if turn is not None else []

    # -- what was thought of it

    def _voted(self, _: Event, data: dict[str, Any]) -> None:
        turn = self._said.get(data["seq"])
        if turn is not None:
            turn.vote = 1 if data["helpful"] is True else -1
            turn.helped = turn.vote == 1

    def _marked(self, _: Event, data: dict[str, Any]) -> None:
        turn = self._said.get(data["seq"]) or self._by_seq.get(data["seq"])
        if turn is not None:
            turn.mark = data["verdict"]

    def _surveyed(self, _: Event, data: dict[str, Any]) -> None:
        turn = self._said.get(data.get("about", -1))
        score = data.get("score")
        if turn is None or turn.helped is not None or score is None or data["kind"] != "csat":
            return
        if score >= SATISFIED or score <= UNSATISFIED:
            turn.helped = score >= SATISFIED

    def _closed(self, _: Event, __: dict[str, Any]) -> None:
        self._question = self._before = self._spoken = None
        self._triage = self._speaking = False
        self._owed = []
