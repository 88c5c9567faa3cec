"""The quick way and the slow way say the same, of any history, however it came."""

import os
import random
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handoff_service.archive.database import open_database
from handoff_service.archive.erasures import conversations_of, delete_history, note_wish
from handoff_service.archive.history import record
from handoff_service.archive.presence import record_presence
from handoff_service.archive.tables.reports import NumberRow
from handoff_service.hours import Hours, Span, Team
from handoff_service.reports.counting import count_due, make_pages
from handoff_service.reports.definitions import METRICS
from handoff_service.reports.measuring import measure
from handoff_service.reports.question import GROUPINGS, Question
from handoff_service.reports.slow import measure_slowly
from handoff_service.store.presence import PresenceChange
from tests.handoff_service.reports.histories import AGENTS, DAY_MS, History

#: So many histories; more of them by hand.
SEEDS = int(os.environ.get("BATON_TEST_HISTORIES", "12"))
#: Six days before the clocks of Europe are set back.
T0 = 1_792_400_000_000
OFFICE = Team(
    "office", ZoneInfo("Europe/Berlin"), ((Span(540, 1080),),) * 5 + ((),) * 2,
    topics=frozenset({"billing"}),
)  # fmt: skip
NIGHT = Team("night", ZoneInfo("Asia/Seoul"), ((Span(1320, 1800),),) * 7)
HOURS = Hours({"office": OFFICE, "night": NIGHT}, "night")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe")


def histories(chance):
    """Return conversations of three customers, some of them several."""
    made = []
    for number in range(chance.randint(1, 8)):
        history = History(
            chance, f"c_{number}", chance.choice(["u_1", "u_2", "u_3"]),
            T0 + chance.randint(0, 6 * DAY_MS),
        )  # fmt: skip
        made.append(history.go(chance.randint(1, 40)))
    return made


def shifts(chance):
    """Return when agents came and went."""
    changes, number = [], 0
    for agent in AGENTS:
        at_ms = T0 - DAY_MS
        for _ in range(chance.randint(0, 12)):
            number += 1
            at_ms += chance.choice([0, 1, 60_000, 3_600_000, 7 * 3_600_000, DAY_MS])
            status = chance.choice(["online", "away", "offline"])
            changes.append(PresenceChange(f"{number:06}-0", agent, at_ms, status, "asked"))
    return changes


@pytest.fixture(scope="module")
def questions():
    """Enough of each for a difference to show."""

    def ask(chance):
        from_ms = T0 + chance.randint(-DAY_MS, 5 * DAY_MS)
        filters = chance.choice([
            (), (), (("language", "en"),), (("agent", "a_1"),),
            (("agent", "a_1"), ("agent", "a_2")),
            (("reason", "asked"), ("topic", "hub")), (("team", "berlin"),),
        ])  # fmt: skip
        return Question(
            from_ms=from_ms,
            to_ms=from_ms + chance.choice([1, 3_600_000, DAY_MS, 9 * DAY_MS, 40 * DAY_MS]),
            now_ms=from_ms + chance.choice([DAY_MS, 10 * DAY_MS, 60 * DAY_MS]),
            zone=ZoneInfo(chance.choice(ZONES)),
            hours=HOURS,
            by=chance.choice(GROUPINGS),
            filters=filters,
        )

    return ask


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_both_ways_say_the_same(questions, seed):
    chance = random.Random(seed)
    database = await open_database("sqlite+aiosqlite:///:memory:")
    try:
        events = [event for its in histories(chance) for event in its]
        await record_presence(database, shifts(chance))
        while events:  # in parts, counted in between: what came before is put right
            part = chance.randint(1, len(events))
            await record(database, events[:part])
            events = events[part:]
            await count_due(database)
            if chance.random() < 0.5:
                await make_pages(database, now_ms=T0 + 90 * DAY_MS, limit=1000)
        for _ in range(6):
            question = questions(chance)

            fast = (await measure(database, question)).to_json()
            slow = await measure_slowly(database, question)

            assert fast["total"] == slow["total"], question
            assert [group["key"] for group in fast["groups"]] == [
                group["key"] for group in slow["groups"]
            ], question
            for one, other in zip(fast["groups"], slow["groups"], strict=True):
                for name in METRICS:
                    assert one["values"][name] == other["values"][name], (
                        name,
                        one["key"],
                        question,
                    )
    finally:
        await database.close()


async def test_what_a_customer_had_deleted_is_counted_no_more(questions):
    chance = random.Random(7)
    database = await open_database("sqlite+aiosqlite:///:memory:")
    try:
        talks = histories(chance)
        await record(database, [event for its in talks for event in its])
        await count_due(database)
        await make_pages(database, now_ms=T0 + 90 * DAY_MS, limit=1000)
        wish = await note_wish(
            database,
            "u_1",
            customer_hash="",
            conversation_ids=(),
            proven=False,
            actor="x",
            now_ms=T0,
        )
        names = await conversations_of(database, wish)
        assert names

        await delete_history(database, wish, names)

        left = len(talks) - len(names)
        question = replace(
            questions(chance), from_ms=T0 - DAY_MS, to_ms=T0 + 300 * DAY_MS, by="none", filters=()
        )
        numbers = (await measure(database, question)).to_json()
        assert numbers["total"] == (await measure_slowly(database, question))["total"]
        assert numbers["total"]["conversations"]["value"] >= left
        async with database.session() as session:
            kept = set(await session.scalars(select(NumberRow.conversation_id)))
        assert len(kept) == left
    finally:
        await database.close()
