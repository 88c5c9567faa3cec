"""Keeps files in a folder, so that a file is there whole or not at all, also after a power cut."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from handoff_service.attachments.errors import StorageUnavailable

#: Bytes read at a time.
PIECE_BYTES = 256 * 1024


class DiskStorage:
    """One file a key, spread over folders by the first letters of its random part."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which is made with the first file."""
        self._folder = folder

    async def put(self, key: str, source: Path) -> None:
        """Copy a file into the folder; it is on disk when this returns."""
        try:
            await asyncio.to_thread(_keep, source, self._path(key))
        except OSError as error:
            raise StorageUnavailable(f"cannot write below {self._folder}: {error}") from error

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the content in pieces; raise FileNotFoundError when there is none."""
        file = await asyncio.to_thread(self._path(key).open, "rb")
        try:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """Remove the file, if it is there."""
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"cannot delete below {self._folder}: {error}") from error

    def _path(self, key: str) -> Path:
        random = key.partition("_")[2]
        return self._folder / random[:2] / random[2:4] / key


def _keep(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.half")
    with source.open("rb") as read, half.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    half.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
