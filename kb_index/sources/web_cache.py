"""Keeps what websites answered, so that only what changed is fetched again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What a website answered to one request; `fetched_ms` is when it last said that it holds."""

    url: str
    status: int
    media_type: str
    charset: str
    location: str  # where a redirect leads
    etag: str
    last_modified: str
    fetched_ms: int
    data: bytes

    @property
    def is_redirect(self) -> bool:
        """Tell whether it only says where else to ask."""
        return self.status in (301, 302, 303, 307, 308)


class WebCache:
    """Answers by URL, one pair of files each in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, url: str) -> Answer | None:
        """Return what is kept of a URL; None when nothing is, or it is damaged."""
        meta, body = self._paths(url)
        try:
            answer = Answer(
                **{**json.loads(meta.read_text(encoding="utf-8")), "data": body.read_bytes()}
            )
        except (OSError, ValueError, TypeError):
            return None
        return answer if answer.url == url else None

    def keep(self, answer: Answer) -> None:
        """Keep an answer in place of the one before; the description is written last."""
        meta, body = self._paths(answer.url)
        self._folder.mkdir(parents=True, exist_ok=True)
        fields = asdict(replace(answer, data=b""))
        del fields["data"]
        _write(body, answer.data)
        _write(meta, json.dumps(fields).encode())

    def _paths(self, url: str) -> tuple[Path, Path]:
        name = hashlib.sha256(url.encode()).hexdigest()[:40]
        return self._folder / f"{name}.json", self._folder / f"{name}.body"


def _write(path: Path, data: bytes) -> None:
    beside = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
