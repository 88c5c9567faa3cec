"""Writes and reads the files of one index version.

faiss.index, headings.index, bm25/, chunks.jsonl and articles/<locale>/<id>.json, beside
manifest.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from kb_index.articles import Article, link_target
from kb_index.chunking import Chunk
from kb_index.embedding import FloatMatrix
from kb_index.errors import IndexBroken
from kb_index.lexical import Lexical
from kb_index.markdown import parse_block, read_sections, render_html

_VECTORS_FILE = "faiss.index"
_HEADINGS_FILE = "headings.index"
_CHUNKS_FILE = "chunks.jsonl"
_LEXICAL_FOLDER = "bm25"


@dataclass(frozen=True, slots=True)
class ChunkVectors:
    """The vectors of chunks and of their headings: float32 (chunks, dimension) each."""

    passages: FloatMatrix
    headings: FloatMatrix


def write_vectors(folder: Path, vectors: ChunkVectors) -> None:
    """Write the vectors of the chunks and of their headings, as exact inner-product indexes."""
    faiss.write_index(flat_index(vectors.passages), str(folder / _VECTORS_FILE))
    faiss.write_index(flat_index(vectors.headings), str(folder / _HEADINGS_FILE))


def flat_index(vectors: FloatMatrix) -> faiss.Index:
    """Return an exact inner-product index of vectors, float32 (chunks, dimension)."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


def write_lexical(folder: Path, lexical: Lexical) -> None:
    """Write the word index."""
    lexical.save(folder / _LEXICAL_FOLDER)


def write_chunks(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Write the chunks, one JSON object a line, in index order."""
    with (folder / _CHUNKS_FILE).open("w", encoding="utf-8") as stream:
        for chunk in chunks:
            stream.write(json.dumps(asdict(chunk), ensure_ascii=False) + "\n")


def write_articles(folder: Path, articles: Sequence[Article]) -> None:
    """Write each article as the JSON that help pages are made from."""
    published = {article.key for article in articles}
    for article in articles:
        path = folder / "articles" / article.locale / f"{article.id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        page = describe_article(article, published=published)
        path.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def describe_article(article: Article, *, published: set[str]) -> dict[str, Any]:
    """Return id, locale, title, updated, tags, safe HTML and section anchors of an article.

    A link to another article becomes the address of its page, or mere words when it is not
    published.
    """

    def resolve(link: str) -> str | None:
        target = link_target(link)
        if target is None:
            return link
        if f"{article.locale}/{target}" not in published:
            return None
        _, hash_mark, anchor = link.partition("#")
        return f"/help/{article.locale}/{target}{hash_mark}{anchor}"

    return {
        "id": article.id,
        "locale": article.locale,
        "title": article.title,
        "updated": article.updated,
        "tags": list(article.tags),
        "html": render_html(article.body, resolve=resolve),
        "sections": [
            {"anchor": section.anchor, "heading": section.heading}
            for section in read_sections(article.body)
            if section.heading
        ],
    }


def read_vectors(folder: Path) -> faiss.Index:
    """Read the index of the chunks' vectors; the file is mapped, so processes share its memory.

    Raises:
        IndexBroken: the file is missing or damaged.
    """
    return _read_faiss(folder, _VECTORS_FILE)


def read_headings(folder: Path) -> faiss.Index:
    """Read the index of the headings' vectors, as `read_vectors` does."""
    return _read_faiss(folder, _HEADINGS_FILE)


def read_matrices(folder: Path) -> ChunkVectors:
    """Read all vectors.

    Raises:
        IndexBroken: a file is missing or damaged.
    """
    passages, headings = read_vectors(folder), read_headings(folder)
    return ChunkVectors(
        passages=np.asarray(passages.reconstruct_n(0, passages.ntotal), dtype=np.float32),
        headings=np.asarray(headings.reconstruct_n(0, headings.ntotal), dtype=np.float32),
    )


def _read_faiss(folder: Path, name: str) -> faiss.Index:
    try:
        return faiss.read_index(str(folder / name), faiss.IO_FLAG_MMAP)
    except RuntimeError as error:
        raise IndexBroken(str(folder), f"{name} cannot be read") from error


def read_lexical(folder: Path) -> Lexical:
    """Read the word index.

    Raises:
        IndexBroken: a file of it is missing or damaged.
    """
    try:
        return Lexical.load(folder / _LEXICAL_FOLDER)
    except (OSError, ValueError, KeyError) as error:
        raise IndexBroken(str(folder), f"{_LEXICAL_FOLDER}/: {error}") from error


def read_chunks(folder: Path) -> list[Chunk]:
    """Read the chunks, in index order.

    Raises:
        IndexBroken: the file is missing or damaged.
    """
    try:
        with (folder / _CHUNKS_FILE).open(encoding="utf-8") as stream:
            return [_parse_chunk(json.loads(line)) for line in stream]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexBroken(str(folder), f"{_CHUNKS_FILE}: {error}") from error


def _parse_chunk(raw: dict[str, Any]) -> Chunk:
    blocks = tuple(parse_block(block) for block in raw.pop("blocks"))
    return Chunk(**raw, blocks=blocks)
