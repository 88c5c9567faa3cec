"""Times the embedding model, next to the same weights in sentence-transformers on torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kb_index.bench.machine import Stopwatch
from kb_index.embedding import Embedder
from kb_index.errors import KbError, ModelSourceMissing
from kb_index.export.exporter import CHECK_TEXTS
from kb_index.export.sources import BUNDLED, find_source
from kb_index.model_settings import SETTINGS_FILE

#: How many questions and passages are timed.
QUESTIONS, PASSAGES = 150, 48
#: Size of the timed passages, special tokens included.
PASSAGE_TOKENS = 128
#: Passages that are embedded at once: torch makes a batch of them, ours takes each by itself.
_BATCH = 16
#: Turns of each contestant before the clock starts.
_WARM_UP = 2

OURS, THEIRS = "int8", "sentence_transformers_torch_fp32"

Embed = Callable[[list[str]], object]


def measure(model_dir: Path) -> dict[str, Any]:
    """Time questions one by one, and passages of 128 tokens, in one thread each.

    Torch is asked in turns with ours, so that what else the machine does falls on both. Where it
    cannot be had, `missing` says why.

    Raises:
        KbError: there is no embedding model in `model_dir`.
    """
    embedder = Embedder.load(model_dir)
    ask: dict[str, Embed] = {OURS: embedder.embed_queries}
    read: dict[str, Embed] = {OURS: embedder.embed_passages}
    figures: dict[str, Any] = {OURS: {}, THEIRS: {}}
    try:
        ask[THEIRS] = read[THEIRS] = _load_torch(model_dir)
    except (KbError, ImportError) as error:
        figures[THEIRS]["missing"] = str(error)
    questions = [[CHECK_TEXTS[number % len(CHECK_TEXTS)]] for number in range(QUESTIONS)]
    for name, watch in race(ask, questions).items():
        figures[name]["question"] = watch.summary()
    passages = [fill_passage(embedder, number) for number in range(PASSAGES)]
    batches = [passages[start : start + _BATCH] for start in range(0, PASSAGES, _BATCH)]
    for name, watch in race(read, batches).items():
        figures[name]["passages_per_second"] = round(PASSAGES / sum(watch.clock), 1)
        figures[name]["passages_per_core_second"] = round(PASSAGES / sum(watch.core), 1)
    if THEIRS in ask:
        figures["times_faster"] = _compare(figures[OURS], figures[THEIRS])
    return figures


def race(contestants: dict[str, Embed], batches: Sequence[list[str]]) -> dict[str, Stopwatch]:
    """Give each batch to each contestant in turn, and time each."""
    for embed in contestants.values():
        for batch in batches[:_WARM_UP]:
            embed(batch)
    watches = {name: Stopwatch() for name in contestants}
    for batch in batches:
        for name, embed in contestants.items():
            with watches[name].lap():
                embed(batch)
    return watches


def _load_torch(model_dir: Path) -> Embed:
    """Load the source of the exported model in torch, one thread.

    Raises:
        ModelSourceMissing: the model was exported from something that is not at hand.
        ImportError: torch is not installed; it belongs to the development environment.
    """
    source_key = json.loads((model_dir / SETTINGS_FILE).read_text(encoding="utf-8")).get("source")
    source = find_source(BUNDLED)
    if source.key != source_key:
        raise ModelSourceMissing("only the bundled model is compared, another one is in use")
    import torch

    torch.set_num_threads(1)
    model = source.load()

    def encode(texts: list[str]) -> object:
        return model.encode(
            texts, prompt="", batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )

    return encode


def fill_passage(embedder: Embedder, number: int) -> str:
    """Return a text of PASSAGE_TOKENS tokens, in one of five languages."""
    words = (CHECK_TEXTS[number % len(CHECK_TEXTS)] + " ") * PASSAGE_TOKENS
    low, high = 1, len(words)
    while low < high:  # the longest beginning that has no more tokens
        middle = (low + high + 1) // 2
        if embedder.count_tokens(words[:middle]) <= PASSAGE_TOKENS:
            low = middle
        else:
            high = middle - 1
    return words[:low]


def _compare(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, float]:
    rate, median = "passages_per_core_second", "core_p50_ms"
    return {
        "question": round(theirs["question"][median] / ours["question"][median], 2),
        "passages": round(ours[rate] / theirs[rate], 2),
    }
