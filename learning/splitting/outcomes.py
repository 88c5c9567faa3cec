"""How the conversations of a split ended, by arm: who needed no person, who was content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from handoff_service.archive.database import Database
from handoff_service.archive.learning.splits import Arm, Split
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.tables.reports import AskedRow, RoundRow
from learning.splitting.sequential import Comparison, Proportion, compare

#: Stars of a survey from here on say that it was good, as in the reports.
GOOD_STARS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the conversations of one arm."""

    contained: Proportion  #: of the closed ones, no person was asked for
    content: Proportion  #: of those who answered how it went, four or five stars


@dataclass(frozen=True, slots=True)
class Standing:
    """Both arms, and what can be said of the candidate."""

    live: Outcome
    candidate: Outcome
    containment: Comparison
    csat: Comparison

    @property
    def is_worse(self) -> bool:
        """Whether the candidate is worse in either for certain."""
        return "worse" in {self.containment.decided, self.csat.decided}

    def to_json(self, split: Split, *, at_ms: int) -> dict[str, Any]:
        """Return the shape kept with the split and shown in the console."""
        arms = (
            (Arm.LIVE, split.live_release, self.live),
            (Arm.CANDIDATE, split.release, self.candidate),
        )
        return {
            "at_ms": at_ms,
            "arms": [
                {
                    "arm": arm.value,
                    "release": release,
                    "conversations": outcome.contained.of,
                    "contained": outcome.contained.good,
                    "csat_answers": outcome.content.of,
                    "csat_good": outcome.content.good,
                }
                for arm, release, outcome in arms
            ],
            "verdict": {"containment": self.containment.to_json(), "csat": self.csat.to_json()},
        }


async def standing_of(database: Database, split: Split) -> Standing:
    """Count how the conversations of a split ended so far, and compare.

    A conversation counts once, by its first round that was closed: what a customer who comes back
    does is not another throw of the dice. It counts for the arm that it was drawn into, also where
    the live bot had to stand in. Raises ArchiveUnavailable.
    """
    since = split.started_ms if split.started_ms is not None else split.asked_ms
    who = (ConversationRow.id, ConversationRow.started_ms)
    rounds = (
        select(*who, RoundRow.handed)
        .join(RoundRow, RoundRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.started_ms >= since, RoundRow.at_ms >= since, RoundRow.n == 0)
    )
    stars = (
        select(*who, AskedRow.score)
        .join(AskedRow, AskedRow.conversation_id == ConversationRow.id)
        .where(
            ConversationRow.started_ms >= since,
            AskedRow.at_ms >= since,
            AskedRow.kind == "csat",
            AskedRow.score.is_not(None),
        )
        .order_by(AskedRow.conversation_id, AskedRow.n)
    )
    async with database.session() as session:
        ended = [(row[0], row[1], not row[2]) for row in await session.execute(rounds)]
        answers = [
            (row[0], row[1], (row[2] or 0) >= GOOD_STARS) for row in await session.execute(stars)
        ]
    contained, content = _by_arm(split, ended), _by_arm(split, answers)
    live, candidate = (Outcome(contained[arm], content[arm]) for arm in (Arm.LIVE, Arm.CANDIDATE))
    return Standing(
        live,
        candidate,
        compare(live.contained, candidate.contained),
        compare(live.content, candidate.content),
    )


def _by_arm(split: Split, facts: Iterable[tuple[str, int, bool]]) -> dict[Arm, Proportion]:
    good, of, seen = dict.fromkeys(Arm, 0), dict.fromkeys(Arm, 0), set[str]()
    for conversation_id, started_ms, is_good in facts:
        arm = split.arm_of(conversation_id, started_ms=started_ms)
        if arm is None or conversation_id in seen:
            continue
        seen.add(conversation_id)
        of[arm] += 1
        good[arm] += is_good
    return {arm: Proportion(good[arm], of[arm]) for arm in Arm}
