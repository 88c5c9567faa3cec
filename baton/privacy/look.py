"""Looks through files for what a person can be found by."""

from __future__ import annotations

import json
import mmap
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

#: Parts of the data folder that are no files of ours to look through, and why.
ELSEWHERE = {
    "redis": "the live store: asked through its own commands",
    "models": "the embedding model: made before any customer wrote",
    "rasa/models": "trained models: named one by one where they were trained with a phrase",
}
#: Logs name conversations by ids that lead nowhere; never a customer, never a word.
LOGS = "logs"


@dataclass(frozen=True, slots=True)
class FileLook:
    """What was looked through, and what was found."""

    files: int
    bytes: int
    #: File → how many of the words stand in it.
    left: dict[str, int]
    not_read: tuple[str, ...]  #: files that could not be


def look_through(
    root: Path, data_dir: Path, *, words: Collection[str], conversation_ids: Collection[str]
) -> FileLook:
    """Look through the project's data and the data folder."""
    files = size = 0
    left: dict[str, int] = {}
    not_read: list[str] = []
    theirs, all_words = _spelled(words), _spelled([*words, *conversation_ids])
    for name, path in _files(root, data_dir):
        needles = theirs if name.startswith(f"DATA/{LOGS}/") else all_words
        try:
            found = _count(path, needles)
            size += path.stat().st_size
        except FileNotFoundError:
            continue  # gone while we looked
        except OSError:
            not_read.append(name)
            continue
        files += 1
        if found:
            left[name] = found
    return FileLook(files, size, left, tuple(not_read))


def _files(root: Path, data_dir: Path) -> Iterator[tuple[str, Path]]:
    for folder, shown in ((root / "data", "PROJECT/data"), (root / "bot", "PROJECT/bot")):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield f"{shown}/{path.relative_to(folder).as_posix()}", path
    for path in sorted(data_dir.rglob("*")):
        name = path.relative_to(data_dir).as_posix()
        skipped = name.startswith("baton.db") or any(
            name == part or name.startswith(f"{part}/") for part in ELSEWHERE
        )
        if not skipped and path.is_file():
            yield f"DATA/{name}", path


def _spelled(words: Collection[str]) -> list[bytes]:
    spelled = {word for each in words if each for word in (each, json.dumps(each)[1:-1])}
    return sorted(word.encode() for word in spelled)


def _count(path: Path, needles: Collection[bytes]) -> int:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return 0
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return sum(content.find(needle) >= 0 for needle in needles)
