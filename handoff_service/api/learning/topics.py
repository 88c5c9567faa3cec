"""Topics of what the bot has no good answer to: shown, accepted, dismissed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from handoff_service.access import CALLER, Access
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body
from handoff_service.api.learning.roles import TEACHING
from handoff_service.api.operation import Operation
from handoff_service.archive.learning.reviews import DecisionApplied
from handoff_service.archive.learning.topic_decisions import (
    TopicApplied,
    TopicEmpty,
    TopicWish,
    decide_topic,
)
from handoff_service.archive.learning.topics import (
    SHOWN,
    Example,
    NoSuchTopic,
    Topic,
    examples_of,
    last_found_ms,
    list_topics,
)
from handoff_service.archive.notices import Actor
from handoff_service.refusals import BadFrame, NotFound, Stale
from handoff_service.services import SERVICES

Name = Annotated[str, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class TopicExample:
    """One wording, masked."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """What many customers ask."""

    id: str
    found_ms: int
    #: The words that set it apart.
    label: str
    #: new_intent, existing_intent, missing_article or noise.
    kind: str
    #: The phrase that stands for it.
    medoid: str
    #: Conversations in which it was asked.
    size: int
    #: The language that most ask in first.
    languages: list[str]
    #: Conversations a week, the oldest of twelve weeks first.
    trend: list[int]
    #: intent or article_id and locale, or both, with a similarity from 0 to 1; {}: nothing is near.
    near: dict[str, Any]
    #: open, accepted or dismissed.
    state: str
    #: new_intent, existing_intent, article or spam.
    accepted_as: str | None
    #: Of the intent, or title or id of the article.
    name: str | None
    #: What is asked most first, at most 8.
    examples: list[TopicExample]


@dataclass(frozen=True, slots=True)
class TopicsAnswer:
    """Topics, open ones before the others, the largest first."""

    #: When they were looked for last; null: never.
    found_ms: int | None
    topics: list[TopicView]


@dataclass(frozen=True, slots=True)
class TopicBody:
    """What becomes of a topic; `accepted` needs `as`, an intent needs `name`."""

    state: Literal["accepted", "dismissed", "open"]
    as_: Annotated[
        Literal["new_intent", "existing_intent", "article", "spam"] | None, Field(alias="as")
    ] = None
    #: Of the intent; of the article that is to be written, its title.
    name: Name | None = None
    #: An article that answers it already; null: one is to be written.
    article_id: Name | None = None


async def show_topics(request: web.Request) -> web.Response:
    """List topics."""
    database = request.app[SERVICES].database
    topics = await list_topics(database)
    shown = await examples_of(database, topics)
    found_ms = await last_found_ms(database)
    return answer(TopicsAnswer(found_ms, [_view(topic, shown) for topic in topics]))


async def change_topic(request: web.Request) -> web.Response:
    """Accept, dismiss or reopen a topic; reopened, what came of it is taken back."""
    services = request.app[SERVICES]
    wish = _wish(await read_body(request, TopicBody))
    try:
        topic = await decide_topic(
            services.database,
            request.match_info["topic_id"],
            wish,
            actor=Actor(request[CALLER].account.account_id, client_address(request)),
            now_ms=services.clock.now_ms(),
        )
    except NoSuchTopic:
        raise NotFound from None
    except (TopicApplied, DecisionApplied, TopicEmpty):
        raise Stale from None
    services.watching.note_learning()
    return answer(_view(topic, await examples_of(services.database, [topic])))


def _wish(body: TopicBody) -> TopicWish:
    name, article_id = _plain(body.name), _plain(body.article_id)
    if body.state == "accepted" and body.as_ is None:
        raise BadFrame(["as"])
    if body.state == "accepted" and body.as_ in {"new_intent", "existing_intent"} and not name:
        raise BadFrame(["name"])
    return TopicWish(state=body.state, accepted_as=body.as_ or "", name=name, article_id=article_id)


def _plain(text: str | None) -> str | None:
    return text.replace("\0", "").strip() or None if text else None


def _view(topic: Topic, shown: Mapping[int, Example]) -> TopicView:
    examples = [shown[name] for name in topic.phrase_ids[:SHOWN] if name in shown]
    medoid = shown.get(topic.medoid)
    return TopicView(
        id=topic.topic_id,
        found_ms=topic.found_ms,
        label=topic.label,
        kind=topic.kind,
        medoid=medoid.text if medoid else "",
        size=topic.size,
        languages=list(topic.languages),
        trend=list(topic.trend),
        near=topic.near,
        state=topic.state,
        accepted_as=topic.accepted_as,
        name=topic.name,
        examples=[TopicExample(each.text, each.language) for each in examples],
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/learning/topics",
        handler=show_topics,
        summary="List topics of what the bot has no good answer to.",
        access=Access.SIGNED_IN,
        roles=TEACHING,
        returns=TopicsAnswer,
        refusals=(403, 503),
    ),
    Operation(
        method="POST",
        path="/api/learning/topics/{topic_id}",
        handler=change_topic,
        summary="Accept a topic as an intent, an article or spam, dismiss it, or reopen it.",
        access=Access.SIGNED_IN_CSRF,
        roles=TEACHING,
        body=TopicBody,
        returns=TopicView,
        refusals=(400, 403, 404, 409, 503),
    ),
)
