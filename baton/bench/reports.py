"""How fast the section Reports answers over the conversations of a year."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import text

from baton.bench.report_talks import BEGIN_MS, DAY_MS, DAYS, talks
from handoff_service.archive.database import Database, open_database
from handoff_service.archive.history import record
from handoff_service.archive.tables.reports import FACTS
from handoff_service.domain import Event
from handoff_service.hours import Hours, Span, Team
from handoff_service.reports.behind import find_behind
from handoff_service.reports.counting import count_due, make_pages
from handoff_service.reports.definitions import METRICS, Metric
from handoff_service.reports.facts import facts_of
from handoff_service.reports.measuring import measure
from handoff_service.reports.question import Question

Filters: TypeAlias = tuple[tuple[str, str], ...]
Metrics: TypeAlias = tuple[Metric, ...]

#: Every day of the year has its page, as long after the last one as it takes to make it.
NOW_MS = BEGIN_MS + (DAYS + 30) * DAY_MS
#: Conversations written to the private database at a time.
CHUNK = 5_000
ZONE = ZoneInfo("Europe/Berlin")
_WEEK = ((Span(540, 1080),),) * 5 + ((),) * 2
HOURS = Hours({"office": Team("office", ZONE, _WEEK)}, "office")

#: What is looked at: how many days, by what, only what. Four of the 21 are a whole year: more than
#: people look at, for these take longest.
VIEWS: tuple[tuple[int, str, Filters], ...] = (
    (1, "hour", ()),
    (7, "day", ()),
    (7, "agent", ()),
    (7, "reason", (("language", "ko"),)),
    (28, "day", ()),
    (28, "hour", ()),
    (28, "weekday", ()),
    (28, "language", ()),
    (28, "agent", ()),
    (28, "topic", ()),
    (28, "article", ()),
    (28, "bot_release", ()),
    (28, "day", (("team", "billing"),)),
    (91, "day", ()),
    (91, "index_version", ()),
    (91, "agent", (("language", "en"),)),
    (182, "day", ()),
    (365, "language", ()),
    (365, "day", ()),
    (365, "agent", ()),
    (365, "article", (("language", "en"),)),
)


async def measure_reports(
    folder: Path, *, conversations: int, naive: int, repeat: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Fill a database in `folder`, ask it, and ask a smaller one by plain SQL beside it."""
    say(f"writing {conversations} conversations …")
    filled = await _fill(folder / "reports.db", conversations)
    database = await open_database(f"sqlite+aiosqlite:///{folder / 'reports.db'}")
    try:
        say("making pages …")
        began = time.perf_counter()
        pages = 0
        while made := await make_pages(database, now_ms=NOW_MS, limit=200):
            pages += made
        filled |= {"pages": pages, "pages_s": round(time.perf_counter() - began, 1)}
        filled["mb"] = round((folder / "reports.db").stat().st_size / 1e6)
        say("asking …")
        asked = await _ask(database, repeat)
        behind = await _behind(database)
    finally:
        await database.close()
    say(f"{naive} conversations with their events, for the way without facts …")
    return {"conversations": conversations, "fill": filled, **asked, "behind_ms": behind,
            "rival": await _rival(folder / "events.db", naive)}  # fmt: skip


def _question(days: int, by: str, filters: Filters, ago: int = 0) -> Question:
    """Ask of the last `days` of the year, or of those before the last `ago` days."""
    to_ms = BEGIN_MS + (DAYS - ago) * DAY_MS
    return Question(
        from_ms=to_ms - days * DAY_MS, to_ms=to_ms, now_ms=NOW_MS, zone=ZONE, hours=HOURS, by=by,
        filters=filters,
    )  # fmt: skip


def _page(days: int, by: str, filters: Filters, metric: Metric) -> list[tuple[Question, Metrics]]:
    """Return what a dashboard asks (web/console/sections/reports/numbers.js).

    Every number of the time and of the time before, the course of one number over both, its groups.
    """
    step = "hour" if days == 1 else "day"
    every = tuple(METRICS.values())
    asked: list[tuple[Question, Metrics]] = []
    for ago in (0, days):
        asked += [
            (_question(days, "none", filters, ago), every),
            (_question(days, step, filters, ago), (metric,)),
        ]
    return asked if by == step else [*asked, (_question(days, by, filters), (metric,))]


async def _ask(database: Database, repeat: int) -> dict[str, Any]:
    """Look at everything several times; report each question, whole pages, and downloads.

    A download, or a program, asks for every number of every group at once.
    """
    questions: list[float] = []
    pages: dict[str, list[float]] = {}
    downloads: dict[str, list[float]] = {}
    every = tuple(METRICS.values())
    for turn in range(repeat):
        for place, (days, by, filters) in enumerate(VIEWS):
            metric = every[(place + turn * len(VIEWS)) % len(every)]
            page = [await _time(database, *each) for each in _page(days, by, filters, metric)]
            questions += page
            name = f"{days} d by {by}" + "".join(f" {name}:{value}" for name, value in filters)
            pages.setdefault(name, []).append(sum(page))
            took = await _time(database, _question(days, by, filters), every)
            downloads.setdefault(name, []).append(took)
    return {"questions": _told(questions), "pages": _by_view(pages),
            "downloads": _by_view(downloads)}  # fmt: skip


async def _time(database: Database, question: Question, metrics: Metrics) -> float:
    """Return how long a question takes, ms."""
    began = time.perf_counter()
    await measure(database, question, metrics)
    return (time.perf_counter() - began) * 1000


def _told(times: Iterable[float]) -> dict[str, Any]:
    ordered = sorted(times)
    return {"p50_ms": round(_rank(ordered, 50)), "p95_ms": round(_rank(ordered, 95)),
            "most_ms": round(ordered[-1]), "count": len(ordered)}  # fmt: skip


def _by_view(times: dict[str, list[float]]) -> dict[str, Any]:
    each = {name: round(_rank(sorted(its), 50)) for name, its in times.items()}
    return _told(took for its in times.values() for took in its) | {"each_ms": each}


async def _behind(database: Database) -> int:
    """Return how long a page of the conversations behind a number takes, ms."""
    began = time.perf_counter()
    await find_behind(
        database, _question(28, "none", ()), METRICS["containment"], part="gave_up", key=None,
        after=None, limit=50,
    )  # fmt: skip
    return round((time.perf_counter() - began) * 1000)


async def _fill(path: Path, count: int) -> dict[str, Any]:
    """Write facts as the service writes them, without the events: the same code makes them."""
    database = await open_database(f"sqlite+aiosqlite:///{path}")
    await database.close()
    began = time.perf_counter()
    facts = await asyncio.to_thread(_write_facts, path, count)
    seconds = time.perf_counter() - began
    return {"facts": facts, "s": round(seconds, 1), "conversations_a_s": round(count / seconds)}


def _write_facts(path: Path, count: int) -> int:
    connection = sqlite3.connect(path)
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "foreign_keys = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    columns = {kind: [c.name for c in model.__table__.columns] for kind, model in FACTS.items()}  # type: ignore[attr-defined]
    written, number = 0, 0
    began: dict[str, list[int]] = {}
    pages: set[tuple[str, int]] = set()
    for chunk in batched(talks(count), CHUNK):
        rows: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in FACTS}
        names = []
        for events in chunk:
            number += 1
            name = events[0].conversation_id
            names.append((number, name, events[0].data["customer_id"], events[-1].at_ms))
            for kind, its in facts_of(events).by_kind().items():
                pages |= {(kind, row["at_ms"] // DAY_MS) for row in its}
                for n, row in enumerate(its):
                    row |= {"conversation_id": name, "number": number, "n": n}
                    rows[kind].append(tuple(row[column] for column in columns[kind]))
            began.setdefault(events[0].data["customer_id"], []).append(events[1].at_ms)
        _insert_talks(connection, names)
        for kind, lines in rows.items():
            places = ", ".join("?" * len(columns[kind]))
            table = FACTS[kind].__tablename__  # type: ignore[attr-defined]
            into = f"INSERT INTO {table} ({', '.join(columns[kind])}) VALUES ({places})"  # noqa: S608 (names of our own)
            connection.executemany(into, lines)
            written += len(lines)
        connection.commit()
    connection.execute(
        "UPDATE report_rounds SET next_ms = (SELECT min(s.at_ms) FROM report_starts s"
        " WHERE s.customer_id = report_rounds.customer_id AND s.at_ms > report_rounds.at_ms)"
    )
    connection.executemany(
        "INSERT INTO report_pages (kind, day, records, words) VALUES (?, ?, NULL, '[]')", pages
    )
    connection.commit()
    connection.close()
    return written


def _insert_talks(connection: sqlite3.Connection, names: Iterable[tuple[Any, ...]]) -> None:
    its = list(names)
    connection.executemany(
        "INSERT INTO conversations (id, last_seq, customer_id, locale, language, state, epoch,"
        " started_ms, last_at_ms, handoff, page) VALUES (?, 1, ?, 'en', 'en', 'closed', 1, ?, ?,"
        " '{}', '{}')",
        [(name, customer, at_ms, at_ms) for _, name, customer, at_ms in its],
    )
    connection.executemany(
        "INSERT INTO report_numbers (number, conversation_id) VALUES (?, ?)",
        [(number, name) for number, name, _, _ in its],
    )


#: A few of the numbers by day, straight from the events: what a dashboard without facts would ask.
NAIVE = """
SELECT r.at_ms / 86400000, count(*), avg(a.at_ms - r.at_ms)
FROM events r
LEFT JOIN events a ON a.conversation_id = r.conversation_id AND a.type = 'handoff.assigned'
  AND a.seq > r.seq
WHERE r.type = 'handoff.requested' AND r.at_ms >= :from_ms AND r.at_ms < :to_ms
GROUP BY 1
"""
NAIVE_HELP = """
SELECT json_extract(m.data, '$.sources[0].article_id'), count(*),
  sum(json_extract(v.data, '$.helpful'))
FROM events m
LEFT JOIN events v ON v.conversation_id = m.conversation_id AND v.type = 'answer.voted'
  AND json_extract(v.data, '$.seq') = m.seq
WHERE m.type = 'message.posted' AND json_extract(m.data, '$.kind') = 'answer'
  AND m.at_ms >= :from_ms AND m.at_ms < :to_ms
GROUP BY 1
"""


async def _rival(path: Path, count: int) -> dict[str, Any]:
    """Time two of the questions straight from the events, and all of ours, over the same."""
    database = await open_database(f"sqlite+aiosqlite:///{path}")
    try:
        began = time.perf_counter()
        for chunk in batched(talks(count), 500):
            await record(database, [event for events in chunk for event in _known(events)])
        recorded = time.perf_counter() - began
        began = time.perf_counter()
        while await count_due(database):
            pass
        counted = time.perf_counter() - began
        while await make_pages(database, now_ms=NOW_MS, limit=200):
            pass
        question = _question(DAYS, "day", ())
        range_ = {"from_ms": question.from_ms, "to_ms": question.to_ms}
        times = []
        for statement in (NAIVE, NAIVE_HELP):
            began = time.perf_counter()
            async with database.session() as session:
                (await session.execute(text(statement), range_)).all()
            times.append(round((time.perf_counter() - began) * 1000))
        began = time.perf_counter()
        await measure(database, question)
        ours = round((time.perf_counter() - began) * 1000)
    finally:
        await database.close()
    return {
        "conversations": count,
        "recorded_a_s": round(count / recorded),
        "counted_a_s": round(count / counted),
        "waits_by_day_ms": times[0],
        "votes_by_article_ms": times[1],
        "all_numbers_by_day_ms": ours,
    }


def _known(events: list[Event]) -> list[Event]:
    return [Event.from_json(event.to_json()) for event in events]


def batched(talks_: Iterable[list[Event]], size: int) -> Iterator[list[list[Event]]]:
    """Yield them in lists of `size`."""
    rest = iter(talks_)
    while chunk := list(islice(rest, size)):
        yield chunk


def _rank(ordered: list[float], percent: int) -> float:
    return ordered[-(-percent * len(ordered) // 100) - 1]
