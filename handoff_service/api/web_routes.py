"""The routes that are no API: pages and their files."""

from collections.abc import Container

from aiohttp import web

from handoff_service.api.demo import demo_routes
from handoff_service.api.help_pages import pages
from handoff_service.api.logos import show_logo
from handoff_service.api.openapi import PATH as OPENAPI, show_openapi
from handoff_service.api.plain.pages import plain_routes
from handoff_service.api.widget_routes import widget_routes
from handoff_service.web.asset import asset_handler
from handoff_service.web.widget_pages import COMPANION, WidgetPages

#: Where the demo's pages and files are.
_DEMO = "/demo"


def web_routes(
    *, small: bool = True, casual: Container[str] = (), demo: bool = False
) -> list[web.AbstractRouteDef]:
    """Return the routes of the pages.

    Args:
        small: serve the widget joined and everything minified; off, as written (for debugging).
        casual: locales in which the widget speaks casually.
        demo: with the demo shop.
    """
    files = WidgetPages(small=small, casual=casual)
    served = {
        address: asset
        for address, asset in files.assets.items()
        if address != COMPANION and (demo or not address.startswith(_DEMO))
    }
    return [
        web.get(OPENAPI, show_openapi),
        web.get("/", to_demo if demo else to_console),
        web.get("/console/", to_console),
        web.get("/site/{site}/logo", show_logo),
        web.get("/help", pages.default_index),
        web.get("/help/", pages.default_index),
        web.get("/help/{locale}", pages.with_slash),
        web.get("/help/{locale}/", pages.index_page),
        web.get("/help/{locale}/{article_id}", pages.article_page),
        web.static("/help-assets", pages.FOLDER / "assets"),
        *widget_routes(files),
        *plain_routes(),
        *([web.get("/demo/", to_demo), *demo_routes(served)] if demo else []),
        *(
            web.get(address, asset_handler(asset, version=files.version))
            for address, asset in served.items()
        ),
    ]


async def to_demo(_request: web.Request) -> web.StreamResponse:
    """Send people to the demo shop."""
    raise web.HTTPFound("/demo")


async def to_console(_request: web.Request) -> web.StreamResponse:
    """Send agents to the console."""
    raise web.HTTPFound("/console")
