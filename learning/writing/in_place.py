"""Changes put into a plain folder all or none: old files are kept, a journal says how far it is."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from learning.writing.errors import NotWritten
from learning.writing.tree import FileChange

JOURNAL = "journal.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup; hashes tell whose content stands there. "": no file."""

    path: str
    before: str  #: sha256
    after: str  #: sha256


@dataclass(frozen=True, slots=True)
class Journal:
    """What is being put in place, and what is noted once it is."""

    state: str  #: staged: it shall be put in place; done; undone: the old files are back
    entries: tuple[Entry, ...]
    decision_ids: tuple[str, ...]
    suggestion_ids: tuple[str, ...]


def backups(data_dir: Path) -> Path:
    """Return the folder of backups."""
    return data_dir / "learning" / "backups"


def stage(
    folder: Path,
    changes: Sequence[FileChange],
    *,
    decision_ids: Sequence[str],
    suggestion_ids: Sequence[str],
) -> None:
    """Keep old and new files below `folder`, and last the journal: from then on it shall happen."""
    entries = []
    for change in changes:
        _write(folder / "new" / change.path, change.after)
        if change.before is not None:
            _write(folder / "old" / change.path, change.before)
        before = "" if change.before is None else _hash(change.before)
        entries.append(Entry(change.path, before, _hash(change.after)))
    journal = Journal("staged", tuple(entries), tuple(decision_ids), tuple(suggestion_ids))
    write_journal(folder, journal)


def put_in_place(root: Path, folder: Path) -> Journal:
    """Replace the files that a journal names by the new ones; safe to do again after a crash.

    Raises:
        NotWritten: a file was changed by somebody meanwhile, or cannot be replaced. Then all
            stand as they did before.
    """
    journal = read_journal(folder)
    if journal is None or journal.state != "staged":
        raise NotWritten(f"{folder / JOURNAL}: nothing is to be put in place")
    _require_known(root, journal)
    try:
        for entry in journal.entries:
            _replace(root / entry.path, (folder / "new" / entry.path).read_bytes())
    except OSError as error:
        _roll_back(root, folder, journal)
        name = error.filename2 or error.filename
        raise NotWritten(
            f"{name}: cannot be written ({error.strerror}); make it writable. Nothing was changed"
        ) from error
    return journal


def undo(root: Path, folder: Path) -> Journal:
    """Bring the old files back. Raises NotWritten: no such backup, or a file changed since."""
    journal = read_journal(folder)
    if journal is None or journal.state != "done":
        raise NotWritten(f"{folder.name}: no such backup, or it was brought back already")
    _require_known(root, journal)
    _roll_back(root, folder, journal)
    return journal


def read_journal(folder: Path) -> Journal | None:
    """Return what a folder's journal says; None: there is none, so nothing was to happen."""
    try:
        content: dict[str, Any] = json.loads((folder / JOURNAL).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return Journal(
        state=content["state"],
        entries=tuple(Entry(**entry) for entry in content["entries"]),
        decision_ids=tuple(content["decision_ids"]),
        suggestion_ids=tuple(content["suggestion_ids"]),
    )


def write_journal(folder: Path, journal: Journal) -> None:
    """Write a folder's journal, whole or not at all."""
    _write(folder / JOURNAL, json.dumps(asdict(journal), ensure_ascii=False, indent=1).encode())


def unfinished(data_dir: Path) -> list[Path]:
    """Return the backups whose files are not surely in place, the oldest first."""
    folders = [path.parent for path in backups(data_dir).glob(f"*/{JOURNAL}")]
    found = [folder for folder in folders if (j := read_journal(folder)) and j.state == "staged"]
    return sorted(found, key=lambda folder: (folder / JOURNAL).stat().st_mtime)


def _require_known(root: Path, journal: Journal) -> None:
    for entry in journal.entries:
        if _hash_of(root / entry.path) not in {entry.before, entry.after}:
            raise NotWritten(
                f"{entry.path}: was changed meanwhile; put that aside, or remove the file "
                f"{JOURNAL} of the backup to give this up"
            )


def _roll_back(root: Path, folder: Path, journal: Journal) -> None:
    for entry in journal.entries:
        file = root / entry.path
        if _hash_of(file) == entry.before:
            continue
        if entry.before:
            _replace(file, (folder / "old" / entry.path).read_bytes())
        else:
            file.unlink(missing_ok=True)


def _replace(file: Path, content: bytes) -> None:
    """Write beside a file, then take its place, keeping who may read it."""
    if file.exists() and not os.access(file, os.W_OK):
        raise PermissionError(13, "it is write-protected", str(file))
    with contextlib.suppress(FileNotFoundError):
        if file.read_bytes() == content:
            return
    _write(file, content)


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            beside.chmod(file.stat().st_mode & 0o777)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_of(file: Path) -> str:
    try:
        return _hash(file.read_bytes())
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise NotWritten(f"{file}: cannot be read ({error.strerror}); make it readable") from error
