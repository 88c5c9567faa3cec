"""Shows, checks, saves and brings back settings, for the console and for `baton settings`."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any, TypeVar

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.addresses import client_address
from handoff_service.api.bodies import answer, read_body, read_values, refusal
from handoff_service.api.settings import bodies
from handoff_service.api.settings.saving import (
    Wish,
    check,
    find,
    newest,
    save_wish,
    text_of,
    wish_of,
)
from handoff_service.archive.account_store import names_of
from handoff_service.archive.notices import Actor
from handoff_service.archive.setting_versions import (
    StaleVersion,
    Version,
    history,
)
from handoff_service.hours import Hours
from handoff_service.live_settings.areas import Area
from handoff_service.live_settings.changes import Change, changes
from handoff_service.live_settings.desk_rules import DeskRules, limits
from handoff_service.live_settings.documents import write_document
from handoff_service.refusals import NotAllowed, NotFound, SettingsInvalid
from handoff_service.services import SERVICES, Services
from handoff_service.yaml_nodes import Problem

T = TypeVar("T")

#: Largest area, in bytes of JSON: 500 replies in five languages of usual length.
LARGEST_BODY = 2 * 1024 * 1024


async def list_settings(request: web.Request) -> web.Response:
    """List the areas."""
    services = request.app[SERVICES]
    keeper = services.settings_keeper
    versions = [await newest(services, area) for area in keeper.areas]
    names = await names_of(services.database, {version.author for version in versions})
    areas = [
        bodies.AreaView(
            area=area.name,
            version=version.version,
            at_ms=version.at_ms,
            author=version.author,
            author_name=names.get(version.author, ""),
            may_change=_may_change(request, area),
            problem=keeper.problems.get(area.name, ""),
        )
        for area, version in zip(keeper.areas, versions, strict=True)
    ]
    return answer(bodies.SettingsAnswer(kept_in=_kept_in(services), areas=areas))


async def show_area(request: web.Request) -> web.Response:
    """Show what holds in an area."""
    services, area = request.app[SERVICES], _area(request)
    return await _shown(request, area, await newest(services, area))


async def save_area(request: web.Request) -> web.Response:
    """Save an area: it holds in every process within moments."""
    services, area = request.app[SERVICES], _changed_area(request)
    wanted = await _read_large(request, bodies.SaveBody)
    try:
        version = await save_wish(
            services,
            area,
            wish_of(area, document=wanted.document, text=wanted.text),
            base=wanted.base_version,
            note=wanted.note.strip(),
            actor=_actor(request),
        )
    except SettingsInvalid as error:
        return _invalid(error)
    except StaleVersion as error:
        return await _stale(services, area, error, base=wanted.base_version)
    return await _shown(request, area, version)


async def check_area(request: web.Request) -> web.Response:
    """Say what is wrong with a wish, or what it would change; nothing is saved."""
    services, area = request.app[SERVICES], _area(request)
    wanted = await _read_large(request, bodies.WishBody)
    try:
        wish = wish_of(area, document=wanted.document, text=wanted.text)
    except SettingsInvalid as error:
        return answer(bodies.CheckAnswer(problems=_problems(error.problems)))
    found = await check(services, area, wish)
    return answer(
        bodies.CheckAnswer(
            document=wish.document,
            text=wish.text or (None if found.problems else write_document(wish.document)),
            duties=_duties(found.value, now_ms=services.clock.now_ms()),
            problems=_problems(found.problems),
            changes=_changes(found.changes),
            effects=[bodies.EffectView(**asdict(effect)) for effect in found.effects],
        )
    )


async def show_history(request: web.Request) -> web.Response:
    """List the versions of an area, the latest first."""
    services, area = request.app[SERVICES], _area(request)
    wanted = read_values(request.query, bodies.HistoryQuery)
    before = int(wanted.after) if wanted.after else None
    found = await history(services.database, area.name, wanted.limit + 1, before=before)
    page = found[: wanted.limit]
    names = await names_of(services.database, {version.author for version in page})
    return answer(
        bodies.HistoryAnswer(
            versions=[bodies.VersionView(**_told(version, names)) for version in page],
            after=str(page[-1].version) if len(found) > len(page) else None,
        )
    )


async def show_version(request: web.Request) -> web.Response:
    """Show one version, and what it changed."""
    services, area = request.app[SERVICES], _area(request)
    number = request.match_info["version"]
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        raise NotFound
    version = await find(services, area, int(number))
    before = await find(services, area, max(version.version - 1, 0))
    names = await names_of(services.database, {version.author})
    now = await newest(services, area)
    return answer(
        bodies.VersionAnswer(
            **_told(version, names),
            document=version.document,
            text=text_of(version),
            changes=_changes(changes(before.document, version.document)),
            since=_changes(changes(version.document, now.document)),
        )
    )


async def restore_version(request: web.Request) -> web.Response:
    """Let an old version hold again: undo is a new version, too."""
    services, area = request.app[SERVICES], _changed_area(request)
    wanted = await read_body(request, bodies.RestoreBody)
    old = await find(services, area, wanted.version)
    base = wanted.base_version
    if base is None:
        base = (await newest(services, area)).version
    try:
        version = await save_wish(
            services,
            area,
            Wish(old.document, old.text),
            base=base,
            note=wanted.note.strip(),
            actor=_actor(request),
            restored=old.version,
        )
    except SettingsInvalid as error:
        return _invalid(error)
    except StaleVersion as error:
        return await _stale(services, area, error, base=base)
    return await _shown(request, area, version)


async def _read_large(request: web.Request, shape: type[T]) -> T:
    """Read a body that may hold hundreds of canned replies; who sends it is signed in."""
    return await read_body(request.clone(client_max_size=LARGEST_BODY), shape)


async def _shown(request: web.Request, area: Area[Any], version: Version) -> web.Response:
    services = request.app[SERVICES]
    keeper = services.settings_keeper
    names = await names_of(services.database, {version.author})
    about_desk = area.name == "desk"
    return answer(
        bodies.AreaAnswer(
            area=area.name,
            **_told(version, names),
            document=version.document,
            text=text_of(version),
            kept_in=_kept_in(services),
            may_change=_may_change(request, area),
            standing=keeper.standing(area.name),
            problem=keeper.problems.get(area.name, ""),
            usual=DeskRules.of(services.settings).to_json() if about_desk else {},
            limits={name: list(both) for name, both in limits().items()} if about_desk else {},
        )
    )


async def _stale(
    services: Services, area: Area[Any], error: StaleVersion, *, base: int
) -> web.Response:
    """Say what holds now, and what of it is otherwise than in the version that was seen."""
    now = error.current or await newest(services, area)
    try:
        seen = (await find(services, area, base)).document
    except NotFound:
        seen = {}
    response = {
        "current": {"version": now.version, "document": now.document, "text": text_of(now)},
        "seen": seen,
        "changes": [asdict(change) for change in _changes(changes(seen, now.document))],
    }
    return refusal(StaleVersion.code, status=409, more=response)


def _invalid(error: SettingsInvalid) -> web.Response:
    problems = [asdict(problem) for problem in _problems(error.problems)]
    fields = tuple(problem.where for problem in error.problems if problem.where)
    return refusal(error.code, status=error.status, fields=fields, more={"problems": problems})


def _area(request: web.Request) -> Area[Any]:
    """Return the area that the address names. Raises NotFound."""
    area = request.app[SERVICES].settings_keeper.areas.find(request.match_info["area"])
    if area is None:
        raise NotFound
    return area


def _changed_area(request: web.Request) -> Area[Any]:
    """Return the area, for who may change it. Raises NotFound, NotAllowed."""
    area = _area(request)
    if not _is_allowed(request, area):
        raise NotAllowed
    return area


def _may_change(request: web.Request, area: Area[Any]) -> bool:
    from_files = request.app[SERVICES].settings_keeper.from_files
    return not from_files and _is_allowed(request, area)


def _is_allowed(request: web.Request, area: Area[Any]) -> bool:
    """Whether the caller may change the area; without a session it is the operator."""
    caller = request.get(CALLER)
    return caller is None or caller.account.role in area.roles


def _actor(request: web.Request) -> Actor:
    caller = request.get(CALLER)
    name = "operator" if caller is None else caller.account.account_id
    return Actor(name, client_address(request))


def _kept_in(services: Services) -> str:
    return "files" if services.settings_keeper.from_files else "console"


def _told(version: Version, names: dict[str, str]) -> dict[str, Any]:
    """Return the fields that every view of a version has."""
    return {
        "version": version.version,
        "at_ms": version.at_ms,
        "author": version.author,
        "author_name": names.get(version.author, ""),
        "note": version.note,
        "restored": version.restored,
    }


def _duties(value: object, *, now_ms: int) -> list[bodies.DutyView]:
    if not isinstance(value, Hours):
        return []
    duties = []
    for team in value.teams.values():
        there = team.is_open(now_ms)
        opens = None if there else team.opens_next(now_ms)
        next_ms = None if opens is None else int(opens.timestamp() * 1000)
        duties.append(bodies.DutyView(team.name, there, next_ms))
    return duties


def _problems(problems: Collection[Problem]) -> list[bodies.ProblemView]:
    return [bodies.ProblemView(each.where, each.line, each.what) for each in problems]


def _changes(found: Collection[Change]) -> list[bodies.ChangeView]:
    return [bodies.ChangeView(each.where, each.before, each.after) for each in found]
