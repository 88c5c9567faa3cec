"""Draws vectors and texts that are as hard to search as real ones, of any number; seeded.

Vectors of real help centres (multilingual-e5-small, 6,356 chunks of two of them in four languages)
have a common direction of length 0.9; what is left is spread over some 90 of 384 directions. So a
vector here is the common direction plus what it has of its topic, of its article and of its own,
drawn with that spread. Two mixtures of these are at hand:

- HARD has a third of each, and questions with a cosine of 0.48 to their chunk, as customers' own
  questions have. That fits the real ones: the nearest chunks of a chunk have cosines of 0.70, 0.52
  (fifth) and 0.39 (fiftieth), in the real ones 0.73, 0.53 and 0.35, and the same share of lists
  finds the same share of nearest vectors, within 3 in 100. At a million, though, what is nearest is
  chance: unrelated chunks come nearer to a question than those of its own article.
- CLUSTERED has 70 % of the topic, 20 % of the article, and questions with a cosine of 0.9: what is
  nearest is related at any size, as in a large index that is worth searching.

Words are drawn by the law of Zipf and Mandelbrot, fitted to the same articles: a chunk has 80
words, 46 of them distinct; the commonest is in 9 of 10 chunks, the 100th in 1 of 15, the 1000th in
1 of 250.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix, FloatVector

CHUNKS_PER_ARTICLE = 5
CHUNKS_PER_TOPIC = 200
#: Length of what all vectors have in common.
COMMON = 0.9
WORDS = 80
VOCABULARY = 200_000
#: A word's frequency is 1 / (rank + ZIPF_SHIFT) ** ZIPF_POWER.
ZIPF_SHIFT, ZIPF_POWER = 4.0, 1.2
#: Words drawn for a chunk; the others repeat some of them, for a text keeps to its subject.
DRAWN = 0.7
#: A question's words: so many of its chunk's, and so many of any.
ASKED_OF_CHUNK, ASKED_OF_ALL = 5, 3

_BLOCK = 50_000  # chunks drawn at a time: a multiple of all counts above
_SEED = 7
#: Consonants and vowels that words are made of: no analyzer takes them for endings.
_FIRST, _LAST = "bdfgkmprtvz", "aou"


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a vector has of its topic and of its article, and how near questions are to chunks."""

    topic: float  # shares of the variance; what is left is its own
    article: float
    likeness: float  # cosine of a question and its chunk, without what all have in common


HARD = Mixture(topic=1 / 3, article=1 / 3, likeness=0.48)
CLUSTERED = Mixture(topic=0.7, article=0.2, likeness=0.9)


@dataclass(frozen=True, slots=True)
class Space:
    """Draws vectors around a common direction: float32 (dimension,) of length 1."""

    common: FloatVector
    mixture: Mixture

    def passages(self, n: int) -> Iterator[FloatMatrix]:
        """Draw the vectors of `n` chunks, in blocks: float32 (block, dimension), of length 1."""
        turn, mixture = self._turn(), self.mixture
        shares = (mixture.topic, mixture.article, 1 - mixture.topic - mixture.article)
        of_topic, of_article, own = np.sqrt(shares).astype(np.float32)
        topics = self._draw(_rng("topics"), -(-n // CHUNKS_PER_TOPIC))
        for start in range(0, n, _BLOCK):
            rows = np.arange(start, min(n, start + _BLOCK))
            articles = self._draw(_rng("articles", start), len(rows) // CHUNKS_PER_ARTICLE + 1)
            drawn = self._draw(_rng("chunks", start), len(rows)) * own
            drawn += articles[(rows - start) // CHUNKS_PER_ARTICLE] * of_article
            drawn += topics[rows // CHUNKS_PER_TOPIC] * of_topic
            yield _unit(self._add_common(_unit(drawn) @ turn))

    def questions(self, passages: FloatMatrix) -> FloatMatrix:
        """Draw a question for each passage: float32 (n, dimension), of length 1."""
        own = _unit(passages - np.outer(passages @ self.common, self.common))
        other = _unit(self._draw(_rng("questions"), len(passages)) @ self._turn())
        likeness = self.mixture.likeness
        mixed = likeness * own + np.sqrt(1 - likeness**2) * other
        return self._add_common(mixed.astype(np.float32))

    def nearby(self, vectors: FloatMatrix, *, name: str) -> FloatMatrix:
        """Draw a vector near each of `vectors`, as a title is near its article."""
        other = self._add_common(_unit(self._draw(_rng(name), len(vectors)) @ self._turn()))
        return _unit(vectors + other)

    def _draw(self, rng: np.random.Generator, n: int) -> FloatMatrix:
        """Draw from a normal distribution with the spread of real vectors."""
        rank = np.arange(1, len(self.common) + 1)
        spread = np.sqrt(rank**-0.4 * np.exp(-rank / (len(rank) / 3.2))).astype(np.float32)
        drawn: FloatMatrix = rng.standard_normal((n, len(rank)), dtype=np.float32)
        drawn *= spread
        return drawn

    def _turn(self) -> FloatMatrix:
        """Return a turn of the space, so that no number of a vector tells more than another."""
        size = len(self.common)
        turned, _ = np.linalg.qr(_rng("turn").standard_normal((size, size)))
        return np.asarray(turned, np.float32)

    def _add_common(self, vectors: FloatMatrix) -> FloatMatrix:
        vectors *= np.float32(np.sqrt(1 - COMMON**2))
        vectors += np.float32(COMMON) * self.common
        return vectors


def draw_words(n: int) -> Iterator[list[str]]:
    """Draw the words of `n` chunks."""
    names = np.array([name_word(number) for number in range(VOCABULARY)], dtype=object)
    shares = _shares()
    for start in range(0, n, _BLOCK):
        rng = _rng("words", start)
        size = min(_BLOCK, n - start)
        lengths = np.clip(rng.lognormal(np.log(WORDS) - 0.1, 0.45, size), 4, 220).astype(int)
        drawn = np.ceil(lengths * DRAWN).astype(int)
        words = np.searchsorted(shares, rng.random(int(drawn.sum())))
        parts = np.split(words, np.cumsum(drawn)[:-1])
        for part, length in zip(parts, lengths.tolist(), strict=True):
            yield (names[part].tolist() * 2)[:length]


def ask_words(chunk: list[str], number: int) -> str:
    """Draw a question that has some words of a chunk, and some of any."""
    rng = _rng("asked", number)
    distinct = sorted(set(chunk))
    own = rng.choice(distinct, min(ASKED_OF_CHUNK, len(distinct)), replace=False).tolist()
    other = np.searchsorted(_shares(), rng.random(ASKED_OF_ALL)).tolist()
    return " ".join([*own, *map(name_word, other)])


def name_word(number: int) -> str:
    """Return the word of a rank, a name that no other rank has."""
    letters = []
    number += len(_FIRST) * len(_LAST)  # two syllables at least
    while number:
        number, syllable = divmod(number, len(_FIRST) * len(_LAST))
        letters.append(_FIRST[syllable // len(_LAST)] + _LAST[syllable % len(_LAST)])
    return "".join(letters)


def _shares() -> npt.NDArray[np.float64]:
    """Return how much of a text the words up to each rank make up: (VOCABULARY,), up to 1."""
    shares = np.cumsum((np.arange(VOCABULARY) + 1 + ZIPF_SHIFT) ** -ZIPF_POWER)
    return np.asarray(shares / shares[-1])


def _unit(vectors: FloatMatrix) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: npt.NDArray[np.float32] = vectors / lengths
    return scaled


def _rng(name: str, number: int = 0) -> np.random.Generator:
    return np.random.default_rng([_SEED, *name.encode(), number])
