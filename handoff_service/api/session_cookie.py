"""The cookie of a session of the console, and what is noted of the browser that has it."""

from aiohttp import web

from handoff_service.access import COOKIE
from handoff_service.addresses import client_address
from handoff_service.archive.sessions import Visit
from handoff_service.services import SERVICES


def set_session_cookie(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser the cookie of its session: no script reads it."""
    settings = request.app[SERVICES].settings
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.agent_session_hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.public_url.startswith("https://"),
        path="/",
    )


def visit_of(request: web.Request, *, how: str) -> Visit:
    """Say from where somebody signs in."""
    browser = request.headers.get("User-Agent", "")
    shown = "".join(letter for letter in browser if letter.isprintable())
    return Visit(browser=shown, address=client_address(request), how=how)
