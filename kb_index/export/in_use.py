"""Says which exported model is in use, and puts another in its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb_index.embedding import Embedder
from kb_index.errors import ModelMissing
from kb_index.links import point_to
from kb_index.model_settings import SETTINGS_FILE


@dataclass(frozen=True, slots=True)
class Replaced:
    """The names of the folders: the model in use now, and the one before ("": none)."""

    now: str
    before: str


def put_in_use(models_dir: Path, name: str) -> Replaced:
    """Point `models_dir/current` at the model's folder, after a trial that it can be loaded.

    Index and Rasa model belong to the model that they were made with: make them anew.

    Raises:
        ModelMissing: there is no such folder, or a file of it is missing.
        ModelBroken: it cannot be loaded.
    """
    if name not in list_models(models_dir):
        there = ", ".join(list_models(models_dir)) or "none"
        raise ModelMissing(str(models_dir / name), f"there are: {there}; {SETTINGS_FILE}")
    Embedder.load(models_dir / name)
    link = models_dir / "current"
    before = link.resolve().name if link.exists() else ""
    point_to(link, name)
    return Replaced(now=name, before=before)


def list_models(models_dir: Path) -> list[str]:
    """Return the names of the model folders, without the link and what is being made."""
    folders = (file.parent for file in models_dir.glob(f"*/{SETTINGS_FILE}"))
    return sorted(one.name for one in folders if not one.is_symlink() and one.name[0] != ".")
