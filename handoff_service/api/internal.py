"""What the operator's own tools ask a running service; opened by the operator's secret."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated

from aiohttp import web
from pydantic import Field

from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.schemas import AccountRequest, StatusAnswer
from handoff_service.api.signing_in import agent_view
from handoff_service.archive.account_store import create_account, disable_account
from handoff_service.archive.accounts import NewAccount, Role
from handoff_service.archive.errors import AccountInvalid
from handoff_service.archive.passwords import generate_password
from handoff_service.archive.transcripts import closed_transcripts
from handoff_service.gateway.agent_writes import leave_the_floor
from handoff_service.refusals import NotFound
from handoff_service.reports.surveys import measure_surveys
from handoff_service.services import SERVICES
from handoff_service.version import VERSION


@dataclass(frozen=True, slots=True)
class TranscriptsQuery:
    """Since when: of an export or a report."""

    since_ms: Annotated[int, Field(ge=0, le=2**53)] = 0


async def stream_transcripts(request: web.Request) -> web.StreamResponse:
    """Send closed conversations as JSON lines."""
    services = request.app[SERVICES]
    query = read_values(request.query, TranscriptsQuery)
    response = web.StreamResponse(headers={"Cache-Control": "no-store"})
    response.content_type = "application/jsonl"
    await response.prepare(request)
    async for transcript in closed_transcripts(services.database, since_ms=query.since_ms):
        line = json.dumps(transcript.to_json(), ensure_ascii=False) + "\n"
        await response.write(line.encode())
    await response.write_eof()
    return response


async def show_surveys(request: web.Request) -> web.Response:
    """Say what customers answered when they were asked how it went."""
    services = request.app[SERVICES]
    query = read_values(request.query, TranscriptsQuery)
    return answer(await measure_surveys(services.database, since_ms=query.since_ms))


async def make_account(request: web.Request) -> web.Response:
    """Make an account; the answer holds its password, once."""
    services = request.app[SERVICES]
    wanted = await read_body(request, AccountRequest)
    if wanted.role not in set(Role):
        raise AccountInvalid("role", "agent, supervisor, maintainer or admin")
    password = wanted.password or generate_password()
    account = await create_account(
        services.database,
        NewAccount(
            login=wanted.login,
            name=wanted.name,
            role=Role(wanted.role),
            languages=tuple(wanted.languages),
            capacity=wanted.capacity,
            skills=wanted.skills,
            teams=tuple(wanted.teams),
        ),
        password=password,
        now_ms=services.clock.now_ms(),
    )
    return answer(
        asdict(agent_view(account)) | {"account_id": account.account_id, "password": password},
        status=201,
    )


async def close_account(request: web.Request) -> web.Response:
    """Disable an account: its sessions end, its past stays."""
    services = request.app[SERVICES]
    login, now_ms = request.match_info["login"], services.clock.now_ms()
    account_id = await disable_account(services.database, login, now_ms=now_ms)
    if account_id is None:
        raise NotFound
    await leave_the_floor(services.store, account_id, reason="disabled", now_ms=now_ms)
    return web.Response(status=204)


async def show_status(request: web.Request) -> web.Response:
    """Say what goes on in this process."""
    services = request.app[SERVICES]
    await services.floor.read()
    stats, times = services.floor.stats, services.timekeeper
    return answer(
        StatusAnswer(
            version=VERSION,
            desk=services.settings.desk,
            waiting=stats.waiting,
            longest_since_ms=stats.longest_since_ms,
            on_duty=services.floor.on_duty,
            archive_lag=await services.store.log.lag(),
            customer_sockets=services.metrics.open_sockets("customer"),
            agent_sockets=services.metrics.open_sockets("agent"),
            kb_version=services.articles.version(),
            waits_measured=times.measured,
            wait_coverage=times.held / times.measured if times.measured else None,
            talks_known=times.handled,
        )
    )
