"""Builds an index version from articles and makes it the live one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_index import store, versions
from kb_index.analyzers import ANALYZER_VERSION, analyze
from kb_index.articles import Article
from kb_index.chunking import CHUNKER, Chunk, chunk_article
from kb_index.embedding import Embedder, FloatVector
from kb_index.errors import ArticlesBroken, IndexBroken
from kb_index.lexical import Lexical
from kb_index.manifest import FORMAT, MANIFEST_FILE, Manifest, read_manifest
from kb_index.plan import Plan, live_manifest
from kb_index.store import ChunkVectors

#: Told after each batch: chunks embedded so far, and in all.
Progress = Callable[[int, int], None]
_BATCH = 32
#: The vectors of a chunk and of its heading.
VectorPair = tuple[FloatVector, FloatVector]


def silent(done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made; `embedded` counts the chunks that needed the model."""

    version: str
    chunks: int
    embedded: int


def build_index(
    articles: Sequence[Article],
    kb_dir: Path,
    *,
    plan: Plan,
    load_embedder: Callable[[], Embedder],
    now_ms: int,
    reuse: Sequence[Path] = (),
    progress: Progress = silent,
) -> Built:
    """Build the planned index of `articles` in `kb_dir` and make it live.

    Vectors of chunks that the live index of `kb_dir`, or of a folder in `reuse`, already has are
    taken from there; the model is loaded only if a chunk is new. A version that is still on disk
    is only made live. A build that stops half-way leaves the live index as it was.

    Raises:
        ArticlesBroken: there is no article.
        ModelMissing, ModelBroken: the model is needed and cannot be loaded.
    """
    if not articles:
        raise ArticlesBroken(["no article is left to index"])
    folder = versions.version_folder(kb_dir, plan.version)
    if (folder / MANIFEST_FILE).is_file():
        built = Built(plan.version, read_manifest(folder).n_chunks, 0)
    else:
        chunks = _by_locale(articles)
        known = _known_vectors([kb_dir, *reuse], model_fingerprint=plan.model_fingerprint)
        new = [chunk for chunk in chunks if chunk.id not in known]
        if new:
            known |= embed_chunks(new, load_embedder(), progress=progress)
        vectors = stack([known[chunk.id] for chunk in chunks])
        manifest = _manifest(
            plan, dimension=vectors.passages.shape[1], chunks=chunks, now_ms=now_ms
        )
        _write(folder, manifest, articles=articles, chunks=chunks, vectors=vectors)
        built = Built(plan.version, len(chunks), len(new))
    versions.make_live(kb_dir, plan.version)
    versions.prune_versions(kb_dir)
    return built


def embed_chunks(
    chunks: Sequence[Chunk], embedder: Embedder, *, progress: Progress = silent
) -> dict[str, VectorPair]:
    """Embed each chunk, and its heading as the question it answers; uses all cores.

    Returns (vector of the chunk, vector of the heading) by chunk id.
    """
    workers = os.cpu_count() or 1
    headings = sorted({chunk.name for chunk in chunks})
    as_questions = embedder.embed_queries(headings, workers=workers)
    by_heading = dict(zip(headings, as_questions, strict=True))
    pairs: dict[str, VectorPair] = {}
    for start in range(0, len(chunks), _BATCH):
        batch = chunks[start : start + _BATCH]
        vectors = embedder.embed_passages([one.indexed_text for one in batch], workers=workers)
        for chunk, vector in zip(batch, vectors, strict=True):
            pairs[chunk.id] = (vector, by_heading[chunk.name])
        progress(start + len(batch), len(chunks))
    return pairs


def stack(pairs: Sequence[VectorPair]) -> ChunkVectors:
    """Put the vectors of chunks into two matrices, in order."""
    return ChunkVectors(
        passages=np.stack([passage for passage, _ in pairs]),
        headings=np.stack([heading for _, heading in pairs]),
    )


def _manifest(plan: Plan, *, dimension: int, chunks: Sequence[Chunk], now_ms: int) -> Manifest:
    return Manifest(
        version=plan.version,
        model_fingerprint=plan.model_fingerprint,
        dimension=dimension,
        chunker=dict(CHUNKER),
        analyzer=ANALYZER_VERSION,
        format=FORMAT,
        articles=plan.hashes,
        n_chunks=len(chunks),
        built_ms=now_ms,
    )


def _by_locale(articles: Sequence[Article]) -> list[Chunk]:
    """Chunk all articles; those of a locale stand together, so that a locale is one range."""
    ordered = sorted(articles, key=lambda article: article.key)
    return [chunk for article in ordered for chunk in chunk_article(article)]


def _known_vectors(kb_dirs: Sequence[Path], *, model_fingerprint: str) -> dict[str, VectorPair]:
    """Collect the vectors of live indexes that the same model made, by chunk id."""
    known: dict[str, VectorPair] = {}
    for kb_dir in kb_dirs:
        manifest = live_manifest(kb_dir)
        if manifest is None or manifest.model_fingerprint != model_fingerprint:
            continue
        folder = versions.version_folder(kb_dir, manifest.version)
        try:
            matrices = store.read_matrices(folder)
            pairs = zip(matrices.passages, matrices.headings, strict=True)
            ids = [chunk.id for chunk in store.read_chunks(folder)]
            known |= dict(zip(ids, pairs, strict=True))
        except (IndexBroken, ValueError):
            continue  # damaged or of another layout: embed again
    return known


def _write(
    folder: Path,
    manifest: Manifest,
    *,
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    vectors: ChunkVectors,
) -> None:
    """Write all files beside, then give the folder its name; the manifest is written last."""
    building = folder.with_name(f".building-{manifest.version}-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        store.write_vectors(building, vectors)
        store.write_lexical(building, Lexical.build([analyze(one.indexed_text) for one in chunks]))
        store.write_chunks(building, chunks)
        store.write_articles(building, articles)
        manifest.write(building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
