"""Builds an index version from articles and makes it the live one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_index import store
from kb_index.analyzers import ANALYZER_VERSION, analyze
from kb_index.articles import Article
from kb_index.chunking import CHUNKER, Chunk, chunk_article
from kb_index.embedding import Embedder, FloatMatrix, FloatVector
from kb_index.errors import IndexBroken, IndexMissing
from kb_index.lexical import Lexical
from kb_index.manifest import FORMAT, MANIFEST_FILE, Manifest, name_version, read_manifest

#: Told after each batch: chunks embedded so far, and in all.
Progress = Callable[[int, int], None]
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did; `fresh` is False when the live index already was of these inputs."""

    version: str
    fresh: bool
    articles: int
    chunks: int
    embedded: int  # chunks that needed the model
    changed: tuple[str, ...]  # articles (locale/id) that are new or different
    dropped: tuple[str, ...]  # articles of the former version that are gone


def build_index(
    articles: Sequence[Article],
    kb_dir: Path,
    *,
    load_embedder: Callable[[], Embedder],
    model_fingerprint: str,
    now_ms: int,
    reuse: Sequence[Path] = (),
    progress: Progress = lambda done, total: None,
) -> Built:
    """Build an index of `articles` in `kb_dir` and make it live, unless it already is.

    Vectors of chunks that a former version in `kb_dir`, or in one of the folders of `reuse`, already has
    are taken from there. The model is loaded only if a chunk is new. A build that stops half-way leaves
    the live index as it was.
    """
    hashes = {article.key: article.content_hash() for article in articles}
    version = name_version(hashes, model_fingerprint=model_fingerprint)
    former = _live_manifest(kb_dir)
    before = former.articles if former else {}
    changed = tuple(key for key, digest in hashes.items() if before.get(key) != digest)
    dropped = tuple(key for key in before if key not in hashes)
    if former and former.version == version:
        return Built(version, False, len(articles), former.n_chunks, 0, (), ())  # noqa: FBT003
    folder = store.version_folder(kb_dir, version)
    chunks = _by_locale(articles)
    embedded = 0
    if not (folder / MANIFEST_FILE).is_file():
        known = _known_vectors([kb_dir, *reuse], model_fingerprint=model_fingerprint)
        new = [chunk for chunk in chunks if chunk.id not in known]
        embedded = len(new)
        if new:
            known.update(_embed(new, load_embedder(), progress=progress))
        vectors = np.stack([known[chunk.id] for chunk in chunks])
        manifest = Manifest(
            version=version,
            model_fingerprint=model_fingerprint,
            dimension=int(vectors.shape[1]),
            chunker=dict(CHUNKER),
            analyzer=ANALYZER_VERSION,
            format=FORMAT,
            articles=hashes,
            n_chunks=len(chunks),
            built_ms=now_ms,
        )
        _write(folder, manifest, articles=articles, chunks=chunks, vectors=vectors)
    store.make_live(kb_dir, version)
    store.prune_versions(kb_dir)
    return Built(version, True, len(articles), len(chunks), embedded, changed, dropped)  # noqa: FBT003


def _by_locale(articles: Sequence[Article]) -> list[Chunk]:
    """Chunk all articles; those of a locale stand together, so that a locale is one range."""
    ordered = sorted(articles, key=lambda article: article.key)
    return [chunk for article in ordered for chunk in chunk_article(article)]


def _live_manifest(kb_dir: Path) -> Manifest | None:
    try:
        return read_manifest(store.version_folder(kb_dir, store.live_version(kb_dir)))
    except (IndexMissing, IndexBroken):
        return None


def _known_vectors(
    kb_dirs: Sequence[Path], *, model_fingerprint: str
) -> dict[str, FloatVector]:
    """Collect the vectors of live indexes that the same model made, by chunk id."""
    known: dict[str, FloatVector] = {}
    for kb_dir in kb_dirs:
        manifest = _live_manifest(kb_dir)
        if manifest is None or manifest.model_fingerprint != model_fingerprint:
            continue
        folder = store.version_folder(kb_dir, manifest.version)
        try:
            ids = [chunk.id for chunk in store.read_chunks(folder)]
            known.update(zip(ids, store.read_matrix(folder), strict=True))
        except (IndexBroken, ValueError):
            continue  # damaged: embed again
    return known


def _embed(
    chunks: Sequence[Chunk], embedder: Embedder, *, progress: Progress
) -> Iterator[tuple[str, FloatVector]]:
    workers = os.cpu_count() or 1
    for start in range(0, len(chunks), _BATCH):
        batch = chunks[start : start + _BATCH]
        vectors = embedder.embed_passages([one.indexed_text for one in batch], workers=workers)
        yield from zip([one.id for one in batch], vectors, strict=True)
        progress(start + len(batch), len(chunks))


def _write(
    folder: Path,
    manifest: Manifest,
    *,
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    vectors: FloatMatrix,
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
