"""The steps before a start: embedding model, index, Rasa model; skipped when unchanged."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from baton.launcher.data_dir import DataDir
from baton.launcher.system import RASA_PYTHON, ROOT, CannotRun

#: What a private data folder takes over from the main one instead of making it again.
SHARED_ARTEFACTS = ("models", "kb", "rasa")


class StepFailed(CannotRun):
    """A set-up step ended with an error; its own output says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One `baton` command that makes an artefact."""

    title: str
    arguments: tuple[str, ...]


STEPS = (
    Step("embedding model", ("model", "export", "bundled")),
    # a worse index is refused, loudly: Baton then starts with the live one
    Step("knowledge base index", ("kb", "build", "--keep-live")),
    # a worse model is refused as loudly, and one that was promoted stays
    Step("Rasa model", ("train", "--keep-live")),
)


def prepare(data: DataDir, *, say: Callable[[str], None], output: IO[str] | None = None) -> None:
    """Run each step for this data folder, its output passed through: to `output`, or as it comes.

    Raises:
        StepFailed: names the step and the command that shows the fault again.
    """
    if not RASA_PYTHON.exists():
        raise StepFailed("the environment .venv-rasa is missing. Remedy: make setup")
    data.create()
    take_over(ROOT / "var", data.path)
    environment = os.environ | {"BATON_DATA_DIR": str(data.path.resolve())}
    for number, step in enumerate(STEPS, start=1):
        say(f"[{number}/{len(STEPS)}] {step.title}")
        command = [sys.executable, "-m", "baton", *step.arguments]
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=output, check=False)
        if code := done.returncode:
            shown = " ".join(("baton", *step.arguments))
            raise StepFailed(
                f"the step «{step.title}» failed (exit code {code}). To see it again: {shown}"
            )


def take_over(source: Path, target: Path) -> None:
    """Hard-link artefacts of the main data folder into a new one: same bytes, no work, no space."""
    if source.resolve() == target.resolve():
        return
    for name in SHARED_ARTEFACTS:
        if (source / name).is_dir() and not (target / name).exists():
            shutil.copytree(
                source / name, target / name, symlinks=True, copy_function=_link_or_copy
            )


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
