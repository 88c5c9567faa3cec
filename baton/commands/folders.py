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

#: `--kb DIR`: the maintainer's articles.
articles_option: Callable[[Any], Any] = click.option(
    "--kb",
    "articles_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/kb"),
    show_default=True,
    help="Folder of the articles, <locale>/*.md.",
)
#: `--eval DIR`: questions whose right articles are known.
eval_option: Callable[[Any], Any] = click.option(
    "--eval",
    "eval_dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/eval"),
    show_default=True,
    help="Folder of golden questions, <locale>.jsonl.",
)


def cache_dir(data_dir: Path) -> Path:
    """Return the folder whose models and indexes may be reused: BATON_CACHE_DIR or `data_dir`."""
    return Path(os.environ.get("BATON_CACHE_DIR") or data_dir)


def model_dir(data_dir: Path) -> Path:
    """Return the folder of the embedding model in use."""
    return Path(os.environ.get("BATON_MODEL_DIR") or cache_dir(data_dir) / "models" / "current")
