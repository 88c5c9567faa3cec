"""One file as it goes over the wire: compressed when it is first asked for, revalidated by ETag."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import brotli  # type: ignore[import-untyped]  # the wheel carries no stubs
import zopfli.gzip  # type: ignore[import-untyped]  # the wheel carries no stubs
from aiohttp import web

CONTENT_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

#: How each coding is made, best first. Both are slow and small: once for each file, in a thread.
_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": zopfli.gzip.compress,
}

#: Names without a version: the browser asks each time and mostly hears 304.
REVALIDATE = "no-cache"
#: Addresses with the version of what they name: never asked for again.
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes and what they are."""

    content_type: str
    body: bytes
    etag: str

    @classmethod
    def make(cls, suffix: str, text: str) -> Self:
        """Make the asset of a file that ends in `suffix`."""
        body = text.encode()
        return cls(CONTENT_TYPES[suffix], body, hashlib.sha256(body).hexdigest()[:20])

    def encoded(self, coding: str) -> bytes:
        """Return the bytes in a coding of HTTP: `br` or `gzip`."""
        return _encode(self.body, coding)


@lru_cache(maxsize=512)
def _encode(body: bytes, coding: str) -> bytes:
    return _CODINGS[coding](body)


def asset_handler(
    asset: Asset, *, version: str | None = None
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of one file.

    Args:
        asset: what to answer with.
        version: with `?v=` of this the answer is kept for ever; with another (an older page's, a
            newer replica's) it is not.
    """

    async def serve(request: web.Request) -> web.Response:
        kept = version is not None and request.query.get("v") == version
        return await send(request, asset, cache=FOR_EVER if kept else REVALIDATE)

    return serve


async def send(
    request: web.Request, asset: Asset, *, cache: str, headers: dict[str, str] | None = None
) -> web.Response:
    """Answer with a file in the smallest coding that the browser takes, or with 304."""
    headers = {
        "Cache-Control": cache,
        "ETag": f'"{asset.etag}"',
        "Vary": "Accept-Encoding",
        **(headers or {}),
    }
    if any(tag.value in {asset.etag, "*"} for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    body = asset.body
    if coding := _coding(request.headers.get("Accept-Encoding", "")):
        body = await asyncio.to_thread(asset.encoded, coding)
        headers["Content-Encoding"] = coding
    return web.Response(
        body=body, content_type=asset.content_type, charset="utf-8", headers=headers
    )


def _coding(accepted: str) -> str | None:
    """Return the first of our codings that the header names without refusing it (`;q=0`)."""
    wanted = {}
    for item in accepted.split(","):
        name, _, weight = item.partition(";")
        wanted[name.strip().lower()] = weight.strip().lower() not in {"q=0", "q=0.0", "q=0.000"}
    return next((coding for coding in _CODINGS if wanted.get(coding)), None)
