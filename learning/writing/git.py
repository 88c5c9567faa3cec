"""Changes as a commit on a branch of its own, in a worktree: the maintainer's is never touched."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from learning.writing.errors import GitRefused
from learning.writing.tree import FileChange

#: Branches of ours begin so; behind it the day and something of the job's id.
BRANCHES = "learning/"
#: Longest that one call of git may take (s): nothing of it uses the network.
TIMEOUT_S = 120.0
#: A commit says so of which job it is, so that a job done twice commits once.
TRAILER = "Baton-Job"
#: What a plan reads of a project.
READ = ("data", "bot/domain")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A project folder in a git checkout that has a commit."""

    root: Path  #: of the project, which may be a folder of a larger repository
    prefix: str  #: from the repository's folder to the project's, "" or with / at the end

    def branch(self) -> str:
        """Return the branch that is checked out, "" when none is."""
        return self.run("branch", "--show-current").strip()

    def unsaved(self) -> list[str]:
        """Return files of training and articles that hold what no commit does."""
        lines = self.run("status", "--porcelain", "-z", "--no-renames", "--", *READ).split("\0")
        return [line[3:] for line in lines if line]

    def unmerged(self) -> list[str]:
        """Return our branches that are not in what is checked out, the newest first."""
        found = self.run(
            "for-each-ref", "--no-merged=HEAD", "--sort=-committerdate",
            "--format=%(refname:short)", f"refs/heads/{BRANCHES}",
        )  # fmt: skip
        return found.split()

    def base(self) -> str:
        """Return where new work begins: at the latest of our branches that goes on from HEAD."""
        for branch in self.unmerged():
            if self.has("merge-base", "--is-ancestor", "HEAD", branch):
                return branch
        return "HEAD"

    def extract(self, base: str, folder: Path) -> None:
        """Put the files that a plan reads, as they are at `base`, below `folder`.

        Raises GitRefused: there is no such branch.
        """
        commit = self._commit(base)
        tree = f"{commit}:{self.prefix}"
        held = self.run("ls-tree", "--full-tree", "--name-only", "-d", tree).split()
        paths = [path for path in READ if path.split("/")[0] in held]
        packed = self.run_bytes("archive", "--format=tar", commit, "--", *paths)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")

    def find_commit(self, branch: str, job_id: str) -> str | None:
        """Return the commit that a job has made on its branch; None: none yet."""
        if not self.has("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"):
            return None
        said = self.run("log", "-1", f"--format=%H %(trailers:key={TRAILER},valueonly)", branch)
        commit, _, job = said.strip().partition(" ")
        return commit if job.strip() == job_id else None

    def begin(self, branch: str, base: str, worktree: Path) -> None:
        """Make a worktree with a new branch; what an interrupted try left is removed first."""
        self.remove(branch, worktree)
        worktree.parent.mkdir(parents=True, exist_ok=True)
        start = self._commit(base)
        self.run("worktree", "add", "--quiet", "-b", branch, str(worktree), start)

    def commit(
        self,
        worktree: Path,
        changes: Sequence[FileChange],
        *,
        message: str,
        author: str,
        job_id: str,
    ) -> str:
        """Write files into a worktree and commit them; return the commit.

        Args:
            worktree: Made by `begin`.
            changes: What to write, below the project's folder.
            message: What they are.
            author: As git writes one, `Name <mail>`.
            job_id: Of the job whose work this is.
        """
        own = Checkout(worktree / self.prefix, self.prefix)
        for change in changes:
            file = own.root / change.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(change.after)
        paths = [change.path for change in changes]
        own.run("add", "--force", "--", *paths)
        own.run(
            *("-c", "user.name=Baton", "-c", "user.email=baton@localhost"),
            *("-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"),
            *("commit", "--quiet", "--no-verify", "--author", author, "--cleanup=verbatim"),
            *("--message", f"{message}\n\n{TRAILER}: {job_id}\n"),
        )
        return own.run("rev-parse", "HEAD").strip()

    def remove(self, branch: str, worktree: Path) -> None:
        """Remove a branch of ours and its worktree, as far as they are there."""
        if worktree.exists():
            self.has("worktree", "remove", "--force", "--force", str(worktree))
            shutil.rmtree(worktree, ignore_errors=True)
        self.run("worktree", "prune")
        if self.has("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"):
            self.run("branch", "--quiet", "-D", branch)

    def commits(self, branch: str) -> list[str]:
        """Return the commits of a branch that are not in what is checked out."""
        return self.run("log", "--format=%H", f"HEAD..refs/heads/{branch}", "--").split()

    def has(self, *arguments: str) -> bool:
        """Whether git says yes."""
        return _call(self.root, arguments).returncode == 0

    def run(self, *arguments: str) -> str:
        """Return what git prints. Raises GitRefused."""
        return self.run_bytes(*arguments).decode("utf-8", "replace")

    def run_bytes(self, *arguments: str) -> bytes:
        """Return what git prints. Raises GitRefused."""
        done = _call(self.root, arguments)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise GitRefused(f"git {_verb(arguments)} in {self.root}: {said}")
        return done.stdout

    def _commit(self, name: str) -> str:
        return self.run("rev-parse", "--verify", f"{name}^{{commit}}").strip()


def find_checkout(root: Path) -> Checkout | None:
    """Return the checkout that keeps the project's files; None: a plain folder."""
    if shutil.which("git") is None:
        return None
    tracked = _call(root, ("ls-files", "--error-unmatch", "config.yml"))
    if tracked.returncode or _call(root, ("rev-parse", "--verify", "HEAD")).returncode:
        return None
    prefix = _call(root, ("rev-parse", "--show-prefix")).stdout.decode().strip()
    return Checkout(root, prefix)


def worktree_of(data_dir: Path, branch: str) -> Path:
    """Return where the worktree of a branch of ours lies."""
    return data_dir / "learning" / "worktrees" / branch.removeprefix(BRANCHES)


def _call(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(  # noqa: S603 (git itself, no shell)
        ["git", "-C", str(folder), *arguments],  # noqa: S607 (wherever the system has it)
        env=clean | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=TIMEOUT_S,
    )


def _verb(arguments: Sequence[str]) -> str:
    words = iter(arguments)
    for word in words:
        if word == "-c":
            next(words)
        else:
            return word
    return ""
