"""Keeps what article files said, so that a build parses only those that changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_index.articles import Article
from kb_index.code_stamp import code_stamp


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and the targets of all links in it."""

    article: Article
    links: tuple[str, ...]


class KeptReadings:
    """Readings by the text of their files, in one file; what other code read is read again."""

    def __init__(self, file: Path) -> None:
        """`file` is where they are, or will be."""
        self._file = file
        self._kept = self._load()
        self._used: dict[str, list[Any]] = {}

    def read(self, text: str, *, locale: str, parse: Callable[[], Reading]) -> Reading:
        """Return the reading of a file's text; `parse` makes it if it is not known."""
        key = hashlib.sha256(f"{locale}\0{text}".encode(errors="surrogatepass")).hexdigest()[:32]
        row = self._kept.get(key)
        if row is None:
            reading = parse()
            row = self._used[key] = _as_row(reading)
            return reading
        self._used[key] = row
        article_id, title, updated, tags, answers, url, links, length = row
        end = len(text.rstrip("\n"))
        article = Article(
            id=article_id,
            locale=locale,
            title=title,
            updated=updated,
            tags=tuple(tags),
            body=text[end - length : end],
            answers=tuple(answers),
            url=url,
        )
        return Reading(article, tuple(links))

    def save(self) -> None:
        """Keep the readings that were asked for, and no others."""
        if self._used.keys() == self._kept.keys():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_name(f".{self._file.name}-{os.getpid()}")
        kept = json.dumps({"by": code_stamp(), "readings": self._used}, ensure_ascii=False)
        beside.write_text(kept, encoding="utf-8", errors="surrogatepass")
        beside.replace(self._file)

    def _load(self) -> dict[str, list[Any]]:
        try:
            raw = json.loads(self._file.read_text(encoding="utf-8", errors="surrogatepass"))
            kept: dict[str, list[Any]] = raw["readings"] if raw["by"] == code_stamp() else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}  # not there or damaged: read again
        return kept


def _as_row(reading: Reading) -> list[Any]:
    """Return what is not in the file as it stands: the body is its end, without empty lines."""
    one = reading.article
    fields = [one.id, one.title, one.updated, list(one.tags), list(one.answers), one.url]
    return [*fields, list(reading.links), len(one.body)]
