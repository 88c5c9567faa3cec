"""Keeps what was worked out of bytes, by their hash, so that it is worked out once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Kept:
    """JSON objects in `folder`; one that is damaged is made again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_or_make(
        self, data: bytes, *, how: str, make: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """Return what `make` returned for the same bytes and the same `how`, or call it."""
        name = hashlib.sha256(how.encode("utf-8", "replace") + b"\0" + data).hexdigest()
        path = self._folder / name[:2] / f"{name[2:40]}.json"
        try:
            found = json.loads(path.read_bytes())
            os.utime(path)
            if isinstance(found, dict):
                return found
        except (OSError, ValueError):
            pass  # not kept, or damaged
        made = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(made), encoding="ascii")
        beside.replace(path)
        return made
