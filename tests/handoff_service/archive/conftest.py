"""A real database: SQLite in a file; PostgreSQL as well where BATON_TEST_POSTGRES_URL names one."""

import os
import secrets

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from handoff_service.archive.database import open_database

POSTGRES = os.environ.get("BATON_TEST_POSTGRES_URL", "")


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
async def sql_url(request, tmp_path):
    """Return the URL of an empty database of this test's own."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'history.db'}"
        return
    name = f"baton_{secrets.token_hex(6)}"
    admin = create_async_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    async with admin.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await admin.dispose()


@pytest.fixture
async def database(sql_url):
    """An open database, schema in place."""
    opened = await open_database(sql_url)
    yield opened
    await opened.close()
