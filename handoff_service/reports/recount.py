"""Reads conversations event by event, the slow and plain way, to check the facts by.

Nothing here is shared with facts.py, pages.py or the tables they keep: each kind of fact is looked
for by itself, in passes over the list of a conversation's events. What a fact is stands there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from handoff_service.archive.projection import Fact as Event

#: Column of a dimension → longest word.
_DIMENSIONS = {
    "language": 16, "site": 64, "team": 200, "agent": 64, "topic": 200, "reason": 64,
    "article": 200, "index_version": 64, "bot_release": 64,
}  # fmt: skip
_LASTING = ("language", "site")
_TAKES = ("handoff.assigned", "handoff.taken_over", "conversation.resumed")
_LETS_GO = {
    "conversation.parked": "parked", "agent.lost": "lost", "handoff.transferred": "transferred",
    "handoff.returned": "returned", "conversation.closed": "closed",
}  # fmt: skip
_HELPED: dict[str, bool | None] = {"helped": True, "not_helped": False}
_ENDS_ALL = ("handoff.cancelled", "handoff.abandoned", "handoff.returned", "conversation.closed")


@dataclass(slots=True)
class Seen:
    """Something that counts: when, with which words, and what else is known of it."""

    at_ms: int
    words: dict[str, str]
    told: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # what was told, of any type
        return self.told[name]


@dataclass(slots=True)
class Recount:
    """All that was seen, by kind."""

    customer: str = ""
    starts: list[Seen] = field(default_factory=list)
    rounds: list[Seen] = field(default_factory=list)
    requests: list[Seen] = field(default_factory=list)
    holds: list[Seen] = field(default_factory=list)
    stints: list[Seen] = field(default_factory=list)
    answers: list[Seen] = field(default_factory=list)
    surveys: list[Seen] = field(default_factory=list)
    left: list[Seen] = field(default_factory=list)


def recount(events: Iterable[Event]) -> Recount:
    """Look through one conversation, all its events in order."""
    talk = _Talk(list(events))
    found = Recount(customer=talk.customer)
    found.starts = [Seen(talk.events[a].at_ms, talk.before(a)) for a, _ in talk.spans]
    found.rounds = [talk.closed_round(n) for n, (_, b) in enumerate(talk.spans) if b is not None]
    found.requests = list(talk.requests())
    found.holds = list(talk.holds())
    found.stints = list(talk.stints(found.holds))
    found.answers = list(talk.answers())
    found.surveys = list(talk.surveys())
    found.left = list(talk.left())
    return found


class _Talk:
    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.customer = ""
        #: Of each round: its first event, and the one that closed it.
        self.spans: list[tuple[int, int | None]] = []
        self._words: list[dict[str, str]] = []
        self._look_for_rounds()
        self._replay_words()

    def _look_for_rounds(self) -> None:
        began: int | None = None
        for place, event in enumerate(self.events):
            if event.type in {"conversation.started", "customer.identified"}:
                self.customer = event.data["customer_id"][:64]
            if began is None and self._begins(event):
                began = place
            if event.type == "conversation.closed" and began is not None:
                self.spans.append((began, place))
                began = None
        if began is not None:
            self.spans.append((began, None))

    @staticmethod
    def _begins(event: Event) -> bool:
        if event.type == "message.posted":
            return bool(event.data["author"] == "customer")
        if event.type in _TAKES:
            return bool(event.data["agent_id"])
        return event.type == "handoff.requested"

    def _replay_words(self) -> None:
        first = {a for a, _ in self.spans}
        words = dict.fromkeys(_DIMENSIONS, "")
        for place, event in enumerate(self.events):
            if place in first:
                words = {name: words[name] if name in _LASTING else "" for name in words}
            words = words | {
                name: (word or "").replace("\0", "")[: _DIMENSIONS[name]]
                for name, word in self._tells(place, event).items()
            }
            self._words.append(words)

    def _tells(self, place: int, event: Event) -> dict[str, str | None]:
        data = event.data
        match event.type:
            case "conversation.started":
                return {"language": data["locale"], "site": data.get("site")}
            case "language.changed":
                return {"language": data["language"]}
            case "handoff.requested":
                team = (data.get("needs") or {}).get("team")
                return {"reason": data["reason"], "topic": data.get("topic"), "team": team}
            case "handoff.transferred":
                to = data.get("to") or {}
                return {"team": to["id"] if to.get("kind") == "team" else ""}
            case "message.posted" if data["author"] == "bot":
                told = {"bot_release": data.get("release")}
                if data.get("kind") == "answer" and data.get("sources") and self._within(place):
                    told["article"] = data["sources"][0].get("article_id")
                    told["index_version"] = data.get("index_version")
                return told
            case kind if kind in _TAKES and data["agent_id"]:
                return {"agent": data["agent_id"]}
        return {}

    def _within(self, place: int) -> bool:
        return any(a <= place and (b is None or place <= b) for a, b in self.spans)

    def before(self, place: int) -> dict[str, str]:
        """Return the words with which a round begins."""
        known = self._words[place - 1] if place else dict.fromkeys(_DIMENSIONS, "")
        return {name: known[name] if name in _LASTING else "" for name in _DIMENSIONS}

    def _of(self, *kinds: str) -> Iterator[tuple[int, Event]]:
        return ((n, event) for n, event in enumerate(self.events) if event.type in kinds)

    def _said(self, place: int, author: str) -> bool:
        event = self.events[place]
        return event.type == "message.posted" and bool(event.data["author"] == author)

    # -- rounds

    def _round_of_seq(self, seq: int) -> int | None:
        places = [n for n, (a, _) in enumerate(self.spans) if self.events[a].seq <= seq]
        return places[-1] if places else None

    def closed_round(self, number: int) -> Seen:
        a, b = self.spans[number]
        assert b is not None  # noqa: S101 (who calls has looked)
        inside = self.events[a : b + 1]
        later = self.spans[number + 1 :]
        wrapped = None
        for event in inside:
            if event.type == "conversation.wrapped_up":
                wrapped = event.at_ms
            elif (event.type == "message.posted" and event.data["author"] == "customer") or (
                event.type in _TAKES and event.data["agent_id"]
            ):
                wrapped = None
        return Seen(
            inside[-1].at_ms,
            self._words[b],
            {
                "began_ms": inside[0].at_ms,
                "done_ms": wrapped if wrapped is not None else inside[-1].at_ms,
                "reopened_ms": self.events[later[0][0]].at_ms if later else None,
                "handed": any(event.type == "handoff.requested" for event in inside),
                "held": any(e.type in _TAKES and e.data["agent_id"] for e in inside),
                **self._opinion(number, inside),
            },
        )

    def _opinion(self, number: int, inside: list[Event]) -> dict[str, bool]:
        votes: dict[int, bool] = {}
        for _, event in self._of("answer.voted"):
            if self._round_of_seq(event.data["seq"]) == number:
                votes[event.data["seq"]] = event.data["helpful"] is True
        last_answer, answered, said = None, False, None
        for event in inside:
            if event.type != "message.posted":
                continue
            data, kind = event.data, event.data.get("kind")
            if data["author"] == "customer":
                said = _HELPED.get(str((data.get("payload") or {}).get("action")), said)
            elif data["author"] == "bot" and kind in {"answer", "notice"}:
                last_answer, answered, said = event.seq, True, None
            elif data["author"] == "bot":
                said = _HELPED.get(str(data.get("intent")), said)
                answered = answered and kind not in {"clarify", "offer_person", "triage"}
        disliked = said is False or (last_answer in votes and not votes[last_answer])
        helped = said is True or any(votes.values()) or self._satisfied(number)
        return {
            "answered": answered,
            "disliked": disliked,
            "confirmed": helped and not disliked,
        }

    def _satisfied(self, number: int) -> bool:
        score = 0
        asked = {
            event.data["about"]: event.data.get("after")
            for _, event in self._of("survey.asked")
            if event.data["kind"] == "csat"
        }
        for _, event in self._of("survey.answered"):
            data = event.data
            after = asked.get(data["about"], data.get("after"))
            mine = self._round_of_seq(data["about"]) == number
            if mine and data["kind"] == "csat" and after == "answer":
                score = data.get("score") or 0
        return score >= 4

    # -- requests and left messages

    def requests(self) -> Iterator[Seen]:
        for place, event in self._of("handoff.requested"):
            told: dict[str, Any] = {
                "how": "", "ended_ms": None, "replied_ms": None,
                "sla_ms": (event.data.get("needs") or {}).get("sla_ms"),
            }  # fmt: skip
            agent = ""
            for later in range(place + 1, len(self.events)):
                after = self.events[later]
                if after.type == "handoff.requested":
                    break
                if not told["how"] and (how := self._settles(after)):
                    told |= {"how": how, "ended_ms": after.at_ms}
                    agent = after.data["agent_id"] if how == "accepted" else ""
                elif told["how"] == "accepted" and self._said(later, "agent"):
                    told["replied_ms"] = told["replied_ms"] or after.at_ms
                if after.type in _ENDS_ALL:
                    break
            yield Seen(event.at_ms, self._words[place] | {"agent": agent[:64]}, told)

    @staticmethod
    def _settles(event: Event) -> str:
        if event.type in _TAKES:
            return "accepted" if event.data["agent_id"] else ""
        return {
            "handoff.cancelled": "cancelled", "handoff.abandoned": "abandoned",
            "handoff.returned": "returned", "conversation.closed": "closed",
            "message.left": "left",
        }.get(str(event.type), "")  # fmt: skip

    def left(self) -> Iterator[Seen]:
        for place, event in self._of("message.left"):
            answered = None
            for later in range(place + 1, len(self.events)):
                if self._said(later, "agent"):
                    answered = self.events[later].at_ms
                if answered or self.events[later].type == "conversation.closed":
                    break
            words = self._words[place] | {"agent": ""}
            yield Seen(event.at_ms, words, {"answered_ms": answered})

    # -- people's time

    def holds(self) -> Iterator[Seen]:
        for place, event in self._of(*_TAKES):
            if not event.data["agent_id"]:
                continue
            told: dict[str, Any] = {"ended_ms": None, "how": "", "place": place, "wrap_ms": 0}
            wrapping: int | None = None
            for later in range(place + 1, len(self.events)):
                after = self.events[later]
                taken = after.type in _TAKES and after.data["agent_id"]
                how = "taken_over" if taken else _LETS_GO.get(str(after.type), "")
                if wrapping is not None and (how or self._said(later, "customer")):
                    told["wrap_ms"] += after.at_ms - wrapping
                    wrapping = None
                if after.type == "conversation.wrapped_up":
                    wrapping = after.at_ms
                if how:
                    told |= {"ended_ms": after.at_ms, "how": how, "end_place": later}
                    break
            yield Seen(event.at_ms, self._words[place], told)

    def stints(self, holds: list[Seen]) -> Iterator[Seen]:
        waiting: list[Seen] = []  # what one agent did so far, and set aside
        for number, hold in enumerate(holds):
            if hold["ended_ms"] is None:
                return
            waiting.append(hold)
            if hold["how"] == "parked":
                following = holds[number + 1] if number + 1 < len(holds) else None
                until = following["place"] if following else len(self.events)
                between = self.events[hold["end_place"] : until]
                over = any(event.type in _ENDS_ALL for event in between)
                if not over and following is None:
                    return
                if not over and following and following.words["agent"] == hold.words["agent"]:
                    continue
            yield Seen(
                hold["ended_ms"],
                waiting[0].words,
                {
                    "how": hold["how"],
                    "handle_ms": sum(each["ended_ms"] - each.at_ms for each in waiting),
                    "wrap_ms": sum(each["wrap_ms"] for each in waiting),
                },
            )
            waiting = []

    # -- what was thought of it

    def answers(self) -> Iterator[Seen]:
        votes = {e.data["seq"]: e.data["helpful"] is True for _, e in self._of("answer.voted")}
        marks = {e.data["seq"]: (n, e.data["verdict"]) for n, e in self._of("answer.marked")}
        first_marks = {e.data["seq"]: n for n, e in reversed([*self._of("answer.marked")])}
        seqs = {event.seq: n for n, event in self._of("message.posted")}
        for seq, place in seqs.items():
            event = self.events[place]
            bot = event.data["author"] == "bot" and self._within(place)
            real = bot and event.data.get("kind") == "answer" and bool(event.data.get("sources"))
            if not real and seq not in marks:
                continue
            where = place if bot else first_marks[seq]
            yield Seen(
                self.events[where].at_ms,
                self._words[where] | {"agent": ""},
                {
                    "answer": real,
                    "vote": votes.get(seq) if real else None,
                    "mark": marks[seq][1] if seq in marks else "",
                },
            )

    def surveys(self) -> Iterator[Seen]:
        answers: dict[tuple[str, int], tuple[int, Event]] = {}
        for place, event in self._of("survey.answered"):
            key = (event.data["kind"], event.data["about"])
            answers[key] = (answers.get(key, (place, event))[0], event)
        for place, event in self._of("survey.asked"):
            answer = answers.pop((event.data["kind"], event.data["about"]), None)
            yield self._survey(place, event.data, answer[1].data if answer else None, asked=True)
        for place, event in answers.values():
            yield self._survey(place, event.data, event.data, asked=False)
        for place, event in self._of("conversation.rated"):
            data = {"kind": "csat", "score": event.data["stars"]}
            data["agent_id"] = self._words[place]["agent"]
            yield self._survey(place, data, data, asked=False)

    def _survey(self, place: int, data: Any, answer: Any, *, asked: bool) -> Seen:
        agent = (data.get("agent_id") or "")[:64]
        score = answer.get("score") if answer else None
        told = {"kind": data["kind"], "asked": asked, "score": score,
                "skipped": answer is not None and score is None}  # fmt: skip
        return Seen(self.events[place].at_ms, self._words[place] | {"agent": agent}, told)
