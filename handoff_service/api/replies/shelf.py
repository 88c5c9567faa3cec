"""What an agent can use: the desk's replies and macros, their own replies, ready to be put in."""

from collections.abc import Iterator
from contextlib import suppress

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.agent_access import access_as_agent
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.replies import bodies
from handoff_service.api.replies.reading import ID, read_reply, reply_document
from handoff_service.archive.accounts import Account
from handoff_service.archive.own_replies import delete_own_reply, own_replies, save_own_reply
from handoff_service.archive.reply_uses import DAY_MS, used_by_reply
from handoff_service.domain import DEFAULT_LOCALE, LOCALES, Json
from handoff_service.live_settings.documents import nodes_of
from handoff_service.refusals import NotFound, SettingsInvalid, TooMany
from handoff_service.replies.catalogue import Reply, choose_text, for_teams
from handoff_service.replies.file import reply_of
from handoff_service.replies.rendering import render, values_of
from handoff_service.services import SERVICES, Services
from handoff_service.yaml_nodes import Unreadable, Unusable

#: Before the id of one's own reply in a message: the desk may have one of the same id.
OWN = "own:"
#: What was used in so many days comes first in the list.
RECENT_DAYS = 90
#: Whoever a preview speaks to.
SAMPLE: Json = {
    "conversation_id": "c_4f1d",
    "customer": {
        "name": "Kim Minji",
        "email": "minji@example.com",
        "page": {"title": "Hub 2", "url": "https://shop.example/hub-2"},
    },
    "triage": [
        {"field": "order_number", "answer": "HV-482913"},
        {"field": "product", "answer": "Hub 2"},
    ],
}


async def show_replies(request: web.Request) -> web.Response:
    """List what the caller can use, filled in for a conversation."""
    services, account = request.app[SERVICES], request[CALLER].account
    query = read_values(request.query, bodies.RepliesQuery)
    summary: Json = {}
    if query.conversation_id is not None:
        summary = await access_as_agent(services, account, query.conversation_id)
    wanted = query.language or summary.get("language")
    language = wanted if wanted in LOCALES else DEFAULT_LOCALE
    since_ms = services.clock.now_ms() - RECENT_DAYS * DAY_MS
    used = await used_by_reply(services.database, since_ms=since_ms, agent_id=account.account_id)
    found = []
    for reply, own in [
        *((reply, True) for reply in await _own(services, account)),
        *((reply, False) for reply in _shared(services, account)),
    ]:
        if not _has_words(reply, query.q):
            continue
        name = f"{OWN}{reply.reply_id}" if own else reply.reply_id
        locale = choose_text(reply.texts, language)
        link = f"{services.settings.public_url}/help/{locale}"
        values = values_of(summary, agent_name=account.name, help_url=link)
        found.append(
            bodies.ReplyView(
                reply_id=reply.reply_id,
                shortcut=reply.shortcut,
                title=reply.title,
                teams=list(reply.teams),
                locale=locale,
                foreign=locale != language,
                parts=render(reply.texts[locale], values),
                own=own,
                uses=used[name].uses if name in used else 0,
            )
        )
    found.sort(key=lambda view: -view.uses)
    return answer(
        bodies.RepliesAnswer(
            version=services.settings_keeper.standing("replies"),
            language=language,
            replies=found,
            macros=_macros(services, account),
        )
    )


async def preview(request: web.Request) -> web.Response:
    """Fill texts in for a sample customer; those that cannot be used are left out."""
    services, account = request.app[SERVICES], request[CALLER].account
    wanted = await read_body(request, bodies.PreviewBody)
    texts = {}
    for locale, text in wanted.texts.items():
        with suppress(SettingsInvalid):
            reply = read_reply("preview", reply_document(title="preview", texts={locale: text}))
            link = f"{services.settings.public_url}/help/{locale}"
            values = values_of(SAMPLE, agent_name=account.name, help_url=link)
            texts[locale] = render(reply.texts[locale], values)
    return answer(bodies.PreviewAnswer(texts=texts))


async def show_own(request: web.Request) -> web.Response:
    """List the caller's own replies as they are kept."""
    services, account = request.app[SERVICES], request[CALLER].account
    return answer(
        bodies.OwnRepliesAnswer(replies=[_own_view(r) for r in await _own(services, account)])
    )


async def save_own(request: web.Request) -> web.Response:
    """Keep a reply of one's own. Raises SettingsInvalid, TooMany."""
    services, account = request.app[SERVICES], request[CALLER].account
    name = request.match_info["reply_id"]
    wanted = await read_body(request, bodies.ReplyBody)
    document = reply_document(title=wanted.title, texts=wanted.texts, shortcut=wanted.shortcut)
    reply = read_reply(name, document)
    kept = await save_own_reply(
        services.database,
        account.account_id,
        reply.reply_id,
        document=document,
        now_ms=services.clock.now_ms(),
    )
    if not kept:
        raise TooMany
    return answer(_own_view(reply))


async def delete_own(request: web.Request) -> web.Response:
    """Delete a reply of one's own."""
    services, account = request.app[SERVICES], request[CALLER].account
    name = request.match_info["reply_id"]
    if not ID.fullmatch(name) or not await delete_own_reply(
        services.database, account.account_id, name
    ):
        raise NotFound
    return web.Response(status=204)


async def _own(services: Services, account: Account) -> list[Reply]:
    """Return one's own replies."""
    replies = []
    for reply_id, document in await own_replies(services.database, account.account_id):
        try:
            reply = reply_of(nodes_of(document), reply_id)
        except (Unusable, Unreadable):  # another version's; it is kept for that one
            continue
        replies.append(reply)
    return replies


def _shared(services: Services, account: Account) -> Iterator[Reply]:
    for reply in services.replies.replies.values():
        if account.role.sees_all or for_teams(reply.teams, account.teams):
            yield reply


def _macros(services: Services, account: Account) -> list[bodies.MacroView]:
    return [
        bodies.MacroView(
            macro_id=macro.macro_id,
            title=macro.title,
            teams=list(macro.teams),
            acts=[bodies.ActView(act.do.value, act.value) for act in macro.acts],
        )
        for macro in services.replies.macros.values()
        if account.role.sees_all or for_teams(macro.teams, account.teams)
    ]


def _has_words(reply: Reply, words: str) -> bool:
    """Whether each of the words stands somewhere in a reply, in any of its languages."""
    text = "\n".join((reply.shortcut, reply.title, *reply.texts.values())).casefold()
    return all(word in text for word in words.casefold().split())


def _own_view(reply: Reply) -> bodies.OwnReplyAnswer:
    return bodies.OwnReplyAnswer(reply.reply_id, reply.shortcut, reply.title, dict(reply.texts))
