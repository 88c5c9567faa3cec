"""Reads a Word document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import mammoth
from bs4 import BeautifulSoup, Tag

from kb_index.sources.dates import day_of
from kb_index.sources.html_main import level_headings
from kb_index.sources.html_page import check_size
from kb_index.sources.page import Page, Raw, Unusable
from kb_index.sources.soup import parse_html
from kb_index.sources.to_markdown import to_markdown

#: A packed file that unpacks to more is no article (and may be made to fill the memory).
_MOST_UNPACKED = 200_000_000
_MOST_XML = 30_000_000
_CORE = "docProps/core.xml"
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
#: How the old binary .doc begins, and an encrypted .docx as well.
_OLE = b"\xd0\xcf\x11\xe0"


def read_docx(raw: Raw) -> Page:
    """Read a Word document: its headings, lists, tables, links, and what its images show.

    Raises:
        Unusable: it is encrypted, damaged, far too large, of the old format, or has no text.
    """
    if raw.data.startswith(_OLE):
        raise Unusable("it is encrypted or an old .doc; save it as .docx without a password")
    core = _check_package(raw.data)
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(raw.data),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(_without_source),
        ).value
    except Exception as error:
        raise Unusable(f"it is damaged ({type(error).__name__}); save it again") from error
    soup = parse_html(html)
    main = soup.body or soup
    heading = soup.find("h1")
    title = (heading.get_text(" ", strip=True) if heading else "") or _text(core, "title")
    if heading is not None and title == heading.get_text(" ", strip=True):
        heading.decompose()
    _join_lists(main)
    check_size(main)
    level_headings(main)
    return Page(
        title=" ".join(title.split()) or raw.address.rpartition("/")[2].rpartition(".")[0],
        body=to_markdown(main),
        updated=day_of(_text(core, "modified")),
    )


def _without_source(_image: object) -> dict[str, str]:
    """Keep of an image what it shows in words, which mammoth adds by itself."""
    return {"src": ""}


def _join_lists(main: Tag) -> None:
    """Make one list of steps again where bullets or a picture between two of them had cut it."""
    for items in main.find_all("ol"):
        between = items.find_next_sibling()
        after = between.find_next_sibling() if between else None
        while between and after and after.name == "ol" and _belongs_to_step(between):
            items.find_all("li", recursive=False)[-1].append(between.extract())
            items.extend(list(after.contents))
            after.decompose()
            between = items.find_next_sibling()
            after = between.find_next_sibling() if between else None


def _belongs_to_step(tag: Tag) -> bool:
    picture = tag.name == "p" and tag.find("img") is not None and not tag.get_text(strip=True)
    return picture or tag.name == "ul"


def _check_package(data: bytes) -> BeautifulSoup | None:
    """Refuse what would unpack to too much; return the document's properties if it has some."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > _MOST_UNPACKED or any(
                part.file_size > _MOST_XML for part in parts if part.filename.endswith(".xml")
            ):
                raise Unusable("it unpacks to far more than a document holds; save it again")
            names = {part.filename for part in parts}
            if "word/document.xml" not in names:
                raise Unusable("it is no Word document; save it as .docx")
            for name in names:
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.read(name)[:4096]:
                    raise Unusable("it defines XML entities, which no Word document does")
            return BeautifulSoup(package.read(_CORE), "xml") if _CORE in names else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unusable("it is damaged or no Word document; save it as .docx") from error


def _text(core: BeautifulSoup | None, name: str) -> str:
    found: Any = core.find(name) if core else None
    return str(found.get_text()) if found else ""
