"""Takes a person's words out of every copy of the project: the folder, worktrees, backups."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from learning.errors import LearningError
from learning.forgetting.lines import split_provenance, without_items
from learning.writing.in_place import Entry, read_journal, write_journal

#: Side files that say where lines of other files came from, below a copy.
LEARNED = "data/learned"
DRAFTS = "data/kb_drafts"
#: Copies of the project below the data folder.
COPIES = ("learning/worktrees", "learning/backups")


class NotForgotten(LearningError):
    """A file cannot be read or replaced; the text names it."""

    code = "not_forgotten"


@dataclass(slots=True)
class Forgotten:
    """What was taken out."""

    counts: Counter[str] = field(default_factory=Counter)  #: kind → lines or files
    #: Copy → its files that changed.
    changed: dict[Path, set[Path]] = field(default_factory=dict)
    #: Drafts that quoted them and are elsewhere now: as articles, perhaps.
    to_check: list[str] = field(default_factory=list)


def copies_of(root: Path, data_dir: Path) -> list[Path]:
    """Return the project's folder, then the folders that may hold parts of it."""
    found = [root]
    for name in COPIES:
        folder = data_dir / name
        found += sorted(path for path in folder.glob("*") if path.is_dir())
    return found


@dataclass(frozen=True, slots=True)
class Theirs:
    """What side files say that came of somebody."""

    texts: frozenset[str]  #: every line of theirs
    phrases: frozenset[str]  #: of these, what is trained with
    day: str  #: YYYY-MM-DD, when the first of the phrases was written; "": none is
    entries: tuple[dict[str, Any], ...]  #: as the side files have them, each once


def find_theirs(root: Path, data_dir: Path, conversation_ids: Collection[str]) -> Theirs:
    """Return what came of these conversations. Raises NotForgotten: a file cannot be read."""
    entries = [
        entry
        for copy in copies_of(root, data_dir)
        for side in _sides(copy)
        for entry in split_provenance(_read(side), conversation_ids)[1]
    ]
    trained = [e for e in entries if str(e.get("file") or "").startswith("data/nlu/")]
    return Theirs(
        frozenset(str(entry["text"]) for entry in entries if entry.get("text")),
        frozenset(str(entry["text"]) for entry in trained if entry.get("text")),
        min((str(entry.get("at") or "1970-01-01") for entry in trained), default=""),
        tuple({repr(entry): entry for entry in entries}.values()),
    )


def forget_in_files(root: Path, data_dir: Path, conversation_ids: Collection[str]) -> Forgotten:
    """Take out phrases, held-out phrases, pinned questions and drafts of these conversations.

    Which lines these are the side files say; a side file changes last, so that whoever is
    interrupted finds the rest again. Safe to repeat.

    Raises:
        NotForgotten: a file cannot be read or written.
    """
    forgotten = Forgotten()
    copies = copies_of(root, data_dir)
    sides = [
        (copy, side, *split_provenance(_read(side), conversation_ids))
        for copy in copies
        for side in _sides(copy)
    ]
    entries = [entry for _, _, _, theirs in sides for entry in theirs]
    texts: dict[str, set[str]] = {}
    for entry in entries:
        texts.setdefault(str(entry.get("file") or ""), set()).add(str(entry.get("text") or ""))
    texts.pop("", None)
    forgotten.to_check = sorted(
        name for name in texts if name.startswith(f"{DRAFTS}/") and not (root / name).exists()
    )
    for copy in copies:
        for name, gone in texts.items():
            for path in _files(copy, name):
                _forget_in(path, name, gone, forgotten, is_copy=copy != root)
                forgotten.changed.setdefault(copy, set()).add(path)
    for copy, side, kept, theirs in sides:
        if theirs:
            _write(side, kept)
            kind = side.stem if copy == root else "copies"
            forgotten.counts[kind] += len(theirs)
            forgotten.changed.setdefault(copy, set()).add(side)
    for copy in forgotten.changed:
        _renew_journal(copy)
    return forgotten


def _renew_journal(backup: Path) -> None:
    """Let a backup know its files as they are now, so that it can still be brought back."""
    journal = read_journal(backup)
    if journal is not None:
        entries = (
            Entry(
                entry.path, _hash(backup / "old" / entry.path), _hash(backup / "new" / entry.path)
            )
            for entry in journal.entries
        )
        known = tuple(entry for entry in entries if entry.before or entry.after)
        write_journal(backup, replace(journal, entries=known))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _forget_in(
    path: Path, name: str, gone: set[str], forgotten: Forgotten, *, is_copy: bool
) -> None:
    if name.startswith(f"{DRAFTS}/"):
        path.unlink(missing_ok=True)
        forgotten.counts["copies" if is_copy else "draft_files"] += 1
        return
    text, count = without_items(_read(path), gone)
    if count:
        _write(path, text)
        kind = "pinned_questions" if name.startswith("data/kb/") else "phrases"
        forgotten.counts["copies" if is_copy else kind] += count


def _sides(copy: Path) -> Iterator[Path]:
    direct = copy / LEARNED
    found = direct.glob("*.jsonl") if direct.is_dir() else copy.rglob(f"{LEARNED}/*.jsonl")
    yield from sorted(found)


def _files(copy: Path, name: str) -> Iterator[Path]:
    """Yield the file of this name in a copy; in a backup it may lie deeper."""
    if name.startswith("/") or ".." in Path(name).parts:
        return
    if (copy / name).is_file():
        yield copy / name
    elif not (copy / "data").is_dir():
        yield from (path for path in sorted(copy.rglob(name)) if path.is_file())


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise NotForgotten(
            f"{path}: cannot be read ({error}); mend it, it is tried again"
        ) from error


def _write(path: Path, text: str) -> None:
    """Replace a file as a whole: whoever reads sees the old one or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NotForgotten(
            f"{path}: cannot be written ({error.strerror}); mend it, it is tried again"
        ) from error
