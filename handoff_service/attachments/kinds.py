"""The kinds of files that may be attached: their types, their extensions, their names. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handoff_service.text import DIRECTION

#: Longest name that is kept, in characters.
NAME_CHARS = 120
#: What no file system and no header takes as part of a name.
_SEPARATORS = re.compile(r'[\\/:*?"<>|]+')
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file, found by its content."""

    name: str  #: as the setting and the extension call it
    media: str  #: as which it is served
    extensions: tuple[str, ...] = ()  #: further ones that fit the content
    image: bool = False
    text: bool = False

    def named(self, name: str) -> str:
        """Return a name whose extension fits the content: one that does not gets the right one."""
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        return name if extension in {self.name, *self.extensions} else f"{name}.{self.name}"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("png", "image/png", image=True),
            Kind("jpg", "image/jpeg", ("jpeg", "jpe", "jfif"), image=True),
            Kind("webp", "image/webp", image=True),
            Kind("gif", "image/gif", image=True),
            Kind("pdf", "application/pdf"),
            Kind("txt", "text/plain", text=True),
            Kind("log", "text/plain", text=True),
            Kind("csv", "text/csv", text=True),
            Kind("json", "application/json", text=True),
            Kind("docx", f"{_OFFICE}.wordprocessingml.document"),
            Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
            Kind("zip", "application/zip"),
        )
    }
)
#: An archive may hold anything, so whoever wants them says so.
DEFAULT_KINDS = tuple(name for name in KINDS if name != "zip")
FORM = f"kinds, separated by spaces, of {' '.join(KINDS)}"


def read_kinds(raw: str) -> tuple[str, ...]:
    """Read the setting; raise ValueError when a word is no kind."""
    words = raw.replace(",", " ").lower().split()
    if not words or not set(words) <= KINDS.keys():
        raise ValueError
    return tuple(dict.fromkeys(words))


def accepted(kinds: Iterable[str]) -> str:
    """Return what a file picker is told; by the types of images phones offer their camera."""
    known = [KINDS[name] for name in kinds]
    extensions = (f".{word}" for kind in known for word in (kind.name, *kind.extensions[:1]))
    return ",".join([*(kind.media for kind in known if kind.image), *extensions])


def clean_name(raw: str) -> str:
    """Return what is kept of a file's name: no path, nothing that hides or turns characters."""
    last = re.split(r"[\\/]", raw)[-1]
    seen = (
        " " if unicodedata.category(char) in {"Zs", "Zl", "Zp"} else char
        for char in unicodedata.normalize("NFC", last)
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        and char not in DIRECTION
    )
    name = _SEPARATORS.sub("_", "".join(seen)).strip(" .")
    if len(name) > NAME_CHARS:
        stem, dot, extension = name.rpartition(".")
        tail = dot + extension if dot and len(extension) <= 8 else ""
        name = (stem if tail else name)[: NAME_CHARS - len(tail)] + tail
    return name or "file"
