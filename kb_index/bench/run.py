"""Runs the whole measurement: embedding, then searching in an index of synthetic articles."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kb_index.bench import corpus, embedding, searching
from kb_index.bench.machine import Stopwatch, load, size
from kb_index.bench.synthetic import CLUSTERED, HARD, Space, draw_words
from kb_index.embedding import FloatMatrix
from kb_index.model_settings import read_settings
from kb_index.vectors import Kind, Vectors, choose_kind

#: Room on disk that a chunk needs while its index is built and measured, in bytes.
BYTES_PER_CHUNK = 7_000
#: At these sizes the kind of index that was not chosen is measured too, and bm25s.
_COMPARED = range(10_000, 100_001)
_MATRIX_FILE = "matrix.npy"
_QUESTIONS = 400

Report = Callable[[str], None]


def measure(folder: Path, model_dir: Path, *, n: int, hard: bool, report: Report) -> dict[str, Any]:
    """Measure an index of `n` chunks in `folder`; one that an earlier run left there is used again.

    `hard` draws vectors as in `synthetic.HARD`, otherwise as in `synthetic.CLUSTERED`.

    Raises:
        KbError: there is no embedding model in `model_dir`.
        RuntimeError: the process that searches failed.
    """
    settings = read_settings(model_dir)
    common = np.array(settings.question_mean, dtype=np.float32)
    space = Space(common / np.linalg.norm(common), HARD if hard else CLUSTERED)
    report("embedding questions and passages")
    embedded = embedding.measure(model_dir)
    seconds = _build(folder, space, n=n, report=report)
    matrix = np.load(folder / _MATRIX_FILE, mmap_mode="r")
    report(f"asking {_QUESTIONS} questions")
    asked = corpus.draw_questions(folder, matrix, space, _QUESTIONS)
    searched = searching.measure(folder, model_dir, asked, matrix)
    compared = {}
    if n in _COMPARED:
        report("comparing with the other kind of index, and with bm25s")
        queries = searching.centre(asked.vectors, settings)
        compared = {"other_kind": _other_kind(matrix, queries), "bm25s": _bm25s(n, asked.texts)}
    return {
        "chunks": n,
        "vectors_drawn": "hard" if hard else "clustered",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": load()},
        "embedding": embedded,
        **searched,
        **compared,
        "build_seconds": seconds,
        "disk_mib": {
            "vectors": size(folder / "chunks"),
            "titles_and_headings": size(folder / "labels") + size(folder / "names"),
            "words": size(folder / "chunks-words") + size(folder / "articles-words"),
            "chunks": size(folder / "chunks.jsonl") + size(folder / "chunks.npz"),
        },
    }


def _build(folder: Path, space: Space, *, n: int, report: Report) -> dict[str, float]:
    """Build the index unless it is there; returns the seconds that each part took."""
    done = folder / "build_seconds.json"
    if not done.is_file():
        report(f"drawing {n} vectors")
        matrix = corpus.write_matrix(folder, space, n)
        report(f"building an index of {n} chunks ({choose_kind(n).value})")
        done.write_text(json.dumps(corpus.write_version(folder, matrix, space)), encoding="utf-8")
    seconds: dict[str, float] = json.loads(done.read_text(encoding="utf-8"))
    return seconds


def _other_kind(matrix: FloatMatrix, queries: FloatMatrix) -> dict[str, Any]:
    """Measure the kind of index that is not used at this size."""
    kind = next(one for one in Kind if one is not choose_kind(len(matrix)))
    started = time.perf_counter()
    vectors = Vectors.build(matrix, kind=kind)
    built = time.perf_counter() - started
    exact = searching.nearest_exactly(matrix, queries[: searching.CHECKED])
    found = searching.search_rows(vectors, queries, exact)
    return {"kind": kind.value, "build_seconds": round(built, 1), **found.summary()}


def _bm25s(n: int, texts: list[str]) -> dict[str, Any]:
    """Time bm25s on the same words: scores of all chunks, and the best of them."""
    try:
        import bm25s
    except ImportError:
        return {"missing": "bm25s is not installed; it belongs to the development environment"}
    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index(list(draw_words(n)), show_progress=False)
    watch = Stopwatch()
    for text in texts:
        words = [word for word in text.split() if word in engine.vocab_dict]
        with watch.lap():
            engine.retrieve([words], k=min(searching.DEPTH, n), show_progress=False, n_threads=0)
    return watch.summary()
