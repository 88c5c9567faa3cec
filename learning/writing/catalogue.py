"""Tells the console which intents there are, with samples to know them by."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from handoff_service.archive.learning.changes import Catalogue, write_catalogue
from learning.jobs.tools import Tools
from learning.writing.phrases import blocks_of
from learning.writing.tree import Tree
from learning.writing.yaml_places import Source

#: Phrases shown of an intent in a language.
SAMPLES = 5


async def publish_catalogue(tools: Tools) -> None:
    """Keep the intents of the project where the service finds them.

    Raises:
        NotWritten: a training file cannot be read.
        ArchiveUnavailable: try again.
    """
    intents = await asyncio.to_thread(intents_of, tools.project.root)
    await write_catalogue(tools.database, Catalogue(at_ms=tools.now_ms(), intents=intents))


def intents_of(root: Path) -> list[dict[str, Any]]:
    """Return the intents that have phrases, by name: [{name, phrases, samples}].

    Samples are spread over the phrases of a language: neighbours often say the same.

    Raises:
        NotWritten: a training file cannot be read.
    """
    counts: Counter[str] = Counter()
    samples: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, text in Tree(root).texts("data/nlu", ".yml").items():
        for block in blocks_of(Source(name, text)):
            counts[block.intent] += len(block.phrases)
            samples[block.intent][block.language] += block.phrases
    return [
        {
            "name": intent,
            "phrases": counts[intent],
            "samples": {language: _spread(own) for language, own in samples[intent].items()},
        }
        for intent in sorted(counts)
    ]


def _spread(phrases: list[str]) -> list[str]:
    return phrases[:: max(1, -(-len(phrases) // SAMPLES))][:SAMPLES]
