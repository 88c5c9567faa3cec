"""Keeps the versions of the index in order: which is live, which are kept.

<kb>/versions/<version>/
<kb>/current -> versions/<version>
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_index.errors import IndexBroken, IndexMissing, VersionMissing
from kb_index.history import Event, Kind, formerly_live, read_history, record
from kb_index.links import point_to
from kb_index.manifest import MANIFEST_FILE, Manifest, read_manifest

#: How many versions stay on disk, the live one and the one to go back to included.
KEEP_VERSIONS = 5
#: Folders of this name are being removed, or were left by a build that was killed.
_UNFINISHED = "."


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


def list_versions(kb_dir: Path) -> list[Manifest]:
    """Return the manifests of all finished versions, the last touched first.

    A version is touched when it is built, refused, made live or taken back.
    """
    found = (_manifest(kb_dir, name) for name in _last_touched_first(kb_dir))
    return [one for one in found if one is not None]


def make_live(kb_dir: Path, version: str) -> None:
    """Point `current` at a version, in one step."""
    point_to(kb_dir / "current", f"versions/{version}")


def go_live(kb_dir: Path, version: str, *, now_ms: int, reasons: tuple[str, ...] = ()) -> None:
    """Make a version live, remember it, and remove versions that are too old.

    `reasons` spoke against it and were overruled.
    """
    before = _live_or_none(kb_dir)
    make_live(kb_dir, version)
    if before != version:
        record(kb_dir, Event(now_ms, Kind.LIVE, version, before, reasons))
    prune_versions(kb_dir)


def refuse(kb_dir: Path, version: str, *, now_ms: int, reasons: tuple[str, ...]) -> None:
    """Remember that a version was refused; it stays on disk to be looked at."""
    record(kb_dir, Event(now_ms, Kind.REFUSED, version, _live_or_none(kb_dir), reasons))
    prune_versions(kb_dir)


def go_back(kb_dir: Path, version: str, *, now_ms: int) -> None:
    """Make a version live in place of the live one, which a build will not make live again.

    Raises:
        VersionMissing: there is no such version on disk.
    """
    require_version(kb_dir, version)
    before = live_version(kb_dir)
    make_live(kb_dir, version)
    record(kb_dir, Event(now_ms, Kind.ROLLED_BACK, version, before))


def version_before(kb_dir: Path) -> str:
    """Return the version that was live before the live one, of those still on disk.

    Raises:
        IndexMissing: nothing was built yet.
        VersionMissing: there is none to go back to.
    """
    live = live_version(kb_dir)
    on_disk = {one.version for one in list_versions(kb_dir)} - {live}
    for version in reversed(formerly_live(read_history(kb_dir))):
        if version in on_disk:
            return version
    raise VersionMissing(f"{kb_dir}: no version was live before {live}; nothing to go back to")


def require_version(kb_dir: Path, version: str) -> Path:
    """Return the folder of a version that is on disk.

    Raises:
        VersionMissing: it is not; names those that are.
    """
    known = [one.version for one in list_versions(kb_dir)]
    if version not in known:
        choices = ", ".join(known) or "none; run `baton kb build`"
        raise VersionMissing(f"{kb_dir}: no version {version}; on disk: {choices}")
    return version_folder(kb_dir, version)


def prune_versions(kb_dir: Path, *, keep: int = KEEP_VERSIONS) -> list[str]:
    """Remove the versions touched longest ago beyond `keep`; return their names.

    Never the live one nor the one to go back to. A process that has a version open keeps it: its
    files are mapped or read when it is opened. The folder loses its name first, so that no one
    finds half a version.
    """
    names = _last_touched_first(kb_dir)
    spared = {live_version(kb_dir), *formerly_live(read_history(kb_dir))[-1:]} & set(names)
    others = [name for name in names if name not in spared]
    old = others[max(0, keep - len(spared)) :]
    for name in old:
        folder = version_folder(kb_dir, name)
        nameless = folder.with_name(f"{_UNFINISHED}old-{name}")
        shutil.rmtree(nameless, ignore_errors=True)
        folder.rename(nameless)
        shutil.rmtree(nameless)
    return old


@contextmanager
def one_build_at_a_time(kb_dir: Path) -> Iterator[None]:
    """Wait until no other process builds or swaps versions here; clear what a killed one left."""
    kb_dir.mkdir(parents=True, exist_ok=True)
    with (kb_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in kb_dir.glob(f"versions/{_UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)
        yield


def _last_touched_first(kb_dir: Path) -> list[str]:
    """Return the names of all finished versions, usable or not."""
    touched: dict[str, int] = {}
    for path in kb_dir.glob(f"versions/*/{MANIFEST_FILE}"):
        name = path.parent.name
        if not name.startswith(_UNFINISHED):
            manifest = _manifest(kb_dir, name)
            touched[name] = manifest.built_ms if manifest else int(path.stat().st_mtime * 1000)
    for event in read_history(kb_dir):
        for name in {event.version, event.before} & set(touched):
            touched[name] = max(touched[name], event.at_ms)
    return sorted(touched, key=lambda name: (-touched[name], name))


def _manifest(kb_dir: Path, version: str) -> Manifest | None:
    try:
        return read_manifest(version_folder(kb_dir, version))
    except IndexBroken:
        return None  # damaged, or of a Baton with other manifests


def _live_or_none(kb_dir: Path) -> str:
    try:
        return live_version(kb_dir)
    except IndexMissing:
        return ""
