"""Finds the nearest vectors, by an index that suits their number, in memory that processes share.

A folder holds vectors.json (what there must be) and index.faiss. A few vectors are all there is in
it, compared one by one. Many are sorted into lists of neighbours and shortened to half a byte a
number; the lists nearest to a query are compared by these codes, and the best of them again by
their rows (`RowFile`), which lie beside.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix, FloatVector
from kb_index.errors import IndexBroken
from kb_index.row_file import RowFile, write_rows

#: Up to this many vectors every one is compared: exact, and not yet slow (docs/scale.md has the
#: table).
FLAT_LIMIT = 50_000
#: Beyond, there are about LISTS_PER_ROOT · √n lists (a power of two), of which a search reads
#: this share (docs/scale.md says what other shares find).
LISTS_PER_ROOT = 2
PROBED = 0.3
#: Of the rows that codes put first, so many are compared again: twice what is wanted, and 100 or
#: one in a thousand, for with their number the crowd grows that codes cannot tell apart.
_AGAIN = 2
_MORE, _CROWD = 100, 1000
#: Rows of a part of the index that are few enough to be compared one by one.
_FEW = 4_000
#: Vectors per list that the lists are found from; FAISS warns below 39.
TRAINING_PER_LIST = 48

_INDEX_FILE = "index.faiss"
_ROWS_FILE = "rows.i16"
_ABOUT_FILE = "vectors.json"
_BLOCK = 65_536  # vectors handled at a time when an index is built
_SEED = 20_240_601

RowNumbers = npt.NDArray[np.int64]


class Kind(str, Enum):
    """How the vectors are kept."""

    FLAT = "flat"  # float32, each compared with the query
    LISTS = "lists"  # codes in lists of neighbours, and rows


def choose_kind(n: int) -> Kind:
    """Return how `n` vectors are kept best."""
    return Kind.FLAT if n <= FLAT_LIMIT else Kind.LISTS


def count_lists(n: int) -> int:
    """Return the number of lists for `n` vectors: a power of two near LISTS_PER_ROOT · √n."""
    return 1 << max(0, round(math.log2(LISTS_PER_ROOT * math.sqrt(n))))


class Vectors:
    """Vectors by row number, compared by inner product; read-only, so threads may share it.

    A search of one query runs in the caller's thread alone.
    """

    def __init__(
        self, kind: Kind, index: faiss.Index, *, rows: RowFile | FloatMatrix | None
    ) -> None:
        self.kind = kind
        self._index = index
        self._rows = rows  # None where the index keeps the vectors themselves

    @classmethod
    def build(cls, matrix: FloatMatrix, *, kind: Kind | None = None) -> Vectors:
        """Index the rows of `matrix`, float32 (n, dimension), which may be a memory map.

        The kind follows the number of rows unless it is given. Uses all cores; equal input gives
        an equal index on the same machine.
        """
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        chosen = kind or choose_kind(len(matrix))
        if chosen is Kind.FLAT:
            index: faiss.Index = faiss.IndexFlatIP(matrix.shape[1])
            _add(index, matrix)
            return cls(chosen, index, rows=None)
        index = _train_lists(matrix)
        _add(index, matrix)
        return cls(chosen, index, rows=matrix)

    @classmethod
    def open(cls, folder: Path) -> Vectors:
        """Open what `save` wrote; what can be mapped is, so that processes share its memory.

        Raises:
            IndexBroken: a file is missing or damaged.
        """
        try:
            about = json.loads((folder / _ABOUT_FILE).read_text(encoding="utf-8"))
            kind, n, dimension = Kind(about["kind"]), int(about["n"]), int(about["dimension"])
            _require_size(folder / _INDEX_FILE, int(about["bytes"]))
            # mapping a cut file would end the process later, at the first touch of what is missing
            index = faiss.read_index(str(folder / _INDEX_FILE), faiss.IO_FLAG_MMAP_IFC)
            rows = None
            if kind is Kind.LISTS:
                unit = float(about["unit"])
                rows = RowFile(folder / _ROWS_FILE, n=n, dimension=dimension, unit=unit)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise IndexBroken(str(folder), f"vectors: {_first_line(error)}") from error
        if (index.ntotal, index.d) != (n, dimension):
            found = f"{index.ntotal} vectors of {index.d} numbers, not {n} of {dimension}"
            raise IndexBroken(str(folder), found)
        return cls(kind, index, rows=rows)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self._index, str(folder / _INDEX_FILE))
        about: dict[str, object] = {
            "kind": self.kind.value,
            "n": len(self),
            "dimension": self.dimension,
            "bytes": (folder / _INDEX_FILE).stat().st_size,
        }
        if self.kind is Kind.LISTS:
            rows = self.matrix() if isinstance(self._rows, RowFile) else self._rows
            assert rows is not None  # noqa: S101 # an index in lists always has rows
            about["unit"] = write_rows(folder / _ROWS_FILE, rows)
        (folder / _ABOUT_FILE).write_text(json.dumps(about) + "\n", encoding="utf-8")

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    def nearest(
        self, query: FloatVector, n: int, *, within: Sequence[range] | None = None
    ) -> RowNumbers:
        """Find the numbers of up to `n` rows with the highest inner product, best first.

        `query` is float32 (dimension,) of any length; `within` names the rows that count, in
        ranges that do not overlap (None: all). The fewer rows count, the larger the share of lists
        that is read, so that a part of the index is searched no worse than the whole.
        """
        wanted = len(self) if within is None else sum(map(len, within))
        if not wanted:
            return np.zeros(0, dtype=np.int64)
        selector = None if within is None or wanted == len(self) else _select(within)
        if self.kind is Kind.FLAT:
            params = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # at run time
            return self._search(query, min(n, wanted), params)
        if within is not None and wanted <= _FEW:
            rows = np.concatenate([np.arange(one.start, one.stop) for one in within])
        else:
            share = min(1.0, PROBED * math.sqrt(len(self) / wanted))
            probes = math.ceil(share * count_lists(len(self)))
            lists = faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]
            rows = np.sort(
                self._search(
                    query, min(_AGAIN * n + max(_MORE, len(self) // _CROWD), wanted), lists
                )
            )
        best: RowNumbers = rows[np.argsort(-self.similarities(query, rows), kind="stable")[:n]]
        return best

    def similarities(self, query: FloatVector, rows: RowNumbers) -> FloatVector:
        """Return the inner product of `query` with each of `rows`: float32 (len(rows),)."""
        if isinstance(self._rows, RowFile):
            return self._rows.take(rows) @ query
        if self._rows is not None:
            return np.asarray(self._rows[rows] @ query)
        faiss.omp_set_num_threads(1)
        vectors: FloatMatrix = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return vectors @ query

    def matrix(self) -> FloatMatrix:
        """Return all vectors: float32 (n, dimension), to 16 bits a number at least; for builds."""
        if isinstance(self._rows, RowFile):
            return self._rows.matrix()
        if self._rows is not None:
            return self._rows
        vectors: FloatMatrix = self._index.reconstruct_n(0, len(self))
        return vectors

    def _search(self, query: FloatVector, n: int, params: faiss.SearchParameters) -> RowNumbers:
        faiss.omp_set_num_threads(1)  # holds for this thread; more would wait for each other
        _, ids = self._index.search(query[None, :], n, params=params)
        found: RowNumbers = ids[0]
        return found[found >= 0]


def _select(within: Sequence[range]) -> faiss.IDSelector:
    """Return the rows of any of the ranges."""
    ranges = [faiss.IDSelectorRange(part.start, part.stop) for part in within if part]
    chosen: faiss.IDSelector = ranges[0]
    for other in ranges[1:]:
        chosen = faiss.IDSelectorOr(chosen, other)
    return chosen


def _train_lists(matrix: FloatMatrix) -> faiss.Index:
    """Find the lists and the codes, 4 bits for two numbers, from a sample of the rows."""
    n, dimension = matrix.shape
    n_lists = count_lists(n)
    pairs = dimension // 2 if dimension % 2 == 0 else dimension
    index = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(dimension), dimension, n_lists, pairs, 4, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual = False  # one table of products for all lists, made once a query
    index.cp.seed = _SEED
    index.cp.min_points_per_centroid = 1  # a small index is a test's, and may be rough
    sample = _sample(matrix, min(n, n_lists * TRAINING_PER_LIST))
    faiss.Clustering(dimension, n_lists, index.cp).train(sample, index.quantizer)
    faiss.omp_set_num_threads(1)  # codes are many tiny tasks: threads would wait for each other
    index.train(sample)
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    return index


def _sample(matrix: FloatMatrix, size: int) -> FloatMatrix:
    """Draw rows without replacement, in row order: a memory map is read once, forwards."""
    rows = np.random.default_rng(_SEED).choice(len(matrix), size, replace=False)
    return np.ascontiguousarray(matrix[np.sort(rows)], dtype=np.float32)


def _add(index: faiss.Index, matrix: FloatMatrix) -> None:
    for start in range(0, len(matrix), _BLOCK):
        index.add(np.ascontiguousarray(matrix[start : start + _BLOCK], dtype=np.float32))


def _require_size(path: Path, size: int) -> None:
    found = path.stat().st_size
    if found != size:
        raise ValueError(f"{path.name} has {found} bytes, not {size}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [repr(error)])[0]
