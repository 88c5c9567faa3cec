"""Reads what an HTML page states about itself: title, date, language, address, wishes to robots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from kb_index.sources.dates import day_of
from kb_index.sources.page import Unusable

#: Where the head of a page says when it was last changed, the most deliberate first.
_MODIFIED = (
    'meta[property="article:modified_time"]',
    'meta[property="og:updated_time"]',
    'meta[name="last-modified" i]',
    'meta[name="dcterms.modified" i]',
)
#: Where it says when it was first written.
_WRITTEN = (
    'meta[property="article:published_time"]',
    'meta[name="date" i]',
    'meta[name="dcterms.date" i]',
)
_LINKED_DATA = re.compile(r'"dateModified"\s*:\s*"([^"]{10,40})"')
#: What stands between a page's name and its site's in <title>.
_BEFORE_SITE = re.compile(r"\s+[|–—·»:-]\s+|\s*[|｜]\s*")


#: Raise it when `read_outline` changes, so that no outline made by the old one is used.
OUTLINE_RULES = 1
_ROBOTS = re.compile("robots", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a crawler needs of a page; addresses are absolute, without fragment."""

    links: Sequence[str]
    canonical: str  # "" when it names none
    take: bool  # False: the page asks not to be indexed
    follow: bool  # False: it asks not to follow its links


def read_outline(soup: BeautifulSoup, *, url: str) -> Outline:
    """Read the links of a page and its wishes to robots."""
    base = urljoin(url, _attribute(soup, "base[href]", "href"))
    wishes = ",".join(
        str(tag.get("content", "")) for tag in soup.find_all("meta", attrs={"name": _ROBOTS})
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
    days = [day_of(found[1]) for found in map(_LINKED_DATA.search, _linked_data(soup)) if found]
    days += [day_of(_attribute(soup, selector, "content")) for selector in _MODIFIED]
    stated = {str(tag["itemprop"]): tag for tag in reversed(soup.find_all(itemprop=True))}
    shown = [stated.get("dateModified"), soup.find("time", datetime=True)]
    days += [day_of(str(tag.get("content") or tag.get("datetime"))) for tag in shown if tag]
    days += [day_of(_attribute(soup, selector, "content")) for selector in _WRITTEN]
    if "datePublished" in stated:
        written = stated["datePublished"]
        days.append(day_of(str(written.get("content") or written.get("datetime"))))
    return next(filter(None, days), "")


def lang_of(soup: BeautifulSoup) -> str:
    """Return the language tag that the page states; "" when it states none."""
    root = soup.find("html")
    lang = str(root.get("lang") or "") if isinstance(root, Tag) else ""
    return lang or _attribute(soup, 'meta[http-equiv="content-language" i]', "content")


def title_of(soup: BeautifulSoup, main: Tag, *, selector: str) -> str:
    """Return the page's title: by `selector`, else its first heading, else what its head says.

    Raises:
        Unusable: it has none.
    """
    found = soup.select_one(selector) if selector else main.select_one("h1")
    whole = " ".join(soup.title.get_text().split()) if soup.title else ""
    first = main.find(["h1", "h2", "h3"])
    opening = " ".join(first.get_text(" ").split()) if isinstance(first, Tag) else ""
    elsewhere = soup.select_one("h1")  # often the site's name
    for candidate in (
        found.get_text(" ") if found else "",
        opening if opening and whole.startswith(opening) else "",
        _attribute(soup, 'meta[property="og:title"]', "content"),
        _without_site(whole, soup),
        elsewhere.get_text(" ") if elsewhere else "",
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
    for tag in soup.find_all("a", href=True):
        if "nofollow" not in (tag.get("rel") or ()):
            try:
                yield urljoin(base, str(tag["href"]).strip()).partition("#")[0]
            except ValueError:
                continue  # "http://[": no address at all


def _linked_data(soup: BeautifulSoup) -> list[str]:
    return [one.get_text() for one in soup.find_all("script", type="application/ld+json")]


def _attribute(soup: BeautifulSoup, selector: str, name: str) -> str:
    """Return an attribute of an element in the head; "" when there is none."""
    found = soup.head.select_one(selector) if soup.head else None
    return str(found.get(name) or "") if found else ""
