"""Finds the article in an HTML page: what is around it and what is no text goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

from kb_index.sources.page import Unusable

#: Elements without words of the article, wherever they stand.
_NEVER = (
    "script, style, noscript, template, iframe, object, embed, svg, canvas, math annotation, "
    "del, s, strike, video, audio, form, button, input, select, textarea, dialog, nav, "
    '[role="navigation"], [role="search"], [role="banner"], [role="contentinfo"], [role="dialog"], '
    '[role="alertdialog"], [role="menu"], [role="menubar"], [role="toolbar"], [role="tablist"]'
)
#: Around the article; inside one a footer or an aside may belong to it (notes are often asides).
_AROUND = 'header, footer, aside, [role="complementary"]'
#: Classes of parts that are about the page, not of the article.
_BOILERPLATE = re.compile(
    r"^(?:.*[-_])?(?:breadcrumbs?|pagination|pager|cookie-?(?:banner|notice|consent)|share-?buttons?|"
    r"social-?(?:share|links?|icons?)|sidebar|sidenav|toc|table-of-contents|comments?|disqus|"
    r"article-votes|feedback|was-this-helpful|(?:related|recent)-(?:articles?|posts?|pages?)|"
    r"newsletter|nav(?:igation|bar)?|nav-?(?:header|footer|buttons?)|skip-?(?:link|to-content)|edit-(?:this-)?page|editsection|prev-next|no-?print|"
    r"print-(?:none|hidden)|headerlink|anchor-?link|sr-only|visually-hidden|copyright)(?:[-_].*)?$",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Marks that only link a heading to itself.
_HEADING_MARKS = frozenset("#¶§🔗")


def find_main(soup: BeautifulSoup, *, content: str = "") -> Tag:
    """Return the element that holds the article: what `content` (a CSS selector) finds, or a guess.

    Raises:
        Unusable: `content` finds nothing.
    """
    if content:
        chosen = soup.select_one(content)
        if chosen is None:
            raise Unusable(f"nothing in it matches `content: {content}`")
        return chosen
    body = soup.body or soup.new_tag("body")
    main = soup.select_one('main, [role="main"]')
    outer = main or body
    articles = [one for one in outer.select("article") if not one.find_parent("article")]
    inner = outer.select_one('[itemprop="articleBody"]')
    if inner is None and len(articles) == 1:
        inner = articles[0]
    if inner is not None and (main is None or _size(inner) * 2 > _size(main)):
        return inner
    return outer


def clean(main: Tag, *, remove: Sequence[str] = (), whole_page: bool) -> None:
    """Take out of `main` all that is no part of the article.

    `remove` are CSS selectors of more to take out; `whole_page` says that no element of the page
    was marked as its main part, so that menus have to be told by their looks.
    """
    size = _size(main)
    _drop(main.select(", ".join([*remove, _NEVER, *([_AROUND] if whole_page else [])])))
    for comment in main.find_all(string=lambda text: isinstance(text, PreformattedString)):
        comment.extract()
    _drop([tag for tag in main.find_all(_may_be_hidden) if _is_hidden(tag, main)])
    named = main.find_all(class_=_BOILERPLATE)
    _drop([tag for tag in named if _is_boilerplate(tag, size=size)])
    if whole_page:
        _drop(
            [tag for tag in main.find_all(["div", "ul", "ol", "section", "table"]) if _is_menu(tag)]
        )
    for header in main.select("header"):
        _drop(header.find_all(lambda tag: tag.name in ("time", "address", "ul", "ol")))
    _open_summaries(main)
    for heading in main.find_all(_HEADINGS):
        _drop([a for a in heading.select("a") if set(a.get_text().strip()) <= _HEADING_MARKS])


def level_headings(main: Tag) -> None:
    """Shift the headings so that the highest one is a section's (h2): the title stands apart."""
    headings = main.find_all(_HEADINGS)
    for heading in headings:
        if not heading.get_text(strip=True) and not heading.find("img"):
            heading.decompose()
    levels = [int(heading.name[1]) for heading in headings if not heading.decomposed]
    shift = 2 - min(levels, default=2)
    for heading in headings:
        if not heading.decomposed:
            heading.name = f"h{min(6, int(heading.name[1]) + shift)}"


def link_share(main: Tag) -> float:
    """Return which share of the words of an element stands in links, 0 to 1."""
    linked = sum(_size(link) for link in main.select("a[href]"))
    return linked / max(1, _size(main))


def _drop(tags: Sequence[Tag]) -> None:
    for tag in tags:
        if not tag.decomposed:
            tag.decompose()


def _size(tag: Tag) -> int:
    return len(tag.get_text(strip=True))


def _may_be_hidden(tag: Tag) -> bool:
    return (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(str(tag.get("style") or "")) is not None
    )


def _is_hidden(tag: Tag, main: Tag) -> bool:
    """Tell what no reader gets to see; panels that a tab or a button opens are seen."""
    name = str(tag.get("id") or "")
    return not (
        tag.get("role") in ("tabpanel", "region")
        or tag.find_parent("details") is not None
        or (name and main.find(True, attrs={"aria-controls": name}) is not None)
    )


def _is_boilerplate(tag: Tag, *, size: int) -> bool:
    if tag.decomposed or tag.name in (*_HEADINGS, "body", "main", "article"):
        return False
    return _size(tag) * 2 < size  # a wrapper of the whole article is none, whatever its name


def _is_menu(tag: Tag) -> bool:
    """Tell a list of links by its looks: three or more, and hardly a word beside them."""
    return not tag.decomposed and len(tag.select("a[href]")) >= 3 and link_share(tag) > 0.8


def _open_summaries(main: Tag) -> None:
    """Make the question of each fold-out a heading, one level below the heading before it."""
    for summary in main.select("details > summary"):
        before = summary.find_previous(_HEADINGS)
        level = int(before.name[1]) + 1 if isinstance(before, Tag) and before.name != "h1" else 2
        nested = summary.find(_HEADINGS)
        if isinstance(nested, Tag):
            nested.unwrap()
        summary.name = f"h{min(6, level)}"
    for details in main.select("details"):
        details.unwrap()
