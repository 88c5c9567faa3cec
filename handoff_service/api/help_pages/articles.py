"""Reads published articles from the folder that the knowledge base's `current` points to."""

import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from handoff_service.domain import LOCALES

logger = logging.getLogger(__name__)

#: Ids are file names: nothing that a path could be made of.
ARTICLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language, ready to be shown."""

    id: str
    locale: str
    title: str
    #: YYYY-MM-DD
    updated: str
    tags: tuple[str, ...]
    #: Safe HTML of the body, made by the knowledge base build.
    html: str


_ADAPTER = TypeAdapter(Article)


class Articles:
    """The published articles; each call reads what is current: a new one needs no restart."""

    def __init__(self, kb_dir: Path) -> None:
        """Read below `kb_dir/current/articles`."""
        self._current = kb_dir / "current"
        self._lists: dict[tuple[str, str], tuple[Article, ...]] = {}

    def find(self, locale: str, article_id: str) -> Article | None:
        """Return one article; None when there is none, or when these are no names of one."""
        if locale not in LOCALES or not ARTICLE_ID.fullmatch(article_id):
            return None
        return _read(self._current / "articles" / locale / f"{article_id}.json")

    def locales_of(self, article_id: str) -> tuple[str, ...]:
        """Return the languages in which an article is published."""
        if not ARTICLE_ID.fullmatch(article_id):
            return ()
        folder = self._current / "articles"
        return tuple(
            locale for locale in LOCALES if (folder / locale / f"{article_id}.json").is_file()
        )

    def list(self, locale: str) -> tuple[Article, ...]:
        """Return every article of a language, by title."""
        if locale not in LOCALES:
            return ()
        key = (self.version(), locale)
        if key not in self._lists:
            files = (self._current / "articles" / locale).glob("*.json")
            found = [article for article in map(_read, files) if article is not None]
            # Other versions are never asked for again: `current` only moves.
            self._lists = {k: v for k, v in self._lists.items() if k[0] == key[0]}
            self._lists[key] = tuple(sorted(found, key=lambda article: article.title.casefold()))
        return self._lists[key]

    def version(self) -> str:
        """Return the name of the published version, "" when nothing is published yet."""
        try:
            return self._current.resolve(strict=True).name
        except OSError:
            return ""


def _read(file: Path) -> Article | None:
    try:
        raw: Any = json.loads(file.read_text(encoding="utf-8"))
        return _ADAPTER.validate_python(raw)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError:
        logger.exception("article %s is not what a build writes; build the knowledge base", file)
        return None
