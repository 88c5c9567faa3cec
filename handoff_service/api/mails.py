"""What became of e-mails, for the operator; never what they say."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from handoff_service.api.bodies import answer, read_values
from handoff_service.archive.mails import MailState, list_mails, retry_dead
from handoff_service.services import SERVICES


@dataclass(frozen=True, slots=True)
class MailsQuery:
    """Which e-mails, the latest first."""

    state: Literal["settling", "queued", "sent", "dropped", "dead"] | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 50


@dataclass(frozen=True, slots=True)
class MailsAnswer:
    """E-mails: id, kind, to whom, state, tries, times, and what the mail server said."""

    mails: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RetryAnswer:
    """How many are tried again."""

    count: int


async def show_mails(request: web.Request) -> web.Response:
    """List e-mails."""
    query = read_values(request.query, MailsQuery)
    state = MailState(query.state) if query.state else None
    mails = await list_mails(request.app[SERVICES].database, state=state, limit=query.limit)
    return answer(MailsAnswer([mail.to_json() for mail in mails]))


async def retry_mails(request: web.Request) -> web.Response:
    """Try again what was given up."""
    services = request.app[SERVICES]
    count = await retry_dead(services.database, now_ms=services.clock.now_ms())
    return answer(RetryAnswer(count))
