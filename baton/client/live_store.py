"""Finds the live store: the Redis it is told of, or the one running from the data folder."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from baton.client.errors import Refused
from baton.launcher.data_dir import DataDir
from handoff_service.durability import Durability
from handoff_service.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

#: Settings that a service must have and that a command which only reads the store does not use.
_UNUSED = dict.fromkeys(
    ("BATON_INTERNAL_SECRET", "BATON_SIGNING_KEY", "BATON_RASA_TOKEN"), "not used by this command"
)

_DATA = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
    help="Data folder of the running system.",
)
_REDIS = click.option(
    "--redis-url",
    envvar="BATON_REDIS_URL",
    help="The Redis of the system; default: the one running from --data.",
)
_DESK = click.option("--desk", envvar="BATON_DESK", default="main", show_default=True)


def store_options(command: F) -> F:
    """Add --redis-url, --data and --desk (as `redis_url`, `folder`, `desk`) to a click command."""
    return _REDIS(_DATA(_DESK(command)))


def find_settings(redis_url: str | None, folder: Path, desk: str) -> Settings:
    """Return settings with which the live store can be opened.

    Raises:
        Refused: nothing runs from the folder and no Redis is named; the message says what to do.
        SettingsError: the environment, the URL or the desk's name cannot be used.
    """
    url = redis_url or _running(folder)
    given = _UNUSED | {"BATON_REDIS_URL": url, "BATON_DESK": desk}
    # Looking at a store that keeps less than a service wants does no harm.
    given["BATON_REDIS_DURABILITY"] = Durability.NONE.value
    return Settings.from_env(dict(os.environ) | given)


def _running(folder: Path) -> str:
    data = DataDir(folder)
    record = data.running()
    if record is None or "redis" not in record.get("ports", {}):
        raise Refused(
            "not_running",
            f"nothing runs from {folder}. Remedy: start it with `baton up`, name its folder with "
            "--data, or its Redis with --redis-url",
        )
    return f"redis://:{data.secrets()['redis_password']}@127.0.0.1:{record['ports']['redis']}/0"
