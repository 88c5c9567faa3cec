"""Accepts topics: decisions on what their phrases mean, or an article to be written."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from handoff_service.archive.database import Database
from handoff_service.archive.learning import reviews, suggestions
from handoff_service.archive.learning.answers import answers_on
from handoff_service.archive.learning.topics import (
    Made,
    Topic,
    examples_of,
    find_topic,
    make_of_topic,
)
from handoff_service.archive.learning.verdicts import Verdict
from handoff_service.archive.notices import Actor
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow
from handoff_service.errors import BatonError

#: Groups that are decided at once, those of phrases that are asked most: enough to learn from.
MOST_GROUPS = 300
#: Phrases that answers are looked for on.
MOST_PHRASES = 2000
#: Answers that a draft quotes, and sources that it names.
QUOTED, MOST_SOURCES = 3, 8
#: Longest title, in characters.
LONGEST_TITLE = 80
#: Of a group's phrases, the share that a topic must have to be meant as a whole.
MOSTLY = 0.5

_VERDICTS = {
    "new_intent": Verdict.NEW_INTENT,
    "existing_intent": Verdict.INTENT,
    "spam": Verdict.SPAM,
}


class TopicApplied(BatonError):
    """What came of the topic is in the files already."""


class TopicEmpty(BatonError):
    """Nobody says any more what it was made of; look for topics anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWish:
    """What somebody wants of a topic."""

    state: str
    accepted_as: str = ""
    name: str | None = None
    article_id: str | None = None


async def decide_topic(
    database: Database, topic_id: str, wish: TopicWish, *, actor: Actor, now_ms: int
) -> Topic:
    """Accept, dismiss or reopen a topic; what came of it before is taken back.

    Each step done twice is the same as once, so that who was interrupted does it again.

    Raises:
        NoSuchTopic: none of this id.
        TopicApplied: what came of it is written; decide groups anew instead.
        DecisionApplied: it was written just now.
        TopicEmpty: its phrases are gone.
        ArchiveUnavailable: try again.
    """
    topic = await find_topic(database, topic_id)
    await _take_back(database, topic, actor=actor, now_ms=now_ms)
    made = Made(state=wish.state)
    if wish.state == "accepted" and wish.accepted_as == "article" and wish.article_id is None:
        suggestion_id = await _suggest(database, topic, wish, actor=actor, now_ms=now_ms)
        made = Made(
            state="accepted",
            accepted_as="article",
            name=wish.name,
            suggestion_id=suggestion_id,
        )
    elif wish.state == "accepted":
        made = Made(
            state="accepted",
            accepted_as=wish.accepted_as,
            name=wish.name or wish.article_id,
            decision_ids=await _decide(database, topic, wish, actor=actor, now_ms=now_ms),
        )
    return await make_of_topic(
        database, topic_id, made, actor=actor.name, origin=actor.origin, now_ms=now_ms
    )


async def _decide(
    database: Database, topic: Topic, wish: TopicWish, *, actor: Actor, now_ms: int
) -> list[str]:
    made: list[str] = []
    for group_id, phrases in (await _groups(database, topic.phrase_ids)).items():
        own = phrases & set(topic.phrase_ids)
        others = phrases - own if len(own) < MOSTLY * len(phrases) else frozenset[int]()
        word = reviews.Word(
            verdict=_VERDICTS.get(wish.accepted_as, Verdict.ARTICLE),
            intent=None if wish.accepted_as in {"spam", "article"} else wish.name,
            article_id=wish.article_id if wish.accepted_as == "article" else None,
            without=frozenset(others),
        )
        try:
            decision, _ = await reviews.decide(
                database, group_id, word, reviewer=actor.name, now_ms=now_ms
            )
        except (reviews.NoSuchGroup, reviews.DecisionInvalid):
            continue  # its phrases went meanwhile
        made.append(decision.decision_id)
    if not made:
        raise TopicEmpty(topic.topic_id)
    return made


async def _groups(database: Database, phrase_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return the groups of phrases, in their order, with all phrases that each has."""
    row = PhraseRow
    async with database.session() as session:
        homes = {
            each.id: each.group_id
            for each in await session.execute(
                select(row.id, row.group_id).where(row.id.in_(phrase_ids[:MOST_PHRASES]))
            )
        }
        named = (homes.get(phrase) for phrase in phrase_ids)
        ids = list(dict.fromkeys(name for name in named if name is not None))[:MOST_GROUPS]
        there: dict[int, set[int]] = {name: set() for name in ids}
        phrases = select(row.id, row.group_id).where(row.group_id.in_(ids))
        for phrase, name in await session.execute(phrases):
            if name is not None:  # what was asked for has one
                there[name].add(phrase)
    return {name: frozenset(phrases) for name, phrases in there.items()}


async def _suggest(
    database: Database, topic: Topic, wish: TopicWish, *, actor: Actor, now_ms: int
) -> str:
    """Suggest an article that quotes what agents answered most; a topic has one suggestion."""
    shown = await examples_of(database, [topic])
    if not shown:
        raise TopicEmpty(topic.topic_id)
    medoid = shown.get(topic.medoid) or next(iter(shown.values()))
    answers = await answers_on(database, topic.phrase_ids[:MOST_PHRASES])
    language = topic.languages[0] if topic.languages else medoid.language
    own = [answer for answer in answers if answer.language == language] or answers
    language = own[0].language if own else language
    wordings = [text for text, _ in Counter(answer.text for answer in own).most_common(QUOTED)]
    title = wish.name or medoid.text
    found = suggestions.Suggestion(
        suggestion_id=f"s_{topic.topic_id.removeprefix('t_')}",
        kind="article",
        language=language,
        title=title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…",
        body="\n\n".join(wordings),
        turns=topic.size,
        agents=len({answer.agent_id for answer in own}),
        near={name: topic.near[name] for name in topic.near if name != "intent"}
        if "article_id" in topic.near
        else {},
        sources=[
            {"conversation_id": a.conversation_id, "seq": a.seq, "text": a.text}
            for a in own[:MOST_SOURCES]
        ],
        questions=[shown[phrase].text for phrase in topic.phrase_ids if phrase in shown],
        found_ms=now_ms,
        edited_by=actor.name,  # somebody wants it: the next search leaves it there
        edited_ms=now_ms,
    )
    try:
        await suggestions.find_suggestion(database, found.suggestion_id)
    except suggestions.NoSuchSuggestion:
        await suggestions.add_suggestion(database, found)
    else:
        await suggestions.change_suggestion(
            database,
            found.suggestion_id,
            state="open",
            actor=actor.name,
            origin=actor.origin,
            now_ms=now_ms,
        )
    return found.suggestion_id


async def _take_back(database: Database, topic: Topic, *, actor: Actor, now_ms: int) -> None:
    """Withdraw what came of a topic before, all of it or nothing. Raises TopicApplied."""
    row = ReviewDecisionRow
    written = select(row.id).where(row.id.in_(topic.decision_ids), row.applied.is_not(None))
    async with database.session() as session:
        if await session.scalar(written.limit(1)) is not None:
            raise TopicApplied(topic.topic_id)
    for decision_id in topic.decision_ids:
        with suppress(reviews.NoSuchDecision):  # withdrawn already
            await reviews.withdraw(database, decision_id, actor=actor.name, now_ms=now_ms)
    if topic.suggestion_id is None:
        return
    try:
        await suggestions.change_suggestion(
            database,
            topic.suggestion_id,
            state="dismissed",
            actor=actor.name,
            origin=actor.origin,
            now_ms=now_ms,
        )
    except suggestions.NoSuchSuggestion:
        return
    except suggestions.AlreadyApplied as error:
        raise TopicApplied(topic.topic_id) from error
