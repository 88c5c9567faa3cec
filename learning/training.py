"""Train the Rasa model of this project; what did not change is not trained again."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_index.model_settings import read_settings
from learning.data_files import KINDS, check_files
from learning.errors import TrainingFailed

#: Models kept besides the current one, newest first, so that going back costs nothing.
KEPT = 5
#: Files and folders whose content decides what the model is.
INPUTS = (
    *("config.yml", "bot/domain", "bot/components", "bot/patches.py", "bot/train.py"),
    *("data/nlu", "data/rules", "data/stories", "data/products.yml"),
    *("data/handoff_rules.yml", "handoff_rules"),
)
_SUFFIXES = frozenset({".yml", ".py"})


@dataclass(frozen=True, slots=True)
class Project:
    """Where the parts of one training lie."""

    root: Path  #: folder of config.yml, bot/ and data/
    rasa_python: Path  #: interpreter of Rasa's environment
    model_dir: Path  #: exported embedding model
    models: Path  #: folder of trained models, DATA/rasa/models

    def current(self) -> Path | None:
        """Return the model that serves, or would; None before the first training."""
        file = self.models / Path(str(self.record().get("file", ""))).name
        return file if file.is_file() else None

    def before(self) -> Path | None:
        """Return the model that served before the current one; None: none is there any more."""
        names = self.record().get("formerly", [])
        files = [self.models / Path(str(name)).name for name in names]
        return next((file for file in reversed(files) if file.is_file()), None)

    def is_left(self, file: Path) -> bool:
        """Whether somebody chose that another model serves instead of what the content makes."""
        return self.current() is not None and self.record().get("instead_of") == file.name

    def record(self) -> dict[str, Any]:
        """Return what is noted of the current model (`make_current`); {} before the first."""
        try:
            found = json.loads((self.models / "current.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def model_file(self) -> Path:
        """Return the file of the model that the project's present content makes.

        Raises:
            kb_index.errors.ModelMissing, kb_index.errors.ModelBroken: no embedding model.
        """
        digest = hashlib.sha256(read_settings(self.model_dir).fingerprint.encode())
        for file in self._inputs():
            digest.update(str(file.relative_to(self.root)).encode() + b"\0")
            digest.update(file.read_bytes() + b"\0")
        return self.models / f"{digest.hexdigest()[:16]}.tar.gz"

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """Return the environment of commands that run in Rasa's Python."""
        folder = cache or self.models.parent / "cache"
        return os.environ | {
            "PYTHONPATH": str(self.root),
            "BATON_MODEL_DIR": str(self.model_dir.resolve()),
            "RASA_CACHE_DIRECTORY": str(folder.resolve()),
        }

    def _inputs(self) -> Iterator[Path]:
        for name in INPUTS:
            path = self.root / name
            files = [path] if path.is_file() else sorted(path.rglob("*"))
            yield from (file for file in files if file.suffix in _SUFFIXES)


def train(project: Project, file: Path, *, say: Callable[[str], None]) -> None:
    """Train the project's present content into `file`, telling `say` what happens.

    Raises:
        DataBroken: training files with faults, each named.
        TrainingFailed: Rasa refused; the message holds its words.
    """
    run_in_rasa(project, training_command(project, file), say=say)


def training_command(project: Project, file: Path) -> list[str]:
    """Check the training files and return the command that trains them into `file`.

    Raises:
        DataBroken: training files with faults, each named.
    """
    root = project.root
    check_files(root / "data", root / "bot" / "domain")
    data = [root / "data" / name for name in KINDS]
    return [
        *(str(project.rasa_python), "-m", "bot.train"),
        *("--config", str(root / "config.yml"), "--domain", str(root / "bot" / "domain")),
        *("--data", *(str(folder) for folder in data if folder.is_dir())),
        *("--out", str(file)),
    ]


def run_in_rasa(
    project: Project, command: list[str], *, say: Callable[[str], None], cache: Path | None = None
) -> None:
    """Run a command in Rasa's environment, passing on its progress lines.

    `cache` is where Rasa keeps what it may use again; by default beside the project's models.

    Raises:
        TrainingFailed: it ended with an error; the message holds its last words.
    """
    errors: list[str] = []
    with subprocess.Popen(  # noqa: S603 (our own program)
        command,
        cwd=project.root,
        env=project.environment(cache),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        for line in process.stderr or ():
            text = line.strip()
            if text.startswith("error: "):
                errors.append(text.removeprefix("error: "))
            elif text.endswith(("…", " s")):
                say(text)
    if process.returncode:
        raise TrainingFailed("\n".join(errors) or f"Rasa ended with code {process.returncode}")


def make_current(project: Project, file: Path) -> None:
    """Name `file` the model to serve, and remove models that are long out of use.

    Which models served before is kept, the last the nearest, and so are those models: going back to
    one of them forgets those after it. While the project's content is what another model would be
    made from, that is noted: training it again is nobody's wish (`Project.is_left`).
    """
    before, wanted = project.record(), project.model_file().name
    formerly = [name for name in before.get("formerly", []) if (project.models / name).is_file()]
    if file.name in formerly:
        formerly = formerly[: formerly.index(file.name)]
    elif before.get("file") not in {None, file.name}:
        formerly = [*formerly, before["file"]][-KEPT:]
    record = {
        "file": file.name,
        "hash": file.name.split(".")[0],
        "trained_ms": _now_ms(),
        "formerly": formerly,
        "instead_of": "" if wanted == file.name else wanted,
    }
    beside = project.models / f".current.{os.getpid()}"
    beside.write_text(json.dumps(record), encoding="utf-8")
    beside.replace(project.models / "current.json")
    spared = {file.name, *formerly}
    others = [one for one in project.models.glob("*.tar.gz") if one.name not in spared]
    for old in sorted(others, key=lambda model: -model.stat().st_mtime)[KEPT:]:
        phrases_file(old).unlink(missing_ok=True)
        old.unlink()


def phrases_file(model: Path) -> Path:
    """Return the file beside a model that names the phrases it was trained on."""
    return model.with_name(f"{model.name.split('.')[0]}.phrases.json")


def _now_ms() -> int:
    return int(time.time() * 1000)
