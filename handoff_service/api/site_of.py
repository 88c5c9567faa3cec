"""Which site a request for the widget is about: its address says."""

import logging
from dataclasses import replace

from aiohttp import web

from handoff_service.access import own_origins
from handoff_service.errors import SitesError
from handoff_service.services import SERVICES
from handoff_service.sites import DEFAULT, Site
from handoff_service.sites_file import read_draft

logger = logging.getLogger(__name__)

#: The page of the demo that shows sites which are in no file yet.
PREVIEW = "/demo/preview"
#: Longest text of such a site, in characters.
LONGEST_DRAFT = 20_000


def site_of(request: web.Request) -> Site:
    """Return the site that the query names, as its script tag wishes it; else the default one."""
    services = request.app[SERVICES]
    sites, key = services.sites, request.query.get("site") or DEFAULT
    if is_draft(request):
        try:
            return replace(read_draft(key).all[0], key=DEFAULT).wished(request.query)
        except SitesError:
            logger.debug("a draft that cannot be read")
    elif key != DEFAULT and not sites.known(key):
        services.metrics.unknown_sites.inc()
        logger.info("no site %.40r in the file: shown as %s", key, sites.default.key)
    return sites.find(key).wished(request.query)


def is_draft(request: web.Request) -> bool:
    """Tell whether the query holds a site's whole text, and a page of our demo is what asks.

    Browsers let no other page send our address as the one it comes from: so nobody can make an
    address of ours that shows a customer words of theirs.
    """
    settings, key = request.app[SERVICES].settings, request.query.get("site", "")
    if not settings.demo or not key.startswith("sites:") or len(key) > LONGEST_DRAFT:
        return False
    asking = request.headers.get("Referer", "")
    return asking in {f"{own}{PREVIEW}" for own in own_origins(settings.public_url)}
