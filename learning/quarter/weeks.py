"""The weeks of a simulated quarter: customers ask, a reviewer answers, the bot learns for real."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.reviews import Word, decide
from handoff_service.archive.learning.verdicts import Verdict
from learning.errors import LearningError
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.metrics import OOS
from learning.nlu_evaluation import Labelled
from learning.quarter.asked import Asked, history_of, open_groups, write_week
from learning.quarter.bot import Understood, intent_name, understand
from learning.quarter.oracle import Oracle
from learning.quarter.outcomes import outcome_of
from learning.quarter.setting import drop_branch
from learning.quarter.world import World

#: In which order the reviewer looks at what was asked.
Order: TypeAlias = Literal["baton", "random", "uncertainty"]
REVIEWER = "reviewer"
WEEK_MS = 7 * 86_400_000


class JobFailed(LearningError):
    """A step of a week failed; the text says why."""

    code = "job_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week was like, before what it taught was learned."""

    week: int
    contained: float  #: share of customers who asked for no person
    understood: float  #: share of customers who were understood
    accuracy: float  #: of the fixed test, texts about nothing of ours among them
    intents: int  #: that the bot knows
    answers: int  #: of the reviewer
    examples: int  #: phrases that came of them
    state: str  #: of the candidate: passed, refused; "" without one
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Quarter:
    """One bot and one reviewer, week after week."""

    world: World
    tools: Tools
    order: Order
    seed: int
    questions: int  #: that the reviewer answers in a week, at most
    begins_ms: int
    mistaken: float = 0.0
    #: Week (from 1) → labels that the reviewer takes for others then.
    bad_weeks: dict[int, dict[str, str]] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _: None

    async def run(self) -> list[Week]:
        """Live all weeks and one last look; return them in order.

        Raises:
            JobFailed, TrainingFailed: a step failed.
        """
        weeks = []
        for number, asked in enumerate(self.world.weeks, start=1):
            week = await self._live(number, asked)
            self.say(json.dumps(asdict(week)))
            weeks.append(week)
        return weeks

    async def _live(self, number: int, asked: Sequence[Labelled]) -> Week:
        draw = random.Random(f"{self.seed} {number}")  # noqa: S311 (a simulation)
        known = self._known()
        understood = await self._ask([one.text for one in asked])
        turns = [
            Asked(one, found, outcome_of(one.intent, found, draw))
            for one, found in zip(asked, understood, strict=True)
        ]
        accuracy = await self._test()
        start_ms = self.begins_ms + (number - 1) * WEEK_MS
        await write_week(self.tools.database, turns, number=number, start_ms=start_ms)
        await self._do("collect")
        await self._do("group")
        answers = await self._review(number, draw, known, now_ms=start_ms + WEEK_MS - 1)
        learned = await self._learn()
        return Week(
            week=number,
            contained=_share([turn.outcome.contained for turn in turns]),
            understood=_share([turn.outcome.right for turn in turns]),
            accuracy=accuracy,
            intents=len(known & {intent_name(name) for name in self.world.intents}),
            answers=answers,
            **learned,
        )

    async def _review(
        self, number: int, draw: random.Random, known: set[str], *, now_ms: int
    ) -> int:
        oracle = Oracle(history_of(self.world), draw, self.mistaken, self.bad_weeks.get(number, {}))
        groups = await open_groups(
            self.tools.database, self.order, number=self.questions, draw=draw
        )
        named = set(known)
        for group_id, phrases in groups:
            said = oracle.review(phrases, named)
            if said.intent:
                named.add(said.intent)
            word = Word(
                verdict=Verdict(said.verdict),
                intent=said.intent,
                without=frozenset(said.without),
            )
            await decide(self.tools.database, group_id, word, reviewer=REVIEWER, now_ms=now_ms)
        return len(groups)

    async def _learn(self) -> dict[str, Any]:
        applied = await self._do("apply")
        examples = int(applied["counts"]["examples"])
        if not examples:
            return {"examples": 0, "state": ""}
        judged = await self._do("candidate", branch=applied["branch"])
        if judged["state"] == "passed":
            await self._do("promote", candidate_id=judged["candidate_id"])
        else:
            drop_branch(self.tools.project.root, applied["branch"])
        return {
            "examples": examples,
            "state": judged["state"],
            "reasons": tuple(reason["code"] for reason in judged["reasons"]),
        }

    async def _test(self) -> float:
        found = await self._ask([one.text for one in self.world.test])
        return _share(
            [
                answer.intent == (OOS if one.intent == OOS else intent_name(one.intent))
                for one, answer in zip(self.world.test, found, strict=True)
            ]
        )

    async def _ask(self, texts: Sequence[str]) -> list[Understood]:
        model = self.tools.project.current()
        if model is None:
            raise JobFailed("the bot of this quarter was never trained")
        different = list(dict.fromkeys(texts))
        answers = await understand(self.tools.project, model, different)
        by_text = dict(zip(different, answers, strict=True))
        return [by_text[text] for text in texts]

    def _known(self) -> set[str]:
        """Return the intents that the bot has phrases of."""
        return {file.stem for file in (self.tools.project.root / "data" / "nlu").glob("*.yml")}

    async def _do(self, kind: str, **args: Any) -> dict[str, Any]:
        job: Job = await run_here(kind, args, tools=self.tools, asked_by=REVIEWER)
        if job.state != "done":
            raise JobFailed(f"{kind}: {job.error}")
        return job.result


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 4) if hits else 0.0
