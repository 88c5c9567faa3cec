"""Fits the voters of an intent model and measures how far they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.components.intent_model import WEIGHTS, IntentModel
from bot.components.kernel_voter import KernelVoter
from bot.components.linear_voter import LinearVoter
from bot.components.ngram_voter import NgramVoter
from bot.components.scope import Scope, Trial, heights, measure_scope
from bot.components.vectors import Vectors, centred

#: Folds used to see how sure the model is of phrases it was not trained on, by number of phrases:
#: few phrases need folds that are nearly as large as the whole.
FEW, MANY = 2000, 3000
FOLDS_FEW, FOLDS = 5, 3
#: Share of the intents that each fold leaves out altogether, to meet unknown ones.
LEFT_OUT = 0.2
#: Part of the fingerprint of a trained model: raise it when the same phrases give another model.
RECIPE = "linear-kernel-ngrams-3"
_TEMPERATURES = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)

Labels = npt.NDArray[np.str_]


def fit(
    texts: Sequence[str], vectors: Vectors, labels: Sequence[str], *, out_of_scope: str
) -> IntentModel:
    """Fit the voters, then measure how to join them, on phrases and intents held out in turn.

    Args:
        texts: n phrases.
        vectors: Their unit vectors, float32 of shape (n, dimension).
        labels: Their intents, at least two different ones.
        out_of_scope: The intent whose phrases stand for everything that is not ours; may be absent.
    """
    phrases = _Phrases(np.array(texts, dtype=object), vectors, np.array(labels))
    model = _fit_once(phrases)
    measured = _measure(phrases, out_of_scope)
    return model if measured is None else replace(model, **vars(measured))


@dataclass(frozen=True)
class _Phrases:
    texts: npt.NDArray[np.object_]
    vectors: Vectors
    labels: Labels

    def __getitem__(self, chosen: npt.NDArray[np.bool_]) -> _Phrases:
        return _Phrases(self.texts[chosen], self.vectors[chosen], self.labels[chosen])


@dataclass(frozen=True)
class _Measured:
    spreads: Vectors
    temperature: float
    scope: Scope


def _fit_once(phrases: _Phrases) -> IntentModel:
    intents, numbers = np.unique(phrases.labels, return_inverse=True)
    centre: Vectors = phrases.vectors.mean(axis=0)
    moved = centred(phrases.vectors, centre)
    return IntentModel(
        intents=tuple(str(name) for name in intents),
        centre=centre,
        linear=LinearVoter.fit(moved, numbers),
        kernel=KernelVoter.fit(moved, numbers),
        ngrams=NgramVoter.fit(list(phrases.texts), numbers),
        spreads=np.ones(len(WEIGHTS), np.float32),
    )


def _measure(phrases: _Phrases, out_of_scope: str) -> _Measured | None:
    """Try the voters on what they were not trained on; None if there is too little to hold out."""
    tried: list[tuple[IntentModel, _Phrases, Vectors]] = []
    for seen in _rounds(phrases.labels, out_of_scope):
        if len(set(phrases.labels[seen])) < 2 or seen.all():
            continue
        model, unseen = _fit_once(phrases[seen]), phrases[~seen]
        tried.append((model, unseen, model.votes(list(unseen.texts), unseen.vectors)))
    if not tried:
        return None
    spreads = np.mean([votes.std(axis=(1, 2)) for _, _, votes in tried], axis=0)
    spreads = np.maximum(spreads, 1e-6).astype(np.float32)
    weights = np.array(WEIGHTS, np.float32) / spreads
    joint = [
        (model.intents, unseen.labels, np.tensordot(weights, votes, axes=1))
        for model, unseen, votes in tried
    ]
    labels = phrases.labels
    scope = measure_scope(
        _try_scope(joint, out_of_scope),
        n_phrases=len(labels),
        n_outside=int(np.sum(labels == out_of_scope)),
    )
    return _Measured(spreads, _best_temperature(joint), scope)


def _rounds(labels: Labels, out_of_scope: str) -> list[npt.NDArray[np.bool_]]:
    """Return, for each round, which phrases are trained on: a share of most of the intents."""
    few = len(labels) < FEW
    n_folds = FOLDS_FEW if few else FOLDS
    folds = _folds(labels, n_folds)
    random = np.random.default_rng(1)
    intents = random.permutation(sorted(set(labels) - {out_of_scope}))
    step = min(max(1, round(LEFT_OUT * len(intents))), max(0, len(intents) - 2))
    rounds = []
    for held in range(1 if len(labels) >= MANY else n_folds):
        gone = np.roll(intents, -held * step)[:step]
        rounds.append((folds != held) & ~np.isin(labels, gone))
    return rounds


def _try_scope(
    joint: Sequence[tuple[tuple[str, ...], Labels, Vectors]], out_of_scope: str
) -> Trial:
    trials = []
    for intents, labels, scores in joint:
        outside = intents.index(out_of_scope) if out_of_scope in intents else None
        best, height = heights(scores, outside)
        right = np.array(intents)[best] == labels
        trials.append((height, right, np.isin(labels, intents), labels == out_of_scope))
    return Trial(*(np.concatenate(column) for column in zip(*trials, strict=True)))


def _best_temperature(
    joint: Sequence[tuple[tuple[str, ...], Labels, Vectors]],
) -> float:
    """Return the temperature under which the right intents are most probable (log loss)."""
    losses = dict.fromkeys(_TEMPERATURES, 0.0)
    for intents, labels, scores in joint:
        known = np.isin(labels, intents)
        columns = np.searchsorted(intents, labels[known])
        for temperature in _TEMPERATURES:
            heated = temperature * scores[known]
            heated -= heated.max(axis=1, keepdims=True)
            own = heated[np.arange(len(columns)), columns]
            losses[temperature] += float(np.sum(np.log(np.exp(heated).sum(axis=1)) - own))
    return min(losses, key=losses.__getitem__)


def _folds(labels: Labels, n_folds: int) -> npt.NDArray[np.intp]:
    """Deal the phrases of each intent to the folds in turn, in a fixed random order."""
    order = np.random.default_rng(0).permutation(len(labels))
    seen: dict[str, int] = {}
    folds = np.zeros(len(labels), np.intp)
    for index in order:
        name = str(labels[index])
        folds[index] = seen.get(name, 0) % n_folds
        seen[name] = seen.get(name, 0) + 1
    return folds
