"""The job `discover`: topics of what customers asked lately and got no good answer to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from handoff_service.archive.learning import grouping as kept
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.topics import FoundTopic, keep_topics
from handoff_service.archive.learning.unanswered import Unanswered, unanswered
from kb_index.model_settings import read_settings
from kb_index.question_space import question_space
from kb_index.retriever import Retriever
from learning.collecting.vectors import unpack
from learning.discovery.comparing import NO_INTENTS, Kind, Known, belonging, subjects
from learning.discovery.features import Matrix
from learning.discovery.topics import Topic, find_topics
from learning.jobs.tools import BadArguments, Tools
from learning.personal.spans import without_placeholders
from learning.reviewing import job as reviewing
from learning.reviewing.score import FOR_PEOPLE
from learning.suggesting.job import ABOUT
from learning.suggesting.vectors import Vectors
from learning.writing.catalogue import intents_of

DAY_MS = 86_400_000
#: How far back is looked, and how many turns at the most.
BACK_MS, MOST_TURNS = 90 * DAY_MS, 200_000
#: Conversations that make a topic, and topics kept, the largest ones.
LEAST, MOST_KEPT = 3, 200
#: Weeks of a trend.
WEEK_MS, WEEKS = 7 * DAY_MS, 12
#: Longest label, in characters.
LONGEST = 80


async def run(job: Job, tools: Tools) -> dict[str, Any]:
    """Find topics anew; those that were there keep their names and what was made of them.

    Returns:
        phrases: how many were looked at; topics; new: how many of them; and how many of each kind.

    Raises:
        BadArguments: there are arguments; none is known.
        kb_index.errors.KbError: no embedding model, or no index to look articles up in.
        NotWritten: a training file cannot be read.
        ArchiveUnavailable: try again.
    """
    if job.args:
        raise BadArguments(f"{', '.join(job.args)}: unknown; this takes no arguments")
    if await kept.has_ungrouped(tools.database):
        await reviewing.run(job, tools)
    await tools.report("reading", 0.0)
    now_ms = tools.now_ms()
    phrases = await unanswered(
        tools.database, since_ms=now_ms - BACK_MS, rightly=FOR_PEOPLE, limit=MOST_TURNS
    )
    topics: list[FoundTopic] = []
    if phrases:
        await tools.report("grouping", 0.2)
        texts = [without_placeholders(phrase.text) for phrase in phrases]
        vectors = unpack(phrase.vector for phrase in phrases)
        space = question_space(read_settings(tools.project.model_dir))
        places = await asyncio.to_thread(subjects, vectors, space)
        found = await asyncio.to_thread(find_topics, texts, places)
        await tools.report("comparing", 0.8)
        known = await asyncio.to_thread(known_of, tools)
        topics = await asyncio.to_thread(describe, phrases, places, found, known, now_ms=now_ms)
    await tools.report("keeping", 0.98)
    new, _ = await keep_topics(tools.database, topics, now_ms=now_ms)
    kinds = Counter(topic.kind for topic in topics)
    names = ("new_intent", "existing_intent", "missing_article", "noise")
    counts = {name: kinds[name] for name in names}
    return {"phrases": len(phrases), "topics": len(topics), "new": new} | counts


def known_of(tools: Tools) -> Known:
    """Read what the bot has. Raises KbError, NotWritten."""
    vectors = Vectors(tools.project.model_dir, tools.data_dir / "learning")
    samples = [
        (intent["name"], text)
        for intent in intents_of(tools.project.root)
        if intent["name"] not in NO_INTENTS
        for texts in intent["samples"].values()
        for text in texts
    ]
    made = vectors.of([text for _, text in samples])
    vectors.save()
    embedder = vectors.embedder()
    retriever = Retriever.open(tools.data_dir / "kb", embedder)
    space = question_space(embedder.settings)
    rest = replace(space, mean=np.zeros_like(space.mean))  # that is taken out of them already

    def look_up(text: str, language: str) -> tuple[str, str, float] | None:
        result = retriever.search(without_placeholders(text) or text, locale=language, k=1)
        if not result.hits or result.confidence < ABOUT:
            return None
        hit = result.hits[0]
        return hit.article_id, hit.locale, hit.confidence

    return Known(tuple(name for name, _ in samples), subjects(made, rest), look_up)


def describe(
    phrases: Sequence[Unanswered],
    places: Matrix,
    found: Sequence[Topic],
    known: Known,
    *,
    now_ms: int,
) -> list[FoundTopic]:
    """Return topics of conversations enough, the largest first.

    What hangs together by nothing is noise; a phrase that is far from the others of its topic is
    left out of it.

    Args:
        phrases: What was asked, n.
        places: What they are about, (n, d).
        found: Topics by rows of `phrases`.
        known: What the bot has.
        now_ms: The end of the last week.
    """
    told: list[FoundTopic] = []
    for topic in found:
        rows = list(topic.members)
        near = [] if topic.kind == "noise" else [rows[row] for row in belonging(places[rows])]
        own = [phrases[row] for row in near or rows]
        if len(_talks(own)) < LEAST:
            continue
        order = sorted(own, key=lambda phrase: -len(phrase.asked))  # the most central of equals
        if near:
            middle = topic.medoid if topic.medoid in near else near[0]
            kind = known.judge(
                [(phrase.text, phrase.language) for phrase in order],
                places[near],
                [asked.intent for phrase in own for asked in phrase.asked],
            )
        else:
            middle, kind = topic.medoid, Kind("noise", {})
        told.append(_told(topic.label, phrases[middle], order, kind, now_ms=now_ms))
    told.sort(key=lambda topic: -topic.size)
    return told[:MOST_KEPT]


def _told(
    label: str, medoid: Unanswered, own: Sequence[Unanswered], kind: Kind, *, now_ms: int
) -> FoundTopic:
    languages = Counter(phrase.language for phrase in own for _ in phrase.asked)
    weeks = {
        (talk, week)
        for phrase in own
        for talk, week in _weeks(phrase, lambda at_ms: (now_ms - at_ms) // WEEK_MS)
    }
    counts = Counter(week for _, week in weeks)
    return FoundTopic(
        label=(label or medoid.text)[:LONGEST],
        kind=kind.kind,
        medoid=medoid.phrase_id,
        size=len(_talks(own)),
        languages=[name for name, _ in languages.most_common()],
        trend=[counts[week] for week in reversed(range(WEEKS))],
        near=kind.near,
        phrase_ids=[phrase.phrase_id for phrase in own],
    )


def _weeks(phrase: Unanswered, week_of: Callable[[int], int]) -> set[tuple[str, int]]:
    return {(asked.conversation_id, max(0, week_of(asked.at_ms))) for asked in phrase.asked}


def _talks(own: Sequence[Unanswered]) -> set[str]:
    return {asked.conversation_id for phrase in own for asked in phrase.asked}
