"""Passages of the knowledge base in the shapes that replies and slots carry."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote as percent_encode

from actions.quoted import describe
from kb_index.articles import link_target
from kb_index.markdown import Block, BlockKind
from kb_index.searching import Hit
from kb_index.spans import SpanKind

#: Passages remembered for the agent.
REMEMBERED = 5
#: Longest title on a button, in characters.
_LONGEST_TITLE = 100
#: Addresses that a quote may lead to.
_FOLLOWED = re.compile(r"(?:https?://|mailto:)\S{1,2000}", re.IGNORECASE)
_ARTICLE_ID = re.compile(r"[a-z0-9-]+")
#: With so many characters of it, text is found on its page.
_FINDING = 60
_MARK = re.compile(r"(?:\d{1,9}\.|•) ")
_WORD_END = re.compile(r"\w(?=[\s.,;:!?()，。；：！？、（）…]|\Z)")


def url(hit: Hit) -> str:
    """Return the address that opens at the passage; site-relative if the page is ours.

    Where no anchor leads to the quote, its first words do: a text fragment
    (https://wicg.github.io/scroll-to-text-fragment/), which browsers that know none pass over.
    """
    own_page = f"/help/{hit.locale}/{hit.article_id}#{hit.anchor}"
    page, _, fragment = (hit.url or own_page).partition("#")
    words = "" if hit.at_anchor and not hit.url else _first_words(hit.blocks)
    if words:
        fragment += f":~:text={percent_encode(words, safe='').replace('-', '%2D')}"
    return f"{page}#{fragment}" if fragment else page


def source(hit: Hit, *, language: str) -> dict[str, Any]:
    """Return what a reply says of the passage it quotes to a customer who speaks `language`."""
    foreign = {"foreign": True} if hit.locale != language else {}
    heading = {"heading": hit.heading} if hit.heading else {}
    return {
        "article_id": hit.article_id,
        "title": hit.title,
        **heading,
        "url": url(hit),
        "quote": hit.quote,
        "blocks": describe(hit.blocks, resolve=lambda link: _address(link, hit)),
        "locale": hit.locale,
        "updated": hit.updated,
        **foreign,
    }


def button(hit: Hit, *, language: str) -> dict[str, Any]:
    """Return a button that shows the article to a customer who speaks `language`."""
    foreign = {"foreign": True} if hit.locale != language else {}
    payload = {"action": "show_article", "article_id": hit.article_id, "locale": hit.locale}
    title = hit.title
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1].rstrip() + "…"
    return {"title": title, "payload": payload, **foreign}


def remember(tried: list[dict[str, Any]] | None, hit: Hit) -> list[dict[str, Any]]:
    """Return the passages shown so far with this one last, each article once."""
    entry = {
        "article_id": hit.article_id,
        "title": hit.title,
        "url": url(hit),
        "confidence": round(hit.confidence, 3),
    }
    return remember_entry(tried, entry)


def remember_entry(
    tried: list[dict[str, Any]] | None, entry: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what was shown so far with an entry last, each article once."""
    others = [shown for shown in tried or [] if shown["article_id"] != entry["article_id"]]
    return [*others, entry][-REMEMBERED:]


def _first_words(blocks: tuple[Block, ...]) -> str:
    """Return words that the page has side by side: of one line, before any picture."""
    if not blocks or blocks[0].kind in (BlockKind.TABLE, BlockKind.CODE):
        return ""
    line = next(blocks[0].words.lines())
    mark = _MARK.match(line.text) if blocks[0].kind is BlockKind.LIST else None
    pictures = [span.start for span in line.spans if span.kind is SpanKind.IMAGE]
    text = line.text[mark.end() if mark else 0 : min(pictures, default=len(line.text))]
    ends = [found.end() for found in _WORD_END.finditer(text) if found.end() <= _FINDING]
    return " ".join(text[: max(ends, default=0)].split())


def _address(link: str, hit: Hit) -> str | None:
    """Return where a link of an article leads; None for what is no page."""
    if _FOLLOWED.fullmatch(link):
        return link
    target, _, anchor = link.partition("#")
    if link_target(link) is None and target:
        return None
    if target and not _ARTICLE_ID.fullmatch(target):
        return None
    fragment = f"#{anchor}" if anchor else ""
    return f"/help/{hit.locale}/{target or hit.article_id}{fragment}"
