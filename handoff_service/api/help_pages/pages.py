"""The pages of the help centre, written from templates."""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from handoff_service.domain import DEFAULT_LOCALE, LOCALES
from handoff_service.services import SERVICES

FOLDER = Path(__file__).parent


async def article_page(request: web.Request) -> web.Response:
    """Show one article."""
    locale, article_id = request.match_info["locale"], request.match_info["article_id"]
    articles = request.app[SERVICES].articles
    article = await asyncio.to_thread(articles.find, locale, article_id)
    if article is None:
        raise web.HTTPNotFound
    published = await asyncio.to_thread(articles.locales_of, article_id)
    return _page(
        request,
        "article.html",
        locale=locale,
        languages=_links(published, article_id),
        article=article,
        body=Markup(article.html),  # noqa: S704 (made safe by the build; no script runs here)
    )


async def index_page(request: web.Request) -> web.Response:
    """List the articles of a language."""
    locale = request.match_info["locale"]
    if locale not in LOCALES:
        raise web.HTTPNotFound
    articles = await asyncio.to_thread(request.app[SERVICES].articles.list, locale)
    return _page(request, "index.html", locale=locale, languages=_links(LOCALES), articles=articles)


async def default_index(request: web.Request) -> web.StreamResponse:
    """Send people who name no language to the one their browser prefers."""
    raise web.HTTPFound(f"/help/{preferred_locale(request)}/")


async def with_slash(request: web.Request) -> web.StreamResponse:
    """Send `/help/ko` to `/help/ko/`."""
    if request.match_info["locale"] not in LOCALES:
        raise web.HTTPNotFound
    raise web.HTTPMovedPermanently(f"/help/{request.match_info['locale']}/")


async def not_found_page(request: web.Request) -> web.Response:
    """Say, in the language of the address or of the browser, that there is nothing here."""
    parts = request.path.split("/")
    locale = parts[2] if len(parts) > 2 and parts[2] in LOCALES else preferred_locale(request)
    article_id = parts[3] if len(parts) == 4 else ""
    articles = request.app[SERVICES].articles
    published = await asyncio.to_thread(articles.locales_of, article_id)
    return _page(
        request,
        "not_found.html",
        status=404,
        locale=locale,
        languages=_links(LOCALES),
        translations=_links(published, article_id),
    )


def preferred_locale(request: web.Request) -> str:
    """Return the locale that comes first in the browser's list, English when none does."""
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            traditional = any(sign in tag for sign in ("hant", "-tw", "-hk", "-mo"))
            return "zh-Hant" if traditional else "zh-Hans"
        if tag.split("-")[0] in LOCALES:
            return tag.split("-")[0]
    return DEFAULT_LOCALE


def _page(
    request: web.Request, template: str, *, locale: str, status: int = 200, **values: Any
) -> web.Response:
    text = (
        _templates().get_template(template).render(locale=locale, texts=_texts()[locale], **values)
    )
    etag = hashlib.sha256(text.encode()).hexdigest()[:20]
    headers = {"Cache-Control": "no-cache", "Content-Language": locale}
    if status == 200:
        headers["ETag"] = f'"{etag}"'
        if any(tag.value == etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def _links(locales: Iterable[str], article_id: str = "") -> list[dict[str, str]]:
    return [
        {
            "locale": locale,
            "name": _texts()[locale]["language_name"],
            "url": f"/help/{locale}/{article_id}",
        }
        for locale in locales
    ]


@cache
def _texts() -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = json.loads((FOLDER / "texts.json").read_text("utf-8"))
    return texts


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("handoff_service.api.help_pages"),
        autoescape=True,
        undefined=StrictUndefined,
    )
