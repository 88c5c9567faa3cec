"""Opens the history database, SQLite or PostgreSQL by URL, with its schema brought up to date."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
from handoff_service.archive.models import Model

logger = logging.getLogger(__name__)

#: How long a writer waits for another writer of the same SQLite file, in milliseconds.
SQLITE_BUSY_MS = 10_000
#: Classes of SQLSTATE after which the same may succeed later: connection, rolled back for others,
#: out of resources, stopped by the operator (PostgreSQL manual, appendix A).
PASSING_STATES = ("08", "40", "53", "57")
#: Any fixed number: PostgreSQL's lock that keeps two starting replicas from migrating at once.
MIGRATION_LOCK = 0x6261746F6E


class Database:
    """The history database; `session` for one transaction, `close` at the end."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Use `open_database`."""
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises:
            ArchiveUnavailable: the database cannot be reached or is locked; try again later.
        """
        try:
            async with self._sessions.begin() as session:
                yield session
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            raise ArchiveUnavailable(type(error).__name__) from error
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            if error.connection_invalidated or state.startswith(PASSING_STATES):
                raise ArchiveUnavailable(type(error).__name__) from error
            raise

    def insert(
        self, model: type[Model]
    ) -> Any:  # the two dialects' Insert share no base with on_conflict
        """An INSERT that knows `on_conflict_…`, in the dialect of this database.

        Of the table, not of the mapped class: a batch is written several times as fast so.
        """
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(model.__table__)

    async def migrate(self) -> None:
        """Bring the schema to the newest revision; safe while other replicas do the same."""
        async with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            else:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.run_sync(_upgrade)

    async def ping(self) -> None:
        """Ask the database for an answer.

        Raises:
            ArchiveUnavailable: there is none.
        """
        async with self.session() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def open_database(url: str) -> Database:
    """Open the database at `url` and migrate it.

    Args:
        url: an SQLAlchemy URL with an async driver, `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`.

    Raises:
        ArchiveMisconfigured: the URL cannot be used.
        ArchiveUnavailable: nothing answers there.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
            raise ArchiveMisconfigured(parsed.drivername)
        engine = create_async_engine(parsed, pool_pre_ping=parsed.drivername != "sqlite+aiosqlite")
    except ArgumentError as error:
        raise ArchiveMisconfigured("not a database URL") from error
    if engine.dialect.name == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    database = Database(engine)
    try:
        await database.ping()
        await database.migrate()
    except BaseException:
        await database.close()
        raise
    return database


def _prepare_sqlite(connection: Any, _record: object) -> None:  # a DBAPI connection, untyped
    """Set what SQLite does not keep in the file: one connection's pragmas."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL, not NORMAL: the live store trims what is acknowledged here, so it must be on the disk.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
