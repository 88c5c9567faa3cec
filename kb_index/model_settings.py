"""Reads what an exported model's folder says about it; Python 3.10 clean, loads no library."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kb_index.errors import ModelBroken, ModelMissing

#: The files of a model folder.
MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
SETTINGS_FILE = "model.json"


@dataclass(frozen=True)
class ModelSettings:
    """What `model.json` says about a model; token counts include the special tokens.

    `question_mean`, (dimension,), is the mean vector of generic questions; `language_axes`,
    (languages - 1, dimension), are the directions in which they differ by language alone.
    """

    name: str
    dimension: int
    fingerprint: str
    query_prefix: str
    passage_prefix: str
    max_tokens: int
    question_mean: tuple[float, ...]
    language_axes: tuple[tuple[float, ...], ...]


def read_settings(folder: Path) -> ModelSettings:
    """Read `model.json`.

    Raises:
        ModelMissing: the folder has none.
        ModelBroken: not JSON, or a field is missing or of the wrong type.
    """
    if not (folder / SETTINGS_FILE).is_file():
        raise ModelMissing(str(folder), SETTINGS_FILE)
    try:
        raw = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        return ModelSettings(
            name=str(raw["name"]),
            dimension=int(raw["dimension"]),
            fingerprint=str(raw["fingerprint"]),
            query_prefix=str(raw["query_prefix"]),
            passage_prefix=str(raw["passage_prefix"]),
            max_tokens=int(raw["max_tokens"]),
            question_mean=tuple(float(one) for one in raw["question_mean"]),
            language_axes=tuple(tuple(map(float, axis)) for axis in raw["language_axes"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise ModelBroken(str(folder), f"{SETTINGS_FILE}: {error!r}") from error
