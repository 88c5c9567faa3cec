"""The security headers of every response: what a page may load, who may show it in a frame."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from handoff_service.access import own_origins
from handoff_service.api.site_of import PREVIEW, site_of
from handoff_service.settings import Settings

#: Pages below here, and only these, may be shown inside other sites.
WIDGET_FRAME = "/widget/frame"
#: What other sites load as scripts; the rest is for our own pages only.
SCRIPTS = ("/widget/", ".js")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def content_security_policy(path: str, *, allowed_origins: tuple[str, ...], public_url: str) -> str:
    """Return the policy for a path of ours.

    Scripts and styles come from our origin and are never inline. Articles run no script at all.
    """
    script = "'none'" if path.startswith("/help") else "'self'"
    ancestors = "'self'" if path == PREVIEW else "'none'"
    images = "'self' data: https:" if path.startswith("/help") else "'self' data:"
    if path == WIDGET_FRAME:
        ancestors = " ".join(("'self'", *allowed_origins))
        images += " blob:"  # pictures people sent: read with a token, so not by their address
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            "style-src 'self'",
            f"img-src {images}",
            "font-src 'self'",
            "media-src 'self'",
            # The socket by name too: older Safari does not count it as 'self'.
            f"connect-src 'self' {_socket_origins(public_url)}",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        )
    )


def security_headers(
    settings: Settings,
) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Make the signal handler that sets the headers on whatever is about to be sent."""
    secure = settings.public_url.startswith("https://")

    async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers["Server"] = "Baton"  # else aiohttp names itself and Python, versions included
        if isinstance(response, web.WebSocketResponse):
            return  # nothing that a browser would show
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault(
            "Content-Security-Policy",
            content_security_policy(
                request.path,
                allowed_origins=site_of(request).origins if request.path == WIDGET_FRAME else (),
                public_url=settings.public_url,
            ),
        )
        folder, ending = SCRIPTS
        public = request.path.startswith(folder) and request.path.endswith(ending)
        if public:  # modules are only loaded from where that is said
            headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if public else "same-origin"
        )
        if request.path not in {WIDGET_FRAME, PREVIEW}:
            headers.setdefault("X-Frame-Options", "DENY")
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    return set_headers


def _socket_origins(public_url: str) -> str:
    """Name our socket; not by an IPv6 address, for which a policy has no words."""
    named = sorted(origin for origin in own_origins(public_url) if "[" not in origin)
    return " ".join(origin.replace("http", "ws", 1) for origin in named)
