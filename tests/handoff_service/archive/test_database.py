"""Opening, migrating, failing clearly."""

import asyncio
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
from handoff_service.archive.models import Model
from handoff_service.archive.tables.inbox import BY_HAND


async def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    def differences(connection):
        def named(name, _type, _parents):
            return not (name or "").startswith(BY_HAND)

        context = MigrationContext.configure(connection, opts={"include_name": named})
        return compare_metadata(context, Model.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_replicas_that_start_at_once_migrate_once(sql_url):
    opened = await asyncio.gather(*(open_database(sql_url) for _ in range(4)))

    for database in opened:
        await database.ping()
        await database.close()


async def test_a_new_file_that_another_process_writes_to_is_waited_for(tmp_path):
    file = tmp_path / "history.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    opening = asyncio.ensure_future(open_database(f"sqlite+aiosqlite:///{file}"))
    done, _ = await asyncio.wait([opening], timeout=0.3)
    other.execute("COMMIT")
    other.close()

    assert not done
    database = await opening
    await database.ping()
    await database.close()


async def test_sqlite_keeps_what_it_was_told_to(tmp_path):
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path}/deep/er/history.db")

    async with database.engine.connect() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await database.close()

    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000
    }  # fmt: skip


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://x/y", "sqlite:///file.db", "postgresql://x/y"]
)
async def test_a_url_that_cannot_be_used_is_named_by_what_is_expected(url):
    with pytest.raises(ArchiveMisconfigured, match=r"sqlite\+aiosqlite:///FILE"):
        await open_database(url)


async def test_nothing_that_answers_is_an_outage_and_tells_no_password():
    with pytest.raises(ArchiveUnavailable) as error:
        await open_database("postgresql+asyncpg://baton:secret@127.0.0.1:9/baton")

    assert "secret" not in str(error.value)


async def test_a_file_that_cannot_be_opened_is_an_outage(tmp_path):
    (tmp_path / "history.db").mkdir()

    with pytest.raises(ArchiveUnavailable):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/history.db")
