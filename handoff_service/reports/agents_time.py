"""Adds up agents' time in plain Python, for adding_up.py."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from handoff_service.reports.figures import Figure
from handoff_service.reports.question import TIMES, Question
from handoff_service.reports.recount import Seen

#: Every hour of every zone begins with a quarter of an hour of UTC, and so does a change of clocks.
QUARTER_MS = 900_000

#: The figure of each group; None is the whole.
Figures: TypeAlias = dict[str | None, Figure]


def time_key(question: Question, at_ms: int) -> str:
    """Return the day, hour or weekday of a moment, on the clocks of the question's zone."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(question.zone)
    if question.by == "hour":
        return str(local.hour)
    return str(local.weekday()) if question.by == "weekday" else local.date().isoformat()


class AgentsTime:
    """How long agents held conversations and were online, whole and by group."""

    def __init__(
        self,
        question: Question,
        holds: Sequence[Seen],
        presence: Sequence[tuple[str, int, str]],
        *,
        keys: Sequence[str | None],
    ) -> None:
        """`presence`: changes (agent, at_ms, status), in order of time."""
        self._question = question
        self._holds = holds
        self._presence = presence
        self._keys = keys

    def _pieces(self, start: int, end: int, word: str) -> Iterable[tuple[str | None, int, int]]:
        """Yield the group and the ends of each piece of a time: the whole, then group by group."""
        yield None, start, end
        if self._question.by not in TIMES:
            if self._question.by != "none":
                yield word, start, end
            return
        while start < end:
            until = min(end, start - start % QUARTER_MS + QUARTER_MS)
            yield time_key(self._question, start), start, until
            start = until

    def _held(self) -> Iterable[tuple[str | None, int, str, int, int]]:
        """Yield group, number, agent and ends of every time that an agent held a conversation."""
        question = self._question
        until = min(question.to_ms, question.now_ms)
        for number, seen in enumerate(self._holds):
            ended = until if seen["ended_ms"] is None else min(seen["ended_ms"], until)
            start = max(seen.at_ms, question.from_ms)
            if start < ended:
                for key, a, b in self._pieces(start, ended, seen.words.get(question.by, "")):
                    yield key, number, seen.words["agent"], a, b

    def concurrency(self) -> Figures:
        """Return conversations at once, of the time in which an agent had any."""
        many: dict[str | None, set[int]] = defaultdict(set)
        total: dict[str | None, int] = defaultdict(int)
        lines: dict[tuple[str | None, str], list[tuple[int, int]]] = defaultdict(list)
        for key, number, agent, a, b in self._held():
            many[key].add(number)
            total[key] += b - a
            lines[key, agent].append((a, b))
        busy: dict[str | None, int] = defaultdict(int)
        for (key, _), spans in lines.items():
            busy[key] += _covered(spans)
        return {
            key: Figure(total[key] / busy[key] if busy[key] else None, len(many[key]))
            for key in self._keys
        }

    def utilisation(self) -> Figures:
        """Return the share of the time online in which agents had something in hand."""
        question = self._question
        if question.wanted.keys() - {"agent"}:
            return {key: Figure(None, 0) for key in self._keys}
        online: dict[tuple[str | None, str], list[tuple[int, int]]] = defaultdict(list)
        for agent, start, end in self._online():
            for key, a, b in self._pieces(start, end, agent):
                online[key, agent].append((a, b))
        held: dict[tuple[str | None, str], list[tuple[int, int]]] = defaultdict(list)
        for key, _, agent, a, b in self._held():
            held[key, agent].append((a, b))
        figures: Figures = {}
        for key in self._keys:
            if key is not None and question.by not in {"agent", *TIMES}:
                figures[key] = Figure(None, 0)
                continue
            lines = {agent: spans for (group, agent), spans in online.items() if group == key}
            time = sum(_covered(spans) for spans in lines.values())
            busy = sum(
                _covered(
                    [
                        (max(a, c), min(b, d))
                        for a, b in held[key, agent]
                        for c, d in spans
                        if max(a, c) < min(b, d)
                    ]
                )
                for agent, spans in lines.items()
            )
            figures[key] = Figure(busy / time if time else None, len(lines))
        return figures

    def _online(self) -> Iterable[tuple[str, int, int]]:
        question = self._question
        until = min(question.to_ms, question.now_ms)
        wanted = question.wanted.get("agent")
        changes: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for agent, at_ms, status in self._presence:
            if wanted is None or agent in wanted:
                changes[agent].append((at_ms, status))
        for agent, its in changes.items():
            ends = [at_ms for at_ms, _ in its[1:]] + [until]
            for (at_ms, status), next_ms in zip(its, ends, strict=True):
                start, end = max(at_ms, question.from_ms), min(next_ms, until)
                if status == "online" and start < end:
                    yield agent, start, end


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """Return how much time spans cover together."""
    covered, reached = 0, 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered
