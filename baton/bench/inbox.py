"""Fills a history with conversations and times what the inbox asks of it."""

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from baton.client.percentile import percentile
from handoff_service.archive.accounts import Account, Role
from handoff_service.archive.database import Database, open_database
from handoff_service.archive.inbox import View, Wanted, count_inbox, list_inbox
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.archive.searchable import search_row
from handoff_service.archive.tables.inbox import PersonRow, SearchRow
from handoff_service.domain import Event, EventType, State
from handoff_service.search.query import parse_query

#: Conversations written in one transaction.
BATCH = 500
#: Between two conversations, ms: a million of them are a busy year.
APART_MS = 30_000
AGENTS, TEAMS = 50, ("returns", "berlin", "night")
#: Words from the demo company's articles, and none of them: common, rare, phrases, pieces.
SEARCHES = (
    "password", "hub", "\"reset your password\"", "refund -hub", "order lang:en", "resta*",
    "退款", "路由器", "密码", "пароль", "возврат", "환불", "비밀번호", "zebra", "退",
)  # fmt: skip
#: Of a message, in characters.
LINE_CHARS = 160


async def measure_inbox(
    sql_url: str,
    *,
    conversations: int,
    still_open: int,
    messages: int,
    rounds: int,
    articles: Path,
    told: Callable[[int], None],
) -> dict[str, Any]:
    """Fill an empty database at `sql_url`, then time views, counts and searches.

    Args:
        sql_url: An SQLAlchemy URL; nothing may be in there.
        conversations: How many in all.
        still_open: How many of them are waiting, held, parked or left.
        messages: In each.
        rounds: How often each thing is asked for.
        articles: The folder of articles whose sentences are said.
        told: Is told after each transaction how many conversations it wrote.

    Returns:
        For each thing asked for: p50 and p95, ms, and how many rows came.
    """
    chance = random.Random(7)  # noqa: S311 - the same history each time, nothing to guess
    lines = list(_lines(articles))
    database = await open_database(sql_url)
    try:
        for first in range(0, conversations, BATCH):
            count = min(BATCH, conversations - first)
            await _write(database, chance, lines, range(first, first + count), still_open, messages)
            told(count)
        return await _ask(database, rounds)
    finally:
        await database.close()


async def _ask(database: Database, rounds: int) -> dict[str, Any]:
    sofia = Account("a_sofia", "sofia", "Sofia", Role.SUPERVISOR, (), 4)
    agent = Account("a_1", "ann", "Ann", Role.AGENT, (), 4, teams=TEAMS[:1])
    asked: dict[str, tuple[Account, Wanted]] = {}
    for who, account in (("supervisor", sofia), ("agent", agent)):
        asked |= {f"{who} view {view.value}": (account, Wanted(view=view)) for view in View}
        asked |= {
            f"{who} search {text}": (account, Wanted(query=parse_query(text.split(" lang:")[0])))
            for text in SEARCHES
        }
    found = {}
    for name, (account, wanted) in asked.items():
        took, rows = [], 0
        for _ in range(rounds):
            began = perf_counter()
            page = await list_inbox(database, account, wanted, after=None, limit=100)
            took.append((perf_counter() - began) * 1000)
            rows = len(page.rows)
        found[name] = _figures(took) | {"rows": rows}
    for who, account in (("supervisor", sofia), ("agent", agent)):
        took = []
        for _ in range(rounds):
            began = perf_counter()
            await count_inbox(database, account)
            took.append((perf_counter() - began) * 1000)
        found[f"{who} counts"] = _figures(took)
    return found


def _figures(took: list[float]) -> dict[str, float]:
    return {"p50_ms": round(percentile(took, 50), 1), "p95_ms": round(percentile(took, 95), 1)}


def _lines(articles: Path) -> Iterator[str]:
    for file in sorted(articles.glob("*/*.md")):
        for line in file.read_text("utf-8").splitlines():
            text = re.sub(r"[*#`>\[\]]", "", line).strip()
            if len(text) > 3:
                yield text[:LINE_CHARS]


async def _write(
    database: Database,
    chance: random.Random,
    lines: list[str],
    numbers: range,
    still_open: int,
    messages: int,
) -> None:
    rows, events, people, docs = [], [], [], []
    for number in numbers:
        row = _row(chance, number, still_open=number < still_open, messages=messages)
        said = [chance.choice(lines) for _ in range(messages)]
        row["last_line"] = said[-1]
        rows.append(row)
        if row["agent_id"]:
            people.append(
                {"conversation_id": row["id"], "agent_id": row["agent_id"], "how": "held",
                 "at_ms": row["last_at_ms"]}
            )  # fmt: skip
        for seq, text in enumerate(said, 1):
            data = {"author": "agent" if seq % 2 == 0 else "customer", "text": text}
            event = Event(row["id"], seq, EventType.MESSAGE_POSTED, row["last_at_ms"], 1, data)
            events.append(event.to_json())
            if (doc := search_row(event, dialect=database.dialect)) is not None:
                docs.append(doc)
    async with database.session() as session:
        for table, values in (
            (ConversationRow, rows), (EventRow, events), (PersonRow, people), (SearchRow, docs),
        ):  # fmt: skip
            await session.execute(database.insert(table), values)
    await asyncio.sleep(0)


def _row(chance: random.Random, number: int, *, still_open: bool, messages: int) -> dict[str, Any]:
    at_ms = 1_780_000_000_000 - number * APART_MS
    state = State.CLOSED
    if still_open:
        live = (State.WAITING, State.ASSIGNED, State.PARKED, State.MESSAGE_LEFT, State.BOT)
        state = chance.choice(live)
    agent = f"a_{chance.randrange(AGENTS)}" if state not in {State.WAITING, State.BOT} else None
    return {
        "id": f"c_{number:08}", "customer_id": f"u_{number:08}", "state": state.value,
        "last_seq": messages, "prepared": messages, "epoch": 1, "started_ms": at_ms,
        "last_at_ms": at_ms, "requested_ms": at_ms - 60_000, "agent_id": agent,
        "agent_name": agent, "team": chance.choice((*TEAMS, None)), "topic": "ask_order",
        "reason": "asked", "priority": chance.randrange(3, 8), "handoff": {}, "page": {},
        "tags": [], "last_author": "customer", "closed_ms": at_ms if not still_open else None,
    }  # fmt: skip
