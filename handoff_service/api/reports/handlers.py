"""Answers questions about the desk's numbers; agents learn their own."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import func, select

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_values
from handoff_service.api.reports.bodies import (
    BehindAnswer,
    BehindQuery,
    BehindView,
    DefinitionsAnswer,
    DefinitionView,
    MetricsQuery,
)
from handoff_service.archive.accounts import Account
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow
from handoff_service.archive.tables.reports import DueRow
from handoff_service.refusals import BadFrame
from handoff_service.reports.behind import NoSuchPart, find_behind
from handoff_service.reports.definitions import METRICS, Metric
from handoff_service.reports.measuring import Group, measure
from handoff_service.reports.question import (
    LONGEST_MS,
    NoSuchDimension,
    Question,
    filters_of,
)
from handoff_service.services import SERVICES, Services

#: Groups that one answer has at most.
MOST_GROUPS = 500
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def show_number_definitions(_request: web.Request) -> web.Response:
    """Say which numbers there are."""
    return answer(
        DefinitionsAnswer(
            [
                DefinitionView(
                    id=metric.id,
                    unit=metric.unit.value,
                    better=metric.better.value,
                    title_key=f"metric_{metric.id}",
                    text_key=f"metric_{metric.id}_is",
                    version=metric.version,
                    parts=[*metric.parts, *(("hits", "misses") if metric.hits else ())],
                )
                for metric in METRICS.values()
            ]
        )
    )


async def show_numbers(request: web.Request) -> web.Response:
    """Say what numbers were, whole and by group."""
    return answer(await _measured(request))


async def download_numbers(request: web.Request) -> web.Response:
    """Say the same as a file for spreadsheets: one line for each number of each group."""
    told = await _measured(request)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["group", "label", "metric", "part", "value", "count", "low", "high"])
    whole = [{"key": "", "label": "", "values": told["total"]}]
    for group in [*whole, *told["groups"]]:
        for name, figure in group["values"].items():
            head = [_cell(group["key"]), _cell(group["label"]), name]
            fields = [figure.get(each) for each in ("value", "count", "low", "high")]
            writer.writerow([*head, "", *fields])
            for part, count in (figure.get("parts") or {}).items():
                writer.writerow([*head, _cell(part), count, figure["count"], None, None])
    return web.Response(
        body=text.getvalue().encode("utf-8-sig"),  # with a mark: Excel reads it as Unicode
        content_type="text/csv",
        charset="utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="report.csv"',
        },
    )


async def list_behind_number(request: web.Request) -> web.Response:
    """List the conversations behind a number."""
    services, account = request.app[SERVICES], request[CALLER].account
    query = read_values(_several(request), BehindQuery)
    metric = METRICS.get(query.metric)
    if metric is None:
        raise BadFrame(["metric"])
    if (query.by == "none") != (query.key is None):
        raise BadFrame(["key"])
    question = read_question(services, account, query)
    async with services.reporting:
        try:
            found = await find_behind(
                services.database,
                question,
                metric,
                part=query.part,
                key=query.key,
                after=_cursor(query.after),
                limit=query.limit,
            )
        except NoSuchPart:
            raise BadFrame(["part"]) from None
    shown = [
        BehindView(
            conversation_id=each.row.id,
            at_ms=each.at_ms,
            value=each.value,
            customer_name=each.row.customer_name,
            language=each.row.language,
            state=each.row.state,
            agent_name=each.row.agent_name,
            topic=each.row.topic,
            reason=each.row.reason,
        )
        for each in found.some
    ]
    last = found.some[-1] if found.some and found.more else None
    shown_answer = BehindAnswer(shown, found.count, f"{last.at_ms}.{last.number}" if last else None)
    return answer(shown_answer)


def read_question(
    services: Services, account: Account, query: MetricsQuery | BehindQuery
) -> Question:
    """Return what is asked, of an agent's own conversations if an agent asks.

    Raises:
        BadFrame: no such zone or dimension, or no time between the two moments.
    """
    if not query.from_ms < query.to_ms <= query.from_ms + LONGEST_MS:
        raise BadFrame(["from_ms", "to_ms"])
    return Question(
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        now_ms=services.clock.now_ms(),
        zone=read_zone(query.tz),
        hours=services.hours,
        by=query.by,
        filters=read_filters(query.filter, account),
    )


def read_filters(words: Sequence[str], account: Account) -> tuple[tuple[str, str], ...]:
    """Return what an account narrows its numbers down to. Raises BadFrame."""
    try:
        return filters_of(words, account_id=account.account_id, sees_all=account.role.sees_all)
    except NoSuchDimension:
        raise BadFrame(["filter"]) from None


async def _measured(request: web.Request) -> dict[str, Any]:
    services, account = request.app[SERVICES], request[CALLER].account
    query = read_values(_several(request), MetricsQuery)
    question = read_question(services, account, query)
    metrics = _metrics(query.metric)
    async with services.reporting:
        report = await measure(services.database, question, metrics)
    groups, left_off = _largest(report.groups)
    labels = await _labels(services.database, question.by, groups)
    return {
        "from_ms": query.from_ms,
        "to_ms": query.to_ms,
        "tz": query.tz,
        "by": query.by,
        "now_ms": question.now_ms,
        "due": await _due(services.database),
        "left_off": left_off,
        "total": {name: figure.to_json() for name, figure in report.total.items()},
        "groups": [
            group.to_json() | {"label": labels.get(group.key, group.key)} for group in groups
        ],
    }


def _several(request: web.Request) -> dict[str, Any]:
    """Return the query, the names that may stand in it several times as lists."""
    values: dict[str, Any] = dict(request.query)
    values["filter"] = request.query.getall("filter", [])
    if request.path != "/api/reports/conversations":
        values["metric"] = request.query.getall("metric", [])
    return values


def _metrics(names: Sequence[str]) -> list[Metric]:
    if not names:
        return list(METRICS.values())
    if any(name not in METRICS for name in names):
        raise BadFrame(["metric"])
    return [metric for name, metric in METRICS.items() if name in names]


def read_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name. Raises BadFrame."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # not known, no name of one, a folder
        raise BadFrame(["tz"]) from None


def _cursor(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    at_ms, _, number = text.partition(".")
    if not (at_ms.isascii() and at_ms.isdigit() and number.isascii() and number.isdigit()):
        raise BadFrame(["after"])
    if len(text) > 30:
        raise BadFrame(["after"])
    return int(at_ms), int(number)


def _largest(groups: Sequence[Group]) -> tuple[list[Group], int]:
    """Return the groups with the most facts, in their order, and how many others there are."""
    if len(groups) <= MOST_GROUPS:
        return list(groups), 0
    sizes = [sum(figure.count for figure in group.values.values()) for group in groups]
    kept = sorted(range(len(groups)), key=lambda place: -sizes[place])[:MOST_GROUPS]
    return [groups[place] for place in sorted(kept)], len(groups) - MOST_GROUPS


async def _labels(database: Database, by: str, groups: Sequence[Group]) -> Mapping[str, str]:
    """Return names for what is no name."""
    if by != "agent":
        return {}
    statement = select(AccountRow.id, AccountRow.name).where(
        AccountRow.id.in_([group.key for group in groups])
    )
    async with database.session() as session:
        return {row.id: row.name for row in await session.execute(statement)}


async def _due(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(DueRow)) or 0


def _cell(text: str) -> str:
    return "'" + text if text.startswith(FORMULA) else text
