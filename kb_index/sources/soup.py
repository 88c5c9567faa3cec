"""Turns bytes of HTML into a tree, in whatever encoding they are."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.dammit import UnicodeDammit

from kb_index.sources.page import Unusable

#: More unreadable characters than this share, and the encoding was guessed wrong.
_MOST_UNREADABLE = 0.002
#: Real pages are nested some 40 deep; readers of trees need three calls a level.
_DEEPEST = 150
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: More control characters in the first 1,024 bytes, and it is no text.
_MOST_CONTROL = 20


def parse_html(data: bytes | str, *, charset: str = "") -> BeautifulSoup:
    """Parse a page; `charset` is what the server said. Entities and broken markup are mended.

    Raises:
        Unusable: it is no text in any known encoding, or nested too deep.
    """
    text = data if isinstance(data, str) else decode(data, charset=charset)
    with warnings.catch_warnings():
        # XHTML is read as HTML, and a text without any markup is one
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        soup = BeautifulSoup(text.replace("\0", ""), "lxml")
    depth = {id(soup): 0}
    for tag in soup.find_all(True):
        depth[id(tag)] = depth.get(id(tag.parent), 0) + 1
    if max(depth.values()) > _DEEPEST:
        raise Unusable(f"its elements are nested more than {_DEEPEST} deep")
    return soup


def decode(data: bytes, *, charset: str = "") -> str:
    """Decode a page: by its byte-order mark, UTF-8, what was said of it, then by its letters.

    Bytes that are valid UTF-8 are never anything else, so a wrong label does no harm there.

    Raises:
        Unusable: it is no text in any known encoding.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16
    if not wide and len(_CONTROL.findall(data[:1024])) > _MOST_CONTROL:
        raise Unusable("it holds binary data, no text; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = [charset] if charset else []
        dammit = UnicodeDammit(data, known_definite_encodings=said, is_html=True)
    text = dammit.unicode_markup
    if not text or text.count("\ufffd") > len(text) * _MOST_UNREADABLE:
        raise Unusable("its encoding is unclear; save it as UTF-8")
    return text
