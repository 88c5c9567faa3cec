"""The job `collect`: closed conversations to turns and phrases, then a vector for each phrase."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from handoff_service.archive.learning import turns as kept
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.turns import LearnTurn, Talk
from kb_index.model_settings import MODEL_FILE, read_settings
from learning.collecting.masked import turns_of
from learning.jobs.tools import BadArguments, Tools
from learning.personal.spans import without_placeholders

if TYPE_CHECKING:
    from kb_index.embedding import Embedder

#: Conversations that are read at a time, and phrases that are embedded between two looks at the
#: clock: bound memory, and how much is done again after a crash.
TALKS, PHRASES = 50, 64


async def is_due(tools: Tools) -> bool:
    """Whether a conversation was closed, or changed after that, or a phrase has no vector."""
    if await kept.count_due(tools.database):
        return True
    return _has_model(tools) and bool(await kept.without_vector(tools.database, limit=1))


async def run(job: Job, tools: Tools) -> dict[str, Any]:
    """Collect what is due.

    Each conversation is written with the number of the last event that was looked at, in one
    transaction: what was done stays done, and nothing is written twice. `again` collects every
    closed conversation anew, in the place of what is there, and embeds every phrase anew.

    Returns:
        conversations, turns, asks (turns that asked something), masked (what was, by kind),
        embedded (phrases), seconds.

    Raises:
        BadArguments: an argument that is none.
        ArchiveUnavailable: the history cannot be used; go on later.
    """
    if job.args.keys() - {"again"} or not isinstance(job.args.get("again", False), bool):
        raise BadArguments("collect takes `again`, true or false, and nothing else")
    started = time.monotonic()
    if job.args.get("again"):
        await kept.collect_again(tools.database)
    result = await _collect(tools)
    result["embedded"] = await _embed(tools) if _has_model(tools) else 0
    return result | {"seconds": round(time.monotonic() - started, 1)}


async def _collect(tools: Tools) -> dict[str, Any]:
    total = await kept.count_due(tools.database)
    done = turns = asks = 0
    masked: dict[str, int] = {}
    after = ""
    while talks := await kept.next_due(tools.database, after=after, limit=TALKS):
        found = await asyncio.to_thread(_read, talks)
        await kept.write_turns(
            tools.database, {talk.conversation_id: talk.last_seq for talk in talks}, found
        )
        after = talks[-1].conversation_id
        done, turns = done + len(talks), turns + len(found)
        asks += sum(turn.asks for turn in found)
        for kind, count in ((k, n) for turn in found for k, n in turn.masked.items()):
            masked[kind] = masked.get(kind, 0) + count
        await tools.report("collecting", min(1.0, done / max(total, done)))
    return {"conversations": done, "turns": turns, "asks": asks, "masked": masked}


def _read(talks: Sequence[Talk]) -> list[LearnTurn]:
    return [turn for talk in talks for turn in turns_of(talk)]


async def _embed(tools: Tools) -> int:
    model = read_settings(tools.project.model_dir).fingerprint
    await kept.keep_vectors_of(tools.database, model)
    total = await kept.count_without_vector(tools.database)
    done = 0
    embedder: Embedder | None = None
    while phrases := await kept.without_vector(tools.database, limit=PHRASES):
        if embedder is None:
            embedder = await asyncio.to_thread(_load, tools)
        texts = [without_placeholders(phrase.text) or phrase.text for phrase in phrases]
        packed = await asyncio.to_thread(_vectors, embedder, texts)
        ids = [phrase.phrase_id for phrase in phrases]
        await kept.write_vectors(tools.database, dict(zip(ids, packed, strict=True)), model=model)
        done += len(phrases)
        await tools.report("embedding", min(1.0, done / max(total, done)))
    return done


def _has_model(tools: Tools) -> bool:
    return (tools.project.model_dir / MODEL_FILE).is_file()


def _load(tools: Tools) -> Embedder:
    from kb_index.embedding import Embedder

    return Embedder.load(tools.project.model_dir)


def _vectors(embedder: Embedder, texts: list[str]) -> list[bytes]:
    from learning.collecting.vectors import pack

    return pack(embedder.embed_queries(texts))
