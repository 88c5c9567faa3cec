"""A ZIP file that is sent while it is made: never more of it in memory than one piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile


class _Pieces:
    """What ZipFile writes to; it can be emptied, not sought in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class ArchiveFile:
    """Add files, and send what each call yields; `finish` last."""

    def __init__(self) -> None:
        """Begin an empty one."""
        self._pieces = _Pieces()
        self._zip = ZipFile(self._pieces, "w", ZIP_DEFLATED)  # type: ignore[call-overload]  # it only writes
        self._listed: list[dict[str, Any]] = []

    def add(self, name: str, content: str | bytes) -> bytes:
        """Add a small file; return what is to be sent."""
        raw = content.encode(errors="replace") if isinstance(content, str) else content
        self._zip.writestr(name, raw)
        self._list(name, len(raw), hashlib.sha256(raw).hexdigest())
        return self._pieces.take()

    async def stream(self, name: str, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Add a file of any size, unless there is none; yield what is to be sent."""
        digest, count = hashlib.sha256(), 0
        try:
            piece = await anext(content, b"")
        except FileNotFoundError:
            return  # its upload was never finished
        with self._zip.open(name, "w", force_zip64=True) as file:
            while piece:
                file.write(piece)
                digest.update(piece)
                count += len(piece)
                piece = await anext(content, b"")
                if sent := self._pieces.take():
                    yield sent
        self._list(name, count, digest.hexdigest())
        yield self._pieces.take()

    def finish(self) -> bytes:
        """Add the list of all files; return the rest."""
        manifest = json.dumps({"files": self._listed}, ensure_ascii=False, indent=1)
        self._zip.writestr("manifest.json", manifest)
        self._zip.close()
        return self._pieces.take()

    def _list(self, name: str, size: int, digest: str) -> None:
        self._listed.append({"name": name, "bytes": size, "sha256": digest})
