"""Keeps vectors on disk as 16-bit whole numbers, read by row number when they are asked for.

Rows are read, not mapped: what a search touches stays in the system's page cache, once for all
processes, and can be given up when memory is short, instead of adding up in each process.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix

#: The largest whole number; the largest number of a matrix is written as this.
_LARGEST = 32_767
_BLOCK = 65_536  # rows converted at a time


class RowFile:
    """The rows of a matrix on disk; threads may share it."""

    def __init__(self, path: Path, *, n: int, dimension: int, unit: float) -> None:
        """Open what `write_rows` wrote.

        Raises:
            OSError: the file is not there.
            ValueError: it has not the size of `n` rows of `dimension` numbers.
        """
        found = path.stat().st_size
        self._stride = 2 * dimension
        if found != n * self._stride:
            raise ValueError(f"{path.name} has {found} bytes, not {n * self._stride}")
        self._unit = np.float32(unit)
        self._shape = (n, dimension)
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def take(self, rows: npt.NDArray[np.int64]) -> FloatMatrix:
        """Read rows by number: float32 (len(rows), dimension); neighbours are read together."""
        numbers = np.empty((len(rows), self._shape[1]), dtype="<i2")
        if not len(rows):
            return numbers.astype(np.float32)
        room = numbers.data.cast("B")
        breaks = (np.flatnonzero(np.diff(rows) != 1) + 1).tolist()
        for start, end in zip([0, *breaks], [*breaks, len(rows)], strict=True):
            part = room[start * self._stride : end * self._stride]
            os.preadv(self._file, [part], int(rows[start]) * self._stride)
        return numbers.astype(np.float32) * self._unit

    def matrix(self) -> FloatMatrix:
        """Read all rows."""
        n = self._shape[0]
        blocks = [
            self.take(np.arange(start, min(n, start + _BLOCK), dtype=np.int64))
            for start in range(0, n, _BLOCK)
        ]
        return np.concatenate(blocks)


def write_rows(path: Path, matrix: FloatMatrix) -> float:
    """Write the rows of a matrix; returns the unit, by which its whole numbers are multiplied.

    A number is off by half a unit at most. Writing what was read changes nothing more.
    """
    spans = range(0, len(matrix), _BLOCK)
    largest = max(float(np.abs(matrix[start : start + _BLOCK]).max()) for start in spans)
    unit = largest / _LARGEST if largest else 1.0
    with path.open("wb") as stream:
        for start in spans:
            block = np.rint(np.asarray(matrix[start : start + _BLOCK]) / unit)
            stream.write(block.astype("<i2").tobytes())
    return unit
