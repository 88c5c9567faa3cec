"""Turns every error of a handler into an answer, in this one place."""

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import WSCloseCode, web

from handoff_service.access import Handler
from handoff_service.api.bodies import refusal
from handoff_service.api.help_pages.pages import not_found_page
from handoff_service.archive.errors import (
    AccountInvalid,
    ArchiveUnavailable,
    LastAdmin,
    LoginTaken,
    PasswordRefused,
)
from handoff_service.archive.setting_versions import StaleVersion
from handoff_service.attachments.errors import StorageUnavailable
from handoff_service.errors import BatonError, NoSuchConversation, StoreUnavailable
from handoff_service.gateway.wire import SOCKET
from handoff_service.notices import NoticeInvalid
from handoff_service.refusals import BadFrame, RateLimited, Refusal, SettingsInvalid
from handoff_service.search.errors import BadSearch

logger = logging.getLogger(__name__)

#: Code of an answer that aiohttp itself gave, by status.
CODES = {
    400: "bad_frame",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    503: "unavailable",
}


#: What errors that are no refusals are to a client: code and status. The rest is ours alone.
ANSWERS: Mapping[type[BatonError], tuple[str, int]] = {
    NoSuchConversation: ("not_found", 404),
    AccountInvalid: (AccountInvalid.code, 400),
    LoginTaken: (LoginTaken.code, 409),
    LastAdmin: (LastAdmin.code, 409),
    PasswordRefused: (PasswordRefused.code, 400),
    NoticeInvalid: (NoticeInvalid.code, 400),
    StaleVersion: (StaleVersion.code, 409),
    StoreUnavailable: ("unavailable", 503),
    ArchiveUnavailable: ("unavailable", 503),
    StorageUnavailable: ("unavailable", 503),
}


@web.middleware
async def error_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with the code of the error; what has none is logged and becomes `server_error`."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return await _http_answer(request, error)
    except BatonError as error:
        return _answer(request, error)
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        socket: web.WebSocketResponse | None = request.get(SOCKET)
        if socket is not None:  # The answer has begun long ago: all that is left is to hang up.
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)
            return socket
        return refusal("server_error", status=500)


async def _http_answer(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        raise error
    if error.status == 404 and request.path.startswith("/help"):
        return await not_found_page(request)
    kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
    return refusal(CODES.get(error.status, "server_error"), status=error.status, headers=kept)


def _answer(request: web.Request, error: BatonError) -> web.Response:
    headers: dict[str, str] = {}
    names: tuple[str, ...] = ()
    code, status = ANSWERS.get(type(error), ("server_error", 500))
    if isinstance(error, Refusal):
        code, status = error.code, error.status
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after_s)
    if status == 503:
        headers["Retry-After"] = "1"
        logger.warning("%s %s: %s", request.method, request.path, type(error).__name__)
    if status == 500:
        logger.error("%s %s failed", request.method, request.path, exc_info=error)
    if isinstance(error, BadFrame):
        names = error.names
    if isinstance(error, BadSearch):
        names = (error.problem,)
    if isinstance(error, PasswordRefused):
        names = ("password", error.reason)
    if isinstance(error, AccountInvalid | NoticeInvalid):
        names = (error.field,)
    more: dict[str, Any] = {}
    if isinstance(error, SettingsInvalid):
        names = tuple(problem.where for problem in error.problems if problem.where)
        more = {
            "problems": [
                {"field": each.where, "line": each.line, "message": each.what}
                for each in error.problems
            ]
        }
    return refusal(code, status=status, fields=names, headers=headers, more=more)
