"""Answers what supervisors ask of the floor, and carries out what they decide."""

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.floor.schemas import (
    ActAnswer,
    CapacityRequest,
    ForceAnswer,
    ForceRequest,
    MoveRequest,
    WhisperRequest,
)
from handoff_service.domain import Presence
from handoff_service.floor import acts
from handoff_service.services import SERVICES


async def show_floor(request: web.Request) -> web.Response:
    """Show the whole floor as it is now."""
    text = await request.app[SERVICES].floor_reader.text()
    return web.json_response(text=text, headers={"Cache-Control": "no-store"})


async def take_over(request: web.Request) -> web.Response:
    """Take a conversation over."""
    seq = await acts.take_over(
        request.app[SERVICES], _who(request), request.match_info["conversation_id"]
    )
    return answer(ActAnswer(seq))


async def whisper(request: web.Request) -> web.Response:
    """Tell a conversation's agent something."""
    wanted = await read_body(request, WhisperRequest)
    seq = await acts.whisper(
        request.app[SERVICES],
        _who(request),
        request.match_info["conversation_id"],
        message_id=wanted.message_id,
        text=wanted.text,
    )
    return answer(ActAnswer(seq))


async def move(request: web.Request) -> web.Response:
    """Pass somebody else's conversation on."""
    wanted = await read_body(request, MoveRequest)
    seq = await acts.move(
        request.app[SERVICES],
        _who(request),
        request.match_info["conversation_id"],
        epoch=wanted.epoch,
        kind=wanted.kind,
        to=wanted.to,
        note=wanted.note,
    )
    return answer(ActAnswer(seq))


async def force_presence(request: web.Request) -> web.Response:
    """Set an agent away or offline."""
    wanted = await read_body(request, ForceRequest)
    given_back = await acts.force_presence(
        request.app[SERVICES],
        _who(request),
        request.match_info["agent_id"],
        presence=Presence(wanted.status),
        give_back=wanted.give_back,
        note=wanted.note,
    )
    return answer(ForceAnswer(given_back))


async def set_capacity(request: web.Request) -> web.Response:
    """Raise or lower how much an agent may hold for now."""
    wanted = await read_body(request, CapacityRequest)
    await acts.set_capacity(
        request.app[SERVICES],
        _who(request),
        request.match_info["agent_id"],
        capacity=wanted.capacity,
    )
    return answer({})


def _who(request: web.Request) -> acts.Supervisor:
    return acts.Supervisor(request[CALLER].account, client_address(request))
