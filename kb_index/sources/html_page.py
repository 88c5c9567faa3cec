"""Reads an HTML page into its article."""

from __future__ import annotations

from urllib.parse import urljoin

from bs4 import Tag

from kb_index.articles import MAX_BYTES
from kb_index.sources.html_head import base_of, lang_of, title_of, updated_of
from kb_index.sources.html_main import clean, find_main, level_headings, link_share
from kb_index.sources.page import HtmlWishes, Page, Raw, Unusable
from kb_index.sources.soup import parse_html
from kb_index.sources.to_markdown import to_markdown

#: A page whose words are links to this share leads to articles, it is none itself.
_LIST_OF_LINKS = 0.85
#: A page of a real help centre has a few thousand elements at most; this many take ten seconds.
_MOST_ELEMENTS = 40_000


class OnlyLinks(Unusable):
    """The page only leads to others; a crawler follows its links and does not take it."""


def read_html(raw: Raw, *, wishes: HtmlWishes) -> Page:
    """Read the article of a page.

    Raises:
        Unusable: it has no title or no text, or too much, or is no text at all.
        OnlyLinks: it has nothing but links to other pages.
    """
    soup = parse_html(raw.data, charset=raw.charset)
    updated, lang = updated_of(soup), lang_of(soup)
    base = base_of(soup, url=raw.base)
    main = find_main(soup, content=wishes.content)
    check_size(main)
    title = title_of(soup, main, selector=wishes.title)
    clean(main, remove=wishes.remove, whole_page=main.name in ("body", "[document]"))
    _drop_title(main, title)
    check_size(main)
    if link_share(main) > _LIST_OF_LINKS:
        raise OnlyLinks("it only lists links to other pages")
    make_absolute(main, base=base)
    level_headings(main)
    return Page(title=title, body=to_markdown(main), updated=updated, lang=lang)


def check_size(main: Tag) -> None:
    """Refuse a page that says nothing, or far too much for one article.

    Raises:
        Unusable: it does.
    """
    size = len(main.get_text(strip=True))
    if not size:
        raise Unusable("it has no text; perhaps a script fills it in the browser")
    if size > MAX_BYTES:
        raise Unusable(f"its text is longer than {MAX_BYTES:,} characters; split it")
    if len(main.find_all(True)) > _MOST_ELEMENTS:
        raise Unusable(f"it has more than {_MOST_ELEMENTS:,} elements; split it")


def make_absolute(main: Tag, *, base: str) -> None:
    """Write the addresses of links and images as seen from the root of the source."""
    for tag in main.select("a[href], img"):
        name = "href" if tag.name == "a" else "src"
        stated = tag.get(name) or (tag.get("data-src") if name == "src" else "") or ""
        try:
            tag[name] = urljoin(base, str(stated).strip())
        except ValueError:
            del tag[name]  # "http://[": no address at all


def _drop_title(main: Tag, title: str) -> None:
    """Take the title out of the text, once or as often as it begins it."""
    while isinstance(heading := main.find(["h1", "h2"]), Tag):
        if " ".join(heading.get_text(" ").split()) != title:
            return
        heading.decompose()
