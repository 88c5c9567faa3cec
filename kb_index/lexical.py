"""Scores documents by words: BM25 over the analyzers' words, as a share of what is possible."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

#: Okapi BM25 in Lucene's variant, without its factor k1 + 1: a word adds at most its rarity.
_METHOD = "lucene"
_K1 = 1.2
_B = 0.75

FloatVector = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class Lexical:
    """BM25 over the words of documents, in their order; read-only, so threads may share it."""

    def __init__(self, engine: bm25s.BM25) -> None:
        self._engine = engine

    @classmethod
    def build(cls, words: Sequence[Sequence[str]]) -> Lexical:
        """Index the words of each document."""
        engine = bm25s.BM25(method=_METHOD, k1=_K1, b=_B)
        # an empty vocabulary cannot be indexed; no word is ever empty, so this one is never asked
        # for
        engine.index([list(one) or [""] for one in words], show_progress=False)
        return cls(engine)

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Load what `save` wrote; the large files are mapped, so processes share their memory."""
        return cls(bm25s.BM25.load(str(folder), mmap=True))

    def save(self, folder: Path) -> None:
        """Write the index to `folder`."""
        self._engine.save(str(folder), show_progress=False)

    def best(self, words: Sequence[str], n: int, *, within: Sequence[range]) -> Rows:
        """Return the numbers of the `n` best documents of each range, best first."""
        scores = self._score(words)
        found = []
        for rows in within:
            part = scores[rows.start : rows.stop]
            best = rows.start + np.argsort(-part, kind="stable")[:n]
            found.append(best[scores[best] > 0])
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def shares(self, words: Sequence[str], rows: Rows) -> FloatVector:
        """Return for each document of `rows` its share of what the words could score, 0 to 1.

        BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) divided by the
        rarities of the question's distinct words, those that no document has included: a question
        of mostly unknown words cannot score high.
        """
        possible = sum(self.rarity(word) for word in set(words))
        if not possible:
            return np.zeros(len(rows), np.float32)
        shares: FloatVector = (self._score(words)[rows] / possible).astype(np.float32)
        return shares

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency as Lucene counts it; unknown words are rarest."""
        total = int(self._engine.scores["num_docs"])
        holding = self._holding(word)
        return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)))

    def _score(self, words: Sequence[str]) -> FloatVector:
        known = sorted(word for word in set(words) if word in self._engine.vocab_dict)
        if not known:
            return np.zeros(int(self._engine.scores["num_docs"]), dtype=np.float32)
        scores: FloatVector = self._engine.get_scores(known)
        return scores

    def _holding(self, word: str) -> int:
        number = self._engine.vocab_dict.get(word)
        if number is None:
            return 0
        starts = self._engine.scores["indptr"]
        return int(starts[number + 1] - starts[number])
