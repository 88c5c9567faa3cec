"""One version of the index as it lies on disk, opened for searching."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb_index import store
from kb_index.analyzers import analyze
from kb_index.chunk_table import ChunkTable
from kb_index.errors import IndexBroken
from kb_index.lexical import Lexical
from kb_index.manifest import read_manifest
from kb_index.model_settings import ModelSettings
from kb_index.question_space import QuestionSpace, question_space
from kb_index.synonyms import Synonyms
from kb_index.tables import Tables, read_tables
from kb_index.vectors import Vectors

#: NumPy reads the head of a file with `ast`, which in Python 3.11 fails now and then when threads
#: do so at once (python/cpython#106905).
_ONE_AT_A_TIME = threading.Lock()

#: A question reduced to its words, so that case, endings and punctuation do not matter.
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """All parts of a version; never changes, so threads may share it."""

    version: str
    chunks: ChunkTable
    vectors: Vectors  # of the chunks
    labels: Vectors  # of titles and pinned questions
    names: Vectors  # of what sections are called, each name once
    chunk_words: Lexical
    article_words: Lexical
    tables: Tables
    pinned: Mapping[Words, frozenset[int]]  # numbers of the articles that a question is pinned to
    questions: QuestionSpace
    synonyms: Synonyms

    def locales_with_more_than(self, locale: str) -> list[str]:
        """Return the locales with an article that there is not in `locale`."""
        articles = self.chunks.articles
        own = {articles[number].partition("/")[2] for number in self.chunks.locale_articles(locale)}
        return [
            other
            for other in self.chunks.locales
            if other != locale
            and any(
                articles[number].partition("/")[2] not in own
                for number in self.chunks.locale_articles(other)
            )
        ]


def open_version(folder: Path, version: str, *, model: ModelSettings) -> Opened:
    """Open the version in `folder`.

    Raises:
        IndexMismatch: it was built with another model or other settings.
        IndexBroken: a file of it is missing or damaged.
    """
    read_manifest(folder).require_fit(folder, model=model)
    return open_files(folder, version, model=model)


def open_files(folder: Path, version: str, *, model: ModelSettings) -> Opened:
    """Open the files in `folder`, which were written for `model`.

    Raises:
        IndexBroken: a file of it is missing or damaged.
    """
    with _ONE_AT_A_TIME:
        opened = Opened(
            version,
            chunks=ChunkTable.open(folder),
            vectors=store.read_vectors(folder, "chunks"),
            labels=store.read_vectors(folder, "labels"),
            names=store.read_vectors(folder, "names"),
            chunk_words=store.read_lexical(folder, "chunks"),
            article_words=store.read_lexical(folder, "articles"),
            tables=read_tables(folder),
            pinned=_by_words(store.read_pinned(folder)),
            questions=question_space(model),
            synonyms=Synonyms.load(folder),
        )
    _require_sizes(opened, folder)
    return opened


def _by_words(pinned: list[tuple[int, str]]) -> dict[Words, frozenset[int]]:
    found: dict[Words, frozenset[int]] = {}
    for article, question in pinned:
        words = tuple(analyze(question))
        found[words] = found.get(words, frozenset()) | {article}
    return found


def _require_sizes(opened: Opened, folder: Path) -> None:
    expected = (
        ("chunks", len(opened.vectors), len(opened.chunks)),
        ("labels", len(opened.labels), int(opened.tables.label_starts[-1])),
        ("names of chunks", len(opened.tables.name_of), len(opened.chunks)),
        ("articles", len(opened.tables.shares), len(opened.chunks.articles)),
    )
    for what, found, needed in expected:
        if found != needed:
            raise IndexBroken(str(folder), f"{found} {what} where {needed} are needed")
