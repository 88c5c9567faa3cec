"""The routes that are no API: pages and their files."""

from collections.abc import Container

from aiohttp import web

from handoff_service.api.help_pages import pages
from handoff_service.api.openapi import PATH as OPENAPI, show_openapi
from handoff_service.web.assets import asset_routes, load_assets


def web_routes(*, casual: Container[str] = ()) -> list[web.AbstractRouteDef]:
    """Return the routes of the pages; in the locales of `casual` the widget speaks casually."""
    return [
        web.get(OPENAPI, show_openapi),
        web.get("/", to_demo),
        web.get("/console/", to_console),
        web.get("/demo/", to_demo),
        web.get("/help", pages.default_index),
        web.get("/help/", pages.default_index),
        web.get("/help/{locale}", pages.with_slash),
        web.get("/help/{locale}/", pages.index_page),
        web.get("/help/{locale}/{article_id}", pages.article_page),
        web.static("/help-assets", pages.FOLDER / "assets"),
        *asset_routes(load_assets(casual=casual)),
    ]


async def to_demo(_request: web.Request) -> web.StreamResponse:
    """Send people to the demo shop."""
    raise web.HTTPFound("/demo")


async def to_console(_request: web.Request) -> web.StreamResponse:
    """Send agents to the console."""
    raise web.HTTPFound("/console")
