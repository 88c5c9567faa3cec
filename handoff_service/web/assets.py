"""Read the pages' files, made small once at start, and join what a page loads."""

import json
import re
from collections.abc import Container, Iterator
from functools import lru_cache
from pathlib import Path

import minify  # type: ignore[import-untyped]  # the wheel carries no stubs

from handoff_service.web.asset import CONTENT_TYPES, Asset
from handoff_service.web.bundle import as_script, bundle
from handoff_service.web.console_pack import PAGE as CONSOLE, pack_console

#: Where the pages live: beside this file.
WEB_ROOT = Path(__file__).parent

#: Folders that are served whole, by the first part of their address.
FOLDERS = ("widget", "shared", "console", "demo")

#: Addresses of the pages that are the same for everybody, and the file each one is.
PAGES = {
    "/console": "console/index.html",
    "/demo": "demo/index.html",
    "/demo/configure": "demo/configure.html",
    "/demo/preview": "demo/preview.html",
}

#: Files that are never served as they are: `web.widget_pages` makes what is served of them.
_MADE = ("widget/frame.html", "widget/loader.js")

#: Folder beside the strings of a page: what is said differently in the casual tone.
_CASUAL = "casual"

#: Types that the minifier understands under the name it gives them.
_MINIFIED = {
    ".js": "application/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}

_MODULE = re.compile(r'<script type="module" src="/([^"]+)"></script>')
_STYLE = re.compile(r'\s*<link rel="stylesheet" href="/([^"]+)" />')
_PRELOAD = re.compile(r'\s*<link rel="modulepreload"[^>]*>')


def load_assets(
    root: Path = WEB_ROOT, *, small: bool = True, casual: Container[str] = ()
) -> dict[str, Asset]:
    """Read every served file once.

    Args:
        root: folder that holds `FOLDERS`.
        small: minify scripts and styles, and join the console's; off, they are served as written
            (for debugging).
        casual: locales whose strings are served with those of the folder `casual` on top.

    Returns:
        Address (`/widget/app.js`) to asset; pages stand under their own addresses only.
    """
    pages = {file: address for address, file in PAGES.items()}
    packed = pack_console(root) if small and (root / CONSOLE).is_file() else {}
    read = {
        name: _read(root / name, small=small, casual=casual)
        for name in _names(root)
        if name not in packed
    }
    made = {
        name: Asset.make(Path(name).suffix, shrink(Path(name).suffix, text))
        for name, text in packed.items()
    }
    return {pages.get(name, f"/{name}"): asset for name, asset in (read | made).items()}


def join_page(page: str, root: Path = WEB_ROOT) -> tuple[str, str, str]:
    """Join what a page loads; its own tags say what that is.

    Args:
        page: markup with one `<script type="module">` and any number of style sheets.
        root: folder that the addresses in it begin at.

    Returns:
        The markup without those tags, the script, the style sheet; both minified.

    Raises:
        BundleError: a module cannot be joined.
    """
    found = _MODULE.search(page)
    script = as_script(bundle(root / found[1], root=root)) if found else ""
    styles = "".join((root / name).read_text("utf-8") for name in _STYLE.findall(page))
    for tag in (_MODULE, _STYLE, _PRELOAD):
        page = tag.sub("", page)
    return page, shrink(".js", script), shrink(".css", styles)


@lru_cache(maxsize=1_000)
def shrink(suffix: str, text: str) -> str:
    """Minify a text of this kind of file."""
    return str(minify.string(_MINIFIED[suffix], text))


def _names(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in CONTENT_TYPES or path.parent.name == _CASUAL or name in _MADE:
                continue
            if path.is_file():
                yield name


def _read(path: Path, *, small: bool, casual: Container[str]) -> Asset:
    text = path.read_text(encoding="utf-8")
    on_top = path.parent / _CASUAL / path.name
    if path.stem in casual and on_top.is_file():
        strings = json.loads(text) | json.loads(on_top.read_text(encoding="utf-8"))
        text = json.dumps(strings, ensure_ascii=False)
    if small and path.suffix == ".json":
        text = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    if small and path.suffix in _MINIFIED:
        text = shrink(path.suffix, text)
    return Asset.make(path.suffix, text)
