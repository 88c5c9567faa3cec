"""Opens the history database, SQLite or PostgreSQL by URL, with its schema brought up to date."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, func, select, text
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
from sqlalchemy.pool import QueuePool

import handoff_service.archive.tables  # noqa: F401 (known to the metadata by being imported)
from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
from handoff_service.archive.models import Model

logger = logging.getLogger(__name__)

#: How long a writer waits for another writer of the same SQLite file, in milliseconds.
SQLITE_BUSY_MS = 10_000
#: A new SQLite file that others prepare is tried again after so long, in seconds.
SQLITE_AGAIN_S = 0.05
#: So long connections in use are waited for when the database is closed, in seconds.
CLOSE_S = 2.0
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

    @property
    def dialect(self) -> str:
        """Which database it is: sqlite or postgresql."""
        return self.engine.dialect.name

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

    async def take_turns(self, session: AsyncSession, lock: int) -> None:
        """Wait until no other transaction holds this lock, then hold it to the end of this one.

        For what counts what others are writing just now; SQLite lets one write at a time anyway.
        """
        if self.dialect == "postgresql":
            await session.execute(select(func.pg_advisory_xact_lock(lock)))

    async def migrate(self) -> None:
        """Bring the schema to the newest revision; safe while other replicas do the same."""
        async with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            else:
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            await connection.run_sync(_upgrade)

    async def settle(self) -> None:
        """Leave nothing that was deleted in SQLite's write-ahead log, unless somebody reads now.

        Raises:
            ArchiveUnavailable: try again later.
        """
        if self.dialect == "sqlite":
            outside = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            try:
                async with outside.connect() as connection:
                    await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            except OperationalError as error:
                raise ArchiveUnavailable(type(error).__name__) from error

    async def ping(self) -> None:
        """Ask the database for an answer.

        Raises:
            ArchiveUnavailable: there is none.
        """
        async with self.session() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection; those whose query was just cut off have a moment to come back."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                while self._in_use():  # noqa: ASYNC110 (a pool tells nobody)
                    await asyncio.sleep(0.01)
        await self.engine.dispose()

    def _in_use(self) -> int:
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0


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
        await _reach(database)
        await database.migrate()
    except BaseException:
        await database.close()
        raise
    return database


async def _reach(database: Database) -> None:
    """Ask for an answer, again while others turn a new SQLite file to its write-ahead log.

    That needs the file alone and is refused at once, whatever the busy timeout.

    Raises:
        ArchiveUnavailable: there is none.
    """
    until = time.monotonic() + SQLITE_BUSY_MS / 1000
    while await _is_taken(database, until=until):  # noqa: ASYNC110 (another process tells nobody)
        await asyncio.sleep(SQLITE_AGAIN_S)


async def _is_taken(database: Database, *, until: float) -> bool:
    try:
        await database.ping()
    except ArchiveUnavailable as error:
        if "locked" in str(error.__cause__) and time.monotonic() < until:
            return True
        raise
    return False


def _prepare_sqlite(connection: Any, _record: object) -> None:  # a DBAPI connection, untyped
    """Set what SQLite does not keep in the file: one connection's pragmas."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL, not NORMAL: the live store trims what is acknowledged here, so it must be on the disk.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten: whoever reads the file finds nothing of it.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
