"""A history, and a split in it."""

import shutil

import pytest

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import splits


@pytest.fixture
async def database(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


@pytest.fixture
def ask(database):
    """Return a function that notes the wish of a split."""

    async def ask(split_id="sp_1", **changes):
        wish = {
            "candidate_id": "c_1",
            "model": "new.tar.gz",
            "index_version": None,
            "live_model": "old.tar.gz",
            "share": 0.5,
            "asked_by": "a_max",
            "now_ms": 1_000,
        }
        return await splits.ask_for_split(database, split_id=split_id, **wish | changes)

    return ask
