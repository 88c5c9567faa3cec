"""Looks through what agents answered lately and suggests what would save them writing it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from handoff_service.archive.learning.answers import AgentAnswer, latest_answers
from handoff_service.archive.learning.jobs import Job
from handoff_service.archive.learning.suggestions import (
    Suggestion,
    list_suggestions,
    replace_open,
)
from kb_index.confidence import Decision
from kb_index.embedding import FloatMatrix
from kb_index.retriever import Retriever
from learning.jobs.tools import BadArguments, Tools
from learning.suggesting import disputes, habits
from learning.suggesting.known import article_texts, reply_texts
from learning.suggesting.negation import denies, yes_or_no
from learning.suggesting.quantities import quantities
from learning.suggesting.vectors import Vectors

#: Answers looked at, the latest; and those that are compared with articles.
MOST_ANSWERS, MOST_COMPARED = 20_000, 5_000
#: An article whose confidence is less has nothing to do with an answer (0 to 1).
ABOUT = 0.3
#: Texts embedded between two looks at whether anybody still wants it.
BATCH = 200
#: Suggestions kept of a kind, those of most conversations.
MOST_KEPT = 100


async def suggest(job: Job, tools: Tools) -> dict[str, Any]:
    """Find articles, canned replies and contradictions; what nobody touched is found anew.

    Returns:
        answers: how many were looked at; article, reply, contradiction: how many were found.

    Raises:
        BadArguments: there are arguments; none is known.
        kb_index.errors.KbError: no embedding model, or no index to look answers up in.
    """
    if job.args:
        raise BadArguments(f"{', '.join(job.args)}: unknown; this takes no arguments")
    await tools.report("reading", 0.0)
    answers = await latest_answers(tools.database, limit=MOST_ANSWERS)
    replies = await reply_texts(tools.database, tools.project.root)
    decided = await list_suggestions(
        tools.database, states=("accepted", "dismissed", "applied"), limit=5 * MOST_ANSWERS
    )
    if not answers:
        await replace_open(tools.database, [])
        return {"answers": 0} | dict.fromkeys(("article", "reply", "contradiction"), 0)
    finder = await asyncio.to_thread(Finder, tools, answers, replies, decided)
    texts = [text for answer in answers for text in (answer.text, answer.question)]
    for start in range(0, len(texts), BATCH):
        await tools.report("embedding", 0.6 * start / len(texts))
        await asyncio.to_thread(finder.vectors.of, texts[start : start + BATCH])
    await asyncio.to_thread(finder.vectors.save)
    await tools.report("grouping", 0.6)
    found = await asyncio.to_thread(finder.find_habits)
    await tools.report("comparing", 0.75)
    found += await asyncio.to_thread(finder.find_disputes)
    await tools.report("keeping", 0.98)
    await replace_open(tools.database, found)
    counts = Counter(suggestion.kind for suggestion in found)
    kinds = ("article", "reply", "contradiction")
    return {"answers": len(answers)} | {kind: counts[kind] for kind in kinds}


class Finder:
    """One look through the answers."""

    def __init__(
        self,
        tools: Tools,
        answers: Sequence[AgentAnswer],
        replies: Sequence[tuple[str, str, str]],
        decided: Sequence[Suggestion],
    ) -> None:
        """Load model and index. Raises KbError."""
        self.vectors = Vectors(tools.project.model_dir, tools.data_dir / "learning")
        self._retriever = Retriever.open(tools.data_dir / "kb", self.vectors.embedder())
        self._answers = answers
        self._replies = replies
        self._decided = decided
        self._articles = article_texts(tools.project.root)
        self._now_ms = tools.now_ms()

    def find_habits(self) -> list[Suggestion]:
        """Return replies and articles, language by language."""
        found: list[Suggestion] = []
        for language in sorted({answer.language for answer in self._answers}):
            own = [answer for answer in self._answers if answer.language == language]
            vectors = self.vectors.of([answer.text for answer in own])
            asked = self.vectors.of([answer.question for answer in own])
            there = self._there(language)
            found += habits.find_replies(
                own,
                vectors,
                there=there,
                there_vectors=self.vectors.of([text for _, text in there]),
                now_ms=self._now_ms,
            )
            found += habits.find_articles(
                own,
                vectors,
                asked,
                there_vectors=self._decided_vectors(language),
                nearest=self._nearest,
                now_ms=self._now_ms,
            )
        return _most(found)

    def find_disputes(self) -> list[Suggestion]:
        """Return contradictions that nobody decided on yet."""
        telling = [answer for answer in self._answers if _tells(answer)][:MOST_COMPARED]
        places = {(a.conversation_id, a.seq): self._places(a) for a in telling}
        found = disputes.find_disputes(telling, places, embed=self.vectors.of, now_ms=self._now_ms)
        known = {_dispute(each) for each in self._decided if each.kind == "contradiction"}
        return _most([each for each in found if _dispute(each) not in known])

    def _there(self, language: str) -> list[tuple[str, str]]:
        there = [(name, text) for name, spoken, text in self._replies if spoken == language]
        for each in self._decided:
            if each.kind == "reply" and each.language == language:
                there.append((each.suggestion_id, each.body))
                there += [(each.suggestion_id, str(s["text"])) for s in each.sources[:1]]
        return there

    def _decided_vectors(self, language: str) -> FloatMatrix:
        kept = [
            np.frombuffer(each.vector, dtype=np.float16).astype(np.float32)
            for each in self._decided
            if each.kind == "article" and each.language == language and each.vector
        ]
        own = self.vectors.embedder().dimension
        fitting = [vector for vector in kept if vector.shape == (own,)]  # of this model
        return np.stack(fitting) if fitting else np.zeros((0, own), dtype=np.float32)

    def _nearest(self, answer: AgentAnswer) -> habits.Nearest:
        result = self._retriever.search(answer.question, locale=answer.language, k=1)
        if not result.hits:
            return habits.Nearest({}, answers=False)
        hit = result.hits[0]
        near = {
            "article_id": hit.article_id,
            "locale": hit.locale,
            "title": hit.title,
            "similarity": round(hit.confidence, 3),
        }
        return habits.Nearest(near, answers=result.decision is Decision.ANSWER)

    def _places(self, answer: AgentAnswer) -> list[disputes.Place]:
        """Return the articles that the question, or the answer, is nearest to."""
        places: dict[tuple[str, str], disputes.Place] = {}
        for text in (answer.question, answer.text):
            for hit in self._retriever.search(text, locale=answer.language, k=1).hits:
                if hit.confidence >= ABOUT:
                    key = (hit.locale, hit.article_id)
                    words = self._articles.get(key, hit.quote)
                    places[key] = disputes.Place(hit.article_id, hit.locale, hit.title, words)
        return [*places.values()]


def _tells(answer: AgentAnswer) -> bool:
    """Whether there is anything in an answer that an article could contradict."""
    return bool(
        quantities(answer.text, language=answer.language)
        or denies(answer.text, language=answer.language)
        or yes_or_no(answer.text) is not None
    )


def _dispute(suggestion: Suggestion) -> tuple[str, str, str]:
    near = suggestion.near
    return str(near.get("locale")), str(near.get("article_id")), str(near.get("text"))


def _most(found: Sequence[Suggestion]) -> list[Suggestion]:
    kept: list[Suggestion] = []
    for kind in dict.fromkeys(each.kind for each in found):
        own = sorted((e for e in found if e.kind == kind), key=lambda e: (-e.turns, -e.agents))
        kept += own[:MOST_KEPT]
    return kept
