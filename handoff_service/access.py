"""Who may call what: each operation names its access, and this is where it is enforced."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import web

from handoff_service.archive.accounts import Account, Role
from handoff_service.archive.sign_in import csrf_token, find_signed_in
from handoff_service.refusals import CsrfRefused, NotFound, NotSignedIn, OriginRefused
from handoff_service.services import SERVICES

COOKIE = "baton_session"
CSRF_HEADER = "X-CSRF-Token"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Access(StrEnum):
    """What a caller must show."""

    #: Nothing; limits may still apply.
    PUBLIC = "public"
    #: The cookie of a session.
    SIGNED_IN = "signed_in"
    #: The cookie and the session's CSRF token: everything that changes something.
    SIGNED_IN_CSRF = "signed_in_csrf"
    #: The operator's secret.
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in, by which session."""

    account: Account
    session_token: str


CALLER = web.RequestKey("caller", Caller)


def guarded(handler: Handler, access: Access) -> Handler:
    """Wrap a handler so that only who may call it does."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if access is Access.OPERATOR:
            require_operator(request)
        elif access is not Access.PUBLIC:
            request[CALLER] = await find_caller(request)
            if access is Access.SIGNED_IN_CSRF:
                _require_csrf(request)
        return await handler(request)

    return guard


async def find_caller(request: web.Request) -> Caller:
    """Return who is signed in.

    Raises:
        NotSignedIn: no cookie, or one whose session has ended.
    """
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise NotSignedIn
    services = request.app[SERVICES]
    account = await find_signed_in(services.database, token, now_ms=services.clock.now_ms())
    return Caller(account, token)


def require_operator(request: web.Request) -> None:
    """Raise NotFound unless the request carries the operator's secret: no hint that it exists."""
    if not is_operator(request):
        raise NotFound


def is_operator(request: web.Request) -> bool:
    """Whether the request carries the operator's secret."""
    expected = f"Bearer {request.app[SERVICES].settings.internal_secret}"
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), expected.encode())


def require_own_origin(request: web.Request) -> None:
    """Raise OriginRefused unless the page that asks is ours; a socket always says which it is."""
    if request.headers.get("Origin", "").lower() not in _own_origins(request):
        raise OriginRefused


def refuse_other_origins(request: web.Request) -> None:
    """Raise OriginRefused when a page that is not ours asks; programs send no Origin."""
    if "Origin" in request.headers:
        require_own_origin(request)


def may_read(account: Account, *, agent_id: str | None) -> bool:
    """Whether an account may read a conversation that this agent holds or held last."""
    return account.role.sees_all or agent_id == account.account_id


def takes_conversations(role: Role) -> bool:
    """Whether people of a role can hold conversations."""
    return role is not Role.MAINTAINER


def _require_csrf(request: web.Request) -> None:
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf_token(request[CALLER].session_token).encode()):
        raise CsrfRefused


def _own_origins(request: web.Request) -> frozenset[str]:
    return own_origins(request.app[SERVICES].settings.public_url)


@cache
def own_origins(public_url: str) -> frozenset[str]:
    """Return the origins (scheme, host, port) of the address that browsers know us by.

    More than one only on the machine itself, which people call localhost and 127.0.0.1 alike.
    """
    parts = urlsplit(public_url.lower())
    host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    names = LOOPBACK_NAMES if host in LOOPBACK_NAMES else (host,)
    bracketed = (f"[{name}]" if ":" in name else name for name in names)
    return frozenset(f"{parts.scheme}://{name}{port}" for name in bracketed)
