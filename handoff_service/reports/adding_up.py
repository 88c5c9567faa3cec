"""Adds up what a recount saw: each number worked out by itself, in plain Python.

The arithmetic of figures.py, occupancy.py and definitions.py once more, on its own: what both say
is what the definitions say.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from handoff_service.reports.agents_time import QUARTER_MS, AgentsTime, Figures, time_key
from handoff_service.reports.figures import Figure
from handoff_service.reports.proportion import Proportion
from handoff_service.reports.question import RETURN_MS, TIMES, Question
from handoff_service.reports.recount import Recount, Seen
from handoff_service.reports.surveys import difference_interval

KINDS = ("starts", "rounds", "requests", "holds", "stints", "answers", "surveys", "left")

Test: TypeAlias = Callable[[Seen], Any]


@dataclass(slots=True)
class Seens:
    """What was seen of all conversations."""

    starts: list[Seen] = field(default_factory=list)
    rounds: list[Seen] = field(default_factory=list)
    requests: list[Seen] = field(default_factory=list)
    holds: list[Seen] = field(default_factory=list)
    stints: list[Seen] = field(default_factory=list)
    answers: list[Seen] = field(default_factory=list)
    surveys: list[Seen] = field(default_factory=list)
    left: list[Seen] = field(default_factory=list)

    @classmethod
    def of(cls, recounts: Iterable[Recount]) -> "Seens":
        """Put conversations together; note when each customer began the next round."""
        found = cls()
        began: dict[str, list[int]] = defaultdict(list)
        whose: list[tuple[str, Seen]] = []
        for each in recounts:
            for name in KINDS:
                getattr(found, name).extend(getattr(each, name))
            began[each.customer] += [seen.at_ms for seen in each.starts]
            whose += [(each.customer, seen) for seen in each.rounds]
        for customer, seen in whose:
            later = [at_ms for at_ms in began[customer] if at_ms > seen.at_ms]
            seen.told["next_ms"] = min(later, default=None) if customer else None
        return found


class Sum:
    """Every number of a question, whole and by group."""

    def __init__(
        self, question: Question, seens: Seens, presence: Sequence[tuple[str, int, str]]
    ) -> None:
        """`presence`: changes (agent, at_ms, status), in order of time."""
        self._question = question
        self._presence = presence
        self._seens = Seens(
            **{
                name: [seen for seen in getattr(seens, name) if self._fits(seen, name)]
                for name in KINDS
            }
        )
        self._keys: list[str | None] = [None, *self._groups()]

    def report(self) -> dict[str, Any]:
        """Return total and groups, as the API has them."""
        numbers = self._numbers()

        def told(key: str | None) -> dict[str, Any]:
            return {name: figures[key].to_json() for name, figures in numbers.items()}

        groups = [{"key": key, "values": told(key)} for key in self._keys if key is not None]
        return {"total": told(None), "groups": groups}

    # -- what belongs where

    def _fits(self, seen: Seen, name: str) -> bool:
        question = self._question
        inside = question.from_ms <= seen.at_ms < question.to_ms
        if name == "holds":
            ended = seen["ended_ms"]
            inside = seen.at_ms < question.to_ms and (ended is None or ended > question.from_ms)
        return inside and all(seen.words[n] in wanted for n, wanted in question.wanted.items())

    def _groups(self) -> list[str]:
        by = self._question.by
        if by == "none":
            return []
        if by == "day":
            first, last = self._question.from_ms, self._question.to_ms - 1
            moments = [*range(first, last, QUARTER_MS), last]
            return list(dict.fromkeys(time_key(self._question, at_ms) for at_ms in moments))
        if by in TIMES:
            return [str(n) for n in range(24 if by == "hour" else 7)]
        words = {seen.words[by] for kind in KINDS for seen in getattr(self._seens, kind)}
        if by == "agent":
            wanted = self._question.wanted.get("agent")
            words |= {name for name, _, _ in self._presence if wanted is None or name in wanted}
        return sorted(words)

    def _key(self, seen: Seen) -> str:
        by = self._question.by
        return time_key(self._question, seen.at_ms) if by in TIMES else seen.words.get(by, "")

    def _each(self, seens: Iterable[Seen], work_out: Callable[[list[Seen]], Figure]) -> Figures:
        found: dict[str | None, list[Seen]] = {key: [] for key in self._keys}
        for seen in seens:
            found[None].append(seen)
            if self._question.by != "none":
                found[self._key(seen)].append(seen)
        return {key: work_out(its) for key, its in found.items()}

    # -- the numbers

    def _numbers(self) -> dict[str, Figures]:
        seens, now_ms = self._seens, self._question.now_ms

        def settled(seen: Seen, name: str) -> bool:
            return back(seen, name) or now_ms - seen.at_ms > RETURN_MS

        def back(seen: Seen, name: str) -> bool:
            at_ms = seen[name]
            return at_ms is not None and at_ms <= now_ms and at_ms - seen.at_ms <= RETURN_MS

        def contained(seen: Seen) -> str:
            if seen["confirmed"]:
                return "confirmed"
            if back(seen, "next_ms"):
                return "came_back"
            if not settled(seen, "next_ms"):
                return "not_yet_known"
            return "assumed" if seen["answered"] and not seen["disliked"] else "gave_up"

        live = [seen for seen in seens.requests if seen["how"] != "left"]
        accepted = [seen for seen in live if seen["how"] == "accepted"]
        alone = ("abandoned", "cancelled", "closed")
        replied = [seen for seen in live if seen["replied_ms"] is not None]
        held = [seen for seen in seens.rounds if seen["held"]]
        answers = [seen for seen in seens.answers if seen["answer"]]
        time = AgentsTime(self._question, seens.holds, self._presence, keys=self._keys)
        names = ("confirmed", "assumed", "gave_up", "came_back", "not_yet_known")
        return {
            "conversations": self._count(seens.starts),
            "closed": self._count(seens.rounds),
            "containment": self._share(
                seens.rounds,
                lambda s: not s["handed"],
                named(lambda s: "" if s["handed"] else contained(s), names),
            ),
            "resolved_containment": self._share(
                seens.rounds, lambda s: not s["handed"] and s["confirmed"]
            ),
            "handoff_rate": self._share(
                seens.rounds,
                lambda s: s["handed"],
                words=lambda s: (s.words["reason"] or "none") if s["handed"] else None,
            ),
            "requests": self._count(seens.requests, words=lambda s: s["how"] or "open"),
            **self._durations("wait", accepted, lambda s: (s.at_ms, s["ended_ms"])),
            "abandonment": self._share(
                [seen for seen in live if seen["how"] in {"accepted", *alone}],
                lambda s: s["how"] in alone,
                named(lambda s: s["how"], alone),
            ),
            **self._durations("frt", replied, lambda s: (s.at_ms, s["replied_ms"])),
            "sla_met": self._share(
                [seen for seen in live if self._promise_settled(seen)], self._promise_kept
            ),
            "handled": self._count(seens.stints, words=lambda s: s["how"]),
            "aht": self._mean(seens.stints, "handle_ms"),
            "aht_p90": self._percentile(seens.stints, 90, lambda s: s["handle_ms"]),
            "wrap_up": self._mean(seens.stints, "wrap_ms"),
            "transfer_rate": self._share(seens.stints, lambda s: s["how"] == "transferred"),
            "fcr": self._share(
                [seen for seen in held if settled(seen, "next_ms")],
                lambda s: not back(s, "next_ms"),
            ),
            "reopened": self._share(
                [seen for seen in seens.rounds if settled(seen, "reopened_ms")],
                lambda s: back(s, "reopened_ms"),
            ),
            **self._durations("resolution", held, lambda s: (s["began_ms"], s["done_ms"])),
            **self._surveys(),
            "answers": self._count(answers),
            "helpful": self._share(
                [seen for seen in answers if seen["vote"] is not None], lambda s: s["vote"]
            ),
            "marked": self._count(
                [seen for seen in seens.answers if seen["mark"]],
                named(lambda s: s["mark"], ("right", "wrong", "missing")),
            ),
            "messages_left": self._count(seens.left),
            "left_answered": self._share(seens.left, lambda s: s["answered_ms"] is not None),
            "concurrency": time.concurrency(),
            "utilisation": time.utilisation(),
        }

    def _promise_settled(self, seen: Seen) -> bool:
        if seen["sla_ms"] is None:
            return False
        left_alone = seen["how"] in {"abandoned", "cancelled", "closed"}
        over = seen["ended_ms"] if left_alone else self._question.now_ms
        return seen["replied_ms"] is not None or seen.at_ms + seen["sla_ms"] <= over

    @staticmethod
    def _promise_kept(seen: Seen) -> bool:
        replied = seen["replied_ms"]
        return replied is not None and replied <= seen.at_ms + seen["sla_ms"]

    def _surveys(self) -> dict[str, Figures]:
        found = {}
        for kind, good, top in (("csat", 4, 5), ("nps", 9, 10), ("ces", 5, 7)):
            its = [seen for seen in self._seens.surveys if seen["kind"] == kind]
            scored = [seen for seen in its if seen["score"] is not None]
            if kind == "nps":
                found[kind] = self._each(scored, _nps)
            else:
                found[kind] = self._share(
                    scored,
                    _at_least(good),
                    named(lambda s: str(s["score"]), [str(n) for n in range(1, top + 1)]),
                )
            found[f"{kind}_response"] = self._share(
                [seen for seen in its if seen["asked"]],
                lambda s: s["score"] is not None,
                {"skipped": lambda s: s["skipped"]},
            )
        return found

    # -- arithmetic

    def _count(
        self,
        seens: Iterable[Seen],
        parts: Mapping[str, Test] | None = None,
        words: Test | None = None,
    ) -> Figures:
        return self._each(
            seens,
            lambda its: Figure(len(its), len(its), parts=_parts(its, parts or {}, words) or None),
        )

    def _share(
        self,
        seens: Iterable[Seen],
        hit: Test,
        parts: Mapping[str, Test] | None = None,
        words: Test | None = None,
    ) -> Figures:
        def work_out(its: list[Seen]) -> Figure:
            rate = Proportion(sum(bool(hit(seen)) for seen in its), len(its))
            low, high = rate.interval or (None, None)
            return Figure(
                rate.share, rate.count, low, high, _parts(its, parts or {}, words) or None
            )

        return self._each(seens, work_out)

    def _mean(self, seens: Iterable[Seen], name: str) -> Figures:
        def work_out(its: list[Seen]) -> Figure:
            total = sum(seen[name] for seen in its)
            return Figure(round(total / len(its)) if its else None, len(its))

        return self._each(seens, work_out)

    def _percentile(self, seens: Iterable[Seen], percent: int, value: Test) -> Figures:
        def work_out(its: list[Seen]) -> Figure:
            values = sorted(value(seen) for seen in its)
            for rank, found in enumerate(values, start=1):
                if rank * 100 >= percent * len(values):
                    return Figure(found, len(values))
            return Figure(None, 0)

        return self._each(seens, work_out)

    def _durations(
        self, name: str, seens: list[Seen], ends: Callable[[Seen], tuple[int, int]]
    ) -> dict[str, Figures]:
        def clock(seen: Seen) -> int:
            start, end = ends(seen)
            return max(end - start, 0)

        def open_(seen: Seen) -> int:
            start, end = ends(seen)
            team = self._question.hours.team_for(seen.words["topic"])
            duties = team.duties(start, max(start, end))
            return sum(max(0, min(end, until) - max(start, since)) for since, until in duties)

        return {
            f"{name}{suffix}_p{percent}": self._percentile(seens, percent, value)
            for suffix, value in (("", clock), ("_open", open_))
            for percent in (50, 90)
        }


def _at_least(score: int) -> Test:
    return lambda seen: seen["score"] >= score


def named(word: Test, names: Iterable[str]) -> dict[str, Test]:
    """Return for each name what tells whether `word` says it."""

    def test(name: str) -> Test:
        return lambda seen: word(seen) == name

    return {name: test(name) for name in names}


def _parts(seens: list[Seen], parts: Mapping[str, Test], words: Test | None) -> dict[str, int]:
    found = {name: sum(bool(test(seen)) for seen in seens) for name, test in parts.items()}
    names = [name for seen in seens if words is not None and (name := words(seen)) is not None]
    return found | {name: names.count(name) for name in sorted(set(names))}


def _nps(seens: list[Seen]) -> Figure:
    scores = [seen["score"] for seen in seens]
    parts = {
        "promoters": sum(score >= 9 for score in scores),
        "passives": sum(score in {7, 8} for score in scores),
        "detractors": sum(score <= 6 for score in scores),
    }
    if not scores:
        return Figure(None, 0, parts=parts)
    interval = difference_interval(
        Proportion(parts["promoters"], len(scores)), Proportion(parts["detractors"], len(scores))
    )
    low, high = interval or (0.0, 0.0)
    score = 100 * (parts["promoters"] - parts["detractors"]) / len(scores)
    return Figure(score, len(scores), 100 * low, 100 * high, parts)
