"""A project's text files, with edits that nobody else sees until they are put in place."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from learning.writing.errors import NotWritten

#: Lines of a diff that are shown; the rest is counted.
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file as it is and as it shall be."""

    path: str  #: below the project's folder, with /
    before: bytes | None  #: None: there is no such file
    after: bytes

    def diff(self) -> tuple[str, int, int]:
        """Return a unified diff, and how many lines are added and removed."""
        had, has = (_lines(content) for content in (self.before or b"", self.after))
        name = "/dev/null" if self.before is None else f"a/{self.path}"
        lines = list(difflib.unified_diff(had, has, name, f"b/{self.path}", lineterm=""))
        added = sum(line.startswith("+") for line in lines[2:])
        removed = sum(line.startswith("-") for line in lines[2:])
        shown = lines[:MOST_LINES]
        if len(lines) > MOST_LINES:
            shown.append(f"… {len(lines) - MOST_LINES} more lines")
        return "\n".join(shown) + "\n", added, removed


class Tree:
    """The files below a folder; what is put stands over what is on the disk."""

    def __init__(self, root: Path) -> None:
        """Read below `root`."""
        self.root = root
        self._put: dict[str, str] = {}

    def names(self, folder: str, ending: str) -> list[str]:
        """Return the files of a kind below a folder, sorted; what was put included."""
        found = {
            path.relative_to(self.root).as_posix()
            for path in (self.root / folder).rglob(f"*{ending}")
            if path.is_file()
        }
        put = {n for n in self._put if n.startswith(f"{folder}/") and n.endswith(ending)}
        return sorted(found | put)

    def find(self, name: str) -> str | None:
        """Return a file's text, line ends as they are; None: there is none. Raises NotWritten."""
        if name in self._put:
            return self._put[name]
        content = self._bytes(name)
        try:
            return None if content is None else content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotWritten(
                f"{name}: not UTF-8 at byte {error.start}; save it as UTF-8"
            ) from error

    def texts(self, folder: str, ending: str) -> dict[str, str]:
        """Return the texts of the files of a kind, by name. Raises NotWritten."""
        return {name: self.find(name) or "" for name in self.names(folder, ending)}

    def put(self, name: str, text: str) -> None:
        """Let a file hold a text from now on, as far as this tree is asked."""
        self._put[name] = text

    def append(self, name: str, lines: list[str]) -> None:
        """Add lines at the end of a file, which is made if there is none. Raises NotWritten."""
        if not lines:
            return
        text = self.find(name) or ""
        if text and not text.endswith("\n"):
            text += "\n"
        self.put(name, text + "".join(f"{line}\n" for line in lines))

    def changes(self) -> tuple[FileChange, ...]:
        """Return what differs from the disk, sorted by name. Raises NotWritten."""
        changes = (
            FileChange(name, self._bytes(name), text.encode())
            for name, text in sorted(self._put.items())
        )
        return tuple(change for change in changes if change.before != change.after)

    def _bytes(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotWritten(
                f"{name}: cannot be read ({error.strerror}); make it readable"
            ) from error


def _lines(content: bytes) -> list[str]:
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
