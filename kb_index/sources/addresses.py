"""Compares and matches addresses: which page a link means, which pages a source takes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
_PAGE_SUFFIX = re.compile(r"(/(index|readme))?\.(html?|xhtml|md|markdown)$", re.IGNORECASE)
#: Longer addresses are made by machines, for machines.
LONGEST = 2_000


def tidy_url(url: str, *, queries: Sequence[str] = ()) -> str:
    """Return a URL in its one spelling: no fragment, of its parameters only those in `queries`.

    Returns "" when it is no address of a page.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname or len(url) > LONGEST:
        return ""
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    folded = posixpath.normpath(parts.path or "/")
    path = folded if folded.startswith("/") else f"/{folded}"
    if parts.path.endswith("/") and not path.endswith("/"):
        path += "/"
    kept = sorted((name, value) for name, value in parse_qsl(parts.query) if name in queries)
    spelled = quote(unquote(path.replace("//", "/")), safe="/~!$&'()*+,;=:@-._%")
    return urlunsplit((parts.scheme, place, spelled, urlencode(kept), ""))


def same_host(one: str, other: str) -> bool:
    """Tell whether two URLs lead to one host and port; http and https of a host are one."""
    return _place(one) == _place(other)


def page_key(address: str) -> str:
    """Fold a URL or path to what tells pages apart: no scheme, suffix, fragment or last slash."""
    plain = unquote(address.partition("#")[0])
    without_scheme = re.sub(r"^https?://", "", plain).strip("/")
    return _PAGE_SUFFIX.sub("", without_scheme).strip("/")


def is_wanted(path: str, *, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Tell whether a path is taken: it fits a pattern of `include`, if any, none of `exclude`.

    `*` stands for anything, slashes too; a pattern without a slash may fit any part of the path.
    """
    fits = not include or any(_fits(path, pattern) for pattern in include)
    return fits and not any(_fits(path, pattern) for pattern in exclude)


def _fits(path: str, pattern: str) -> bool:
    whole, wanted = path.strip("/"), pattern.strip("/")
    if fnmatchcase(whole, wanted) or fnmatchcase(whole, f"{wanted}/*"):
        return True
    return "/" not in wanted and any(fnmatchcase(part, wanted) for part in whole.split("/"))


def _place(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", 0
    usual = port is None or port == _PORTS.get(parts.scheme)
    return parts.hostname or "", 0 if usual else port or 0
