"""What the index knows of its articles besides the words and vectors of their chunks.

Labels are what an article is called: its title and the questions pinned to it. They stand in the
order of the articles, the title first, so that the labels of an article are a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index.errors import IndexBroken
from kb_index.ragged import Rows, expand

_FILE = "tables.npz"


@dataclass(frozen=True, slots=True)
class Tables:
    """Numbers by article and by chunk."""

    label_starts: Rows  # (articles + 1,) where the labels of each article begin
    name_of: npt.NDArray[np.int32]  # (chunks,) row of what its section is called; -1 if nothing
    shares: npt.NDArray[np.float32]  # (articles, 3) see `script_shares`
    twin_starts: Rows  # (articles + 1,) where the translations of each article begin in `twins`
    twins: Rows  # numbers of the articles of the same id in other locales

    def label_rows(self, articles: range) -> range:
        """Return the rows of the labels of neighbouring articles."""
        return range(int(self.label_starts[articles.start]), int(self.label_starts[articles.stop]))

    def label_owner(self, labels: Rows) -> Rows:
        """Return the number of the article that each label names."""
        owners: Rows = np.searchsorted(self.label_starts, labels, side="right") - 1
        return owners

    def labels_of(self, articles: Rows) -> tuple[Rows, Rows]:
        """Return the rows of the labels of articles, and where those of each begin."""
        return expand(self.label_starts[articles], self.label_starts[articles + 1])

    def twins_of(self, articles: Rows) -> tuple[Rows, Rows]:
        """Return the numbers of the translations of articles, and where those of each begin."""
        found, starts = expand(self.twin_starts[articles], self.twin_starts[articles + 1])
        return self.twins[found], starts

    def write(self, folder: Path) -> None:
        """Write them into a version folder."""
        np.savez(
            folder / _FILE,
            label_starts=self.label_starts,
            name_of=self.name_of,
            shares=self.shares,
            twin_starts=self.twin_starts,
            twins=self.twins,
        )


def read_tables(folder: Path) -> Tables:
    """Read what `Tables.write` wrote.

    Raises:
        IndexBroken: the file is missing or damaged.
    """
    try:
        with np.load(folder / _FILE) as arrays:
            return Tables(**{name: arrays[name] for name in arrays.files})
    except (OSError, ValueError, TypeError, KeyError, EOFError) as error:
        raise IndexBroken(str(folder), f"{_FILE}: {error}") from error


def find_twins(ids: Sequence[str]) -> tuple[Rows, Rows]:
    """Return `twin_starts` and `twins` of articles of these ids, in their order."""
    same: dict[str, list[int]] = {}
    for number, article in enumerate(ids):
        same.setdefault(article, []).append(number)
    twins = [
        [other for other in same[article] if other != number] for number, article in enumerate(ids)
    ]
    starts = np.cumsum([0, *map(len, twins)], dtype=np.int64)
    return starts, np.array([number for one in twins for number in one], dtype=np.int64)


def label_starts(pinned: Sequence[int]) -> Rows:
    """Return where labels begin, from the number of pinned questions of each article."""
    return np.concatenate(([0], np.cumsum(np.array(pinned, dtype=np.int64) + 1))).astype(np.int64)
