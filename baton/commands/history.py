"""Where the commands find the history database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from baton.launcher.data_dir import DataDir

#: `--sql-url URL`: for those who do not keep the history in the data folder.
sql_option: Callable[[Any], Any] = click.option(
    "--sql-url", envvar="BATON_SQL_URL", help="A database of your own instead of DATA/baton.db."
)


def existing_history(data_dir: Path, sql_url: str | None) -> str:
    """Return the URL of the history, the data folder's unless another is given.

    Raises:
        click.UsageError: the data folder has none; reading would make an empty one.
    """
    if sql_url is not None:
        return sql_url
    if not (data_dir / "baton.db").exists():
        raise click.UsageError(
            f"{data_dir}/baton.db: no such history. Remedy: run the system once, or give --data"
        )
    return DataDir(data_dir).sql_url
