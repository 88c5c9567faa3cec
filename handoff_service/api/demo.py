"""The demo: a shop whose customers anybody may play, and a page that configures the widget."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import jwt
from aiohttp import web

from handoff_service.access import refuse_other_origins
from handoff_service.api.bodies import answer
from handoff_service.api.site_of import LONGEST_DRAFT
from handoff_service.contrast import DARK, LIGHT, Rgb, Shades, ratio, read_colour
from handoff_service.domain import Json
from handoff_service.errors import SitesError
from handoff_service.identity import ALGORITHM, AUDIENCE
from handoff_service.identity_keys import IdentityKeys
from handoff_service.refusals import IdentityOff, NotFound, TooLarge
from handoff_service.services import SERVICES
from handoff_service.sites_file import PROJECT_FILE, read_draft
from handoff_service.web.asset import Asset, asset_handler

#: Addresses of the shop that are one page: it shows what its address says.
_SHOP = ("/demo/product/{id}", "/demo/cart")
#: How long somebody is signed in, in seconds.
SIGNED_IN_S = 3600


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the made-up shop."""

    name: str
    email: str
    flags: tuple[str, ...] = ()


PEOPLE = {
    "mina": Person("Mina Park", "mina.park@havelo.example", ("vip",)),
    "ivan": Person("Иван Соколов", "ivan.sokolov@havelo.example"),
    "yating": Person("林雅婷", "yating.lin@havelo.example"),
}


def demo_routes(files: Mapping[str, Asset]) -> list[web.RouteDef]:
    """Return the routes of the demo beside those of its files."""
    shop = asset_handler(files["/demo"])
    return [
        *(web.get(address, shop) for address in _SHOP),
        web.get("/demo/people", list_people),
        web.get("/demo/people/{who}", sign_in),
        web.post("/demo/site", check_site),
    ]


async def list_people(request: web.Request) -> web.Response:
    """Answer whom one may sign in as; nobody while no secret is set to sign with."""
    known = PEOPLE if request.app[SERVICES].settings.identity_secret else {}
    return answer({"people": [{"who": who, "name": one.name} for who, one in known.items()]})


async def sign_in(request: web.Request) -> web.Response:
    """Answer a signed identity, as a shop's own server makes one for who is signed in there."""
    services, who = request.app[SERVICES], request.match_info["who"]
    secrets = services.settings.identity_secret
    if secrets is None:
        raise IdentityOff
    if who not in PEOPLE:
        raise NotFound
    expires = services.clock.now_ms() // 1000 + SIGNED_IN_S
    claims = asdict(PEOPLE[who]) | {"sub": f"demo-{who}", "aud": AUDIENCE, "exp": expires}
    key = IdentityKeys.parse(secrets).all[0]
    named = {"kid": key.kid} if key.kid else None
    return answer({"token": jwt.encode(claims, key.secret, ALGORITHM, headers=named)})


async def check_site(request: web.Request) -> web.Response:
    """Read what the page would have written into the file of sites.

    Answers every problem with its line; without any, the shades of the first site's colour.
    """
    refuse_other_origins(request)
    text = await request.text()
    if len(text) > LONGEST_DRAFT:
        raise TooLarge
    try:
        site = read_draft(text).all[0]
    except SitesError as error:
        problems = [problem.removeprefix(f"{PROJECT_FILE}:") for problem in error.problems]
        return answer({"problems": problems})
    light, dark = site.colours.light, site.colours.dark
    return answer({"problems": [], "light": _told(light, LIGHT), "dark": _told(dark, DARK)})


def _told(shades: Shades, grounds: tuple[Rgb, ...]) -> Json:
    """Return the shades with what contrast they have: on the brand, and of text on the grounds."""
    brand, on, text = (read_colour(shade) for shade in (shades.brand, shades.on, shades.text))
    on_grounds = min(ratio(text, ground) for ground in grounds)
    return asdict(shades) | {
        "unchanged": min(ratio(brand, ground) for ground in grounds),
        "on_brand": ratio(brand, on),
        "on_grounds": on_grounds,
    }
