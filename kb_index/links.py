"""Replaces the symbolic link `current` in one atomic step."""

from __future__ import annotations

import os
from pathlib import Path


def point_to(link: Path, target: str) -> None:
    """Make `link` point to `target`, relative to its folder; readers see the old or the new."""
    if link.is_symlink() and os.readlink(link) == target:
        return
    beside = link.with_name(f".{link.name}-{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
