"""Understand each phrase by a model that was not trained on it: `python -m bot.crossfit …`.

Reads {"text", "intent"} a line. Phrases are dealt to folds by their own text, so that two sets of
phrases are cut alike, and one phrase is nowhere both learned and asked. Writes OUT/fold-N.json, a
list of {"text", "intent", "predicted", "confidence", "scope_confidence"}, fold by fold: what is
there already is not made again. Without Rasa's engine: fitting is all that training does here.
"""

# ruff: noqa: T201  (a program: it speaks on stdout and stderr)
from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import yaml

from bot import lean, logs
from bot.serve import RASA_ENVIRONMENT

#: The component of config.yml whose settings hold here too.
CLASSIFIER = "bot.components.intents.IntentClassifier"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.crossfit", description=__doc__)
    parser.add_argument("--phrases", type=Path, required=True, help="file of JSON lines")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--folds", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    options = parser.parse_args(arguments)
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=True)
    logs.configure("ERROR")
    try:
        _cross_fit(options)
    except Exception as error:  # noqa: BLE001 (the one place that turns a failure into a line)
        print(f"error: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


def fold_of(text: str, folds: int) -> int:
    """Return the fold of a phrase, 0 … folds - 1."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % folds


def _cross_fit(options: argparse.Namespace) -> None:
    import numpy as np

    from bot.components.embedding import vector_source
    from bot.components.intent_fitting import fit
    from bot.components.intents import IntentClassifier
    from bot.components.vector_cache import embed_with_cache

    lines = options.phrases.read_text(encoding="utf-8").splitlines()
    phrases = [json.loads(line) for line in lines]
    texts = [phrase["text"] for phrase in phrases]
    intents = [phrase["intent"] for phrase in phrases]
    source = vector_source()
    vectors = embed_with_cache(texts, source.vectors, fingerprint=source.fingerprint)
    dealt = np.array([fold_of(text, options.folds) for text in texts])
    settings = IntentClassifier.get_default_config() | _settings(options.config)
    options.out.mkdir(parents=True, exist_ok=True)
    for fold in range(options.folds):
        file = options.out / f"fold-{fold}.json"
        if file.exists():
            continue
        print(f"fold {fold + 1} of {options.folds} …", file=sys.stderr, flush=True)
        seen = dealt != fold
        known = [intent for intent, learned in zip(intents, seen, strict=True) if learned]
        results: list[dict[str, Any]] = []
        if len(set(known)) >= 2:
            model = fit(
                [text for text, learned in zip(texts, seen, strict=True) if learned],
                vectors[seen],
                known,
                out_of_scope=settings["out_of_scope_intent"],
            )
            # ranked as it is when it serves; storage is what training and loading need
            classifier = IntentClassifier(settings, None, None, model)  # type: ignore[arg-type]
            for index in np.flatnonzero(~seen):
                ranking, sure = classifier._rank(model, texts[index], vectors[index])
                results.append(
                    {
                        "text": texts[index],
                        "intent": intents[index],
                        "predicted": ranking[0]["name"],
                        "confidence": ranking[0]["confidence"],
                        "scope_confidence": sure,
                    }
                )
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
        beside.replace(file)


def _settings(config: Path) -> dict[str, Any]:
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    named = [entry for entry in content["pipeline"] if entry["name"] == CLASSIFIER]
    return {key: value for key, value in named[0].items() if key != "name"} if named else {}


if __name__ == "__main__":
    sys.exit(main())
