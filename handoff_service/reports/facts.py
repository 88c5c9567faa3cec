"""What the events of one conversation amount to: the facts that reports count. Pure.

A *round* is the unit of "conversation" in reports: from the customer's first word, or request for a
person, to the close; who writes again after that begins another round. A fact has the language,
site, team, agent, topic, reason, article and releases as they stand in its round when it begins, a
closed round those it ended with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from handoff_service.archive.projection import Fact as Event
from handoff_service.domain import EventType

#: What facts can be grouped and filtered by, and the most characters of each that are kept.
LONGEST = {
    "language": 16, "site": 64, "team": 200, "agent": 64, "topic": 200, "reason": 64,
    "article": 200, "index_version": 64, "bot_release": 64,
}  # fmt: skip
DIMENSIONS = tuple(LONGEST)
#: Words of the bot that answer, and those that do not; small talk says nothing either way.
ANSWERS = frozenset({"answer", "notice"})
NO_ANSWERS = frozenset({"clarify", "offer_person", "triage"})
#: Scores of CSAT from here on say that it helped.
SATISFIED = 4
#: A conversation of more facts of one kind is no conversation; the rest is not counted.
MOST_FACTS = 10_000
#: Raised for data of another shape than this version knows: the event is passed over.
OTHER_SHAPE = (KeyError, TypeError, ValueError, AttributeError, IndexError)

Row = dict[str, Any]


@dataclass(slots=True)
class Facts:
    """Rows by kind, each with its dimensions; without conversation, number and n."""

    starts: list[Row] = field(default_factory=list)
    rounds: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    holds: list[Row] = field(default_factory=list)
    stints: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)

    def by_kind(self) -> dict[str, list[Row]]:
        """Return the rows of each kind."""
        return {each.name: getattr(self, each.name)[:MOST_FACTS] for each in fields(self)}


def facts_of(events: Iterable[Event]) -> Facts:
    """Read the events of one conversation, in order, from the first one on."""
    reader = _Reader()
    for event in events:
        try:
            reader.take(event)
        except OTHER_SHAPE:  # noqa: PERF203 - the events after it count
            continue
    return reader.facts


@dataclass(slots=True)
class _Round:
    """A round that goes on, or whose answers may still be voted on."""

    began_ms: int
    handed: bool = False
    held: bool = False
    #: "That helped", "that did not help", None: nothing of the kind since the last answer.
    said: bool | None = None
    satisfied: bool = False
    #: The last substantial word of the bot was an answer, and where it stands.
    answered: bool = False
    last_answer: int | None = None
    votes: dict[int, bool] = field(default_factory=dict)
    wrapped_ms: int | None = None
    row: Row | None = None

    def judge(self) -> dict[str, bool]:
        """Return what the customer made of the bot's help."""
        vote = self.votes.get(self.last_answer) if self.last_answer is not None else None
        disliked = vote is False or self.said is False
        helped = self.said is True or self.satisfied or any(self.votes.values())
        return {
            "confirmed": helped and not disliked,
            "answered": self.answered,
            "disliked": disliked,
        }


class _Reader:
    def __init__(self) -> None:
        self.facts = Facts()
        self._customer = ""
        self._where = dict.fromkeys(DIMENSIONS, "")
        self._round: _Round | None = None
        self._rounds: list[tuple[int, _Round]] = []  # first seq of each
        self._request: Row | None = None
        self._left: list[Row] = []
        self._hold: Row | None = None
        self._stint: Row | None = None  # of the hold, or of who set it aside
        self._stint_by = ""
        self._wrapping_ms: int | None = None
        self._answers: dict[int, Row] = {}
        self._surveys: dict[Any, tuple[Row, _Round | None, str]] = {}

    def take(self, event: Event) -> None:
        step = _STEPS.get(str(event.type))
        if step is not None:
            step(self, event, event.data)

    # -- rounds

    def _begin(self, event: Event) -> _Round:
        """Return the round that goes on; begin one if none does."""
        if self._round is not None:
            return self._round
        if self._rounds and (row := self._rounds[-1][1].row) is not None:
            row["reopened_ms"] = event.at_ms
        for name in DIMENSIONS[2:]:
            self._where[name] = ""
        self._round = _Round(event.at_ms)
        self._rounds.append((event.seq, self._round))
        self.facts.starts.append(self._row(event.at_ms) | {"customer_id": self._customer[:64]})
        return self._round

    def _round_at(self, seq: int) -> _Round | None:
        """Return the round in which an event stands."""
        return next((each for first, each in reversed(self._rounds) if first <= seq), None)

    def _started(self, _event: Event, data: Row) -> None:
        self._customer = data["customer_id"]
        self._know(language=data["locale"], site=data.get("site"))

    def _identified(self, _event: Event, data: Row) -> None:
        self._customer = data["customer_id"]
        for row in (*self.facts.starts, *self.facts.rounds):
            row["customer_id"] = self._customer[:64]

    def _language(self, _event: Event, data: Row) -> None:
        self._know(language=data["language"])

    def _closed(self, event: Event, _data: Row) -> None:
        self._settle(event.at_ms, "closed")
        self._let_go(event.at_ms, "closed")
        self._end_stint()
        ended, self._round = self._round, None
        self._left.clear()
        if ended is None:
            return
        ended.row = self._row(event.at_ms) | {
            "customer_id": self._customer[:64],
            "began_ms": ended.began_ms,
            "done_ms": ended.wrapped_ms or event.at_ms,
            "next_ms": None,
            "reopened_ms": None,
            "handed": ended.handed,
            "held": ended.held,
            **ended.judge(),
        }
        self.facts.rounds.append(ended.row)

    # -- what was said

    def _posted(self, event: Event, data: Row) -> None:
        author = data["author"]
        if author == "customer":
            self._customer_said(event, data)
        elif author == "bot":
            self._bot_said(event, data)
        elif author == "agent":
            request = self._request
            if request is not None and request["accepted_ms"] is not None:
                request["replied_ms"] = request["replied_ms"] or event.at_ms
            for row in self._left:
                row["answered_ms"] = event.at_ms
            self._left.clear()

    def _customer_said(self, event: Event, data: Row) -> None:
        here = self._begin(event)
        here.wrapped_ms = None
        self._stop_wrapping(event.at_ms)
        action = (data.get("payload") or {}).get("action")
        if action in {"helped", "not_helped"}:
            here.said = action == "helped"

    def _bot_said(self, event: Event, data: Row) -> None:
        self._know(bot_release=data.get("release"))
        here, kind = self._round, data.get("kind")
        if here is None:
            return
        if data.get("intent") in {"helped", "not_helped"} and kind not in ANSWERS:
            here.said = data["intent"] == "helped"
        if kind in ANSWERS:
            here.answered, here.said, here.last_answer = True, None, event.seq
        elif kind in NO_ANSWERS:
            here.answered = False
        row = {"answer": kind == "answer" and bool(data.get("sources"))}
        if row["answer"]:
            article = data["sources"][0].get("article_id")
            self._know(article=article, index_version=data.get("index_version"))
        row = self._row(event.at_ms, agent="") | row | {"vote": None, "mark": ""}
        self._answers[event.seq] = row
        if row["answer"]:
            self.facts.answers.append(row)

    def _voted(self, _event: Event, data: Row) -> None:
        seq, helpful = data["seq"], data["helpful"] is True
        if (row := self._answers.get(seq)) is not None and row["answer"]:
            row["vote"] = int(helpful)
        if (here := self._round_at(seq)) is not None:
            here.votes[seq] = helpful
            self._judge_again(here)

    def _marked(self, event: Event, data: Row) -> None:
        seq, verdict = data["seq"], str(data["verdict"])[:16]
        row = self._answers.get(seq)
        if row is None:  # of the customer: an answer is missing, or not after all
            row = self._row(event.at_ms, agent="") | {"answer": False, "vote": None, "mark": ""}
            self._answers[seq] = row
        if not row["answer"] and not row["mark"]:
            self.facts.answers.append(row)
        row["mark"] = verdict

    @staticmethod
    def _judge_again(here: _Round) -> None:
        if here.row is not None:
            here.row.update(here.judge())

    # -- requests for a person

    def _requested(self, event: Event, data: Row) -> None:
        here = self._begin(event)
        here.handed = True
        needs = data.get("needs") or {}
        self._know(reason=data["reason"], topic=data.get("topic"), team=needs.get("team"))
        self._request = self._row(event.at_ms, agent="") | {
            "accepted_ms": None,
            "replied_ms": None,
            "ended_ms": None,
            "how": "",
            "sla_ms": needs.get("sla_ms"),
        }
        self.facts.requests.append(self._request)

    def _settle(self, at_ms: int, how: str) -> None:
        """End the wait, if it goes on."""
        request = self._request
        if request is not None and not request["how"]:
            request["how"], request["ended_ms"] = how, at_ms
            if how == "accepted":
                request["accepted_ms"], request["agent"] = at_ms, self._where["agent"]
        if how in {"closed", "cancelled", "abandoned", "returned"}:
            self._request = None

    def _went_back(self, event: Event, _data: Row) -> None:
        gave_up = event.type == EventType.HANDOFF_ABANDONED
        self._settle(event.at_ms, "abandoned" if gave_up else "cancelled")
        self._end_stint()

    def _message_left(self, event: Event, _data: Row) -> None:
        self._settle(event.at_ms, "left")
        row = self._row(event.at_ms, agent="") | {"answered_ms": None}
        self.facts.left.append(row)
        self._left.append(row)

    # -- people's time

    def _taken(self, event: Event, data: Row) -> None:
        """An agent has it: accepted, took over, or took up again what was set aside."""
        agent = data["agent_id"]
        if not agent:
            return
        here = self._begin(event)
        here.held, here.wrapped_ms = True, None
        self._let_go(event.at_ms, "taken_over")
        self._know(agent=agent)
        self._settle(event.at_ms, "accepted")
        if self._stint is not None and self._stint_by != agent:
            self._end_stint()
        if self._stint is None:
            self._stint, self._stint_by = self._row(0) | {"handle_ms": 0, "wrap_ms": 0}, agent
        self._hold = self._row(event.at_ms) | {"ended_ms": None}
        self.facts.holds.append(self._hold)

    def _let_go(self, at_ms: int, how: str) -> None:
        """The agent has it no more."""
        self._stop_wrapping(at_ms)
        hold, self._hold = self._hold, None
        if hold is None or self._stint is None:
            return
        hold["ended_ms"] = at_ms
        self._stint["handle_ms"] += at_ms - hold["at_ms"]
        self._stint |= {"at_ms": at_ms, "how": how}
        if how != "parked":
            self._end_stint()

    def _end_stint(self) -> None:
        stint, self._stint = self._stint, None
        if stint is not None and self._hold is None:
            self.facts.stints.append(stint)

    def _stop_wrapping(self, at_ms: int) -> None:
        since, self._wrapping_ms = self._wrapping_ms, None
        if since is not None and self._stint is not None:
            self._stint["wrap_ms"] += at_ms - since

    def _wrapped_up(self, event: Event, _data: Row) -> None:
        self._wrapping_ms = event.at_ms
        if self._round is not None:
            self._round.wrapped_ms = event.at_ms

    def _parked(self, event: Event, _data: Row) -> None:
        self._let_go(event.at_ms, "parked")

    def _lost(self, event: Event, _data: Row) -> None:
        self._let_go(event.at_ms, "lost")

    def _transferred(self, event: Event, data: Row) -> None:
        self._let_go(event.at_ms, "transferred")
        to = data.get("to") or {}
        self._know(team=to["id"] if to.get("kind") == "team" else None)

    def _returned(self, event: Event, _data: Row) -> None:
        self._settle(event.at_ms, "returned")
        self._let_go(event.at_ms, "returned")
        self._end_stint()

    # -- questions how it went

    def _survey_asked(self, event: Event, data: Row) -> None:
        row = self._survey_row(event, data, asked=True)
        here = self._round_at(data["about"])
        self._surveys[data["kind"], data["about"]] = (row, here, data.get("after") or "")

    def _survey_answered(self, event: Event, data: Row) -> None:
        key = (data["kind"], data["about"])
        if key not in self._surveys:
            row = self._survey_row(event, data, asked=False)
            self._surveys[key] = (row, self._round_at(data["about"]), data.get("after") or "")
        row, here, after = self._surveys[key]
        row["score"] = data.get("score")
        row["skipped"] = row["score"] is None
        if here is not None and row["kind"] == "csat" and after == "answer":
            here.satisfied = (row["score"] or 0) >= SATISFIED
            self._judge_again(here)

    def _rated(self, event: Event, data: Row) -> None:
        stars = int(data["stars"])
        agent = {"agent_id": self._where["agent"]}
        row = self._survey_row(event, {"kind": "csat"} | agent, asked=False)
        row |= {"score": stars, "skipped": False}

    def _survey_row(self, event: Event, data: Row, *, asked: bool) -> Row:
        row = self._row(event.at_ms, agent=data.get("agent_id") or "") | {
            "kind": data["kind"][:16],
            "asked": asked,
            "skipped": False,
            "score": None,
        }
        self.facts.surveys.append(row)
        return row

    # -- dimensions

    def _know(self, **words: str | None) -> None:
        for name, word in words.items():
            self._where[name] = (word or "").replace("\0", "")[: LONGEST[name]]

    def _row(self, at_ms: int, **other: str) -> Row:
        words = {name: word[: LONGEST[name]] for name, word in other.items()}
        return {"at_ms": at_ms} | self._where | words


_STEPS = {
    EventType.STARTED.value: _Reader._started,
    EventType.CUSTOMER_IDENTIFIED.value: _Reader._identified,
    EventType.LANGUAGE_CHANGED.value: _Reader._language,
    EventType.CLOSED.value: _Reader._closed,
    EventType.MESSAGE_POSTED.value: _Reader._posted,
    EventType.ANSWER_VOTED.value: _Reader._voted,
    EventType.ANSWER_MARKED.value: _Reader._marked,
    EventType.HANDOFF_REQUESTED.value: _Reader._requested,
    EventType.HANDOFF_CANCELLED.value: _Reader._went_back,
    EventType.HANDOFF_ABANDONED.value: _Reader._went_back,
    EventType.MESSAGE_LEFT.value: _Reader._message_left,
    EventType.HANDOFF_ASSIGNED.value: _Reader._taken,
    EventType.HANDOFF_TAKEN_OVER.value: _Reader._taken,
    EventType.RESUMED.value: _Reader._taken,
    EventType.WRAPPED_UP.value: _Reader._wrapped_up,
    EventType.PARKED.value: _Reader._parked,
    EventType.AGENT_LOST.value: _Reader._lost,
    EventType.HANDOFF_TRANSFERRED.value: _Reader._transferred,
    EventType.HANDOFF_RETURNED.value: _Reader._returned,
    EventType.SURVEY_ASKED.value: _Reader._survey_asked,
    EventType.SURVEY_ANSWERED.value: _Reader._survey_answered,
    EventType.RATED.value: _Reader._rated,
}
