"""Finds the running system: its address and, on the same machine, the operator's secret."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from baton.client.errors import Refused

F = TypeVar("F", bound=Callable[..., Any])

#: Where `make run` listens.
DEFAULT_URL = "http://127.0.0.1:8080"

_DATA = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
    help="Data folder of the running system.",
)
_URL = click.option("--url", help="Address of the system; default: the one running from --data.")


def address_options(command: F) -> F:
    """Add --url and --data (as `url` and `folder`) to a click command."""
    return _URL(_DATA(command))


def find_url(url: str | None, folder: Path) -> str:
    """Return the address asked for, else that of the system running from the folder."""
    if url:
        return url.rstrip("/")
    run_file = folder / "run.json"
    if run_file.exists():
        return str(json.loads(run_file.read_text())["url"])
    return DEFAULT_URL


def find_secret(folder: Path) -> str:
    """Return the secret that opens the operator's routes.

    Raises:
        Refused: the folder holds none; the message names the remedy.
    """
    file = folder / "secrets.json"
    if not file.exists():
        raise Refused("no_secret", f"{file} is missing. Remedy: --data DIR of the running system")
    return str(json.loads(file.read_text())["internal_secret"])


def wrong_use(error: Exception) -> SystemExit:
    """Print the error for a person and return the exit with status 2."""
    click.echo(f"Error: {error}", err=True)
    return SystemExit(2)
