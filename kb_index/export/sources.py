"""Finds the model that is to be exported: bundled, a folder, or a name on the model hub."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb_index.embedding import FloatMatrix
from kb_index.errors import ModelSourceMissing, ModelUnsupported
from kb_index.export import bundled

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: The word on the command line for the model that needs no hub.
BUNDLED = "bundled"
#: Lowest cosine allowed between a model's vectors in fp32 and in int8.
LEAST_INT8 = 0.99


@dataclass(frozen=True)
class ModelSource:
    """A model that can be loaded; `key` changes whenever its files do."""

    name: str
    key: str
    load: Callable[[], SentenceTransformer]
    #: Embeds questions (prefix added by itself) by other code than ours, to check a rebuilt model.
    own_engine: Callable[[list[str]], FloatMatrix] | None = None
    least_int8: float = LEAST_INT8
    #: Key of the model that this one was tuned from.
    tuned_from: str | None = None


def find_source(wanted: str) -> ModelSource:
    """Find the model named `wanted`: "bundled", a folder, or "owner/name" on the hub.

    Loads nothing yet; asks the hub (or its local cache) only for an "owner/name".

    Raises:
        ModelSourceMissing: there is no such thing, or the hub cannot be reached.
    """
    if wanted == BUNDLED:
        weights = bundled.find_weights()
        return ModelSource(
            name=bundled.BUNDLED_NAME,
            key=f"bundled:{_hash_files([weights])}",
            load=lambda: bundled.load_source(weights),
            own_engine=lambda texts: bundled.embed_by_package(weights, texts),
        )
    folder = Path(wanted)
    if folder.is_dir():
        return _folder_source(folder, name=folder.resolve().name)
    if folder.exists() or wanted.startswith((".", "/")) or wanted.count("/") != 1:
        raise ModelSourceMissing(
            f"no model {wanted!r}: give `bundled`, the folder of a sentence-transformers model, "
            "or a name like intfloat/multilingual-e5-small"
        )
    return _folder_source(_fetch(wanted), name=wanted.replace("/", "--"))


def _folder_source(folder: Path, *, name: str) -> ModelSource:
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise ModelSourceMissing(
            f"{folder} holds no sentence-transformers model (neither modules.json nor config.json)"
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return ModelSource(
        name=name,
        key=f"folder:{_hash_files(files)}",
        load=lambda: _load_folder(folder),
    )


def _load_folder(folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelUnsupported(f"{folder} cannot be loaded as a model: {error}") from error


def _fetch(hub_id: str) -> Path:
    """Download a model from the hub, or take it from the hub's local cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    kinds = ["*.json", "*.txt", "*.model", "*.safetensors"]
    try:
        return Path(snapshot_download(hub_id, allow_patterns=kinds))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
        raise ModelSourceMissing(
            f"the model {hub_id} could not be fetched from the hub ({first_line}): check the name "
            "and the network, download it elsewhere and give its folder, or use "
            "`baton model export bundled`"
        ) from error


def _hash_files(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
