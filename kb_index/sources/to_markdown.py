"""Writes a fragment of HTML as the Markdown that articles are made of."""

# ruff: noqa: ARG002 - markdownify calls each method with the same three arguments

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from urllib.parse import quote

from bs4 import Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from kb_index.invisible import strip_invisible
from kb_index.sources.square_tables import square_tables

#: Turns the address of a link into the one to write; None: leave only its words.
Resolve = Callable[[str], str | None]
#: Alternative texts that say nothing: names of files.
_FILE_NAME = re.compile(
    r"\S+\.(png|jpe?g|gif|webp|svg|bmp)|(img|image|dsc|screenshot)[-_ ]?\d*", re.IGNORECASE
)
_LANGUAGE = re.compile(r"(?:language|lang|highlight)-([A-Za-z0-9+#]{1,20})")
#: Between Markdown and its links: \ue000 words \ue001 address \ue002, an image begins with \ue003.
#: These characters are for private use, so they are taken out of all that is read.
_MARKS = re.compile("[\ue000-\ue003]")
_LINK = re.compile("\ue000([^\ue000-\ue003]*)\ue001([^\ue000-\ue003]*)\ue002")
_IMAGE = re.compile("\ue003([^\ue000-\ue003]*)\ue001([^\ue000-\ue003]*)\ue002")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_EMPHASIS = ("strong", "b", "em", "i")
_ADDRESS_SAFE = "/?:@!$&'*+,;=#%~-._"


def to_markdown(main: Tag) -> str:
    """Write an element as Markdown: headings, lists, tables, code, links, images.

    The links in it are still to be resolved by `resolve_links`. `main` is changed.
    """
    _prepare(main)
    return str(_Writer().convert_soup(main)).strip("\n")


def resolve_links(marked: str, *, resolve: Resolve) -> str:
    """Write the links and images of what `to_markdown` returned, or only their words."""

    def image(found: re.Match[str]) -> str:
        address = resolve(found[2])
        shown = address is not None and _WEB.match(address) is not None
        return f"![{found[1]}]({_quote(address)})" if address and shown else found[1]

    def link(found: re.Match[str]) -> str:
        address = resolve(found[2])
        return f"[{found[1]}]({_quote(address)})" if address else found[1]

    return _LINK.sub(link, _IMAGE.sub(image, marked))


def _prepare(soup: Tag) -> None:
    """Bring the tree into the shapes that Markdown has."""
    soup.smooth()  # texts between which something was taken out are one again
    for text in soup.find_all(string=True):
        seen = unicodedata.normalize("NFC", strip_invisible(_MARKS.sub("", text)))
        seen = seen.replace("\xa0", " ")
        if seen != text:
            text.replace_with(NavigableString(seen))
    square_tables(soup)
    _flatten_cells(soup)
    for term in soup.find_all("dt"):
        strong = Tag(name="strong")
        strong.extend(list(term.contents))
        term.append(strong)
        term.name = "p"
    for part in soup.find_all(["dd", "dl"]):
        part.name = "div"
    for items in soup.find_all("ol"):
        _number(items)
    for strong in soup.find_all(_EMPHASIS):
        following = strong.next_sibling
        if isinstance(following, Tag) and following.name in _EMPHASIS:
            strong.unwrap()  # **one****two** is no Markdown


def _flatten_cells(soup: Tag) -> None:
    """Put what stands in table cells and headings on one line."""
    for block in soup.select(":is(td, th, h1, h2, h3, h4, h5, h6) pre"):
        block.name = "code"
    for line in soup.select(":is(td, th) li"):
        if line.find_next_sibling("li"):
            line.append("; ")
        line.unwrap()
    for items in soup.select(":is(td, th) :is(ul, ol)"):
        items.unwrap()


def _number(items: Tag) -> None:
    stated = str(items.get("start") or "")
    number = int(stated[:9]) if stated.isdecimal() else 1
    for item in items.find_all("li", recursive=False):
        item["data-number"] = str(number)
        number += 1


class _Writer(MarkdownConverter):
    """markdownify, told what CommonMark makes of its output."""

    def __init__(self) -> None:
        super().__init__(heading_style="ATX", bullets="-", escape_misc=True, autolinks=False)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        escaped = str(super().escape(text, parent_tags))  # type: ignore[misc]  # not in its stubs
        return f"{escaped[:-1]}\\!" if escaped.endswith("!") else escaped  # ![ begins an image

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words, address = text.strip(), _address(el.get("href"))
        if "_noformat" in parent_tags or not address or not words or "\n" in words:
            return text
        before, after = text[: -len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}\ue000{words}\ue001{address}\ue002{after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt = " ".join(_address(el.get("alt")).split())
        if not alt or _FILE_NAME.fullmatch(alt):
            return ""
        words = self.escape(alt, parent_tags)
        if "_inline" in parent_tags:
            return words
        return f"\ue003{words}\ue001{_address(el.get('src'))}\ue002"

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasise(text, "**", parent_tags)

    convert_b = convert_strong

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasise(text, "*", parent_tags)

    convert_i = convert_em

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = (text or "").strip().split("\n")
        number = el.get("data-number")
        bullet = f"{number}. " if number else "- "
        indent = " " * len(bullet)
        kept = [f"{indent}{line}" if line.strip() else "" for line in lines[1:]]
        return "\n".join([f"{bullet}{lines[0]}", *kept]) + "\n" if any(lines) else "\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        code = text.strip("\n")
        if not code.strip():
            return ""
        longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
        fence = "`" * (longest + 1)
        classes = " ".join(
            one
            for tag in (el, el.find("code"))
            if isinstance(tag, Tag)
            for one in tag.get_attribute_list("class")
            if one
        )
        language = _LANGUAGE.search(classes)
        return f"\n\n{fence}{language[1] if language else ''}\n{code}\n{fence}\n\n"


def _address(value: object) -> str:
    return _MARKS.sub("", strip_invisible(str(value or ""))).strip()


def _quote(address: str) -> str:
    return quote(address, safe=_ADDRESS_SAFE)


def _emphasise(text: str, mark: str, parent_tags: set[str]) -> str:
    """Mark words as strong where CommonMark would read the marks as such.

    Beside a letter it does not when the words begin or end with punctuation, as they often do in
    Chinese; then they are left plain.
    """
    words = text.strip()
    if not words or "_noformat" in parent_tags or "\n\n" in words:
        return text
    if any(unicodedata.category(one)[0] in "PS" for one in (words[0], words[-1])):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"
