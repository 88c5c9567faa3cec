"""Keeps what writing would change, and the intents that people choose from."""

from dataclasses import asdict, dataclass
from typing import Any

from handoff_service.archive.database import Database
from handoff_service.archive.models import Model
from handoff_service.archive.tables.learn_writing import CatalogueRow, ChangesRow
from handoff_service.domain import Json

#: The one row that each of both tables has.
ONLY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the fields mean: `ChangesRow`."""

    computed_ms: int
    fingerprint: str
    folder: str
    branch: str
    files: list[dict[str, Any]]
    counts: dict[str, int]
    problems: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The intents of the project: [{name, phrases, samples: {locale: [texts]}}]."""

    at_ms: int
    intents: list[dict[str, Any]]


async def write_changes(database: Database, changes: Changes) -> None:
    """Keep what was computed, in the place of what was before. Raises ArchiveUnavailable."""
    await _write(database, ChangesRow, asdict(changes))


async def read_changes(database: Database) -> Changes | None:
    """Return what was computed last; None: nothing yet. Raises ArchiveUnavailable."""
    async with database.session() as session:
        row = await session.get(ChangesRow, ONLY)
        if row is None:
            return None
        return Changes(
            computed_ms=row.computed_ms,
            fingerprint=row.fingerprint,
            folder=row.folder,
            branch=row.branch,
            files=row.files,
            counts=row.counts,
            problems=row.problems,
        )


async def write_catalogue(database: Database, catalogue: Catalogue) -> None:
    """Keep the intents, in the place of those before. Raises ArchiveUnavailable."""
    await _write(database, CatalogueRow, asdict(catalogue))


async def read_catalogue(database: Database) -> Catalogue | None:
    """Return the intents; None: the process that learns has not told yet."""
    async with database.session() as session:
        row = await session.get(CatalogueRow, ONLY)
        return None if row is None else Catalogue(at_ms=row.at_ms, intents=row.intents)


async def _write(database: Database, table: type[Model], values: Json) -> None:
    async with database.session() as session:
        insert = database.insert(table).values(id=ONLY, **values)
        await session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values))
