"""Times searches of one index version, in a process that has done nothing else.

`measure` starts that process; what it is told and what it answers is JSON and a file of arrays.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb_index.analyzers import analyze
from kb_index.bench.corpus import LOCALE, Asked
from kb_index.bench.machine import Stopwatch, memory
from kb_index.embedding import FloatMatrix
from kb_index.evidence import Query
from kb_index.fusion import ARTICLE_WEIGHTS
from kb_index.lexical import Lexical
from kb_index.model_settings import ModelSettings, read_settings
from kb_index.opened import open_files
from kb_index.question_space import question_space
from kb_index.searching import IndexVersion
from kb_index.vectors import RowNumbers, Vectors

#: Whole searches before memory is read, and those before them whose time does not count.
SEARCHES, WARM_UP = 1000, 100
#: Questions whose nearest vectors are compared with those of exact search.
CHECKED = 200
#: What is asked of vectors and words, and how many of the best are compared.
DEPTH, FIRST = 100, 10

_ASKED_FILE = "asked.npz"
_TEXTS_FILE = "asked.json"
_BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of one kind of search, and the share of the ten best that it finds."""

    watch: Stopwatch
    recall: float

    def summary(self) -> dict[str, float]:
        """Return percentiles and recall."""
        return {**self.watch.summary(), "recall_at_10": round(self.recall, 4)}


def measure(
    folder: Path, model_dir: Path, asked: Asked, matrix: FloatMatrix, *, searches: int = SEARCHES
) -> dict[str, Any]:
    """Search the version in `folder` in a new process; `matrix` holds its chunks' vectors.

    Raises:
        RuntimeError: the process failed; its last words are the message.
    """
    model = read_settings(model_dir)
    exact = nearest_exactly(matrix, centre(asked.vectors[:CHECKED], model))
    np.savez(folder / _ASKED_FILE, vectors=asked.vectors, exact=exact)
    (folder / _TEXTS_FILE).write_text(json.dumps(asked.texts), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "kb_index.bench.searching",
        str(folder),
        str(model_dir),
        str(searches),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # ours
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "no answer")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def centre(vectors: FloatMatrix, model: ModelSettings) -> FloatMatrix:
    """Return questions as a search compares them: less what all questions have in common."""
    space = question_space(model)
    return np.stack([space.centre(one, share=ARTICLE_WEIGHTS.centre) for one in vectors])


def nearest_exactly(
    matrix: FloatMatrix, queries: FloatMatrix, *, block: int = _BLOCK
) -> RowNumbers:
    """Return the FIRST rows of each query with the highest inner product: (queries, FIRST)."""
    best = np.zeros((len(queries), 0), np.float32)
    rows = np.zeros((len(queries), 0), np.int64)
    for start in range(0, len(matrix), block):
        scores = queries @ np.asarray(matrix[start : start + block]).T
        top = np.argsort(-scores, axis=1)[:, :FIRST]
        best = np.hstack([best, np.take_along_axis(scores, top, axis=1)])
        rows = np.hstack([rows, top + start])
        kept = np.argsort(-best, axis=1)[:, :FIRST]
        best = np.take_along_axis(best, kept, axis=1)
        rows = np.take_along_axis(rows, kept, axis=1)
    return rows


def search_rows(vectors: Vectors, queries: FloatMatrix, exact: RowNumbers) -> Figures:
    """Time the nearest vectors; `exact` holds the true ones of the first queries."""
    watch, found = _time(queries, lambda one: vectors.nearest(one, DEPTH))
    return Figures(watch, _recall(found, exact))


def search_words(lexical: Lexical, questions: Sequence[list[str]], *, n: int) -> Figures:
    """Time the best documents by words, and compare them with those of all postings."""
    within = [range(n)]
    watch, found = _time(questions, lambda one: lexical.best(one, DEPTH, within=within))
    every = [
        lexical.best(one, FIRST, within=within, budget=sys.maxsize) for one in questions[:CHECKED]
    ]
    return Figures(watch, _recall(found, every))


def _time(
    queries: Sequence[Any] | FloatMatrix, search: Callable[[Any], RowNumbers]
) -> tuple[Stopwatch, list[RowNumbers]]:
    watch, found = Stopwatch(), []
    for query in queries:
        with watch.lap():
            found.append(search(query))
    return watch, found


def _recall(found: Sequence[RowNumbers], exact: Sequence[RowNumbers] | RowNumbers) -> float:
    shares = [
        len(set(some[:FIRST].tolist()) & set(best.tolist())) / len(best)
        for some, best in zip(found, exact, strict=False)  # exact is known of the first ones
        if len(best)
    ]
    return float(np.mean(shares))


def _run(folder: Path, model_dir: Path, searches: int) -> dict[str, Any]:
    model = read_settings(model_dir)
    before = memory()
    opened = open_files(folder, "bench", model=model)
    after_open = memory()
    arrays = np.load(folder / _ASKED_FILE)
    texts = json.loads((folder / _TEXTS_FILE).read_text(encoding="utf-8"))
    queries = [Query(text, one) for text, one in zip(texts, arrays["vectors"], strict=True)]
    version = IndexVersion(opened)
    for query in queries[:WARM_UP]:
        version.search([query], locales=[LOCALE], k=5)
    watch = Stopwatch()
    for number in range(searches):
        with watch.lap():
            version.search([queries[number % len(queries)]], locales=[LOCALE], k=5)
    after = memory()
    centred = centre(arrays["vectors"], model)
    words = [analyze(text) for text in texts]
    n, n_articles = len(opened.chunks), len(opened.chunks.articles)
    return {
        "whole_search": watch.summary(),
        "vectors": {
            "kind": opened.vectors.kind.value,
            **search_rows(opened.vectors, centred, arrays["exact"]).summary(),
        },
        "words_of_chunks": search_words(opened.chunk_words, words, n=n).summary(),
        "words_of_articles": search_words(opened.article_words, words, n=n_articles).summary(),
        "memory": {
            "before": before,
            "index_open": after_open,
            f"after_{searches}_searches": after,
        },
    }


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))  # noqa: T201 # its answer
