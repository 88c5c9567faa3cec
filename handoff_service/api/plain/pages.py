"""GET and POST /widget/plain: ask, read the answer, ask for a person, leave a message, all by form.

The page is one of our own, opened by itself, so a cookie of ours serves it: HttpOnly, sent to no
other address, and by no other site's forms.
"""

import asyncio
from functools import cache
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from handoff_service.access import refuse_other_origins
from handoff_service.addresses import client_address
from handoff_service.api.going_on import Visitor, go_on
from handoff_service.api.help_pages.pages import preferred_locale
from handoff_service.api.plain.talk import IN_LINE, Told, look
from handoff_service.api.plain.texts import translator
from handoff_service.api.site_of import site_of
from handoff_service.device import device_of
from handoff_service.domain import LOCALES, Json, State
from handoff_service.errors import BatonError, StoreUnavailable
from handoff_service.ids import new_id, new_visit_id
from handoff_service.refusals import IdentityRequired, RateLimited, Refusal
from handoff_service.services import SERVICES
from handoff_service.sites import IdentityPolicy
from handoff_service.tokens import CustomerToken, Purpose
from handoff_service.visiting import read_token

PATH = "/widget/plain"
COOKIE = "baton_plain"
#: Where the address leads after a form: to the end of the conversation.
END = "#write"
LANGUAGE_NAMES = {
    "en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文", "ru": "Русский", "ko": "한국어",
}  # fmt: skip


def plain_routes() -> list[web.RouteDef]:
    """Return the routes of the form."""
    return [web.get(PATH, show), web.post(PATH, write)]


async def show(request: web.Request) -> web.Response:
    """Show the conversation; `after`: once there is something behind that event."""
    locale, after = _locale(request), request.query.get("after", "")
    seq = int(after) if after.isdecimal() else None
    try:
        token = await _known(request)
        if token is None:
            return _page(request, locale, None)
        told = await look(request, token, locale=locale, after_seq=seq)
    except BatonError as error:
        return _page(request, locale, None, error=error)
    return _page(request, locale, told)


async def write(request: web.Request) -> web.Response:
    """Do what a form asks for, wait a moment for the bot, and show the page anew."""
    refuse_other_origins(request)
    locale = _locale(request)
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        token = await _known(request) or await _begin(request, locale)
        frame = await _frame(request, token, form, locale=locale)
        told = await look(request, token, locale=locale, frames=[frame])
    except BatonError as error:
        return _page(request, locale, None, error=error, draft=form.get("text", ""))
    if told.refused is not None:
        return _page(request, locale, told, code=told.refused, draft=form.get("text", ""))
    there = f"{PATH}?{urlencode(_here(request, locale))}{END}"
    response = web.Response(status=303, headers={"Location": there})
    _keep(request, response, token)
    return response


def _locale(request: web.Request) -> str:
    wanted = request.query.get("locale", "")
    return wanted if wanted in LOCALES else preferred_locale(request)


def _here(request: web.Request, locale: str) -> dict[str, str]:
    """Return the query of this page for this site."""
    site = request.query.get("site")
    return {"locale": locale} | ({"site": site} if site else {})


async def _known(request: web.Request) -> CustomerToken | None:
    """Return whose cookie it is; None: nobody's, or nobody's any more."""
    services, cookie = request.app[SERVICES], request.cookies.get(COOKIE, "")
    try:
        return await read_token(services, cookie, Purpose.VISITOR) if cookie else None
    except Refusal:
        return None


async def _begin(request: web.Request, locale: str) -> CustomerToken:
    """Begin a conversation. Raises RateLimited, IdentityRequired, StoreUnavailable."""
    services, site = request.app[SERVICES], site_of(request)
    services.limits.sessions.take(client_address(request), now_ms=services.clock.now_ms())
    if site.identity is IdentityPolicy.REQUIRED:
        raise IdentityRequired
    visitor = Visitor(
        identity=None,
        known=None,
        locale=locale,
        site="" if site is services.sites.default else site.key,
        page=None,
        utc_offset_min=None,
        device=await asyncio.to_thread(device_of, request.headers.get("User-Agent", "")),
    )
    customer_id, conversation_id = await go_on(services, visitor)
    return CustomerToken(customer_id, conversation_id, visit=new_visit_id())


def _keep(request: web.Request, response: web.Response, token: CustomerToken) -> None:
    services = request.app[SERVICES]
    keep_s = services.settings.visitor_token_days * 86_400
    now_ms = services.clock.now_ms()
    response.set_cookie(
        COOKIE,
        services.signer.sign(token, Purpose.VISITOR, now_ms=now_ms, lifetime_s=keep_s),
        path=PATH,
        max_age=keep_s,
        httponly=True,
        samesite="Lax",
        secure=services.settings.public_url.startswith("https://"),
    )


async def _frame(
    request: web.Request, token: CustomerToken, form: dict[str, str], *, locale: str
) -> Json:
    """Return the frame that a form stands for; the service checks it like any other."""
    # Made with the page: a form that is sent twice counts once.
    about = {"message_id": form.get("message_id", "")}
    match form.get("do"):
        case "person":
            return {"type": "request_person", **about}
        case "cancel":
            return {"type": "cancel_handoff", **about}
        case "leave":
            contact, text = form.get("contact", ""), form.get("text", "")
            return {"type": "leave_message", "contact": contact, "text": text, **about}
    if choice := form.get("choice"):
        button = (await look(request, token, locale=locale)).button(choice)
        if button is not None:
            text, payload = button["title"], button["payload"]
            return {"type": "message", "text": text, "payload": payload, **about}
    return {"type": "message", "text": form.get("text", ""), "locale": locale, **about}


def _page(
    request: web.Request,
    locale: str,
    told: Told | None,
    *,
    error: BatonError | None = None,
    code: str | None = None,
    draft: str = "",
) -> web.Response:
    services, site = request.app[SERVICES], site_of(request)
    status = 200
    if isinstance(error, Refusal):
        code, status = error.code, error.status
    elif error is not None:
        code, status = "unavailable" if isinstance(error, StoreUnavailable) else "other", 503
    said = told.said if told else ()
    position = told.position if told else {}
    text = _templates().get_template("plain.html").render(
        t=translator(locale, casual=services.settings.tone, own=site.texts.get(locale)),
        name=site.name,
        locale=locale,
        languages=LANGUAGE_NAMES,
        query=_here(request, locale),
        path=PATH,
        said=said,
        last_seq=told.last_seq if told else None,
        position=position,
        waits=position.get("state") in IN_LINE,
        left=position.get("state") == State.MESSAGE_LEFT,
        with_person=position.get("state") == State.ASSIGNED,
        may_leave=bool(told and told.may_leave),
        error=code and f"error_{code}",
        draft=draft,
        message_id=new_id("plain"),
    )  # fmt: skip
    headers = {"Cache-Control": "no-store", "Content-Language": locale}
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after_s)
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("handoff_service.api.plain"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["url_query"] = urlencode
    environment.tests["safe_url"] = _is_safe
    return environment


def _is_safe(url: object) -> bool:
    """Whether an address leads to a page: of the web, or of ours."""
    text = str(url)
    ours = text.startswith("/") and not text.startswith(("//", "/\\"))
    return ours or text.startswith(("https://", "http://"))
