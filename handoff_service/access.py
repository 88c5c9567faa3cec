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
from handoff_service.archive.reading import OPEN_TO_ALL
from handoff_service.archive.sessions import csrf_token, find_signed_in
from handoff_service.refusals import (
    CsrfRefused,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OriginRefused,
    TokenInvalid,
)
from handoff_service.services import SERVICES
from handoff_service.tokens import CustomerToken, Purpose
from handoff_service.visiting import read_token

COOKIE = "baton_session"
CSRF_HEADER = "X-CSRF-Token"
#: Longer is no token of ours.
MAX_TOKEN_CHARS = 4096
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Access(StrEnum):
    """What a caller must show."""

    #: Nothing; limits may still apply.
    PUBLIC = "public"
    #: The token of a customer, or the cookie of an agent's session; the handler asks.
    MEMBER = "member"
    #: The cookie of a session.
    SIGNED_IN = "signed_in"
    #: The cookie and the session's CSRF token: everything that changes something.
    SIGNED_IN_CSRF = "signed_in_csrf"
    #: The session token of a customer, as a bearer token.
    CUSTOMER = "customer"
    #: The operator's secret.
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in, by which session."""

    account: Account
    session_token: str
    session_id: str


CALLER = web.RequestKey("caller", Caller)
CUSTOMER = web.RequestKey("customer", CustomerToken)


def guarded(handler: Handler, access: Access, roles: frozenset[Role] | None = None) -> Handler:
    """Wrap a handler so that only who may call it does: of the signed in, those of `roles`."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if access is Access.OPERATOR:
            require_operator(request)
        elif access is Access.CUSTOMER:
            request[CUSTOMER] = await find_customer(request)
        elif access in {Access.SIGNED_IN, Access.SIGNED_IN_CSRF}:
            request[CALLER] = await find_caller(request)
            if access is Access.SIGNED_IN_CSRF:
                _require_csrf(request)
            if roles is not None and request[CALLER].account.role not in roles:
                raise NotAllowed
        return await handler(request)

    return guard


async def find_customer(request: web.Request, purpose: Purpose = Purpose.SESSION) -> CustomerToken:
    """Return which customer asks, of which conversation.

    Raises:
        OriginRefused: a page that is not ours asks.
        TokenInvalid, TokenExpired: no token of ours, or one that is over.
    """
    refuse_other_origins(request)
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text or len(text) > MAX_TOKEN_CHARS:
        raise TokenInvalid
    return await read_token(request.app[SERVICES], text, purpose)


async def find_caller(request: web.Request) -> Caller:
    """Return who is signed in.

    Raises:
        NotSignedIn: no cookie, or one whose session has ended.
    """
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise NotSignedIn
    services = request.app[SERVICES]
    found = await find_signed_in(services.database, token, now_ms=services.clock.now_ms())
    return Caller(found.account, token, found.session_id)


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


def may_read(
    account: Account, *, state: str, agent_id: str | None, team: str | None, known: bool
) -> bool:
    """Whether an account may read a conversation.

    Args:
        account: Who asks. Roles that see all may read everything.
        state: Where the conversation is: what waits may be read by everybody.
        agent_id: Who holds or parked it, to whom it is offered, or who held it last.
        team: The team that it is meant for.
        known: Whether they held it ever, or were named in it (archive/reading.py).
    """
    if account.role.sees_all or state in OPEN_TO_ALL:
        return True
    return known or agent_id == account.account_id or team in account.teams


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
