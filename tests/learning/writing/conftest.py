"""A project whose training files may be changed, and a history with decisions in it."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from handoff_service.archive.database import open_database
from handoff_service.archive.history import record
from handoff_service.archive.learning.turns import LearnTurn, phrase_key, write_turns
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow, ReviewGroupRow
from learning.jobs.tools import Tools
from learning.training import Project
from tests.handoff_service.archive.talks import Talk

ROOT = Path(__file__).resolve().parents[3]
NOW_MS = 1_795_000_000_000


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    for name in ("data/nlu", "data/rules", "data/kb", "bot/domain"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("config.yml", "data/products.yml", "data/handoff_rules.yml"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
async def tools(tmp_path, empty_history, project):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    models = tmp_path / "var" / "rasa" / "models"
    kept = Project(project, ROOT / ".venv-rasa/bin/python", ROOT / "var/models/current", models)
    yield Tools(database=database, project=kept, data_dir=tmp_path / "var")
    await database.close()


class Reviews:
    """Writes turns and decisions as collecting and reviewing do."""

    def __init__(self, database):
        self.database = database
        self.count = 0

    async def decide(self, *said, state="decided", reviewer="a_ada", **decision):
        """One conversation that says all this, one group, one decision on it; returns its id."""
        self.count += 1
        name = f"c_{self.count}"
        talk = Talk(name).add("conversation.started", customer_id="u_1", locale="en")
        await record(self.database, talk.add("conversation.closed", by="system").events)
        turns = [
            LearnTurn(
                conversation_id=name, seq=seq, at_ms=NOW_MS + seq, asks=True, language=language,
                text=text, did="answer",
            )
            for seq, (language, text) in enumerate(said, 3)
        ]  # fmt: skip
        await write_turns(self.database, {name: 2}, turns)
        ids = await self._ids(said)
        group = ReviewGroupRow(phrase_id=ids[0], state=state)
        async with self.database.session() as session:
            session.add(group)
            await session.flush()
            row = ReviewDecisionRow(
                id=f"d_{self.count}", group_id=group.id, reviewer=reviewer, phrase_ids=ids,
                at_ms=NOW_MS + self.count, **decision,
            )  # fmt: skip
            session.add(row)
        return row.id

    async def applied(self):
        async with self.database.session() as session:
            rows = await session.execute(_applied())
            return {row.id: row.applied for row in rows}

    async def _ids(self, said):
        async with self.database.session() as session:
            return [await session.scalar(_phrase(phrase_key(*words))) for words in said]


def _phrase(key):
    return select(PhraseRow.id).where(PhraseRow.key == key)


def _applied():
    return select(ReviewDecisionRow.id, ReviewDecisionRow.applied)


@pytest.fixture
def reviews(tools):
    return Reviews(tools.database)
