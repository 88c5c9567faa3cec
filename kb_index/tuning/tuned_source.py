"""Puts a learnt layer on top of a sentence-transformers model, as a source to export."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from kb_index.export.sources import ModelSource
from kb_index.tuning.head import Head

#: A layer that tells apart what lay close together makes a rounding error a larger angle. What
#: int8 costs is in the figures: the new model is judged in int8.
LEAST_INT8 = 0.95

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


def tuned_source(base: ModelSource, head: Head) -> ModelSource:
    """Return the source of the model `base` with `head` on top."""
    digest = hashlib.sha256(base.key.encode() + head.weight.tobytes() + head.bias.tobytes())
    return ModelSource(
        name=f"{base.name}-tuned",
        key=f"tuned:{digest.hexdigest()}",
        load=lambda: _put_on_top(base.load(), head),
        least_int8=LEAST_INT8,
        tuned_from=base.key,
    )


def _put_on_top(model: SentenceTransformer, head: Head) -> SentenceTransformer:
    """Append the layer; it was learnt on vectors of length 1, and gives such again."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize

    dimension = len(head.bias)
    layer = Dense(dimension, dimension, bias=True, activation_function=torch.nn.Identity())
    with torch.no_grad():
        weight = np.eye(dimension, dtype=np.float32) + head.weight
        layer.linear.weight.copy_(torch.from_numpy(weight))
        layer.linear.bias.copy_(torch.from_numpy(head.bias))
    prompts = {name: prompt or "" for name, prompt in model.prompts.items()}
    return SentenceTransformer(
        modules=[*model, Normalize(), layer, Normalize()], prompts=prompts, device="cpu"
    )
