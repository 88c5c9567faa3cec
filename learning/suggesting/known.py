"""What a project has already: its articles as plain text, its canned replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from handoff_service.archive.database import Database
from handoff_service.archive.setting_versions import current
from kb_index.articles import load_articles
from kb_index.errors import ArticlesBroken
from kb_index.markdown import read_sections


def article_texts(root: Path) -> dict[tuple[str, str], str]:
    """Return the words of the project's articles by locale and id; none where there is no folder.

    Articles of other sources are not among them.
    """
    try:
        articles = load_articles(root / "data" / "kb").articles
    except ArticlesBroken:
        return {}
    return {(article.locale, article.id): plain_text(article.body) for article in articles}


def plain_text(markdown: str) -> str:
    """Return the words of Markdown, a line for each paragraph, item and row."""
    return "\n".join(
        block.text for section in read_sections(markdown) for block in section.blocks if block.text
    )


async def reply_texts(database: Database, root: Path) -> list[tuple[str, str, str]]:
    """Return (reply id, language, text) of the desk's canned replies.

    Those saved in the console, else those of data/replies.yml. Raises ArchiveUnavailable.
    """
    saved = await current(database, "replies")
    document: dict[str, Any] = saved.document if saved else _file(root / "data" / "replies.yml")
    return [
        (str(reply_id), str(language), str(text))
        for reply_id, reply in (document.get("replies") or {}).items()
        for language, text in (reply.get("texts") or {}).items()
    ]


def _file(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (FileNotFoundError, yaml.YAMLError):
        return {}  # the service itself tells what is wrong with it
    return content if isinstance(content, dict) else {}
