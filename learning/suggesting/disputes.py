"""Finds where agents say otherwise than the articles, and tells each such place once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoff_service.archive.learning.answers import AgentAnswer
from handoff_service.archive.learning.suggestions import Suggestion
from learning.suggesting.contradictions import Difference, Embed, find_differences
from learning.suggesting.habits import MOST_SOURCES, source_of


@dataclass(frozen=True, slots=True)
class Place:
    """An article that an answer may be about."""

    article_id: str
    locale: str
    title: str
    text: str  #: all of it, or its best passage, as plain text


def find_disputes(
    answers: Sequence[AgentAnswer],
    places: Mapping[tuple[str, int], Sequence[Place]],
    *,
    embed: Embed,
    now_ms: int,
) -> list[Suggestion]:
    """Return contradictions; those of one sentence of an article are one, however often said.

    Args:
        answers: What agents wrote.
        places: The articles that each answer, by conversation and number, may be about.
        embed: Returns unit vectors.
        now_ms: The time.
    """
    found: dict[tuple[str, str, str], list[tuple[AgentAnswer, Difference, Place]]] = defaultdict(
        list
    )
    for answer in answers:
        for place in places.get((answer.conversation_id, answer.seq), ()):
            differences = find_differences(
                answer.text,
                place.text,
                language=answer.language,
                locale=place.locale,
                question=answer.question,
                embed=embed,
            )
            for difference in differences:
                key = (place.locale, place.article_id, difference.article)
                found[key].append((answer, difference, place))
    return [_suggestion(own, now_ms=now_ms) for own in found.values()]


def _suggestion(own: Sequence[tuple[AgentAnswer, Difference, Place]], *, now_ms: int) -> Suggestion:
    answer, difference, place = max(own, key=lambda each: each[1].similarity)
    quoted: dict[str, AgentAnswer] = {answer.text: answer}
    for other, _, _ in own:
        quoted.setdefault(other.text, other)
    picked = list(quoted.values())[:MOST_SOURCES]
    return Suggestion(
        kind="contradiction",
        language=answer.language,
        title=place.title,
        body=difference.agent,
        turns=len({each.conversation_id for each, _, _ in own}),
        agents=len({each.agent_id for each, _, _ in own}),
        near={
            "article_id": place.article_id,
            "locale": place.locale,
            "title": place.title,
            "similarity": round(difference.similarity, 3),
            "text": difference.article,
            "differs": difference.kind,
        },
        sources=[source_of(each) for each in picked],
        questions=list(dict.fromkeys(each.question for each in picked)),
        found_ms=now_ms,
    )
