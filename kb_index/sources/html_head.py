"""Reads what an HTML page states about itself: title, date, language, address, wishes to robots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from kb_index.sources.dates import day_of
from kb_index.sources.page import Unusable

#: Where pages say when they were last changed, the most deliberate first; then when first written.
_DATES = (
    ('meta[property="article:modified_time"]', "content"),
    ('meta[property="og:updated_time"]', "content"),
    ('meta[name="last-modified" i]', "content"),
    ('meta[name="dcterms.modified" i]', "content"),
    ('[itemprop="dateModified"]', "content"),
    ('[itemprop="dateModified"]', "datetime"),
    ("main time[datetime], article time[datetime]", "datetime"),
    ('meta[property="article:published_time"]', "content"),
    ('meta[name="date" i], meta[name="dcterms.date" i]', "content"),
    ('[itemprop="datePublished"]', "content"),
    ('[itemprop="datePublished"]', "datetime"),
)
_LINKED_DATA = re.compile(r'"dateModified"\s*:\s*"([^"]{10,40})"')
#: What stands between a page's name and its site's in <title>.
_BEFORE_SITE = re.compile(r"\s+[|–—·»:-]\s+|\s*[|｜]\s*")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a crawler needs of a page; addresses are absolute, without fragment."""

    links: tuple[str, ...]
    canonical: str  # "" when it names none
    take: bool  # False: the page asks not to be indexed
    follow: bool  # False: it asks not to follow its links


def read_outline(soup: BeautifulSoup, *, url: str) -> Outline:
    """Read the links of a page and its wishes to robots."""
    base = urljoin(url, _attribute(soup, "base[href]", "href"))
    wishes = ",".join(
        str(tag.get("content", "")) for tag in soup.select('meta[name="robots" i]')
    ).lower()
    canonical = _attribute(soup, 'link[rel~="canonical"][href]', "href")
    return Outline(
        links=tuple(_links(soup, base)),
        canonical=urljoin(url, canonical) if canonical else "",
        take="noindex" not in wishes and "none" not in wishes,
        follow="nofollow" not in wishes and "none" not in wishes,
    )


def base_of(soup: BeautifulSoup, *, url: str) -> str:
    """Return the address that relative links of the page start from."""
    return urljoin(url, _attribute(soup, "base[href]", "href"))


def updated_of(soup: BeautifulSoup) -> str:
    """Return the day on which the page says it was changed, YYYY-MM-DD; "" when it does not."""
    for script in soup.select('script[type="application/ld+json"]'):
        stated = _LINKED_DATA.search(script.get_text())
        if stated and day_of(stated[1]):
            return day_of(stated[1])
    for selector, name in _DATES:
        day = day_of(_attribute(soup, f"{selector}", name))
        if day:
            return day
    return ""


def lang_of(soup: BeautifulSoup) -> str:
    """Return the language tag that the page states; "" when it states none."""
    return _attribute(soup, "html[lang]", "lang") or _attribute(
        soup, 'meta[http-equiv="content-language" i]', "content"
    )


def title_of(soup: BeautifulSoup, main: Tag, *, selector: str) -> str:
    """Return the page's title: by `selector`, else its first heading, else what its head says.

    Raises:
        Unusable: it has none.
    """
    found = soup.select_one(selector) if selector else None
    heading = found or main.select_one("h1") or soup.select_one("h1")
    stated = _attribute(soup, 'meta[property="og:title"]', "content")
    whole = soup.title.get_text() if soup.title else ""
    for candidate in (
        heading.get_text(" ") if heading else "",
        stated,
        _without_site(whole, soup),
    ):
        title = " ".join(candidate.split())
        if title:
            return title
    raise Unusable("it has no title; give it an <h1> or a <title>")


def _without_site(title: str, soup: BeautifulSoup) -> str:
    """Cut the site's name off a title: where it is known exactly there, else the last part."""
    site = _attribute(soup, 'meta[property="og:site_name"]', "content").strip()
    parts = _BEFORE_SITE.split(title)
    if len(parts) < 2 or (site and parts[-1].strip() != site):
        return title
    return title[: title.rindex(parts[-1])].rstrip(" |｜–—·»:-\t\n")


def _links(soup: BeautifulSoup, base: str) -> Iterator[str]:
    for tag in soup.select("a[href]"):
        if "nofollow" not in (tag.get("rel") or ()):
            try:
                yield urljoin(base, str(tag["href"]).strip()).partition("#")[0]
            except ValueError:
                continue  # "http://[": no address at all


def _attribute(soup: BeautifulSoup, selector: str, name: str) -> str:
    found = soup.select_one(selector)
    return str(found.get(name) or "") if found else ""
