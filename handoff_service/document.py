"""A text that leaves the chat, in an e-mail or a file: as plain text and as safe HTML. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Self

from jinja2 import Environment, Template

from handoff_service.domain import Json


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph; with `who` something that was said, with `url` a link."""

    text: str
    who: str = ""
    when: str = ""
    url: str = ""
    #: Names of the files that were sent with it.
    files: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Return the shape kept in the database: what has a value."""
        values: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape."""
        return cls(**raw | {"text": raw.get("text", ""), "files": tuple(raw.get("files", ()))})


@dataclass(frozen=True, slots=True)
class Document:
    """A title and its paragraphs, in one language."""

    title: str
    language: str
    parts: tuple[Part, ...] = field(default=())

    def to_json(self) -> Json:
        """Return the shape kept in the database."""
        parts = [part.to_json() for part in self.parts]
        return {"title": self.title, "language": self.language, "parts": parts}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read that shape."""
        parts = tuple(Part.from_json(part) for part in raw["parts"])
        return cls(raw["title"], raw["language"], parts)

    def as_text(self) -> str:
        """Return it without any markup, paragraphs apart."""
        return "\n\n".join(_as_text(part) for part in self.parts) + "\n"

    def as_html(self) -> str:
        """Return a whole page that loads nothing and runs nothing; every text is escaped."""
        return _template().render(document=self)


def _as_text(part: Part) -> str:
    head = " · ".join(word for word in (part.who, part.when) if word)
    lines: Sequence[str] = (head, part.text, *(f"[{name}]" for name in part.files), part.url)
    return "\n".join(line for line in lines if line)


@cache
def _template() -> Template:
    source = (files("handoff_service") / "document.html").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
