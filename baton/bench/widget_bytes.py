"""What a customer's browser loads of the widget, weighed file by file over HTTP."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import brotli  # type: ignore[import-untyped]  # the wheel carries no stubs

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
LOADER, FRAME = "/widget/loader.js", "/widget/frame"
#: Most bytes after gzip: of the loader, of everything in one language.
MAX_LOADER, MAX_ALL = 3_000, 31_500
#: What everything ought to be.
GOAL_ALL = 25_000
#: Kilobytes after gzip that others make a customer load, and where that is from.
RIVALS: Mapping[str, tuple[int, str]] = {
    "Live Helper Chat": (293, "gathered once, not by this command: everything, at page load"),
    "rasa-webchat": (212, "gathered once, not by this command: everything, at page load"),
    "Botpress": (189, "gathered once, not by this command: the web chat"),
    "Rocket.Chat": (183, "gathered once, not by this command: Livechat"),
    "Papercups": (26, "gathered once, not by this command: the lightest complete one"),
    "Chatwoot": (340, "its own budgets: sdk.js 40, widget 300 (package.json, size-limit)"),
}

#: An address of ours in a page, a style sheet's or a script's or one to be fetched early.
_ADDRESS = re.compile(
    r"(?:href|src)=[\"']?(/(?:widget|shared)/[^\"'\s>?]+\.(?:js|css|json)\b[^\"'\s>]*)"
)
#: The script imports this once there is something for it to do.
_COMPANION = "/widget/companion.js"
_VERSION = re.compile(r'"v":"(\w*)"')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of a file: as it is, after gzip, after brotli."""

    raw: int
    gzip: int
    brotli: int

    def as_json(self) -> dict[str, int]:
        """Return the three by name."""
        return {"raw": self.raw, "gzip": self.gzip, "brotli": self.brotli}


async def weigh(url: str, *, site: str = "") -> dict[str, Any]:
    """Return the bytes of every file by language, and their sums.

    Args:
        url: the service.
        site: whose widget; without it that of the default site.

    Raises:
        aiohttp.ClientError: the service does not answer, or not with a file of the widget.
    """
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as http:
        files = {locale: await _weigh_language(http, url, site, locale) for locale in LOCALES}
    totals = {locale: sum(each.gzip for each in found.values()) for locale, found in files.items()}
    return {
        "files": {
            locale: {path: each.as_json() for path, each in found.items()}
            for locale, found in files.items()
        },
        "total_gzip": totals,
        "total_brotli": {
            locale: sum(each.brotli for each in found.values()) for locale, found in files.items()
        },
        "loader_gzip": files["en"][LOADER].gzip,
        "fits": files["en"][LOADER].gzip <= MAX_LOADER and max(totals.values()) <= MAX_ALL,
    }


def addresses(page: str) -> list[str]:
    """Return the addresses that a frame's page asks for, each once, in order."""
    return list(dict.fromkeys(found.replace("&amp;", "&") for found in _ADDRESS.findall(page)))


async def _weigh_language(
    http: aiohttp.ClientSession, url: str, site: str, locale: str
) -> dict[str, Weight]:
    query = f"?site={site}" if site else ""
    loader = await _get(http, url + LOADER + query, "")
    page = await _get(http, f"{url}{FRAME}?site={site}&locale={locale}", "")
    version = _VERSION.search(loader.decode())
    found = [f"{_COMPANION}?v={version[1] if version else ''}", *addresses(page.decode())]
    weights = {LOADER: await _weight(http, url + LOADER + query)}
    weights[FRAME] = await _weight(http, f"{url}{FRAME}?site={site}&locale={locale}")
    for address in found:
        weights[address.partition("?")[0]] = await _weight(http, url + address)
    return weights


async def _weight(http: aiohttp.ClientSession, address: str) -> Weight:
    small = await _get(http, address, "gzip")
    smaller = await _get(http, address, "br")
    raw = gzip.decompress(small)
    if brotli.decompress(smaller) != raw:
        raise aiohttp.ClientPayloadError(f"{address}: gzip and brotli hold different files")
    return Weight(len(raw), len(small), len(smaller))


async def _get(http: aiohttp.ClientSession, address: str, coding: str) -> bytes:
    headers = {"Accept-Encoding": coding or "identity"}
    async with http.get(address, headers=headers, raise_for_status=True) as answer:
        if answer.headers.get("Content-Encoding", "") != coding:
            raise aiohttp.ClientPayloadError(f"{address}: not served as {coding or 'it is'}")
        return await answer.read()
