"""The options and folders that the commands for models and indexes share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

#: `--data DIR`: where a Baton keeps everything it makes.
data_option: Callable[[Any], Any] = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="BATON_DATA_DIR",
    default=Path("var"),
    show_default=True,
    help="Folder in which Baton keeps models, indexes and data.",
)


def cache_dir(data_dir: Path) -> Path:
    """Return the folder whose models and indexes may be reused: BATON_CACHE_DIR or `data_dir`."""
    return Path(os.environ.get("BATON_CACHE_DIR") or data_dir)


def model_dir(data_dir: Path) -> Path:
    """Return the folder of the embedding model in use."""
    return Path(os.environ.get("BATON_MODEL_DIR") or cache_dir(data_dir) / "models" / "current")
