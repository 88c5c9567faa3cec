"""Passages of the knowledge base in the shapes that replies and slots carry."""

from __future__ import annotations

from typing import Any

from kb_index.searching import Hit

#: Passages remembered for the agent.
REMEMBERED = 5


def url(hit: Hit) -> str:
    """Return the site-relative address of the article's section."""
    anchor = f"#{hit.anchor}" if hit.anchor else ""
    return f"/help/{hit.locale}/{hit.article_id}{anchor}"


def source(hit: Hit) -> dict[str, Any]:
    """Return what a reply says of the passage it quotes."""
    return {
        "article_id": hit.article_id,
        "title": hit.title,
        "url": url(hit),
        "quote": hit.quote,
        "locale": hit.locale,
        "updated": hit.updated,
    }


def button(hit: Hit) -> dict[str, Any]:
    """Return a button that shows the article."""
    payload = {"action": "show_article", "article_id": hit.article_id, "locale": hit.locale}
    return {"title": hit.title, "payload": payload}


def remember(tried: list[dict[str, Any]] | None, hit: Hit) -> list[dict[str, Any]]:
    """Return the passages shown so far with this one last, each article once."""
    entry = {
        "article_id": hit.article_id,
        "title": hit.title,
        "url": url(hit),
        "confidence": round(hit.confidence, 3),
    }
    others = [shown for shown in tried or [] if shown["article_id"] != hit.article_id]
    return [*others, entry][-REMEMBERED:]
