"""Saves an area of settings once its own reader has accepted it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handoff_service.api.settings.effects import Effect, effects_of
from handoff_service.archive.notices import Actor
from handoff_service.archive.setting_versions import FILE, Version, current, find_version, save
from handoff_service.domain import Json
from handoff_service.errors import StoreUnavailable
from handoff_service.live_settings.areas import Area
from handoff_service.live_settings.changes import Change, changes
from handoff_service.live_settings.documents import read_document, write_document
from handoff_service.refusals import NotFound, SettingsFromFiles, SettingsInvalid
from handoff_service.services import Services
from handoff_service.yaml_nodes import Problem, Unreadable, Unusable, compose_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like to hold, and the YAML it was read from, if it was."""

    document: Json
    text: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a dry run found; with problems nothing else was looked at."""

    problems: tuple[Problem, ...] = ()
    changes: Sequence[Change] = ()
    effects: Sequence[Effect] = ()
    value: object = None  #: what the area's reader made of it


def wish_of(area: Area[Any], *, document: Json | None, text: str | None) -> Wish:
    """Read what was sent, one of both. Raises SettingsInvalid."""
    if (document is None) == (text is None):
        raise SettingsInvalid((Problem(1, "", "expected either a document or a text"),))
    if text is None:
        return Wish(document or {})
    try:
        return Wish(read_document(text, name=area.name), text)
    except Unreadable as error:
        raise SettingsInvalid((Problem(1, "", str(error)),)) from error


def text_of(version: Version) -> str:
    """Return a version as YAML: as it was written, if it was."""
    return version.text or write_document(version.document)


async def newest(services: Services, area: Area[Any]) -> Version:
    """Return what was saved last, else the file as version 0. Raises ArchiveUnavailable."""
    saved = None
    if not services.settings_keeper.from_files:
        saved = await current(services.database, area.name)
    return saved or _file(area)


async def find(services: Services, area: Area[Any], number: int) -> Version:
    """Return a version, 0 for the file as it is now. Raises NotFound, ArchiveUnavailable."""
    found = await find_version(services.database, area.name, number) if number else _file(area)
    if found is None:
        raise NotFound
    return found


async def check(services: Services, area: Area[Any], wish: Wish) -> Checked:
    """Say what is wrong with a wish, or what it would change.

    Raises ArchiveUnavailable, StoreUnavailable.
    """
    value, problems = await _read(area, wish)
    if problems:
        return Checked(problems)
    before = await newest(services, area)
    return Checked(
        changes=changes(before.document, wish.document),
        effects=await effects_of(services, value),
        value=value,
    )


async def save_wish(
    services: Services,
    area: Area[Any],
    wish: Wish,
    *,
    base: int,
    note: str,
    actor: Actor,
    restored: int | None = None,
) -> Version:
    """Let a wish hold, in every process; `restored`: the version that it brings back.

    Raises:
        SettingsInvalid: it cannot be used; says why.
        SettingsFromFiles: settings are kept in files (BATON_SETTINGS_FROM).
        StaleVersion: somebody else has saved since `base`.
        ArchiveUnavailable: the database does not answer.
    """
    keeper = services.settings_keeper
    if keeper.from_files:
        raise SettingsFromFiles
    _, problems = await _read(area, wish)
    if problems:
        raise SettingsInvalid(problems)
    version = await save(
        services.database,
        area.name,
        wish.document,
        base=base,
        author=actor.name,
        origin=actor.origin,
        now_ms=services.clock.now_ms(),
        note=note,
        text=wish.text,
        restored=restored,
        first=area.first,
    )
    try:
        await keeper.spread(services.database, services.store.signals)
    except StoreUnavailable:  # it is saved: the other replicas see it when they look next
        logger.warning("version %d of %s could not be told at once", version.version, area.name)
    return version


def _file(area: Area[Any]) -> Version:
    document, text = area.first
    return Version(
        area=area.name, version=0, at_ms=0, author=FILE, note="", document=document, text=text
    )


async def _read(area: Area[Any], wish: Wish) -> tuple[Any, tuple[Problem, ...]]:
    """Read a wish as the files are read; what was written as YAML, with its lines."""
    return await asyncio.to_thread(_read_now, area, wish)


def _read_now(area: Area[Any], wish: Wish) -> tuple[Any, tuple[Problem, ...]]:
    try:
        if wish.text and wish.document:  # a file that says nothing is as good as none
            area.read(compose_text(wish.text, area.name))
        return area.parse(wish.document), ()
    except Unusable as error:
        return None, error.problems
    except Unreadable as error:
        return None, (Problem(1, "", str(error)),)
