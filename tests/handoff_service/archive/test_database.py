"""Opening, migrating, failing clearly."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
from handoff_service.archive.models import Model


async def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    def differences(connection):
        return compare_metadata(MigrationContext.configure(connection), Model.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_replicas_that_start_at_once_migrate_once(sql_url):
    opened = await asyncio.gather(*(open_database(sql_url) for _ in range(4)))

    for database in opened:
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
