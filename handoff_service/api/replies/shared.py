"""Changes one reply or macro of the desk: each change is a new version of the settings."""

from typing import Any

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.replies import bodies
from handoff_service.api.replies.reading import check_id, reply_document
from handoff_service.api.settings.saving import Wish, find, newest, save_wish
from handoff_service.archive.notices import Actor
from handoff_service.archive.setting_versions import StaleVersion, Version
from handoff_service.domain import Json
from handoff_service.live_settings.areas import Area
from handoff_service.refusals import NotFound
from handoff_service.services import SERVICES, Services

#: Two who save different replies at once do not hinder each other; more than so many tries means
#: that something else is wrong.
TRIES = 5


async def save_reply(request: web.Request) -> web.Response:
    """Put a reply in the place of one with this id, or add it."""
    name = check_id(request.match_info["reply_id"])
    wanted = await read_body(request, bodies.SharedReplyBody)
    document = reply_document(
        title=wanted.title, texts=wanted.texts, shortcut=wanted.shortcut, teams=wanted.teams
    )
    return await _change(request, "replies", name, document, base=wanted.base_version)


async def delete_reply(request: web.Request) -> web.Response:
    """Take a reply away; its versions stay in the history of the settings."""
    base = read_values(request.query, bodies.BaseQuery).base_version
    return await _change(request, "replies", request.match_info["reply_id"], None, base=base)


async def save_macro(request: web.Request) -> web.Response:
    """Put a macro in the place of one with this id, or add it."""
    name = check_id(request.match_info["macro_id"])
    wanted = await read_body(request, bodies.SharedMacroBody)
    document: Json = {"title": wanted.title.strip(), "acts": [dict(act) for act in wanted.acts]}
    if wanted.teams:
        document["teams"] = [team.strip() for team in wanted.teams]
    return await _change(request, "macros", name, document, base=wanted.base_version)


async def delete_macro(request: web.Request) -> web.Response:
    """Take a macro away; its versions stay in the history of the settings."""
    base = read_values(request.query, bodies.BaseQuery).base_version
    return await _change(request, "macros", request.match_info["macro_id"], None, base=base)


async def _change(
    request: web.Request, kind: str, name: str, document: Json | None, *, base: int
) -> web.Response:
    """Save the settings with one entry otherwise, for who asks. Raises as `put_entry`."""
    actor = Actor(request[CALLER].account.account_id, client_address(request))
    services = request.app[SERVICES]
    saved = await put_entry(services, kind, name, document, base=base, actor=actor)
    return answer(bodies.SavedAnswer(version=saved.version))


async def put_entry(
    services: Services, kind: str, name: str, document: Json | None, *, base: int, actor: Actor
) -> Version:
    """Save the settings with one entry otherwise; None takes it away.

    Raises:
        NotFound: there is no such entry to take away.
        StaleVersion: somebody else has changed this very entry since `base`.
        SettingsInvalid, SettingsFromFiles, ArchiveUnavailable: as `save_wish`.
    """
    area = services.settings_keeper.areas.replies
    seen = _entry((await _seen(services, area, base)).document, kind, name)
    for attempt in range(TRIES):
        now = await newest(services, area)
        if _entry(now.document, kind, name) != seen:
            raise StaleVersion(area.name, now)
        if document is None and seen is None:
            raise NotFound
        wish = Wish(_with_entry(now.document, kind, name, document))
        note = f"{kind}: {name}" if document is not None else f"{kind}: {name} deleted"
        try:
            return await save_wish(services, area, wish, base=now.version, note=note, actor=actor)
        except StaleVersion:
            if attempt + 1 == TRIES:
                raise
    raise AssertionError  # the last try returns or raises


async def _seen(services: Services, area: Area[Any], base: int) -> Version:
    """Return the version that a change was made from; an unknown one is stale."""
    try:
        return await find(services, area, base)
    except NotFound:
        raise StaleVersion(area.name, await newest(services, area)) from None


def _entry(document: Json, kind: str, name: str) -> Json | None:
    entries: Json = document.get(kind) or {}
    return entries.get(name)


def _with_entry(document: Json, kind: str, name: str, entry: Json | None) -> Json:
    entries: Json = dict(document.get(kind) or {})
    if entry is None:
        entries.pop(name, None)
    else:
        entries[name] = entry
    return document | {kind: entries}
