"""The loader and the frame's page, each for the site that its address names."""

from aiohttp import web

from handoff_service.api.site_of import is_draft, site_of
from handoff_service.services import SERVICES
from handoff_service.web.asset import REVALIDATE, asset_handler, send
from handoff_service.web.widget_pages import COMPANION, WidgetPages

#: A shop's visitors take what depends on the site from their browser's cache this long; a change
#: of its look or of its first words is seen everywhere after it.
_LOADER_KEPT = "public, max-age=300"


def widget_routes(pages: WidgetPages) -> list[web.RouteDef]:
    """Return the routes of what a shop's visitor loads first."""

    async def loader(request: web.Request) -> web.Response:
        services, site = request.app[SERVICES], site_of(request)
        told = site.for_loader()
        if is_draft(request):
            told["site"] = request.query["site"]  # which the frame is asked for as well
        if services.first_words.for_page(site.key, on_duty=services.floor.on_duty):
            told["first"] = True
        return await send(request, pages.loader(told), cache=_LOADER_KEPT)

    usual = asset_handler(pages.assets[COMPANION], version=pages.version)

    async def companion(request: web.Request) -> web.Response:
        services, site = request.app[SERVICES], site_of(request)
        plan = services.first_words.for_page(site.key, on_duty=services.floor.on_duty)
        if not plan:
            return await usual(request)
        return await send(request, pages.companion(plan), cache=_LOADER_KEPT)

    async def frame(request: web.Request) -> web.Response:
        page = pages.frame(site_of(request).for_frame(), locale=request.query.get("locale", ""))
        return await send(request, page, cache=REVALIDATE)

    return [
        web.get("/widget/loader.js", loader),
        web.get(COMPANION, companion),
        web.get("/widget/frame", frame),
        # The same page by itself, where the links in e-mails lead: nobody may put it in a frame.
        web.get("/widget/resume", frame),
    ]
