"""Parses Markdown into tokens that hold only words and structure: no raw HTML, nothing hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink
from markdown_it.token import Token

from kb_index.invisible import strip_invisible

_LONG_LINE = re.compile(r"[^\n]{10000,}")
_LINE_PART = re.compile(r"[^\n]{1,10000}(?<=\s)|[^\n]{1,10000}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<\s*(/?)\s*([a-zA-Z][\w-]*)")
#: What stands between these tags is for browsers, not for readers.
_UNREAD = frozenset({"script", "style", "template", "iframe", "object", "noembed", "noframes"})
_LINE_BREAK = "br"
#: Tags that stand within a line of text; all others begin a paragraph.
_WITHIN_LINES = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span",
        "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip


def parse(text: str) -> list[Token]:
    """Parse CommonMark with tables.

    Of raw HTML only the words are kept: tags and comments are dropped, scripts with what is in
    them; of links that run something (javascript:) and of such pictures, too. A line that nobody
    wrote by hand becomes several paragraphs: the parser's time grows with the square of a line.
    """
    readable = _LONG_LINE.sub(_break_line, strip_invisible(text))
    return list(_tidy(parser().parse(readable)))


def _break_line(line: re.Match[str]) -> str:
    return "\n\n".join(_LINE_PART.findall(line[0]))


def parser() -> MarkdownIt:
    """Return the parser, whose renderer and options also write the HTML."""
    return _Parser("commonmark").enable("table")


class _Parser(MarkdownIt):
    """Takes every link: a refused one would stay as Markdown; `parse` leaves only its words."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 (the parser's name for it)
        return True


def _tidy(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "html_block":
            for words in _paragraphs(token.content):
                yield from _paragraph(words, level=token.level)
            continue
        if token.children:
            token.children = list(_tidy_inline(token.children))
        elif token.type in ("fence", "code_block"):
            token.content = strip_invisible(token.content)
        yield token


def _tidy_inline(tokens: list[Token]) -> Iterator[Token]:
    unread, linked = "", True
    for token in tokens:
        if token.type == "html_inline":
            tag = _TAG.match(token.content)
            closing, name = (bool(tag[1]), tag[2].lower()) if tag else (True, "")
            if unread:
                unread = "" if closing and name == unread else unread
            elif name in _UNREAD and not closing:
                unread = name
            else:
                yield from _words_of_tag(token.content, name)
        elif unread:
            continue
        elif token.type == "link_open":
            linked = validateLink(str(token.attrs.get("href", "")))
            if linked:
                yield token
        elif token.type == "link_close" and not linked:
            linked = True
        else:
            token.content = strip_invisible(token.content)
            token.children = list(_tidy_inline(token.children or [])) or None
            yield token if _is_harmless(token) else Token("text", "", 0, content=_described(token))


def _is_harmless(token: Token) -> bool:
    return token.type != "image" or validateLink(str(token.attrs.get("src", "")))


def _described(picture: Token) -> str:
    words = "".join(token.content for token in picture.children or ()).strip()
    return f"[{words}]" if words else ""


def _words_of_tag(tag: str, name: str) -> Iterator[Token]:
    if name == _LINE_BREAK:
        yield Token("hardbreak", "br", 0)
    for words in _paragraphs(tag) if name == "img" else ():
        yield Token("text", "", 0, content=words)


def _paragraph(words: str, *, level: int) -> Iterator[Token]:
    lines = words.split("\n")
    children = [Token("text", "", 0, content=lines[0])]
    for line in lines[1:]:
        children += [Token("hardbreak", "br", 0), Token("text", "", 0, content=line)]
    yield Token("paragraph_open", "p", 1, level=level, block=True)
    yield Token("inline", "", 0, level=level + 1, content=words, children=children, block=True)
    yield Token("paragraph_close", "p", -1, level=level, block=True)


def _paragraphs(html: str) -> list[str]:
    reader = _WordReader()
    reader.feed(_COMMENT.sub("", html))
    reader.close()
    return [words for words in map(_fold_spaces, reader.paragraphs) if words]


def _fold_spaces(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in strip_invisible(text).split("\n")).strip()


class _WordReader(HTMLParser):
    """Collects the words of HTML by paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = [""]
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread.append(tag)
        elif tag == _LINE_BREAK:
            self.paragraphs[-1] += "\n"
        elif tag == "img":
            described = dict(attrs).get("alt")
            self.handle_data(f"[{described}]" if described else "")
        elif tag not in _WITHIN_LINES:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._unread:
            if tag == self._unread[-1]:
                self._unread.pop()
        elif tag not in _WITHIN_LINES:
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.paragraphs[-1] += " ".join(data.split("\n"))
