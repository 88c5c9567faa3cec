"""Where a candidate's content comes from: the project's folder as it is, or a branch of it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path

from learning.errors import LearningError
from learning.training import Project

#: Under the data folder: a checked-out copy of each branch that somebody tries.
WORKTREES = Path("learning/worktrees")


#: A merge is a commit of Baton's, and asks nobody and nothing.
_OURS = (
    *("-c", "user.name=Baton", "-c", "user.email=baton@localhost"),
    *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"),
)


class NoSuchBranch(LearningError):
    """The branch to train from is not there."""

    code = "no_such_branch"


class GitFailed(LearningError):
    """Git refused; its words."""

    code = "git_failed"


@dataclass(frozen=True, slots=True)
class Source:
    """What to train: the project in some folder, and the commit that it is at ("": no branch)."""

    project: Project
    revision: str = ""


async def find_source(project: Project, data_dir: Path, branch: str | None) -> Source:
    """Return the content of a branch, checked out beside the maintainer's own folder.

    Raises:
        NoSuchBranch: names the branch and the remedy.
        GitFailed: with Git's own words.
    """
    if branch is None:
        return Source(project)
    code, revision = await _git(
        project.root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"
    )
    if code:
        raise NoSuchBranch(
            f"{project.root} has no branch {branch!r}. Remedy: git branch --list 'learning/*' "
            "shows those that baton learn apply made"
        )
    folder = await _worktree_of(project.root, branch)
    if folder is None:
        folder = (data_dir / WORKTREES / branch.replace("/", "-")).resolve()
        await git(project.root, "worktree", "prune")
        await git(project.root, "worktree", "add", "--quiet", str(folder), branch)
    # The project may be a folder inside the repository.
    prefix = await git(project.root, "rev-parse", "--show-prefix")
    return Source(replace(project, root=folder / prefix), revision)


async def merge(root: Path, branch: str) -> str:
    """Bring a branch into the one that is checked out, where that touches nobody's work.

    Returns:
        "" when it is done, else the command that does it once what is in the way is settled.
    """
    code, _ = await _git(root, "merge-base", "--is-ancestor", f"refs/heads/{branch}", "HEAD")
    if not code:
        return ""  # done before
    # Refuses by itself to overwrite changes that are not committed; a conflict is taken back.
    code, _ = await _git(root, *_OURS, "merge", "--no-edit", "--quiet", f"refs/heads/{branch}")
    if code:
        await _git(root, "merge", "--abort")
        return f"git -C {root} merge {branch}"
    return ""


async def git(root: Path, *arguments: str) -> str:
    """Run git in a folder and return what it says. Raises GitFailed."""
    code, said = await _git(root, *arguments)
    if code:
        raise GitFailed(f"git {arguments[0]} failed in {root}: {said}")
    return said


async def _worktree_of(root: Path, branch: str) -> Path | None:
    """Return the folder in which a branch is checked out already."""
    folder: Path | None = None
    for line in (await git(root, "worktree", "list", "--porcelain")).splitlines():
        if line.startswith("worktree "):
            folder = Path(line.removeprefix("worktree "))
        elif line == f"branch refs/heads/{branch}" and folder is not None and folder.is_dir():
            return folder
    return None


async def _git(root: Path, *arguments: str) -> tuple[int, str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    try:
        process = await asyncio.create_subprocess_exec(
            *("git", "-C", str(root), *arguments),
            env=clean | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError:
        raise GitFailed(
            "git is not installed. Remedy: install it, or train without --branch"
        ) from None
    out, errors = await process.communicate()
    return process.returncode or 0, (out if not process.returncode else errors).decode().strip()
