"""Commits what was taken out, and tells which commits and branches still hold it."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Sequence
from pathlib import Path

#: The longest that git may take, in seconds.
LONGEST_S = 60
WHO = ("-c", "user.name=Baton", "-c", "user.email=baton@localhost")
WHAT = "learning: Take out what came of a customer who was erased"


def is_checkout(root: Path) -> bool:
    """Whether the folder is part of a git checkout."""
    return _git(root, "rev-parse", "--is-inside-work-tree").strip() == "true"


def unchanged(root: Path) -> set[Path]:
    """Return the files that hold what was committed last."""
    known = set(_git(root, "ls-files", "-z", "--", ".").split("\0"))
    changed = set(_git(root, "diff", "--name-only", "--relative", "-z", "HEAD").split("\0"))
    return {root / name for name in known - changed if name}


def commit(root: Path, files: Sequence[Path]) -> str:
    """Commit these files alone; return the commit, "" when git refuses or there are none."""
    names = [str(path) for path in files]
    if not names:
        return ""
    _git(root, *WHO, "commit", "--quiet", "-m", WHAT, "--", *names)
    left = _git(root, "status", "--porcelain", "--", *names).strip()
    return "" if left else _git(root, "rev-parse", "--short", "HEAD").strip()


def commits_with(root: Path, words: Collection[str]) -> list[str]:
    """Return the commits, of any branch, that added or removed one of these words."""
    found: dict[str, None] = {}
    for word in sorted(words):
        log = _git(root, "log", "--all", "--format=%h", f"-S{word}", "--", "data")
        found |= dict.fromkeys(log.split())
    return list(found)


def branches_with(root: Path, words: Collection[str]) -> list[str]:
    """Return the local branches whose newest commit holds one of these words."""
    branches = _git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
    found = []
    for branch in branches:
        asked = [part for word in sorted(words) for part in ("-e", word)]
        if asked and _git(root, "grep", "-q", "-F", *asked, branch, "--", "data", told=True):
            found.append(branch)
    return found


def _git(root: Path, *args: str, told: bool = False) -> str:
    """Return what git says, "" where it fails; `told`: "yes" where it ends well."""
    try:
        done = subprocess.run(  # noqa: S603 (our own words)
            ["git", *args],  # noqa: S607 (the one on the PATH)
            cwd=root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode:
        return ""
    return "yes" if told else done.stdout
