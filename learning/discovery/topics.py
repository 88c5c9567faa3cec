"""Utterances to topics: groups with a label, a phrase that stands for each, and what it may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from learning.discovery.embedding import embed
from learning.discovery.features import Matrix
from learning.discovery.grouping import group
from learning.discovery.labels import medoid, name_groups
from learning.discovery.utterances import Utterance

if TYPE_CHECKING:
    from kb_index.embedding import Embedder

#: Letters that an utterance has at least; with fewer it asks nothing. A CJK letter is two.
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """What many asked."""

    label: str
    #: new_intent or noise; with a project to compare to also existing_intent, missing_article.
    kind: str
    #: Row of the utterance that stands for it, and the rows of all.
    medoid: int
    members: tuple[int, ...]


def find_topics(texts: Sequence[str], vectors: Matrix) -> list[Topic]:
    """Return topics, the largest first; each row is in exactly one, what asks nothing in the last.

    Args:
        texts: What was said, n.
        vectors: Float32 of shape (n, d), each row of length 1.
    """
    asking = [row for row, text in enumerate(texts) if asks(text)]
    topics: list[Topic] = []
    if asking:
        own = [texts[row] for row in asking]
        labels, places = group(vectors[asking], own)
        order = np.argsort(labels, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
        members = [[int(row) for row in rows] for rows in groups]
        for rows, label in zip(members, name_groups(own, members), strict=True):
            middle = asking[medoid(places, rows)]
            told = label or texts[middle]
            topics.append(Topic(told, "new_intent", middle, tuple(asking[row] for row in rows)))
    known = set(asking)
    if rest := tuple(row for row in range(len(texts)) if row not in known):
        topics.append(Topic("", "noise", rest[0], rest))
    return topics


def asks(text: str) -> bool:
    """Whether there are letters enough to ask anything."""
    return sum(1 + (letter > "\u3000") for letter in text if letter.isalpha()) >= LEAST_LETTERS


def clusters_of(
    utterances: Sequence[Utterance],
    embedder: Embedder,
    *,
    said: Callable[[float], None] | None = None,
) -> list[dict[str, Any]]:
    """Return label, kind, medoid (its text) and members (ids) of each topic, for programs."""
    texts = [utterance.text for utterance in utterances]
    found = find_topics(texts, embed(embedder, texts, said=said))
    return [
        {
            "label": topic.label,
            "kind": topic.kind,
            "medoid": texts[topic.medoid],
            "members": [utterances[row].id for row in topic.members],
        }
        for topic in found
    ]
