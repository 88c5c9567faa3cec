"""Makes a version out of the live one and the changed articles, without reading the others again.

Equal, file by file, to what a build of all articles writes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb_index import store
from kb_index.articles import Article
from kb_index.chunk_table import ChunkTable, merge_chunks
from kb_index.code_stamp import code_stamp
from kb_index.embedding import FloatMatrix
from kb_index.lexical import Lexical
from kb_index.plan import Plan, live_manifest
from kb_index.tables import Tables, find_twins, label_starts, read_tables
from kb_index.versions import version_folder

#: Names the code that wrote a version: what other code cut and analysed is not taken over.
CODE_FILE = "code.txt"

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """The files of a version, as far as merging reads them."""

    folder: Path
    chunks: ChunkTable
    tables: Tables

    @classmethod
    def open(cls, folder: Path) -> Part:
        """Open the version in `folder`; raises IndexBroken."""
        return cls(folder, ChunkTable.open(folder), read_tables(folder))


@dataclass(frozen=True, slots=True)
class Base:
    """A version to build upon; `articles` maps locale/id to content hashes."""

    folder: Path
    articles: Mapping[str, str]


def find_base(kb_dirs: Sequence[Path], plan: Plan) -> Base | None:
    """Return the first live version that this code wrote and that shares articles with the plan."""
    for kb_dir in kb_dirs:
        manifest = live_manifest(kb_dir)
        if manifest is None or manifest.model_fingerprint != plan.model_fingerprint:
            continue
        folder = version_folder(kb_dir, manifest.version)
        with suppress(OSError):
            same_code = (folder / CODE_FILE).read_text() == code_stamp()
            if same_code and manifest.articles.items() & plan.hashes.items():
                return Base(folder, manifest.articles)
    return None


@dataclass(frozen=True, slots=True)
class Order:
    """Which article of which part stands where: arrays (articles,)."""

    parts: tuple[Part, ...]
    part_of: Rows
    number_of: Rows  # the article's number in its part

    def ranges(self, starts: Sequence[Rows]) -> Rows:
        """Return the rows of all articles, the parts' tables put one after the other.

        `starts` says for each part where the rows of its articles begin, with the end as the last.
        """
        offsets = np.cumsum([0, *(one[-1] for one in starts)])
        first, last = np.empty((2, len(self.part_of)), np.int64)
        for part, own in enumerate(starts):
            mine = self.part_of == part
            first[mine] = own[self.number_of[mine]] + offsets[part]
            last[mine] = own[self.number_of[mine] + 1] + offsets[part]
        return _join_ranges(first, last)

    def starts(self, starts: Sequence[Rows]) -> Rows:
        """Return where the rows of each article begin in the new table, and the end."""
        sizes = np.empty(len(self.part_of), np.int64)
        for part, own in enumerate(starts):
            mine = self.part_of == part
            sizes[mine] = np.diff(own)[self.number_of[mine]]
        return np.concatenate(([0], np.cumsum(sizes)))

    def moved(self, rows: Rows, sizes: Sequence[int]) -> list[Rows]:
        """Return the new number of each old row of each part, -1 where it is left out."""
        numbers = np.full(sum(sizes), -1, np.int64)
        numbers[rows] = np.arange(len(rows))
        return np.split(numbers, np.cumsum(sizes)[:-1])


def merge(
    folder: Path,
    live: Path,
    fresh: Path | None,
    articles: Sequence[Article],
    *,
    changed: frozenset[str],
) -> None:
    """Write all files of a version of `articles` but its manifest into `folder`.

    Articles named in `changed` (locale/id) are taken from the version in `fresh`, which holds
    these alone, the others from that in `live`; pages are not written.

    Raises:
        IndexBroken: a file of a version is missing or damaged.
    """
    parts = tuple(Part.open(one) for one in (live, fresh) if one)
    keys = sorted(article.key for article in articles)
    order = _order(parts, keys, changed)
    chunk_starts = [part.chunks.article_starts for part in parts]
    chunks = order.ranges(chunk_starts)
    labels = order.ranges([part.tables.label_starts for part in parts])
    merge_chunks(
        folder,
        [part.chunks for part in parts],
        chunks,
        article_starts=order.starts(chunk_starts),
        keys=keys,
    )
    _merge_vectors(folder, "chunks", parts, chunks)
    _merge_vectors(folder, "labels", parts, labels)
    name_of = _merge_names(folder, parts, chunks)
    sizes = [len(part.chunks) for part in parts]
    _merge_words(folder, "chunks", parts, order.moved(chunks, sizes), len(chunks))
    numbers = _article_rows(order)
    sizes = [len(part.chunks.articles) for part in parts]
    _merge_words(folder, "articles", parts, order.moved(numbers, sizes), len(keys))
    by_key = {article.key: article for article in articles}
    ordered = [by_key[key] for key in keys]
    twin_starts, twins = find_twins([article.id for article in ordered])
    Tables(
        label_starts=label_starts([len(article.answers) for article in ordered]),
        name_of=name_of,
        shares=np.concatenate([part.tables.shares for part in parts])[numbers],
        twin_starts=twin_starts,
        twins=twins,
    ).write(folder)
    store.write_pinned(
        folder, [(row, text) for row, one in enumerate(ordered) for text in one.answers]
    )


def link_pages(
    folder: Path,
    live: Path,
    articles: Sequence[Article],
    *,
    before: Mapping[str, str],
    now: Mapping[str, str],
) -> None:
    """Write the pages of `articles`, those that need no change as links to the live version's.

    `before` and `now` map the articles of the live version and of this one to their content hashes.
    A page needs a change when its article changed, or when it may link to one that came or went.
    """
    came_or_went = {key.partition("/")[2] for key in now.keys() ^ before.keys()}
    new = [
        one
        for one in articles
        if before.get(one.key) != now[one.key] or _may_name(one.body, came_or_went)
    ]
    store.write_articles(folder, new, published=set(now))
    for locale in {article.locale for article in articles}:
        store.page_file(folder, f"{locale}/-").parent.mkdir(parents=True, exist_ok=True)
    for key in now.keys() - {one.key for one in new}:  # no Path for each: they are many
        source, target = (f"{root}/{store.page_name(key)}" for root in (live, folder))
        try:
            os.link(source, target)
        except OSError:  # another file system, or one without links
            shutil.copy2(source, target)


def _may_name(body: str, ids: set[str]) -> bool:
    """Tell whether a text may hold a link to one of these articles; escapes may hide any."""
    return bool(ids) and ("&" in body or "\\" in body or any(one in body for one in ids))


def _order(parts: tuple[Part, ...], keys: Sequence[str], changed: frozenset[str]) -> Order:
    numbers = [{key: n for n, key in enumerate(part.chunks.articles)} for part in parts]
    part_of = [int(key in changed) for key in keys]
    number_of = [numbers[part][key] for part, key in zip(part_of, keys, strict=True)]
    return Order(parts, np.array(part_of, np.int64), np.array(number_of, np.int64))


def _article_rows(order: Order) -> Rows:
    """Return the row of each article, the parts' articles put one after the other."""
    return order.number_of + order.part_of * len(order.parts[0].chunks.articles)


def _merge_vectors(folder: Path, table: str, parts: Sequence[Part], rows: Rows) -> None:
    keys, matrix = _stack(table, parts)
    store.write_vectors(folder, table, matrix[rows], keys=keys[rows])


def _merge_names(folder: Path, parts: Sequence[Part], chunks: Rows) -> npt.NDArray[np.int32]:
    """Write each name once, in the order of the chunks; return the name of each chunk."""
    keys, matrix = _stack("names", parts)
    shifts = np.cumsum([0, *(len(store.read_keys(part.folder, "names")) for part in parts)])
    rows = np.concatenate(
        [
            np.where(part.tables.name_of < 0, -1, part.tables.name_of + shift)
            for part, shift in zip(parts, shifts, strict=False)
        ]
    )[chunks]
    named = rows >= 0
    distinct, first, number = np.unique(keys[rows[named]], return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    name_of = np.full(len(chunks), -1, np.int32)
    name_of[named] = rank[number]
    chosen = rows[named][first[order]]
    if len(distinct):
        store.write_vectors(folder, "names", matrix[chosen], keys=keys[chosen])
    else:  # no table is empty
        nothing = np.zeros((1, matrix.shape[1]), np.float32)
        store.write_vectors(folder, "names", nothing, keys=[store.name_key("")])
    return name_of


def _merge_words(
    folder: Path, table: str, parts: Sequence[Part], numbers: Sequence[Rows], size: int
) -> None:
    words = [store.read_lexical(part.folder, table) for part in parts]
    merged = Lexical.merge(list(zip(words, numbers, strict=True)), size)
    store.write_lexical(folder, table, merged)


def _stack(table: str, parts: Sequence[Part]) -> tuple[npt.NDArray[np.uint64], FloatMatrix]:
    """Return the keys and vectors of a table, the parts' one after the other."""
    keys = np.concatenate([store.read_keys(part.folder, table) for part in parts])
    vectors = [store.read_vectors(part.folder, table).matrix() for part in parts]
    return keys, np.concatenate(vectors)


def _join_ranges(first: Rows, last: Rows) -> Rows:
    """Return the numbers from each `first` up to its `last`, one range after the other."""
    sizes = last - first
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    rows: Rows = np.repeat(first, sizes) + within
    return rows
