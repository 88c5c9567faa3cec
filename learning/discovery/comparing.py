"""Says of a topic what it may be: by the intents and articles that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kb_index.question_space import QuestionSpace
from learning.discovery.features import Matrix, unit

# Cosines are those of subjects: what all questions share is taken out, and what tells the language.
# Measured on the demo's 5,300 phrases in five languages: six neighbours of an intent are a topic.

#: The mean over a topic of each phrase's nearest sample, from which on an intent is meant. 76 of
#: 100 topics reach it for their own intent, 21 for another one where their own is taken away, none
#: of those that are out of scope.
NEAR_INTENT = 0.50
#: To the middle of its topic, what a phrase has at least: three quarters of all phrases of a broad
#: intent in five languages do, 5 in 100 of any.
MEMBER = 0.30
#: Mean of two phrases of a topic: topics have more in 99 of 100, any six phrases less.
COHERENT = 0.15
#: More are an even sample, for what a topic is compared with.
MOST_COMPARED = 500
#: Phrases of a topic that articles are looked for with; at least this share of them must agree.
LOOKED_UP, AGREED = 6, 0.5
#: Intents that nothing is taught with.
NO_INTENTS = frozenset({"out_of_scope", "nlu_fallback", "other_language"})

#: Article id, locale and confidence of what answers a text in a language; None: nothing does.
LookUp = Callable[[str, str], tuple[str, str, float] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a topic may be, and what is near it."""

    kind: str
    near: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the bot has already: samples of its intents, and its articles."""

    intents: tuple[str, ...]  #: one name for each row
    samples: Matrix  #: (m, d), as `subjects` returns them
    look_up: LookUp

    def judge(
        self, texts: Sequence[tuple[str, str]], vectors: Matrix, understood: Sequence[str | None]
    ) -> Kind:
        """Say what a topic may be.

        Where neither an intent nor an article is near, the article is missing: whatever intent
        there were, it would have nothing to say. So it is where the bot understood the right
        intent and yet no article is near.

        Args:
            texts: (text, language) of its phrases, what is asked most first.
            vectors: Of all of them, (n, d), as `subjects` returns them.
            understood: What the bot took each turn of it for.
        """
        article = self._article(texts)
        intent, similarity = self._intent(vectors)
        near: dict[str, Any] = {}
        if article is not None:
            near = {"article_id": article[0], "locale": article[1], "similarity": article[2]}
        if similarity < NEAR_INTENT:
            return Kind("new_intent" if article else "missing_article", near)
        near = near | {"intent": intent, "similarity": round(similarity, 3)}
        knew = Counter(understood)[intent] * 2 > len(understood)
        return Kind("missing_article" if knew and article is None else "existing_intent", near)

    def _intent(self, vectors: Matrix) -> tuple[str, float]:
        if not self.intents:
            return "", -1.0
        step = max(1, -(-len(vectors) // MOST_COMPARED))
        cosines = vectors[::step] @ self.samples.T
        names = np.array(self.intents)
        means = {
            name: float(cosines[:, names == name].max(axis=1).mean())
            for name in dict.fromkeys(self.intents)
        }
        best = max(means, key=lambda name: (means[name], name))
        return best, means[best]

    def _article(self, texts: Sequence[tuple[str, str]]) -> tuple[str, str, float] | None:
        asked = texts[:LOOKED_UP]
        found = [hit for text, language in asked if (hit := self.look_up(text, language))]
        if not found:
            return None
        article, times = Counter(name for name, _, _ in found).most_common(1)[0]
        if times < AGREED * len(asked):
            return None
        locale = Counter(where for name, where, _ in found if name == article).most_common(1)[0][0]
        sure = [confidence for name, _, confidence in found if name == article]
        return article, locale, round(sum(sure) / len(sure), 3)


def subjects(vectors: Matrix, space: QuestionSpace) -> Matrix:
    """Leave of vectors (n, d) what they are about, in whatever language; rows of length 1."""
    return unit(space.centre(vectors, share=1.0))


def belonging(vectors: Matrix) -> npt.NDArray[np.int64]:
    """Return the rows of subjects (n, d) that belong to their middle, the nearest first.

    None where there is no middle: less than half belong to it, or they are not alike.
    """
    middle = unit(vectors.mean(axis=0, keepdims=True))[0]
    cosines = vectors @ middle
    order = np.argsort(-cosines, kind="stable")
    kept: npt.NDArray[np.int64] = order[cosines[order] >= MEMBER].astype(np.int64)
    if len(kept) * 2 < len(vectors) or _alike(vectors[kept]) < COHERENT:
        return np.zeros(0, dtype=np.int64)
    return kept


def _alike(vectors: Matrix) -> float:
    """Return the mean cosine of two different rows; 1.0 for one row."""
    count = len(vectors)
    if count < 2:
        return 1.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return (float(total @ total) - count) / (count * (count - 1))
