"""Serve the pages' files, made small once at start: minified, compressed, revalidated by ETag."""

import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import Path

import minify  # type: ignore[import-untyped]  # the wheel carries no stubs
from aiohttp import web

#: Where the pages live: beside this file.
WEB_ROOT = Path(__file__).parent

#: Folders that are served whole, by the first part of their address.
FOLDERS = ("widget", "shared", "console", "demo")

#: Addresses of the pages themselves, and the file each one is.
PAGES = {
    "/widget/frame": "widget/frame.html",
    "/console": "console/index.html",
    "/demo": "demo/index.html",
}

CONTENT_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

#: Folder beside the strings of a page: what is said differently in the casual tone.
_CASUAL = "casual"

#: Types that the minifier understands under the name it gives them.
MINIFIED = {".js": "application/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes over the wire."""

    content_type: str
    body: bytes
    gzipped: bytes
    etag: str


def load_assets(
    root: Path = WEB_ROOT, *, small: bool = True, casual: Container[str] = ()
) -> dict[str, Asset]:
    """Read every served file once.

    Args:
        root: folder that holds `FOLDERS`.
        small: minify scripts and styles; off, they are served as written (for debugging).
        casual: locales whose strings are served with those of the folder `casual` on top.

    Returns:
        Address (`/widget/app.js`) to asset; pages stand under their own addresses only.
    """
    pages = {file: address for address, file in PAGES.items()}
    return {
        pages.get(name, f"/{name}"): _read(root / name, small=small, casual=casual)
        for name in _names(root)
    }


def asset_routes(assets: dict[str, Asset]) -> list[web.RouteDef]:
    """Return one GET route for each asset (aiohttp answers HEAD as well)."""
    return [web.get(address, _handler(asset)) for address, asset in assets.items()]


def _names(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in CONTENT_TYPES and path.is_file() and path.parent.name != _CASUAL:
                yield path.relative_to(root).as_posix()


def _read(path: Path, *, small: bool, casual: Container[str]) -> Asset:
    text = path.read_text(encoding="utf-8")
    on_top = path.parent / _CASUAL / path.name
    if path.stem in casual and on_top.is_file():
        strings = json.loads(text) | json.loads(on_top.read_text(encoding="utf-8"))
        text = json.dumps(strings, ensure_ascii=False)
    if small and path.suffix in MINIFIED:
        text = minify.string(MINIFIED[path.suffix], text)
    body = text.encode()
    return Asset(
        content_type=CONTENT_TYPES[path.suffix],
        body=body,
        gzipped=gzip.compress(body, compresslevel=9, mtime=0),
        etag=hashlib.sha256(body).hexdigest()[:20],
    )


def _handler(asset: Asset) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        # Names do not carry a version, so the browser asks each time and mostly hears 304.
        headers = {
            "Cache-Control": "no-cache",
            "ETag": f'"{asset.etag}"',
            "Vary": "Accept-Encoding",
        }
        if any(tag.value in {asset.etag, "*"} for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        body = asset.body
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = asset.gzipped, "gzip"
        return web.Response(
            body=body, content_type=asset.content_type, charset="utf-8", headers=headers
        )

    return serve
