"""The process that learns, `python -m learning`: it waits for jobs and yields to all others."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from pathlib import Path

from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveMisconfigured, ArchiveUnavailable
from handoff_service.archive.learning.jobs import somebody_works
from learning.errors import LearningError
from learning.jobs.tools import Tools
from learning.jobs.worker import Worker
from learning.splitting.children import Children
from learning.splitting.engines import Place
from learning.splitting.keeper import SplitKeeper
from learning.training import Project
from learning.writing.catalogue import publish_catalogue

#: Customers' turns go before.
NICE = 10
#: Who has not been heard of for so long, in milliseconds, is not well.
SILENT_MS = 60_000


async def _run(sql_url: str, place: Place) -> None:
    database = await open_database(sql_url)
    tools = Tools(database=database, project=place.project, data_dir=place.data_dir)
    try:
        await _publish(tools)
        work = asyncio.create_task(_work(Worker(tools), SplitKeeper(database, place)))
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return
    finally:
        await database.close()


async def _publish(tools: Tools) -> None:
    """Tell the console which intents there are; files that cannot be read stop no other work."""
    try:
        await publish_catalogue(tools)
    except LearningError as error:
        logging.getLogger("learning").warning("no intents to choose from: %s", error)


async def _work(worker: Worker, keeper: SplitKeeper) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run(), name="jobs")
        tasks.create_task(keeper.run(), name="split")


async def _is_well(sql_url: str) -> bool:
    database = await open_database(sql_url)
    try:
        now_ms = int(time.time() * 1000)
        return await somebody_works(database, since_ms=now_ms - SILENT_MS)
    finally:
        await database.close()


def _data_dir() -> Path:
    return Path(os.environ.get("BATON_DATA_DIR") or "var").resolve()


def main() -> int:
    """Work until told to end, or with --health only tell whether somebody does (0) or not (1).

    Also 1 when the history cannot be used.
    """
    url = os.environ.get("BATON_SQL_URL") or f"sqlite+aiosqlite:///{_data_dir() / 'baton.db'}"
    if "--health" in sys.argv[1:]:
        return 0 if asyncio.run(_is_well(url)) else 1
    logging.basicConfig(
        level=os.environ.get("BATON_LOG_LEVEL", "INFO").upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    children = Children()  # before: what they serve are customers
    os.nice(NICE)
    root = Path(os.environ.get("BATON_PROJECT_DIR") or Path(__file__).resolve().parents[1])
    data_dir = _data_dir()
    rasa = os.environ.get("BATON_RASA_PYTHON") or root / ".venv-rasa" / "bin" / "python"
    model = os.environ.get("BATON_MODEL_DIR") or data_dir / "models" / "current"
    project = Project(root, Path(rasa), Path(model), data_dir / "rasa" / "models")
    place = Place(
        project=project, data_dir=data_dir, environment=dict(os.environ), children=children
    )
    try:
        asyncio.run(_run(url, place))
    except (ArchiveMisconfigured, ArchiveUnavailable) as error:
        logging.getLogger("learning").error("the history cannot be used: %s", error)  # noqa: TRY400
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
