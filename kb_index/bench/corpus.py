"""Writes an index version of synthetic articles, as a build would, without embedding anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_index import store
from kb_index.analyzers import analyze
from kb_index.bench.synthetic import CHUNKS_PER_ARTICLE, Space, ask_words, draw_words
from kb_index.chunk_table import ChunkTable, write_chunks
from kb_index.chunking import Chunk
from kb_index.embedding import FloatMatrix
from kb_index.lexical import Lexical
from kb_index.markdown import Block, BlockKind
from kb_index.synonyms import Synonyms
from kb_index.tables import Tables, label_starts

LOCALE = "en"
#: Sections with a name of their own, by chunk: one in so many.
_CHUNKS_PER_NAME = 4
_MATRIX_FILE = "matrix.npy"
_SEED = 11


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions about some chunks: their texts and vectors, float32 (questions, dimension)."""

    texts: list[str]
    vectors: FloatMatrix


def write_matrix(folder: Path, space: Space, n: int) -> FloatMatrix:
    """Draw the vectors of `n` chunks into a file, and return it mapped: (n, dimension)."""
    matrix = np.lib.format.open_memmap(
        folder / _MATRIX_FILE, "w+", np.float32, (n, len(space.common))
    )
    start = 0
    for block in space.passages(n):
        matrix[start : start + len(block)] = block
        start += len(block)
    matrix.flush()
    return matrix


def draw_questions(folder: Path, matrix: FloatMatrix, space: Space, n: int) -> Asked:
    """Draw `n` questions, each about another chunk of the version in `folder`, in any order."""
    rng = np.random.default_rng(_SEED)
    rows = rng.choice(len(matrix), min(n, len(matrix)), replace=False)
    chunks = ChunkTable.open(folder)
    texts = [ask_words(analyze(chunks[row].text), row) for row in rows.tolist()]
    return Asked(texts, space.questions(np.asarray(matrix[rows])))


def write_version(folder: Path, matrix: FloatMatrix, space: Space) -> dict[str, float]:
    """Write all that a search opens; returns the seconds that the large parts took."""
    n = len(matrix)
    n_articles = -(-n // CHUNKS_PER_ARTICLE)
    n_names = max(1, n // _CHUNKS_PER_NAME)
    seconds: dict[str, float] = {}
    with _timed(seconds, "chunks"):
        write_chunks(folder, _chunks(n))
    with _timed(seconds, "vectors"):
        store.write_vectors(folder, "chunks", matrix, keys=range(n))
    with _timed(seconds, "titles_and_headings"):
        _write_near(folder, "labels", matrix[::CHUNKS_PER_ARTICLE], space)
        _write_near(folder, "names", matrix[::_CHUNKS_PER_NAME][:n_names], space)
    with _timed(seconds, "words"):
        store.write_lexical(folder, "chunks", Lexical.build(draw_words(n)))
        store.write_lexical(folder, "articles", Lexical.build(_words_of_articles(n)))
    Tables(
        label_starts=label_starts([0] * n_articles),
        name_of=np.minimum(np.arange(n) // _CHUNKS_PER_NAME, n_names - 1).astype(np.int32),
        shares=np.tile(np.array([1, 0, 0], np.float32), (n_articles, 1)),
        twin_starts=np.zeros(n_articles + 1, np.int64),
        twins=np.zeros(0, np.int64),
    ).write(folder)
    store.write_pinned(folder, [])
    Synonyms().save(folder)
    return seconds


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - started, 1)


def _write_near(folder: Path, table: str, vectors: FloatMatrix, space: Space) -> None:
    near = space.nearby(np.asarray(vectors), name=table)
    store.write_vectors(folder, table, near, keys=range(len(near)))


def _words_of_articles(n: int) -> Iterator[list[str]]:
    held: list[str] = []
    for number, words in enumerate(draw_words(n), start=1):
        held += words
        if number % CHUNKS_PER_ARTICLE == 0 or number == n:
            yield held
            held = []


def _chunks(n: int) -> Iterator[Chunk]:
    title = heading = ""
    for number, words in enumerate(draw_words(n)):
        if number % CHUNKS_PER_ARTICLE == 0:
            title = " ".join(words[:4])
        if number % _CHUNKS_PER_NAME == 0:
            heading = " ".join(words[:3])
        article = f"article-{number // CHUNKS_PER_ARTICLE:07}"
        yield Chunk(
            id=f"{number:020x}",
            article_id=article,
            locale=LOCALE,
            title=title,
            heading=heading,
            anchor=f"section-{number}",
            updated="2026-01-01",
            url="",
            blocks=(Block(BlockKind.PARAGRAPH, _sentences(words), whole=True),),
        )


def _sentences(words: list[str]) -> str:
    parts = [" ".join(words[start : start + 12]) for start in range(0, len(words), 12)]
    return " ".join(f"{part.capitalize()}." for part in parts)
