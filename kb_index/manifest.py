"""Says what an index was made from, so that a reader can refuse one that does not fit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb_index.analyzers import ANALYZER_VERSION
from kb_index.chunking import CHUNKER
from kb_index.errors import IndexBroken, IndexMismatch
from kb_index.model_settings import ModelSettings

MANIFEST_FILE = "manifest.json"
#: Layout of the version folder; raise it when files change their meaning.
FORMAT = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """The inputs of an index; `articles` maps locale/id to the content's hash."""

    version: str
    model_fingerprint: str
    dimension: int
    chunker: dict[str, int]
    analyzer: int
    format: int
    articles: dict[str, str]
    n_chunks: int
    built_ms: int

    def write(self, folder: Path) -> None:
        """Write it into the version folder."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")

    def require_fit(self, folder: Path, *, model: ModelSettings) -> None:
        """Raise IndexMismatch unless this code and `model` can read the index."""
        checks = (
            ("embedding model", self.model_fingerprint, model.fingerprint),
            ("vector size", self.dimension, model.dimension),
            ("chunker", self.chunker, CHUNKER),
            ("analyzer", self.analyzer, ANALYZER_VERSION),
            ("file layout", self.format, FORMAT),
        )
        for what, index_has, needed in checks:
            if index_has != needed:
                raise IndexMismatch(str(folder), what=what, index_has=index_has, needed=needed)


def name_version(articles: dict[str, str], *, model_fingerprint: str, synonyms: str = "") -> str:
    """Name a version by its inputs: equal inputs, equal name (16 hexadecimal digits)."""
    inputs = [articles, model_fingerprint, synonyms, CHUNKER, ANALYZER_VERSION, FORMAT]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a version folder.

    Raises:
        IndexBroken: it is missing or unreadable.
    """
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return Manifest(**raw)
    except (OSError, ValueError, TypeError) as error:
        raise IndexBroken(str(folder), f"{MANIFEST_FILE}: {error}") from error
