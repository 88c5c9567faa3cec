"""Fuses what meaning, title and words say about articles into one score each.

score = meaning · q · v  +  title · q · t  +  words · √(n / 8) · share

q is the centred question (`QuestionSpace`), v the article's best chunk's vector, t its title's, and
share BM25 as a share of what the question's n words could score (`Lexical.shares`). The share of a
long question is the mean of more words, so it varies less and says more: hence the root. DRCD, 30
words a question (in Chinese characters and pairs count), recall@1 0.887 → 0.925; customers' own
words in English and Russian, 6 to 9, the same; in Korean, 25, MRR 0.702 → 0.688. All are absolute,
so that weak evidence of one kind weighs little: sums of z-scores, of shares of the best, and of
reciprocal ranks were all worse (docs/benchmarks.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts.

    `centre` is how much of the mean question is taken away, `twins` whether translations are heard.
    """

    meaning: float
    title: float
    words: float
    centre: float
    twins: bool = False


#: Chosen on seven families of question sets, first each with the numbers of the other six; title
#: and what long questions add were set last, on sets that were looked at (docs/benchmarks.md). Flat
#: around: 0.08 to 0.15 for words and 0.3 to 0.6 for titles differ by less than 0.01 MRR.
ARTICLE_WEIGHTS = Weights(meaning=1.0, title=0.4, words=0.13, centre=0.5, twins=True)
#: For the passage within an article: "title" is then the heading of its section.
PASSAGE_WEIGHTS = Weights(meaning=1.0, title=0.4, words=0.13, centre=0.5)
#: Each kind alone, as other engines have it, to measure what fusing adds.
MEANING_ONLY = Weights(meaning=1.0, title=0.0, words=0.0, centre=0.0)
WORDS_ONLY = Weights(meaning=0.0, title=0.0, words=1.0, centre=0.0)


#: Words of a question at which `Weights.words` holds as it is; how much a longer one may raise it.
_USUAL_WORDS = 8
_MOST_RAISED = 2.5


def fuse(evidence: Evidence, *, weights: Weights) -> npt.NDArray[np.float32]:
    """Return the scores of the articles, float32 (articles,), higher is better."""
    score: npt.NDArray[np.float32] = (
        weights.meaning * evidence.meaning
        + weights.title * evidence.title
        + weights.words * np.float32(_trust(evidence.n_words)) * evidence.words
    )
    return score


def _trust(n_words: int) -> float:
    return min(max(math.sqrt(n_words / _USUAL_WORDS), 1.0), _MOST_RAISED)
