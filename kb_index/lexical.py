"""Scores chunks by words: BM25 over the analyzers' words."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

#: Okapi BM25 in Lucene's variant. k1 is the usual one; b = 0.5 instead of 0.75 since chunks hardly
#: differ in length (recall@1 of XQuAD in Russian 0.885 → 0.897, of the GNOME help 0.656 → 0.670).
_METHOD = "lucene"
_K1 = 1.2
_B = 0.5

FloatVector = npt.NDArray[np.float32]


class Lexical:
    """BM25 over the words of all chunks, in chunk order; read-only, so threads may share it."""

    def __init__(self, engine: bm25s.BM25) -> None:
        self._engine = engine

    @classmethod
    def build(cls, words: list[list[str]]) -> Lexical:
        """Index the words of each chunk."""
        engine = bm25s.BM25(method=_METHOD, k1=_K1, b=_B)
        # an empty vocabulary cannot be indexed; no word is ever empty, so this one is never asked
        # for
        engine.index([chunk or [""] for chunk in words], show_progress=False)
        return cls(engine)

    @classmethod
    def load(cls, folder: Path) -> Lexical:
        """Load what `save` wrote."""
        return cls(bm25s.BM25.load(str(folder)))

    def save(self, folder: Path) -> None:
        """Write the index to `folder`."""
        self._engine.save(str(folder), show_progress=False)

    def score(self, words: list[str]) -> FloatVector:
        """Score every chunk: float32 (chunks,), 0 where no word matches."""
        known = [word for word in words if word in self._engine.vocab_dict]
        if not known:
            return np.zeros(self._engine.scores["num_docs"], dtype=np.float32)
        scores: FloatVector = self._engine.get_scores(known)
        return scores

    def rarity(self, word: str) -> float:
        """Return the inverse document frequency as Lucene counts it; unknown words are rarest."""
        total = int(self._engine.scores["num_docs"])
        holding = self._holding(word)
        return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)))

    def _holding(self, word: str) -> int:
        number = self._engine.vocab_dict.get(word)
        if number is None:
            return 0
        starts = self._engine.scores["indptr"]
        return int(starts[number + 1] - starts[number])
