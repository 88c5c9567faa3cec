"""Scores documents by words: BM25 over the analyzers' words, as a share of what is possible.

Every word has its postings: the documents that hold it, in rising order, and what it weighs in
each, before its rarity. A question reads the postings of its rare words whole, and looks up those
of its common words for the best documents alone, so that its cost does not grow with the number of
documents. All arrays are mapped from disk; words are known by a 64-bit hash, so that a vocabulary
is an array too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

#: Okapi BM25 in Lucene's variant, without its factor k1 + 1: a word adds at most its rarity.
_K1 = 1.2
_B = 0.75
#: Postings that a search adds up; then the words that are left, the commonest ones, only order the
#: best documents found so far. Measured in docs/scale.md.
BUDGET = 50_000
#: How many documents are ordered so, as a multiple of how many are wanted.
_POOL = 5
#: Words whose place is remembered.
_REMEMBERED = 10_000

FloatVector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The arrays of an index; the postings of word i are starts[i] to starts[i + 1]."""

    words: npt.NDArray[np.uint64]  # (words,) hashes in rising order
    starts: npt.NDArray[np.int64]  # (words + 1,)
    documents: npt.NDArray[np.int32]  # (postings,)
    weights: npt.NDArray[np.float16]  # (postings,) 0 to 1; a thousandth of error is no matter
    counts: npt.NDArray[np.uint16]  # (postings,) how often; for merging, searches never read it
    size: npt.NDArray[np.int64]  # (1,) number of documents


class Lexical:
    """BM25 over the words of documents, in their order; read-only, so threads may share it."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._size = int(postings.size[0])
        #: One search asks for the rarity of a word again and again, as it weighs sentences.
        self._find = lru_cache(maxsize=_REMEMBERED)(self._locate)

    @classmethod
    def build(cls, words: Iterable[Sequence[str]]) -> Lexical:
        """Index the words of each document; they need not all be in memory."""
        numbers: dict[str, int] = {}
        parts = [_number_words(document, numbers) for document in words]
        return cls(_count(parts, numbers))

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Load what `save` wrote; the files are mapped, so processes share their memory.

        Raises:
            OSError, ValueError: a file is missing or damaged.
        """
        names = [field.name for field in fields(Postings)]
        # a plain view of the map: the class of maps makes each slice of it slow
        arrays = {name: np.asarray(_map(folder / f"{name}.npy")) for name in names}
        postings = Postings(**arrays)
        held = int(postings.starts[-1])
        if not (
            len(postings.starts) == len(postings.words) + 1
            and held == len(postings.documents) == len(postings.weights) == len(postings.counts)
        ):
            raise ValueError("the files are not of one index")
        return cls(postings)

    @classmethod
    def merge(cls, parts: Sequence[tuple[Lexical, Rows]], size: int) -> Lexical:
        """Index `size` documents that other indexes hold: equal to building it from their words.

        Each index comes with the new number of each of its documents, -1 for those to leave out.
        """
        held = [_move(part._postings, numbers) for part, numbers in parts]
        words, documents, counts = (np.concatenate(one) for one in zip(*held, strict=True))
        distinct, word_of = np.unique(words, return_inverse=True)
        order = np.argsort(word_of * max(size, 1) + documents, kind="stable")
        return cls(_weigh(distinct, word_of[order], documents[order], counts[order], size))

    def save(self, folder: Path) -> None:
        """Write the index to `folder`, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(Postings):
            np.save(folder / f"{field.name}.npy", getattr(self._postings, field.name))

    def __len__(self) -> int:
        return self._size

    def best(
        self, words: Sequence[str], n: int, *, within: Sequence[range], budget: int = BUDGET
    ) -> Rows:
        """Return the numbers of the `n` best documents of each range, best first.

        Exact while the postings of the words within a range are no more than `budget`; beyond, a
        document that holds only the commonest words is not found.
        """
        distinct = sorted(set(words))
        found = [self._best_in(rows, distinct, n, budget=budget) for rows in within]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def shares(self, words: Sequence[str], rows: Rows) -> FloatVector:
        """Return for each document of `rows` its share of what the words could score, 0 to 1.

        BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) divided by the
        rarities of the question's distinct words, those that no document has included: a question
        of mostly unknown words cannot score high.
        """
        scores = np.zeros(len(rows), np.float32)
        possible = 0.0
        for word in sorted(set(words)):
            rarity = self.rarity(word)
            possible += rarity
            at = self._find(word)
            scores += np.float32(rarity) * _look_up(*self._slice(at), rows)
        return scores / np.float32(possible) if possible else scores

    def unknown(self, words: Sequence[str]) -> float:
        """Return the share of the words that no document has, 0 to 1, rare words counting more."""
        rarities = {word: self.rarity(word) for word in words}
        total = sum(rarities.values())
        missing = sum(rarities[word] for word in rarities if not self._find(word))
        return missing / total if total else 0.0

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency as Lucene counts it; unknown words are rarest."""
        at = self._find(word)
        return self._rarity(at.stop - at.start)

    def _best_in(self, rows: range, words: Sequence[str], n: int, *, budget: int) -> Rows:
        held = [(self._within(word, rows), self.rarity(word)) for word in words]
        held = sorted((one for one in held if one[0]), key=lambda one: len(one[0]))
        scores = np.zeros(len(rows), np.float32)
        spent: list[npt.NDArray[np.int32]] = []
        left = budget
        while held and (not spent or len(held[0][0]) <= left):
            at, rarity = held.pop(0)
            documents, weights = self._slice(at)
            spent.append(documents - np.int32(rows.start))
            scores[spent[-1]] += np.float32(rarity) * weights
            left -= len(at)
        if not spent:
            return np.zeros(0, np.int64)
        pool = _top(np.concatenate(spent), scores, _POOL * n if held else n)
        totals = scores[pool]
        for at, rarity in held:
            totals += np.float32(rarity) * _look_up(*self._slice(at), pool + rows.start)
        # the pool is in rising order, so equal scores are in the order of documents
        best: Rows = pool[np.argsort(-totals, kind="stable")[:n]] + rows.start
        return best

    def _locate(self, word: str) -> range:
        """Return where the postings of a word are; nowhere when no document holds it."""
        wanted = _hash(word)
        number = int(np.searchsorted(self._postings.words, wanted))
        if number == len(self._postings.words) or self._postings.words[number] != wanted:
            return range(0)
        starts = self._postings.starts
        return range(int(starts[number]), int(starts[number + 1]))

    def _within(self, word: str, rows: range) -> range:
        """Return where those postings of a word are whose documents are in a range."""
        at = self._find(word)
        documents = self._postings.documents[at.start : at.stop]
        first, last = np.searchsorted(documents, np.array([rows.start, rows.stop], np.int32))
        return range(at.start + int(first), at.start + int(last))

    def _slice(self, at: range) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float16]]:
        part = slice(at.start, at.stop)
        return self._postings.documents[part], self._postings.weights[part]

    def _rarity(self, holding: int) -> float:
        return log(1 + (self._size - holding + 0.5) / (holding + 0.5))


def _number_words(document: Sequence[str], numbers: dict[str, int]) -> npt.NDArray[np.int32]:
    """Return the numbers of a document's words; new words get the next ones."""
    return np.array([numbers.setdefault(word, len(numbers)) for word in document], np.int32)


def _count(parts: Sequence[npt.NDArray[np.int32]], numbers: dict[str, int]) -> Postings:
    """Count each word in each document."""
    hashes = np.array([_hash(word) for word in numbers], np.uint64)
    order = np.argsort(hashes)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    size = len(parts)
    held = rank[np.concatenate([*parts, np.zeros(0, np.int32)])]
    held *= size
    held += np.repeat(np.arange(size), [len(part) for part in parts])  # word, document in one
    held, counts = np.unique(held, return_counts=True)
    word_of, document_of = np.divmod(held, max(size, 1))
    return _weigh(hashes[order], word_of, document_of, counts, size)


def _move(
    postings: Postings, numbers: Rows
) -> tuple[npt.NDArray[np.uint64], Rows, npt.NDArray[np.uint16]]:
    """Return word, document and count of each posting whose document has a new number."""
    documents = numbers[postings.documents]
    kept = documents >= 0
    words = np.repeat(postings.words, np.diff(postings.starts))
    return words[kept], documents[kept], postings.counts[kept]


def _weigh(
    words: npt.NDArray[np.uint64],
    word_of: Rows,
    document_of: Rows,
    counts: npt.NDArray[np.integer[Any]],
    size: int,
) -> Postings:
    """Weigh each word in each document: its count against k1, by the document's length.

    Postings come in the order of their words, then of their documents.
    """
    clipped = np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16)
    lengths = np.bincount(document_of, weights=clipped, minlength=size)
    relative = lengths / max(float(lengths.mean()), 1e-9) if size else lengths
    norms = (_K1 * (1 - _B + _B * relative)).astype(np.float32)
    return Postings(
        words=words,
        starts=np.searchsorted(word_of, np.arange(len(words) + 1)).astype(np.int64),
        documents=document_of.astype(np.int32),
        weights=(clipped / (clipped + norms[document_of])).astype(np.float16),
        counts=clipped,
        size=np.array([size], np.int64),
    )


def _look_up(
    documents: npt.NDArray[np.int32], weights: npt.NDArray[np.float16], rows: Rows
) -> FloatVector:
    """Return the weight of one word in each of `rows`, 0 where they do not hold it."""
    if not len(documents):
        return np.zeros(len(rows), np.float32)
    at = np.searchsorted(documents, rows.astype(np.int32))
    at[at == len(documents)] = 0  # past the last: compared with some other, which is not equal
    found: FloatVector = np.where(documents[at] == rows, weights[at], 0).astype(np.float32)
    return found


def _top(documents: npt.NDArray[np.int32], scores: FloatVector, n: int) -> Rows:
    """Return the `n` documents with the highest scores, each once, in rising order."""
    ordered = np.sort(documents)  # np.unique takes five times as long
    distinct = ordered[np.diff(ordered, prepend=-1) > 0].astype(np.int64)
    if len(distinct) <= n:
        return distinct
    # equal scores at the edge: the first documents, as a stable sort has it
    theirs = scores[distinct]
    edge = np.partition(theirs, len(distinct) - n)[len(distinct) - n]
    above = distinct[theirs > edge]
    equal = distinct[theirs == edge][: n - len(above)]
    return np.sort(np.concatenate([above, equal]))


def _map(path: Path) -> npt.NDArray[np.generic]:
    try:
        mapped: npt.NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
    except EOFError as error:
        raise ValueError(f"{path.name} is empty") from error
    return mapped


def _hash(word: str) -> np.uint64:
    digest = blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
