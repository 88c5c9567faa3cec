"""Keeps the chunks of an index version on disk, read one at a time, and says whose they are.

chunks.jsonl holds a chunk a line; chunks.npz says where lines and articles begin, and how the
articles are called.
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, overload
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from kb_index.chunking import Chunk
from kb_index.errors import IndexBroken
from kb_index.markdown import parse_block
from kb_index.ragged import expand

_CHUNKS_FILE = "chunks.jsonl"
_TABLE_FILE = "chunks.npz"

Offsets = npt.NDArray[np.int64]


def write_chunks(folder: Path, chunks: Iterable[Chunk]) -> None:
    """Write chunks, which need not all be in memory; their order is that of the index.

    Raises:
        ValueError: chunks of an article are apart, or articles are not in the order of their keys.
    """
    line_starts, article_starts, keys = [0], [], [""]
    with (folder / _CHUNKS_FILE).open("wb") as stream:
        for number, chunk in enumerate(chunks):
            key = f"{chunk.locale}/{chunk.article_id}"
            if key != keys[-1]:
                if key < keys[-1]:
                    raise ValueError(f"{key} comes after {keys[-1]}: sort chunks by article key")
                keys.append(key)
                article_starts.append(number)
            line = json.dumps(asdict(chunk), ensure_ascii=False) + "\n"
            line_starts.append(line_starts[-1] + stream.write(line.encode(errors="surrogatepass")))
    _write_table(
        folder,
        line_starts=np.array(line_starts, np.int64),
        article_starts=np.array([*article_starts, len(line_starts) - 1], np.int64),
        keys=keys[1:],
    )


def merge_chunks(
    folder: Path,
    tables: Sequence[ChunkTable],
    rows: Offsets,
    *,
    article_starts: Offsets,
    keys: Sequence[str],
) -> None:
    """Write chunks that other tables hold, as `write_chunks` would, without reading them.

    `rows` are their numbers in the tables put one after the other, in the new order; the article
    `keys[i]` has those from `article_starts[i]` up to `article_starts[i + 1]`.
    """
    sizes = np.concatenate([np.diff(table.line_starts) for table in tables])[rows]
    # neighbours of one table that stay neighbours are copied at once
    shifts = np.cumsum([0, *map(len, tables)])
    table_of = np.searchsorted(shifts, rows, side="right") - 1
    breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(table_of) != 0)) + 1
    bounds = [0, *breaks.tolist(), len(rows)]
    with (folder / _CHUNKS_FILE).open("wb") as stream:
        for start, stop in pairwise(bounds):
            table = int(table_of[start])
            first = int(rows[start] - shifts[table])
            stream.write(tables[table].lines(range(first, first + stop - start)))
    _write_table(
        folder,
        line_starts=np.concatenate(([0], np.cumsum(sizes))),
        article_starts=article_starts,
        keys=keys,
    )


def _write_table(
    folder: Path, *, line_starts: Offsets, article_starts: Offsets, keys: Sequence[str]
) -> None:
    encoded = [key.encode(errors="surrogatepass") for key in keys]
    np.savez(
        folder / _TABLE_FILE,
        line_starts=line_starts,
        article_starts=article_starts,
        key_starts=np.cumsum([0, *map(len, encoded)], dtype=np.int64),
        keys=np.frombuffer(b"".join(encoded), np.uint8),
    )


class Keys(Sequence[str]):
    """The keys of articles, locale/id, in rising order; bytes of one array, not objects."""

    def __init__(self, text: bytes, starts: Offsets) -> None:
        self._text = text
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        at = range(len(self))[number]  # counts negative numbers from the end, refuses others
        text = self._text[self._starts[at] : self._starts[at + 1]]
        return text.decode(errors="surrogatepass")

    def number(self, key: str) -> int | None:
        """Return the number of a key; None when there is no such key."""
        at = bisect_left(self, key)
        return at if at < len(self) and self[at] == key else None

    def starting_with(self, prefix: str) -> range:
        """Return the numbers of the keys that start with `prefix`."""
        start = bisect_left(self, prefix)
        # no text that starts with the prefix comes after the prefix and the last character there is
        return range(start, bisect_left(self, prefix + "\U0010ffff", lo=start))


class ChunkTable(Sequence[Chunk]):
    """The chunks of a version by number; read-only, so threads may share it.

    Articles are numbered in the order of their keys, and chunks in the order of their articles.
    """

    def __init__(
        self, lines: mmap.mmap, *, line_starts: Offsets, article_starts: Offsets, articles: Keys
    ) -> None:
        self._lines = lines
        self._line_starts = line_starts
        self._article_starts = article_starts
        self._first_rows = article_starts.data  # gives plain numbers, four times as fast
        #: The keys of all articles, locale/id.
        self.articles = articles
        #: The number of each chunk's article: int32 (chunks,).
        self.article_of: npt.NDArray[np.int32] = np.repeat(
            np.arange(len(articles), dtype=np.int32), np.diff(article_starts)
        )
        self._locales = _find_locales(articles)

    @classmethod
    def open(cls, folder: Path) -> ChunkTable:
        """Open what `write_chunks` wrote; the lines are mapped, and read when they are asked for.

        Raises:
            IndexBroken: a file is missing or damaged.
        """
        try:
            with (folder / _TABLE_FILE).open("rb") as stream, np.load(stream) as arrays:
                line_starts, article_starts = arrays["line_starts"], arrays["article_starts"]
                articles = Keys(arrays["keys"].tobytes(), arrays["key_starts"])
            lines = _map_lines(folder / _CHUNKS_FILE, size=int(line_starts[-1]))
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            EOFError,
            BadZipFile,
        ) as error:
            raise IndexBroken(str(folder), f"chunks: {error}") from error
        return cls(lines, line_starts=line_starts, article_starts=article_starts, articles=articles)

    def __len__(self) -> int:
        return len(self._line_starts) - 1

    @overload
    def __getitem__(self, number: int) -> Chunk: ...
    @overload
    def __getitem__(self, number: slice) -> list[Chunk]: ...
    def __getitem__(self, number: int | slice) -> Chunk | list[Chunk]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        at = range(len(self))[number]
        line = self._lines[self._line_starts[at] : self._line_starts[at + 1]]
        return _parse_chunk(json.loads(line.decode(errors="surrogatepass")))

    @property
    def line_starts(self) -> Offsets:
        """Where the line of each chunk begins, in bytes, and where the last one ends."""
        return self._line_starts

    @property
    def article_starts(self) -> Offsets:
        """The number of each article's first chunk, and of all chunks."""
        return self._article_starts

    def lines(self, rows: range) -> bytes:
        """Return the lines of neighbouring chunks, as they are on disk."""
        return self._lines[self._line_starts[rows.start] : self._line_starts[rows.stop]]

    @property
    def locales(self) -> list[str]:
        """The locales that have articles, in order."""
        return list(self._locales)

    def article_number(self, key: str) -> int | None:
        """Return the number of the article locale/id; None when there is none."""
        return self.articles.number(key)

    def article_rows(self, article: int) -> range:
        """Return the numbers of an article's chunks."""
        return range(self._first_rows[article], self._first_rows[article + 1])

    def rows_of(self, articles: Offsets) -> tuple[Offsets, Offsets]:
        """Return the numbers of the chunks of articles, and where those of each begin."""
        return expand(self._article_starts[articles], self._article_starts[articles + 1])

    def locale_articles(self, locale: str) -> range:
        """Return the numbers of a locale's articles."""
        return self._locales.get(locale, range(0))

    def locale_rows(self, locale: str) -> range:
        """Return the numbers of a locale's chunks."""
        articles = self.locale_articles(locale)
        return range(self._first_rows[articles.start], self._first_rows[articles.stop])

    def locale_of(self, article: int) -> str:
        """Return the locale of an article."""
        return _locale_of(self.articles[article])


def _find_locales(articles: Keys) -> dict[str, range]:
    """Return the range of each locale's articles; looks at one key of each locale."""
    locales: dict[str, range] = {}
    at = 0
    while at < len(articles):
        locale = _locale_of(articles[at])
        locales[locale] = articles.starting_with(f"{locale}/")
        at = locales[locale].stop
    return locales


def _locale_of(key: str) -> str:
    return key.partition("/")[0]


def _map_lines(path: Path, *, size: int) -> mmap.mmap:
    """Map a file of lines.

    Raises:
        ValueError: it has another size, or is empty, which no index is.
    """
    with path.open("rb") as stream:
        lines = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    if len(lines) != size:
        raise ValueError(f"{path.name} has {len(lines)} bytes, not {size}")
    return lines


def _parse_chunk(raw: dict[str, Any]) -> Chunk:
    blocks = tuple(parse_block(block) for block in raw.pop("blocks"))
    return Chunk(**raw, blocks=blocks)
