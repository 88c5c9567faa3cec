"""Attached files over HTTP: customers and agents upload them, and members of the talk read them."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import Field

from handoff_service.access import (
    CALLER,
    CUSTOMER,
    find_caller,
    find_customer,
)
from handoff_service.addresses import client_address
from handoff_service.agent_access import access_as_agent
from handoff_service.api.bodies import answer, read_values
from handoff_service.archive.models import AttachmentRow
from handoff_service.archive.transcripts import find_record
from handoff_service.attachments.uploads import CUSTOMER as BY_CUSTOMER, THUMB_TYPE, view
from handoff_service.conversation import Conversation
from handoff_service.domain import State
from handoff_service.frames import Id
from handoff_service.gateway.customer import access_conversation
from handoff_service.refusals import AttachmentsOff, BadFrame, NotFound, NotYours, TokenInvalid
from handoff_service.services import SERVICES, Services
from handoff_service.tokens import CustomerToken

#: A browser that shows such a file by itself runs nothing of it, and knows no address of ours.
HARMLESS = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"
#: In these an agent who holds the conversation may write.
WRITABLE = frozenset({State.ASSIGNED, State.WRAP_UP, State.PARKED})


@dataclass(frozen=True, slots=True)
class UploadQuery:
    """For which conversation an agent uploads."""

    conversation_id: Id


@dataclass(frozen=True, slots=True)
class FileQuery:
    """`thumb` 1: the small image, where there is one."""

    thumb: Annotated[int, Field(ge=0, le=1)] = 0


async def upload_as_customer(request: web.Request) -> web.Response:
    """Take a file from the customer whose token it is."""
    services, token = request.app[SERVICES], request[CUSTOMER]
    if not token.unlimited:
        now_ms = services.clock.now_ms()
        services.limits.uploads.take(token.customer_id, now_ms=now_ms)
        services.limits.uploads.take(client_address(request), now_ms=now_ms)
    talk = await access_conversation(services, token)
    return await _receive(request, talk, uploader=BY_CUSTOMER)


async def upload_as_agent(request: web.Request) -> web.Response:
    """Take a file from the agent who holds the conversation."""
    services, account = request.app[SERVICES], request[CALLER].account
    conversation_id = read_values(request.query, UploadQuery).conversation_id
    services.limits.uploads.take(account.account_id, now_ms=services.clock.now_ms())
    talk = await services.store.conversations.get(conversation_id)
    if talk.agent_id != account.account_id or talk.state not in WRITABLE:
        raise NotYours
    return await _receive(request, talk, uploader=account.account_id)


async def show_attachment(request: web.Request) -> web.StreamResponse:
    """Send a file, or its thumbnail, to a member of its conversation."""
    services = request.app[SERVICES]
    thumb = bool(read_values(request.query, FileQuery).thumb)
    row = await access_attachment(request)
    if thumb and row.width is None:
        raise NotFound
    pieces = services.attachments.read(row, thumb=thumb)
    try:
        first = await anext(pieces, b"")
    except FileNotFoundError as error:
        raise NotFound from error
    response = web.StreamResponse(headers=_headers(row, thumb=thumb))
    if not thumb:
        response.content_length = row.bytes
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response


async def access_attachment(request: web.Request) -> AttachmentRow:
    """Return the file that the address names, if who asks is a member of its conversation.

    A file that is part of no message yet is its uploader's alone.

    Raises:
        NotSignedIn, TokenInvalid, TokenExpired: who asks says nothing that is valid.
        NotFound: no such file, or not theirs: one answer for both.
    """
    services = request.app[SERVICES]
    by_token = "Authorization" in request.headers
    token = await find_customer(request) if by_token else None
    caller = None if by_token else await find_caller(request)
    row = await services.attachments.find(request.match_info["attachment_id"])
    if row is None:
        raise NotFound
    if token is not None:
        await _require_own(services, token, row.conversation_id)
        uploader = BY_CUSTOMER
    else:
        assert caller is not None  # noqa: S101 (one of the two is given)
        await access_as_agent(services, caller.account, row.conversation_id)
        uploader = caller.account.account_id
    if row.message_id is None and row.uploader != uploader:
        raise NotFound
    return row


async def _require_own(services: Services, token: CustomerToken, conversation_id: str) -> None:
    """Raise NotFound unless it is the conversation of the token, or an earlier one of theirs."""
    if conversation_id == token.conversation_id:
        try:
            await access_conversation(services, token)
        except TokenInvalid as error:
            raise NotFound from error
        return
    record = await find_record(services.database, conversation_id)
    if record is None or record.customer_id != token.customer_id:
        raise NotFound


async def _receive(request: web.Request, talk: Conversation, *, uploader: str) -> web.Response:
    services = request.app[SERVICES]
    if services.attachments.offer(talk.site) is None:
        raise AttachmentsOff
    row = await services.attachments.receive(
        await _file_part(request), conversation_id=talk.conversation_id, uploader=uploader
    )
    services.metrics.attachments.labels(type=row.type).inc()
    services.metrics.attachment_bytes.inc(row.bytes)
    return answer(view(row), status=201)


async def _file_part(request: web.Request) -> BodyPartReader:
    """Return the part of the form called `file`; raise BadFrame when there is none."""
    if not request.content_type.startswith("multipart/"):
        raise BadFrame(["file"])
    try:
        part = await (await request.multipart()).next()
    except (ValueError, HttpProcessingError) as error:  # no boundary, or a head nobody can read
        raise BadFrame(["file"]) from error
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise BadFrame(["file"])
    return part


def _headers(row: AttachmentRow, *, thumb: bool) -> dict[str, str]:
    media = THUMB_TYPE if thumb else row.type
    image = media.startswith("image/")
    ascii_name = row.name.encode("ascii", "replace").decode().replace("?", "_")
    shown = "inline" if image else "attachment"
    if media.startswith("text/") or media == "application/json":
        media = "text/plain; charset=utf-8"  # whatever it says, it is only ever read
    return {
        "Content-Type": media,
        # RFC 6266: a plain name for old programs, the true one (RFC 5987) for all others
        "Content-Disposition": (
            f"{shown}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(row.name, safe='')}"
        ),
        "Content-Security-Policy": HARMLESS,
        "Cache-Control": "private, max-age=3600, immutable",
        "Vary": "Authorization, Cookie",
    }
