"""Three voters that name the intent of a text together, and what they know of their limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.components.kernel_voter import KernelVoter
from bot.components.linear_voter import LinearVoter
from bot.components.ngram_voter import NgramVoter
from bot.components.scope import BELIEVES_ALL, Scope
from bot.components.vectors import Vectors, centred

#: Weights of the linear, the kernel and the n-gram voter, each brought to the same spread: letters
#: help where there are many phrases and must not shout where there are few.
WEIGHTS = (1.0, 1.0, 0.5)


@dataclass(frozen=True)
class IntentModel:
    """`centre` is of shape (dimension,), `spreads` (voters,); see the voters for the rest."""

    intents: tuple[str, ...]
    centre: Vectors
    linear: LinearVoter
    kernel: KernelVoter
    ngrams: NgramVoter
    spreads: Vectors
    temperature: float = 1.0
    scope: Scope = BELIEVES_ALL

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """Return the joint score of each intent, shape (n, intents), rows of mean 0.

        Args:
            texts: n texts.
            vectors: Their unit vectors, float32 of shape (n, dimension).
        """
        weights = np.array(WEIGHTS, np.float32) / self.spreads
        result: Vectors = np.tensordot(weights, self.votes(texts, vectors), axes=1)
        return result

    def votes(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """Return what each voter gives each intent, shape (voters, n, intents), rows of mean 0."""
        moved = centred(vectors, self.centre)
        votes = (self.linear.scores(moved), self.kernel.scores(moved), self.ngrams.scores(texts))
        return np.stack([vote - vote.mean(axis=1, keepdims=True) for vote in votes])

    def probabilities(self, scores: Vectors) -> Vectors:
        """Return the probability of each intent, shape (n, intents), from `scores`."""
        heated = self.temperature * scores
        powers = np.exp(heated - heated.max(axis=1, keepdims=True))
        result: Vectors = powers / powers.sum(axis=1, keepdims=True)
        return result

    def column(self, intent: str) -> int | None:
        """Return the column of `intent`, None if it has none."""
        return self.intents.index(intent) if intent in self.intents else None

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        arrays = {
            f"{part}.{name}": array
            for part in ("linear", "kernel", "ngrams")
            for name, array in vars(getattr(self, part)).items()
        }
        np.savez(folder / "voters.npz", centre=self.centre, spreads=self.spreads, **arrays)
        about = {
            "intents": self.intents,
            "temperature": self.temperature,
            "scope": asdict(self.scope),
        }
        (folder / "intents.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read a model written by `save`."""
        about = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "voters.npz") as arrays:
            parts: dict[str, dict[str, Vectors]] = {"linear": {}, "kernel": {}, "ngrams": {}}
            for key in arrays.files:
                part, _, name = key.partition(".")
                if name:
                    parts[part][name] = arrays[key]
            return cls(
                intents=tuple(about["intents"]),
                centre=arrays["centre"],
                linear=LinearVoter(**parts["linear"]),
                kernel=KernelVoter(**parts["kernel"]),
                ngrams=NgramVoter(**parts["ngrams"]),
                spreads=arrays["spreads"],
                temperature=float(about["temperature"]),
                scope=Scope(**about["scope"]),
            )
