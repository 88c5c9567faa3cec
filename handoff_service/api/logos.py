"""Serves the logos of the sites: each beside its site's name, as the picture it was found to be."""

from aiohttp import web

from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES
from handoff_service.sites import Logo

#: Opened by itself an SVG is a page: this one may do nothing but be drawn.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
#: Its address changes with it.
CACHING = "public, max-age=31536000, immutable"


async def show_logo(request: web.Request) -> web.Response:
    """Answer the picture of the site in the address; 404 when it has none of its own."""
    sites, key = request.app[SERVICES].sites, request.match_info["site"]
    logo = sites.find(key).logo
    if not sites.known(key) or not isinstance(logo, Logo):
        raise NotFound
    return web.Response(
        body=logo.body,
        content_type=logo.content_type,
        headers={"Cache-Control": CACHING, "Content-Security-Policy": POLICY},
    )
