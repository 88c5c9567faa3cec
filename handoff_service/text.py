"""Cleans what people write before it is stored."""

import unicodedata

from handoff_service.refusals import EmptyMessage, TooLong

#: Characters that turn the direction of what follows: they can make a text read as another one.
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Control characters that are part of a text.
KEPT = frozenset("\n\t")


def clean_text(text: str) -> str:
    """Return the text without control and direction characters and without white space around.

    Line ends become one kind. Everything that can be seen stays: emoji, joiners, every script.
    """
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        char
        for char in joined
        if char in KEPT
        or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in DIRECTION)
    )
    return "".join(kept).strip()


def clean_message(text: str, *, limit: int) -> str:
    """Return what will be stored of a message.

    Raises:
        EmptyMessage: nothing in it can be seen.
        TooLong: more than `limit` characters are left.
    """
    cleaned = clean_text(text)
    if not any(
        unicodedata.category(char) not in {"Cf", "Zs", "Zl", "Zp", "Cc"} for char in cleaned
    ):
        raise EmptyMessage
    if len(cleaned) > limit:
        raise TooLong(limit)
    return cleaned


def shorten(text: str, *, limit: int) -> str:
    """Return a cleaned side remark (a note, a reason), cut to `limit` characters."""
    return clean_text(text)[:limit]
