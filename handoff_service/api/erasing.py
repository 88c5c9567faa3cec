"""What is known of a customer: deleted or handed out, as they wish."""

from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from handoff_service.api.bodies import answer
from handoff_service.api.visitor import find_visitor
from handoff_service.archive.erasures import conversation_ids_of, erasures_of
from handoff_service.archive.traces import traces_of
from handoff_service.erasure import hash_of
from handoff_service.own_data.bundle import bundle_of
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES


@dataclass(frozen=True, slots=True)
class EraseAnswer:
    """Whether all of it is gone; False: the rest goes as soon as what is away is back."""

    done: bool


@dataclass(frozen=True, slots=True)
class ErasureAnswer:
    """Which wish it is, and whether it is carried out; False: the rest goes by itself later."""

    done: bool
    erasure_id: str


@dataclass(frozen=True, slots=True)
class ErasureView:
    """What became of one wish; nothing about the customer but ids of what is gone."""

    erasure_id: str
    asked_ms: int
    done_ms: int | None
    conversation_ids: tuple[str, ...]
    removed: dict[str, int]
    found: dict[str, Any]
    unlearned_ms: int | None
    unlearned: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErasuresAnswer:
    """Every wish of a customer, the latest first."""

    erasures: tuple[ErasureView, ...]


@dataclass(frozen=True, slots=True)
class TracesAnswer:
    """By what a customer is found: what is theirs alone, names, their conversations."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    conversation_ids: tuple[str, ...]


async def erase_me(request: web.Request) -> web.Response:
    """Delete all conversations of the customer who asks."""
    services = request.app[SERVICES]
    visitor = await find_visitor(request)
    outcome = await services.eraser.erase(
        visitor.talk.customer_id, actor="customer", conversation_ids=[visitor.talk.conversation_id]
    )
    return answer(EraseAnswer(outcome.done), status=200 if outcome.done else 202)


async def erase_customer(request: web.Request) -> web.Response:
    """Delete all conversations of a customer, for the operator."""
    services = request.app[SERVICES]
    outcome = await services.eraser.erase(
        request.match_info["customer_id"], actor="operator", proven=True
    )
    told = ErasureAnswer(outcome.done, outcome.erasure_id)
    return answer(told, status=200 if outcome.done else 202)


async def show_erasures(request: web.Request) -> web.Response:
    """Tell what became of a customer's wishes to be deleted, for the operator."""
    services = request.app[SERVICES]
    name = hash_of(request.match_info["customer_id"], key=services.settings.signing_key)
    found = await erasures_of(services.database, name)
    return answer(ErasuresAnswer(tuple(ErasureView(**asdict(each)) for each in found)))


async def show_traces(request: web.Request) -> web.Response:
    """Tell by what a customer is found, for the operator, who looks into files with it."""
    services = request.app[SERVICES]
    customer_id = request.match_info["customer_id"]
    ids = await conversation_ids_of(services.database, customer_id)
    traces = await traces_of(services.database, customer_id, ids)
    return answer(TracesAnswer(traces.ids, traces.names, tuple(ids)))


async def export_customer(request: web.Request) -> web.StreamResponse:
    """Send all that is known of a customer as a ZIP file, for the operator."""
    services = request.app[SERVICES]
    customer_id = request.match_info["customer_id"]
    if not await conversation_ids_of(services.database, customer_id):
        raise NotFound
    response = web.StreamResponse(headers={"Cache-Control": "no-store"})
    response.content_type = "application/zip"
    await response.prepare(request)
    async for piece in bundle_of(
        customer_id,
        database=services.database,
        attachments=services.attachments,
        wording=services.wording,
    ):
        await response.write(piece)
    await response.write_eof()
    return response
