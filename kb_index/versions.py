"""Keeps the versions of the index in order: which is live, which are kept.

<kb>/versions/<version>/
<kb>/current -> versions/<version>
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kb_index.errors import IndexMissing
from kb_index.links import point_to
from kb_index.manifest import MANIFEST_FILE, read_manifest

#: How many versions stay on disk, the live one included.
KEEP_VERSIONS = 5


def live_version(kb_dir: Path) -> str:
    """Return the name of the version that `current` points to: one readlink.

    Raises:
        IndexMissing: nothing was built yet.
    """
    try:
        return Path(os.readlink(kb_dir / "current")).name
    except OSError as error:
        raise IndexMissing(str(kb_dir)) from error


def version_folder(kb_dir: Path, version: str) -> Path:
    """Return the folder of a version."""
    return kb_dir / "versions" / version


def make_live(kb_dir: Path, version: str) -> None:
    """Point `current` at a version, in one step."""
    point_to(kb_dir / "current", f"versions/{version}")


def prune_versions(kb_dir: Path, *, keep: int = KEEP_VERSIONS) -> list[str]:
    """Remove the oldest versions beyond `keep`, never the live one; return their names."""
    live = live_version(kb_dir)
    manifests = [read_manifest(path.parent) for path in kb_dir.glob(f"versions/*/{MANIFEST_FILE}")]
    others = [manifest for manifest in manifests if manifest.version != live]
    old = sorted(others, key=lambda manifest: -manifest.built_ms)[keep - 1 :]
    for manifest in old:
        shutil.rmtree(version_folder(kb_dir, manifest.version))
    return [manifest.version for manifest in old]
