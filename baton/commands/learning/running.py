"""What every `baton learn …` shares: where history and project are, and how a job is done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import click

from baton.commands.folders import data_option, model_dir
from baton.commands.history import existing_history, sql_option
from baton.launcher.data_dir import DataDir
from baton.launcher.system import RASA_PYTHON, ROOT
from handoff_service.archive.database import open_database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.learning.jobs import Job
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.training import Project

#: Who is named in the audit trail: whoever may run commands here.
ACTOR = "operator"

__all__ = [
    "ACTOR",
    "data_option",
    "do",
    "json_option",
    "project_option",
    "run",
    "sql_option",
    "with_tools",
]

#: `--json`: the result for programs, on stdout.
json_option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON."
)
#: `--project DIR`: whose bot learns.
project_option: Callable[[Any], Any] = click.option(
    "--project",
    "root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="BATON_PROJECT_DIR",
    default=ROOT,
    help="Folder of config.yml, bot/ and data/.  [default: this one]",
)


@asynccontextmanager
async def with_tools(data_dir: Path, sql_url: str | None, root: Path) -> AsyncIterator[Tools]:
    """Open the history of a data folder; raises click.UsageError when there is none."""
    url = existing_history(data_dir, sql_url)
    models = DataDir(data_dir).rasa_models
    project = Project(root, RASA_PYTHON, model_dir(data_dir), models)
    database = await open_database(url)
    try:
        yield Tools(database=database, project=project, data_dir=data_dir)
    finally:
        await database.close()


def run(
    act: Callable[[Tools], Any], data_dir: Path, sql_url: str | None, root: Path = ROOT
) -> Any:  # what `act`, a coroutine function, returns
    """Do something with the history and the project; a mistake ends in a line, exit code 1."""
    folder = data_dir.resolve()

    async def open_and_act() -> Any:
        async with with_tools(folder, sql_url, root) as tools:
            return await act(tools)

    try:
        return asyncio.run(open_and_act())
    except ArchiveError as error:
        raise click.ClickException(f"the history cannot be used: {error}") from error
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error


def do(
    kind: str,
    args: dict[str, Any],
    *,
    data_dir: Path,
    sql_url: str | None,
    root: Path = ROOT,
    as_json: bool,
    show: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Do a job here, telling on stderr how far it is; print its result, or end with exit code 1."""

    async def act(tools: Tools) -> Job:
        return await run_here(kind, args, tools=tools, asked_by=ACTOR, say=_say())

    job: Job = run(act, data_dir, sql_url, root)
    if job.state != "done":
        raise click.ClickException(job.error)
    if as_json:
        click.echo(json.dumps(job.result, ensure_ascii=False))
    else:
        show(job.result)
    return job.result


def _say() -> Callable[[str, float | None, str], None]:
    last = ("", -1)

    def say(step: str, share: float | None, line: str) -> None:
        nonlocal last
        percent = -1 if share is None else int(share * 10) * 10
        if (step, percent) != last or line:
            last = (step, percent)
            done = "" if share is None else f" {share:.0%}"
            click.echo(f"{step}{done}{': ' + line if line else ''}", err=True)

    return say
