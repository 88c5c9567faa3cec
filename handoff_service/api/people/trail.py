"""The audit trail, to read: a page of it, or a file for spreadsheets."""

import csv
import io
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

from aiohttp import web

from handoff_service.api.bodies import answer, read_values
from handoff_service.api.people.bodies import AuditAnswer, AuditLine, AuditQuery
from handoff_service.archive.trail import TrailLine, Wanted, read_trail
from handoff_service.refusals import BadFrame
from handoff_service.services import SERVICES

CSV = "text/csv"
COLUMNS = (
    "time", "actor", "actor_name", "origin", "action", "subject", "subject_name", "data",
)  # fmt: skip
#: Lines that are read at once for a file, and in all.
AT_ONCE, MOST_LINES = 1000, 1_000_000
#: Spreadsheets take what begins so for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def show_trail(request: web.Request) -> web.Response:
    """Show a page of the trail, the latest first."""
    query = read_values(request.query, AuditQuery)
    database = request.app[SERVICES].database
    found = await read_trail(database, _wanted(query), limit=query.limit + 1)
    page = found[: query.limit]
    after = f"{page[-1].at_ms} {page[-1].id}" if len(found) > len(page) else None
    return answer(AuditAnswer([AuditLine(**asdict(line)) for line in page], after))


async def export_trail(request: web.Request) -> web.StreamResponse:
    """Send the trail as CSV, the latest first."""
    wanted = _wanted(read_values(request.query, AuditQuery))
    database = request.app[SERVICES].database
    page = await read_trail(database, wanted, limit=AT_ONCE)
    response = web.StreamResponse(
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="baton-audit.csv"',
        }
    )
    response.content_type, response.charset = CSV, "utf-8"
    await response.prepare(request)
    # By the mark at the beginning a spreadsheet knows that it is UTF-8.
    await response.write(("\ufeff" + _rows([COLUMNS])).encode())
    for _ in range(MOST_LINES // AT_ONCE):
        await response.write(_rows([_cells(line) for line in page]).encode())
        if len(page) < AT_ONCE:
            break
        last = page[-1]
        page = await read_trail(
            database, replace(wanted, before=(last.at_ms, last.id)), limit=AT_ONCE
        )
    await response.write_eof()
    return response


def _wanted(query: AuditQuery) -> Wanted:
    return Wanted(
        actor=query.actor,
        action=query.action,
        subject=query.subject,
        from_ms=query.from_ms,
        to_ms=query.to_ms,
        before=_cursor(query.after),
    )


def _cursor(after: str) -> tuple[int, str] | None:
    if not after:
        return None
    at_ms, space, line_id = after.partition(" ")
    if not (space and at_ms.isascii() and at_ms.isdecimal() and len(at_ms) < 16):
        raise BadFrame(["after"])
    return int(at_ms), line_id


def _cells(line: TrailLine) -> tuple[str, ...]:
    at = datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    told = json.dumps(line.data, ensure_ascii=False) if line.data else ""
    cells = (
        line.actor, line.actor_name, line.origin, line.action, line.subject, line.subject_name,
        told,
    )  # fmt: skip
    return (at, *(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells))


def _rows(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
