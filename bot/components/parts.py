"""Find where a message that may ask for several things can be taken apart, in five languages.

A part is a request with what was said to explain it: "I moved. How do I connect the hub?" stays
together, "cancel my order and why was I charged twice?" falls into two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

#: More parts than this are not looked for; the rest stays with the last.
MOST_PARTS = 3
#: Characters that are read; all quantifiers below are bounded, so that no text takes long.
READ = 1000
#: Shorter texts (characters; Han and Hangul count double) ask for one thing.
_SHORTEST_TEXT = 20
#: A part shorter than this says nothing by itself.
_SHORTEST_PART = 8


class Part(NamedTuple):
    """A stretch of a text: `text[start:end] == part.text`."""

    text: str
    start: int
    end: int


#: How a request begins: question words, "I want", orders.
_BEGINS = (
    r"(?:why|how|what|when|where|who|which|whose|hows|wheres|whats|can|could|would|will|"
    r"do|does|did|is|are|am|was|were|have|has|should|may|i(?:'d|\s+would)?\s+(?:like|want|need)|"
    r"tell|show|explain|give|send|cancel|change|reset|refund|return|delete|remove|update|connect|"
    r"set|add|track|stop|check|help|need|want)\b"
    r"|(?:请|請|怎么|怎麼|怎样|怎樣|如何|为什么|為什麼|为何|為何|什么时候|什麼時候|何时|何時|哪|多少|"
    r"能不能|可不可以|可以|能否|是否|想|我想|我要|帮|幫|你们|你們|几|幾)"
    r"|(?:подскажите|скажите|как|почему|зачем|когда|где|куда|откуда|сколько|что|чем|"
    r"како[йег]\w{0,3}|какая|какие|можно|могу|можете|нужно|надо|хочу|хотел\w?|есть\s+ли|будет\s+ли|"
    r"\w{3,20}(?:ите|йте|ьте|ить|ать|еть))\b"
    r"|(?:왜|어떻게|어디|언제|얼마|무엇|뭐|몇|누구)"
)
#: Words that add one thing to another; those of `_MORE` say that something new follows.
_MORE = (
    r"and\s+also|but\s+also|also|besides|additionally|by\s+the\s+way|btw|"
    r"(?:another|one\s+more)\s+(?:thing|question)|"
    r"[иа]\s+ещ[её]|[иа]\s+также|также|ещ[её]|кстати|"
    r"그리고|또한|추가로|참고로|아울러|근데"
)
_AND = rf"{_MORE}|and\s+then|and|but|plus|и|а|또"
_HAN_MORE = (
    r"还有|還有|另外|以及|并且|並且|顺便(?:问一下)?|順便(?:問一下)?|同时|同時|"
    r"再[请請]?[问問](?:一下)?|还想|還想|此外"
)
#: Where one request may end and the next begin; the cut is after the match.
_CUT = re.compile(
    rf"(?:[.!…](?=\s)\s{{0,4}}|[?？。！!；;\n][?？。！!；;\n]{{0,20}}\s{{0,4}})"
    rf"|(?P<more>[,，、.。;；]?\s?(?=(?:{_HAN_MORE}))|[,，、]?\s{{1,4}}(?=(?:{_MORE})\b))"
    rf"|[,，、]?\s{{1,4}}(?=(?:{_AND})[,:]?\s{{1,4}}(?:\S{{1,30}}\s{{1,4}})?(?:{_BEGINS}))"
    rf"|[,，]\s{{0,4}}(?=(?:{_BEGINS}))"
    r"|(?:(?<=[가-힣]고)|(?<=구요)|(?<=는데)|(?<=은데)),?\s{1,4}(?=\S)",
    re.IGNORECASE,
)
#: What makes a stretch of text a request: it asks or it orders.
_ASKS = re.compile(
    r"[?？]"
    r"|\b(?:why|how|what|when|where|who|which|can|could|would|please|pls|want|need|i'd\s+like|"
    r"tell\s+me|show\s+me|wheres|whats|hows)\b"
    r"|^\s{0,4}(?:cancel|change|reset|refund|return|delete|remove|update|connect|set|add|track|stop|"
    r"check|send|give|explain|is|are|do|does|did|will|was|were)\b"
    r"|[吗嗎呢]\s?$|怎么|怎麼|怎样|怎樣|如何|为什么|為什麼|为何|為何|什么|什麼|何时|何時|哪|多少|多久|"
    r"[几幾][点點号號个個]|能不能|可不可以|可以|能否|是否|想|要|请|請|帮我|幫我|取消"
    r"|\b(?:как|почему|зачем|когда|где|куда|откуда|сколько|какой|какая|какие|можно|можете|могу|"
    r"нужно|надо|хочу|хотел\w?|прошу|ли|\w{3,20}(?:ите|йте|ьте))\b|^\s{0,4}\w{3,20}(?:ить|ать|еть)\b"
    r"|왜|어떻게|어디|언제|얼마|무엇|뭐|몇|누구|싶|주세요|주시|줘|나요|까요|인가요|알려|려면|하려고|방법",
    re.IGNORECASE,
)
#: Joining words and marks at the edges of a part, which are no part of what is asked.
_LEADING = re.compile(rf"^(?:[\s,，、.。;；:：-]|(?:{_AND})\b|(?:{_HAN_MORE}))+", re.IGNORECASE)
_WIDE = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]")


def take_apart(text: str) -> list[Part]:
    """Return the requests of `text` in order, or an empty list where it can only be one."""
    if _width(text[:READ]) < _SHORTEST_TEXT:
        return []
    ends: list[int] = []
    begin, adds = 0, False
    for cut, more_follows in _cuts(text):
        piece = text[begin:cut]
        if _width(piece) >= _SHORTEST_PART and (more_follows or _asks(piece)):
            ends.append(cut)  # else it explains the request that follows
            begin, adds = cut, more_follows
    if not adds and not _asks(text[begin:]):
        ends = ends[:-1]
    edges = [0, *ends[: MOST_PARTS - 1], len(text)]
    parts = [_part(text, start, end) for start, end in pairwise(edges)]
    return parts if len(parts) > 1 else []


def _asks(piece: str) -> bool:
    return _ASKS.search(_LEADING.sub("", piece[:READ])) is not None


def _cuts(text: str) -> Iterator[tuple[int, bool]]:
    """Yield each place to cut, and whether the words there say that something new follows."""
    for match in _CUT.finditer(text, 0, READ):
        if 0 < match.end() < len(text):
            yield match.end(), match.group("more") is not None


def _part(text: str, start: int, end: int) -> Part:
    piece = text[start:end].rstrip(" \t\r\n,，、;；:：-")
    kept = _LEADING.sub("", piece) or piece
    left = start + len(piece) - len(kept)
    return Part(kept, left, left + len(kept))


def _width(text: str) -> int:
    return len(text.strip()) + len(_WIDE.findall(text))
