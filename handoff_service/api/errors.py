"""Turns every error of a handler into an answer, in this one place."""

import logging

from aiohttp import web

from handoff_service.api.bodies import refusal
from handoff_service.api.help_pages.pages import not_found_page
from handoff_service.archive.errors import AccountInvalid, ArchiveUnavailable, LoginTaken
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.refusals import BadFrame, RateLimited, Refusal

logger = logging.getLogger(__name__)

#: Code of an answer that aiohttp itself gave, by status.
CODES = {
    400: "bad_frame",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    503: "unavailable",
}


@web.middleware
async def error_middleware(request: web.Request, handler: web.Handler) -> web.StreamResponse:
    """Answer with the code of the error; what has none is logged and becomes `server_error`."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        if error.status == 404 and request.path.startswith("/help"):
            return await not_found_page(request)
        kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        return refusal(CODES.get(error.status, "server_error"), status=error.status, headers=kept)
    except Refusal as error:
        return _refused(error)
    except NoSuchConversation:
        return refusal("not_found", status=404)
    except AccountInvalid as error:
        return refusal(error.code, status=400, fields=(error.field,))
    except LoginTaken as error:
        return refusal(error.code, status=409)
    except (StoreUnavailable, ArchiveUnavailable) as error:
        logger.warning("%s %s: %s", request.method, request.path, type(error).__name__)
        return refusal("unavailable", status=503, headers={"Retry-After": "1"})
    except Exception:  # noqa: BLE001 (the one place: everything else is an answer by code)
        logger.exception("%s %s failed", request.method, request.path)
        return refusal("server_error", status=500)


def _refused(error: Refusal) -> web.Response:
    headers = {}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after_s)
    fields = error.names if isinstance(error, BadFrame) else ()
    return refusal(error.code, status=error.status, fields=fields, headers=headers)
