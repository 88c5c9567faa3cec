"""Finds the nearest vectors, by an index that suits their number, in memory that processes share.

A folder holds index.faiss, vectors.json (what it must contain) and, unless the index keeps the
vectors as they are, rows.f16: all vectors as float16, which only builds read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix, FloatVector
from kb_index.errors import IndexBroken

#: Up to this many vectors every one is compared: exact, and as fast as clustering them
#: (docs/scale.md has the table).
FLAT_LIMIT = 50_000
#: Beyond, vectors are kept in 8 bits a number, in about LISTS_PER_ROOT · √n lists of neighbours
#: (a power of two), of which a search reads PROBES.
LISTS_PER_ROOT = 4
PROBES = 48
#: Vectors per list that the lists are found from; FAISS warns below 39.
TRAINING_PER_LIST = 48

_INDEX_FILE = "index.faiss"
_ROWS_FILE = "rows.f16"
_ABOUT_FILE = "vectors.json"
_BLOCK = 65_536  # vectors handled at a time when an index is built or copied
_SERIAL = 1000  # rows that FAISS fetches in the caller's thread; more would start others
_SEED = 20_240_601

RowNumbers = npt.NDArray[np.int64]


class Kind(str, Enum):
    """How the vectors are kept."""

    FLAT = "flat"  # float32, each compared with the query
    LISTS = "lists"  # 8-bit numbers in lists of neighbours, the nearest lists compared


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

    def __init__(self, kind: Kind, index: faiss.Index, *, rows: npt.NDArray[Any] | None) -> None:
        self.kind = kind
        self._index = index
        self._rows = rows  # (n, d), of any float type; None where the index keeps them exactly

    @classmethod
    def build(cls, matrix: FloatMatrix, *, kind: Kind | None = None) -> Vectors:
        """Index the rows of `matrix`, float32 (n, dimension), which may be a memory map.

        The kind follows the number of rows unless it is given. Uses all cores; equal input gives
        an equal index on the same machine.
        """
        chosen = kind or choose_kind(len(matrix))
        if chosen is Kind.FLAT:
            index: faiss.Index = faiss.IndexFlatIP(matrix.shape[1])
            _add(index, matrix)
            return cls(chosen, index, rows=None)
        index = _train_lists(matrix)
        _add(index, matrix)
        # finds a vector by its number; 8 bytes each (the name is missing in FAISS's stubs)
        index.set_direct_map_type(faiss.DirectMap.Array)  # type: ignore[attr-defined]
        return cls(chosen, index, rows=matrix)

    @classmethod
    def open(cls, folder: Path) -> Vectors:
        """Open what `save` wrote; the file is mapped, so processes share its memory.

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
                _require_size(folder / _ROWS_FILE, n * dimension * 2)
                rows = np.memmap(folder / _ROWS_FILE, np.float16, "r", shape=(n, dimension))
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
        if self._rows is not None:
            with (folder / _ROWS_FILE).open("wb") as stream:
                for start in range(0, len(self), _BLOCK):
                    block = self._rows[start : start + _BLOCK]
                    stream.write(np.ascontiguousarray(block, dtype=np.float16).tobytes())
        about = {
            "kind": self.kind.value,
            "n": len(self),
            "dimension": self.dimension,
            "bytes": (folder / _INDEX_FILE).stat().st_size,
        }
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

        `query` is float32 (dimension,) of any length; `within` names the rows that count
        (None: all). Lists are read in proportion: the fewer rows count, the more lists, so that a
        small part of the index is searched no worse than the whole.
        """
        wanted = len(self) if within is None else sum(map(len, within))
        if not wanted:
            return np.zeros(0, dtype=np.int64)
        params = self._parameters(within, wanted=wanted)
        _, ids = self._index.search(query[None, :], min(n, wanted), params=params)
        found: RowNumbers = ids[0]
        return found[found >= 0]

    def similarities(self, query: FloatVector, rows: RowNumbers) -> FloatVector:
        """Return the inner product of `query` with each of `rows`: float32 (len(rows),)."""
        found = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _SERIAL):
            part = np.ascontiguousarray(rows[start : start + _SERIAL], dtype=np.int64)
            found[start : start + _SERIAL] = self._index.reconstruct_batch(part) @ query
        return found

    def matrix(self) -> FloatMatrix:
        """Return all vectors: float32 (n, dimension), exact to float16 at least; for builds."""
        if self._rows is not None:
            return np.asarray(self._rows, dtype=np.float32)
        vectors: FloatMatrix = self._index.reconstruct_n(0, len(self))
        return vectors

    def _parameters(
        self, within: Sequence[range] | None, *, wanted: int
    ) -> faiss.SearchParameters | None:
        selector = None if within is None or wanted == len(self) else _select(within)
        if self.kind is Kind.FLAT:
            return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # at run time
        probes = min(count_lists(len(self)), math.ceil(PROBES * len(self) / wanted))
        return faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]


def _select(within: Sequence[range]) -> faiss.IDSelector:
    """Return the rows of any of the ranges."""
    ranges = [faiss.IDSelectorRange(part.start, part.stop) for part in within if part]
    chosen: faiss.IDSelector = ranges[0]
    for other in ranges[1:]:
        chosen = faiss.IDSelectorOr(chosen, other)
    return chosen


def _train_lists(matrix: FloatMatrix) -> faiss.IndexIVFScalarQuantizer:
    n, dimension = matrix.shape
    n_lists = count_lists(n)
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        n_lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.seed = _SEED
    index.cp.min_points_per_centroid = 1  # a small index is a test's, and may be rough
    index.train(_sample(matrix, min(n, n_lists * TRAINING_PER_LIST)))
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
