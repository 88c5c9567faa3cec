"""What passes between the readers of sources: bytes with a name, then a page."""

from __future__ import annotations

from dataclasses import dataclass


class Unusable(Exception):
    """One file or page cannot be used; the text says why and, where there is one, the remedy."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or page that is left out, and why."""

    origin: str
    reason: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


@dataclass(frozen=True, slots=True)
class HtmlWishes:
    """What a source says about its pages: CSS selectors, "" and () to guess."""

    content: str = ""
    title: str = ""
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """A file or page as it was found, not yet read.

    `origin` names it in messages; `address` is what its id is made from, relative to its source;
    `base` is what its relative links start from: its URL, or its path when it has none.
    """

    origin: str
    address: str
    data: bytes
    form: str  # html, pdf, docx, md, jsonl or json: one line of it
    base: str
    url: str = ""  # where readers find it; "" when it is not on the web
    charset: str = ""  # what the server said, if anything
    modified: str = ""  # YYYY-MM-DD, the last resort when the page itself states none
    folder_locale: str = ""
    aliases: tuple[str, ...] = ()  # other addresses that lead to it


@dataclass(frozen=True, slots=True)
class Page:
    """The article of a file or page; `body` is what `to_markdown` made of it, without its title."""

    title: str
    body: str
    updated: str = ""  # YYYY-MM-DD, "" when it states none
    lang: str = ""  # language tag as stated, "" when it states none
    tags: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    id: str = ""  # as stated, "" when it states none
    url: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A page on its way to be an article: it lacks its final id and the targets of its links."""

    origin: str
    source: str
    address: str
    url: str
    locale: str
    updated: str
    page: Page
    aliases: tuple[str, ...] = ()
