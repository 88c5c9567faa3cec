"""Builds an index version from articles."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from kb_index import store, versions
from kb_index.analyzers import ANALYZER_VERSION
from kb_index.articles import Article
from kb_index.chunk_table import write_chunks
from kb_index.chunking import CHUNKER
from kb_index.code_stamp import code_stamp
from kb_index.contents import Contents, lay_out
from kb_index.embedding import Embedder, FloatMatrix, FloatVector
from kb_index.errors import ArticlesBroken, IndexBroken
from kb_index.lexical import Lexical
from kb_index.manifest import FORMAT, MANIFEST_FILE, Manifest, read_manifest
from kb_index.merging import CODE_FILE, Base, find_base, link_pages, merge
from kb_index.plan import Plan, live_manifest
from kb_index.store import name_key, passage_key

#: Told after each batch: chunks embedded so far, and in all.
Progress = Callable[[int, int], None]
_BATCH = 32


def silent(done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class EmbeddedContents:
    """The vectors of all texts of a version, in their order: float32 (texts, dimension) each."""

    chunks: FloatMatrix
    labels: FloatMatrix
    names: FloatMatrix


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
    """Build the planned index of `articles` in `kb_dir`, as `build_version`, and make it live.

    It is not compared with the version that was live; `release` does that.
    """
    built = build_version(
        articles,
        kb_dir,
        plan=plan,
        load_embedder=load_embedder,
        now_ms=now_ms,
        reuse=reuse,
        progress=progress,
    )
    versions.go_live(kb_dir, built.version, now_ms=now_ms)
    return built


def build_version(
    articles: Sequence[Article],
    kb_dir: Path,
    *,
    plan: Plan,
    load_embedder: Callable[[], Embedder],
    now_ms: int,
    reuse: Sequence[Path] = (),
    progress: Progress = silent,
) -> Built:
    """Build the planned index of `articles` in a version folder of `kb_dir`.

    Vectors of chunks that the live index of `kb_dir`, or of a folder in `reuse`, already has are
    taken from there; the model is loaded only if a chunk is new. A version that is still on disk
    is not built again. A build that stops half-way leaves no version behind.

    Raises:
        ArticlesBroken: there is no article.
        ModelMissing, ModelBroken: the model is needed and cannot be loaded.
    """
    if not articles:
        raise ArticlesBroken(["no article is left to index"])
    folder = versions.version_folder(kb_dir, plan.version)
    if (folder / MANIFEST_FILE).is_file():
        return Built(plan.version, read_manifest(folder).n_chunks, 0)
    known = known_vectors([kb_dir, *reuse], model_fingerprint=plan.model_fingerprint)

    def write(building: Path, chosen: Sequence[Article]) -> int:
        """Write files of an index of these articles; return how many chunks were embedded."""
        contents = lay_out(chosen)
        vectors = embed(contents, known=known, load_embedder=load_embedder, progress=progress)
        write_files(building, contents, vectors)
        return sum(1 for text in contents.passages if passage_key(text) not in known)

    with _building(folder) as building:
        base = find_base([kb_dir, *reuse], plan)
        new = None
        if base is not None:
            new = _try_update(building, base, articles, plan=plan, write=write)
        if new is None:
            new = write(building, articles)
            store.write_articles(building, articles)
        plan.synonyms.save(building)
        (building / CODE_FILE).write_text(code_stamp())
        manifest = _manifest(building, plan, now_ms=now_ms)
        manifest.write(building)
    return Built(plan.version, manifest.n_chunks, new)


def embed(
    contents: Contents,
    *,
    load_embedder: Callable[[], Embedder],
    known: Mapping[int, FloatVector] = MappingProxyType({}),
    progress: Progress = silent,
) -> EmbeddedContents:
    """Embed every text whose vector is not known by its key, each once, with all cores.

    A blank text has a vector of zeros: it is near to nothing.
    """
    passages = {passage_key(text): text for text in contents.passages if text.strip()}
    names = {name_key(text): text for text in (*contents.labels, *contents.names) if text.strip()}
    new_passages = [(key, text) for key, text in passages.items() if key not in known]
    new_names = [(key, text) for key, text in names.items() if key not in known]
    vectors = dict(known)
    total = len(new_passages) + len(new_names)
    for new, embed_batch in ((new_passages, _embed_passages), (new_names, _embed_names)):
        for start in range(0, len(new), _BATCH):
            keys, texts = zip(*new[start : start + _BATCH], strict=True)
            vectors |= zip(keys, embed_batch(load_embedder(), list(texts)), strict=True)
            done = start + len(keys) + (0 if new is new_passages else len(new_passages))
            progress(done, total)
    blank = np.zeros_like(next(iter(vectors.values())))
    return EmbeddedContents(
        chunks=np.stack([vectors.get(passage_key(text), blank) for text in contents.passages]),
        labels=np.stack([vectors.get(name_key(text), blank) for text in contents.labels]),
        names=np.stack([vectors.get(name_key(text), blank) for text in contents.names]),
    )


def _embed_passages(embedder: Embedder, texts: list[str]) -> FloatMatrix:
    return embedder.embed_passages(texts, workers=os.cpu_count() or 1)


def _embed_names(embedder: Embedder, texts: list[str]) -> FloatMatrix:
    """Embed names as the mean of what they are as a passage and as a question.

    A title is a little of both. Customers' own words, MRR: as passages 0.608, as both 0.621, which
    is within the noise of so few questions.
    """
    workers = os.cpu_count() or 1
    as_passages = embedder.embed_passages(texts, workers=workers)
    as_questions = embedder.embed_queries(texts, workers=workers)
    return (as_passages + as_questions) / np.float32(2)


def write_files(folder: Path, contents: Contents, vectors: EmbeddedContents) -> None:
    """Write the files of a version that searches read, but its manifest."""
    write_chunks(folder, contents.chunks)
    contents.tables().write(folder)
    store.write_pinned(folder, contents.pinned)
    store.write_vectors(folder, "chunks", vectors.chunks, keys=map(passage_key, contents.passages))
    store.write_vectors(folder, "labels", vectors.labels, keys=map(name_key, contents.labels))
    store.write_vectors(folder, "names", vectors.names, keys=map(name_key, contents.names))
    store.write_lexical(folder, "chunks", Lexical.build(contents.words_of_chunks()))
    store.write_lexical(folder, "articles", Lexical.build(contents.words_of_articles()))


def _manifest(building: Path, plan: Plan, *, now_ms: int) -> Manifest:
    chunks = store.read_vectors(building, "chunks")
    return Manifest(
        version=plan.version,
        model_fingerprint=plan.model_fingerprint,
        dimension=chunks.dimension,
        chunker=dict(CHUNKER),
        analyzer=ANALYZER_VERSION,
        format=FORMAT,
        articles=plan.hashes,
        n_chunks=len(chunks),
        built_ms=now_ms,
    )


def known_vectors(kb_dirs: Sequence[Path], *, model_fingerprint: str) -> dict[int, FloatVector]:
    """Collect the vectors of live indexes that the same model made, by the keys of their texts."""
    known: dict[int, FloatVector] = {}
    for kb_dir in kb_dirs:
        manifest = live_manifest(kb_dir)
        if manifest is None or manifest.model_fingerprint != model_fingerprint:
            continue
        with suppress(IndexBroken):  # damaged or of another layout: embed again
            known |= store.read_known(versions.version_folder(kb_dir, manifest.version))
    return known


def _try_update(
    building: Path,
    base: Base,
    articles: Sequence[Article],
    *,
    plan: Plan,
    write: Callable[[Path, Sequence[Article]], int],
) -> int | None:
    """Write the changed articles and merge them with the base; None if that is damaged.

    Returns how many chunks were embedded.
    """
    changed = [one for one in articles if base.articles.get(one.key) != plan.hashes[one.key]]
    fresh = building / ".fresh"
    fresh.mkdir()
    try:
        new = write(fresh, changed) if changed else 0
        keys = frozenset(article.key for article in changed)
        merge(building, base.folder, fresh if changed else None, articles, changed=keys)
        link_pages(building, base.folder, articles, before=base.articles, now=plan.hashes)
    except IndexBroken:
        return None
    finally:
        shutil.rmtree(fresh)
    return new


@contextmanager
def _building(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which gets its name when all is written."""
    building = folder.with_name(f".building-{folder.name}-{os.getpid()}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
