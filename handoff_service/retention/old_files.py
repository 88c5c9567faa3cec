"""Lets go of old backups and old lines of logs in the data folder."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

BACKUPS, LOGS = "learning/backups", "logs"
#: How a line begins that says when; others belong to the one above. A log in which none does is
#: cut when nothing was written to it since.
_WHEN = re.compile(rb"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)")


def count_backups(data_dir: Path, before_ms: int) -> int:
    """Count backups made before that."""
    return sum(1 for _ in _backups(data_dir, before_ms))


def drop_backups(data_dir: Path, before_ms: int) -> int:
    """Delete backups made before that; return how many."""
    found = list(_backups(data_dir, before_ms))
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return sum(not path.exists() for path in found)


def count_lines(data_dir: Path, before_ms: int) -> int:
    """Count the lines of logs from before that."""
    return sum(lines for _, lines, _ in _old_parts(data_dir, before_ms))


def cut_logs(data_dir: Path, before_ms: int) -> int:
    """Cut the lines from before that off every log; return how many.

    In place, as whoever writes keeps the file open and appends: what it writes in the very moment
    between reading and cutting is lost.
    """
    count = 0
    for path, lines, size in list(_old_parts(data_dir, before_ms)):
        with path.open("r+b") as file:
            file.seek(size)
            kept = file.read()
            file.seek(0)
            file.write(kept)
            file.truncate()
        count += lines
    return count


def _backups(data_dir: Path, before_ms: int) -> Iterator[Path]:
    for path in sorted((data_dir / BACKUPS).glob("*")):
        if path.is_dir() and path.stat().st_mtime * 1000 < before_ms:
            yield path


def _old_parts(data_dir: Path, before_ms: int) -> Iterator[tuple[Path, int, int]]:
    """Yield logs that begin with old lines: how many, and how many bytes these are."""
    for path in sorted((data_dir / LOGS).glob("*.log*")):
        lines = size = 0
        is_old = path.stat().st_mtime * 1000 < before_ms
        with path.open("rb") as file:
            for line in file:
                if (at_ms := _at_ms(line)) is not None:
                    if at_ms >= before_ms:
                        break
                    is_old = True
                lines, size = lines + 1, size + len(line)
        if lines and is_old:
            yield path, lines, size


def _at_ms(line: bytes) -> int | None:
    found = _WHEN.match(line)
    if found is None:
        return None
    text = f"{found[1].decode()} {found[2].decode()}"
    return round(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").astimezone(UTC).timestamp() * 1000)
