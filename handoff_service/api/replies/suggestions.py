"""Passages that may answer what a customer wrote, and what agents say of them."""

from aiohttp import web
from yarl import URL

from handoff_service.access import CALLER
from handoff_service.agent_access import access_as_agent
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.replies import bodies
from handoff_service.archive.passage_verdicts import (
    NOT_RIGHT,
    forget_verdict,
    keep_verdict,
    not_right,
)
from handoff_service.backlog import events_after
from handoff_service.bot.passages import Passage
from handoff_service.domain import DEFAULT_LOCALE, LOCALES, Author, EventType, Json
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES, Services

#: So many are shown; as many again are asked for where some were found not right.
SHOWN, ASKED = 3, 5


async def suggest(request: web.Request) -> web.Response:
    """Suggest passages for a message of the customer. Raises SuggestionsAway."""
    services = request.app[SERVICES]
    conversation_id = request.match_info["conversation_id"]
    query = read_values(request.query, bodies.SuggestionsQuery)
    summary = await access_as_agent(services, request[CALLER].account, conversation_id)
    question = await _question(services, conversation_id, query.seq)
    language = _language(summary)
    refused = await not_right(services.database, conversation_id, query.seq)
    found = await services.suggestions.find(
        question, locale=language, limit=ASKED if refused else SHOWN
    )
    fitting = [one for one in found.passages if one.passage_id not in refused]
    base = URL(services.settings.public_url)
    return answer(
        bodies.SuggestionsAnswer(
            seq=query.seq,
            question=question,
            language=language,
            index_version=found.index_version,
            passages=[_view(passage, base) for passage in fitting[:SHOWN]],
            left_out=len(found.passages) - len(fitting),
        )
    )


async def judge(request: web.Request) -> web.Response:
    """Keep that a passage does not answer a message; it is not suggested for it again."""
    services, account = request.app[SERVICES], request[CALLER].account
    conversation_id = request.match_info["conversation_id"]
    wanted = await read_body(request, bodies.VerdictBody)
    summary = await access_as_agent(services, account, conversation_id)
    question = await _question(services, conversation_id, wanted.seq)
    if wanted.verdict != NOT_RIGHT:
        await forget_verdict(
            services.database, conversation_id, wanted.seq, passage_id=wanted.passage_id
        )
        return answer(bodies.VerdictAnswer(wanted.passage_id, wanted.verdict))
    await keep_verdict(
        services.database,
        {
            "conversation_id": conversation_id,
            "seq": wanted.seq,
            "passage_id": wanted.passage_id,
            "at_ms": services.clock.now_ms(),
            "agent_id": account.account_id,
            "article_id": wanted.article_id.replace("\0", ""),
            "locale": wanted.locale.replace("\0", ""),
            "language": _language(summary),
            "question": question.replace("\0", ""),
            "confidence": wanted.confidence,
            "index_version": wanted.index_version.replace("\0", ""),
        },
    )
    return answer(bodies.VerdictAnswer(wanted.passage_id, wanted.verdict))


async def _question(services: Services, conversation_id: str, seq: int) -> str:
    """Return what the customer wrote in this message. Raises NotFound: they wrote nothing there."""
    events = await events_after(services, conversation_id, seq=seq - 1)
    event = next((event for event in events if event.seq == seq), None)
    if event is None or event.type != EventType.MESSAGE_POSTED:
        raise NotFound
    said: str = event.data.get("text") or ""
    if event.data.get("author") != Author.CUSTOMER or not said.strip():
        raise NotFound
    return said


def _language(summary: Json) -> str:
    language: str = summary.get("language") or DEFAULT_LOCALE
    return language if language in LOCALES else DEFAULT_LOCALE


def _view(passage: Passage, base: URL) -> bodies.PassageView:
    return bodies.PassageView(
        passage_id=passage.passage_id,
        article_id=passage.article_id,
        title=passage.title,
        heading=passage.heading,
        url=f"{base.origin()}{passage.url}" if passage.url.startswith("/") else passage.url,
        quote=passage.quote,
        blocks=passage.blocks,
        locale=passage.locale,
        updated=passage.updated,
        foreign=passage.foreign,
        confidence=passage.confidence,
    )
