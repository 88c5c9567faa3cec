"""Sets a simulated quarter up in a folder: project in a git checkout, first bot, empty history."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from handoff_service.archive.database import open_database
from learning.errors import LearningError
from learning.jobs.tools import Tools
from learning.metrics import OOS
from learning.nlu_evaluation import Labelled
from learning.quarter.bot import everyday_phrases, intent_name, make_project
from learning.quarter.world import World
from learning.training import Project, make_current, train
from learning.writing.new_intents import add_to_domain, add_to_rule
from learning.writing.tree import Tree


class NoGit(LearningError):
    """A quarter needs git: what was learned is taken back by branches."""

    code = "no_git"


def outside_of(source: Project) -> list[Labelled]:
    """Return the project's own texts about nothing of ours, every other one for customers."""
    return [Labelled(text, OOS) for text in everyday_phrases(source.root, "out_of_scope")[1::2]]


@asynccontextmanager
async def quarter_in(
    folder: Path, source: Project, world: World, *, say: Callable[[str], None]
) -> AsyncIterator[Tools]:
    """Make the bot and an empty history in an empty folder; yield what jobs work with.

    Raises:
        NoGit: git cannot be run.
        TrainingFailed: the first bot cannot be trained.
    """
    root, data_dir = folder / "project", folder / "var"
    own = everyday_phrases(source.root, "out_of_scope")[::2]
    begins_with = [*world.begins_with, *(Labelled(text, OOS) for text in own)]
    project = make_project(source, root, begins_with, models=data_dir / "rasa" / "models")
    name_intents(root, sorted(world.known))
    _git(root, "init", "--quiet", "--initial-branch", "main")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "What the bot knows at the beginning")
    model = project.model_file()
    await asyncio.to_thread(train, project, model, say=say)
    make_current(project, model)
    database = await open_database(f"sqlite+aiosqlite:///{data_dir / 'baton.db'}")
    try:
        yield Tools(database=database, project=project, data_dir=data_dir)
    finally:
        await database.close()


def name_intents(root: Path, labels: list[str]) -> None:
    """Put the intents of `labels` into the domain, and let them be looked up in articles."""
    tree = Tree(root)
    for label in labels:
        for folder, add in (("bot/domain", add_to_domain), ("data/rules", add_to_rule)):
            name, text = add(tree.texts(folder, ".yml"), intent_name(label))
            tree.put(name, text)
    for change in tree.changes():
        (root / change.path).write_bytes(change.after)


def drop_branch(root: Path, branch: str) -> None:
    """Give up what a branch holds, as a maintainer does with what was refused."""
    _git(root, "worktree", "prune")
    _git(root, "branch", "--delete", "--force", branch)


def _git(root: Path, *arguments: str) -> None:
    name = ("-c", "user.name=Simulation", "-c", "user.email=simulation@example.org")
    command = ["git", "-C", str(root), *name, *arguments]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own words)
    except FileNotFoundError:
        raise NoGit("git is not there. Remedy: install git") from None
    except subprocess.CalledProcessError as error:
        raise NoGit(f"git {arguments[0]}: {error.stderr.strip()}") from error
